"""Wait for the release command of an app, which decides whether a pending release goes live."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from deploy.errors import NotApplied, TimedOut
from deploy.facts import Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.facts import Release
    from deploy.heroku import Clock, Heroku

POLL_EVERY = 3.0
"""Seconds between two looks at a pending release."""


def wait_for(
    heroku: Heroku,
    app: str,
    release: Release,
    *,
    clock: Clock,
    waiting: Callable[[int, float], None],
    since: float,
    minutes: int,
) -> Release:
    """The same release after its release phase; raises NotApplied if that never ends.

    `waiting` is told its version and the seconds gone by, before each look. `since` is when the
    waiting began: there may be several releases, and the minutes are those of all.
    """
    while release.status is Status.PENDING:
        gone_by = clock.monotonic() - since
        if gone_by >= minutes * 60:
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
