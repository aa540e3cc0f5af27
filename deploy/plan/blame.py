"""Which release brought a var's live value: proven from what releases hold.

The wording of a release's description is not believed, and there is no binary search: it would
miss a value that went away and came back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..heroku.facts import Held, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..heroku.facts import Release
    from ..secret import Secret

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
    found: dict[str, Origin] = {}
    later: Release | None = None
    beyond: Origin = Unknown()
    for version in sorted(listed, reverse=True)[:DEPTH]:
        if len(found) == len(live):
            break
        then = read(version)
        if then is None:
            beyond = Unknown()
            break
        for name in live.keys() - found.keys():
            if name in then.unreadable and live[name] is not None:
                found[name] = Unknown()
            elif name in then.unreadable or then.vars.get(name) != live[name]:
                found[name] = Brought(later) if later else Unknown()
        beyond = Before(later.version) if later else Before(version + 1)
        later = listed[version]
    return {name: found.get(name) or _oldest(live[name], later, beyond) for name in sorted(live)}


def _oldest(value: Secret | None, oldest: Release | None, beyond: Origin) -> Origin:
    """For a value that every release read holds: v1 is where it began, if it was read."""
    if isinstance(beyond, Before) and oldest and oldest.version == 1:
        return Never() if value is None else Brought(oldest)
    return beyond
