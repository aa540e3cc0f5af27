import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.heroku.facts import Release, Status
from deploy.plan.change import Change
from deploy.plan.comparison import Comparison, Pair
from deploy.plan.history import History, Revision
from deploy.report.reveal import Reveal
from deploy.report.tables import comparison, history
from deploy.secret import Hint, Secret

TIME = "2026-03-01T04:05:06Z"
SOMEONE = "someone@example.com"
FOUL = "A\x1b[2J\nB\r\x9b\u202e"
"""Printable of it is `A[2JB`."""


def change(name: str, old: str | None, new: str | None, hint: Hint | None = None) -> Change:
    before, after = (None if side is None else Secret(side) for side in (old, new))
    return Change(name, before, after, hint)


# What releases did.


def revision(
    version: int,
    *changes: Change,
    status: Status = Status.SUCCEEDED,
    user: str | None = SOMEONE,
    at: str | None = TIME,
) -> Revision:
    return Revision(Release(version, status, user, at), changes)


def found(*revisions: Revision, oldest: int | None = 1, is_whole: bool = True) -> History:
    return History("myapp", revisions, seen=120, oldest=oldest, is_whole=is_whole)


def test_a_history_is_a_line_a_release_in_columns_and_how_far_it_looked() -> None:
    shown = history(
        found(
            revision(
                112,
                change("API_KEY", "c4nary-1", "c4nary-2"),
                change("NEW", None, "c4nary-3"),
                change("OLD", "c4nary-4", None),
                user="mallory@example.com",
            ),
            revision(99, change("A", None, "c4nary"), status=Status.FAILED),
            revision(98, change("A", None, "c4nary"), status=Status.PENDING),
            revision(97, change("A", None, "c4nary"), status=Status.EXPIRED),
            Revision(Release(7, Status.SUCCEEDED, SOMEONE, TIME), None),
            revision(2, change("API_KEY", None, "c4nary"), user=None, at=None),
        )
    )
    unknown = "(unknown: its vars, or those before it, cannot be read)"
    assert shown == "\n".join(
        [
            "v112  2026-03-01T04:05:06Z  mallory@example.com  succeeded  ~API_KEY +NEW -OLD",
            "v99   2026-03-01T04:05:06Z  someone@example.com  failed     +A",
            "v98   2026-03-01T04:05:06Z  someone@example.com  pending    +A",
            "v97   2026-03-01T04:05:06Z  someone@example.com  expired    +A",
            f"v7    2026-03-01T04:05:06Z  someone@example.com  succeeded  {unknown}",
            "v2    -                     -                    succeeded  +API_KEY",
            "Looked through 120 releases of myapp, back to v1.",
        ]
    )


def test_a_history_that_ends_before_its_beginning_says_how_to_go_on() -> None:
    shown = history(found(revision(80, change("A", "1", "2")), oldest=79, is_whole=False))
    assert shown == (
        "v80  2026-03-01T04:05:06Z  someone@example.com  succeeded  ~A\n"
        "Looked through 120 releases of myapp, back to v79; --limit looks further back."
    )


@pytest.mark.parametrize(
    ("is_whole", "more"), [(True, ""), (False, "; --limit looks further back")]
)
def test_a_history_without_rows_is_said_to_be_one_and_how_far_it_looked(
    is_whole: bool, more: str
) -> None:
    assert history(found(oldest=3, is_whole=is_whole)) == (
        f"No change was found.\nLooked through 120 releases of myapp, back to v3{more}."
    )


def test_an_app_without_releases_is_a_line() -> None:
    nothing = History("myapp", (), seen=0, oldest=None, is_whole=True)
    assert history(nothing) == "myapp has no releases."


def test_nothing_from_outside_steers_the_terminal_in_a_history() -> None:
    foul = revision(
        3, change(FOUL, None, "c4nary"), change("Z", None, ""), user=f"{FOUL}@x", at="2026\r\n"
    )
    plain = revision(2, change("LONGER", None, ""), user="a@b", at="2025-01")
    assert history(found(foul, plain)) == "\n".join(
        [
            r'v3  2026     A[2JB@x  succeeded  +"A\u001b[2J\nB\r\u009b\u202e" +Z',
            "v2  2025-01  a@b      succeeded  +LONGER",
            "Looked through 120 releases of myapp, back to v1.",
        ]
    )


