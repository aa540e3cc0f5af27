"""Names that a value has swallowed, and when that is more than a warning."""

import pytest

from deploy.envfile.swallowed import Suspect, SwallowedNames, check_swallowed

QUOTED = Suspect("A", 2)
BARE = Suspect("B", 3, is_quoted=False)
QUIET = Suspect("C", 4, is_quiet=True)


def none_known() -> frozenset[str]:
    return frozenset()


def never_asked() -> frozenset[str]:
    raise AssertionError


def lost(*suspects: Suspect, declared: str = "", live: str = "", examples: str = "") -> str:
    """What is said where these names, of one letter, stand in each place."""
    with pytest.raises(SwallowedNames) as caught:
        check_swallowed(suspects, declared, live, lambda: frozenset(examples), "f")
    return f"{caught.value}\n{caught.value.next_step}"


CLOSE = "close the quote on the line where it opens"
OWN_LINE = "put it on a line of its own, or the whole value in quotes"


def test_a_name_that_is_live_and_stands_inside_a_quoted_value_is_lost() -> None:
    assert lost(QUOTED, live="A") == (
        f"f: line 2: A stands inside a quoted value that began further up\n{CLOSE}"
    )


def test_a_name_that_the_example_has_and_that_stands_inside_a_value_is_lost() -> None:
    assert lost(BARE, examples="B") == f"f: line 3: B stands inside a value\n{OWN_LINE}"


def test_a_quiet_suspect_is_lost_like_any_other() -> None:
    assert lost(QUIET, live="C").startswith("f: line 4: C stands inside a quoted value")


def test_all_that_are_lost_are_told_and_no_other() -> None:
    with pytest.raises(SwallowedNames) as caught:
        check_swallowed([QUIET, Suspect("D", 5), QUOTED], "D", "CD", lambda: frozenset("A"), "f")
    assert caught.value.names == ("C", "A")
    assert str(caught.value) == (
        "f: line 4: C stands inside a quoted value that began further up\n"
        "f: line 2: A stands inside a quoted value that began further up"
    )


def test_where_a_quote_is_open_only_what_it_swallowed_is_told() -> None:
    """What stands inside a value without quotes may be the next one's, once the quote is closed."""
    assert lost(BARE, QUOTED, live="AB") == lost(QUOTED, live="A")


@pytest.mark.parametrize(
    ("suspects", "declared", "live"),
    [((), "", "A"), ((QUOTED, BARE), "AB", "AB")],
    ids=["no suspect", "declared elsewhere"],
)
def test_no_example_is_asked_for_where_nothing_can_be_lost(
    suspects: tuple[Suspect, ...], declared: str, live: str
) -> None:
    check_swallowed(suspects, declared, live, never_asked, "f")


def test_a_name_that_neither_heroku_nor_the_example_knows_was_part_of_the_value() -> None:
    check_swallowed([QUOTED, BARE], "", "C", none_known, "f")
