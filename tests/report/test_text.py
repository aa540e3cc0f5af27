import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.envfile.edit import Edited
from deploy.errors import Complaint
from deploy.heroku.facts import LiveVars, Ownership, Release, Status
from deploy.plan.change import Change
from deploy.plan.outcome import Diff, Edit, Pull, State, Synced
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.report.reveal import Reveal
from deploy.report.text import diff, pull, pulled, synced
from deploy.secret import Hint, Secret

SPARED = "an add-on, the platform or an open quote may hold them"


def change(name: str, old: str | None, new: str | None, hint: Hint | None = None) -> Change:
    before, after = (None if side is None else Secret(side) for side in (old, new))
    return Change(name, before, after, hint)


def found(plan: Plan, *, source: str = ".env.production", pending: int | None = None) -> Diff:
    return Diff(
        app="myapp",
        source=source,
        plan=plan,
        live=LiveVars({"Z": Secret("c4nary")}, Ownership()),
        policy=Policy(),
        warnings={source: (Complaint("odd", line=3, name="A"),)},
        releases=(Release(pending, Status.PENDING),) if pending else (),
    )


def lines(*changes: Change, reveal: tuple[str, ...] = (), width: int | None = None) -> list[str]:
    """The lines of the changes alone."""
    shown = diff(found(Plan(changes, equal=0)), Reveal(reveal), width=width)
    return shown.split("\n")[1:]


# The plan.


def test_an_app_in_sync_is_a_line() -> None:
    plan = Plan((), equal=3)
    assert diff(found(plan), Reveal()) == "myapp is in sync with .env.production: 3 equal."


def test_a_plan_shows_every_change_and_what_is_left_alone() -> None:
    plan = Plan(
        changes=(
            change("API_KEY", "c4nary-1", "c4nary-2", Hint.TRAILING_NEWLINE),
            change("NEW", None, "c4nary-3"),
            change("OLD", "c4nary-4", None),
        ),
        equal=2,
        owned=("DATABASE_URL", "HEROKU_SLUG_COMMIT"),
        ignored=("PAPERTRAIL_API_TOKEN",),
        unmanaged=("BY_HAND", "SHARED_URL"),
        spared=("SHARED_URL",),
    )
    assert diff(found(plan, pending=43), Reveal()) == "\n".join(
        [
            "myapp differs from .env.production: 1 to set, 1 to change, 1 to remove; 2 equal.",
            "  ~ API_KEY  ******** -> ********  (differs only in a trailing newline)",
            "  + NEW      ********",
            "  - OLD      ********",
            "Owned by an add-on or the platform, left alone: DATABASE_URL, HEROKU_SLUG_COMMIT",
            "Ignored by the settings, left alone: PAPERTRAIL_API_TOKEN",
            "Unmanaged, kept (--prune removes them): BY_HAND",
            f"Unmanaged, kept in any case ({SPARED}): SHARED_URL",
            "v43 is pending: until it succeeds, Heroku shows the vars before it.",
        ]
    )


@pytest.mark.parametrize(
    ("before", "after"), [("", "c4nary"), ("c4nary", ""), ("c4nary" * 99, "x")], ids=range(3)
)
def test_old_and_new_are_masked_alike_whatever_their_length(before: str, after: str) -> None:
    assert lines(change("A", before, after)) == ["  ~ A  ******** -> ********"]


def test_colour_marks_and_the_text_says_the_same_without_it() -> None:
    plan = Plan((change("A", None, "1"), change("B", "1", "2"), change("C", "1", None)), equal=0)
    colored = diff(found(plan), Reveal(), color=True)
    assert colored.split("\n")[1:] == [
        "  \x1b[32m+\x1b[0m A  ********",
        "  \x1b[33m~\x1b[0m B  ******** -> ********",
        "  \x1b[31m-\x1b[0m C  ********",
    ]
    bare = colored
    for code in ("32", "33", "31", "0"):
        bare = bare.replace(f"\x1b[{code}m", "")
    assert bare == diff(found(plan), Reveal())


# In a terminal's width.

LONG = "NEXT_PUBLIC_" + "A" * 60


