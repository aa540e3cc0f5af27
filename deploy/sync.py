"""Carry out a plan: one PATCH, then make sure.

The order of things: `diff.compare` reads and plans; the face shows the plan and asks;
`diff.recheck` reads again after a question; `apply` writes and finds out what became of it. A
PATCH is sent once. Every way it can end (applied, refused, lost, pending, failed, overwritten by
someone else, interrupted) is told apart by reading, and nobody is told that something was applied
when it was not, nor the reverse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from deploy.errors import AnswerLost, ApiError, DeployError, NotApplied, Stopped, listed
from deploy.facts import Status
from deploy.limit import explained
from deploy.outcome import State, Synced
from deploy.release_phase import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deploy.facts import Release
    from deploy.heroku import Clock, Heroku
    from deploy.plan import Plan
    from deploy.secret import Secret

SETTLE = (1.0, 2.0, 4.0, 8.0)
"""Seconds between the reads that find out about a lost answer: 15 s in all."""
PREVIOUS = 10
"""How many releases to look through for the last one that succeeded."""


def apply(
    heroku: Heroku,
    app: str,
    plan: Plan,
    *,
    clock: Clock,
    waiting: Callable[[int, float], None],
    wait: bool = True,
) -> Synced:
    """Send the plan as one PATCH and see it through.

    `waiting` is told the version of a release whose release phase is waited for, and the seconds
    gone by, again and again; with `wait` False it is not. Where a pending release brings the plan
    already nothing is sent. Raises NotApplied, Stopped, or what refused the PATCH.
    """
    return _Application(heroku, app, plan, clock, waiting if wait else None).run()


@dataclass
class _Application:
    """One PATCH and what became of it."""

    heroku: Heroku
    app: str
    plan: Plan
    clock: Clock
    waiting: Callable[[int, float], None] | None
    before: int = 0
    """The newest version when we began; ours is later."""
    settled: int = 0
    """The version up to which no release was pending then."""
    previous: int | None = None
    release: Release | None = None
    was_pending: bool = False
    """The release that brings the change was on its way before we began."""
    awaited: list[Release] = field(default_factory=list)
    """The pending releases one of which brings the change, where none says that it does."""

    @property
    def look(self) -> str:
        return f"run config.diff --app {self.app}"

    def run(self) -> Synced:
        self._note_newest()
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
            raise NotApplied(truth, next_step=self.look) from None

    def _note_newest(self) -> None:
        """See what is there before anything is sent, and what is on its way already.

        What a pending release brings is not sent again: nobody knows what that would do.
        """
        releases = self.heroku.newest_releases(self.app, PREVIOUS)
        self.before = max((release.version for release in releases), default=0)
        pending = [release for release in releases if release.status is Status.PENDING]
        self.settled = min((release.version - 1 for release in pending), default=self.before)
        self._note_previous(releases, self.before + 1)
        newest = next(iter(releases), None)
        if newest and newest.status is Status.PENDING and self._brings(newest):
            self.release, self.was_pending = newest, True

    def _brings(self, release: Release) -> bool:
        """Whether a release holds the change; one that is pending may have no vars yet."""
        try:
            return not self._missing(self.heroku.release_vars(self.app, release.version))
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return False

    def _note_previous(self, releases: Sequence[Release], version: int) -> None:
        """Remember the newest release before that version to which one can go back."""
        fit = (r.version for r in releases if r.version < version and r.status is Status.SUCCEEDED)
        self.previous = max(fit, default=self.previous)

    def _send(self) -> Release | None:
        """Send the PATCH; the release that brought it, or None where the vars alone show it."""
        lost = None
        try:
            self.heroku.write(self.app, {change.name: change.new for change in self.plan.changes})
        except AnswerLost as error:
            lost = error
        except ApiError as error:
            raise explained(self.heroku, self.app, self.plan, error) from None
        return self._settle(lost)

    def _settle(self, lost: AnswerLost | None) -> Release | None:
        """Find the change on Heroku; `lost` where not even the answer says that it was accepted."""
        live: Mapping[str, Secret] = {}
        unread: DeployError | None = None
        for pause in (0.0, *SETTLE):
            self.clock.sleep(pause)
            try:
                if release := self._ours():
                    return release
                live, unread = self.heroku.vars(self.app), None
                if not self._missing(live):
                    return None
                if not lost and (release := self._on_its_way()):
                    return release
            except DeployError as error:
                unread = error
        raise self._unsettled(lost, live, unread)

    def _ours(self) -> Release | None:
        """The oldest release since we began whose vars hold the change."""
        releases = self.heroku.releases_after(self.app, self.settled)
        for release in releases:
            if release.version <= self.before:
                continue
            if self._brings(release):
                self._note_previous(releases, release.version)
                return release
        return None

    def _on_its_way(self) -> Release | None:
        """The newest pending release, once Heroku accepted the change and none says that it has it.

        No source says what the vars of a pending release are: new, old, or none (404). Terraform's
        provider and Heroku's own CLI take the newest.
        """
        releases = self.heroku.releases_after(self.app, self.settled)
        self.awaited = [release for release in releases if release.status is Status.PENDING]
        return self.awaited[-1] if self.awaited else None

    def _missing(self, live: Mapping[str, Secret]) -> list[str]:
        return [change.name for change in self.plan.changes if not change.holds_in(live)]

    def _unsettled(
        self, lost: AnswerLost | None, live: Mapping[str, Secret], unread: DeployError | None
    ) -> NotApplied:
        start = str(lost) if lost else "Heroku accepted the change"
        is_unchanged = all(live.get(change.name) == change.old for change in self.plan.changes)
        if unread:
            rest = f"but {self.app} cannot be read since ({unread}), so whether it holds is unknown"
        elif lost and is_unchanged:
            rest = f"and nothing has changed on {self.app} so far; it may still arrive"
        else:
            rest = f"but {self.app} does not hold what was meant: {listed(self._missing(live))}"
        return NotApplied(f"{start}, {rest}", next_step=self.look)

    def _see_through(self) -> Synced:
        """Wait for the release phase, and make sure that the vars are as they were meant."""
        while self.release and self.release.status is Status.PENDING:
            if not self.waiting:
                return self._synced(State.SENT)
            for release in self.awaited or [self.release]:
                self.release = wait_for(
                    self.heroku, self.app, release, clock=self.clock, waiting=self.waiting
                )
            self.release = (self.awaited and self._ours()) or self.release
            self.awaited = []  # one that came meanwhile says of itself that it has the change
        if self.release and self.release.status in (Status.FAILED, Status.EXPIRED):
            version, status = self.release.version, self.release.status.value
            raise NotApplied(
                f"v{version} of {self.app} {status}: the config is not live",
                next_step=f"see why: heroku releases:output v{version} --app {self.app}",
            )
        missing = self._missing(self.heroku.vars(self.app))
        if missing:
            truth = f"the change was {self._sent}, but {self.app} does not hold what was meant"
            raise NotApplied(f"{truth}: {listed(missing)}", next_step=self.look)
        return self._synced(State.APPLIED)

    @property
    def _sent(self) -> str:
        how = "on its way" if self.was_pending else "sent"
        return f"{how} as v{self.release.version}" if self.release else how

    def _stopped(self, stop: KeyboardInterrupt) -> Stopped:
        """What is true on Heroku right now; a second Ctrl-C ends the looking."""
        if self.release:
            truth = f"the change was {self._sent} to {self.app}, and is not verified"
            return Stopped(stop, f" while waiting: {truth}", next_step=self.look)
        self.heroku.hurry()
        try:
            truth = self._truth()
        except (DeployError, KeyboardInterrupt):
            truth = f"whether {self.app} has it is not known"
        return Stopped(stop, f" while the change was being sent: {truth}", next_step=self.look)

    def _truth(self) -> str:
        if release := self._ours():
            version, status = release.version, release.status
            if status is Status.SUCCEEDED:
                return f"{self.app} has it (v{version})"
            return f"it arrived as v{version}, which is {status.value}"
        missing = self._missing(self.heroku.vars(self.app))
        if not missing:
            return f"{self.app} has it"
        part = "a part of it" if len(missing) < len(self.plan.changes) else "nothing of it"
        return f"{self.app} has {part} so far, and it may still arrive"

    def _synced(self, state: State) -> Synced:
        return Synced(
            app=self.app,
            plan=self.plan,
            state=state,
            version=self.release.version if self.release else None,
            previous=self.previous,
            was_pending=self.was_pending,
        )
