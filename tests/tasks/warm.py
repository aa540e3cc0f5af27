"""Invoke in a process that has done its imports: each run is a fork of one warm process.

Nothing else is shared: a run has streams, a session, an environment and a working directory of its
own, and imports its `tasks.py` and the package of the tasks anew.
What only a new process can show (its start, what it imports, what an interpreter reads from its
environment) is tested in one; `test_cold` holds that both say the same.

This module is both sides. The tests start it as a program, and speak to it through a socket: the
length of a JSON document with its descriptors (a pipe for the answers, the three streams, and the
terminal if there is one), then the document. The answers are two lines: the number of the process,
and its exit code.
"""

import atexit
import gc
import json
import os
import pkgutil
import runpy
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from fcntl import ioctl
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).parents[2]
LENGTH = struct.Struct("!I")
READ_AT_START = ("PYTHON", "LC_", "LANG", "TZ", "INVOKE_DEBUG", "COVERAGE_")
"""Beginnings of what an interpreter, or a module when it is imported, reads once."""

_sending = threading.Lock()


class Asked(NamedTuple):
    words: Sequence[str]
    folder: str
    env: Mapping[str, str]


class Process:
    """A run, as `subprocess.Popen` shows one.

    The streams are the caller's to close, and so is the terminal that /dev/tty is to mean.
    """

    def __init__(self, asked: Asked, streams: Iterable[int], terminal: int | None = None) -> None:
        self._answers, theirs = os.pipe()
        self._said = b""
        self.returncode: int | None = None
        first = tuple(each for each in asked.env.items() if each[0].startswith(READ_AT_START))
        data = json.dumps(asked).encode()
        given = [theirs, *streams, *(() if terminal is None else [terminal])]
        with _sending:
            server = _server(first)
            socket.send_fds(server, [LENGTH.pack(len(data))], given)
            server.sendall(data)
        os.close(theirs)
        while b"\n" not in self._said:
            self._read(None)
        self.pid = int(self._said.split(b"\n")[0])

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, or minus the number of the signal that ended it; raises TimeoutExpired."""
        while self.returncode is None:
            self._read(timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _read(self, seconds: float | None) -> None:
        if not select.select([self._answers], [], [], seconds)[0]:
            raise subprocess.TimeoutExpired("invoke", seconds or 0)
        self._said += (more := os.read(self._answers, 64))
        assert more, f"the warm process is gone, and said {self._said!r}"
        if self._said.count(b"\n") == 2:
            self.returncode = int(self._said.split(b"\n")[1])
            os.close(self._answers)


def run(asked: Asked, stdin: bytes, seconds: float) -> "subprocess.CompletedProcess[bytes]":
    """As `subprocess.run` with pipes for the three streams."""
    pipes = [os.pipe() for _ in range(3)]
    (given, feed), (out, from_out), (err, from_err) = pipes
    process = Process(asked, (given, from_out, from_err))
    for each in (given, from_out, from_err):
        os.close(each)
    found = {out: b"", err: b""}
    until = time.monotonic() + seconds
    try:
        _exchange(feed, stdin, found, until)
        code = process.wait(max(0, until - time.monotonic()))
    finally:
        process.kill()
        for each in (out, err):
            os.close(each)
    return subprocess.CompletedProcess(asked.words, code, found[out], found[err])


def _exchange(feed: int, given: bytes, found: dict[int, bytes], until: float) -> None:
    """Write all that is given, close that pipe, and read the others to their ends."""
    os.set_blocking(feed, False)
    with selectors.DefaultSelector() as waiting:
        waiting.register(feed, selectors.EVENT_WRITE)
        for each in found:
            waiting.register(each, selectors.EVENT_READ)
        while waiting.get_map():
            if not (ready := waiting.select(max(0, until - time.monotonic()))):
                raise subprocess.TimeoutExpired("invoke", 0)
            for key, _ in ready:
                if key.fd == feed:
                    with suppress(BrokenPipeError):
                        given = given[os.write(feed, given) :] if given else b""
                    if not given:
                        waiting.unregister(feed)
                        os.close(feed)
                elif more := os.read(key.fd, 1 << 16):
                    found[key.fd] += more
                else:
                    waiting.unregister(key.fd)


First = tuple[tuple[str, str], ...]

_servers: dict[First, tuple[socket.socket, "subprocess.Popen[bytes]"]] = {}
"""By the environment that each began with."""


def end() -> None:
    """End what was started."""
    while _servers:
        _, (server, process) = _servers.popitem()
        server.close()
        process.wait()


def _server(first: First) -> socket.socket:
    if first not in _servers:
        _servers[first] = _start(first)
    return _servers[first][0]


def _start(first: First) -> tuple[socket.socket, "subprocess.Popen[bytes]"]:
    ours, theirs = socket.socketpair()
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(theirs.fileno())],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **dict(first)},
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    theirs.close()
    return ours, process


# The other side: the warm process.


def serve(tests: socket.socket) -> Sequence[str]:
    """Fork for each message until the tests end; returns in the fork alone, with its words."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    answers: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([tests, woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            while answers and (ended := os.waitpid(-1, os.WNOHANG))[0]:
                answer = answers.pop(ended[0])
                _say(answer, os.waitstatus_to_exitcode(ended[1]))
                os.close(answer)
        if tests in ready:
            data, descriptors, _, _ = socket.recv_fds(tests, LENGTH.size, 5)
            if not data:
                sys.exit()
            size = LENGTH.unpack(data)[0]
            asked = Asked(*json.loads(tests.recv(size, socket.MSG_WAITALL)))
            answer, *given = descriptors
            if not (child := os.fork()):
                tests.detach()
                _become(asked, given)
                return asked.words
            for each in given:
                os.close(each)
            answers[child] = answer
            _say(answer, child)


