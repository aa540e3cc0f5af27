"""What each release of an app did to its config: proven from what releases hold.

The wording of a release's description is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..heroku.facts import Held, Status
from .change import Change

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..heroku.facts import Release


@dataclass(frozen=True, slots=True)
class Revision:
    """What a release did to config; `changes` is empty where it did nothing.

    It is None where nobody can tell: its vars, or those of the release before it, could not be
    read.
    """

    release: Release
    changes: tuple[Change, ...] | None


@dataclass(frozen=True, slots=True)
class History:
    """The newest releases of an app that changed config, newest first.

    `seen` is how many releases were looked through for them, `oldest` the oldest of those, None
    where there was none; `is_whole` says that there is none before it.
    """

    app: str
    revisions: tuple[Revision, ...]
    seen: int
    oldest: int | None
    is_whole: bool
    unreadable: tuple[str, ...] = ()
    """What at least one release shows no value of: a change from one to another is not told."""


def revisions(
    releases: Iterable[Release],
    held: Mapping[int, Held | None],
    *,
    is_whole: bool,
    names: Collection[str] = (),
) -> list[Revision]:
    """What each release did, newest first; to `names` alone, where there are any.

    `held` has the vars of each version, None where they could not be read. A release is held
    against the newest one before it that succeeded, since only that was live; v1 against nothing.
    Those with none to be held against are left out, unless `is_whole` says that the list has no
    more: then they are unknown.
    """
    listed = {each.version: each for each in releases}
    found = []
    before: Held | None = Held({}) if 1 in listed else None
    is_judged = is_whole or 1 in listed
    for version, release in sorted(listed.items()):
        now = held[version]
        if is_judged:
            found.append(Revision(release, _changes(before, now, names)))
        if release.status is Status.SUCCEEDED:
            before, is_judged = now, True
    return found[::-1]


def _changes(
    before: Held | None, now: Held | None, names: Collection[str]
) -> tuple[Change, ...] | None:
    if before is None or now is None:
        return None
    touched = sorted(name for name in before.names | now.names if not names or name in names)
    return tuple(change for name in touched if (change := _change(name, before, now)))


def _change(name: str, before: Held, now: Held) -> Change | None:
    """What became of a name; that it came or went is known of one that cannot be read, too."""
    if name in before.unreadable | now.unreadable:
        came, went = name not in before.names, name not in now.names
        return Change(name, None, None, is_blind=went) if came or went else None
    change = Change(name, before.vars.get(name), now.vars.get(name))
    return None if change.is_noop else change
