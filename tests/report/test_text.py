from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.errors import ApiError, BadEnvFile, Complaint, DeployError
from deploy.heroku.facts import LiveVars, Ownership, Release, Status
from deploy.plan.blame import Before, Brought, Never, Origin, Unknown
from deploy.plan.change import Change
from deploy.plan.drift import Drift, Drifted, Kind, Row, Unchecked
from deploy.plan.outcome import Diff, State, Synced
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.report.result import synced
from deploy.report.reveal import Reveal
from deploy.report.text import diff, drift
from deploy.secret import Hint, Secret

few = settings(max_examples=60, deadline=None)

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
        warnings=(Complaint("odd", line=3, name="A"),),
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
    shown = diff(replace(found(plan), digest="d" * 32), Reveal(), width=20)
    assert shown.split("\n")[-1] == f"Plan {'d' * 32}"


def test_a_drift_at_80_columns_breaks_between_words() -> None:
    failure = DeployError(f"{', '.join(['A' * 30, 'B' * 30, 'C' * 30])}: odd", next_step="x " * 60)
    rows: list[Row] = [
        row(
            Drifted("SMTP_PASSWORD", Kind.CHANGED, Hint.CASE, BROUGHT),
            Drifted(LONG, Kind.CHANGED, origin=Before(3)),
            ignored=("A" * 30, "B" * 30),
        ),
        Unchecked("other", failure),
    ]
    assert drift(rows, width=80).split("\n")[:8] == [
        "myapp drifted from .env.production.lock: 2 changed, 0 missing, 0 unmanaged;",
        "  3 equal.",
        "  ~ SMTP_PASSWORD  changed (differs only in letter case): v7,",
        "      2026-03-01T04:05:06Z, mallory@example.com",
        f"  ~ {LONG}",
        "      changed: before v3",
        f"Ignored by the settings, left out: {'A' * 30},",
        f"  {'B' * 30}",
    ]
    assert drift(rows, width=80).split("\n")[8:12] == [
        f"other could not be checked: {'A' * 30},",
        f"  {'B' * 30}, {'C' * 30}: odd",
        f"  {'x ' * 60}",  # a next step may be a command, to be copied whole
        "2 apps: 0 in sync, 1 drifted, 1 not checked.",
    ]


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


def test_chosen_values_that_differ_in_line_ends_are_not_shown_alike() -> None:
    [line] = lines(change("A", "a\r\n", "a\n"), reveal=("A",))
    assert line == '  ~ A  "a\\r\\n" -> "a\\n"'


def test_letters_of_any_script_stay_readable() -> None:
    assert lines(change("A", None, "é ж 字"), reveal=("A",)) == ['  + A  "é ж 字"']


@few
@given(value=st.text(st.characters(), min_size=1), other=st.text(st.characters()))
def test_no_chosen_value_steers_the_terminal(value: str, other: str) -> None:
    shown = lines(change("A", other, value), reveal=("A",))
    assert len(shown) == 1
    assert shown[0].isprintable()