def _say(answer: int, number: int) -> None:
    with suppress(BrokenPipeError):  # the test did not wait
        os.write(answer, b"%d\n" % number)


def _become(asked: Asked, given: Sequence[int]) -> None:
    """Be what a process that was started this way would be."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    for number, each in enumerate(given):
        os.dup2(each, number)
    if len(given) > 3:
        ioctl(3, termios.TIOCSCTTY, 0)  # and left open: it would hang up, where no stream has it
    os.closerange(len(given), 1024)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        before = getattr(sys, name)
        how = {"encoding": before.encoding, "errors": before.errors}
        now = open(before.fileno(), mode, closefd=False, **how)  # noqa: SIM115  # a stream
        setattr(sys, name, now)
        setattr(sys, f"__{name}__", now)
    sys.stderr.reconfigure(line_buffering=True)
    coerced = {name: value for name, value in os.environ.items() if name == "LC_CTYPE"}  # PEP 538
    os.environ.clear()
    os.environ.update({**coerced, **asked.env})
    os.chdir(asked.folder)
    sys.path[0] = os.getcwd()  # noqa: PTH109  # as `python -m` does


def _import_all() -> None:
    """All that the tasks import, and then not the package that sees who imports it."""
    import_module("invoke.main")
    package = import_module("deploy")
    for found in pkgutil.walk_packages(package.__path__, "deploy."):
        if not found.name.startswith("deploy.emulator"):
            import_module(found.name)
    del sys.modules["deploy.tasks"], package.tasks  # it looks at who imports it
    gc.freeze()


def _end(code: int) -> NoReturn:
    """As Python ends, but for taking apart all that it has loaded: half the time of a short run."""
    threading._shutdown()
    atexit._run_exitfuncs()
    with suppress(OSError):  # Python itself says so
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    _import_all()
    sys.argv[1:] = serve(socket.socket(fileno=int(sys.argv[1])))
    try:
        runpy.run_module("invoke", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        _end(end.code or 0)
    _end(0)
