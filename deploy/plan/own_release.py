"""Which of an app's new releases is that of our change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..heroku.facts import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..heroku.facts import Release


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
