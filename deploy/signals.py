"""Ctrl-C and SIGTERM: kept when they come, and raised where the main thread waits.

A handler that raises does so wherever the main thread is just then: in a library that has taken a
lock, which is never released, or in the middle of a sentence. So the one here raises nothing. All
that blocks runs in other threads (`workers`), the main thread waits for them here, and only here a
signal becomes an exception. So what is to be said is said to its end, once.

The wait is for a pipe, into which Python's own part of the handler writes (`signal.set_wakeup_fd`).
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
"""Seconds between two calls of `Listener.tick`."""
STUCK = 1.0
"""Seconds that a signal may wait to be raised, before another one ends the process at once."""
_SIGNALS: dict[int, str] = {
    signal.SIGINT: "interrupted (Ctrl-C)",
    signal.SIGTERM: "terminated (SIGTERM)",
}

_FATAL = (signal.SIGHUP, signal.SIGQUIT)
"""What ends the process where it comes: a terminal that was closed, and Ctrl-\\."""

_received: list[tuple[int, float]] = []
"""What came, and when; what comes while a task ends is raised in the next one of the command."""


class Listener:
    """Raises in the main thread what came during a run of a task."""

    def __init__(self) -> None:
        self.read_end, self.write_end = os.pipe()
        for end in (self.read_end, self.write_end):
            os.set_blocking(end, False)
        self.tick: Callable[[], None] = lambda: None
        """Called now and then while the main thread waits."""
        self.if_stopped: Callable[[], str] = lambda: "; nothing was written"
        """What is true where the process must end at once."""
        self.is_ending = threading.Event()
        self.stop: type[KeyboardInterrupt] = KeyboardInterrupt
        """What ended the waits of other threads."""

    def check(self) -> None:
        """Raise KeyboardInterrupt, or Terminated, where a signal came; one for each signal."""
        if _received:
            number, _ = _received.pop(0)
            if number == signal.SIGTERM:
                from .errors import Terminated  # noqa: PLC0415  # hardly ever needed

                raise Terminated
            raise KeyboardInterrupt

    def wait(self, seconds: float = TICK) -> None:
        """Until `wake`, a signal or a tick, whichever is first; raises as `check`."""
        self.check()
        select.select([self.read_end], [], [], min(seconds, TICK))
        with suppress(BlockingIOError):  # empty
            os.read(self.read_end, 4096)
        self.check()
        self.tick()

    def receive(self, number: int, _frame: FrameType | None) -> None:
        """Handle a signal: keep it for the next `check`, or end the process if that never comes."""
        now = time.monotonic()
        if _received and now - _received[0][1] > STUCK:
            _exit_now(number, self.if_stopped())
        _received.append((number, now))


_last_acts: list[Callable[[], None]] = []


def before_sudden_end(act: Callable[[], None]) -> None:
    """Have this done where a signal ends the process on the spot.

    It is done within a handler, so it may wait for a lock only for so long: what holds that may be
    what the signal interrupted.
    """
    _last_acts.append(act)


_listener: Listener | None = None
_lock = threading.Lock()
"""Held while the pipe of the listener is written to, or closed."""
_task_has_ended = False
"""A task of ours has, and what it said holds."""


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen in this thread; not if it is another than the main one, nor within itself."""
    global _listener, _task_has_ended  # noqa: PLW0603  # a process has one set of handlers
    listener = Listener()
    if _listener or threading.current_thread() is not threading.main_thread():
        yield listener
        return
    handlers = {
        number: signal.signal(number, listener.receive)
        for number in _SIGNALS
        # Ignored on purpose: by `nohup`, or by a shell for a job in the background.
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    handlers |= {
        number: signal.signal(number, _die)
        for number in _FATAL
        if signal.getsignal(number) is signal.SIG_DFL
    }
    wakeup = signal.set_wakeup_fd(listener.write_end, warn_on_full_buffer=False)
    _listener = listener
    try:
        yield listener
    finally:
        if not _task_has_ended:
            # The last to be registered is the first to run; the others may take long.
            atexit.register(_ignore_signals)
        _task_has_ended = True  # before the old handlers are back
        signal.set_wakeup_fd(wakeup)
        with _lock:
            _listener = None
            os.close(listener.read_end)
            os.close(listener.write_end)
        for number, handler in handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)


def current_listener() -> Listener | None:
    """The listener, for the thread that listens; None for any other."""
    return _listener if threading.current_thread() is threading.main_thread() else None


def wake() -> None:
    """End the wait of the main thread; for any thread, and too late is no harm."""
    with _lock, suppress(BlockingIOError):  # full: it will wake
        if _listener:
            os.write(_listener.write_end, b"\0")


def end_waits(stop: KeyboardInterrupt) -> None:
    """From now on no other thread sleeps: one that does, or is about to, has the same raised."""
    if _listener:
        _listener.stop = type(stop)
        _listener.is_ending.set()


class Clock:
    """Time, of which the main thread sleeps only as long as no signal comes.

    Any other thread sleeps until `end_waits`.
    """

    monotonic = staticmethod(time.monotonic)

    @staticmethod
    def sleep(seconds: float, /) -> None:
        if listener := current_listener():
            end = time.monotonic() + seconds
            listener.check()
            while (left := end - time.monotonic()) > 0:
                listener.wait(left)
        elif (listener := _listener) and seconds:
            if listener.is_ending.wait(seconds):
                raise listener.stop
        else:
            time.sleep(seconds)


# While Invoke itself is at work, before a task and after it.


def handle_outside_tasks() -> None:
    """Handle Ctrl-C where no task runs: Python would show a traceback, and Invoke say nothing."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop_outside)


def _stop_outside(number: int, frame: FrameType | None) -> None:
    if _is_in_a_task(frame):
        signal.default_int_handler(number, frame)
    if _task_has_ended:  # its exit code belongs to what it said; the next one raises this
        _received.append((number, time.monotonic()))
    else:
        _exit_now(number, "; nothing was written")


def _is_in_a_task(frame: FrameType | None) -> bool:
    """Whether a task of somebody else's runs: it is to get the usual KeyboardInterrupt."""
    while frame:
        module = str(frame.f_globals.get("__name__"))
        if module.startswith(f"{__package__}.tasks"):
            return False
        if (module, frame.f_code.co_name) == ("invoke.tasks", "__call__"):
            return True
        frame = frame.f_back
    return False


def _ignore_signals() -> None:
    """A signal while Python shuts down would end in a traceback, when all is said and done."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _die(number: int, _frame: FrameType | None) -> None:
    """End as by the signal itself."""
    _act_last()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)  # the first process of a container is ended by no signal of its own


def _act_last() -> None:
    for act in _last_acts:
        with suppress(Exception):  # whatever it is, the process ends
            act()


def _exit_now(number: int, truth: str) -> NoReturn:
    """End the process from a handler, whatever the main thread is in the middle of."""
    _act_last()
    with suppress(OSError, ValueError, AttributeError):
        error = sys.stderr.fileno()
        if select.select([], [error], [], 0)[1]:  # or it may be what blocks
            os.write(error, f"error: {_SIGNALS[number]}{truth}\n".encode())
    os._exit(128 + number)
