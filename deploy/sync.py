"""Carry out a plan: one PATCH, then make sure.

The order of things: `diff.compare` reads and plans; the face shows the plan and asks;
`diff.recheck` reads again after a question; `apply` writes and finds out what became of it. A
PATCH is sent once. Every way it can end (applied, refused, lost, pending, failed, overwritten by
someone else, interrupted) is told apart by reading, and nobody is told that something was applied
when it was not, nor the reverse.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from deploy.errors import AnswerLost, DeployError, NotApplied, Stopped, TimedOut, listed
from deploy.facts import Status
from deploy.outcome import State, Synced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deploy.facts import Release
    from deploy.heroku import Clock, Heroku
    from deploy.plan import Change, Plan
    from deploy.secret import Secret

POLL_EVERY = 3.0
"""Seconds between two looks at a pending release."""
POLL_FOR = 20 * 60.0
"""Seconds after which a pending release is left alone, as Terraform's provider does."""
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
    waiting: Callable[[int], None],
    wait: bool = True,
) -> Synced:
    """Send the plan as one PATCH and see it through.

    `waiting` is told the version of a release whose release phase is waited for; with `wait`
    False it is not waited for. Raises NotApplied, Stopped, or what refused the PATCH.
    """
    return _Application(heroku, app, plan, clock).run(waiting, wait=wait)


class _Application:
    """One PATCH and what became of it."""

    def __init__(self, heroku: Heroku, app: str, plan: Plan, clock: Clock) -> None:
        self.heroku = heroku
        self.app = app
        self.plan = plan
        self.clock = clock
        self.before = 0
        """The newest version when we began; ours is later."""
        self.settled = 0
        """The version up to which no release was pending then."""
        self.previous: int | None = None
        self.release: Release | None = None
        self.look = f"run config.diff --app {app}"

    def run(self, waiting: Callable[[int], None], *, wait: bool) -> Synced:
        self._note_newest()
        try:
            return self._carry_out(waiting, wait=wait)
        except KeyboardInterrupt as stop:
            raise self._stopped(stop) from None

    def _carry_out(self, waiting: Callable[[int], None], *, wait: bool) -> Synced:
        self.release = self._send()
        try:
            return self._see_through(waiting, wait=wait)
        except NotApplied:
            raise
        except DeployError as error:
            truth = f"the change was {self._sent} to {self.app}, and is not verified: {error}"
            raise NotApplied(truth, next_step=self.look) from None

    def _note_newest(self) -> None:
        releases = self.heroku.newest_releases(self.app, PREVIOUS)
        self.before = max((release.version for release in releases), default=0)
        pending = (r.version - 1 for r in releases if r.status is Status.PENDING)
        self.settled = min(pending, default=self.before)
        self._note_previous(releases, self.before + 1)

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
            except DeployError as error:
                unread = error
            if not unread and not self._missing(live):
                return None
        raise self._unsettled(lost, live, unread)

    def _ours(self) -> Release | None:
        """The oldest release since we began whose vars hold the change."""
        releases = self.heroku.releases_after(self.app, self.settled)
        for release in releases:
            if release.version <= self.before:
                continue
            if not self._missing(self.heroku.release_vars(self.app, release.version)):
                self._note_previous(releases, release.version)
                return release
        return None

    def _missing(self, live: Mapping[str, Secret]) -> list[Change]:
        return [change for change in self.plan.changes if not change.holds_in(live)]

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
            names = listed(change.name for change in self._missing(live))
            rest = f"but {self.app} does not hold what was meant: {names}"
        return NotApplied(f"{start}, {rest}", next_step=self.look)

    def _see_through(self, waiting: Callable[[int], None], *, wait: bool) -> Synced:
        """Wait for the release phase, and make sure that the vars are as they were meant."""
        if self.release and self.release.status is Status.PENDING:
            if not wait:
                return self._synced(State.SENT)
            waiting(self.release.version)
            self.release = self._outlast(self.release)
        if self.release and self.release.status is not Status.SUCCEEDED:
            version, status = self.release.version, self.release.status.value
            raise NotApplied(
                f"v{version} of {self.app} {status}: the config is not live",
                next_step=f"see why: heroku releases:output v{version} --app {self.app}",
            )
        missing = self._missing(self.heroku.vars(self.app))
        if missing:
            names = listed(change.name for change in missing)
            truth = f"the change was {self._sent}, but {self.app} does not hold what was meant"
            raise NotApplied(f"{truth}: {names}", next_step=self.look)
        return self._synced(State.APPLIED)

    def _outlast(self, release: Release) -> Release:
        """The same release after its release phase; raises NotApplied if that never ends."""
        deadline = self.clock.monotonic() + POLL_FOR
        while release.status is Status.PENDING:
            if self.clock.monotonic() >= deadline:
                raise NotApplied(
                    f"v{release.version} of {self.app} is still pending after"
                    f" {POLL_FOR / 60:.0f} minutes: the change was sent and is not verified",
                    next_step=self.look,
                )
            self.clock.sleep(POLL_EVERY)
            with suppress(TimedOut):  # the deadline bounds it
                release = self.heroku.release(self.app, release.version)
        return release

    @property
    def _sent(self) -> str:
        return f"sent as v{self.release.version}" if self.release else "sent"

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
        )
