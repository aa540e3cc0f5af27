"""Compare what was declared with what is live: the reading half of every task that plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import workers
from ..errors import BadOption, ChangedMeanwhile, DeployError
from ..heroku.live import newest_releases, read_live
from ..names import is_stage, listed
from ..plan import digest
from ..plan import plan as planning
from ..plan.outcome import Diff

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from ..envfile.declaration import Declaration
    from ..heroku.client import Heroku
    from ..heroku.facts import LiveVars, Release
    from ..plan.outcome import Pull
    from ..plan.plan import Plan
    from ..project.policy import Policy


def diff(
    heroku: Heroku,
    app: str,
    declared: Declaration,
    *,
    policy: Policy,
    prune: bool = False,
    only: frozenset[str] | None = None,
    examples: Callable[[], frozenset[str]] = frozenset,
    over_unreadable: bool = False,
    among_many: bool = False,
) -> Diff:
    """Read the app and plan.

    Three requests, all at once: the vars, their owners, and the newest releases, for one that is
    pending explains a difference; a fourth where a value is in doubt (see `heroku.live`).
    `examples` are the names in `.env.example` and the lock, asked for only where a quoted value may
    have swallowed names; raises SwallowedNames where it has. `among_many` is for one of many apps:
    its requests go out in turn, and a name of `only` may be another's.
    """
    vars_, source = declared.vars, declared.source
    wanted = policy.wanted(vars_, only)
    live, newest = (workers.in_turn if among_many else workers.both)(
        lambda: read_live(heroku, app, wanted=wanted, at_once=not among_many),
        lambda: newest_releases(heroku, app),
    )
    declared.check_swallowed(live.names, examples)
    if not among_many:
        check_known("--only", only or (), live.names.union(vars_), source, app)
    plan = planning.make(
        vars_,
        live,
        policy=policy,
        prune=prune,
        suspects=[suspect.name for suspect in declared.suspects],
        only=only,
        over_unreadable=over_unreadable,
    )
    releases = known_releases(newest, plan)
    app_id = _identity(heroku, app, releases)
    return Diff(
        app=app,
        source=source,
        plan=plan,
        live=live,
        policy=policy,
        warnings=declared.warnings_about({change.name for change in plan.changes}),
        releases=releases,
        digest=digest.digest(
            plan,
            app_id=app_id,
            declared=vars_,
            live=live,
            policy=policy,
            prune=prune,
            only=only,
        )
        if plan.changes and app_id
        else None,
    )


def _identity(heroku: Heroku, app: str, releases: tuple[Release, ...]) -> str | None:
    """What stays when a name passes to another app, or pipeline."""
    if is_stage(app):
        return f"{heroku.pipeline_id(app)}/{app.rpartition('/')[2]}"
    return releases[0].app_id if releases else None


def known_releases(newest: list[Release] | DeployError, plan: Plan) -> tuple[Release, ...]:
    """The newest releases; raises why they cannot be read, if there is anything to apply."""
    if not isinstance(newest, DeployError):
        return tuple(newest)
    if plan.changes:
        raise newest
    return ()


def read_again(heroku: Heroku, found: Diff) -> list[Release]:
    """The newest releases after a question; raises as `check_unchanged`, which runs meanwhile."""
    return workers.both(
        lambda: check_unchanged(heroku, found), lambda: heroku.newest_releases(found.app)
    )[1]


def check_unchanged(heroku: Heroku, found: Diff | Pull) -> None:
    """Read the vars again after a question; raises ChangedMeanwhile where somebody wrote.

    An owned value may rotate by itself, unless it is what the plan would write.
    """
    changed = [change.name for change in found.plan.changes]
    live = read_live(heroku, found.app, wanted=changed)
    differ = (name for name in changed if not found.live.agrees(name, live))
    if names := {*moved(found.live, live, found.policy), *differ}:
        raise ChangedMeanwhile(found.app, sorted(names))


def moved(before: LiveVars, after: LiveVars, policy: Policy) -> list[str]:
    """Names that another writer touched between two readings, sorted.

    Values of owned and ignored vars rotate by themselves and do not count; a name whose owner
    changed does.
    """
    return sorted(
        name
        for name in before.names | after.names
        if not policy.ignores(name)
        and (
            before.ownership.owns(name) != after.ownership.owns(name)
            or (not before.ownership.owns(name) and not before.agrees(name, after))
        )
    )


def check_known(
    option: str, names: Iterable[str], known: Collection[str], source: str, app: str
) -> None:
    """Raise BadOption for a name of an option that neither side has."""
    if unknown := {*names}.difference(known):
        raise BadOption(
            f"{option} {listed(unknown)}: neither in {source} nor on {app}",
            next_step="check the spelling",
        )
