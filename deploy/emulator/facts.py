"""What the emulator knows about an app, as values: releases, add-ons, attachments.

It knows nothing of HTTP and nothing of how an app changes; `app` does.
"""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["pending", "succeeded", "failed", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release as it was when asked for; `vars` is the whole set at that version."""

    version: int
    id: str
    status: Status
    description: str
    user: str
    created_at: str
    vars: Mapping[str, str] = field(repr=False)
    current: bool = False


@dataclass(frozen=True, slots=True)
class ReleasePhase:
    """How an app with a release command treats what that command runs for.

    That is a user's config change or rollback over HTTP and a new add-on, and not what an add-on
    changes later (https://devcenter.heroku.com/articles/release-phase).

    The release is pending until `reads` reads have shown it so (None: until
    `App.finish_release`), and then becomes `outcome`. Heroku does not say what the config
    read answers after a failure, so `failed_reads` chooses: the values still live, or the
    failed release's. Nor does it say what `releases/{n}/config-vars` answers of a pending
    release, so `pending_reads` does: the new values, the old ones, or 404.
    """

    reads: int | None = None
    outcome: Literal["succeeded", "failed"] = "succeeded"
    failed_reads: Literal["live", "failed"] = "live"
    pending_reads: Literal["new", "old", "404"] = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addon:
    """An add-on, which belongs to the one app that created it."""

    id: str
    name: str
    plan: str
    app_id: str
    app_name: str
    created_at: str

    @property
    def service(self) -> str:
        return self.plan.partition(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An add-on's presence on an app: the app's `config_vars` are owned by it."""

    id: str
    name: str
    addon: Addon
    namespace: str | None
    config_vars: tuple[str, ...]
    created_at: str


def identifier(*parts: object) -> str:
    """A version 4 uuid that is the same for the same parts in every run."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))
