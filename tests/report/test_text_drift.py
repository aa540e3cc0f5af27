"""Drift for a person: each var that moved, and commands that are right where they are copied to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.errors import ApiError, BadEnvFile, Complaint, DeployError
from deploy.heroku.facts import Release, Status
from deploy.plan.blame import Before, Brought, Never, Origin, Unknown
from deploy.plan.drift import Drift, Drifted, Kind, Row, Unchecked
from deploy.report.text_drift import drift, history_command, next_steps
from deploy.secret import Hint

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


LONG = "NEXT_PUBLIC_" + "A" * 60


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


# What to do next.

CHANGED = (Drifted("A", Kind.CHANGED),)


def one(
    *drifted: Drifted, app: str = "myapp", is_lock: bool = False, named: str | None = None
) -> Drift:
    source = ".env.production.lock" if is_lock else named or ".env.production"
    return Drift(app, source, is_lock, drifted, equal=1, named=named)


@pytest.mark.parametrize(
    ("row", "restore", "take_over"),
    [
        (
            one(*CHANGED),
            "To restore what was declared: invoke config.sync --app myapp",
            "To take over what is live: invoke config.pull --app myapp",
        ),
        (
            one(Drifted("A", Kind.UNMANAGED)),
            "To restore what was declared: invoke config.sync --app myapp --prune",
            "To take over what is live: invoke config.pull --app myapp",
        ),
        (
            one(Drifted("A", Kind.MISSING)),
            "To restore what was declared: invoke config.sync --app myapp",
            "To take over what is live: invoke config.pull --app myapp --prune",
        ),
        (
            one(*CHANGED, is_lock=True),
            (
                "To restore what was declared, with .env.production at hand:"
                " invoke config.sync --app myapp"
            ),
            "To take over what is live: invoke config.pull --app myapp && invoke config.lock",
        ),
        (
            one(*CHANGED, named="my files/x\n"),
            "To restore what was declared: invoke config.sync --app myapp --file 'my files/x'",
            "To take over what is live: invoke config.pull --app myapp --file 'my files/x'",
        ),
        (
            one(*CHANGED, named="-"),
            "To restore what was declared: invoke config.sync --app myapp --file -",
            "To take over what is live: invoke config.pull --app myapp",
        ),
    ],
    ids=["changed", "unmanaged", "missing", "lock", "named", "standard input"],
)
def test_a_drift_has_two_ways_out(row: Drift, restore: str, take_over: str) -> None:
    assert list(next_steps([row])) == [restore, take_over]


def test_the_one_app_of_several_that_drifted_is_named() -> None:
    rows: list[Row] = [one(app="one"), one(*CHANGED, app="two"), one(app="three")]
    assert list(next_steps(rows)) == list(next_steps([one(*CHANGED, app="two")]))


def test_of_several_apps_that_drifted_none_is_named() -> None:
    rows = [one(*CHANGED, app="one"), one(*CHANGED, app="two", is_lock=True)]
    assert list(next_steps(rows)) == [
        "To restore what was declared, with the env file at hand: invoke config.sync --app APP",
        "To take over what is live: invoke config.pull --app APP && invoke config.lock",
    ]


def test_where_nothing_drifted_there_is_nothing_to_do() -> None:
    assert list(next_steps([one(), Unchecked("two", DeployError("odd"))])) == []


def test_a_name_from_heroku_is_one_word_of_a_command() -> None:
    assert (
        history_command("myapp", "with-dash")
        == "invoke config.history --app myapp --name with-dash"
    )


@pytest.mark.parametrize(
    "name", ["A$(x)", "A\nB", "A B", "--force", "", "::error::", "A" * 257, "A\x1b"]
)
def test_a_name_that_is_none_stands_in_no_command(name: str) -> None:
    """Cleaned, cut or quoted, it would be another name, or nothing to paste."""
    assert history_command("myapp", name) == "invoke config.history --app myapp"
    spared = Drifted(name, Kind.UNMANAGED, is_spared=True)
    assert not [line for line in next_steps([one(spared)]) if "provided" in line]


def test_what_no_prune_takes_is_left_to_the_settings() -> None:
    spared = Drifted("HEROKU_X", Kind.UNMANAGED, is_spared=True)
    take_over = "To take over what is live: invoke config.pull --app myapp"
    leave = "To leave them where they are, in the settings: provided: [HEROKU_X]"
    assert list(next_steps([one(spared)])) == [take_over, leave]
    assert list(next_steps([one(spared, Drifted("A", Kind.UNMANAGED))])) == [
        "To restore what was declared: invoke config.sync --app myapp --prune",
        take_over,
        leave,
    ]
