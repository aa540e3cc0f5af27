"""Work that goes on at the same time, in daemon threads: Ctrl-C must wait for none of it."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Job = TypeVar("Job")
T = TypeVar("T")
U = TypeVar("U")


def start(read: Callable[[], T]) -> Callable[[], T]:
    """Begin something; call the answer, once, to wait for it and get what came of it."""
    done: SimpleQueue[Callable[[], T]] = SimpleQueue()

    def run() -> None:
        done.put(_outcome(read))

    threading.Thread(target=run, daemon=True).start()

    def result() -> T:
        return done.get()()

    return result


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
    done: SimpleQueue[tuple[int, Callable[[], T]]] = SimpleQueue()
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
        threading.Thread(target=run, daemon=True).start()
    try:
        for _ in jobs:
            place, outcome = done.get()
            yield place, outcome()
    finally:
        with suppress(Empty):
            while True:
                todo.get_nowait()


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
