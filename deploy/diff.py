"""Compare what was declared with what is live: the reading half of every task that plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy import crew, reading, review
from deploy import plan as planning
from deploy.errors import BadOption, ChangedMeanwhile, DeployError, SwallowedNames, listed
from deploy.outcome import Comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from deploy.envfile import EnvFile
    from deploy.facts import Release
    from deploy.heroku import Heroku
    from deploy.outcome import Pull
    from deploy.plan import Plan, Policy


def compare(
    heroku: Heroku,
    app: str,
    declared: EnvFile,
    *,
    source: str,
    policy: Policy,
    prune: bool = False,
    only: frozenset[str] | None = None,
    examples: Callable[[], frozenset[str]] = frozenset,
    over_unreadable: bool = False,
) -> Comparison:
    """Read the app and plan.

    Three requests, all at once: the vars, their owners, and the newest releases, for one that is
    pending explains a difference; a fourth where a value is in doubt (see `reading`).
    `examples` are the names in `.env.example` and the lock, asked for only where a quoted value may
    have swallowed names; raises SwallowedNames where it has.
    """
    wanted = wanted_of(declared.vars, policy, only)
    live, newest = crew.both(
        lambda: reading.live(heroku, app, wanted=wanted), lambda: newest_releases(heroku, app)
    )
    check_swallowed(declared, live.names, examples, source)
    _check_only(only, declared, live.names, app, source)
    plan = planning.make(
        declared.vars,
        live,
        policy=policy,
        prune=prune,
        suspects=[suspect.name for suspect in declared.suspects],
        only=only,
        over_unreadable=over_unreadable,
    )
    releases = known_releases(newest, plan)
    app_id = releases[0].app_id if releases else None
    return Comparison(
        app=app,
        source=source,
        plan=plan,
        live=live,
        policy=policy,
        warnings=declared.warnings_about({change.name for change in plan.changes}),
        releases=releases,
        digest=review.digest(
            plan,
            app_id=app_id,
            declared=declared.vars,
            live=live,
            policy=policy,
            prune=prune,
            only=only,
        )
        if plan.changes and app_id
        else None,
    )


def wanted_of(
    names: Collection[str], policy: Policy, only: frozenset[str] | None = None
) -> frozenset[str]:
    """What a plan would set where it is absent."""
    chosen = only.intersection(names) if only is not None else names
    return frozenset(name for name in chosen if not policy.ignores(name))


def newest_releases(heroku: Heroku, app: str) -> list[Release] | DeployError:
    """The newest releases, or why they are not to be had."""
    try:
        return heroku.newest_releases(app)
    except DeployError as error:
        return error


def known_releases(newest: list[Release] | DeployError, plan: Plan) -> tuple[Release, ...]:
    """The newest releases; raises what kept them from us, if anything hangs on them."""
    if not isinstance(newest, DeployError):
        return tuple(newest)
    if plan.changes:
        raise newest
    return ()


def look_again(heroku: Heroku, found: Comparison) -> list[Release]:
    """Read again after a question, all at once; the newest releases, where all is as it was."""
    _, newest = crew.both(lambda: recheck(heroku, found), lambda: heroku.newest_releases(found.app))
    return newest


def recheck(heroku: Heroku, found: Comparison | Pull) -> None:
    """Read again after a question; raises ChangedMeanwhile where another writer was there.

    An owned value may rotate by itself, unless it is what the plan would write.
    """
    changed = [change.name for change in found.plan.changes]
    live = reading.live(heroku, found.app, wanted=changed)
    names = {*review.moved(found.live, live, found.policy)}
    names |= {name for name in changed if not found.live.agrees(name, live)}
    if names:
        raise ChangedMeanwhile(found.app, sorted(names))


def check_swallowed(
    declared: EnvFile,
    live: frozenset[str],
    examples: Callable[[], frozenset[str]],
    source: str,
) -> None:
    """A suspect that nothing declares, but that Heroku or the example knows, was surely lost."""
    undeclared = [s for s in declared.suspects if s.name not in declared.vars]
    if not undeclared:
        return
    known = live | examples()
    for is_quoted in (True, False):
        lost = [s for s in undeclared if s.name in known and s.is_quoted is is_quoted]
        if lost:
            raise SwallowedNames(source, [(s.name, s.line) for s in lost], in_quotes=is_quoted)


def _check_only(
    only: frozenset[str] | None,
    declared: EnvFile,
    live: frozenset[str],
    app: str,
    source: str,
) -> None:
    unknown = (only or frozenset()) - declared.vars.keys() - live
    if unknown:
        raise BadOption(
            f"--only {listed(unknown)}: neither in {source} nor on {app}",
            next_step="check the spelling",
        )
