"""What can be seen on Heroku of a change: which release brings it, and whether the vars hold it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from deploy.errors import ApiError
from deploy.facts import Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deploy.facts import Release
    from deploy.heroku import Heroku
    from deploy.plan import Plan
    from deploy.secret import Secret

PREVIOUS = 10
"""How many releases to look through for the last one that succeeded."""


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

    def begin(self) -> Release | None:
        """See what is there before anything is sent; the release that brings the change already.

        What a pending release brings is not sent again: nobody knows what that would do.
        """
        releases = self.heroku.newest_releases(self.app, PREVIOUS)
        self.before = max((release.version for release in releases), default=0)
        pending = [release for release in releases if release.status is Status.PENDING]
        self.settled = min((release.version - 1 for release in pending), default=self.before)
        self._note_previous(releases, self.before + 1)
        newest = next(iter(releases), None)
        is_coming = newest and newest.status is Status.PENDING and self.brings(newest)
        return newest if is_coming else None

    def brings(self, release: Release) -> bool:
        """Whether a release holds the change; one that is pending may have no vars yet."""
        try:
            return not self.missing(self.heroku.release_vars(self.app, release.version))
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return False

    def ours(self) -> Release | None:
        """The oldest release since we began whose vars hold the change."""
        releases = self.heroku.releases_after(self.app, self.settled)
        for release in releases:
            if release.version > self.before and self.brings(release):
                self._note_previous(releases, release.version)
                return release
        return None

    def pending(self) -> list[Release]:
        """What is on its way, oldest first.

        No source says what the vars of a pending release are: new, old, or none (404). So one of
        these brings a change that Heroku accepted; Terraform's provider and Heroku's own CLI take
        the newest.
        """
        releases = self.heroku.releases_after(self.app, self.settled)
        return [release for release in releases if release.status is Status.PENDING]

    def carrier(self, failed: Release) -> Release | None:
        """A later release, of somebody else, that succeeded with the change in it."""
        later = self.heroku.releases_after(self.app, failed.version)
        succeeded = (release for release in later if release.status is Status.SUCCEEDED)
        return next((release for release in succeeded if self.brings(release)), None)

    def missing(self, live: Mapping[str, Secret]) -> list[str]:
        return [change.name for change in self.plan.changes if not change.holds_in(live)]

    def is_untouched(self, live: Mapping[str, Secret]) -> bool:
        """Whether these vars are those from before, so that nothing of the change is in sight."""
        return all(live.get(change.name) == change.old for change in self.plan.changes)

    def truth(self) -> str:
        """What is true on Heroku right now, for whoever stops us."""
        if release := self.ours():
            version, status = release.version, release.status
            if status is Status.SUCCEEDED:
                return f"{self.app} has it (v{version})"
            return f"it arrived as v{version}, which is {status.value}"
        missing = self.missing(self.heroku.vars(self.app))
        if not missing:
            return f"{self.app} has it"
        part = "a part of it" if len(missing) < len(self.plan.changes) else "nothing of it"
        return f"{self.app} has {part} so far, and it may still arrive"

    def _note_previous(self, releases: Sequence[Release], version: int) -> None:
        fit = (r.version for r in releases if r.version < version and r.status is Status.SUCCEEDED)
        self.previous = max(fit, default=self.previous)
