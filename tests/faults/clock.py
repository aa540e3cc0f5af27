"""Time that passes only in sleeps, requests and questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy import signals

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock:
    """A clock for `Heroku`; `during` is called in each sleep, with its number from 1."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.sleeps = 0
        self.during: Callable[[int], object] = lambda _: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        if listener := signals.current_listener():
            listener.check()
        self.now += seconds
        if seconds > 0:
            self.sleeps += 1
            self.during(self.sleeps)

    def move(self, seconds: float) -> None:
        self.now += seconds
