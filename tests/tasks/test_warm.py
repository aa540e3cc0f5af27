"""A run in the warm process is what a run in a process of its own is."""

import os
import re
import signal
import subprocess

import pytest

from deploy.emulator import App, Emulator, Fault, Latency

from . import warm
from .face import Done, Face

LINES = (
    "--list",
    "--help config.sync",
    "config.diff",
    "config.diff --app myapp --format json --exit-code",
    "config.sync --app myapp --dry-run",
    "config.sync --app myapp --yes --confirm nobody",
    "config.drift --app myapp",
    "config.history --app myapp",
    "config.compare --app myapp --with other",
    "config.lock --check",
    "config.pull --app myapp --dry-run",
    "config.rollback --app myapp --to v1 --dry-run",
    "config.check",
    "config.ready --app myapp",
    "config.diff --app absent",
    "config.diff --no-such-option",
    "no-such-task",
    "",
)


@pytest.fixture
def changed(face: Face, emulator: Emulator, app: App) -> Face:
    app.set_vars({"LATER": "1"})
    emulator.add_app("other", {"LOG_LEVEL": "debug"})
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\nNEW=\n")
    face.write("app.py", "import os\nos.environ['ABSENT']\n")
    return face


def told(done: Done) -> Done:
    """Without what is another at each run, and of a traceback the end."""
    err = re.sub(r"\[Request-Id [^]]*\]", "", done.err)
    is_traceback = err.startswith("Traceback")
    return Done(done.code, done.out, err.splitlines()[-1] if is_traceback else err)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("line", LINES)
def test_a_warm_run_says_what_a_cold_one_says(line: str, changed: Face) -> None:
    assert told(changed.run(line)) == told(changed.cold(line))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tasks.py", "import nothing_of_this_name\n"),
        ("tasks.py", "from deploy.tasks import ns\nraise KeyboardInterrupt\n"),
        ("invoke.yaml", "heroku: {ignor: [A]}\n"),
        ("invoke.yaml", "heroku: [\n"),
        (".env.production", "A='\n"),
    ],
)
def test_what_is_broken_is_told_the_same_way(name: str, text: str, changed: Face) -> None:
    changed.write(name, text)
    done = changed.run("config.diff --app myapp")
    assert done.code != 0
    assert told(done) == told(changed.cold("config.diff --app myapp"))


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("name", "value"),
    [("PYTHONIOENCODING", "ascii"), ("PYTHONUTF8", "0"), ("LC_ALL", "C"), ("INVOKE_DEBUG", "")],
)
def test_what_an_interpreter_reads_at_its_start_holds(name: str, value: str, changed: Face) -> None:
    changed.env[name] = value
    changed.write("tasks.py", "import sys\nprint(sys.stdout.encoding, sys.stderr.errors, 'é')\n")
    assert told(changed.run("--list")) == told(changed.cold("--list"))


def test_a_run_has_a_session_and_nothing_open_but_its_streams(face: Face) -> None:
    face.write(
        "tasks.py",
        "import os, sys\n"
        "fds = sorted(int(n) for n in os.listdir('/dev/fd'))\n"
        "print(os.getpid() == os.getsid(0), [n for n in fds if n > 3], os.getcwd(), sys.argv[1:])\n"
        "print(sorted(os.environ), sys.path[0], sys.stdin.read())\n",
    )
    warm_run, cold_run = (
        face.run("--list", stdin=b"x" * 70_000),
        face.cold("--list", stdin=b"x" * 70_000),
    )
    assert warm_run.out.startswith("True [] ")
    assert warm_run == cold_run


def test_a_run_that_a_signal_ends_is_told_as_one(face: Face, emulator: Emulator) -> None:
    emulator.inject(Fault(what=Latency(20.0), times=9))
    asked = warm.Asked(["config.diff", "--app", "myapp"], str(face.folder), face.env)
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123  # a device
        process = warm.Process(asked, [nothing.fileno()] * 3)
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0)
        process.kill()
        assert process.wait(20) == -signal.SIGKILL == process.poll()


def test_a_run_that_reads_no_input_ends_however_much_is_given(face: Face) -> None:
    """More than a pipe holds: it is still being written when nobody can read it any more."""
    asked = warm.Asked(["--list"], str(face.folder), face.env)
    assert warm.run(asked, b"x" * (1 << 20), 20).returncode == 0
