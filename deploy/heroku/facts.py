"""What was read from Heroku, as values; nothing here knows how it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ..names import PLATFORM_NAMES, PLATFORM_PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..secret import Secret

PHASE_MINUTES = 65
"""How long a release phase is waited for unless told: it may take an hour (Dev Center, "Release
Phase"), and one can stay pending for ever (heroku/cli#1272)."""


class Status(Enum):
    """What became of a release; very old ones carry none and count as succeeded."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """A word that the published schema does not have: neither a success nor a failure."""


@dataclass(frozen=True, slots=True)
class Release:
    """One version of an app: its code and its vars.

    `user` is an e-mail address, `created_at` Heroku's own text (ISO 8601, UTC), `app_id` what
    stays when an app's name passes to another; None where Heroku does not say.
    """

    version: int
    status: Status
    user: str | None = None
    created_at: str | None = None
    app_id: str | None = field(default=None, compare=False, repr=False)


class Attachment(NamedTuple):
    """An add-on as one app sees it.

    `config_vars` is None where the API did not say which vars it controls (the inclusion is not in
    the published schema); then `foreign` tells whether the add-on belongs to another app, whose
    names for this app's vars cannot be listed.
    """

    name: str
    config_vars: tuple[str, ...] | None
    foreign: bool = False


class Ownership(NamedTuple):
    """Which vars of an app are controlled by an add-on or by the platform.

    `foreign` holds the names of attachments from other apps whose vars are not fully known: what
    begins with one of them may be owned, and is never removed.
    """

    names: frozenset[str] = frozenset()
    foreign: tuple[str, ...] = ()

    def owns(self, name: str) -> bool:
        return name in self.names or name in PLATFORM_NAMES

    def may_own(self, name: str) -> bool:
        """Whether removing this name could take a var from an add-on, or from the platform."""
        prefixes = (PLATFORM_PREFIX, *(f"{prefix}_" for prefix in self.foreign))
        return self.owns(name) or name.startswith(prefixes)


class Setting(NamedTuple):
    """What Heroku's newer list says of one var; no value where it is masked, or null."""

    name: str
    value: Secret | None
    is_owned: bool


class Held(NamedTuple):
    """What an app, or one of its releases, holds.

    `unreadable` are the names whose values Heroku does not tell: those are null, or a mask of its
    own. They are in no mapping of values, so that nothing is taken for one.
    """

    vars: Mapping[str, Secret]
    unreadable: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        return self.unreadable.union(self.vars)


class LiveVars(NamedTuple):
    """An app's vars as Heroku answered them, and who controls them; see `Held`."""

    vars: Mapping[str, Secret]
    ownership: Ownership
    unreadable: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        return self.unreadable.union(self.vars)

    def agrees(self, name: str, other: LiveVars) -> bool:
        """Whether both show the same of a name, be it that neither can be read."""
        is_alike = (name in self.unreadable) == (name in other.unreadable)
        return is_alike and self.vars.get(name) == other.vars.get(name)
