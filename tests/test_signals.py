"""A signal is kept where it comes, and raised where the main thread waits; nowhere else."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread, Timer

import pytest

from deploy import signals, workers
from deploy.errors import Terminated
from deploy.signals import Clock, Listener, current_listener, listening

PATIENCE = 20.0
"""Seconds after which a test that would wait for ever has failed."""

BOTH = pytest.mark.parametrize(
    ("number", "error"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)],
    ids=["ctrl-c", "sigterm"],
)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener
    signals._received.clear()


def after_a_moment(number: signal.Signals) -> Timer:
    """Send a signal to this process, when it waits already or a little before."""
    timer = Timer(0.05, os.kill, (os.getpid(), number))
    timer.start()
    return timer


@BOTH
def test_a_signal_ends_nothing_where_it_comes_and_the_next_wait(
    number: signal.Signals, error: type[BaseException], listener: Listener
) -> None:
    signal.raise_signal(number)
    said = "to its end"
    with pytest.raises(KeyboardInterrupt) as caught:
        listener.wait()
    assert (said, caught.type) == ("to its end", error)


def test_each_signal_is_raised_once_in_their_order(listener: Listener) -> None:
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(Terminated):
        listener.check()
    with pytest.raises(KeyboardInterrupt) as caught:
        listener.check()
    assert caught.type is KeyboardInterrupt
    listener.check()


@BOTH
def test_a_wait_for_a_worker_ends_though_the_worker_never_does(
    number: signal.Signals, error: type[BaseException], listener: Listener
) -> None:
    never: SimpleQueue[None] = SimpleQueue()
    after_a_moment(number)
    with pytest.raises(error):
        workers.wait_for(never.get)


def test_a_wait_for_many_ends_too(listener: Listener) -> None:
    never: SimpleQueue[None] = SimpleQueue()
    answers = workers.each([0, 1, 2], lambda job: never.get() if job else None, workers=3)
    assert next(answers) == (0, None)
    after_a_moment(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        next(answers)


def test_a_sleep_ends_too(listener: Listener) -> None:
    after_a_moment(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        Clock.sleep(PATIENCE * 100)


def test_a_sleep_lasts_as_long_as_it_was_told(listener: Listener) -> None:
    start = Clock.monotonic()
    Clock.sleep(0.01)
    assert Clock.monotonic() - start >= 0.01


def test_nothing_is_begun_once_a_signal_came(listener: Listener) -> None:
    begun: list[int] = []
    signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        workers.start(lambda: begun.append(1))
    assert begun == []


def test_a_signal_that_another_thread_gets_is_raised_in_the_main_one(listener: Listener) -> None:
    never: SimpleQueue[None] = SimpleQueue()

    def strike() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        never.get()

    with pytest.raises(KeyboardInterrupt):
        workers.wait_for(strike)


def test_while_an_answer_is_waited_for_there_are_ticks(listener: Listener) -> None:
    ticked: SimpleQueue[None] = SimpleQueue()
    listener.tick = lambda: ticked.put(None)
    workers.wait_for(lambda: [ticked.get(timeout=PATIENCE) for _ in range(2)])


def test_all_is_as_it_was_afterwards() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    before = signal.set_wakeup_fd(theirs)
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        with listening():
            assert signal.getsignal(signal.SIGINT) not in handlers
        assert signal.set_wakeup_fd(before) == theirs
    finally:
        os.close(ours)
        os.close(theirs)
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers
    assert current_listener() is None


def test_a_worker_that_is_late_writes_into_no_file_that_came_after() -> None:
    release: SimpleQueue[None] = SimpleQueue()
    threads: list[Thread] = []

    def work() -> None:
        threads.append(threading.current_thread())
        release.get()

    with listening():
        workers.start(work)
    ours, theirs = os.pipe()  # the numbers of those that were closed
    os.set_blocking(ours, False)
    release.put(None)
    threads[0].join(PATIENCE)
    with pytest.raises(BlockingIOError):
        os.read(ours, 1)
    os.close(ours)
    os.close(theirs)


def test_what_was_ignored_stays_ignored() -> None:
    """`nohup`, or a shell without job control that runs something in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with listening() as listener:
            signal.raise_signal(signal.SIGINT)
            listener.check()
    finally:
        signal.signal(signal.SIGINT, before)


