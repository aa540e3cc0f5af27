"""Apps that are declared by several env files, task by task."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator

from .conftest import Near
from .face import Done, Face

KEY = "0123456789abcdef" * 4
SETTINGS = """\
heroku:
  apps:
    myapp: {file: [.env.shared, .env.production]}
    worker: {file: [.env.shared, .env.worker]}
"""
TOP = f"LOG_LEVEL=debug\nOLD=old\nCONFIG_LOCK_KEY={KEY}\n"


@pytest.fixture
def layered(near: Near, app: App, emulator: Emulator) -> Near:
    """`myapp` in sync with two layers, and `worker` with the same one below."""
    near.write("invoke.yaml", SETTINGS)
    near.write(".env.shared", "LOG_LEVEL=info\nTOKEN=t0ken\n")
    near.write(".env.production", TOP)
    near.write(".env.worker", f"QUEUE=jobs\nCONFIG_LOCK_KEY={KEY[::-1]}\n")
    app.set_vars({"LOG_LEVEL": "debug", "CONFIG_LOCK_KEY": KEY})
    worker = {"LOG_LEVEL": "info", "TOKEN": "t0ken", "QUEUE": "jobs"}
    emulator.add_app("worker", {**worker, "CONFIG_LOCK_KEY": KEY[::-1]})
    return near


def text(face: Face, name: str) -> str:
    return (face.folder / name).read_text()


def ran(face: Face, line: str, code: int = 0) -> Done:
    done = face.run(line)
    assert done.code == code, done
    assert "t0ken" not in done.out + done.err
    return done


# What counts.


def test_a_later_file_wins(layered: Near) -> None:
    assert ran(layered, "config.diff --app myapp").out == (
        "myapp is in sync with .env.shared + .env.production: 4 equal.\n"
    )


def test_what_is_hidden_is_not_sent(layered: Near, app: App) -> None:
    layered.write(".env.production", TOP.replace("debug", "trace"))
    ran(layered, "config.sync --app myapp --yes")
    assert (app.vars["LOG_LEVEL"], app.vars["TOKEN"]) == ("trace", "t0ken")


def test_who_wins_is_explained(layered: Near) -> None:
    line = "config.diff --app myapp --explain LOG_LEVEL --explain TOKEN --explain DATABASE_URL"
    assert ran(layered, line).out.splitlines()[1:] == [
        "LOG_LEVEL is declared in .env.production:1, which hides .env.shared:1 (another value).",
        "TOKEN is declared in .env.shared:2.",
        "DATABASE_URL is not declared in .env.shared + .env.production.",
    ]
    explained = json.loads(ran(layered, f"{line} --format json").out)["explained"]
    assert explained[0] == {
        "name": "LOG_LEVEL",
        "declared": [
            {"file": ".env.production", "line": 1, "is_same": True},
            {"file": ".env.shared", "line": 1, "is_same": False},
        ],
    }


def test_a_hidden_equal_is_told_as_the_same(layered: Near) -> None:
    layered.write(".env.production", f"{TOP}TOKEN=t0ken\n")
    assert ran(layered, "config.diff --app myapp --explain TOKEN").out.endswith(
        "TOKEN is declared in .env.production:4, which hides .env.shared:2 (the same value).\n"
    )


def test_a_name_that_is_nowhere_is_not_explained(layered: Near) -> None:
    assert "neither in .env.shared + .env.production nor on myapp" in (
        ran(layered, "config.diff --app myapp --explain TOKNE", 1).err
    )
    assert "--explain goes with an env file" in (
        ran(layered, "config.diff --app myapp --release v2 --explain TOKEN", 1).err
    )


# What is refused.


@pytest.mark.parametrize("task", ["config.diff", "config.sync --yes"])
@pytest.mark.parametrize("missing", [".env.shared", ".env.production"])
def test_a_missing_layer_is_an_error_and_nothing_is_sent(
    layered: Near, app: App, task: str, missing: str
) -> None:
    (layered.folder / missing).unlink()
    before = dict(app.vars)
    assert f"error: {missing}: no such file" in ran(layered, f"{task} --app myapp", 1).err
    assert app.vars == before


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ("config.diff --app myapp", ""),
        ("config.diff --all", ""),
        ("config.lock", ""),
        ("config.drift --app myapp", "commit its lock, or "),
    ],
)
def test_what_to_do_about_a_missing_lower_layer_is_not_a_pull_that_refuses(
    layered: Near, line: str, step: str
) -> None:
    (layered.folder / ".env.shared").unlink()
    told = ran(layered, line, 1)
    assert f"  {step}make it, be it empty; or take it out of the settings\n" in told.out + told.err
    assert "config.pull" not in told.out + told.err


def test_each_refusal_names_its_file_and_all_are_told(layered: Near) -> None:
    layered.write(".env.shared", "LOG_LEVEL\n")
    layered.write(".env.production", "A=1\nA=2\n")
    assert ran(layered, "config.diff --app myapp", 1).err == (
        "error: .env.shared: line 1: LOG_LEVEL: a name without =\n"
        "error: .env.production: line 2: A: is declared again (first on line 1)\n"
    )


def test_one_layer_alone_is_not_synced(layered: Near, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "trace"})
    refused = ran(layered, "config.sync --app myapp --file .env.shared --yes", 1).err
    assert ".env.shared is one layer of myapp in the settings, and not all" in refused
    assert app.vars["LOG_LEVEL"] == "trace"
    assert "warning: .env.shared is one layer" in (
        ran(layered, "config.diff --app myapp --file .env.shared").err
    )


# The lock.


def test_an_app_has_one_lock_beside_its_last_file(layered: Near) -> None:
    assert ran(layered, "config.lock").out == (
        "Wrote .env.production.lock: 3 names. Commit it.\n"
        "Wrote .env.worker.lock: 3 names. Commit it.\n"
    )
    assert ran(layered, "config.lock --check").out == (
        ".env.production.lock matches .env.shared + .env.production: 3 names.\n"
        ".env.worker.lock matches .env.shared + .env.worker: 3 names.\n"
    )
    layered.write(".env.shared", "LOG_LEVEL=info\nTOKEN=other\n")
    assert ran(layered, "config.lock --check", 2).out == (
        ".env.production.lock does not match .env.shared + .env.production: TOKEN.\n"
        ".env.worker.lock does not match .env.shared + .env.worker: TOKEN.\n"
    )


@pytest.mark.parametrize("missing", [(".env.shared",), (".env.shared", ".env.production")])
def test_drift_takes_the_lock_where_a_layer_is_not_here(
    layered: Near, app: App, missing: tuple[str, ...]
) -> None:
    ran(layered, "config.lock")
    for name in missing:
        (layered.folder / name).unlink()
    app.set_vars({"TOKEN": "moved"})
    assert "myapp drifted from .env.production.lock: 1 changed" in (
        ran(layered, "config.drift --app myapp", 2).out
    )


def test_a_key_is_appended_to_the_last_file(layered: Near, app: App) -> None:
    layered.write(".env.production", "LOG_LEVEL=debug\nOLD=old\n")
    assert ran(layered, "config.lock --yes").err == (
        "Appended CONFIG_LOCK_KEY to .env.production; myapp has it already.\n"
    )
    assert text(layered, ".env.production").endswith(f"CONFIG_LOCK_KEY={KEY}\n")
    assert "CONFIG_LOCK_KEY" not in text(layered, ".env.shared")


def test_a_layer_has_no_lock_of_its_own(layered: Near) -> None:
    assert ".env.production is one layer of myapp" in (
        ran(layered, "config.lock --file .env.production", 1).err
    )


def test_apps_that_end_in_the_same_file_have_locks_of_their_names(layered: Near) -> None:
    layered.write("invoke.yaml", SETTINGS.replace(".env.shared, .env.worker", ".env.production"))
    assert ran(layered, "config.lock").out == (
        "Wrote .env.worker.lock: 2 names. Commit it.\nWrote .env.myapp.lock: 3 names. Commit it.\n"
    )
    (layered.folder / ".env.shared").unlink()
    assert "in sync with .env.myapp.lock" in ran(layered, "config.drift --app myapp").out


# Pull.


def test_a_pull_writes_each_name_where_it_is_declared_and_new_ones_into_the_last(
    layered: Near, app: App
) -> None:
    app.set_vars({"TOKEN": "n3wer", "LOG_LEVEL": "warning", "FRESH": "1"})
    assert ran(layered, "config.pull --app myapp --yes").out == (
        ".env.shared + .env.production differs from myapp: 1 to set, 2 to change, 0 to remove;"
        " 2 equal.\n"
        "  + FRESH      ********\n"
        "  ~ LOG_LEVEL  ******** -> ********\n"
        "  ~ TOKEN      ******** -> ********\n"
        "In .env.shared, which worker reads too: TOKEN\n"
        "In .env.production: FRESH, LOG_LEVEL\n"
        "Owned by an add-on or the platform, left out (--owned takes them): DATABASE_URL\n"
        "Set 1, changed 2, removed 0 in .env.shared + .env.production.\n"
    )
    assert text(layered, ".env.shared") == "LOG_LEVEL=info\nTOKEN=n3wer\n"
    assert text(layered, ".env.production") == f"{TOP.replace('debug', 'warning')}FRESH=1\n"
    assert ran(layered, "config.diff --app myapp").out.startswith("myapp is in sync")


def test_a_pull_into_one_file_under_two_names_is_refused_before_any_is_written(
    layered: Near, app: App
) -> None:
    (layered.folder / ".env.shared").unlink()
    (layered.folder / ".env.shared").symlink_to(".env.production")
    app.set_vars({"LOG_LEVEL": None})
    done = ran(layered, "config.pull --app myapp --prune --confirm .env.production", 1)
    assert done.err == (
        "error: .env.shared and .env.production are one file; nothing was written\n"
        "  take one of them out of the settings\n"
    )
    assert text(layered, ".env.production") == TOP


def test_a_pull_says_which_file_it_wrote_and_for_whom_that_counts_too(
    layered: Near, app: App
) -> None:
    ran(layered, "config.lock")
    app.set_vars({"LOG_LEVEL": "warning", "TOKEN": "t0ken"})
    alone = ran(layered, "config.pull --app myapp --yes")
    assert alone.out.endswith("Set 0, changed 1, removed 0 in .env.production.\n")
    assert "worker" not in alone.err
    app.set_vars({"TOKEN": "n3wer"})
    assert ran(layered, "config.pull --app myapp --yes").err == (
        "warning: .env.production.lock, .env.worker.lock may be stale:"
        " run config.lock, and commit it\n"
        "warning: what is declared has changed for worker too:"
        " config.diff --all says what that means there\n"
    )


def test_many_apps_are_counted_where_they_read_a_file_that_is_pulled_into(
    layered: Near, app: App
) -> None:
    more = "".join(f"    other-{number}: {{file: .env.shared}}\n" for number in range(7))
    layered.write("invoke.yaml", SETTINGS + more)
    app.set_vars({"TOKEN": "n3wer"})
    told = ran(layered, "config.pull --app myapp --dry-run").out
    assert "In .env.shared, which 8 apps read too: TOKEN\n" in told


def test_a_pruned_name_leaves_every_layer(layered: Near, app: App) -> None:
    app.set_vars({"LOG_LEVEL": None})
    ran(layered, "config.pull --app myapp --prune --confirm .env.production")
    assert "LOG_LEVEL" not in text(layered, ".env.shared") + text(layered, ".env.production")


def test_a_pull_needs_every_file_but_the_last(layered: Near) -> None:
    (layered.folder / ".env.production").unlink()
    ran(layered, "config.pull --app myapp --yes")
    assert "LOG_LEVEL=debug" in text(layered, ".env.production") or "LOG_LEVEL=debug" in text(
        layered, ".env.shared"
    )
    (layered.folder / ".env.shared").unlink()
    refused = ran(layered, "config.pull --app myapp --yes", 1)
    assert refused.err == (
        "error: .env.shared: no such file\n  make it, be it empty; or take it out of the settings\n"
    )


def test_a_file_that_git_does_not_ignore_stops_the_pull_before_any_is_written(
    layered: Near, app: App
) -> None:
    subprocess.run(["git", "init", "-q"], cwd=layered.folder, check=True)
    layered.write(".gitignore", ".env.shared*\n")
    app.set_vars({"TOKEN": "n3wer", "OLD": "newer"})
    before = text(layered, ".env.shared")
    assert "git does not ignore it" in ran(layered, "config.pull --app myapp --yes", 1).err
    assert text(layered, ".env.shared") == before


# Check.


def test_a_check_reads_all_layers_and_judges_what_they_declare_together(layered: Near) -> None:
    layered.write(".env.example", "LOG_LEVEL=\nTOKEN=\nQUEUE=\n")
    layered.write("app.py", "import os\nos.environ['TOKEN']\nos.environ['MAIL_TO']\n")
    found = ran(layered, "config.check --only parity --only references", 2).out
    assert ".env.production  parity      QUEUE is missing: .env.example line 3 has it" in found
    assert "TOKEN is missing" not in found
    assert "MAIL_TO is declared in no env file: add it to .env.production" in found


def test_a_check_holds_a_lock_against_all_layers(layered: Near) -> None:
    ran(layered, "config.lock")
    assert ran(layered, "config.check --only lock").out == "No findings.\n"
    layered.write(".env.shared", "LOG_LEVEL=info\nTOKEN=other\n")
    assert "differs from .env.shared + .env.production in TOKEN" in (
        ran(layered, "config.check --only lock", 2).out
    )


def test_a_check_holds_each_lock_of_apps_that_end_in_one_file_against_its_own(
    layered: Near,
) -> None:
    layered.write("invoke.yaml", SETTINGS.replace(".env.shared, .env.worker", ".env.production"))
    ran(layered, "config.lock")
    ran(layered, "config.check --only lock")
    layered.write(".env.shared", "LOG_LEVEL=info\nTOKEN=t0ken\nMORE=1\n")
    layered.write(".env.production", f"{TOP}LAST=1\n")
    told = ran(layered, "config.check --only lock", 2).out
    both = ".env.shared + .env.production in LAST, MORE:"
    assert f".env.myapp.lock   lock  differs from {both}" in told
    assert ".env.worker.lock  lock  differs from .env.production in LAST:" in told


def test_dotenv_counts_in_a_check_where_it_is_a_layer(layered: Near) -> None:
    layered.write("invoke.yaml", SETTINGS.replace(".env.shared", ".env"))
    layered.write(".env", "LOG_LEVEL=info\nTOKEN=t0ken\n")
    layered.write(".env.example", "LOG_LEVEL=\nTOKEN=\n")
    ran(layered, "config.lock")
    ran(layered, "config.check --only lock --only parity")


def test_layers_of_one_app_share_no_secret(layered: Near) -> None:
    secret = "w8rD2kQz7RfT0pLw"
    layered.write(".env.shared", f"API_TOKEN={secret}\n")
    layered.write(".env.production", f"API_TOKEN={secret}\n")
    assert ran(layered, "config.check --only shared").out == "No findings.\n"
    layered.write(".env.production", "A=1\n")
    layered.write("invoke.yaml", SETTINGS.replace(".env.shared, .env.worker", ".env.worker"))
    layered.write(".env.worker", f"API_TOKEN={secret}\n")
    assert "API_TOKEN is the same as API_TOKEN in .env.shared" in (
        ran(layered, "config.check --only shared", 2).out
    )


def test_the_key_of_a_lock_does_not_belong_into_a_shared_layer(layered: Near) -> None:
    layered.write(".env.shared", f"CONFIG_LOCK_KEY={KEY}\n")
    assert "CONFIG_LOCK_KEY stands in a layer of several apps" in (
        ran(layered, "config.check --only shared", 2).out
    )


def test_a_placeholder_that_every_app_fills_in_is_none(layered: Near) -> None:
    layered.write(".env.shared", "TOKEN=changeme\n")
    layered.write(".env.production", "TOKEN=w8rD2kQz\n")
    assert (
        ".env.shared:1  placeholder  TOKEN"
        in ran(layered, "config.check --only placeholder", 2).out
    )
    layered.write(".env.worker", "TOKEN=w8rD2kQy\n")
    assert ran(layered, "config.check --only placeholder").out == "No findings.\n"


# The way back.


def test_a_rollback_brings_back_what_a_layer_declares(layered: Near, app: App) -> None:
    before = app.releases[-1].version
    app.set_vars({"TOKEN": None})
    ran(layered, f"config.rollback --app myapp --to v{before} --confirm myapp")
    assert app.vars["TOKEN"] == "t0ken"


def test_a_file_changed_by_hand_while_the_other_is_written_is_not_lost(
    layered: Near, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two files is refused; what was written before is told."""
    app.set_vars({"TOKEN": "n3wer", "OLD": "newer"})
    top = layered.folder / ".env.production"
    rename = Path.replace

    def meddle(self: Path, target: Path) -> Path:
        done = rename(self, target)
        if Path(target).name == ".env.shared":
            top.write_text(f"{TOP}MINE=1\n")
        return done

    monkeypatch.setattr(Path, "replace", meddle)
    told = ran(layered, "config.pull --app myapp --yes", 1).err
    assert "warning: written before that: .env.shared\n" in told
    assert (
        "error: .env.production: cannot be written (it changed meanwhile); it is as it was" in told
    )
    assert top.read_text() == f"{TOP}MINE=1\n"


