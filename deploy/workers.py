"""Work in daemon threads, which neither a signal nor the end of the process has to wait for.

What blocks belongs here, also where nothing else is to be done meanwhile: a signal is raised only
where the main thread waits for what runs here (see `signals`).
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from . import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Job = TypeVar("Job")
T = TypeVar("T")
U = TypeVar("U")


def start(read: Callable[[], T]) -> Callable[[], T]:
    """Begin something; call the result to wait for it and get what came of it, as often as wanted.

    Raises KeyboardInterrupt where a signal came; nothing is begun then.
    """
    done: SimpleQueue[Callable[[], T]] = SimpleQueue()

    def result() -> T:
        outcome = _take(done)
        done.put(outcome)  # for whoever asks again
        return outcome()

    _in_thread(lambda: _put(done, _outcome(read)))
    return result


def wait_for(work: Callable[[], T]) -> T:
    """What comes of something that blocks; where a signal comes first, it is left to itself."""
    return start(work)() if signals.current_listener() else work()


def both(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """Do two things at once.

    An error of `one` is raised when `other` has ended too: nothing may go on behind an error, and
    say something after it. A signal waits for neither.
    """
    result = start(other)
    try:
        found = one()
    except Exception:
        with suppress(Exception):
            result()
        raise
    return found, result()


def in_turn(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """Do two things one after the other, where enough is done at once already."""
    return one(), other()


def each(jobs: Sequence[Job], work: Callable[[Job], T], *, workers: int) -> Iterator[tuple[int, T]]:
    """Do many; yields each answer with its job's index, as soon as it is there.

    Raises what `work` raises. Whoever stops iterating does not wait for the rest, and no other job
    is begun.
    """
    todo = deque(range(len(jobs)))
    done: SimpleQueue[tuple[int, Callable[[], T]]] = SimpleQueue()

    def run() -> None:
        with suppress(IndexError):  # nothing is left
            while True:
                index = todo.popleft()
                _put(done, (index, _outcome(partial(work, jobs[index]))))

    for _ in range(min(workers, len(jobs))):
        _in_thread(run)
    try:
        for _ in jobs:
            index, outcome = _take(done)
            yield index, outcome()
    finally:
        todo.clear()


def _in_thread(run: Callable[[], None]) -> None:
    if listener := signals.current_listener():
        listener.check()
    threading.Thread(target=run, daemon=True).start()


def _put(done: SimpleQueue[T], what: T) -> None:
    done.put(what)
    signals.wake()


def _take(done: SimpleQueue[T]) -> T:
    """The next one, waited for; raises KeyboardInterrupt where a signal comes first."""
    while listener := signals.current_listener():
        with suppress(Empty):
            return done.get_nowait()
        listener.wait()
    return done.get()


def _outcome(work: Callable[[], T]) -> Callable[[], T]:
    """What came of it, to be returned or raised in another thread."""
    try:
        value = work()
    except BaseException as error:  # handed to the caller, whatever it is
        problem = error
    else:
        return lambda: value

    def fail() -> T:
        raise problem

    return fail
