"""What was read from Heroku, as values; nothing here knows how it was read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.secret import Secret

APP_NAME = re.compile(r"[a-z][a-z0-9-]{1,28}[a-z0-9]")
"""Heroku's own pattern for the name of an app (schema, `app.name`); match it whole."""

APP_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""What Heroku takes in a name's place (schema, `app.identity`); match it whole."""

VAR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""The names a shell can export; the API alone would take more (schema: `\\w+`)."""

LIVE_NAME = re.compile(r"[A-Za-z0-9_.:-]+")
"""The names that apps do have, a dot or a leading digit included (xavdid/heroku-config#13)."""

CONFIG_LIMIT = 64 * 1024
"""Bytes that all names and values of an app may have together (Dev Center, "Config Vars")."""

PHASE_MINUTES = 65
"""How long a release phase is waited for unless told: it may take an hour (Dev Center, "Release
Phase"), and one can stay pending for ever (heroku/cli#1272)."""

PLATFORM_PREFIX = "HEROKU_"
"""Advised against, and yet people set such names (HEROKU_API_KEY); Dev Center, "Config Vars"."""

PLATFORM_NAMES = frozenset(
    # Dev Center, "Heroku Labs: Dyno Metadata".
    {"HEROKU_APP_DEFAULT_DOMAIN_NAME", "HEROKU_APP_ID", "HEROKU_APP_NAME", "HEROKU_DYNO_ID"}
    | {"HEROKU_BUILD_COMMIT", "HEROKU_BUILD_DESCRIPTION"}
    | {"HEROKU_RELEASE_CREATED_AT", "HEROKU_RELEASE_VERSION"}
    | {"HEROKU_SLUG_COMMIT", "HEROKU_SLUG_DESCRIPTION"}
    # Dev Center, "Review Apps" (injected environment variables).
    | {"HEROKU_BRANCH", "HEROKU_PARENT_APP_NAME", "HEROKU_PR_NUMBER"}
    # Dev Center, "Heroku CI" (immutable environment variables).
    | {"HEROKU_TEST_RUN_BRANCH", "HEROKU_TEST_RUN_COMMIT_VERSION", "HEROKU_TEST_RUN_ID"}
)
"""What the platform itself sets; any other name is its user's, unless an attachment claims it."""


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
