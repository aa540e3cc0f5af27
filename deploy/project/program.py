"""Runs a program whose standard output is the text of an env file: `sops decrypt …`.

It gets no shell, no terminal and no input, so that it can ask nobody; and none of Heroku's
variables. What it prints stays in memory. It is believed only where it ends well: half of an output
would read as an env file that declares less, and a prune would remove the rest.

When it has ended, so has all that it started and that did not leave its process group. A program
that it left behind may hold the pipe open: what was printed counts as whole then, unless more still
comes, which is waited for.
"""

import atexit
import errno
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which

from .. import signals, workers
from ..envfile.encoding import MAX_BYTES
from ..errors import DeployError, FileUnreadable
from ..names import PLATFORM_PREFIX
from . import program_words
from .files import is_there

TICK = 0.5
"""Seconds in which nothing comes from what a program left behind, so that nothing will."""
MAX_STDERR = 64 * 1024
"""Bytes of standard error that are kept, the last ones."""
_CHUNK = 64 * 1024


class ProgramFailed(FileUnreadable):
    """A program that was to print an env file did not, or not for sure."""


class ProgramMissing(ProgramFailed):
    """There is no such program."""


def output_of(
    argv: Sequence[str],
    *,
    shown: str,
    folder: Path,
    environ: Mapping[str, str],
    seconds: float,
    names: Callable[[], Collection[str]],
) -> bytes:
    """What a program prints, whole; raises ProgramFailed, or ProgramMissing.

    `argv` is the program, by its path from `folder` or as it is found on PATH, and its arguments;
    `shown` is what messages call it. `names` are the vars that may be named in what it said where
    it fails, and are asked for only then. For any thread; see `stop_all`.
    """
    env = {name: each for name, each in environ.items() if not name.startswith(PLATFORM_PREFIX)}
    step = f"run it by hand: {program_words.command(argv)}"
    running = _Running()
    try:
        workers.wait_for(lambda: running.run(argv, folder, env, seconds))
    except (OSError, ValueError) as error:
        # Not `from error`: it holds the arguments.
        raise _not_started(error, argv, shown, folder, env) from None
    except BaseException:
        running.stop()
        raise
    if reason := running.failure(seconds):
        known: Collection[str] = ()
        with suppress(DeployError):  # the program's own failure is what must be told
            known = names()
        said = program_words.legible(bytes(running.said), argv, known)
        reason += f"; it said: {' / '.join(said)}" if said else ""
        raise ProgramFailed(shown, reason, next_step=step)
    return bytes(running.printed)


def stop_all() -> None:
    """End all programs that still run, in whichever thread they were begun."""
    with _lock:
        left = [*_programs]
    for each in left:
        each.stop()


_lock = threading.Lock()
"""Held while a program begins, so that none begins unseen."""
_programs: set["_Running"] = set()
_is_over = False
"""Whether this process ends, and no program may begin any more."""


def _end() -> None:
    global _is_over  # noqa: PLW0603  # a process has one end
    with _lock:
        _is_over = True
    stop_all()


def _kill_all() -> None:
    """End all of them from a signal's handler, though what it interrupts may hold the lock."""
    global _is_over  # noqa: PLW0603  # a process has one end
    _is_over = True
    _lock.acquire(timeout=0.5)  # in which one that begins just now has begun
    for process in [each.process for each in _programs]:
        if process:
            _kill(process)


atexit.register(_end)
signals.before_sudden_end(_kill_all)


