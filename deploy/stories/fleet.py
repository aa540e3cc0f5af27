"""Read many apps side by side, and write to those that differ: each as `sync` writes to one.

An app is told apart from all others: what one of them raises is its row, whatever it is. After the
first that did not end well nothing new begins, and what is in flight is waited for.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..errors import DeployError, Stopped, Unforeseen
from ..plan.fleet import Planned
from ..plan.fleet_outcome import GOOD, AppsRefused, Row, State, ended, rows
from ..workers import each as each_of
from ..workers import start
from .diff import read_again
from .sync import apply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..heroku.client import Heroku
    from ..heroku.facts import Release
    from ..heroku.sender import Clock
    from ..plan.outcome import Diff, Synced

T = TypeVar("T")
U = TypeVar("U")

FRESH = 10.0
"""Seconds for which a reading is good enough to be written after."""


class Job(NamedTuple):
    """An app, and how its plan is made; or why it cannot be."""

    app: str
    make: Callable[[], Diff] | DeployError


class Applied(NamedTuple):
    """How each app ended, in the order of the plan; `stopped` where a signal came."""

    rows: list[Row]
    stopped: Stopped | None = None


def read(
    jobs: Sequence[Job], *, workers: int, clock: Clock, progress: Callable[[str], None]
) -> list[Planned]:
    """The plan of each app, in the order given; raises Stopped."""

    def one(job: Job) -> Planned:
        began = clock.monotonic()
        try:
            return Planned(job.app, _made(job), began)
        except Exception as error:
            return Planned(job.app, _known(error), began)

    return _side_by_side(jobs, one, workers, progress)


def _made(job: Job) -> Diff | DeployError:
    return job.make if isinstance(job.make, DeployError) else job.make()


def read_all_again(
    heroku: Heroku,
    planned: Sequence[Planned],
    *,
    workers: int,
    clock: Clock,
    progress: Callable[[str], None],
) -> list[Planned]:
    """The same after a question; raises AppsRefused where any that differs has moved."""

    def one(each: Planned) -> tuple[Planned, DeployError | None]:
        began = clock.monotonic()
        if each.diff is None or not each.differs:
            return each, None
        try:
            releases = read_again(heroku, each.diff)
        except Exception as error:
            return each, _known(error)
        return each._replace(found=_with(each.diff, releases), read_at=began), None

    found = _side_by_side(planned, one, workers, progress)
    if refused := [(each.app, failure) for each, failure in found if failure]:
        raise AppsRefused(refused)
    return [each for each, _ in found]


def _with(found: Diff, releases: Sequence[Release]) -> Diff:
    return found._replace(releases=tuple(releases))


def _known(error: BaseException) -> DeployError:
    return error if isinstance(error, DeployError) else Unforeseen(error)


def _side_by_side(
    jobs: Sequence[T],
    one: Callable[[T], U],
    workers: int,
    progress: Callable[[str], None],
) -> list[U]:
    known: dict[int, U] = {}
    try:
        for index, answer in each_of(jobs, one, workers=workers):
            known[index] = answer
            progress(f"{len(known)}/{len(jobs)} apps")
    except KeyboardInterrupt as stop:
        raise Stopped(stop, "; nothing was written") from None
    return [known[index] for index in range(len(jobs))]


def apply_all(
    heroku: Heroku,
    planned: Sequence[Planned],
    *,
    refused: Mapping[str, DeployError],
    first: str | None,
    workers: int,
    keep_going: bool,
    wait: int,
    clock: Clock,
    waiting: Callable[[str, int, float], None],
    progress: Callable[[str], None],
    end_waits: Callable[[KeyboardInterrupt], None],
) -> Applied:
    """Write to each app that differs and is not among the refused, in their order.

    `first` is written alone, and nothing else begins unless it is verified whole. `waiting` is
    told which app's release phase is waited for; see `sync.apply`. `end_waits` ends the sleeps of
    the other threads, so that they say what is true.
    """
    writes = [each for each in planned if each.differs and each.app not in refused]
    fleet = _Fleet(heroku, clock, waiting, wait, keep_going, len(writes))
    stopped = None
    try:
        fleet.write([each for each in writes if each.app == first], 1, progress)
        if first not in fleet.known or _is_verified(fleet.known[first]):
            fleet.write([each for each in writes if each.app != first], workers, progress)
    except KeyboardInterrupt as stop:
        fleet.stop(stop, end_waits)
        with fleet.turn:  # after a second one the others are still at it
            begun = len(fleet.begun)
        stopped = Stopped(stop, f" when {begun} of {len(writes)} apps were begun")
    with fleet.turn:
        return Applied(
            rows(planned, dict(fleet.known), begun={*fleet.in_flight}, refused=refused), stopped
        )


def _is_verified(row: Row) -> bool:
    return row.state is State.APPLIED and row.done is not None and not row.done.unverified


@dataclass
class _Fleet:
    """The writes to many apps; told by several threads."""

    heroku: Heroku
    clock: Clock
    waiting: Callable[[str, int, float], None]
    wait: int
    keep_going: bool
    total: int
    known: dict[str, Row] = field(default_factory=dict)
    in_flight: set[str] = field(default_factory=set)
    is_over: bool = False
    """Nothing new begins."""
    turn: threading.Condition = field(default_factory=threading.Condition)

    @property
    def begun(self) -> set[str]:
        """The apps to which something was sent, or may be just now."""
        ended = {app for app, row in self.known.items() if row.state is not State.NOT_BEGUN}
        return ended | self.in_flight

    def write(
        self, planned: Sequence[Planned], workers: int, progress: Callable[[str], None]
    ) -> None:
        """See each through; raises KeyboardInterrupt, and then some go on."""
        for _ in each_of(planned, self._see_through, workers=workers):
            progress(f"{len(self.known)}/{self.total} apps written to")

    def stop(self, stop: KeyboardInterrupt, end_waits: Callable[[KeyboardInterrupt], None]) -> None:
        """Begin nothing more, and wait for what is in flight; a second Ctrl-C ends that."""
        self.is_over = True
        self.heroku.hurry(stop)
        end_waits(stop)
        try:
            start(self._landed)()
        except KeyboardInterrupt:
            return

    def _landed(self) -> None:
        with self.turn:
            self.turn.wait_for(lambda: not self.in_flight)

    def _see_through(self, each: Planned) -> None:
        with self.turn:
            if self.is_over:
                return
            self.in_flight.add(each.app)
        row = self._told(each)
        with self.turn:
            self.known[each.app] = row
            self.in_flight.discard(each.app)
            self.is_over = self.is_over or not (row.state in GOOD or self.keep_going)
            self.turn.notify_all()

    def _told(self, each: Planned) -> Row:
        try:
            return ended(each.app, self._written(each))
        except KeyboardInterrupt as stop:
            return ended(each.app, stop)
        except BaseException as error:  # whatever it is, it is no reason to know nothing
            return ended(each.app, _known(error))

    def _written(self, each: Planned) -> Synced:
        found = each.diff
        assert found  # noqa: S101  # for the type checker: one that differs was read
        is_old = self.clock.monotonic() - each.read_at > FRESH
        return apply(
            self.heroku,
            each.app,
            found.plan,
            read_again(self.heroku, found) if is_old else found.releases,
            clock=self.clock,
            waiting=partial(self.waiting, each.app),
            wait=self.wait,
        )
