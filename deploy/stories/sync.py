"""Carry out a plan: one PATCH, then make sure.

`diff.compare` reads and plans; the face shows the plan and asks; `diff.recheck` reads again after a
question; `apply` writes and finds out what became of it. A PATCH is sent once. Every way it can end
(applied, refused, lost, pending, failed, overwritten by someone else, interrupted) is told apart by
reading, and nobody is told that something was applied when it was not, nor the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from ..errors import AnswerLost, ApiError, DeployError, NotApplied, Stopped
from ..heroku.facts import PHASE_MINUTES, Held, Release, Status
from ..heroku.release_phase import wait_for
from ..names import listed
from ..plan.outcome import State, Synced
from .verification import Looking

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..heroku.client import Heroku
    from ..heroku.sender import Clock
    from ..plan.plan import Plan

SETTLE = (1.0, 2.0, 4.0, 8.0)
"""Seconds between the reads that find out about a lost answer: 15 s in all."""

_ENDED_BADLY = (Status.FAILED, Status.EXPIRED)


def apply(
    heroku: Heroku,
    app: str,
    plan: Plan,
    releases: Sequence[Release],
    *,
    clock: Clock,
    waiting: Callable[[int, float], None],
    wait: int = PHASE_MINUTES,
) -> Synced:
    """Send the plan as one PATCH and see it through.

    `releases` are the newest, read with the vars that the plan was made of, or after a question
    with those that showed it to be still right. `waiting` is told the version of a release whose
    release phase is waited for, and the seconds gone by, again and again. `wait` is how many
    minutes it is waited for; with 0 it is not. Where a pending release brings the plan already
    nothing is sent. Raises NotApplied, Stopped, or what refused the PATCH.
    """
    return _Application(Looking(heroku, app, plan), clock, waiting, wait).run(releases)


@dataclass
class _Application:
    """One PATCH and what became of it."""

    look: Looking
    clock: Clock
    waiting: Callable[[int, float], None]
    wait: int
    release: Release | None = None
    was_pending: bool = False
    """The release that brings the change was on its way before we began."""
    awaited: tuple[Release, ...] = ()
    """The pending releases one of which brings the change, where none says that it does."""
    early: Callable[[], Held] | None = None
    """The vars that were asked for together with the release, once that had succeeded."""
    since: float | None = None
    """When the waiting for release phases began: however many there are, it has one end."""

    @property
    def app(self) -> str:
        return self.look.app

    @property
    def heroku(self) -> Heroku:
        return self.look.heroku

    @property
    def next_step(self) -> str:
        return f"run config.diff --app {self.app}"

    def run(self, releases: Sequence[Release]) -> Synced:
        try:
            self.release = self.look.begin(releases)
        except KeyboardInterrupt as stop:
            raise Stopped(stop, "; nothing was written") from None
        self.was_pending = self.release is not None
        try:
            return self._carry_out()
        except KeyboardInterrupt as stop:
            raise self._stopped(stop) from None

    def _carry_out(self) -> Synced:
        if not self.was_pending:
            self.release = self._send()
        try:
            return self._see_through()
        except NotApplied:
            raise
        except DeployError as error:
            truth = f"the change was {self._sent} to {self.app}, and is not verified: {error}"
            raise NotApplied(truth, next_step=self.next_step) from None

    def _send(self) -> Release | None:
        """Send the PATCH; the release that brought it, or None where the vars alone show it."""
        plan, lost = self.look.plan, None
        try:
            self.heroku.write(self.app, {change.name: change.new for change in plan.changes})
        except AnswerLost as error:
            lost = error
        except ApiError as error:
            raise self.look.explained(error) from None
        else:
            self.look.accepted()
        return self._settle(lost)

    def _settle(self, lost: AnswerLost | None) -> Release | None:
        """Find the change on Heroku; `lost` where not even the answer says that it was accepted."""
        live = Held({})
        unread: DeployError | None = None
        for pause in (0.0, *SETTLE):
            self.clock.sleep(pause)
            try:
                seen = self.look.look()
                if seen.bringer:
                    self.early = seen.live
                    return seen.bringer
                live, unread = seen.live(), None
                is_hidden = self.look.unsure(live) and (lost or seen.pending)
                if not self.look.missing(live) and not is_hidden:
                    self.early = partial(Held, *live)
                    return None
                if not lost and seen.pending:
                    self.awaited = seen.pending
                    return seen.pending[-1]
            except DeployError as error:
                unread = error
        raise self._unsettled(lost, live, unread)

    def _unsettled(
        self, lost: AnswerLost | None, live: Held, unread: DeployError | None
    ) -> NotApplied:
        start = str(lost) if lost else "Heroku accepted the change"
        if unread:
            rest = f"but {self.app} cannot be read since ({unread}), so whether it holds is unknown"
        elif lost and self.look.is_untouched(live):
            rest = f"and nothing has changed on {self.app} so far; it may still arrive"
        elif missing := listed(self.look.missing(live)):
            rest = f"but {self.app} does not hold what was meant: {missing}"
        else:
            unsure = listed(self.look.unsure(live))
            rest = f"and whether {self.app} holds it is unknown: {unsure} cannot be read"
        return NotApplied(f"{start}, {rest}", next_step=self.next_step)

    def _see_through(self) -> Synced:
        """Wait for the release phase, and make sure that the vars are as they were meant."""
        while self.release and self.release.status in (*_ENDED_BADLY, Status.PENDING):
            if self.release.status is Status.PENDING:
                if not self.wait:
                    return self._synced(State.SENT)
                self.release = self._waited(self.release)
            if self.release.status in _ENDED_BADLY:
                self.release = self.look.carrier(self.release) or self._failed(self.release)
        return self._synced(State.APPLIED, unverified=self._verify())

    def _waited(self, release: Release) -> Release:
        """The release that brings the change, once it is pending no more."""
        self.since = self.clock.monotonic() if self.since is None else self.since
        self.early = None  # Heroku showed the vars from before it
        ended = release
        for each in self.awaited or (release,):
            ended = wait_for(
                *(self.heroku, self.app, each),
                clock=self.clock,
                waiting=self.waiting,
                since=self.since,
                minutes=self.wait,
                other=self.look.carrier,
            )
            if ended.version != each.version:
                return ended  # another one brought it, and this one is pending still
        self.awaited = ()
        # One that came meanwhile says of itself that it has the change, or is what to go back to.
        return self.look.found() or ended

    def _failed(self, release: Release) -> NoReturn:
        version, status = release.version, release.status.value
        is_known = self.was_pending or self.look.is_ours
        which = f"v{version} of {self.app}{'' if is_known else ', which has the change,'}"
        raise NotApplied(
            f"{which} {status}: the config is not live",
            next_step=f"see why: heroku releases:output v{version} --app {self.app}",
        )

    def _verify(self) -> list[str]:
        """Read the vars; the names that cannot be read, so that nobody knows what they hold.

        Raises NotApplied where vars are others than was meant.
        An answer may be of some seconds ago: one that shows just what was before is asked again.
        """
        if self.early and not self.look.missing(live := self.early()):
            return self.look.unsure(live)
        live, what = Held({}), "still shows what was there before"
        for pause in (None, *SETTLE):
            if pause:
                self.clock.sleep(pause)
            live = self.heroku.vars(self.app)
            if not self.look.missing(live):
                return self.look.unsure(live)
            if not self.look.is_untouched(live):
                what = "does not hold what was meant"
                break
        truth = f"the change was {self._sent}, but {self.app} {what}"
        missing = listed(self.look.missing(live))
        raise NotApplied(f"{truth}: {missing}", next_step=self.next_step)

    @property
    def _sent(self) -> str:
        how = "on its way" if self.was_pending else "sent"
        is_known = self.was_pending or self.look.is_ours
        return f"{how} as v{self.release.version}" if self.release and is_known else how

    def _stopped(self, stop: KeyboardInterrupt) -> Stopped:
        """What is true on Heroku right now; a second Ctrl-C ends the looking."""
        if self.release:
            truth = f"the change was {self._sent} to {self.app}, and is not verified"
            return Stopped(stop, f" while waiting: {truth}", next_step=self.next_step)
        self.heroku.hurry()
        try:
            truth = self.look.truth()
        except (DeployError, KeyboardInterrupt):
            truth = f"whether {self.app} has it is not known"
        return Stopped(stop, f" while the change was being sent: {truth}", next_step=self.next_step)

    def _synced(self, state: State, unverified: Sequence[str] = ()) -> Synced:
        return Synced(
            app=self.app,
            plan=self.look.plan,
            state=state,
            version=self.release.version if self.release else None,
            previous=self.look.previous,
            was_pending=self.was_pending,
            is_ours=self.look.is_ours if self.release else self.look.is_answered,
            is_among_others=self.look.is_among_others,
            unverified=tuple(unverified),
        )
