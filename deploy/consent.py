"""Which plan may be applied, and what must be asked first.

Pure: it is told whether a person can be asked, and answers with a question, a go, or an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from deploy.errors import NotAllowed, listed
from deploy.given import LOADER

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
    """Or the plan was reviewed, and is the one that was expected."""
    needs_name: bool = False
    """Whatever the plan holds: a rollback undoes what somebody meant."""
    confirm: str | None = None
    force: bool = False


def check_confirm(confirm: str | None, app: str) -> None:
    """Raise NotAllowed where `--confirm` names another app than the one that was found."""
    if confirm is not None and confirm != app:
        raise NotAllowed(
            f"--confirm does not name the app, which is {app}",
            next_step=f"use --confirm {app} if that is the app you mean",
        )


def check_expect(expect: str | None, digest: str | None) -> None:
    """Raise NotAllowed where a plan is not the one that was reviewed."""
    if expect is not None and expect != digest:
        raise NotAllowed(
            f"this is not the plan {expect}: something moved since, or the options are others",
            next_step="have the plan shown here reviewed: config.diff names it"
            if digest
            else "it may have been applied already: see config.history",
        )


def needed(plan: Plan, asked: Asked) -> Consent:
    """What must still be asked; raises NotAllowed where asking is no use or not possible."""
    check_confirm(asked.confirm, asked.app)
    if not asked.force:
        _refuse_reckless(plan, is_way_back=asked.needs_name)
        _refuse_unresolved(plan, is_way_back=asked.needs_name)
        _refuse_loader(plan)
    if asked.confirm is not None:
        return Consent.GIVEN
    if plan.removals or asked.needs_name:
        if asked.interactive:
            return Consent.APP_NAME
        names = listed(change.name for change in plan.removals)
        what = f"removes or empties {names}" if names else f"needs the name of {asked.app}"
        raise NotAllowed(f"this plan {what}", next_step=f"add --confirm {asked.app}")
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


def _refuse_reckless(plan: Plan, *, is_way_back: bool) -> None:
    removed = len(plan.removals)
    if plan.manageable >= SMALL_APP and removed > REMOVED_SHARE * plan.manageable:
        raise NotAllowed(
            f"this plan removes or empties {removed} of {plan.manageable} vars",
            next_step=f"check --app and {'--to' if is_way_back else '--file'};"
            " add --force if both are right",
        )
    placeholders = [change.name for change in plan.changes if change.plants_placeholder]
    if placeholders:
        raise NotAllowed(
            f"{listed(placeholders)}: a placeholder would replace a live value",
            next_step=f"{'choose another release' if is_way_back else 'fill it in'},"
            " or add --force",
        )


def _refuse_unresolved(plan: Plan, *, is_way_back: bool) -> None:
    references = [change.name for change in plan.changes if change.plants_reference]
    if references:
        step = "choose another release" if is_way_back else "resolve it, put what is meant in '…'"
        raise NotAllowed(
            f"{listed(references)}: a reference that nobody resolved would replace a live value",
            next_step=f"{step}, or add --force",
        )


def _refuse_loader(plan: Plan) -> None:
    """What decides how every program of a dyno starts is seldom meant for an app's config."""
    names = [change.name for change in plan.changes if change.name in LOADER and change.new]
    if names:
        raise NotAllowed(
            f"{listed(names)}: decides which programs and libraries start on a dyno",
            next_step="take it out of the plan, or add --force",
        )
