"""Wait for the release command of an app, which decides whether a pending release goes live."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import NotApplied, TimedOut
from .facts import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from .client import Heroku
    from .facts import Release
    from .sender import Clock

POLL_EVERY = 3.0
"""Seconds between two looks at a pending release."""
LOOK_AROUND = 100
"""After so many of them, five minutes, other releases are looked at too."""


def wait_for(
    heroku: Heroku,
    app: str,
    release: Release,
    *,
    clock: Clock,
    waiting: Callable[[int, float], None],
    since: float,
    minutes: int,
    other: Callable[[Release], Release | None],
) -> Release:
    """The same release after its release phase; raises NotApplied if that never ends.

    `waiting` is told its version and the seconds gone by, before each look. `since` is when the
    waiting began: there may be several releases, and the minutes are those of all. `other` looks
    for another release that brought the same meanwhile, now and then and at the end: one can stay
    pending for ever (heroku/cli#1272) while a later one is live.
    """
    looks = 0
    while release.status is Status.PENDING:
        gone_by = clock.monotonic() - since
        is_over = gone_by >= minutes * 60
        looks += 1
        if is_over or looks % LOOK_AROUND == 0:
            found = other(release)
            if found and found.status is Status.SUCCEEDED:
                return found
        if is_over:
            units = "minute" if minutes == 1 else "minutes"
            raise NotApplied(
                f"v{release.version} of {app} is still pending after"
                f" {minutes} {units}: the change was sent and is not verified",
                next_step=f"run config.diff --app {app}",
            )
        waiting(release.version, gone_by)
        clock.sleep(POLL_EVERY)
        with suppress(TimedOut):  # the deadline bounds it
            release = heroku.release(app, release.version)
    return release