@few
@given(
    values=st.lists(
        st.text(st.characters(), max_size=4), min_size=2, max_size=2, unique=True
    ).filter(lambda pair: all(text.isascii() for text in pair))
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


@few
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


# Drift.

BROUGHT = Brought(Release(7, Status.SUCCEEDED, "mallory@example.com", "2026-03-01T04:05:06Z"))


def row(
    *drifted: Drifted,
    app: str = "myapp",
    source: str = ".env.production.lock",
    owned: tuple[str, ...] = (),
    ignored: tuple[str, ...] = (),
) -> Drift:
    return Drift(app, source, is_lock=True, drifted=drifted, equal=3, owned=owned, ignored=ignored)


def steps(app: str, prune: str, prune_file: str) -> list[str]:
    """The two ways to end a drift from the lock of `.env.production`."""
    return [
        (
            "To restore what was declared, with .env.production at hand:"
            f" invoke config.sync {app}{prune}"
        ),
        f"To take over what is live: invoke config.pull {app}{prune_file} && invoke config.lock",
    ]


def test_an_app_that_has_not_drifted_is_a_line_that_says_what_it_was_compared_with() -> None:
    assert drift([row()]) == "myapp is in sync with .env.production.lock: 3 equal."


def test_each_drifted_var_is_a_line_with_who_moved_it() -> None:
    found = row(
        Drifted("LEVEL", Kind.CHANGED, Hint.CASE, BROUGHT),
        Drifted("LONGER_NAME", Kind.UNMANAGED, origin=Before(24)),
        Drifted("TOKEN", Kind.MISSING, origin=Never()),
        Drifted("X", Kind.CHANGED, origin=Unknown()),
        Drifted("Y", Kind.CHANGED),
        owned=("DATABASE_URL", "HEROKU_SLUG_COMMIT"),
        ignored=("PAPER_A",),
    )
    assert drift([found]) == "\n".join(
        [
            "myapp drifted from .env.production.lock: 3 changed, 1 missing, 1 unmanaged; 3 equal.",
            (
                "  ~ LEVEL        changed (differs only in letter case):"
                " v7, 2026-03-01T04:05:06Z, mallory@example.com"
            ),
            "  - LONGER_NAME  unmanaged: before v24",
            "  + TOKEN        missing: never set",
            "  ~ X            changed: by which release is unknown",
            "  ~ Y            changed",
            "Owned by an add-on or the platform, left out: DATABASE_URL, HEROKU_SLUG_COMMIT",
            "Ignored by the settings, left out: PAPER_A",
            *steps("--app myapp", " --prune", " --prune"),
        ]
    )


@pytest.mark.parametrize(
    ("release", "said"),
    [
        (Release(7, Status.SUCCEEDED), "v7"),
        (Release(7, Status.SUCCEEDED, user="a@example.com"), "v7, a@example.com"),
        (Release(7, Status.SUCCEEDED, created_at="2026"), "v7, 2026"),
    ],
    ids=["neither", "person", "time"],
)
def test_what_heroku_does_not_say_of_a_release_is_left_out(release: Release, said: str) -> None:
    found = row(Drifted("A", Kind.CHANGED, origin=Brought(release)))
    assert drift([found]).split("\n")[1] == f"  ~ A  changed: {said}"


def test_several_apps_are_counted_in_their_order() -> None:
    rows: list[Row] = [
        row(app="zulu"),
        Unchecked("alpha", ApiError("no", status=503, request_id=None, next_step="go on")),
        row(Drifted("A", Kind.MISSING), app="mike"),
        row(app="bravo"),
    ]
    assert drift(rows) == "\n".join(
        [
            "zulu is in sync with .env.production.lock: 3 equal.",
            "alpha could not be checked: no (503)",
            "  go on",
            "mike drifted from .env.production.lock: 0 changed, 1 missing, 0 unmanaged; 3 equal.",
            "  + A  missing",
            "bravo is in sync with .env.production.lock: 3 equal.",
            "4 apps: 2 in sync, 1 drifted, 1 not checked.",
            *steps("--app mike", "", " --prune"),
        ]
    )


def test_an_app_that_could_not_be_checked_is_told_with_every_reason() -> None:
    failure = BadEnvFile(".env", [Complaint("wrong", line=1), Complaint("odd", line=2)])
    assert drift([Unchecked("myapp", failure)]) == "\n".join(
        ["myapp could not be checked: .env: line 1: wrong", "  .env: line 2: odd"]
    )


def test_colour_marks_a_drift_and_the_text_says_the_same_without_it() -> None:
    found = row(
        Drifted("A", Kind.CHANGED), Drifted("B", Kind.MISSING), Drifted("C", Kind.UNMANAGED)
    )
    colored = drift([found], color=True)
    assert colored.split("\n")[1:4] == [
        "  \x1b[33m~\x1b[0m A  changed",
        "  \x1b[32m+\x1b[0m B  missing",
        "  \x1b[31m-\x1b[0m C  unmanaged",
    ]
    bare = colored
    for code in ("32", "33", "31", "0"):
        bare = bare.replace(f"\x1b[{code}m", "")
    assert bare == drift([found])


def test_nothing_from_outside_steers_the_terminal_in_a_drift() -> None:
    person = Brought(Release(7, Status.SUCCEEDED, "a\n\x1b[2J", "2026\r"))
    found = row(
        Drifted("A\x1b[2J\nB", Kind.CHANGED, origin=person),
        source="x\nmyapp is fine",
        owned=("C\n\x1b",),
        ignored=("D\u202e",),
    )
    assert drift([found]).split("\n") == (
        [
            "myapp drifted from xmyapp is fine: 1 changed, 0 missing, 0 unmanaged; 3 equal.",
            r'  ~ "A\u001b[2J\nB"  changed: v7, 2026, a[2J',
            r'Owned by an add-on or the platform, left out: "C\n\u001b"',
            r'Ignored by the settings, left out: "D\u202e"',
            (
                "To restore what was declared, with xmyapp is fine at hand:"
                " invoke config.sync --app myapp"
            ),
            "To take over what is live: invoke config.pull --app myapp && invoke config.lock",
        ]
    )


@few
@given(
    st.text(st.characters(), max_size=6),
    st.sampled_from([None, BROUGHT, Before(3), Never(), Unknown()]),
    st.text(st.characters(), max_size=9),
)
def test_a_drift_is_printable_whatever_comes_from_outside(
    name: str, origin: Origin | None, reason: str
) -> None:
    failure = DeployError(reason, next_step=reason)
    shown = drift([row(Drifted(name, Kind.CHANGED, origin=origin)), Unchecked("other", failure)])
    assert all(line.isprintable() for line in shown.split("\n"))
