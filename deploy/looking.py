"""What can be seen on Heroku of a change: which release brings it, and whether the vars hold it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from deploy import crew
from deploy.errors import ApiError, listed
from deploy.facts import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deploy.facts import Held, Release
    from deploy.heroku import Heroku
    from deploy.plan import Plan


class Seen(NamedTuple):
    """What one round of questions found, all of them asked at the same time."""

    ours: Release | None
    pending: tuple[Release, ...]
    """What is on its way, oldest first.

    No source says what the vars of a pending release are: new, old, or none (404). So one of these
    brings a change that Heroku accepted; Terraform's provider and Heroku's own CLI take the newest.
    """
    live: Callable[[], Held]
    """The app's vars; call it to wait for them, and to learn what went wrong."""


@dataclass
class Looking:
    """One plan, and the releases of its app."""

    heroku: Heroku
    app: str
    plan: Plan
    before: int = 0
    """The newest version when we began; ours is later."""
    settled: int = 0
    """The version up to which no release was pending then."""
    previous: int | None = None
    """The newest release before ours to which one can go back."""

    def begin(self, releases: Sequence[Release]) -> Release | None:
        """Note what was there before anything is sent; the release that brings the change already.

        `releases` are the newest, newest first, read with the vars that the plan was made of. What
        a pending release brings is not sent again: nobody knows what that would do.
        """
        self.before = max((release.version for release in releases), default=0)
        pending = [release for release in releases if release.status is Status.PENDING]
        self.settled = min((release.version - 1 for release in pending), default=self.before)
        self._note_previous(releases, self.before + 1)
        newest = next(iter(releases), None)
        is_coming = newest and newest.status is Status.PENDING and self.brings(newest)
        return newest if is_coming else None

    def brings(self, release: Release) -> bool:
        """Whether a release holds the change; one that is pending may have no vars yet."""
        return self._holds(release.version)

    def ours(self) -> Release | None:
        """The oldest release since we began whose vars hold the change."""
        return self._ours(self.heroku.releases_after(self.app, self.settled), lambda: False)

    def look(self) -> Seen:
        """Ask at once for the vars, for the releases, and for what the next version holds.

        That is ours, unless somebody else's came before it. What it held a moment before the list
        was made counts only where it is the change: a release may not have been there yet.
        """
        live = crew.start(lambda: self.heroku.vars(self.app))
        next_holds = crew.start(lambda: self._holds(self.before + 1))
        releases = self.heroku.releases_after(self.app, self.settled)
        pending = (release for release in releases if release.status is Status.PENDING)
        return Seen(self._ours(releases, next_holds), tuple(pending), live)

    def carrier(self, failed: Release) -> Release | None:
        """A later release, of somebody else, that succeeded with the change in it."""
        later = self.heroku.releases_after(self.app, failed.version)
        succeeded = (release for release in later if release.status is Status.SUCCEEDED)
        return next((release for release in succeeded if self.brings(release)), None)

    def missing(self, held: Held) -> list[str]:
        """What is surely not as it was meant; see `unsure` for what nobody can tell."""
        return [each.name for each in self.plan.changes if each.holds_in(held) is False]

    def unsure(self, held: Held) -> list[str]:
        """What was meant to have a value, and has one that cannot be read."""
        return [each.name for each in self.plan.changes if each.holds_in(held) is None]

    def is_untouched(self, held: Held) -> bool:
        """Whether these vars are those from before, so that nothing of the change is in sight."""
        return all(
            (each.name in held.unreadable) == each.is_blind and held.vars.get(each.name) == each.old
            for each in self.plan.changes
        )

    def truth(self) -> str:
        """What is true on Heroku right now, for whoever stops us."""
        seen = self.look()
        if release := seen.ours:
            version, status = release.version, release.status
            if status is Status.SUCCEEDED:
                return f"{self.app} has it (v{version})"
            return f"it arrived as v{version}, which is {status.value}"
        live = seen.live()
        missing = self.missing(live)
        if not missing:
            unsure = listed(self.unsure(live))
            return f"{self.app} has it" + (f", as far as {unsure} can be read" if unsure else "")
        part = "a part of it" if len(missing) < len(self.plan.changes) else "nothing of it"
        return f"{self.app} has {part} so far, and it may still arrive"

    def _ours(self, releases: Sequence[Release], next_holds: Callable[[], bool]) -> Release | None:
        later = [release for release in releases if release.version > self.before]
        for release in later:
            is_next = release.version == self.before + 1
            if (is_next and next_holds()) or self._holds(release.version, is_alone=len(later) == 1):
                self._note_previous(releases, release.version)
                return release
        return None

    def _holds(self, version: int, *, is_alone: bool = False) -> bool:
        """Whether a release has the change; one of which nothing can be read, if no other may."""
        try:
            held = self.heroku.release_vars(self.app, version)
            is_told = len(self.unsure(held)) < len(self.plan.changes)
            return not self.missing(held) and (is_told or is_alone)
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return False

    def _note_previous(self, releases: Sequence[Release], version: int) -> None:
        fit = (r.version for r in releases if r.version < version and r.status is Status.SUCCEEDED)
        self.previous = max(fit, default=self.previous)
