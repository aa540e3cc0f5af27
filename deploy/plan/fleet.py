"""Many apps in one plan: their order, one digest for all, what it takes, and how each app ended."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from enum import Enum
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DeployError, NotApplied, Stopped, Unforeseen
from ..heroku.rate_limit import LOW, SPACING
from . import outcome
from .outcome import Synced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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


class State(Enum):
    """How an app ended; the value is its word in JSON."""

    APPLIED = "applied"
    SENT = "sent"
    """Pending, and nobody waited for the release phase: not verified."""
    IN_SYNC = "in_sync"
    NOT_BEGUN = "not_begun"
    REFUSED = "refused"
    """Surely nothing was written."""
    FAILED = "failed"
    """Surely written, and not live: the release phase failed."""
    UNKNOWN = "unknown"


GOOD = {State.APPLIED, State.SENT, State.IN_SYNC}


class Row(NamedTuple):
    """How one app ended, and what tells more about it."""

    app: str
    state: State
    done: Synced | None = None
    failure: DeployError | None = None

    @property
    def version(self) -> int | None:
        return self.done.version if self.done else None


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
    question. Without `is_read` every app is still to be read first, as after a diff.
    """
    times = 2 if is_asked else 1
    changed = sum(each.differs for each in planned)
    reads = 0 if is_read or not changed else len(planned)
    return (reads + changed * times) * READS + changed * WRITES


def minutes(requests: int, remaining: int | None) -> int:
    """How long they take at the account's rate, where they are more than are left; 0 otherwise."""
    over = requests - max(0, (BUCKET if remaining is None else remaining) - LOW)
    return max(0, ceil(over * SPACING / 60))


def ended(app: str, how: Synced | DeployError | KeyboardInterrupt) -> Row:
    """What an attempt to write to an app means for it.

    From the story any DeployError but NotApplied and Stopped says that nothing was written.
    """
    if isinstance(how, Synced):
        state = State.SENT if how.state is outcome.State.SENT else State.APPLIED
        return Row(app, state, done=how)
    match how:
        case NotApplied():
            state = State.FAILED if how.is_failed else State.UNKNOWN
        case Stopped():
            state = State.UNKNOWN if how.is_sent else State.NOT_BEGUN
        case Unforeseen():
            state = State.UNKNOWN
        case DeployError():
            state = State.REFUSED
        case KeyboardInterrupt():  # it came before the story began
            return Row(app, State.NOT_BEGUN)
    return Row(app, state, failure=how)


def rows(
    planned: Sequence[Planned],
    known: Mapping[str, Row],
    *,
    begun: Collection[str] = (),
    refused: Mapping[str, DeployError] | None = None,
) -> list[Row]:
    """A row an app, in their order; one that was begun and of which nothing is known is unknown."""

    def row(each: Planned) -> Row:
        if each.app in known:
            return known[each.app]
        if each.app in begun:
            return Row(each.app, State.UNKNOWN)
        failure = each.failure or (refused or {}).get(each.app)
        if failure:
            return Row(each.app, State.REFUSED, failure=failure)
        return Row(each.app, State.NOT_BEGUN if each.differs else State.IN_SYNC)

    return [row(each) for each in planned]


def tally(rows: Iterable[Row]) -> dict[State, int]:
    """How many apps ended so; each state is there."""
    found = Counter(row.state for row in rows)
    return {state: found[state] for state in State}


class AppsRefused(DeployError):
    """What is against a plan for many apps, all of it at once; nothing was written to any."""

    def __init__(self, refused: Sequence[tuple[str, DeployError]], *more: DeployError) -> None:
        told = [line for app, failure in refused for line in named(app, failure)]
        told += (str(failure) for failure in more)
        steps = [(app, failure.next_step) for app, failure in refused if failure.next_step]
        lines = [f"{app}: {step}" for app, step in steps]
        lines += (failure.next_step for failure in more if failure.next_step)
        message = "\n".join([*told, "nothing was written to any app"])
        super().__init__(message, next_step="\n  ".join(dict.fromkeys(lines)) or None)


class NotAllApplied(DeployError):
    """Not every app is known to hold what was declared; the rows say which."""

    def __init__(self, rows: Sequence[Row], *, first: str | None, next_step: str) -> None:
        bad = sum(row.state not in GOOD for row in rows)
        is_held_up = any(row.app == first and row.done and row.done.unverified for row in rows)
        why = f"{first} cannot be verified whole, so no other was begun: " if is_held_up else ""
        are = "is" if bad == 1 else "are"
        text = f"{why}{bad} of {len(rows)} apps {are} not known to hold what was declared"
        super().__init__(text, next_step=next_step)


def named(app: str, failure: DeployError) -> list[str]:
    """The lines of an error, each with the app that it is about."""
    lines = str(failure).split("\n")
    return [line if line.startswith(f"{app}: ") else f"{app}: {line}" for line in lines]
