"""How fast requests may go out; times are plain numbers."""

from threading import Barrier, Thread

import pytest

from deploy.heroku.rate_limit import LOW, SPACING, RateLimit


def waits(limit: RateLimit, count: int, *, now: float = 0.0) -> list[float]:
    return [round(limit.turn(now), 6) for _ in range(count)]


def low() -> RateLimit:
    limit = RateLimit()
    limit.update(LOW - 1)
    return limit


def test_nothing_waits_before_anything_was_heard() -> None:
    assert waits(RateLimit(), 100) == [0] * 100


@pytest.mark.parametrize("remaining", [LOW, LOW + 1, 4500, None])
def test_nothing_waits_while_plenty_is_left(remaining: int | None) -> None:
    limit = RateLimit()
    limit.update(remaining)
    assert waits(limit, 100) == [0] * 100


@pytest.mark.parametrize("remaining", [LOW - 1, 1, 0])
def test_when_few_are_left_requests_are_spaced_as_tokens_come_in(remaining: int) -> None:
    limit = RateLimit()
    limit.update(remaining)
    assert waits(limit, 4) == [0, 0.8, 1.6, 2.4]
    assert pytest.approx(60 / SPACING) == 75


def test_who_comes_late_does_not_wait() -> None:
    limit = low()
    assert waits(limit, 2, now=10) == [0, 0.8]
    assert waits(limit, 2, now=20) == [0, 0.8]
    assert waits(limit, 1, now=20.9) == [0.7]


def test_idle_time_is_not_saved_up() -> None:
    limit = low()
    limit.turn(0)
    assert waits(limit, 3, now=1000) == [0, 0.8, 1.6]


def test_an_answer_that_says_nothing_changes_nothing() -> None:
    limit = low()
    limit.update(None)
    assert limit.is_low
    assert waits(limit, 2) == [0, 0.8]


def test_once_there_is_plenty_again_nothing_waits() -> None:
    limit = low()
    waits(limit, 2)
    limit.update(4500)
    assert not limit.is_low
    assert waits(limit, 50, now=10) == [0] * 50


def test_a_hold_holds_everyone() -> None:
    limit = RateLimit()
    limit.hold(30)
    assert waits(limit, 3) == [30, 30, 30]
    assert waits(limit, 1, now=12.5) == [17.5]
    assert waits(limit, 3, now=30) == [0, 0, 0]


def test_the_longer_of_two_holds_counts() -> None:
    limit = RateLimit()
    limit.hold(30)
    limit.hold(10)
    assert waits(limit, 1) == [30]


def test_after_a_hold_in_a_low_bucket_requests_are_spaced() -> None:
    limit = low()
    limit.hold(30)
    assert waits(limit, 3) == [30, 30.8, 31.6]


def test_no_two_threads_get_the_same_turn() -> None:
    limit = low()
    start = Barrier(8)
    taken: list[float] = []

    def take() -> None:
        start.wait(timeout=10)
        taken.extend(round(limit.turn(0) / SPACING) for _ in range(50))

    threads = [Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(400))
