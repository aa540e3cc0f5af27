"""Ctrl-C and SIGTERM: noted when they come, and heard where the main thread waits.

A handler that raises does so wherever the main thread is just then: in a library that has taken a
lock, which nobody gives back any more, or in the middle of a sentence. So the one here raises
nothing. All that blocks goes on in other threads (`crew`), the main thread waits for them here,
and here alone a signal becomes an exception. What is to be said is thus said to its end, once.

It waits on a pipe, into which Python's own part of the handler writes (`signal.set_wakeup_fd`).
A wait for a lock could begin just after the signal came, and nothing would end it.
"""

from __future__ import annotations

import atexit
import os
import select
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

TICK = 0.2
"""Seconds between two looks at how long an answer is due."""
STUCK = 1.0
"""Seconds for which a signal may go unheard before another one ends the process where it is."""
_STOPS = (signal.SIGINT, signal.SIGTERM)
_WORDS = {signal.SIGINT: "interrupted (Ctrl-C)", signal.SIGTERM: "terminated (SIGTERM)"}

_unheard: list[tuple[int, float]] = []
"""What came and when; what comes while a task ends is heard by the next one of the same line."""


class Hearing:
    """The main thread of one run, and the pipe that it waits on."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._is_open = True
        self._ours, self._theirs = os.pipe()
        for end in (self._ours, self._theirs):
            os.set_blocking(end, False)
        self.tick: Callable[[], None] = lambda: None
        """Called now and then while the main thread waits."""
        self.truth: Callable[[], str] = lambda: "; nothing was written"
        """What is true where the process must be left at once."""

    @property
    def is_here(self) -> bool:
        """Whether this is the thread that hears."""
        return self._is_open and threading.get_ident() == self._thread

    @contextmanager
    def begun(self) -> Iterator[None]:
        handlers = {
            number: signal.signal(number, self._note)
            for number in _STOPS
            # Who has it ignored (`nohup`, a shell's job in the background) means it.
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        wakeup = signal.set_wakeup_fd(self._theirs, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            with self._lock:
                self._is_open = False
                os.close(self._ours)
                os.close(self._theirs)
            for number, handler in handlers.items():
                signal.signal(number, handler or signal.SIG_DFL)

    def wake(self) -> None:
        """End the wait of the main thread; for any thread, and too late is no harm."""
        with self._lock, suppress(BlockingIOError):  # full: it will wake
            if self._is_open:
                os.write(self._theirs, b"\0")

    def check(self) -> None:
        """Raise KeyboardInterrupt, or Terminated, where a signal came; one for each signal."""
        if _unheard:
            number, _ = _unheard.pop(0)
            if number == signal.SIGTERM:
                from .errors import Terminated  # noqa: PLC0415  # hardly ever needed

                raise Terminated
            raise KeyboardInterrupt

    def wait(self, seconds: float = TICK) -> None:
        """Until `wake`, a signal or a tick, whichever is first; raises as `check`."""
        self.check()
        readable, _, _ = select.select([self._ours], [], [], min(seconds, TICK))
        if readable:
            with suppress(BlockingIOError):
                os.read(self._ours, 4096)
        self.check()
        self.tick()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if _unheard and now - _unheard[0][1] > STUCK:
            _leave(128 + number, f"error: {_WORDS[signal.Signals(number)]}{self.truth()}\n")
        _unheard.append((number, now))


_hearing: Hearing | None = None


@contextmanager
def heard() -> Iterator[Hearing]:
    """Hear signals in this thread; in another than the main one, or within itself, none come."""
    global _hearing  # noqa: PLW0603  # a process has one set of handlers
    hearing = Hearing()
    if _hearing or threading.current_thread() is not threading.main_thread():
        yield hearing
        return
    _hearing = hearing
    try:
        with hearing.begun():
            try:
                yield hearing
            finally:
                _outside.ended()  # before the old handlers stand again
    finally:
        _hearing = None


def here() -> Hearing | None:
    """The hearing of this thread, if it is the one that hears."""
    return _hearing if _hearing and _hearing.is_here else None


class Clock:
    """Time, of which the main thread sleeps only as long as no signal comes."""

    @staticmethod
    def monotonic() -> float:
        return time.monotonic()

    @staticmethod
    def sleep(seconds: float, /) -> None:
        if not (hearing := here()):
            time.sleep(seconds)
            return
        end = time.monotonic() + seconds
        hearing.check()
        while (left := end - time.monotonic()) > 0:
            hearing.wait(left)


# While Invoke itself is at work, before a task and after it.


class _Outside:
    """Ctrl-C where no task runs: Invoke, or Python, would show a traceback, or say nothing."""

    def __init__(self) -> None:
        self._has_ended = False
        """A task of ours has, and what it said holds."""

    def begin(self) -> None:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._stop)

    def ended(self) -> None:
        if not self._has_ended:
            atexit.register(_be_deaf)  # before all that was registered earlier, and may take long
        self._has_ended = True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if _is_in_a_task(frame):
            signal.default_int_handler(number, frame)
        if self._has_ended:  # its exit code belongs to what it said; another one hears this
            _unheard.append((number, time.monotonic()))
            return
        _leave(130, f"error: {_WORDS[signal.SIGINT]}; nothing was written\n")


def _is_in_a_task(frame: FrameType | None) -> bool:
    """Whether the body of a task runs that is none of ours; that one hears for itself."""
    while frame:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(f"{__package__}.tasks"):
            return False
        if (module, frame.f_code.co_name) == ("invoke.tasks", "__call__"):
            return True
        frame = frame.f_back
    return False


def _be_deaf() -> None:
    """All is said and done: a signal while Python takes itself down ends in its traceback."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_IGN)


def _leave(code: int, text: str) -> NoReturn:
    """End the process from a handler, whatever the main thread is in the middle of."""
    with suppress(OSError, ValueError, AttributeError):
        error = sys.stderr.fileno()
        if select.select([], [error], [], 0)[1]:  # or it may be what blocks
            os.write(error, text.encode())
    os._exit(code)


_outside = _Outside()
begin_outside = _outside.begin
