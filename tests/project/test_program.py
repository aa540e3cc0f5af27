"""Programs that print an env file, and all that they can do wrong."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from deploy import signals, workers
from deploy.errors import DeployError, Terminated
from deploy.project import program
from deploy.project.program import ProgramFailed, ProgramMissing, output_of

from ..support import said_by

SECRET = "canary-9f27bdacce"
ENVIRON = {"PATH": os.environ["PATH"], "HOME": "/nobody", "TOOL_TOKEN": "its-own"}
PATIENT = 30.0
"""Seconds for what comes at once."""
UNLIMITED = 600.0
ROOT = Path(__file__).parents[2]


def nothing() -> Collection[str]:
    return ()


def never() -> Collection[str]:
    raise AssertionError("the names were asked for")


def run(
    folder: Path,
    *argv: str,
    seconds: float = UNLIMITED,
    environ: Mapping[str, str] = ENVIRON,
    names: Callable[[], Collection[str]] = never,
) -> bytes:
    return output_of(
        argv, shown="the tool", folder=folder, environ=environ, seconds=seconds, names=names
    )


def sh(folder: Path, script: str, **options: object) -> bytes:
    return run(folder, "sh", "-c", script, **options)  # type: ignore[arg-type]  # those of `run`


def failure(
    folder: Path,
    *argv: str,
    seconds: float = UNLIMITED,
    names: Callable[[], Collection[str]] = nothing,
) -> ProgramFailed:
    with pytest.raises(ProgramFailed) as caught:
        run(folder, *argv, seconds=seconds, names=names)
    assert SECRET not in said_by(caught.value)
    return caught.value


def reason(folder: Path, script: str, **options: object) -> str:
    error = failure(folder, "sh", "-c", script, **options)  # type: ignore[arg-type]  # as above
    assert (error.path, str(error)) == ("the tool", f"the tool: {error.reason}")
    return error.reason


class Held:
    """A named pipe that a script holds open for as long as it, or what it started, lives."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "held"
        os.mkfifo(self.path)
        self._end = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)

    def wait_until_begun(self) -> None:
        assert select.select([self._end], [], [], PATIENT)[0]
        assert os.read(self._end, 1) == b"."

    def is_let_go(self) -> bool:
        """Whether all who held it have ended, within a time in which none ends by itself."""
        os.close(os.open(self.path, os.O_WRONLY))  # so that there is an end, if nobody came
        while select.select([self._end], [], [], PATIENT)[0]:
            if not os.read(self._end, 1):
                return True
        return False

    def close(self) -> None:
        os.close(self._end)


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    held = Held(tmp_path)
    yield held
    held.close()


HOLD = "exec 9>held; printf . >&9; "
FOR_EVER = "sleep 600"
WAITS = "it may wait for a login, and no terminal is given"


def in_python(text: str, *words: str, folder: Path = ROOT, stdin: int = subprocess.DEVNULL) -> str:
    """What a process of its own prints, in a session of its own."""
    done = subprocess.run(
        [sys.executable, "-c", text, *words],
        cwd=folder,
        env={**ENVIRON, "PYTHONPATH": str(ROOT)},
        stdin=stdin,
        stdout=subprocess.PIPE,
        check=True,
        start_new_session=True,
        timeout=PATIENT,
    )
    return done.stdout.decode()


# What is taken.


def test_what_it_prints_is_taken_byte_by_byte(tmp_path: Path) -> None:
    printed = b"\xef\xbb\xbfA=1\r\nB=\xff\xfe\0\n\n"
    (tmp_path / "file").write_bytes(printed)
    assert run(tmp_path, "cat", "file") == printed


def test_as_much_as_an_env_file_may_have_is_taken(tmp_path: Path) -> None:
    whole = b"A=" + b"x" * ((1 << 20) - 2)
    (tmp_path / "file").write_bytes(whole)
    assert run(tmp_path, "cat", "file") == whole


def test_words_of_the_command_are_no_shell_s(tmp_path: Path) -> None:
    words = ["$HOME", "`id`", "a b", "*", "x\ny", ";", "", "é"]
    assert run(tmp_path, "printf", "[%s]", *words).decode() == "".join(f"[{w}]" for w in words)