def test_a_name_of_72_characters_pushes_its_own_row_alone() -> None:
    shown = lines(
        change("API_KEY", "1", "2", Hint.TRAILING_NEWLINE), change(LONG, "1", "2"), width=80
    )
    assert shown == [
        "  ~ API_KEY  ******** -> ********  (differs only in a trailing newline)",
        f"  ~ {LONG}",
        "      ******** -> ********",
    ]
    assert lines(change("API_KEY", "1", "2"), change(LONG, "1", "2")) == [
        "  ~ API_KEY  ******** -> ********",
        f"  ~ {LONG}  ******** -> ********",
    ]


def test_a_plan_at_40_columns_breaks_between_names_and_between_the_parts_of_a_row() -> None:
    plan = Plan(
        (change("SMTP_PASSWORD", "1", "2", Hint.TRAILING_NEWLINE), change("B", None, "1")),
        equal=2,
        owned=("DATABASE_URL", "REDIS_TLS_URL", "REDIS_URL"),
        unmanaged=("LEGACY_FLAG", "OLD_FLAG"),
    )
    shown = diff(found(plan, pending=43), Reveal(), color=True, width=40)
    assert shown == "\n".join(
        [
            "myapp differs from .env.production:",
            "  1 to set, 1 to change, 0 to remove;",
            "  2 equal.",
            "  \x1b[33m~\x1b[0m SMTP_PASSWORD  ******** -> ********",
            "      (differs only in a trailing newline)",
            "  \x1b[32m+\x1b[0m B              ********",
            "Owned by an add-on or the platform, left",
            "  alone: DATABASE_URL, REDIS_TLS_URL,",
            "  REDIS_URL",
            "Unmanaged, kept (--prune removes them):",
            "  LEGACY_FLAG, OLD_FLAG",
            "v43 is pending: until it succeeds,",
            "  Heroku shows the vars before it.",
        ]
    )


def test_the_digest_and_the_way_back_are_never_broken() -> None:
    plan = Plan((change("A", None, "1"),), equal=0)
    shown = diff(found(plan)._replace(digest="d" * 32), Reveal(), width=20)
    assert shown.split("\n")[-1] == f"Plan {'d' * 32}"


# Values that were chosen to be shown.


def test_a_chosen_value_is_shown_in_quotes_and_no_other() -> None:
    shown = lines(
        change("LOG_LEVEL", "info", "debug"),
        change("LOG_NEW", None, ""),
        change("TOKEN", "c4nary", None),
        reveal=("LOG_*",),
    )
    assert shown == [
        '  ~ LOG_LEVEL  "info" -> "debug"',
        '  + LOG_NEW    ""',
        "  - TOKEN      ********",
    ]


def test_a_chosen_value_stands_on_one_line_with_its_controls_written_out() -> None:
    shown = lines(change("A", None, 'a\tb\n\x1b[31m"c"\\'), reveal=("A",))
    assert shown == ['  + A  "a\\tb\\n\\u001b[31m\\"c\\"\\\\"']


def test_the_runner_of_a_job_obeys_no_chosen_value() -> None:
    assert lines(change("A", None, "x ##[error]"), reveal=("A",)) == [r'  + A  "x #\u0023[error]"']


def test_chosen_values_that_differ_in_line_ends_are_not_shown_alike() -> None:
    [line] = lines(change("A", "a\r\n", "a\n"), reveal=("A",))
    assert line == '  ~ A  "a\\r\\n" -> "a\\n"'


def test_letters_of_any_script_stay_readable() -> None:
    assert lines(change("A", None, "é ж 字"), reveal=("A",)) == ['  + A  "é ж 字"']


@given(value=st.text(st.characters(), min_size=1), other=st.text(st.characters()))
def test_no_chosen_value_steers_the_terminal(value: str, other: str) -> None:
    shown = lines(change("A", other, value), reveal=("A",))
    assert len(shown) == 1
    assert shown[0].isprintable()


@given(
    values=st.lists(
        st.text(st.characters(max_codepoint=127), max_size=4), min_size=2, max_size=2, unique=True
    )
)
def test_different_chosen_values_are_shown_differently(values: list[str]) -> None:
    one, other = (lines(change("A", None, value), reveal=("A",)) for value in values)
    assert one != other


# Text from outside.


def test_a_name_from_heroku_cannot_steer_the_terminal() -> None:
    plan = Plan(
        (change("A\x1b[2J\nB", None, "1"), change("LONGER", None, "1")),
        equal=0,
        owned=("C\n\x1b",),
        ignored=("D\r",),
        unmanaged=("E\u202e",),
    )
    assert diff(found(plan), Reveal()).split("\n")[1:] == [
        r'  + "A\u001b[2J\nB"  ********',
        "  + LONGER           ********",
        r'Owned by an add-on or the platform, left alone: "C\n\u001b"',
        r'Ignored by the settings, left alone: "D\r"',
        r'Unmanaged, kept (--prune removes them): "E\u202e"',
    ]