@given(
    st.text(st.characters(), max_size=6),
    st.none() | st.text(st.characters(), max_size=9),
    st.none() | st.text(st.characters(), max_size=9),
)
def test_a_history_is_printable_and_a_line_a_row_whatever_comes_from_outside(
    name: str, user: str | None, at: str | None
) -> None:
    lines = history(found(revision(3, change(name, None, "x"), user=user, at=at))).split("\n")
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)


def test_a_history_at_80_columns_breaks_between_names() -> None:
    names = [f"NAME_NUMBER_{number}" for number in range(4)]
    shown = history(found(revision(9, *(change(name, None, "c4nary") for name in names))), width=80)
    assert shown == "\n".join(
        [
            "v9  2026-03-01T04:05:06Z  someone@example.com  succeeded  +NAME_NUMBER_0",
            "      +NAME_NUMBER_1 +NAME_NUMBER_2 +NAME_NUMBER_3",
            "Looked through 120 releases of myapp, back to v1.",
        ]
    )


# Two apps.


def paired(name: str, here: str | None, there: str | None) -> Pair:
    return Pair(name, *(None if side is None else Secret(side) for side in (here, there)))


def two(*vars: Pair, ignored: tuple[str, ...] = ()) -> Comparison:  # noqa: A002  # the word is "vars"
    return Comparison("myapp", "staging", vars, ignored)


def test_two_apps_are_a_table_with_all_that_is_to_be_known_of_their_vars() -> None:
    shown = comparison(
        two(
            paired("API_KEY", "c4nary-1", "c4nary-1"),
            paired("EMPTY", "", ""),
            paired("GONE", "", "c4nary"),
            paired("HERE", "c4nary", None),
            paired("LEFT", "c4nary", ""),
            paired("LEVEL", "Info", "info"),
            paired("LINE_ENDS", "c\r\n4", "c\n4"),
            paired("NONE_THERE", "", None),
            paired("OTHER", "c4nary-2", "c4nary-3"),
            paired("THERE", None, "c4nary"),
            paired("TOKEN", "c4nary-4", "c4nary-4"),
            ignored=("PAPER_A", "PAPER_B"),
        ),
        Reveal(),
    )
    assert shown == "\n".join(
        [
            "The same secret in both: API_KEY, TOKEN",
            "               myapp     staging",
            "=  API_KEY     ********  ********",
            "=  EMPTY       ********  ********",
            "~  GONE        ********  ********  (empty on myapp)",
            "<  HERE        ********  -",
            "~  LEFT        ********  ********  (empty on staging)",
            "~  LEVEL       ********  ********  (differs only in letter case)",
            "~  LINE_ENDS   ********  ********  (differs only in its line ends, CRLF or LF)",
            "<  NONE_THERE  ********  -",
            "~  OTHER       ********  ********",
            ">  THERE       -         ********",
            "=  TOKEN       ********  ********",
            "Ignored by the settings, left out: PAPER_A, PAPER_B",
            "3 equal, 5 different, 2 only on myapp, 1 only on staging.",
        ]
    )


def test_two_apps_without_vars_are_a_line() -> None:
    assert comparison(two(), Reveal()) == (
        "0 equal, 0 different, 0 only on myapp, 0 only on staging."
    )


def test_two_apps_of_which_all_is_ignored_have_no_table() -> None:
    assert comparison(two(ignored=("A",)), Reveal()) == (
        "Ignored by the settings, left out: A\n"
        "0 equal, 0 different, 0 only on myapp, 0 only on staging."
    )


def test_columns_are_as_wide_as_the_names_of_the_apps() -> None:
    shown = comparison(
        Comparison("my-app-in-production", "b-b", (paired("A", None, "1"),)), Reveal()
    )
    assert shown == "\n".join(
        [
            "      my-app-in-production  b-b",
            ">  A  -                     ********",
            "0 equal, 0 different, 0 only on my-app-in-production, 1 only on b-b.",
        ]
    )


