"""How much config an app may have in all, and whether a refused change was too much."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from deploy.errors import ApiError, DeployError, OwnedByAddon
from deploy.facts import CONFIG_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.heroku import Heroku
    from deploy.plan import Plan
    from deploy.secret import Secret


def size(found: Mapping[str, Secret]) -> int:
    """Bytes of all names and values together, as Heroku counts them."""
    return sum(len(name.encode()) + value.size for name, value in found.items())


def explained(heroku: Heroku, app: str, plan: Plan, error: ApiError) -> ApiError:
    """A refusal of this plan, in words of its own where the vars would have been too many.

    Heroku's text is not believed: the sum is made here, of what is live and what was sent.
    """
    if error.status != HTTPStatus.UNPROCESSABLE_ENTITY or isinstance(error, OwnedByAddon):
        return error
    try:
        after = dict(heroku.vars(app).vars)  # what cannot be read would only make it more
    except DeployError:
        return error
    for change in plan.changes:
        after.pop(change.name, None)
        if change.new is not None:
            after[change.name] = change.new
    total = size(after)
    if total <= CONFIG_LIMIT:
        return error
    return ApiError(
        f"{app}: nothing was written: its vars would have {total:,} bytes in all,"
        f" and Heroku's limit is {CONFIG_LIMIT:,}",
        status=error.status,
        request_id=error.request_id,
        next_step="take out what the app does not need, or store the largest values elsewhere",
    )
