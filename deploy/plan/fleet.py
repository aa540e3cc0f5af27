"""Many apps in one plan: their order, one digest for all, and what applying it takes."""

from __future__ import annotations

import hashlib
import json
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DeployError
from ..heroku.rate_limit import LOW, SPACING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .outcome import Diff

READS = 4
"""Requests that a reading of an app takes at most: its vars, its attachments, the newest releases,
and the settings of its vars where a value is in doubt."""
WRITES = 5
"""Requests that a change takes at most, where all goes well: the PATCH, whose key it was, the vars
and the releases read back, and what the new release holds. A release phase takes as many looks as
it lasts, one in three seconds."""
BUCKET = 4500
"""Tokens that an account has when it is rested; taken for what is left where no answer said."""

_VERSION = "config-fleet/1"


class Planned(NamedTuple):
    """What reading one app gave: its plan, or why there is none; and when that was, in seconds."""

    app: str
    found: Diff | DeployError
    read_at: float = 0.0

    @property
    def diff(self) -> Diff | None:
        return None if isinstance(self.found, DeployError) else self.found

    @property
    def failure(self) -> DeployError | None:
        return self.found if isinstance(self.found, DeployError) else None

    @property
    def differs(self) -> bool:
        return self.diff is not None and not self.diff.plan.is_empty


class Fleet(NamedTuple):
    """A plan for many apps, and what applying it takes.

    `requests` are the most there will be; `minutes` is how long they take at the account's rate,
    where it has fewer left.
    """

    planned: tuple[Planned, ...]
    requests: int = 0
    minutes: int = 0

    @classmethod
    def of(
        cls,
        planned: Sequence[Planned],
        *,
        is_read: bool,
        is_asked: bool = False,
        remaining: int | None = None,
    ) -> Fleet:
        """See `requests`; `remaining` is how many the account has left."""
        count = requests(planned, is_read=is_read, is_asked=is_asked)
        return cls(tuple(planned), count, minutes(count, remaining) if count else 0)

    @property
    def digest(self) -> str | None:
        return digest(self.planned)

    @property
    def differing(self) -> list[Planned]:
        return [each for each in self.planned if each.differs]

    @property
    def unread(self) -> list[Planned]:
        return [each for each in self.planned if each.failure]


def in_order(named: Iterable[str], listed: Iterable[str]) -> list[str]:
    """Each app once: as the settings list them, and those they do not list behind, as given."""
    given = dict.fromkeys(named)
    known = [app for app in listed if app in given]
    return [*known, *(app for app in given if app not in known)]


def digest(planned: Iterable[Planned]) -> str | None:
    """What names the whole plan to a reviewer, whatever the order of the apps.

    None where an app could not be read, where one that differs has no digest of its own, and where
    nothing differs.
    """
    own: dict[str, str | None] = {}
    for each in planned:
        if each.diff is None or (each.differs and each.diff.digest is None):
            return None
        own[each.app] = each.diff.digest
    if not any(own.values()):
        return None
    text = json.dumps([_VERSION, sorted(own.items())], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def requests(planned: Sequence[Planned], *, is_read: bool, is_asked: bool = False) -> int:
    """How many requests it takes at most to apply this.

    An app that is written to is read again where its reading has become old, and once more after a
    question. Without `is_read` every app is still to be read first, as after a diff; a stage takes
    some more for that.
    """
    times = 2 if is_asked else 1
    changed = sum(each.differs for each in planned)
    if not changed:
        return 0
    beside = sum(each.diff.beside for each in planned if each.diff)
    reads = 0 if is_read else len(planned) * READS + beside
    return reads + changed * times * READS + changed * WRITES


def minutes(requests: int, remaining: int | None) -> int:
    """How long they take at the account's rate, where they are more than are left; 0 otherwise."""
    over = requests - max(0, (BUCKET if remaining is None else remaining) - LOW)
    return max(0, ceil(over * SPACING / 60))
