"""`config.ready` as a command: does this app hold what this commit needs."""

import json
import os

import pytest

from deploy.emulator import App, Body, Emulator, Fault, Status

from .conftest import Here
from .face import KEY, Face, settings

READY = "config.ready --app myapp"
NEEDS = """\
import os

token = os.environ["TOKEN"]
level = os.getenv("LOG_LEVEL", "info")
"""


@pytest.fixture(autouse=True)
def code(face: Face) -> None:
    """A program that needs TOKEN, which myapp has; and no env file."""
    (face.folder / ".env.production").unlink()
    face.write("app.py", NEEDS)


def test_an_app_that_has_every_name_is_ready(here: Here, emulator: Emulator) -> None:
    done = here(READY)
    assert (done.code, done.out, done.err) == (
        0,
        "myapp is ready: it has the 1 name that the code needs.\n",
        "",
    )
    assert {request.method for request in emulator.requests} == {"GET"}


def test_a_name_that_is_missing_is_told_with_what_reads_it(here: Here, face: Face) -> None:
    face.write("app.json", '{"env": {"DSN": {}, "TOKEN": {}}}')
    face.write("worker.py", 'import os\nos.environ["QUEUE_URL"]\n')
    done = here(READY)
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        "  - DSN        is missing: app.json:1\n"
        "  - QUEUE_URL  is missing: worker.py:2\n"
        "myapp is not ready: 2 of 3 names that the code needs are missing.\n"
        "Declare what is missing, and:\n"
        "  invoke config.sync --app myapp\n"
    )


def test_a_live_value_that_cannot_be_right_is_told_and_not_shown(
    here: Here, app: App, face: Face
) -> None:
    app.set_vars({"TOKEN": "changeme", "EMPTY": "", "SEALED": "encrypted:Zm9v"})
    done = here(READY)
    assert done.code == 2
    assert "~ TOKEN   looks like a placeholder that nobody filled in\n" in done.out
    assert "~ EMPTY   is empty\n" in done.out
    assert "~ SEALED  is ciphertext that nobody decrypted\n" in done.out
    assert "changeme" not in done.out
    face.write("invoke.yaml", settings({}, ignore=["EMPTY"], encrypted=["SEALED"]))
    app.set_vars({"TOKEN": "t"})
    assert here(READY).code == 0


def test_what_an_add_on_brings_is_its_own(here: Here, emulator: Emulator, app: App) -> None:
    app.set_vars({"DATABASE_URL": ""})
    assert here(READY).code == 0


def test_what_could_not_be_read_is_never_ready(here: Here, face: Face) -> None:
    face.write("app.json", "{")
    done = here(READY)
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        "app.json  note: does not parse as app.json: not checked\n"
        "Whether myapp is ready is not known: a file was not checked; the 1 name it has.\n"
    )


def test_another_app_s_names_that_this_one_lacks_are_told(here: Here, emulator: Emulator) -> None:
    emulator.add_app("staging", {"TOKEN": "x", "FLAG": "on", "DSN": "y"})
    done = here(f"{READY} --like staging")
    assert done.out.startswith("staging has, and myapp lacks: DSN, FLAG\n")
    assert done.code == 0


def test_json_is_one_document_and_github_has_annotations(here: Here, face: Face) -> None:
    face.write("app.py", 'import os\nos.environ["MISSING"]\n')
    document = json.loads(here(f"{READY} --format json").out)
    assert document["missing"] == [
        {"name": "MISSING", "places": [{"path": "app.py", "line": 2}]},
    ]
    assert here(f"{READY} --format github").out.startswith(
        "::error file=app.py,line=2,title=myapp::MISSING is missing on myapp; needed by app.py:2\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--environ --app myapp", "error: --environ asks no app\n"),
        ("--environ --like myapp", "error: --environ asks no app\n"),
        ("--app myapp --like myapp", "error: --like is myapp too\n"),
        ("--app myapp --like My_App", "error: --like holds no app's name\n"),
        ("--app myapp --format xml", "error: --format is none of text, json, github\n"),
    ],
)
def test_options_that_go_with_nothing_are_refused(words: str, said: str, here: Here) -> None:
    done = here(f"config.ready {words}")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(said)
    assert "\n  " in done.err


def test_a_key_that_may_not_read_config_vars_is_told_its_scope(
    here: Here, emulator: Emulator
) -> None:
    emulator.restrict(KEY, ["read"])
    done = here(READY)
    assert (done.code, done.out) == (1, "")
    assert "has scope read; this needs" in done.err


@pytest.mark.parametrize("what", [Status(404), Body("[]")])
def test_what_heroku_does_not_answer_is_not_known(
    what: Status | Body, here: Here, emulator: Emulator
) -> None:
    emulator.inject(Fault(path="/apps/*/config-vars", what=what, times=9))
    done = here(READY)
    assert (done.code, done.out) == (1, "")


# The release phase.


def test_the_environment_of_a_release_phase_is_judged_without_a_key(
    here: Here, face: Face, emulator: Emulator
) -> None:
    del face.env["HEROKU_API_KEY"]
    done = here("config.ready --environ")
    assert done.code == 2
    assert done.out == (
        "  - TOKEN  is missing: app.py:3\n"
        "this environment is not ready: 1 of 1 name that the code needs is missing.\n"
    )
    face.env["TOKEN"] = "t0ken"
    done = here("config.ready --environ")
    assert (done.code, done.out) == (
        0,
        "this environment is ready: it has the 1 name that the code needs.\n",
    )
    face.env["TOKEN"] = ""
    assert here("config.ready --environ").out.startswith("  ~ TOKEN  is empty\n")
    assert emulator.requests == []


def test_a_release_phase_fails_where_a_change_takes_a_var_away(face: Face, app: App) -> None:
    """As a dyno does it: the line of the Procfile, without git, and the app's vars alone."""
    face.write("Procfile", "release: invoke config.ready --environ\nweb: gunicorn app:app\n")
    lines = (face.folder / "Procfile").read_text().splitlines()
    release = dict(line.split(": ", 1) for line in lines)["release"]
    own = {name: face.env[name] for name in ("PATH", "PYTHONPATH", "HOME")}

    def phase() -> int:
        face.env = {**own, "DYNO": "release.1", **app.vars}
        return face.shell(["sh", "-c", release]).code

    assert phase() == 0
    app.set_vars({"TOKEN": None})
    assert phase() == 2


def test_a_dyno_has_neither_git_nor_a_checkout(face: Face) -> None:
    face.env["PATH"] = os.pathsep.join(["/nowhere"])
    face.env["TOKEN"] = "t0ken"
    assert face.run("config.ready --environ").code == 0
