"""What the stories return and the reports show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from deploy.plan import Action

if TYPE_CHECKING:
    from deploy.errors import Complaint
    from deploy.facts import LiveVars
    from deploy.plan import Plan, Policy


@dataclass(frozen=True, slots=True)
class Comparison:
    """One app compared with what was declared for it: what a diff shows and a sync applies."""

    app: str
    source: str
    """What messages call the env file."""
    plan: Plan
    live: LiveVars
    policy: Policy
    warnings: tuple[Complaint, ...] = ()
    pending: int | None = None
    """The newest release, where it is pending: Heroku still shows the vars from before it."""


class State(Enum):
    """How a sync ended; the value is its word in JSON."""

    UNCHANGED = "unchanged"
    DRY_RUN = "dry_run"
    APPLIED = "applied"
    SENT = "sent"
    """Pending, and nobody waited for the release phase: not verified."""


@dataclass(frozen=True, slots=True)
class Synced:
    """A sync that did not fail.

    `version` is None where nothing was sent, and where no release was found that brought the
    change though the vars are as they were meant to be. `previous` is the release to go back to,
    if one succeeded.
    """

    app: str
    plan: Plan
    state: State
    version: int | None = None
    previous: int | None = None

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many were set, changed and removed."""
        return (
            self.plan.count(Action.SET),
            self.plan.count(Action.CHANGE),
            self.plan.count(Action.REMOVE),
        )
