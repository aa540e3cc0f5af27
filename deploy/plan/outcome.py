"""What the stories return and the reports show."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DeployError
from ..heroku.facts import Status
from ..names import listed
from ..secret.ciphertext import IF_APP_DECRYPTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..envfile.declaration import Place
    from ..envfile.edit import Edited
    from ..errors import Complaint
    from ..heroku.facts import LiveVars, Release
    from ..project.policy import Policy
    from .plan import Plan


class Explained(NamedTuple):
    """Where a name is declared: first where it counts, then what that hides."""

    name: str
    places: tuple[Place, ...]


class Diff(NamedTuple):
    """One app compared with what was declared for it: what a diff shows and a sync applies."""

    app: str
    source: str
    """What messages call that which was declared."""
    plan: Plan
    live: LiveVars
    policy: Policy
    warnings: Mapping[str, tuple[Complaint, ...]] = MappingProxyType({})
    """By the text that they are about."""
    releases: tuple[Release, ...] = ()
    """The newest ones, newest first, as they were when the vars were read."""
    digest: str | None = None
    """What names this plan to a reviewer; None where there is nothing to apply."""
    withheld: tuple[str, ...] = ()
    """In the release that is compared with, absent today, and not to be brought back unasked."""
    explained: tuple[Explained, ...] = ()
    production: tuple[str, ...] | DeployError | None = None
    """Of a stage: the secrets of production that it has, or would have; or why nobody can tell."""
    beside: int = 0
    """Of a stage: how many requests it took to compare it with production."""
    can_undo: bool = False
    """Of a stage: what there was before is what its own files declare."""

    @property
    def is_in_sync(self) -> bool:
        return self.plan.is_empty and not self.withheld

    @property
    def pending(self) -> int | None:
        """The newest release, where it is pending: Heroku still shows the vars from before it."""
        newest = self.releases[0] if self.releases else None
        return newest.version if newest and newest.status is Status.PENDING else None

    @property
    def names(self) -> set[str]:
        """All names of the app and of what it is compared with."""
        return {*self.live.names, *self.withheld, *(change.name for change in self.plan.changes)}


class Edit(NamedTuple):
    """One env file, as it will be: the names that change in it, and who else is declared by it."""

    source: str
    names: tuple[str, ...]
    edited: Edited
    shared_with: tuple[str, ...] = ()


class Pull(NamedTuple):
    """What is declared compared with an app, and what its files will be with the app's values.

    The plan is the other way round: what would change in the files.
    """

    app: str
    source: str
    plan: Plan
    live: LiveVars
    policy: Policy
    edits: tuple[Edit, ...]
    """Of each file in which something changes, or should and cannot."""
    is_layered: bool = False

    @property
    def is_in_sync(self) -> bool:
        return self.plan.is_empty and not self.held_back

    @property
    def held_back(self) -> list[str]:
        """The names whose value no env file can hold, sorted."""
        return sorted({name for edit in self.edits for name in edit.edited.left_out})

    @property
    def left_out(self) -> list[DeployError]:
        """What keeps vars out of the file, in words."""
        by_hand, ignore = "write it there by hand, or ", "put it under ignore: in the settings"
        held_back = set(self.held_back)
        ciphers = {
            name
            for name in held_back
            if self.live.vars[name].is_encrypted(name, expected=self.policy.encrypted)
        }
        return [
            DeployError(f"{listed(names)}: {reason}; left out of {self.source}", next_step=step)
            for names, reason, step in (
                (ciphers, f"encrypted on {self.app}", IF_APP_DECRYPTS),
                (self.plan.unreadable, f"cannot be read on {self.app}", by_hand + ignore),
                (held_back - ciphers, "no env file can hold this name or its value", ignore),
            )
            if names
        ]


class State(Enum):
    """How a sync ended; the value is its word in JSON."""

    UNCHANGED = "unchanged"
    DRY_RUN = "dry_run"
    APPLIED = "applied"
    SENT = "sent"
    """Pending, and nobody waited for the release phase: not verified."""


class Synced(NamedTuple):
    """A sync that did not fail.

    `version` is None where nothing was sent, and where no release was found that brought the
    change though the vars are as they were meant to be. `previous` is the release to go back to,
    if one succeeded. `was_pending` says that the release was on its way already, and nothing was
    sent; `needs` are the options with which a plan that was only shown is applied. `is_ours` where
    the release is surely that of our PATCH: somebody else may have set the very same.
    `is_among_others` where releases of others lie between `previous` and the newest.
    """

    app: str
    plan: Plan
    state: State
    version: int | None = None
    previous: int | None = None
    was_pending: bool = False
    needs: tuple[str, ...] = ()
    is_ours: bool = True
    is_among_others: bool = False
    unverified: tuple[str, ...] = ()
    """What was sent and cannot be read back."""
