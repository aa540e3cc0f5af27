"""Compare an app with what it was at a past release: config only, code untouched.

Heroku's own rollback moves the code too, and can lose the vars of add-ons (heroku/heroku-pg#178).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import workers
from ..errors import ApiError, BadOption, NotAllowed
from ..heroku.facts import LiveVars, Status
from ..heroku.live import newest_releases, read_live
from ..names import LOCK_KEY, listed
from ..plan import plan as planning
from ..plan.change import Action
from ..plan.drift import compare_lock
from ..plan.outcome import Diff
from ..project.target import LOCK_SUFFIX
from .diff import known_releases

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..envfile.lock import Lock
    from ..envfile.parser import EnvFile
    from ..heroku.client import Heroku
    from ..heroku.facts import Held, Release
    from ..project.policy import Policy


def rollback(
    heroku: Heroku,
    app: str,
    version: int,
    *,
    policy: Policy,
    declared: Collection[str],
    restore: frozenset[str] = frozenset(),
    only: frozenset[str] | None = None,
    over_unreadable: bool = False,
) -> Diff:
    """Plan the way back to a release; see `plan.roll_back` for what it leaves alone.

    `declared` are the names in the env file and the lock. Raises NotAllowed for a release that did
    not succeed: what it held was never live. Two requests more than a diff, and no round trip.
    """
    if LOCK_KEY in restore:
        raise BadOption(
            f"--restore {LOCK_KEY}: a rollback leaves it alone, for it fits the lock of today",
            next_step="leave it out",
        )
    (live, newest), (release, held) = workers.both(
        lambda: workers.both(
            lambda: read_live(heroku, app, wanted=restore.union(declared)),
            lambda: newest_releases(heroku, app),
        ),
        lambda: workers.both(
            lambda: heroku.release(app, version), lambda: _held(heroku, app, version)
        ),
    )
    then = _was_live(app, release, held)
    _check_names(then, live, restore=restore, only=only, app=app, version=version)
    plan, withheld = planning.roll_back(
        *(then, live),
        policy=policy,
        known={*declared, *restore},
        only=only,
        over_unreadable=over_unreadable,
    )
    return Diff(
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


def _was_live(app: str, release: Release, held: Held | ApiError) -> Held:
    if release.status is not Status.SUCCEEDED:
        status = release.status.value
        raise NotAllowed(
            f"v{release.version} of {app} did not succeed ({status}), so it was never live",
            next_step=f"see which did: invoke config.history --app {app}",
        )
    if isinstance(held, ApiError):
        raise held
    return held


def _check_names(
    then: Held,
    live: LiveVars,
    *,
    restore: frozenset[str],
    only: frozenset[str] | None,
    app: str,
    version: int,
) -> None:
    """Raise BadOption for names of `--restore` and `--only` that there are none of."""
    step = "check the spelling"
    if unreadable := restore & then.unreadable:
        raise BadOption(
            f"--restore {listed(unreadable)}: cannot be read in v{version}",
            next_step="set it with config.sync",
        )
    if unknown := restore - then.names:
        raise BadOption(f"--restore {listed(unknown)}: not in v{version}", next_step=step)
    if unknown := (only or frozenset()) - then.names - live.names:
        raise BadOption(
            f"--only {listed(unknown)}: neither in v{version} nor on {app}", next_step=step
        )


class Known(NamedTuple):
    """What is declared for an app, as far as it is there and can be read."""

    source: str
    declared: EnvFile | None = None
    locked: Lock | None = None

    @property
    def names(self) -> set[str]:
        declared = self.declared.vars if self.declared else {}
        return {*declared, *(self.locked.digests if self.locked else {})}

    def disagreements(self, found: Diff, *, is_new: bool) -> list[str]:
        """What the file and the lock say otherwise, once the app is as planned.

        `is_new` where that is our doing.
        """
        differs = "now differs" if is_new else "differs"
        changed = (change.name for change in found.plan.changes)
        live = LiveVars(
            found.plan.applied_to(found.live.vars),
            found.live.ownership,
            found.live.unreadable.difference(changed),
        )
        remarks = []
        if self.declared:
            plan = planning.make(self.declared.vars, live, policy=found.policy)
            if names := listed(change.name for change in plan.changes):
                # What is not on the app any more leaves a file only where it is pruned.
                pull = "config.pull --prune" if plan.count(Action.SET) else "config.pull"
                undo = f"; config.sync would undo this, {pull} takes it over" if is_new else ""
                remarks.append(f"{self.source} {differs} from {found.app}: {names}{undo}")
        key = live.vars.get(LOCK_KEY)
        if self.locked and key and key.is_lock_key and key.fingerprint == self.locked.fingerprint:
            drifted = compare_lock(self.locked, live, key, found.policy)
            if names := listed([*drifted.changed, *drifted.missing]):
                called = f"{self.source}{LOCK_SUFFIX}"
                remarks.append(f"{called} {differs} from {found.app}: {names}")
        return remarks
