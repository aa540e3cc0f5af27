"""Heroku's own CLI sees what our tasks did. Needs HEROKU_CLI; `.ci/run` installs it."""

import json
import os
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator
from deploy.emulator.sample import add_demo
from deploy.emulator.state import OWNER

from .face import Face

pytestmark = pytest.mark.cli


def heroku(face: Face, words: str) -> str:
    cli = os.environ.get("HEROKU_CLI")
    assert cli, "set HEROKU_CLI to the path of Heroku's own CLI (npm install heroku)"
    env = {
        **face.env,
        "PATH": os.environ["PATH"],
        "DISABLE_TELEMETRY": "true",
        "HEROKU_SKIP_NEW_VERSION_CHECK": "true",
        "HEROKU_DISABLE_AUTOUPDATE": "1",
    }
    return subprocess.check_output([cli, *words.split()], cwd=face.folder, env=env, text=True)


def test_a_sync_is_seen_by_herokus_own_cli(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nPEM=\"a\nb\"\nTOKEN='t0ken'\n")
    assert face.run("config.sync --app myapp --prune --confirm myapp").code == 0
    assert json.loads(heroku(face, "config -a myapp --json")) == {
        "LOG_LEVEL": "debug",
        "PEM": "a\nb",
        "TOKEN": "t0ken",
        "DATABASE_URL": "postgres://user:w8rD2kQz@host.db.dev/db",
    }


def live(face: Face) -> dict[str, str]:
    """The vars of `myapp` as Heroku's own CLI reads them."""
    found: dict[str, str] = json.loads(heroku(face, "config -a myapp --json"))
    return found


def test_what_herokus_own_cli_sets_is_seen_by_a_diff_and_the_undo_brings_it_back(
    face: Face, app: App
) -> None:
    heroku(face, "config:set LOG_LEVEL=trace -a myapp")
    done = face.run("config.sync --app myapp --yes")
    assert "  ~ LOG_LEVEL  ******** -> ********\n" in done.out
    undo = done.out.rpartition("Undo: invoke ")[2].strip()
    assert undo == "config.rollback --app myapp --to v4"
    assert face.run(f"{undo} --confirm myapp").code == 0
    assert live(face)["LOG_LEVEL"] == "trace"


def test_herokus_own_cli_sees_each_rollback(face: Face, app: App) -> None:
    states = []
    for text in ("A=1\nB=1\n", "A=2\nB=1\nC=3\n", "A=2\nC=4\n"):
        face.write(".env.production", text)
        assert face.run("config.sync --app myapp --prune --confirm myapp --force").code == 0
        states.append(live(face))
    assert len({str(state) for state in states}) == 3
    rows = face.run("config.history --app myapp --limit 3").out.splitlines()[:3]
    assert [row.split("  ")[0::4] for row in rows] == [
        ["v6", "-B ~C"],
        ["v5", "~A +C"],
        ["v4", "+A +B -LOG_LEVEL -OLD -TOKEN"],
    ]
    back = "config.rollback --app myapp --confirm myapp --to"
    assert face.run(f"{back} v4 --restore B").code == 0
    assert live(face) == states[0]
    assert face.run(f"{back} v6").code == 0
    assert live(face) == states[2]
    assert [release.version for release in app.releases][-2:] == [7, 8]
    assert "v8 " in heroku(face, "releases -a myapp")


def test_what_herokus_own_cli_sets_is_drift_from_a_committed_lock(
    face: Face, emulator: Emulator, tmp_path: Path
) -> None:
    add_demo(emulator)
    names = ("API_KEY", "LEGACY_FLAG", "LOG_LEVEL", "SMTP_PASSWORD", "WEB_CONCURRENCY")
    live = emulator.app("demo").vars
    env = face.write(".env.production", "".join(f"{name}={live[name]}\n" for name in names))
    assert face.run("config.lock --yes").code == 0
    assert face.run("config.sync --app demo --yes").code == 0
    env.unlink()
    done = face.run("config.drift --app demo")
    assert (done.code, done.err) == (0, "")
    assert done.out == "demo is in sync with .env.production.lock: 5 equal.\n"

    emulator.clock = lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    heroku(face, "config:set LOG_LEVEL=debug -a demo")
    version = emulator.app("demo").releases[-1].version
    done = face.run("config.drift --app demo")
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        "demo drifted from .env.production.lock: 1 changed, 0 missing, 0 unmanaged; 4 equal.\n"
        f"  ~ LOG_LEVEL  changed: v{version}, 2026-01-02T03:04:05Z, {OWNER}\n"
        "To restore what was declared, with .env.production at hand:"
        " invoke config.sync --app demo\n"
        "To take over what is live: invoke config.pull --app demo && invoke config.lock\n"
    )

    face.env["GITHUB_STEP_SUMMARY"] = str(tmp_path / "summary.md")
    done = face.run("config.drift --app demo --format github")
    assert done.code == 2
    text = done.out + (tmp_path / "summary.md").read_text()
    assert f"LOG_LEVEL differs on Heroku since v{version}" in text
    assert not any(word in text for word in (OWNER, "example.com", "debug", "demo-"))
    done = face.run("config.drift --app demo --format json")
    [row] = json.loads(done.out)["apps"]
    assert [(each["name"], each["origin"]["user"]) for each in row["drifted"]] == [
        ("LOG_LEVEL", OWNER)
    ]
