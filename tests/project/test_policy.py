"""What the settings say about names."""

import pytest

from deploy.project.policy import Policy


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("PAPERTRAIL_*", "PAPERTRAIL_API_TOKEN"),
        ("A", "A"),
        ("*", "A"),
        ("A?", "AB"),
        ("*_ID", "_ID"),
    ],
)
def test_a_name_that_matches_one_of_the_patterns_is_ignored(pattern: str, name: str) -> None:
    assert Policy(ignore=("OTHER", pattern)).ignores(name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("PAPERTRAIL_*", "papertrail_x"),
        ("PAPERTRAIL_*", "MY_PAPERTRAIL_X"),
        ("A", "AB"),
        ("A?", "A"),
    ],
)
def test_a_name_that_does_not_match_whole_and_in_its_case_is_not_ignored(
    pattern: str, name: str
) -> None:
    assert not Policy(ignore=(pattern,)).ignores(name)


def test_what_is_not_ignored_is_wanted_be_it_provided_or_not() -> None:
    policy = Policy(ignore=("I_*",), provided=frozenset({"P"}))
    assert policy.wanted({"A": 1, "I_1": 1, "P": 1}) == {"A", "P"}


def test_of_what_is_chosen_no_more_is_wanted_than_there_is() -> None:
    policy = Policy(ignore=("I_*",))
    assert policy.wanted(["A", "B", "I_1"], frozenset({"B", "C", "I_1"})) == {"B"}
    assert policy.wanted(["A"], frozenset()) == frozenset()
