"""Sends a run a signal at a lock that it takes: as a program, since each needs its own process.

One process loads the tasks once; each run is a fork of it. Every lock that is made in it, by any
library, counts how often it was taken, and at one of these moments the signal comes: there a
handler that raises would leave the lock taken for ever. A line of input names the moment, 0 for
none; what happened goes back as a line of JSON.
"""

import json
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from invoke.program import Program

import deploy.heroku.transport  # noqa: F401  # loaded once, for all runs
from deploy import signals

PATIENCE = 20.0
"""Seconds after which a run hangs."""


class Moments:
    """What happens, over all locks of a run, and the one at which the signal comes."""

    def __init__(self, number: signal.Signals, chosen: int) -> None:
        self.count = 0
        self._number = number
        self._chosen = chosen

    def taken(self) -> None:
        self.count += 1
        if self.count == self._chosen:
            os.kill(os.getpid(), self._number)

    def counted(self, make: Callable[[], Any]) -> Callable[[], Any]:
        """A kind of lock that tells when it was taken, and is like the old one in all else."""
        moments = self

        class Counted:
            def __init__(self) -> None:
                self._lock = make()

            def acquire(self, *given: Any, **named: Any) -> bool:
                is_taken = bool(self._lock.acquire(*given, **named))
                moments.taken()
                return is_taken

            def __enter__(self) -> bool:
                return self.acquire()

            def __exit__(self, *_error: object) -> None:
                self._lock.release()

            def __getattr__(self, name: str) -> Any:
                return getattr(self._lock, name)

        return Counted


def run(number: signal.Signals, chosen: int, words: list[str]) -> dict[str, object]:
    pipes = [os.pipe() for _ in range(3)]
    child = os.fork()
    if child == 0:
        _become(number, chosen, words, [theirs for _, theirs in pipes])
    said = {}
    for ours, theirs in pipes:
        os.close(theirs)
        said[ours] = b""
    waiting = set(said)
    while waiting:
        ready, _, _ = select.select(waiting, [], [], PATIENCE)
        if not ready:
            os.kill(child, signal.SIGKILL)
            break
        for each in ready:
            found = os.read(each, 65536)
            said[each] += found
            if not found:
                waiting.discard(each)
    _, status = os.waitpid(child, 0)
    for each in said:
        os.close(each)
    out, err, count = (text.decode() for text in said.values())
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "out": out, "err": err, "count": int(count or 0)}


def _become(number: signal.Signals, chosen: int, words: list[str], pipes: list[int]) -> None:
    """Be the command; never returns."""
    code = 70
    try:
        for stream, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(pipes[stream - 1], stream)
            setattr(sys, name, os.fdopen(stream, "w", closefd=False))
        signals.handle_outside_tasks()
        moments = Moments(number, chosen)
        threading.Lock, threading.RLock = (  # type: ignore[misc, assignment]  # kinds of our own
            moments.counted(threading.Lock),
            moments.counted(threading.RLock),
        )
        sys.argv = ["invoke", *words]
        try:
            Program().run(sys.argv)
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        os.write(pipes[2], str(moments.count).encode())
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def main() -> None:
    number, *words = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w")
    for line in iter(sys.stdin.readline, ""):
        answers.write(json.dumps(run(signal.Signals[number], int(line), words)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
