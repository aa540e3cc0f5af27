"""What to do next: commands that are right where they are copied to."""

import pytest

from deploy.errors import DeployError
from deploy.plan.drift import Drift, Drifted, Kind, Row, Unchecked
from deploy.report.steps import after_drift, releases_of

CHANGED = (Drifted("A", Kind.CHANGED),)


def drift(
    *drifted: Drifted, app: str = "myapp", is_lock: bool = False, named: str | None = None
) -> Drift:
    source = ".env.production.lock" if is_lock else named or ".env.production"
    return Drift(app, source, is_lock, drifted, equal=1, named=named)


@pytest.mark.parametrize(
    ("row", "restore", "take_over"),
    [
        (
            drift(*CHANGED),
            "To restore what was declared: invoke config.sync --app myapp",
            "To take over what is live: invoke config.pull --app myapp",
        ),
        (
            drift(Drifted("A", Kind.UNMANAGED)),
            "To restore what was declared: invoke config.sync --app myapp --prune",
            "To take over what is live: invoke config.pull --app myapp",
        ),
        (
            drift(Drifted("A", Kind.MISSING)),
            "To restore what was declared: invoke config.sync --app myapp",
            "To take over what is live: invoke config.pull --app myapp --prune",
        ),
        (
            drift(*CHANGED, is_lock=True),
            (
                "To restore what was declared, with .env.production at hand:"
                " invoke config.sync --app myapp"
            ),
            "To take over what is live: invoke config.pull --app myapp && invoke config.lock",
        ),
        (
            drift(*CHANGED, named="my files/x\n"),
            "To restore what was declared: invoke config.sync --app myapp --file 'my files/x'",
            "To take over what is live: invoke config.pull --app myapp --file 'my files/x'",
        ),
        (
            drift(*CHANGED, named="-"),
            "To restore what was declared: invoke config.sync --app myapp --file -",
            "To take over what is live: invoke config.pull --app myapp",
        ),
    ],
    ids=["changed", "unmanaged", "missing", "lock", "named", "standard input"],
)
def test_a_drift_has_two_ways_out(row: Drift, restore: str, take_over: str) -> None:
    assert list(after_drift([row])) == [restore, take_over]


def test_the_one_app_of_several_that_drifted_is_named() -> None:
    rows: list[Row] = [drift(app="one"), drift(*CHANGED, app="two"), drift(app="three")]
    assert list(after_drift(rows)) == list(after_drift([drift(*CHANGED, app="two")]))


def test_of_several_apps_that_drifted_none_is_named() -> None:
    rows = [drift(*CHANGED, app="one"), drift(*CHANGED, app="two", is_lock=True)]
    assert list(after_drift(rows)) == [
        "To restore what was declared, with the env file at hand: invoke config.sync --app APP",
        "To take over what is live: invoke config.pull --app APP && invoke config.lock",
    ]


def test_where_nothing_drifted_there_is_nothing_to_do() -> None:
    assert list(after_drift([drift(), Unchecked("two", DeployError("odd"))])) == []


def test_a_name_from_heroku_is_one_word_of_a_command() -> None:
    assert releases_of("myapp", "with-dash") == "invoke config.history --app myapp --name with-dash"


@pytest.mark.parametrize(
    "name", ["A$(x)", "A\nB", "A B", "--force", "", "::error::", "A" * 257, "A\x1b"]
)
def test_a_name_that_is_none_stands_in_no_command(name: str) -> None:
    """Cleaned, cut or quoted, it would be another name, or nothing to paste."""
    assert releases_of("myapp", name) == "invoke config.history --app myapp"
    spared = Drifted(name, Kind.UNMANAGED, is_spared=True)
    assert not [line for line in after_drift([drift(spared)]) if "provided" in line]


def test_what_no_prune_takes_is_left_to_the_settings() -> None:
    spared = Drifted("HEROKU_X", Kind.UNMANAGED, is_spared=True)
    take_over = "To take over what is live: invoke config.pull --app myapp"
    leave = "To leave them where they are, in the settings: provided: [HEROKU_X]"
    assert list(after_drift([drift(spared)])) == [take_over, leave]
    assert list(after_drift([drift(spared, Drifted("A", Kind.UNMANAGED))])) == [
        "To restore what was declared: invoke config.sync --app myapp --prune",
        take_over,
        leave,
    ]