def test_in_another_thread_nothing_is_raised_and_all_works() -> None:
    found: list[object] = []

    def run() -> None:
        with listening():
            found.append(current_listener())
            found.append(workers.wait_for(lambda: 42))
            Clock.sleep(0)

    thread = Thread(target=run)
    thread.start()
    thread.join(PATIENCE)
    assert found == [None, 42]


def test_listening_within_listening_changes_nothing(listener: Listener) -> None:
    with listening():
        assert current_listener() is listener
    assert current_listener() is listener


def test_a_signal_at_the_end_of_a_task_is_raised_in_the_next_one() -> None:
    with listening():
        signal.raise_signal(signal.SIGINT)
    with listening() as listener, pytest.raises(KeyboardInterrupt):
        listener.check()


# Where nothing can be waited for.

STUCK = """\
import os, signal
from deploy import signals

signals.STUCK = -1.0
with signals.listening() as listener:
    listener.if_stopped = lambda: "; all of it is true"
    signal.raise_signal(signal.SIGINT)
    signal.raise_signal(signal.{second})
    print("never said", flush=True)
"""


def python(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    ("second", "code", "word"),
    [("SIGINT", 130, "interrupted (Ctrl-C)"), ("SIGTERM", 143, "terminated (SIGTERM)")],
)
def test_a_second_signal_ends_what_never_waits_with_the_truth(
    second: str, code: int, word: str
) -> None:
    done = python(STUCK.format(second=second))
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr == f"error: {word}; all of it is true\n"


def test_a_second_signal_soon_after_the_first_ends_nothing(listener: Listener) -> None:
    """A person who presses twice has not waited."""
    for _ in range(3):
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        listener.check()


ENDING = """\
import signal
from deploy import signals

signals.handle_outside_tasks()
set_handler = signal.signal

def strike(number, handler):
    before = set_handler(number, handler)
    if number == signal.SIGTERM:
        signal.raise_signal(signal.SIGINT)
    return before

with signals.listening() as listener:
    print("written", flush=True)
    signal.signal = strike
signal.signal = set_handler
try:
    with signals.listening() as listener:
        listener.check()
except KeyboardInterrupt:
    print("and raised in the next one", flush=True)
"""


def test_a_signal_when_all_is_said_takes_nothing_of_it_back() -> None:
    """While the old handlers are put back; "nothing was written" was said there."""
    done = python(ENDING)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "written\nand raised in the next one\n"


# The sleeps of other threads.


@pytest.mark.parametrize("error", [KeyboardInterrupt, Terminated])
def test_a_sleep_of_another_thread_ends_with_the_waits(
    error: type[KeyboardInterrupt], listener: Listener
) -> None:
    caught: SimpleQueue[type[BaseException]] = SimpleQueue()

    def sleep() -> None:
        try:
            Clock.sleep(PATIENCE * 3)
        except KeyboardInterrupt as stop:
            caught.put(type(stop))

    thread = Thread(target=sleep)
    thread.start()
    signals.end_waits(error())
    assert caught.get(timeout=PATIENCE) is error
    late = Thread(target=sleep)  # one that begins to sleep when the waits have ended
    late.start()
    assert caught.get(timeout=PATIENCE) is error
    for each in (thread, late):
        each.join()


def test_a_thread_that_does_not_sleep_goes_on(listener: Listener) -> None:
    signals.end_waits(KeyboardInterrupt())
    assert workers.start(lambda: Clock.sleep(0))() is None


def test_the_waits_of_one_run_are_not_those_of_the_next(listener: Listener) -> None:
    assert not listener.is_ending.is_set()
    assert workers.start(lambda: Clock.sleep(0.001))() is None
