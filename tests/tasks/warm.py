"""Invoke in a process that has done its imports: each run is a fork of one warm process.

Nothing else is shared: a run has streams, a session, an environment and a working directory of its
own, and imports its `tasks.py` and the package of the tasks anew. What only a new process can show
(its start, what it imports, what an interpreter reads from its environment) is tested in one;
`test_warm` holds that both say the same.

The process (`forks`) is spoken to through a socket: the length of a JSON document with its
descriptors (a pipe for the answers, the three streams, and the terminal if there is one), then the
document. The answers are two lines: the number of the run's process, and its exit code.
"""

import json
import os
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

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
                    try:
                        given = given[os.write(feed, given) :] if given else b""
                    except BrokenPipeError:  # it ended without reading
                        given = b""
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
        [sys.executable, "-m", f"{__package__}.forks", str(theirs.fileno())],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **dict(first)},
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    theirs.close()
    return ours, process
