"""Deadlines that pass, and those that are met: the events say what came when, and nobody waits."""

import threading
from contextlib import ExitStack

import pytest

from deploy.heroku.deadlines import Deadlines

AT_ONCE = 0.01
PATIENCE = 10.0
"""Seconds after which a test has failed; never waited for otherwise."""


def test_what_takes_too_long_is_left() -> None:
    left = threading.Event()
    with Deadlines(AT_ONCE).limit(left.set) as deadline:
        assert left.wait(PATIENCE)
    assert deadline.is_over


def test_what_is_done_in_time_is_never_left() -> None:
    deadlines = Deadlines(AT_ONCE)
    early, late = threading.Event(), threading.Event()
    is_in_time = False
    while not is_in_time:  # on a busy machine even this may take too long
        early.clear()
        with deadlines.limit(early.set) as deadline:
            pass
        is_in_time = not deadline.is_over
    with deadlines.limit(late.set):
        assert late.wait(PATIENCE)  # its deadline is the later one
    assert not early.is_set()
    assert not deadline.is_over


def test_all_are_left_though_leaving_one_fails() -> None:
    def fail() -> None:
        raise OSError

    deadlines = Deadlines(AT_ONCE)
    left = threading.Event()
    with deadlines.limit(fail) as failed, deadlines.limit(left.set):
        assert left.wait(PATIENCE)
    assert failed.is_over


def test_one_thread_looks_after_all() -> None:
    before = {*threading.enumerate()}
    deadlines = Deadlines(PATIENCE)
    with ExitStack() as stack:
        for _ in range(5):
            stack.enter_context(deadlines.limit(lambda: None))
        assert len({*threading.enumerate()} - before) == 1


def test_where_the_thread_has_ended_another_takes_its_place() -> None:
    before = {*threading.enumerate()}
    deadlines = Deadlines(AT_ONCE)
    for _ in range(2):
        left = threading.Event()
        with deadlines.limit(left.set):
            assert left.wait(PATIENCE)
        for thread in {*threading.enumerate()} - before:
            thread.join(PATIENCE)


def test_a_watch_that_fails_says_nothing_and_another_takes_its_place(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    failed, left = threading.Event(), threading.Event()

    def fail() -> float:
        failed.set()
        raise RuntimeError("c4nary")

    deadlines = Deadlines(AT_ONCE)
    before = {*threading.enumerate()}
    with monkeypatch.context() as patch:
        patch.setattr(deadlines, "_leave_late", fail)
        with deadlines.limit(lambda: None):
            assert failed.wait(PATIENCE)
            for thread in {*threading.enumerate()} - before:
                thread.join(PATIENCE)
    with deadlines.limit(left.set):
        assert left.wait(PATIENCE)
    assert capfd.readouterr() == ("", "")