def test_a_files_name_cannot_steer_the_terminal_nor_add_a_line() -> None:
    shown = diff(found(Plan((), equal=1), source="a\x1b[2J\nmyapp is fine"), Reveal())
    assert shown == "myapp is in sync with a[2Jmyapp is fine: 1 equal."


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B_C"]),
            st.none() | st.just("c4nary"),
            st.sampled_from(["", "c4nary"]),
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_no_value_is_shown_unless_it_was_chosen(
    sides: list[tuple[str, str | None, str]], color: bool
) -> None:
    plan = Plan(tuple(change(*side) for side in sides), equal=0)
    assert "c4nary" not in diff(found(plan), Reveal(("Z",)), color=color)


# A file.

FOUL = "A\x1b[2J\nB\r\x9b\u202e"
ESCAPED = r"A\u001b[2J\nB\r\u009b\u202e"
"""As it is shown."""

CHANGES = (
    change("API_KEY", "c4nary-1", "c4nary-2", Hint.TRAILING_NEWLINE),
    change("LOG_LEVEL", None, "info"),
    change("OLD", "c4nary-3", None),
)


def filled(plan: Plan, *, left_out: tuple[str, ...] = (), source: str = ".env.production") -> Pull:
    return Pull(
        app="myapp",
        source=source,
        plan=plan,
        live=LiveVars({"Z": Secret("c4nary")}, Ownership()),
        policy=Policy(),
        edits=(Edit(source, ("Z",), Edited(b"Z=c4nary\n", left_out)),),
    )


def test_a_pull_shows_every_change_of_the_file_and_what_is_left_alone() -> None:
    plan = Plan(
        CHANGES,
        equal=2,
        owned=("DATABASE_URL", "HEROKU_SLUG_COMMIT"),
        ignored=("PAPER_A", "PAPER_B"),
        unmanaged=("CONFIG_LOCK_KEY", "LOCAL"),
    )
    assert pull(filled(plan, left_out=("1ST", "BELL")), Reveal()) == "\n".join(
        [
            ".env.production differs from myapp: 1 to set, 1 to change, 1 to remove; 2 equal.",
            "  ~ API_KEY    ******** -> ********  (differs only in a trailing newline)",
            "  + LOG_LEVEL  ********",
            "  - OLD        ********",
            (
                "Owned by an add-on or the platform, left out (--owned takes them):"
                " DATABASE_URL, HEROKU_SLUG_COMMIT"
            ),
            "Ignored by the settings, left alone: PAPER_A, PAPER_B",
            "Only in the file, kept (--prune removes them): CONFIG_LOCK_KEY, LOCAL",
            "Left out, since no env file can hold them: 1ST, BELL",
        ]
    )


def test_a_file_that_nothing_changes_is_a_line() -> None:
    shown = pull(filled(Plan((), equal=3)), Reveal())
    assert shown == ".env.production is in sync with myapp: 3 equal."


def test_a_file_that_cannot_hold_a_var_is_not_said_to_be_in_sync() -> None:
    assert pull(filled(Plan((), equal=3), left_out=("BELL",)), Reveal()) == (
        ".env.production differs from myapp: 0 to set, 0 to change, 0 to remove; 3 equal.\n"
        "Left out, since no env file can hold them: BELL"
    )


def test_only_chosen_values_of_a_pull_are_shown() -> None:
    shown = pull(filled(Plan(CHANGES, equal=0)), Reveal(("LOG_*",)))
    assert shown.split("\n")[1:] == [
        "  ~ API_KEY    ******** -> ********  (differs only in a trailing newline)",
        '  + LOG_LEVEL  "info"',
        "  - OLD        ********",
    ]


def test_colour_marks_a_pull_and_the_text_says_the_same_without_it() -> None:
    it = filled(Plan(CHANGES, equal=0))
    colored = pull(it, Reveal(), color=True)
    assert colored.split("\n")[1:] == [
        (
            "  \x1b[33m~\x1b[0m API_KEY    ******** -> ********"
            "  (differs only in a trailing newline)"
        ),
        "  \x1b[32m+\x1b[0m LOG_LEVEL  ********",
        "  \x1b[31m-\x1b[0m OLD        ********",
    ]
    bare = colored
    for code in ("32", "33", "31", "0"):
        bare = bare.replace(f"\x1b[{code}m", "")
    assert bare == pull(it, Reveal())


