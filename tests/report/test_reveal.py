import pytest

from deploy.report.reveal import Reveal
from deploy.secret import Secret


@pytest.mark.parametrize(
    ("pattern", "name", "chosen"),
    [
        ("LOG_LEVEL", "LOG_LEVEL", True),
        ("LOG_*", "LOG_LEVEL", True),
        ("*", "LOG_LEVEL", True),
        ("LOG_?", "LOG_A", True),
        ("LOG_?", "LOG_", False),
        ("LOG", "LOG_LEVEL", False),
        ("LEVEL", "LOG_LEVEL", False),
        ("log_*", "LOG_LEVEL", False),
        ("", "LOG_LEVEL", False),
    ],
)
def test_a_pattern_chooses_whole_names_in_their_case(
    pattern: str, name: str, *, chosen: bool
) -> None:
    assert Reveal((pattern,)).chooses(name) is chosen


def test_any_of_several_patterns_chooses() -> None:
    assert Reveal(("A", "LOG_*")).chooses("LOG_LEVEL")


def test_without_patterns_nothing_is_chosen() -> None:
    assert not Reveal().chooses("A")


@pytest.mark.parametrize(
    ("pattern", "chosen"),
    [("LOG_LEVEL", True), ("LOG_*", False), ("*", False), ("LOG_LEVE?", False), ("LOG", False)],
)
def test_in_ci_only_exact_names_are_chosen(pattern: str, *, chosen: bool) -> None:
    assert Reveal((pattern,), exact_only=True).chooses("LOG_LEVEL") is chosen


def test_a_chosen_value_is_shown_and_no_other() -> None:
    reveal = Reveal(("LOG_*",))
    assert reveal.show("LOG_LEVEL", Secret("info")) == "info"
    assert reveal.show("TOKEN", Secret("c4nary")) == "********"
