"""Carry out a plan: one PATCH, then make sure.

`diff.diff` reads and plans; the task shows the plan and asks; `diff.read_again` reads again after
a question; `apply` writes and finds out what became of it. A PATCH is sent once. Every way it can
end (applied, refused, lost, pending, failed, overwritten by someone else, interrupted) is told
apart by reading, and nobody is told that something was applied when it was not, nor the reverse.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from ..errors import AnswerLost, ApiError, DeployError, NotApplied, Stopped
from ..heroku.facts import Status
from ..heroku.release_phase import wait_for
from ..names import listed, options_of
from ..plan import size
from ..plan.outcome import State, Synced
from .verification import Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..heroku.client import Heroku
    from ..heroku.facts import Held, Release
    from ..heroku.sender import Clock
    from ..plan.plan import Plan

PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each read of what became of a change: 15 s in all."""

_ENDED_BADLY = (Status.FAILED, Status.EXPIRED)


def apply(
    heroku: Heroku,
    app: str,
    plan: Plan,
    releases: Sequence[Release],
    *,
    clock: Clock,
    waiting: Callable[[int, float], None],
    wait: int,
) -> Synced:
    """Send the plan as one PATCH and see it through.

    `releases` are the newest, read with the vars that the plan was made of, or after a question
    with those that showed it to be still right. `waiting` is told the version of a release whose
    release phase is waited for, and the seconds gone by, again and again. `wait` is how many
    minutes it is waited for; with 0 it is not. Where a pending release brings the plan already
    nothing is sent. Raises NotApplied, Stopped, or what refused the PATCH.
    """
    verification = Verification(heroku, app, plan)
    try:
        pending = verification.begin(releases)
    except KeyboardInterrupt as stop:
        raise Stopped(stop, "; nothing was written") from None
    releases = (pending,) if pending else ()
    patch = _Patch(verification, heroku, app, clock, waiting, wait, releases, bool(releases))
    try:
        return patch.carry_out()
    except KeyboardInterrupt as stop:
        raise patch.stopped(stop) from None