def test_it_runs_in_the_folder_and_is_found_from_there(tmp_path: Path) -> None:
    script = tmp_path / "bin" / "tool"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\npwd -P\n")
    script.chmod(0o755)
    expected = f"{tmp_path.resolve()}\n".encode()
    assert run(tmp_path, "bin/tool") == expected
    on_path = {**ENVIRON, "PATH": f"{script.parent}:{ENVIRON['PATH']}"}
    assert run(tmp_path, "tool", environ=on_path) == expected


def test_it_gets_the_environment_but_nothing_of_heroku_s(tmp_path: Path) -> None:
    keys = {"HEROKU_API_KEY": SECRET, "HEROKU_APP": "x", "HEROKU_HEADERS": SECRET}
    found = run(tmp_path, "env", environ={**ENVIRON, **keys}).decode()
    assert SECRET not in found
    assert "HEROKU_" not in found
    assert {"TOOL_TOKEN=its-own", "HOME=/nobody"} <= {*found.splitlines()}


AT_A_TERMINAL = """\
import fcntl, os, termios
from pathlib import Path
from deploy.project.program import output_of
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.close(os.open("/dev/tty", os.O_RDWR))
script = "(: </dev/tty) 2>/dev/null && echo A=tty || echo A=none; cat"
print(output_of(["sh", "-c", script], shown="x", folder=Path("."), environ=os.environ,
                seconds=60, names=tuple).decode(), end="")
"""


def test_it_has_no_terminal_and_no_input_where_we_have_them() -> None:
    ours, theirs = os.openpty()
    found = in_python(AT_A_TERMINAL, stdin=theirs)
    os.close(theirs)
    os.close(ours)
    assert found == "A=none\n"


def test_what_it_says_beside_is_not_shown_and_does_not_hold_it_up(tmp_path: Path) -> None:
    flood = "head -c 5000000 /dev/zero >&2; echo A=1; head -c 5000000 /dev/zero >&2"
    assert sh(tmp_path, flood) == b"A=1\n"


def test_a_program_that_closes_its_output_may_still_take_its_time(tmp_path: Path) -> None:
    assert sh(tmp_path, "echo A=1; exec >&-; head -c 500000 /dev/zero >&2") == b"A=1\n"
    assert reason(tmp_path, "echo A=1; exec >&- 2>&-; exit 4") == "ended with exit code 4"


@pytest.mark.parametrize("streams", ["", ">/dev/null", ">/dev/null 2>&1"])
def test_what_it_left_behind_neither_holds_it_up_nor_lives_on(
    streams: str, tmp_path: Path, held: Held
) -> None:
    script = f"{HOLD} {FOR_EVER} {streams} & echo A=1"
    assert sh(tmp_path, script) == b"A=1\n"
    held.wait_until_begun()
    assert held.is_let_go()


def test_what_it_left_behind_may_print_on_and_is_waited_for(tmp_path: Path) -> None:
    lines = "i=0; while [ $i -lt 20000 ]; do echo B=2; i=$((i+1)); done"
    assert len(sh(tmp_path, f"({lines}) & echo A=1")) == 20_001 * 4


def test_what_it_left_behind_is_not_taken_for_quiet_too_soon(tmp_path: Path) -> None:
    script = f"{FOR_EVER} & echo A=1"
    assert reason(tmp_path, script, seconds=0.1) == f"did not end within 0.1 s: {WAITS}"


# What is not.


def test_a_whole_output_and_then_a_failure_is_none(tmp_path: Path) -> None:
    error = failure(tmp_path, "sh", "-c", "echo A=1; exit 3")
    assert str(error) == "the tool: ended with exit code 3"
    assert error.next_step == "run it by hand: sh -c 'echo A=1; exit 3'"
    assert (type(error), error.exit_code) == (ProgramFailed, 1)


@pytest.mark.parametrize("name", ["KILL", "TERM", "SEGV", "PIPE"])
def test_half_an_output_and_then_a_signal_is_none(name: str, tmp_path: Path) -> None:
    assert reason(tmp_path, f"printf A=1; kill -{name} $$") == f"was ended by SIG{name}"


@pytest.mark.parametrize("script", [":", "echo", "printf ' \\t\\n\\r\\n'"])
def test_nothing_is_no_declaration(script: str, tmp_path: Path) -> None:
    assert reason(tmp_path, script) == "printed nothing"


@pytest.mark.parametrize(
    "script", ["head -c 5000000 /dev/zero", "cat /dev/zero", "yes", "yes & echo A=1"]
)
def test_more_than_an_env_file_may_have_is_none_and_ends_it(script: str, tmp_path: Path) -> None:
    assert reason(tmp_path, script) == "prints more than 1,048,576 bytes"


