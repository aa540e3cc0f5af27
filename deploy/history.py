"""Who moved a var, and what each release moved: proven from what releases hold.

The wording of a release's description is not believed, and there is no binary search: it would
miss a value that went away and came back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deploy.change import Change
from deploy.facts import Held, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from deploy.facts import Release
    from deploy.secret import Secret

DEPTH = 20
"""How many releases are read before the answer is "before"."""


@dataclass(frozen=True, slots=True)
class Brought:
    """This release holds the live value, and the one before it does not."""

    release: Release


@dataclass(frozen=True, slots=True)
class Before:
    """The live value is older than this version; nobody looked further."""

    version: int


@dataclass(frozen=True, slots=True)
class Never:
    """Absent since the app's first release."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """The newest release does not hold the live value, or a release could not be read."""


Origin = Brought | Before | Never | Unknown


def origins(
    live: Mapping[str, Secret | None],
    releases: Iterable[Release],
    read: Callable[[int], Held | None],
) -> dict[str, Origin]:
    """Where each live value comes from; a value of None stands for absence.

    `read` gives the vars of a version, or None where they cannot be read. It is called at most
    once a version, newest first, and `DEPTH` times in all. Releases that did not succeed count
    neither as one that brought a value nor as one before it: else a deploy after a failed change
    would be blamed for the change.
    """
    listed = {each.version: each for each in releases if each.status is Status.SUCCEEDED}
    succeeded = sorted(listed.values(), key=lambda release: -release.version)
    found: dict[str, Origin] = {}
    later: Release | None = None
    beyond: Origin = Unknown()
    for release in succeeded[:DEPTH]:
        if len(found) == len(live):
            break
        then = read(release.version)
        if then is None:
            beyond = Unknown()
            break
        for name in live.keys() - found.keys():
            if name in then.unreadable and live[name] is not None:
                found[name] = Unknown()
            elif name in then.unreadable or then.vars.get(name) != live[name]:
                found[name] = Brought(later) if later else Unknown()
        beyond = Before(later.version) if later else Before(release.version + 1)
        later = release
    return {name: found.get(name) or _oldest(live[name], later, beyond) for name in sorted(live)}


def _oldest(value: Secret | None, oldest: Release | None, beyond: Origin) -> Origin:
    """For a value that every release read holds: v1 is where it began, if it was read."""
    if isinstance(beyond, Before) and oldest and oldest.version == 1:
        return Never() if value is None else Brought(oldest)
    return beyond


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
    return None if change.is_none else change
