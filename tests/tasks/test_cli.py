"""Heroku's own CLI sees what our tasks did. Needs HEROKU_CLI; `.ci/run` installs it."""

import json
import os
import subprocess

import pytest

from deploy.emulator import App

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
        "DATABASE_URL": "postgres://user:word@host/db",
    }


def test_what_herokus_own_cli_sets_is_seen_by_a_diff_and_its_rollback_undoes_a_sync(
    face: Face, app: App
) -> None:
    heroku(face, "config:set LOG_LEVEL=trace -a myapp")
    done = face.run("config.sync --app myapp --yes")
    assert "  ~ LOG_LEVEL  ******** -> ********\n" in done.out
    undo = done.out.rpartition("Undo: heroku ")[2].strip()
    assert undo == "rollback v4 --app myapp"
    heroku(face, undo)
    assert app.vars["LOG_LEVEL"] == "trace"
