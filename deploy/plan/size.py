"""How much config an app may have in all, and whether a refused change was too much."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from ..envfile.parser import CONFIG_LIMIT
from ..errors import ApiError, OwnedByAddon

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..secret import Secret
    from .plan import Plan


def size(found: Mapping[str, Secret]) -> int:
    """Bytes of all names and values together, as Heroku counts them."""
    return sum(len(name.encode()) + value.size for name, value in found.items())


def may_be_about(error: ApiError) -> bool:
    return error.status == HTTPStatus.UNPROCESSABLE_ENTITY and not isinstance(error, OwnedByAddon)


def explained(app: str, plan: Plan, live: Mapping[str, Secret], error: ApiError) -> ApiError:
    """A refusal of this plan, in words of its own where the vars would have been too many.

    Heroku's text is not believed: the sum is made here, of what is live and what was sent. What
    cannot be read would only make it more.
    """
    total = size(plan.applied_to(live))
    if total <= CONFIG_LIMIT:
        return error
    return ApiError(
        f"{app}: nothing was written: its vars would have {total:,} bytes in all,"
        f" and Heroku's limit is {CONFIG_LIMIT:,}",
        status=error.status,
        request_id=error.request_id,
        next_step="take out what the app does not need, or store the largest values elsewhere",
    )
