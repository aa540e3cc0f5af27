"""How each of many apps ended, and what keeps a plan for them from being applied."""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DeployError, NotApplied, Stopped, Unforeseen
from ..names import kinds_of
from . import outcome
from .outcome import Synced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from .fleet import Planned


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
    """What is against a plan for many apps, all of it at once; nothing was written to any.

    Its next step is a line for each.
    """

    def __init__(self, refused: Sequence[tuple[str, DeployError]], *more: DeployError) -> None:
        told = [line for app, failure in refused for line in named(app, failure)]
        told += (str(failure) for failure in more)
        steps = [(app, failure.next_step) for app, failure in refused if failure.next_step]
        lines = [f"{app}: {step}" for app, step in steps]
        lines += (failure.next_step for failure in more if failure.next_step)
        message = "\n".join([*told, "nothing was written to any app"])
        super().__init__(message, next_step="\n".join(dict.fromkeys(lines)) or None)
        self.by_app = by_app(refused)


class NotAllApplied(DeployError):
    """Not every app is known to hold what was declared; the rows say which."""

    def __init__(self, rows: Sequence[Row], *, first: str | None, next_step: str) -> None:
        bad = sum(row.state not in GOOD for row in rows)
        is_held_up = any(row.app == first and row.done and row.done.unverified for row in rows)
        why = f"{first} cannot be verified whole, so no other was begun: " if is_held_up else ""
        are = "is" if bad == 1 else "are"
        total = f"{len(rows)} {kinds_of(row.app for row in rows)}"
        text = f"{why}{bad} of {total} {are} not known to hold what was declared"
        super().__init__(text, next_step=next_step)


def by_app(refused: Iterable[tuple[str, DeployError]]) -> dict[str, DeployError]:
    """One error an app, which says all that is against it."""
    found: dict[str, list[DeployError]] = {}
    for app, failure in refused:
        found.setdefault(app, []).append(failure)
    return {app: _joined(failures) for app, failures in found.items()}


def _joined(failures: list[DeployError]) -> DeployError:
    if len(failures) == 1:
        return failures[0]
    steps = "; ".join(failure.next_step for failure in failures if failure.next_step)
    return DeployError("\n".join(map(str, failures)), next_step=steps or None)


def named(app: str, failure: DeployError) -> list[str]:
    """The lines of an error, each with the app that it is about."""
    lines = str(failure).split("\n")
    return [line if line.startswith(f"{app}: ") else f"{app}: {line}" for line in lines]