@pytest.mark.parametrize("before", ["", "trap '' TERM INT HUP; echo A=1;"])
def test_one_that_does_not_end_is_ended_with_all_it_started(
    before: str, tmp_path: Path, held: Held
) -> None:
    script = f"{HOLD} {before} {FOR_EVER} & {FOR_EVER}"
    assert reason(tmp_path, script, seconds=0.3) == f"did not end within 0.3 s: {WAITS}"
    assert held.is_let_go()


def test_none_is_left_as_a_zombie(tmp_path: Path) -> None:
    keep = "echo $$ >>pids; "
    sh(tmp_path, f"{keep} echo A=1")
    for script in ("exit 1", "yes", f"kill -9 $$; {FOR_EVER}"):
        failure(tmp_path, "sh", "-c", keep + script)
    pids = (tmp_path / "pids").read_text().split()
    assert len(pids) == 4
    for pid in pids:
        with pytest.raises(ChildProcessError):
            os.waitpid(int(pid), os.WNOHANG)


# What cannot be started.


def script_at(path: Path, text: str, mode: int = 0o755) -> None:
    path.write_text(text)
    path.chmod(mode)


@pytest.mark.parametrize(
    ("program_", "where"),
    [
        ("no-such-program", "it is not on PATH"),
        ("", "it is not on PATH"),
        ("./no/such", "no such file, from the folder of tasks.py"),
        ("file/inside", "no such file, from the folder of tasks.py"),
        ("/no/such/program", "no such file, from the folder of tasks.py"),
    ],
)
def test_one_that_is_not_there_is_told_apart(program_: str, where: str, tmp_path: Path) -> None:
    script_at(tmp_path / "file", "A=1\n")
    error = failure(tmp_path, program_, "decrypt", "a b")
    assert isinstance(error, ProgramMissing)
    assert error.reason == f"is not installed: {where}"
    command = f"{program_ or chr(39) * 2} decrypt 'a b'"
    step = f"install it, or name it by its path; then run it by hand: {command}"
    assert error.next_step == step


def test_one_that_may_not_be_executed_says_so(tmp_path: Path) -> None:
    script_at(tmp_path / "tool", "#!/bin/sh\necho A=1\n", 0o644)
    (tmp_path / "folder").mkdir()
    assert failure(tmp_path, "./tool").reason == "may not be executed"
    assert failure(tmp_path, "./folder").reason == "is a directory, and no program"
    on_path = {**ENVIRON, "PATH": str(tmp_path)}
    with pytest.raises(ProgramFailed, match="may not be executed"):
        run(tmp_path, "tool", environ=on_path)


def test_a_script_without_a_first_line_is_not_given_to_a_shell(tmp_path: Path) -> None:
    script_at(tmp_path / "tool", "echo A=1\n")
    expected = "is no program: a script begins with a line such as #!/bin/sh"
    assert failure(tmp_path, "./tool").reason == expected


def test_a_script_whose_interpreter_is_not_there_says_so(tmp_path: Path) -> None:
    script_at(tmp_path / "tool", "#!/no/such/interpreter\necho A=1\n")
    expected = "cannot be started: what its first line names is not there"
    assert failure(tmp_path, "./tool").reason == expected


def test_an_argument_that_no_program_can_get_is_refused(tmp_path: Path) -> None:
    error = failure(tmp_path, "echo", f"a\0{SECRET}")
    assert error.reason == "an argument holds a NUL character"
    assert error.next_step == "run it by hand: echo ********"


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    error = failure(tmp_path / "gone", "echo", "A=1")
    assert error.reason == "the folder to run it in is not there"


# What it said.


def test_where_it_fails_it_is_told_with_what_it_said(tmp_path: Path) -> None:
    script = f"echo A={SECRET}; echo 'cannot decrypt TOKEN: {SECRET}' >&2; exit 3"
    (tmp_path / "tool").write_text(script)
    error = failure(tmp_path, "sh", "tool", names=lambda: {"TOKEN"})
    assert error.reason == ("ended with exit code 3; it said: cannot decrypt TOKEN ********")
    assert error.next_step == "run it by hand: sh tool"


def test_of_a_flood_it_is_the_end_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    flood = 'yes "$(cat secret)" | head -c 5000000 >&2'
    script = f"{flood}; echo >&2; echo permission denied >&2; exit 1"
    expected = "ended with exit code 1; it said: permission denied"
    assert reason(tmp_path, script) == expected


