"""Carry out a plan: one PATCH, then make sure.

The order of things: `diff.compare` reads and plans; the face shows the plan and asks;
`diff.recheck` reads again after a question; `apply` writes and finds out what became of it. A
PATCH is sent once. Every way it can end (applied, refused, lost, pending, failed, overwritten by
someone else, interrupted) is told apart by reading, and nobody is told that something was applied
when it was not, nor the reverse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.errors import AnswerLost, DeployError, NotApplied, Stopped, listed
from deploy.facts import Status
from deploy.outcome import State, Synced

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
        self.previous: int | None = None
        self.look = f"run config.diff --app {app}"

    def run(self, waiting: Callable[[int], None], *, wait: bool) -> Synced:
        self._note_newest()
        try:
            release = self._send()
        except KeyboardInterrupt as stop:
            raise self._stopped_sending(stop) from None
        version = release.version if release else None
        try:
            if release and release.status is Status.PENDING:
                if not wait:
                    return self._synced(version, State.SENT)
                waiting(release.version)
                release = self._outlast(release)
            if release and release.status is not Status.SUCCEEDED:
                raise self._failed(release)
            self._verify(version)
        except KeyboardInterrupt as stop:
            sent = f"was sent as v{version}" if version else "was sent"
            truth = f" while waiting: the change {sent} to {self.app}, and is not verified"
            raise Stopped(stop, truth, next_step=self.look) from None
        return self._synced(version, State.APPLIED)

    def _note_newest(self) -> None:
        releases = self.heroku.newest_releases(self.app, PREVIOUS)
        self.before = max((release.version for release in releases), default=0)
        succeeded = (r.version for r in releases if r.status is Status.SUCCEEDED)
        self.previous = max(succeeded, default=None)

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
        missing: list[Change] = []
        unread: DeployError | None = None
        for pause in (0.0, *SETTLE):
            self.clock.sleep(pause)
            try:
                if release := self._ours():
                    return release
                missing, unread = self._missing(self.heroku.vars(self.app)), None
            except DeployError as error:
                unread = error
            if not missing and not unread:
                return None
        raise self._unsettled(lost, missing, unread)

    def _ours(self) -> Release | None:
        """The oldest release since we looked whose vars hold the change."""
        for release in self.heroku.releases_after(self.app, self.before):
            if not self._missing(self.heroku.release_vars(self.app, release.version)):
                return release
            if release.status is Status.SUCCEEDED:
                self.previous = release.version
        return None

    def _missing(self, live: Mapping[str, Secret]) -> list[Change]:
        return [change for change in self.plan.changes if not change.holds_in(live)]

    def _unsettled(
        self, lost: AnswerLost | None, missing: list[Change], unread: DeployError | None
    ) -> NotApplied:
        start = str(lost) if lost else "Heroku accepted the change"
        names = listed(change.name for change in missing)
        if unread:
            rest = f"but {self.app} cannot be read since ({unread}), so whether it holds is unknown"
        elif lost and len(missing) == len(self.plan.changes):
            rest = f"and nothing has changed on {self.app} so far; it may still arrive"
        else:
            rest = f"but {self.app} does not hold what was meant: {names}"
        return NotApplied(f"{start}, {rest}", next_step=self.look)

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
            release = self.heroku.release(self.app, release.version)
        return release

    def _failed(self, release: Release) -> NotApplied:
        return NotApplied(
            f"v{release.version} of {self.app} {release.status.value}: the config is not live",
            next_step=f"see why: heroku releases:output v{release.version} --app {self.app}",
        )

    def _verify(self, version: int | None) -> None:
        missing = self._missing(self.heroku.vars(self.app))
        if missing:
            names = listed(change.name for change in missing)
            sent = f"sent as v{version}" if version else "sent"
            raise NotApplied(
                f"the change was {sent}, but {self.app} does not hold what was meant: {names}",
                next_step=self.look,
            )

    def _stopped_sending(self, stop: KeyboardInterrupt) -> Stopped:
        """What is true on Heroku right now, by one look; a second Ctrl-C ends the looking."""
        during = " while the change was being sent"
        try:
            missing = self._missing(self.heroku.vars(self.app))
        except (DeployError, KeyboardInterrupt):
            truth = f"{during}: whether {self.app} has it is not known"
            return Stopped(stop, truth, next_step=self.look)
        if not missing:
            return Stopped(stop, f"{during}: {self.app} has it", next_step=self.look)
        part = "a part of it" if len(missing) < len(self.plan.changes) else "nothing of it"
        truth = f"{during}: {self.app} has {part} so far, and it may still arrive"
        return Stopped(stop, truth, next_step=self.look)

    def _synced(self, version: int | None, state: State) -> Synced:
        return Synced(
            app=self.app,
            plan=self.plan,
            state=state,
            version=version,
            previous=self.previous,
        )