def test_only_chosen_values_of_two_apps_are_shown_in_quotes_on_one_line() -> None:
    shown = comparison(
        two(
            paired("LOG_A", "info", "in\tfo\n\x1b[2J"),
            paired("LOG_B", "", None),
            paired("LOG_C", None, 'é "x"'),
            paired("TOKEN", "c4nary", "c4nary-2"),
        ),
        Reveal(("LOG_*",)),
    )
    assert shown == "\n".join(
        [
            "          myapp     staging",
            '~  LOG_A  "info"    "in\\tfo\\n\\u001b[2J"',
            '<  LOG_B  ""        -',
            '>  LOG_C  -         "é \\"x\\""',
            "~  TOKEN  ********  ********",
            "0 equal, 2 different, 1 only on myapp, 1 only on staging.",
        ]
    )


def test_a_chosen_dash_is_not_taken_for_a_var_that_is_not_there() -> None:
    shown = comparison(two(paired("A", "-", None)), Reveal(("A",)))
    assert shown.split("\n")[1] == '<  A  "-"    -'


def test_a_name_from_heroku_steers_no_terminal_in_a_pair() -> None:
    shown = comparison(
        two(paired(FOUL, "1", None), paired(f"{FOUL}_TOKEN", "c4nary", "c4nary"), ignored=(FOUL,)),
        Reveal(),
    )
    assert shown == "\n".join(
        [
            r'The same secret in both: "A\u001b[2J\nB\r\u009b\u202e_TOKEN"',
            "                                        myapp     staging",
            r'<  "A\u001b[2J\nB\r\u009b\u202e"        ********  -',
            r'=  "A\u001b[2J\nB\r\u009b\u202e_TOKEN"  ********  ********',
            r'Ignored by the settings, left out: "A\u001b[2J\nB\r\u009b\u202e"',
            "1 equal, 0 different, 1 only on myapp, 0 only on staging.",
        ]
    )


SIDES = st.none() | st.sampled_from(["", "c4nary", "C4NARY", "c4nary\n", "c4nary-2"])


@given(st.lists(st.tuples(st.sampled_from(["A", "TOKEN"]), SIDES, SIDES), max_size=4))
def test_no_value_of_two_apps_is_shown_unless_it_was_chosen(
    vars: list[tuple[str, str | None, str | None]],  # noqa: A002  # the word is "vars"
) -> None:
    assert (
        "c4nary" not in comparison(two(*(paired(*each) for each in vars)), Reveal(("Z",))).lower()
    )


@given(
    st.text(st.characters(), max_size=6),
    st.text(st.characters(), max_size=9),
    st.none() | st.text(st.characters(), max_size=9),
)
def test_a_pair_is_printable_and_a_line_a_var_whatever_is_chosen(
    name: str, here: str, there: str | None
) -> None:
    lines = comparison(two(paired(name, here, there)), Reveal((name,), exact_only=True)).split("\n")
    assert len(lines) - lines[0].startswith("The same secret") == 3
    assert all(line.isprintable() for line in lines)


def test_a_long_name_in_a_pair_pushes_its_own_row_alone() -> None:
    long = "A" * 72
    shown = comparison(two(paired(long, "1", "A"), paired("B", "x", "X")), Reveal(), width=80)
    assert shown == "\n".join(
        [
            "      myapp     staging",
            f"~  {long}",
            "      ********  ********",
            "~  B  ********  ********  (differs only in letter case)",
            "0 equal, 2 different, 0 only on myapp, 0 only on staging.",
        ]
    )


def test_in_a_narrow_terminal_the_two_values_stay_beside_each_other() -> None:
    shown = comparison(
        two(paired("SMTP_PASSWORD", "x", "X"), paired("B", "1", None)), Reveal(), width=30
    )
    assert shown.split("\n")[1:] == [
        "~  SMTP_PASSWORD",
        "      ********  ********",
        "      (differs only in letter case)",
        "<  B              ********  -",
        *("0 equal, 1 different,", "  1 only on myapp,", "  0 only on staging."),
    ]
