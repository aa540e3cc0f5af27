"""Which plan may be applied, and what must be asked first.

Pure: it is told whether a person can be asked, and answers with a question, a go, or an error. A
plan is applied without a question only where the answer was given beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from shlex import quote
from typing import TYPE_CHECKING

from ..errors import NotAllowed
from ..names import LOADER, listed, options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .plan import Plan

REMOVED_SHARE = 0.30
"""Above this share of the live vars, a plan's removals look like the wrong file or app."""

CHANGED_SHARE = 0.50
"""The same for the values that change: half of an app's secrets do not rotate in one day."""

SMALL_APP = 10
"""Below this many live vars a share says nothing."""


class Consent(Enum):
    """What stands between a plan and what it is applied to."""

    GIVEN = "nothing"
    YES_NO = "a yes"
    NAME = "the name of what is written to"


@dataclass(frozen=True, slots=True)
class Asked:
    """How a plan was asked for, and who can answer."""

    name: str
    """Of the app that is written to, or of the env file."""
    can_ask: bool
    """There is a controlling terminal, and this is no job of a CI."""
    in_ci: bool = False
    app_is_explicit: bool = False
    """Named by `--app`, or by HEROKU_APP in the real environment."""
    yes: bool = False
    is_reviewed: bool = False
    """The plan is the one that `--expect` names."""
    needs_name: bool = False
    """Whatever the plan holds: a rollback undoes what somebody meant."""
    confirm: str | None = None
    force: bool = False
    kind: str = "app"
    """What the name is the name of."""

    @property
    def is_job(self) -> bool:
        """Whether this is a job whose author named the app: that is its yes."""
        return self.in_ci and self.app_is_explicit

    @property
    def is_given(self) -> bool:
        """Whether the answer to a plain question was given beforehand."""
        return self.yes or self.is_reviewed or self.is_job


def check_confirm(confirm: str | None, name: str, *, kind: str = "app") -> None:
    """Raise NotAllowed where `--confirm` names another app, or file, than the one that is meant."""
    if confirm is not None and confirm != name:
        raise NotAllowed(
            f"--confirm does not name the {kind}, which is {name}",
            next_step=f"use --confirm {quote(name)} if that is the {kind} you mean",
        )


def check_expected(expect: str | None, digest: str | None, *, kind: str = "app") -> None:
    """Raise NotAllowed where a plan is not the one that was reviewed."""
    if expect is not None and expect != digest:
        reason = f"this is not the plan {expect}: something moved since, or the options are others"
        step = "have the plan shown here reviewed: config.diff names it"
        if digest is None:
            step = "it may have been applied already"
            step += "" if kind == "stage" else ": see config.history"
        raise NotAllowed(reason, next_step=step)


def needed(plan: Plan, asked: Asked) -> Consent:
    """What must still be asked; raises NotAllowed where asking is no use or not possible."""
    check_confirm(asked.confirm, asked.name, kind=asked.kind)
    for refusal in refusals(plan, asked):
        raise refusal
    if asked.confirm is not None:
        return Consent.GIVEN
    if takes_name(plan, asked):
        return Consent.NAME
    if asked.is_given:
        return Consent.GIVEN
    if asked.can_ask:
        return Consent.YES_NO
    if asked.in_ci:
        raise NotAllowed(
            f"nobody named the app, and nobody can be asked whether {asked.name} is meant",
            next_step=f"add {options_of(asked.name)}, or --yes",
        )
    raise NotAllowed("nobody can be asked here", next_step="add --yes")


def refusals(plan: Plan, asked: Asked) -> Iterator[NotAllowed]:
    """All that is against this plan by itself, though somebody says yes."""
    if not asked.force:
        for reason, step in doubts(plan, asked):
            yield NotAllowed(reason, next_step=step)
    if takes_name(plan, asked) and asked.confirm is None and not asked.can_ask:
        names = listed(change.name for change in plan.removals)
        what = f"removes or empties {names}" if names else f"needs the name of {asked.name}"
        yield NotAllowed(f"this plan {what}", next_step=f"add --confirm {quote(asked.name)}")


def options(plan: Plan, asked: Asked) -> tuple[str, ...]:
    """The options with which this plan is applied where nobody can be asked."""
    found = [] if asked.is_job or asked.is_reviewed else ["--yes"]
    if takes_name(plan, asked):
        found = [f"--confirm {quote(asked.name)}"]
    return (*found, "--force") if any(doubts(plan, asked)) else tuple(found)


def takes_name(plan: Plan, asked: Asked) -> bool:
    """Whether a yes is not enough."""
    return bool(plan.removals) or asked.needs_name


def doubts(plan: Plan, asked: Asked) -> Iterator[tuple[str, str]]:
    """Why a plan looks like a mistake, and what to do about it; each needs `--force`."""
    changes, size = plan.changes, plan.manageable
    replaced = {change.name: change.replacement for change in changes if change.replacement}
    removed, changed = len(plan.removals), sum(not new.is_empty for new in replaced.values())
    option, fill, resolve = "--file", "fill it in", "resolve it, put what is meant in '…'"
    if asked.needs_name:  # a rollback: what it writes stands in no file
        option, fill, resolve = "--to", "choose another release", "choose another release"
    check = f"check --app and {option}; add --force if both are right"
    if asked.kind == "stage":
        check = f"check --pipeline, --stage and {option}; add --force if all are right"
    if size >= SMALL_APP and removed > REMOVED_SHARE * size:
        yield f"this plan removes or empties {removed} of {size} vars", check
    if size >= SMALL_APP and changed > CHANGED_SHARE * size and not asked.is_reviewed:
        yield f"this plan changes {changed} of {size} values", check
    blind = [change.name for change in changes if change.is_blind]
    placeholders = [name for name, new in replaced.items() if new.is_placeholder]
    references = [name for name, new in replaced.items() if new.is_unresolved]
    # What decides how every program of a dyno starts is seldom meant for an app's config.
    loaders = [change.name for change in changes if change.name in LOADER and change.new]
    for names, reason, step in (
        (blind, "cannot be read on Heroku, and would be written over", "leave it out of the plan"),
        (placeholders, "a placeholder would replace a live value", fill),
        (references, "a reference that nobody resolved would replace a live value", resolve),
        (
            loaders,
            "decides which programs and libraries start on a dyno",
            "take it out of the plan",
        ),
    ):
        if names:
            yield f"{listed(names)}: {reason}", f"{step}, or add --force"
