"""Ctrl-C and SIGTERM at the moments that are hard: one sentence, one document, no hanging."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from deploy.emulator import App, Emulator

from ..conftest import some
from .face import Face, settings

SYNC = "config.sync --app myapp --yes --format json"


@contextmanager
def strikes(face: Face, number: str, line: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.tasks.striking", number, *line.split()],
        cwd=face.folder,
        env=face.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def strike(process: "subprocess.Popen[str]", moment: int) -> Any:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{moment}\n")
    return json.loads(process.stdout.readline())


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [("SIGINT", 130, "interrupted (Ctrl-C)"), ("SIGTERM", 143, "terminated (SIGTERM)")],
    ids=["ctrl-c", "sigterm"],
)
def test_a_signal_at_any_lock_of_a_sync_ends_it_with_the_truth_in_one_document(
    number: str, code: int, word: str, face: Face, app: App
) -> None:
    """Where the library's pool has just taken its own, 26 of 26 runs hung; EVERY=1 tries each."""
    with strikes(face, number, SYNC) as process:
        face.write(".env.production", "LOG_LEVEL=0\nTOKEN=t0ken\n")
        moments = strike(process, 0)["count"]
        assert moments > 100
        ends = set()
        for moment in some(range(1, moments + 1), 20):
            face.write(".env.production", f"LOG_LEVEL={moment}\nTOKEN=t0ken\n")
            seen = strike(process, moment)
            ends.add(seen["code"])
            document = json.loads(seen["out"])  # one, and nothing else
            is_written = app.vars["LOG_LEVEL"] == str(moment)
            if seen["code"] == 0:
                assert (is_written, seen["err"]) == (True, "")
                continue
            assert seen["code"] == code, seen
            assert seen["err"].startswith(f"error: {word}"), seen
            assert document["error"]["message"].startswith(word)
            assert not (is_written and "nothing was written" in seen["err"]), seen
            assert is_written or "has it" not in seen["err"], seen
    assert code in ends
    assert ends <= {0, code}


# Where none of our tasks runs.

SENT = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
SILENT = """\
from invoke import Collection, task
from deploy.tasks import config

@task
def own(c):
    import os, signal
    try:
        os.kill(os.getpid(), signal.SIGINT)
        print("never said")
    except KeyboardInterrupt:
        print("mended")

ns = Collection(config, own)
"""


def test_ctrl_c_before_a_task_is_told_in_a_line(face: Face) -> None:
    face.write("tasks.py", f"from deploy.tasks import ns\n{SENT}")
    done = face.run("config.diff --app myapp")
    assert (done.code, done.out) == (130, "")
    assert done.err == "error: interrupted (Ctrl-C); nothing was written\n"


@pytest.mark.parametrize(
    ("line", "code"), [("config.diff --app myapp", 0), ("config.diff --app myapp --file nosuch", 1)]
)
def test_ctrl_c_while_python_takes_itself_down_changes_nothing(
    line: str, code: int, face: Face
) -> None:
    usual = face.run(line)
    face.write(
        "tasks.py",
        "import atexit, os, signal\nfrom deploy.tasks import ns\n"
        "atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))\n",
    )
    assert face.run(line) == usual
    assert usual.code == code


def test_another_task_of_the_same_line_hears_its_own_ctrl_c(face: Face) -> None:
    face.write("tasks.py", SILENT)
    for line in ("own", "config.diff --app myapp own"):
        done = face.run(line)
        assert (done.code, done.err) == (0, "")
        assert done.out.endswith("mended\n")


# Many apps at once.


@pytest.mark.parametrize(
    ("number", "code"), [("SIGINT", 130), ("SIGTERM", 143)], ids=["ctrl-c", "sigterm"]
)
def test_a_signal_at_any_lock_of_a_sync_of_many_apps_leaves_a_table_that_is_true(
    number: str, code: int, face: Face, emulator: Emulator
) -> None:
    """The document has a row an app; where nothing was begun it is an error alone."""
    names = [f"app-{number}" for number in range(5)]
    for name in names:
        emulator.add_app(name, {"LEVEL": "info"})
    face.write("invoke.yaml", settings(dict.fromkeys(names, ".env.production")) + "  workers: 2\n")
    with strikes(face, number, "config.sync --all --yes --format json") as process:
        face.write(".env.production", "LEVEL=0\n")
        moments = strike(process, 0)["count"]
        ends = set()
        for moment in some(range(1, moments + 1, 5), 20):  # all of them would take minutes
            face.write(".env.production", f"LEVEL={moment}\n")
            emulator.rate_limit_remaining = 4500
            seen = strike(process, moment)
            ends.add(seen["code"])
            document = json.loads(seen["out"])  # one, and nothing else
            states = {each["app"]: each["state"] for each in document.get("apps", [])}
            for name in names:
                is_new = emulator.app(name).vars["LEVEL"] == str(moment)
                state = states.get(name, "not_begun")
                assert state in {"applied", "unknown"} if is_new else state != "applied", seen
            assert seen["code"] in {0, code}, seen
            assert (seen["code"] == 0) == ("error" not in document), seen
    assert code in ends
