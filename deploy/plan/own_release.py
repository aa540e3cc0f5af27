"""Which of an app's new releases is that of our change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..heroku.facts import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..heroku.facts import Release


class Match(NamedTuple):
    """A release that brings a change, and whether it is surely this run's."""

    release: Release
    is_ours: bool


def find(
    new: Sequence[Release],
    holding: Collection[int],
    *,
    is_answered: bool,
    account: str | None,
) -> Match | None:
    """The release to follow, of those since we began, oldest first; `holding` have the change.

    Where Heroku accepted the change, one of our account that holds it is ours: the oldest, for
    later ones carry it on. Or the newest that is pending, since such a one may show other vars, or
    none. Without a known account the only one is. Another writer may have set the very same, and a
    change without effect may make no release: so any other is nobody's in particular, as all are
    where the answer was lost.
    """
    held = [release for release in new if release.version in holding]
    settled = [release for release in held if release.status is Status.SUCCEEDED]
    ours: list[Release] = []
    if is_answered and account is None:
        ours = held if len(new) == 1 else []
    elif is_answered:
        pending = [release for release in new[::-1] if release.status is Status.PENDING]
        ours = [release for release in (*settled, *held, *pending) if release.user == account]
    found = ours or settled or held
    return Match(found[0], is_ours=bool(ours)) if found else None
