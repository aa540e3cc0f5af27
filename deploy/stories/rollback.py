"""Compare an app with what it was at a past release: config only, code untouched.

Heroku's own rollback moves the code too, and can lose the vars of add-ons (heroku/heroku-pg#178).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import workers
from ..errors import ApiError, BadOption, NotAllowed
from ..heroku.facts import Status
from ..heroku.live import newest_releases, read_live
from ..names import LOCK_KEY, listed
from ..plan import plan as planning
from ..plan.outcome import Comparison
from .diff import known_releases

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..heroku.client import Heroku
    from ..heroku.facts import Held
    from ..project.policy import Policy


def compare(
    heroku: Heroku,
    app: str,
    version: int,
    *,
    policy: Policy,
    declared: Collection[str],
    restore: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
    over_unreadable: bool = False,
) -> Comparison:
    """Plan the way back to a release; see `plan.roll_back` for what it leaves alone.

    `declared` are the names in the env file and the lock. Raises NotAllowed for a release that did
    not succeed: what it held was never live. Two requests more than a diff, and no round trip.
    """
    if LOCK_KEY in restore:
        raise BadOption(
            f"--restore {LOCK_KEY}: a rollback leaves it alone, for it fits the lock of today",
            next_step="leave it out",
        )
    (live, newest), (release, then) = workers.both(
        lambda: workers.both(
            lambda: read_live(heroku, app, wanted=restore.union(declared)),
            lambda: newest_releases(heroku, app),
        ),
        lambda: workers.both(
            lambda: heroku.release(app, version), lambda: _held(heroku, app, version)
        ),
    )
    status = release.status
    if status is not Status.SUCCEEDED:
        raise NotAllowed(
            f"v{version} of {app} did not succeed ({status.value}), so it was never live",
            next_step=f"see which did: invoke config.history --app {app}",
        )
    if isinstance(then, ApiError):
        raise then
    if unreadable := restore & then.unreadable:
        raise BadOption(
            f"--restore {listed(unreadable)}: cannot be read in v{version}",
            next_step="set it with config.sync",
        )
    if unknown := restore - then.names:
        raise BadOption(f"--restore {listed(unknown)}: not in v{version}", next_step=_SPELLING)
    if unknown := (only or frozenset()) - then.names - live.names:
        raise BadOption(
            f"--only {listed(unknown)}: neither in v{version} nor on {app}", next_step=_SPELLING
        )
    plan, withheld = planning.roll_back(
        then,
        live,
        policy=policy,
        known={*declared, *restore},
        only=only,
        over_unreadable=over_unreadable,
    )
    return Comparison(
        app=app,
        source=f"v{version}",
        plan=plan,
        live=live,
        policy=policy,
        releases=known_releases(newest, plan),
        withheld=withheld,
    )


def _held(heroku: Heroku, app: str, version: int) -> Held | ApiError:
    """The vars of a release, or why there are none: it may be one that never was live."""
    try:
        return heroku.release_vars(app, version)
    except ApiError as error:
        return error


_SPELLING = "check the spelling"
