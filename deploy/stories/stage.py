"""What a stage of a pipeline needs besides: the secrets that it should not have, and a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import workers
from ..errors import DeployError
from .diff import diff

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ..envfile.declaration import Declaration
    from ..heroku.client import Heroku
    from ..heroku.facts import Held
    from ..plan.outcome import Diff
    from ..plan.plan import Plan
    from ..project.policy import Policy
    from ..secret import Secret

PRODUCTION = "production"
_BESIDE = 2
"""Requests for the id of the pipeline, and for the apps in it."""


def diff_of_stage(
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
    """As `diff`, and which secrets of the pipeline's production apps the stage has, or would have.

    Whoever is a member of the pipeline can read those (Dev Center, "Review Apps"). Three requests
    more, and one a production app: the pipeline's id, which apps are in production, and their vars.
    """
    heroku.pipeline_id(app)  # once, before two ask for it
    both = workers.in_turn if among_many else workers.both
    found, held = both(
        lambda: diff(
            *(heroku, app, declared),
            policy=policy,
            prune=prune,
            only=only,
            examples=examples,
            over_unreadable=over_unreadable,
            among_many=among_many,
        ),
        lambda: _production(heroku, app),
    )
    if isinstance(held, DeployError):
        return found._replace(production=held, beside=_BESIDE)
    sides = (found.live.vars, declared.vars)
    secrets = shared_secrets(held, sides, policy)
    return found._replace(production=secrets, beside=_BESIDE + len(held))


def _production(heroku: Heroku, stage: str) -> list[Held] | DeployError:
    """What the pipeline's production apps hold; or why nobody can tell, which ends nothing."""
    try:
        apps = [app for app, where in heroku.couplings(stage) if where == PRODUCTION]
        return [heroku.vars(app) for app in apps]
    except DeployError as error:
        return error


def shared_secrets(
    production: Collection[Held], sides: Sequence[Mapping[str, Secret]], policy: Policy
) -> tuple[str, ...]:
    """The secrets of production that a stage has under the same name, on one of its sides."""
    return tuple(
        sorted(
            {
                name
                for held in production
                for name, value in held.vars.items()
                if any(side.get(name) == value for side in sides)
                and not policy.ignores(name)
                and value.is_secretlike(name)
            }
        )
    )


def is_undone_by(plan: Plan, declared: Mapping[str, Secret]) -> bool:
    """Whether a sync from here, with a prune, would bring back what there was before a plan."""
    return all(
        not change.is_blind and declared.get(change.name) == change.old for change in plan.changes
    )