def test_one_that_is_ended_has_its_say_too(tmp_path: Path) -> None:
    script = "echo 'please log in' >&2; echo A=1; kill -9 $$"
    expected = "was ended by SIGKILL; it said: please log in"
    assert reason(tmp_path, script) == expected


def test_names_that_cannot_be_read_do_not_hide_the_failure(tmp_path: Path) -> None:
    def unreadable() -> Collection[str]:
        raise DeployError(".env.example: is a named pipe, not a file")

    found = reason(tmp_path, "echo TOKEN denied >&2; exit 1", names=unreadable)
    assert found == "ended with exit code 1; it said: token denied"


# Signals, and the end.


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)]
)
def test_a_signal_ends_it_with_all_it_started(
    number: signal.Signals, error: type[BaseException], tmp_path: Path, held: Held
) -> None:
    def strike() -> None:
        held.wait_until_begun()
        os.kill(os.getpid(), number)

    with signals.listening():
        striking = threading.Thread(target=strike)
        striking.start()
        with pytest.raises(error):
            sh(tmp_path, f"{HOLD} trap '' INT TERM; {FOR_EVER} & {FOR_EVER}")
        striking.join()
    assert held.is_let_go()


def test_those_of_many_threads_are_ended_at_once(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()
    all_held = [Held(folder) for folder in folders]
    script = f"{HOLD} echo A=1; {FOR_EVER} & {FOR_EVER}"
    results = [workers.start(partial(sh, folder, script, names=nothing)) for folder in folders]
    for held in all_held:
        held.wait_until_begun()
    program.stop_all()
    for held, result in zip(all_held, results, strict=True):
        assert held.is_let_go()
        held.close()
        with pytest.raises(ProgramFailed, match="was ended by SIGKILL"):
            result()
    assert sh(tmp_path, "echo A=1") == b"A=1\n"


AT_THE_END = """\
import os, sys
from pathlib import Path
from deploy import workers
from deploy.project.program import output_of
def run():
    output_of(["sh", "-c", sys.argv[1]], shown="x", folder=Path("."), environ=os.environ,
              seconds=60, names=tuple)
workers.start(run)  # a thread of its own that tells what it meets would abort the end of Python
end = os.open("begun", os.O_RDONLY)
os.read(end, 1)
"""


def test_none_outlives_the_process(tmp_path: Path, held: Held) -> None:
    os.mkfifo(tmp_path / "begun")
    script = f"{HOLD} echo . >begun; {FOR_EVER} & {FOR_EVER}"
    in_python(AT_THE_END, script, folder=tmp_path)
    held.wait_until_begun()
    assert held.is_let_go()


SUDDENLY = """\
import os, signal, sys, threading
from pathlib import Path
from deploy import signals
from deploy.project.program import output_of
def run():
    output_of(["sh", "-c", sys.argv[1]], shown="x", folder=Path("."), environ=os.environ,
              seconds=60, names=tuple)
signals.STUCK = -1.0
with signals.listening():
    threading.Thread(target=run, daemon=True).start()
    os.read(os.open("begun", os.O_RDONLY), 1)
    for name in sys.argv[2:]:
        signal.raise_signal(signal.Signals[name])
    os.write(1, b"never said")
"""


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["SIGINT", "SIGINT"], 130),
        (["SIGTERM", "SIGINT"], 130),
        (["SIGINT", "SIGTERM"], 143),
        (["SIGHUP"], -signal.SIGHUP),
        (["SIGQUIT"], -signal.SIGQUIT),
    ],
    ids=["twice", "SIGTERM and Ctrl-C", "Ctrl-C and SIGTERM", "SIGHUP", "SIGQUIT"],
)
def test_none_outlives_a_process_that_a_signal_ends_on_the_spot(
    names: list[str], code: int, tmp_path: Path, held: Held
) -> None:
    """The terminal that is closed, of which the program is no part, among them."""
    os.mkfifo(tmp_path / "begun")
    script = f"trap '' HUP INT TERM QUIT; {HOLD} echo . >begun; {FOR_EVER} & {FOR_EVER}"
    done = subprocess.run(
        [sys.executable, "-c", SUDDENLY, script, *names],
        cwd=tmp_path,
        env={**ENVIRON, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=PATIENT,
    )
    assert (done.returncode, done.stdout) == (code, b"")
    held.wait_until_begun()
    assert held.is_let_go()
