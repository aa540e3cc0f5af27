"""Whose a release is: the account of a key, and which of an app's new releases is this run's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from deploy.facts import Status
from deploy.wire import ACCEPT, Request

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from deploy.facts import Release
    from deploy.wire import Response


def get_account() -> Request:
    """Whose key this is; a key of few scopes may be refused (Dev Center, "OAuth": `identity`)."""
    return Request("GET", "/account", {"Accept": ACCEPT})


def read_account(response: Response) -> str | None:
    """The e-mail address, as releases have it; None where the answer is another."""
    try:
        found = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    email = found.get("email") if isinstance(found, dict) else None
    return email if isinstance(email, str) and email else None


class Bringer(NamedTuple):
    """A release that brings a change, and whether it is surely this run's."""

    release: Release
    is_ours: bool


def bringer(
    new: Sequence[Release],
    holding: Collection[int],
    *,
    is_answered: bool,
    account: str | None,
) -> Bringer | None:
    """The release to follow, of those since we began, oldest first; `holding` have the change.

    Where Heroku accepted the change, one of our account that holds it is ours: the oldest, for
    later ones carry it on. Or the newest that is pending, since such a one may show other vars, or
    none. Without a known account the only one is. Another writer may have set the very same, and a
    change without effect may make no release: so any other is nobody's in particular, as all are
    where the answer was lost.
    """
    held = [release for release in new if release.version in holding]
    settled = [release for release in held if release.status is Status.SUCCEEDED]
    if is_answered and account is not None:
        newest_first = new[::-1]
        pending = [release for release in newest_first if release.status is Status.PENDING]
        for release in (*settled, *held, *pending):
            if release.user == account:
                return Bringer(release, is_ours=True)
    if is_answered and account is None and len(new) == len(held) == 1:
        return Bringer(held[0], is_ours=True)
    return Bringer((settled or held)[0], is_ours=False) if held else None
