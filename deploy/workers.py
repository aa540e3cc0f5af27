"""Work that goes on in daemon threads: a signal must wait for none of it.

What blocks goes here, also where nothing else is to be done meanwhile: the main thread hears
signals only where it waits for what is here (`signals`).
"""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Generic, TypeVar

from . import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Job = TypeVar("Job")
T = TypeVar("T")
U = TypeVar("U")


def start(read: Callable[[], T]) -> Callable[[], T]:
    """Begin something; call the answer, once, to wait for it and get what came of it.

    Raises KeyboardInterrupt where a signal came; nothing is begun then.
    """
    done: _Done[Callable[[], T]] = _Done()

    def result() -> T:
        return done.get()()

    _in_thread(lambda: done.put(_outcome(read)))
    return result


def wait_for(work: Callable[[], T]) -> T:
    """What comes of something that blocks, for as long as no signal comes: it goes on then."""
    return start(work)() if signals.here() else work()


def both(one: Callable[[], T], other: Callable[[], U]) -> tuple[T, U]:
    """Do two things at once.

    An error of the one is raised when the other has ended too: nothing of ours goes on behind it,
    and has a word to say after the last one. A signal waits for neither.
    """
    result = start(other)
    try:
        found = one()
    except Exception:
        with suppress(Exception):
            result()
        raise
    return found, result()


def each(jobs: Sequence[Job], work: Callable[[Job], T], *, workers: int) -> Iterator[tuple[int, T]]:
    """Do many; each answer comes with its job's place, as soon as it is there.

    Raises what `work` raises. Whoever stops listening need not wait for the rest, of which none is
    begun any more.
    """
    todo: SimpleQueue[int] = SimpleQueue()
    done: _Done[tuple[int, Callable[[], T]]] = _Done()
    for place in range(len(jobs)):
        todo.put(place)

    def run() -> None:
        while True:
            try:
                place = todo.get_nowait()
            except Empty:
                return
            done.put((place, _outcome(partial(work, jobs[place]))))

    for _ in range(min(workers, len(jobs))):
        _in_thread(run)
    try:
        for _ in jobs:
            place, outcome = done.get()
            yield place, outcome()
    finally:
        with suppress(Empty):
            while True:
                todo.get_nowait()


def _in_thread(run: Callable[[], None]) -> None:
    if hearing := signals.here():
        hearing.check()
    threading.Thread(target=run, daemon=True).start()


class _Done(Generic[T]):
    """What is there to be taken, by the one who began it."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[T] = SimpleQueue()
        self._hearing = signals.here()

    def put(self, what: T) -> None:
        self._queue.put(what)
        if self._hearing:
            self._hearing.wake()

    def get(self) -> T:
        """The next one, waited for; raises KeyboardInterrupt where a signal comes first."""
        while self._hearing and self._hearing.is_here:
            with suppress(Empty):
                return self._queue.get_nowait()
            self._hearing.wait()
        return self._queue.get()


def _outcome(work: Callable[[], T]) -> Callable[[], T]:
    """What came of it, to be returned or raised where somebody listens."""
    try:
        value = work()
    except BaseException as error:  # handed to the caller, whatever it is
        problem = error
    else:
        return lambda: value

    def fail() -> T:
        raise problem

    return fail