def test_nothing_from_outside_steers_the_terminal_in_a_pull() -> None:
    plan = Plan(
        (change(FOUL, None, "1"), change("LONGER", None, "1")),
        equal=0,
        owned=(FOUL,),
        ignored=("D\r",),
        unmanaged=("E\u202e",),
    )
    source = "a\x1b[2J\nmyapp is fine"
    assert pull(filled(plan, left_out=("F\n\x1b",), source=source), Reveal()) == "\n".join(
        [
            "a[2Jmyapp is fine differs from myapp: 2 to set, 0 to change, 0 to remove; 0 equal.",
            r'  + "A\u001b[2J\nB\r\u009b\u202e"  ********',
            "  + LONGER                         ********",
            f'Owned by an add-on or the platform, left out (--owned takes them): "{ESCAPED}"',
            r'Ignored by the settings, left alone: "D\r"',
            r'Only in the file, kept (--prune removes them): "E\u202e"',
            r'Left out, since no env file can hold them: "F\n\u001b"',
        ]
    )


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan((), equal=3), "Nothing to do."),
        (Plan(CHANGES, equal=3), "Set 1, changed 1, removed 1 in .env.production."),
        (
            Plan((*CHANGES, change("Z", None, ""), change("ZZ", "1", "")), equal=3),
            "Set 2, changed 2, removed 1 in .env.production.",
        ),
    ],
    ids=["nothing", "one each", "emptied"],
)
def test_the_last_words_of_a_pull_say_what_was_done(plan: Plan, said: str) -> None:
    assert pulled(filled(plan)) == said


def test_the_last_words_of_a_pull_are_one_line_whatever_the_file_is_called() -> None:
    it = filled(Plan(CHANGES, equal=0), source="a\x1b[2J\nb")
    assert pulled(it) == "Set 1, changed 1, removed 1 in a[2Jb."


# How a sync ended.

PLAN = Plan(
    (
        change("A", None, "c4nary"),
        change("B", None, "c4nary"),
        change("C", "c4nary", ""),
        change("D", "c4nary", None),
    ),
    equal=5,
)


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (Synced("myapp", Plan((), equal=1), State.UNCHANGED), "Nothing to do."),
        (Synced("myapp", PLAN, State.DRY_RUN), "Dry run: nothing was written."),
        (
            Synced("myapp", PLAN, State.APPLIED, version=42, previous=41),
            (
                "Set 2, changed 1, removed 1 on myapp (v42).\n"
                "Undo: invoke config.rollback --app myapp --to v41 --restore D"
            ),
        ),
        (
            Synced(
                "myapp",
                Plan((change("CONFIG_LOCK_KEY", None, "c4nary"),), equal=5),
                State.APPLIED,
                version=42,
                previous=41,
            ),
            "Set 1, changed 0, removed 0 on myapp (v42).",  # a rollback leaves it alone
        ),
        (
            Synced("myapp", PLAN, State.APPLIED, version=1),
            "Set 2, changed 1, removed 1 on myapp (v1).",
        ),
        (
            Synced("myapp", PLAN, State.APPLIED),
            "Set 2, changed 1, removed 1 on myapp (no release found).",
        ),
        (
            Synced("myapp", PLAN, State.SENT, version=42, previous=40, is_among_others=True),
            (
                "Sent as v42 to myapp: pending, not verified.\n"
                "Undo: invoke config.rollback --app myapp --to v40"
                " --only A --only B --only C --only D --restore D"
            ),
        ),
        (
            Synced("myapp", PLAN, State.APPLIED, version=42, is_ours=False),
            (
                "myapp holds this (v42): 2 set, 1 changed, 1 removed."
                " Whether our request brought it, or another, is not known."
            ),
        ),
        (
            Synced("myapp", PLAN, State.SENT, version=42, is_ours=False),
            "Sent to myapp, where v42 is pending: not verified.",
        ),
    ],
    ids=[
        *("unchanged", "dry-run", "applied", "lock-key", "first-release", "no-release", "sent"),
        *("whose-applied", "whose-sent"),
    ],
)
def test_the_last_words_say_what_is_true_and_how_to_undo_it(done: Synced, said: str) -> None:
    assert synced(done) == said
