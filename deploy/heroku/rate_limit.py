"""When an account's requests may go out; all of them share one limit.

Heroku gives an account a bucket of 4,500 tokens, filled up at 75 a minute; each answer says how
many are left. While there are plenty nothing waits. When few are left requests go out as fast as
tokens come in, so that others who use the account are not shut out. A 429 that one request gets
holds up all of them.
"""

from __future__ import annotations

import threading

LOW = 300
"""Tokens left, below which requests go out no faster than tokens come in."""
SPACING = 0.8
"""Seconds between two requests then: 75 a minute."""


class RateLimit:
    """Turns for requests; safe to use from several threads. Times are seconds on any one clock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0
        self._held = 0.0
        self.is_low = False
        self.remaining: int | None = None
        """What the newest answer said of the tokens left."""

    def turn(self, now: float) -> float:
        """Take the next turn: how many seconds it is away."""
        with self._lock:
            start = max(now, self._next, self._held)
            self._next = start + SPACING if self.is_low else self._next
            return start - now

    def update(self, remaining: int | None) -> None:
        """What an answer said of the tokens left; None where it said nothing."""
        if remaining is not None:
            self.remaining, self.is_low = remaining, remaining < LOW

    def hold(self, until: float) -> None:
        """Nobody sends anything before then."""
        with self._lock:
            self._held = max(self._held, until)

    def is_held(self, now: float) -> bool:
        """Whether somebody was told to wait until later than this."""
        return now < self._held
