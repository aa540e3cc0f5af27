"""What is odd about an env file is said of the entries that are sent, and of no others."""

import json

import pytest

from deploy.emulator import App, Emulator

from .conftest import Near
from .face import Face, settings

LEFT = "is sent as it stands: nothing is filled in"
HOME = "HOME: is set by the shell on each dyno"


@pytest.fixture
def face(near: Near) -> Face:
    return near


def said(face: Face, line: str) -> list[str]:
    """What standard error says of a command that does not fail."""
    done = face.run(line)
    assert done.code in (0, 2), done
    return done.err.splitlines()


@pytest.mark.parametrize("task", ["config.diff", "config.sync --yes"])
def test_one_line_is_for_all_braces(face: Face, task: str) -> None:
    face.write(".env.production", "A=x${X}\nHOME=/\nB=x${X}\nC='x${X}'\nD=${X}y\n")
    assert said(face, f"{task} --app myapp") == [
        f"warning: .env.production: A (line 1), B (line 3), D (line 5): ${{…}} {LEFT}",
        f"warning: .env.production: line 2: {HOME}",
    ]


def test_one_value_with_braces_has_its_line(face: Face) -> None:
    face.write(".env.production", "A=x${X}\n")
    assert said(face, "config.diff --app myapp") == [
        f"warning: .env.production: line 1: A: ${{…}} {LEFT}"
    ]


def test_what_is_live_already_is_not_warned_about(face: Face) -> None:
    face.write(".env.production", "HOME=/\nA=x${X}\nQUOTED=' x '\n")
    assert len(said(face, "config.sync --app myapp --yes")) == 2
    for line in ("diff", "sync", "drift --no-blame"):
        assert said(face, f"config.{line} --app myapp") == []


def test_a_name_that_is_not_asked_for_is_not_warned_about(face: Face) -> None:
    face.write(".env.production", "HOME=/\nUSER=x\nNEW=1\n")
    assert said(face, "config.diff --app myapp --only NEW") == []
    assert said(face, "config.diff --app myapp --only HOME --only NEW") == [
        f"warning: .env.production: line 1: {HOME}"
    ]


@pytest.mark.parametrize(
    "line", ["config.diff", "config.sync --dry-run", "config.drift --no-blame"]
)
def test_a_declared_value_that_heroku_repeats_is_masked_before_it_was_sent(
    face: Face, emulator: Emulator, line: str
) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=c4n4ry-value\nOLD=old\n")
    emulator.warn = "who set c4n4ry-value?"
    assert said(face, f"{line} --app myapp") == ["Heroku says: who set ********?"]


def test_what_heroku_itself_says_of_a_name_is_told_once(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\nHEROKU_TOKEN=x\n")
    assert face.run("config.sync --app myapp --yes").err.count("namespace is protected") == 1
    assert app.vars["HEROKU_TOKEN"] == "x"


def test_what_is_ignored_or_owned_is_not_warned_about(face: Face) -> None:
    face.write(".env.production", "HOME=/\nDATABASE_URL=x${X}\nLOG_LEVEL=trace\n")
    face.write("invoke.yaml", settings({}, ignore=["HOME"]))
    assert said(face, "config.diff --app myapp") == []


def test_a_swallowed_name_is_warned_about_where_its_value_is_sent(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nNEW='x\nNEVER_SEEN=1'\n")
    assert said(face, "config.diff --app myapp --only LOG_LEVEL") == []
    inside = "an assignment inside a quoted value: is a quote further up left open?"
    assert said(face, "config.diff --app myapp --only NEW") == [
        f"warning: .env.production: line 3: NEVER_SEEN: {inside}"
    ]


def test_a_warning_comes_before_the_plan_and_in_json_too(face: Face) -> None:
    face.write(".env.production", "HOME=/\nLOG_LEVEL=info\nPORT=1\n")
    face.run("config.sync --app myapp --only PORT --yes")
    done = face.run("config.diff --app myapp --format json")
    assert done.err == f"warning: .env.production: line 1: {HOME}\n"
    assert json.loads(done.out)["warnings"] == [
        {
            "file": ".env.production",
            "line": 1,
            "name": "HOME",
            "reason": "is set by the shell on each dyno",
        }
    ]


def test_drift_warns_of_what_drifted_once_for_all_apps_of_a_file(
    face: Face, emulator: Emulator, app: App
) -> None:
    app.set_vars({"HOME": "/other", "PORT": "1"})
    emulator.add_app("other", {"HOME": "/other", "PORT": "1"})
    face.write(".env.production", "HOME=/\nPORT=1\n")
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.production"}))
    assert said(face, "config.drift --no-blame") == [f"warning: .env.production: line 1: {HOME}"]


def test_what_a_pull_writes_draws_no_warning(face: Face, app: App) -> None:
    app.set_vars(
        {
            "HASH": "abc#def",
            "STARTS": "#x",
            "COMMENT": "x # y",
            "BRACES": "x${Y}",
            "REFERENCE": "$DB_PASSWORD",
            "OP": "op://vault/item/field",
            "ODD": "undefined",
            "BLANKS": " x ",
            "WINDOWS": "C:\\temp\\new",
            "BACKTICK": "`x",
            "LINE": "x B_TOKEN=1 C_URL=2",
            "PEM": "-----BEGIN KEY-----\nYWJj\nYWI=\n-----END KEY-----\n",
            "CLASS": "App\\Kernel",
            "QUOTE": "it's ${X} # and C:\\x",
        }
    )
    face.write(".gitignore", ".env*\n")
    assert face.run("config.pull --app myapp --yes").code == 0
    assert said(face, "config.diff --app myapp") == []
    found = face.run("config.check --only syntax --only placeholder")
    assert found.out == "No findings.\n"
