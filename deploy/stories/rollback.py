"""Compare an app with what it was at a past release: config only, code untouched.

Heroku's own rollback moves the code too, and can lose the vars of add-ons (heroku/heroku-pg#178).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .. import workers
from ..errors import BadOption, NotAllowed
from ..heroku.facts import Status
from ..heroku.live import newest_releases, read_live
from ..names import LOCK_KEY, listed
from ..plan import plan as planning
from ..plan.change import Action
from ..plan.drift import compare_lock
from ..plan.outcome import Diff
from .diff import check_known, known_releases

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..envfile.declaration import Declaration
    from ..envfile.lock import Lock
    from ..heroku.client import Heroku
    from ..heroku.facts import Held
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
    (live, newest), then = workers.both(
        lambda: workers.both(
            lambda: read_live(heroku, app, wanted=restore.union(declared)),
            lambda: newest_releases(heroku, app),
        ),
        lambda: _read_release(heroku, app, version),
    )
    source = f"v{version}"
    _check_restore(restore, then, source)
    check_known("--only", only or (), then.names | live.names, source, app)
    plan, withheld = planning.roll_back(
        *(then, live),
        policy=policy,
        known={*declared, *restore},
        only=only,
        over_unreadable=over_unreadable,
    )
    return Diff(
        app=app,
        source=source,
        plan=plan,
        live=live,
        policy=policy,
        releases=known_releases(newest, plan),
        withheld=withheld,
    )


def _read_release(heroku: Heroku, app: str, version: int) -> Held:
    """The vars of a release; raises NotAllowed for one that was never live, whatever they are."""

    def check() -> None:
        status = heroku.release(app, version).status
        if status is not Status.SUCCEEDED:
            raise NotAllowed(
                f"v{version} of {app} did not succeed ({status.value}), so it was never live",
                next_step=f"see which did: invoke config.history --app {app}",
            )

    return workers.both(check, lambda: heroku.release_vars(app, version))[1]


def _check_restore(restore: frozenset[str], then: Held, source: str) -> None:
    """Raise BadOption for a name of `--restore` that cannot be had from the release."""
    if unreadable := restore & then.unreadable:
        raise BadOption(
            f"--restore {listed(unreadable)}: cannot be read in {source}",
            next_step="set it with config.sync",
        )
    if unknown := restore - then.names:
        raise BadOption(
            f"--restore {listed(unknown)}: not in {source}", next_step="check the spelling"
        )


class Declared(NamedTuple):
    """What is declared for an app, as far as it is there and can be read; and its lock."""

    source: str
    file: Declaration | None = None
    lock: Lock | None = None
    lock_shown: str = ""

    @property
    def names(self) -> set[str]:
        return {*(self.file.vars if self.file else ()), *(self.lock.digests if self.lock else ())}

    def disagreements(self, found: Diff, *, is_new: bool) -> list[str]:
        """What differs in the file and the lock once the app is as planned.

        `is_new` where the rollback made it so.
        """
        differs = "now differs" if is_new else "differs"
        changed = (change.name for change in found.plan.changes)
        live = found.live._replace(
            vars=found.plan.applied_to(found.live.vars),
            unreadable=found.live.unreadable.difference(changed),
        )
        remarks = []
        if self.file:
            plan = planning.make(self.file.vars, live, policy=found.policy)
            if names := listed(change.name for change in plan.changes):
                # What is not on the app any more leaves a file only where it is pruned.
                pull = "config.pull --prune" if plan.number_of(Action.SET) else "config.pull"
                undo = f"; config.sync would undo this, {pull} takes it over" if is_new else ""
                remarks.append(f"{self.source} {differs} from {found.app}: {names}{undo}")
        key = live.vars.get(LOCK_KEY)
        if self.lock and key and key.is_lock_key and key.fingerprint == self.lock.fingerprint:
            drifted = compare_lock(self.lock, live, key, found.policy)
            if names := listed([*drifted.changed, *drifted.missing]):
                remarks.append(f"{self.lock_shown} {differs} from {found.app}: {names}")
        return remarks
