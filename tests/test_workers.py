"""Work that goes on at the same time: what comes back, in which order, and what is left behind."""

import threading
from collections.abc import Callable, Iterator
from threading import Barrier, Event, Lock, Thread, current_thread
from typing import TypeVar

import pytest

from deploy.workers import both, each, start

PATIENCE = 10.0
"""Seconds after which a test that would never end has failed."""

T = TypeVar("T")


def doubled(job: int) -> int:
    return 2 * job


def close(answers: Iterator[T]) -> None:
    answers.close()  # type: ignore[attr-defined]  # a generator is an iterator that can be closed


# One thing.


def test_what_was_begun_is_there_when_it_is_asked_for() -> None:
    assert start(lambda: 42)() == 42


@pytest.mark.parametrize("value", [None, (), KeyError("as a value"), BaseException])
def test_an_answer_may_be_anything(value: object) -> None:
    assert start(lambda: value)() is value


def test_an_answer_may_be_asked_for_again_be_it_a_value_or_an_error() -> None:
    begun: list[int] = []
    answer = start(lambda: begun.append(1))
    assert (answer(), answer(), begun) == (None, None, [1])
    error = start(lambda: 1 // 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            error()


def test_it_goes_on_while_its_starter_does_something_else() -> None:
    met = Barrier(2)
    answer = start(lambda: met.wait(PATIENCE))
    met.wait(PATIENCE)
    assert answer() in {0, 1}


def test_what_it_raises_is_raised_where_the_answer_is_asked_for_and_not_before() -> None:
    error = KeyError("A")

    def fail() -> None:
        raise error

    answer = start(fail)
    with pytest.raises(KeyError) as caught:
        answer()
    assert caught.value is error


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_even_the_end_of_the_program_is_handed_over(error: type[BaseException]) -> None:
    def end() -> None:
        raise error

    with pytest.raises(error):
        start(end)()


def test_what_was_begun_holds_up_no_exit() -> None:
    assert start(lambda: current_thread().daemon)()


def test_an_answer_that_nobody_wants_is_no_error() -> None:
    threads: list[Thread] = []
    done = Event()

    def fail() -> None:
        threads.append(current_thread())
        done.set()
        raise ZeroDivisionError

    start(fail)
    assert done.wait(PATIENCE)
    threads[0].join(PATIENCE)  # a thread that died of it would fail this test
    assert not threads[0].is_alive()


# Two things.


def test_two_things_are_done_at_the_same_time() -> None:
    met = Barrier(2)
    ones, others = both(lambda: met.wait(PATIENCE), lambda: met.wait(PATIENCE))
    assert {ones, others} == {0, 1}


@pytest.mark.parametrize("which", [0, 1])
def test_an_error_of_either_is_raised(which: int) -> None:
    def fail() -> int:
        raise KeyError("this")

    jobs = [lambda: 1, lambda: 2]
    jobs[which] = fail
    with pytest.raises(KeyError, match="this"):
        both(*jobs)


def test_an_error_of_the_one_waits_for_the_other_and_outweighs_its_error() -> None:
    ended = Event()
    begun = Event()

    def linger() -> None:
        begun.wait(PATIENCE)
        ended.set()
        raise ValueError("of the other")

    def fail() -> None:
        begun.set()
        raise KeyError("of the one")

    with pytest.raises(KeyError, match="of the one"):
        both(fail, linger)
    assert ended.is_set()


# Many.


@pytest.mark.parametrize("workers", [1, 2, 16, 64])
@pytest.mark.parametrize("count", [0, 1, 2, 50])
def test_every_job_is_done_once_and_its_answer_has_its_place(count: int, workers: int) -> None:
    jobs = list(range(100, 100 + count))
    answers = list(each(jobs, doubled, workers=workers))
    assert sorted(answers) == [(place, 2 * job) for place, job in enumerate(jobs)]


def test_equal_jobs_are_jobs_of_their_own() -> None:
    assert sorted(each(["a", "a"], str.upper, workers=2)) == [(0, "A"), (1, "A")]


def test_one_worker_does_the_jobs_in_their_order() -> None:
    assert list(each([3, 1, 2], doubled, workers=1)) == [(0, 6), (1, 2), (2, 4)]


def test_a_slow_job_does_not_hold_the_others_back() -> None:
    others_are_done = Event()

    def work(job: int) -> int:
        if job == 0:
            assert others_are_done.wait(PATIENCE)
        return job

    answers = each(range(9), work, workers=2)
    early = [next(answers)[0] for _ in range(8)]
    others_are_done.set()
    assert early == list(range(1, 9))
    assert list(answers) == [(0, 0)]


@pytest.mark.parametrize("workers", [1, 3, 8])
def test_as_many_as_there_are_workers_go_on_at_once_and_no_more(workers: int) -> None:
    together = Barrier(workers)
    counting = Lock()
    running, most = 0, 0

    def work(_: int) -> None:
        nonlocal running, most
        with counting:
            running += 1
            most = max(most, running)
        together.wait(PATIENCE)  # breaks where fewer are at work
        with counting:
            running -= 1

    assert len(list(each(range(workers * 5), work, workers=workers))) == workers * 5
    assert most <= workers


def test_the_workers_hold_up_no_exit() -> None:
    answers = each(range(4), lambda _: current_thread().daemon, workers=2)
    assert [is_daemon for _, is_daemon in answers] == [True] * 4


def test_no_worker_is_started_that_has_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Thread] = []

    class Noted(Thread):
        def start(self) -> None:
            started.append(self)
            super().start()

    monkeypatch.setattr(threading, "Thread", Noted)
    assert list(each([], doubled, workers=8)) == []
    assert started == []
    assert len(list(each(range(3), doubled, workers=64))) == 3
    assert len(started) == 3