# One name alone.


def test_a_sync_of_one_name_says_where_else_it_is_declared(layered: Near, app: App) -> None:
    layered.write("invoke.yaml", f"{SETTINGS}    staging: {{file: .env.staging}}\n")
    layered.write(".env.staging", "TOKEN=of-staging\n")
    told = ran(layered, "config.sync --app myapp --only TOKEN --only OLD --dry-run")
    assert told.err == (
        "TOKEN is declared elsewhere too: .env.shared:2 for worker (the same value);"
        " .env.staging:1 for staging (another value)\n"
    )
    assert "elsewhere" not in ran(layered, "config.sync --app myapp --dry-run").err


def test_what_cannot_be_read_is_no_reason_not_to_sync_one_name(layered: Near, app: App) -> None:
    layered.write(".env.worker", "not an env file")
    app.set_vars({"TOKEN": "moved"})
    assert ran(layered, "config.sync --app myapp --only TOKEN --yes").err == (
        "TOKEN is declared elsewhere too: .env.shared:2 for worker (the same value)\n"
    )
    assert app.vars["TOKEN"] == "t0ken"


def test_a_remark_does_not_wait_for_who_writes_into_a_pipe(layered: Near) -> None:
    (layered.folder / ".env.worker").unlink()
    os.mkfifo(layered.folder / ".env.worker")
    ran(layered, "config.sync --app myapp --only TOKEN --dry-run")
