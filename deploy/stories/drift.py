"""Does Heroku still hold what was declared, and if not, who moved it: one app, or many at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from ..envfile.declaration import Declaration
from ..errors import BadLock, Complaint, DeployError, Stopped, Unforeseen
from ..heroku.live import read_live
from ..names import LOCK_KEY, is_stage, kinds_of
from ..plan import blame
from ..plan import plan as planning
from ..plan.drift import Drift, Drifted, Kind, Row, Unchecked, compare_lock
from ..workers import each as each_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..envfile.lock import Lock
    from ..heroku.client import Heroku
    from ..heroku.facts import Held, LiveVars
    from ..plan.drift import Differences
    from ..plan.plan import Plan
    from ..project.policy import Policy
    from ..secret import Secret


@dataclass(frozen=True, slots=True)
class Check:
    """What one app is to be compared with: what is declared, its lock, or why neither is read."""

    app: str
    source: str
    declared: Declaration | Lock | DeployError
    examples: Callable[[], frozenset[str]] = frozenset
    """The names in `.env.example` and the lock; see `diff.diff`."""
    named: str | None = None
    """What `--file` held; None where the app's declared file was meant."""
    declared_in: str = ""
    """What messages call what is locked, where this is a lock."""


def drift(
    heroku: Heroku,
    asked: Check,
    *,
    policy: Policy,
    blame: bool = True,
    at_once: bool = True,
) -> Row:
    """Compare one app; what goes wrong is part of the answer and not raised.

    Two requests where nothing drifted; with `blame`, one for the releases and at most
    `blame.DEPTH` for what they held. A stage has no releases, and nobody to blame.
    """
    try:
        if isinstance(asked.declared, DeployError):
            return Unchecked(asked.app, asked.declared)
        read = partial(read_live, heroku, asked.app, at_once=at_once)
        if isinstance(asked.declared, Declaration):
            live = read(wanted=policy.wanted(asked.declared.vars))
            found = _against_file(asked, asked.declared, live, policy)
        else:
            live = read(wanted=policy.wanted({*asked.declared.digests, LOCK_KEY}))
            found = _against_lock(asked, asked.declared, live, policy)
        has_blame = blame and found.drifted and not is_stage(asked.app)
        return _blamed(heroku, found, live.vars) if has_blame else found
    except Exception as error:
        return Unchecked(asked.app, error if isinstance(error, DeployError) else Unforeseen(error))


def _against_file(asked: Check, declared: Declaration, live: LiveVars, policy: Policy) -> Drift:
    declared.check_swallowed(live.names, asked.examples)
    suspects = [suspect.name for suspect in declared.suspects]
    plan = planning.make(declared.vars, live, policy=policy, prune=True, suspects=suspects)
    drifted = [Drifted(each.name, Kind(each.action.value), each.hint) for each in plan.changes]
    # The key of the lock is no drift: it says nothing about what the app does.
    drifted += (
        Drifted(name, Kind.UNMANAGED, is_spared=True) for name in plan.spared if name != LOCK_KEY
    )
    return _drift(asked, drifted, plan)


def _against_lock(asked: Check, locked: Lock, live: LiveVars, policy: Policy) -> Drift:
    key = live.vars.get(LOCK_KEY)
    if key is None or not key.is_lock_key or key.fingerprint != locked.fingerprint:
        reason = f"the lock was made with another key than the {LOCK_KEY} of {asked.app}"
        if key is None:
            reason = f"{asked.app} has no {LOCK_KEY} to read the lock with"
        if LOCK_KEY in live.unreadable:
            reason = f"the {LOCK_KEY} of {asked.app} cannot be read, and so no lock can"
        step = "run config.sync, then config.lock, and commit the lock"
        raise BadLock(asked.source, [Complaint(reason)], next_step=step)
    found = compare_lock(locked, live, key, policy)
    spares = live.ownership.may_own
    drifted = [Drifted(name, Kind.CHANGED) for name in found.changed]
    drifted += (Drifted(name, Kind.MISSING) for name in found.missing)
    drifted += (Drifted(name, Kind.UNMANAGED, is_spared=spares(name)) for name in found.unmanaged)
    return _drift(asked, drifted, found)


def _drift(asked: Check, drifted: list[Drifted], found: Plan | Differences) -> Drift:
    return Drift(
        app=asked.app,
        source=asked.source,
        is_lock=not isinstance(asked.declared, Declaration),
        drifted=tuple(sorted(drifted, key=lambda each: each.name)),
        equal=found.equal,
        owned=found.owned,
        ignored=found.ignored,
        unreadable=found.unreadable,
        named=asked.named,
        declared_in=asked.declared_in,
    )


def _blamed(heroku: Heroku, found: Drift, live: Mapping[str, Secret]) -> Drift:
    """The same drift with its origins; a history that cannot be read leaves them unknown."""

    def read(version: int) -> Held | None:
        # Whatever goes wrong here must not hide what drifted.
        try:
            return heroku.release_vars(found.app, version)
        except Exception:
            return None

    values = {each.name: live.get(each.name) for each in found.drifted}
    try:
        releases = heroku.succeeded_releases(found.app, blame.DEPTH)
    except Exception:
        releases = []
    origins = blame.origins(values, releases, read)
    drifted = tuple(each._replace(origin=origins[each.name]) for each in found.drifted)
    return replace(found, drifted=drifted)


def drift_of_apps(
    heroku: Heroku,
    checks: Sequence[Check],
    *,
    policy: Policy,
    blame: bool,
    workers: int,
    progress: Callable[[str], None],
) -> tuple[list[Row], Stopped | None]:
    """A row for each check, in their order; where Ctrl-C came, those that are known."""
    one = partial(drift, heroku, policy=policy, blame=blame, at_once=len(checks) == 1)
    if len(checks) == 1:
        return [one(checks[0])], None
    known: dict[int, Row] = {}
    total = f"{len(checks)} {kinds_of(check.app for check in checks)}"
    stopped: Stopped | None = None
    try:
        with heroku.gathering([check.app for check in checks]):
            for index, row in each_of(checks, one, workers=workers):
                known[index] = row
                progress(f"{len(known)}/{total}")
    except KeyboardInterrupt as stop:
        stopped = Stopped(stop, f" after {len(known)} of {total} were checked")
    return [known[index] for index in sorted(known)], stopped