@dataclass
class _Patch:
    """One PATCH and what became of it."""

    verification: Verification
    heroku: Heroku
    app: str
    clock: Clock
    waiting: Callable[[int, float], None]
    wait: int
    releases: tuple[Release, ...]
    """The one that brings the change; or the pending ones, where none says that it is this one."""
    was_pending: bool
    """It was pending before we began, and nothing is sent."""
    early: Callable[[], Held] | None = None
    """The vars that were read together with the release, if it was not pending then."""

    @property
    def release(self) -> Release | None:
        return self.releases[-1] if self.releases else None

    @property
    def next_step(self) -> str:
        return f"run config.diff {options_of(self.app)}"

    @property
    def _sent(self) -> str:
        how = "on its way" if self.was_pending else "sent"
        is_known = self.was_pending or self.verification.is_ours
        return f"{how} as v{self.release.version}" if self.release and is_known else how

    def carry_out(self) -> Synced:
        if not self.was_pending:
            self.releases = self._send()
        try:
            is_over = self._see_through()
            unverified = self._verify() if is_over else []
        except NotApplied:
            raise
        except DeployError as error:
            truth = f"the change was {self._sent} to {self.app}, and is not verified: {error}"
            raise NotApplied(truth, next_step=self.next_step) from None
        return Synced(
            app=self.app,
            plan=self.verification.plan,
            state=State.APPLIED if is_over else State.SENT,
            version=self.release.version if self.release else None,
            previous=self.verification.previous,
            was_pending=self.was_pending,
            is_ours=self.verification.is_ours if self.release else self.verification.is_accepted,
            is_among_others=self.verification.is_among_others,
            unverified=tuple(unverified),
        )

    def stopped(self, stop: KeyboardInterrupt) -> Stopped:
        """What is true on Heroku right now; a second Ctrl-C ends the reading."""
        if self.release:
            where = f"waiting: the change was {self._sent} to {self.app}, and is not verified"
        else:
            where = f"the change was being sent: {self._described(stop)}"
        stopped = Stopped(stop, f" while {where}", next_step=self.next_step)
        stopped.is_sent = True
        return stopped

    def _described(self, stop: KeyboardInterrupt) -> str:
        self.heroku.hurry(stop)
        with suppress(DeployError, KeyboardInterrupt):
            return self.verification.describe()
        return f"whether {self.app} has it is not known"

    def _send(self) -> tuple[Release, ...]:
        """Send the PATCH; see `releases`, of which there are none where the vars alone show it."""
        plan, lost = self.verification.plan, None
        try:
            self.heroku.write(self.app, {change.name: change.new for change in plan.changes})
        except AnswerLost as error:
            lost = error
        except ApiError as error:
            raise self._explained(error) from None
        else:
            self.verification.note_accepted()
        return self._find(lost)

    def _explained(self, error: ApiError) -> ApiError:
        """A refusal, in words of its own where the vars would have been too many."""
        if size.may_be_about(error):
            with suppress(DeployError):
                live = self.heroku.vars(self.app).vars
                return size.explained(self.app, self.verification.plan, live, error)
        return error

    def _find(self, lost: AnswerLost | None) -> tuple[Release, ...]:
        """Find the change on Heroku; `lost` where not even the answer says that it was accepted."""
        found: Held | DeployError
        for pause in PAUSES:
            self.clock.sleep(pause)
            try:
                seen = self.verification.observe()
                self.early = seen.vars
                if seen.release:
                    return (seen.release,)
                found = live = seen.vars()
                is_hidden = self.verification.unreadable(live) and (lost or seen.pending)
                if not self.verification.missing(live) and not is_hidden:
                    return ()
                if not lost and seen.pending:
                    return seen.pending
            except DeployError as error:
                found = error
        raise self._not_found(lost, found)

    def _not_found(self, lost: AnswerLost | None, found: Held | DeployError) -> NotApplied:
        start = str(lost) if lost else "Heroku accepted the change"
        if isinstance(found, DeployError):
            rest = f"but {self.app} cannot be read since ({found}), so whether it holds is unknown"
        elif lost and self.verification.is_untouched(found):
            rest = f"and nothing has changed on {self.app} so far; it may still arrive"
        elif missing := listed(self.verification.missing(found)):
            rest = f"but {self.app} does not hold what was meant: {missing}"
        else:
            unreadable = listed(self.verification.unreadable(found))
            rest = f"and whether {self.app} holds it is unknown: {unreadable} cannot be read"
        return NotApplied(f"{start}, {rest}", next_step=self.next_step)

    def _see_through(self) -> bool:
        """Wait for the release phase, if that is wanted; whether none is pending any more."""
        began = self.clock.monotonic()  # however many releases are waited for, there is one end
        while self.release and self.release.status in (*_ENDED_BADLY, Status.PENDING):
            if self.release.status is Status.PENDING:
                if not self.wait:
                    return False
                self.releases = (self._wait(began),)
            if self.release.status in _ENDED_BADLY:
                other = self.verification.find_other(self.release)
                self.releases = (other or self._failed(self.release),)
        return True

    def _wait(self, began: float) -> Release:
        """The release that brings the change, once it is pending no more."""
        self.early = None  # Heroku showed the vars from before it
        for each in self.releases:
            ended = wait_for(
                *(self.heroku, self.app, each),
                clock=self.clock,
                waiting=self.waiting,
                since=began,
                minutes=self.wait,
                other=self.verification.find_other,
            )
            if ended.version != each.version:
                return ended  # another one brought it, and this one is pending still
        # One that came meanwhile says of itself that it has the change, or is what to go back to.
        return self.verification.find_release() or ended

    def _failed(self, release: Release) -> NoReturn:
        is_known = self.was_pending or self.verification.is_ours
        which = f"v{release.version} of {self.app}{'' if is_known else ', which has the change,'}"
        step = f"see why: heroku releases:output v{release.version} --app {self.app}"
        truth = f"{which} {release.status.value}: the config is not live"
        failed = NotApplied(truth, next_step=step)
        failed.is_failed = True
        raise failed

    def _verify(self) -> list[str]:
        """Read the vars; the names that cannot be read, so that nobody knows what they hold.

        Raises NotApplied where vars are others than was meant.
        An answer may be of some seconds ago: one that shows just what was before is asked again.
        """
        if self.early and not self.verification.missing(live := self.early()):
            return self.verification.unreadable(live)
        what = "still shows what was there before"
        for pause in PAUSES:
            if pause:
                self.clock.sleep(pause)
            live = self.heroku.vars(self.app)
            if not (missing := self.verification.missing(live)):
                return self.verification.unreadable(live)
            if not self.verification.is_untouched(live):
                what = "does not hold what was meant"
                break
        truth = f"the change was {self._sent}, but {self.app} {what}: {listed(missing)}"
        raise NotApplied(truth, next_step=self.next_step)
