"""Two apps side by side: which vars they share, and which of those they should not."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.heroku.facts import Held
from deploy.names import LOCK_KEY
from deploy.plan.comparison import Comparison, Pair, Side, make
from deploy.project.policy import Policy
from deploy.secret import Hint, Secret


def secrets(vars: Mapping[str, str]) -> dict[str, Secret]:  # noqa: A002  # the word is "vars"
    return {name: Secret(value) for name, value in vars.items()}


def pair(one: Mapping[str, str], other: Mapping[str, str], *ignore: str) -> Comparison:
    return make("myapp", "staging", Held(secrets(one)), Held(secrets(other)), Policy(ignore))


def paired(here: str | None, there: str | None, *, name: str = "A") -> Pair:
    return Pair(name, *(None if side is None else Secret(side) for side in (here, there)))


def sides(found: Comparison) -> list[str]:
    return [f"{each.side.value}{each.name}" for each in found.vars]


# Which var is where.


def test_each_name_of_either_app_has_its_side_and_stands_in_its_place() -> None:
    found = pair({"D": "1", "A": "1", "B": "1"}, {"C": "1", "B": "2", "A": "1"})
    assert sides(found) == ["=A", "~B", ">C", "<D"]
    assert (found.here, found.there, found.ignored) == ("myapp", "staging", ())


def test_a_row_holds_what_each_app_has() -> None:
    assert pair({"A": "1", "B": "2"}, {"A": "3"}).vars == (
        Pair("A", Secret("1"), Secret("3")),
        Pair("B", Secret("2"), None),
    )


@pytest.mark.parametrize(
    ("here", "there", "side"),
    [
        ("", None, Side.HERE),
        (None, "", Side.THERE),
        ("", "", Side.EQUAL),
        ("", "x", Side.DIFFERENT),
        ("x", "X", Side.DIFFERENT),
        ("x", "x ", Side.DIFFERENT),
    ],
)
def test_an_empty_var_is_there_and_equal_is_equal_to_the_letter(
    here: str | None, there: str | None, side: Side
) -> None:
    assert paired(here, there).side is side


def test_names_differ_in_their_case() -> None:
    assert sides(pair({"a": "1"}, {"A": "1"})) == [">A", "<a"]


def test_sides_are_counted() -> None:
    found = pair({"A": "1", "B": "1", "C": "1", "D": "1"}, {"A": "1", "B": "2", "C": "3", "E": "1"})
    assert {side: found.count(side) for side in Side} == {
        Side.EQUAL: 1,
        Side.DIFFERENT: 2,
        Side.HERE: 1,
        Side.THERE: 1,
        Side.UNREADABLE: 0,
    }


def test_two_apps_without_vars_make_a_pair_without_rows() -> None:
    found = pair({}, {})
    assert (found.vars, found.ignored, found.shared_secrets) == ((), (), ())
    assert [found.count(side) for side in Side] == [0, 0, 0, 0, 0]


def test_an_app_with_itself_is_equal() -> None:
    vars_ = {"A": "1", "B": ""}
    assert sides(pair(vars_, vars_)) == ["=A", "=B"]


def test_vars_of_addons_of_the_platform_and_of_the_lock_are_rows_like_any_other() -> None:
    one = {"DATABASE_URL": "postgres://x", "HEROKU_APP_NAME": "one", LOCK_KEY: "ab" * 32}
    other = {"DATABASE_URL": "postgres://x", "HEROKU_APP_NAME": "two"}
    assert sides(pair(one, other)) == [f"<{LOCK_KEY}", "=DATABASE_URL", "~HEROKU_APP_NAME"]


# What is ignored.


def test_ignored_names_of_either_app_are_told_sorted_and_are_no_rows() -> None:
    found = pair(
        {"PAPER_B": "1", "A": "1", "LEVEL": "1"},
        {"PAPER_A": "1", "PAPER_B": "1", "A": "1"},
        "PAPER_*",
        "LEVEL",
        "NEVER_SET",
    )
    assert (sides(found), found.ignored) == (["=A"], ("LEVEL", "PAPER_A", "PAPER_B"))


def test_an_ignored_secret_is_neither_counted_nor_told_as_shared() -> None:
    found = pair({"API_KEY": "c4nary-1"}, {"API_KEY": "c4nary-1"}, "API_*")
    assert (found.shared_secrets, found.count(Side.EQUAL)) == ((), 0)


def test_provided_names_are_rows_like_any_other() -> None:
    policy = Policy(provided=frozenset({"A"}))
    found = make("myapp", "staging", Held(secrets({"A": "1"})), Held(secrets({"A": "1"})), policy)
    assert (sides(found), found.ignored) == (["=A"], ())


# What a mask hides.


@pytest.mark.parametrize(
    ("here", "there", "hint"),
    [
        ("", "x", Hint.EMPTY_HERE),
        ("x", "", Hint.EMPTY_THERE),
        ("x", "x\n", Hint.TRAILING_NEWLINE),
        (" x", "x", Hint.WHITESPACE),
        ('"x"', "x", Hint.QUOTES),
        ("x\r\ny", "x\ny", Hint.LINE_ENDS),
        ("x\\ny", "x\ny", Hint.LITERAL_NEWLINE),
        ("X", "x", Hint.CASE),
        ("x", "y", None),
        ("x", "x", None),
        ("", "", None),
        ("x", None, None),
        ("", None, None),
        (None, "x", None),
        (None, "", None),
    ],
    ids=repr,
)
def test_a_hint_says_what_alone_tells_two_values_apart(
    here: str | None, there: str | None, hint: Hint | None
) -> None:
    assert paired(here, there).hint is hint


# What is shared and should not be.


@pytest.mark.parametrize(
    ("name", "here", "there", "is_shared"),
    [
        ("API_KEY", "c4nary", "c4nary", True),
        ("API_KEY", "c4nary", "c4narY", False),
        ("API_KEY", "c4nary", None, False),
        ("API_KEY", None, "c4nary", False),
        ("API_KEY", None, None, False),
        ("API_KEY", "", "", False),
        ("API_KEY", "changeme", "changeme", False),
        ("TOKEN_TTL", "3600", "3600", False),
        ("LOG_LEVEL", "info", "info", False),
        ("DATABASE_URL", "postgres://u:h7Kq2vXw@h/d", "postgres://u:h7Kq2vXw@h/d", True),
        ("ANY", "a sentence of plain words", "a sentence of plain words", False),
        ("ANY", "a1b2c3d4e5f60718", "a1b2c3d4e5f60718", True),
    ],
)
def test_a_shared_secret_is_the_same_in_both_and_looks_like_one(
    name: str, here: str | None, there: str | None, is_shared: bool
) -> None:
    assert paired(here, there, name=name).is_shared_secret is is_shared


def test_shared_secrets_are_told_by_name_sorted() -> None:
    vars_ = {"TOKEN": "c4nary", "API_KEY": "c4nary", "LEVEL": "info", "PASSWORD": "c4nary"}
    found = pair(vars_, {**vars_, "PASSWORD": "another"})
    assert found.shared_secrets == ("API_KEY", "TOKEN")


def test_one_secret_under_two_names_is_not_taken_for_one() -> None:
    assert pair({"A_TOKEN": "c4nary"}, {"B_TOKEN": "c4nary"}).shared_secrets == ()


def test_a_pair_does_not_show_its_values_when_printed() -> None:
    found = pair({"A": "c4nary-1", "B": "c4nary-2"}, {"A": "c4nary-3", "C": "c4nary-4"})
    assert "c4nary" not in f"{found!r} {found} {found.vars}"


# What cannot be read.


def test_what_either_app_does_not_show_is_neither_equal_nor_different_and_is_told() -> None:
    one = Held(secrets({"A": "1", "B": "1"}), frozenset({"C", "D", "E", "I_1"}))
    other = Held(secrets({"A": "1", "C": "1"}), frozenset({"B", "D", "F"}))
    found = make("myapp", "staging", one, other, Policy(("I_*",)))
    assert sides(found) == ["=A", "?B", "?C", "?D", "<E", ">F"]
    assert found.unreadable == ("B", "C", "D", "E", "F")
    assert found.vars[1] == Pair("B", Secret("1"), None, is_unreadable_there=True)
    assert found.vars[2] == Pair("C", None, Secret("1"), is_unreadable_here=True)
    assert (found.ignored, found.count(Side.UNREADABLE)) == (("I_1",), 3)


# Against the definition.

NAMES = st.sampled_from(["A", "API_KEY", "B", "DATABASE_URL", "I_1", "I_2", "TOKEN"])
VALUES = st.sampled_from(["", "x", "X", "x\n", "c4nary", "changeme", "postgres://u:p@h/d"])
VARS = st.dictionaries(NAMES, VALUES)
IGNORE = st.sampled_from([(), ("I_*",), ("TOKEN", "B")])


@given(VARS, VARS, IGNORE)
def test_a_pair_is_that_of_the_definition(
    one: dict[str, str], other: dict[str, str], ignore: tuple[str, ...]
) -> None:
    found = pair(one, other, *ignore)

    ignored = {"I_1", "I_2"} if ignore == ("I_*",) else set(ignore)
    names = sorted({*one, *other} - ignored)
    assert [each.name for each in found.vars] == names
    assert found.ignored == tuple(sorted(ignored & {*one, *other}))
    assert [each.here for each in found.vars] == [secrets(one).get(name) for name in names]
    assert [each.there for each in found.vars] == [secrets(other).get(name) for name in names]
    both = {name for name in names if name in one and name in other}
    equal = {name for name in both if one[name] == other[name]}
    assert sides(found) == [
        f"{'=' if n in equal else '~' if n in both else '<' if n in one else '>'}{n}" for n in names
    ]
    assert sum(found.count(side) for side in Side) == len(names)
    assert set(found.shared_secrets) == {
        name for name in equal if Secret(one[name]).is_secretlike(name)
    }


@given(VARS, VARS, IGNORE)
def test_the_other_way_round_a_pair_says_the_same(
    one: dict[str, str], other: dict[str, str], ignore: tuple[str, ...]
) -> None:
    there, back = pair(one, other, *ignore), pair(other, one, *ignore)
    turned = {"<": ">", ">": "<", "=": "=", "~": "~"}
    assert sides(back) == [turned[mark[0]] + mark[1:] for mark in sides(there)]
    assert (back.ignored, back.shared_secrets) == (there.ignored, there.shared_secrets)