def test_nothing_is_begun_before_somebody_listens() -> None:
    begun: list[int] = []
    each([1, 2], begun.append, workers=2)
    assert begun == []


# What goes wrong.


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_what_a_job_raises_is_raised_where_the_answers_are_taken(
    error: type[BaseException],
) -> None:
    def work(_: int) -> None:
        raise error

    with pytest.raises(error):
        list(each(range(3), work, workers=2))


def test_answers_that_came_before_a_failure_are_there() -> None:
    def work(job: int) -> float:
        return 1 / job

    answers = each([1, 2, 0, 4], work, workers=1)
    assert [next(answers), next(answers)] == [(0, 1.0), (1, 0.5)]
    with pytest.raises(ZeroDivisionError):
        next(answers)


def test_whoever_stops_listening_need_not_wait() -> None:
    never = Event()

    def work(job: int) -> int:
        if job:
            never.wait(PATIENCE)
        return job

    answers = each(range(3), work, workers=3)
    assert next(answers) == (0, 0)
    close(answers)
    never.set()


class Gate:
    """Jobs of which all but the first wait, each in a thread that can be joined."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.open = Event()
        self.second = Event()
        self.threads: list[Thread] = []

    def work(self, job: int) -> int:
        self.begun.append(job)
        if job:
            self.threads.append(current_thread())
            self.second.set()
            assert self.open.wait(PATIENCE)
        return job

    def rest(self) -> list[int]:
        """What was begun in all, once every worker that waited has gone home."""
        self.open.set()
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        return sorted(self.begun)


def test_once_nobody_listens_no_other_job_is_begun() -> None:
    gate = Gate()
    answers = each(range(9), gate.work, workers=1)
    assert next(answers) == (0, 0)
    assert gate.second.wait(PATIENCE)
    close(answers)
    assert gate.rest() == [0, 1]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_once_a_failure_is_heard_of_no_other_job_is_begun(error: type[BaseException]) -> None:
    gate = Gate()

    def work(job: int) -> int:
        gate.work(job)
        if job == 0:
            assert failing.wait(PATIENCE)
            raise error
        return job

    failing = Event()
    answers = each(range(9), work, workers=2)  # 0 waits to fail, and 1 for the gate
    outcome = start(lambda: list(answers))
    assert gate.second.wait(PATIENCE)
    failing.set()
    with pytest.raises(error):
        outcome()
    # The worker that failed may have begun another before its failure was heard of.
    assert gate.rest() in ([0, 1], [0, 1, 2])


def test_the_jobs_may_be_any_sequence() -> None:
    works: list[Callable[[int], int]] = [doubled, abs]
    assert [place for place, _ in each(works, lambda work: work(1), workers=1)] == [0, 1]
