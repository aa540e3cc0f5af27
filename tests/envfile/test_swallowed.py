"""Names that a value has swallowed, and when that is more than a warning."""

import pytest

from deploy.envfile.swallowed import (
    Suspect,
    SwallowedNames,
    check_swallowed,
    is_base64,
    sure_name,
    suspects_in_line,
    suspects_in_quotes,
)

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


# What is suspect, and what is not worth a warning.


@pytest.mark.parametrize(
    ("above", "tail", "is_quiet"),
    [
        ("A2c4" * 4, "Abc=", True),
        (("A2c4" * 4)[1:], "Abc=", False),
        ("A2c4" * 4, "Ab=", False),
        ("A2c4" * 4, "Abc=x", False),
        ("-----BEGIN RSA KEY-----", "Abc=", True),
        (("A2c4" * 4) + " ", "Abc=", False),
    ],
    ids=["base64", "too short", "no group of four", "a value", "PEM", "a blank"],
)
def test_a_name_below_base64_that_can_be_its_end_is_quiet(
    above: str, tail: str, is_quiet: bool
) -> None:
    assert list(suspects_in_quotes(f"A='x\n{above}\n{tail}'\n", 7)) == [
        Suspect(tail.partition("=")[0], 9, is_quiet)
    ]


@pytest.mark.parametrize(
    ("value", "is_quiet"),
    [
        ("x TOKEN=1", False),
        ("x API_KEY=", False),
        ("x API_KEY=\\n", False),
        ("x TOKEN=", True),
        ("x TOKEN==", True),
        ("x TOKEN=\\nx", True),
        ("x TOKEN==\\nx", True),
        ("x TOKEN=x\\n", False),
        ("x token=1", True),
        ("a.b-c=x TOKEN=1", True),
        ("x;TOKEN=1", True),
        ("x,TOKEN=1", True),
        ("x,API_KEY=1", False),
        ("x\\nTOKEN=1", False),
    ],
)
def test_a_name_in_capitals_is_loud_unless_it_is_in_a_list_or_ends_base64(
    value: str, is_quiet: bool
) -> None:
    [found] = suspects_in_line(value, 7)
    assert (found.line, found.is_quiet, found.is_quoted) == (7, is_quiet, False)


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        *(("Abc=", True), ("Ab==", True), ("Ab+/", True), ("A2c4" * 16, True)),
        *(("", False), ("====", False), ("A===", False), ("Abc", False), ("Ab-_", False)),
    ],
)
def test_base64_comes_in_groups_of_four_and_ends_in_two_equal_signs_at_most(
    text: str, may_be: bool
) -> None:
    assert is_base64(text) is may_be


@pytest.mark.parametrize("name", ["A", "TOKEN", "ABCDEFGHIJKL", "ABCDEFGHIJKLMNOP_KEY"])
def test_a_short_word_in_capitals_or_several_are_surely_a_name(name: str) -> None:
    assert sure_name(name) == name


@pytest.mark.parametrize("name", [None, "", "ABCDEFGHIJKLM", "A1", "token", "A__B", "_A", "A_"])
def test_what_may_be_part_of_a_key_is_no_sure_name(name: str | None) -> None:
    assert sure_name(name) is None
