"""Which plan may be applied, and what must be asked first.

Pure: it is told whether a person can be asked, and answers with a question, a go, or an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from deploy.errors import NotAllowed, listed

if TYPE_CHECKING:
    from deploy.plan import Plan

REMOVED_SHARE = 0.30
"""Above this share of the live vars, a plan's removals look like the wrong file or app."""

SMALL_APP = 10
"""Below this many live vars a share says nothing."""


class Consent(Enum):
    """What stands between a plan and Heroku."""

    GIVEN = "nothing"
    YES_NO = "a yes"
    APP_NAME = "the app's name"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a sync was asked for."""

    app: str
    app_is_explicit: bool
    """Named by `--app`, or by HEROKU_APP in the real environment."""
    interactive: bool
    yes: bool = False
    confirm: str | None = None
    force: bool = False


def check_confirm(confirm: str | None, app: str) -> None:
    """Raise NotAllowed where `--confirm` names another app than the one that was found."""
    if confirm is not None and confirm != app:
        raise NotAllowed(
            f"--confirm does not name the app, which is {app}",
            next_step=f"use --confirm {app} if that is the app you mean",
        )


def needed(plan: Plan, asked: Asked) -> Consent:
    """What must still be asked; raises NotAllowed where asking is no use or not possible."""
    check_confirm(asked.confirm, asked.app)
    if not asked.force:
        _refuse_reckless(plan)
    if asked.confirm is not None:
        return Consent.GIVEN
    if plan.removals:
        if asked.interactive:
            return Consent.APP_NAME
        names = listed(change.name for change in plan.removals)
        raise NotAllowed(
            f"this plan removes or empties {names}", next_step=f"add --confirm {asked.app}"
        )
    if asked.yes:
        return Consent.GIVEN
    if asked.interactive:
        return Consent.YES_NO
    if not asked.app_is_explicit:
        raise NotAllowed(
            f"nobody named the app, and nobody can be asked whether {asked.app} is meant",
            next_step=f"add --app {asked.app}, or --yes",
        )
    return Consent.GIVEN


def _refuse_reckless(plan: Plan) -> None:
    removed = len(plan.removals)
    if plan.manageable >= SMALL_APP and removed > REMOVED_SHARE * plan.manageable:
        raise NotAllowed(
            f"this plan removes or empties {removed} of {plan.manageable} vars",
            next_step="check --app and --file; add --force if both are right",
        )
    placeholders = [change.name for change in plan.changes if change.plants_placeholder]
    if placeholders:
        raise NotAllowed(
            f"{listed(placeholders)}: a placeholder would replace a live value",
            next_step="fill it in, or add --force",
        )
