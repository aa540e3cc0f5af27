"""Whether a plan for many apps may be applied, and what must be asked first; see `consent`."""

from __future__ import annotations

from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from ..errors import NotAllowed
from ..names import is_stage, joined
from . import consent

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..errors import DeployError
    from .consent import Asked
    from .fleet import Planned


class Questions(NamedTuple):
    """What a person must answer: the names of these apps, and one yes for those."""

    by_name: tuple[Planned, ...] = ()
    by_yes: tuple[Planned, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.by_name or self.by_yes)


def check_confirm(confirm: Collection[str], apps: Collection[str]) -> None:
    """Raise NotAllowed for a `--confirm` that names none of the apps."""
    if not set(confirm) <= set(apps):
        # What it names is not repeated: anything may have landed there.
        raise NotAllowed(
            "--confirm does not name one of the apps",
            next_step=f"use --confirm with one of {joined(apps)}",
        )


def refused(
    planned: Sequence[Planned], asked: Asked, confirm: Collection[str]
) -> list[tuple[str, DeployError]]:
    """All that is against it, app by app: what could not be read, and what may not be applied."""
    found: list[tuple[str, DeployError]] = []
    for each in planned:
        if each.failure:
            found.append((each.app, each.failure))
        elif each.diff and each.differs:
            own = _of(asked, each.app, confirm)
            found += ((each.app, why) for why in consent.refusals(each.diff.plan, own))
    return found


def needed(planned: Sequence[Planned], asked: Asked, confirm: Collection[str]) -> Questions:
    """What must still be asked; raises NotAllowed where a yes is needed and nobody can give it."""
    left = [each for each in planned if each.differs and each.app not in confirm]
    by_name = tuple(each for each in left if _takes_name(each, asked))
    by_yes = tuple(each for each in left if each not in by_name)
    if not by_yes or asked.is_given:
        return Questions(by_name)
    if asked.can_ask:
        return Questions(by_name, by_yes)
    if asked.in_ci:
        reason = "nobody named the apps, and nobody can be asked whether all of them are meant"
        raise NotAllowed(reason, next_step="add --yes, or name each with --app")
    raise NotAllowed("nobody can be asked here", next_step="add --yes")


def asks(planned: Sequence[Planned], asked: Asked, confirm: Collection[str]) -> bool:
    """Whether a person will be asked anything, if nothing is against the plan."""
    return asked.can_ask and not needed(planned, asked, confirm).is_empty


def options(planned: Sequence[Planned], asked: Asked) -> tuple[str, ...]:
    """The options with which this is applied where nobody can be asked."""
    differing = [each for each in planned if each.differs]
    by_name = [each.app for each in differing if _takes_name(each, asked)]
    is_doubted = any(any(consent.doubts(each.diff.plan, asked)) for each in differing if each.diff)
    is_asked = len(by_name) < len(differing) and not (asked.is_job or asked.is_reviewed)
    return (
        *(["--yes"] if is_asked else []),
        *(f"--confirm {quote(app)}" for app in by_name),
        *(["--force"] if is_doubted else []),
    )


def _takes_name(each: Planned, asked: Asked) -> bool:
    return each.diff is not None and consent.takes_name(each.diff.plan, asked)


def _of(asked: Asked, app: str, confirm: Collection[str]) -> Asked:
    kind = "stage" if is_stage(app) else asked.kind
    return replace(asked, name=app, kind=kind, confirm=app if app in confirm else None)