class _Running:
    """One program, from its start to its end, and what it printed."""

    def __init__(self) -> None:
        self.printed = bytearray()
        self.said = bytearray()
        """The end of its standard error."""
        self._code: int | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(
        self, argv: Sequence[str], folder: Path, env: Mapping[str, str], seconds: float
    ) -> None:
        """Until it has ended, printed too much, or had its time; raises OSError, or ValueError."""
        with _lock:
            if self._is_stopped or _is_over:
                return
            process = subprocess.Popen(  # noqa: S603  # the argument vector of the settings
                argv,
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,  # or it could open /dev/tty, and ask there
            )
            self.process = process
            _programs.add(self)
        try:
            self._follow(process, time.monotonic() + seconds)
        finally:
            self.stop()

    def stop(self) -> None:
        """End the whole process group, and wait for the program itself; for any thread, once."""
        with _lock:
            self._is_stopped = True
            process, self.process = self.process, None
            _programs.discard(self)
        if process:
            _kill(process)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)

    def failure(self, seconds: float) -> str | None:
        """Why what it printed is not believed."""
        if len(self.printed) > MAX_BYTES:
            return f"prints more than {MAX_BYTES:,} bytes"
        if self._code is None:
            reason = "it may wait for a login, and no terminal is given"
            return f"did not end within {seconds:g} s: {reason}"
        if self._code < 0:
            return f"was ended by {_signal_name(-self._code)}"
        if self._code:
            return f"ended with exit code {self._code}"
        return None if self.printed.strip() else "printed nothing"

    def _follow(self, process: subprocess.Popen[bytes], deadline: float) -> None:
        assert process.stdout  # noqa: S101  # for the type checker: both are pipes
        assert process.stderr  # noqa: S101
        with process.stdout as out, process.stderr as err, selectors.DefaultSelector() as pipes:
            pipes.register(out, selectors.EVENT_READ, self._print)
            pipes.register(err, selectors.EVENT_READ, self._say)
            while pipes.get_map():
                if (left := deadline - time.monotonic()) <= 0 or len(self.printed) > MAX_BYTES:
                    return
                has_ended = process.poll() is not None
                ready = [key for key, _ in pipes.select(min(left, TICK))]
                for key in ready:
                    if data := os.read(key.fd, _CHUNK):
                        key.data(data)
                    else:
                        pipes.unregister(key.fileobj)
                if has_ended and left >= TICK and all(key.fileobj is not out for key in ready):
                    break
        with suppress(subprocess.TimeoutExpired):
            self._code = process.wait(timeout=max(0, deadline - time.monotonic()))

    def _print(self, data: bytes) -> None:
        self.printed += data[: MAX_BYTES + 1 - len(self.printed)]

    def _say(self, data: bytes) -> None:
        self.said += data
        del self.said[:-MAX_STDERR]


def _kill(process: subprocess.Popen[bytes]) -> None:
    # Another user's, as behind sudo, goes on; a zombie's group is refused by some systems.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # one of the real-time signals
        return f"signal {number}"


def _not_started(
    error: OSError | ValueError,
    argv: Sequence[str],
    shown: str,
    folder: Path,
    env: Mapping[str, str],
) -> ProgramFailed:
    step = f"run it by hand: {program_words.command(argv)}"
    if isinstance(error, ValueError):
        return ProgramFailed(shown, "an argument holds a NUL character", next_step=step)
    if isinstance(error, NotADirectoryError | FileNotFoundError) and not folder.is_dir():
        return ProgramFailed(shown, "the folder to run it in is not there", next_step=step)
    program = argv[0]
    is_path = "/" in program
    place = folder / program if is_path else which(program, os.F_OK, env.get("PATH", os.defpath))
    if not place or not is_there(Path(place)):
        where = "no such file, from the folder of tasks.py" if is_path else "it is not on PATH"
        step = f"install it, or name it by its path; then {step}"
        return ProgramMissing(shown, f"is not installed: {where}", next_step=step)
    if isinstance(error, FileNotFoundError):
        reason = "cannot be started: what its first line names is not there"
    elif Path(place).is_dir():
        reason = "is a directory, and no program"
    elif error.errno == errno.ENOEXEC:
        reason = "is no program: a script begins with a line such as #!/bin/sh"
    elif isinstance(error, PermissionError):
        reason = "may not be executed"
    else:
        reason = f"cannot be started ({error.strerror or 'no reason given'})"
    return ProgramFailed(shown, reason, next_step=step)
