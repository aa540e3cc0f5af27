"""A limit to how long the body of an answer may take, however its bytes come.

A socket's timeout is about each of its bytes, of which there may be many.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from .. import workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Deadline:
    """Until when an answer is read; `leave` ends the reading."""

    def __init__(self, due: float, leave: Callable[[], object]) -> None:
        self.due = due
        self.leave = leave
        self.is_over = False


class Deadlines:
    """The deadlines of all answers in flight; safe to use from several threads.

    One thread looks after all of them: to start one for each answer would take a quarter as long as
    the request itself. It sleeps until the next of them is due, and ends where none is left then.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._open: list[Deadline] = []
        self._is_watched = False

    @contextmanager
    def limit(self, leave: Callable[[], object]) -> Iterator[Deadline]:
        """Call `leave`, from another thread, if what is done within this takes too long.

        It is never called once that is done. What it raises is of no interest.
        """
        deadline = Deadline(time.monotonic() + self._seconds, leave)
        with self._lock:
            self._open.append(deadline)
            if not self._is_watched:
                self._is_watched = True
                workers.start(self._watch)  # what it may raise is told to nobody
        try:
            yield deadline
        finally:
            with self._lock, suppress(ValueError):  # it is over, and taken out
                self._open.remove(deadline)

    def _watch(self) -> None:
        try:
            while (pause := self._leave_late()) is not None:
                time.sleep(pause)
        except Exception:
            self._is_watched = False  # the next answer has another look
            raise

    def _leave_late(self) -> float | None:
        """Leave what is late; how many seconds the next one has, None where nothing is open."""
        with self._lock:
            now = time.monotonic()
            late = [each for each in self._open if each.due <= now]
            self._open = [each for each in self._open if each.due > now]
            for deadline in late:
                deadline.is_over = True
                with suppress(Exception):
                    deadline.leave()
            self._is_watched = bool(self._open)
            return min(each.due for each in self._open) - now if self._open else None
