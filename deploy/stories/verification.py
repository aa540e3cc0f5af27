"""What Heroku shows of a change: which release brings it, and whether the vars hold it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from .. import workers
from ..errors import ApiError, DeployError
from ..heroku.facts import Status
from ..names import is_stage, listed
from ..plan import own_release

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..heroku.client import Heroku
    from ..heroku.facts import Held, Release
    from ..plan.plan import Plan


class Observed(NamedTuple):
    """What one round of requests showed, all of them sent at the same time."""

    release: Release | None
    """The release that brings the change."""
    pending: tuple[Release, ...]
    """The pending releases, oldest first.

    No source says what the vars of a pending release are: new, old, or none (404). So one of these
    brings a change that Heroku accepted; Terraform's provider and Heroku's own CLI take the newest.
    """
    vars: Callable[[], Held]
    """The app's vars; call it to wait for them, and to learn what went wrong."""


@dataclass
class Verification:
    """A plan, and the releases and vars of its app that show what became of it."""

    heroku: Heroku
    app: str
    plan: Plan
    before: int = 0
    """The newest version when we began; ours is later."""
    settled: int = 0
    """The version up to which no release was pending then."""
    previous: int | None = None
    """The newest release before ours to which one can go back."""
    is_ours: bool = False
    """The release that was found is surely ours."""
    is_among_others: bool = False
    """Others' releases lie between the one to go back to and the newest."""
    is_accepted: bool = False
    """Heroku answered that it takes the change."""
    _account: Callable[[], str | None] = lambda: None
    """Whose key this is, to tell our release by."""

    def begin(self, releases: Sequence[Release]) -> Release | None:
        """Note what is there before anything is sent; the release that brings the change already.

        `releases` are the newest, newest first, read with the vars that the plan was made of. What
        a pending release brings is not sent again: nobody knows what that would do.
        """
        self.before = max((release.version for release in releases), default=0)
        pending = [release for release in releases if release.status is Status.PENDING]
        self.settled = min((release.version - 1 for release in pending), default=self.before)
        newest = next(iter(releases), None)
        is_coming = newest and newest.status is Status.PENDING and self._brings(newest.version)
        self._note_previous(releases, self.before if is_coming else self.before + 1)
        return newest if is_coming else None

    def note_accepted(self) -> None:
        """Heroku takes the change; whose key this is is asked meanwhile, to tell its release."""
        self.is_accepted = True
        if not is_stage(self.app):
            self._account = workers.start(self.heroku.account)

    def find_release(self) -> Release | None:
        """The release since we began that brings the change; `is_ours` tells whether it is ours."""
        return self._chosen(self.heroku.releases_after(self.app, self.settled), lambda: False)

    def observe(self) -> Observed:
        """Ask at once for the vars, for the releases, and for what the next version holds.

        That is ours, unless somebody else's came before it. What it held a moment before the list
        was made counts only where it is the change: a release may not have been there yet. A stage
        has vars alone.
        """
        live = workers.start(lambda: self.heroku.vars(self.app))
        if is_stage(self.app):
            return Observed(None, (), live)
        next_brings = workers.start(partial(self._brings, self.before + 1))
        releases = self.heroku.releases_after(self.app, self.settled)
        pending = (release for release in releases if release.status is Status.PENDING)
        return Observed(self._chosen(releases, next_brings), tuple(pending), live)

    def find_other(self, failed: Release) -> Release | None:
        """Another release that brings the change, where one failed: live, or pending."""
        releases = self.heroku.releases_after(self.app, self.settled)
        others = [release for release in releases if release.version != failed.version]
        live = [release for release in others if release.status is Status.SUCCEEDED][-1:]
        pending = [release for release in others if release.status is Status.PENDING]
        found = next((each for each in [*live, *pending] if self._brings(each.version)), None)
        if found:
            self.is_ours, self.is_among_others = False, True
        return found

    def missing(self, held: Held) -> list[str]:
        """What is surely not as it was meant; see `unreadable` for what nobody can tell."""
        return [each.name for each in self.plan.changes if each.holds_in(held) is False]

    def unreadable(self, held: Held) -> list[str]:
        """What was meant to have a value, and has one that cannot be read."""
        return [each.name for each in self.plan.changes if each.holds_in(held) is None]

    def is_untouched(self, held: Held) -> bool:
        """Whether these vars are those from before, so that nothing of the change is in sight."""
        return all(
            (each.name in held.unreadable) == each.is_blind and held.vars.get(each.name) == each.old
            for each in self.plan.changes
        )

    def describe(self) -> str:
        """What is true on Heroku right now, for whoever stops us."""
        seen = self.observe()
        release = seen.release
        if release and release.status is not Status.SUCCEEDED:
            how = "it arrived as" if self.is_ours else "it is in"
            return f"{how} v{release.version}, which is {release.status.value}"
        live = seen.vars()
        version = f" (v{release.version})" if release else ""
        missing = self.missing(live)
        if not missing:
            unreadable = listed(self.unreadable(live))
            limit = f", as far as {unreadable} can be read" if unreadable else ""
            return f"{self.app} has it{version}{limit}"
        if release:
            return f"{self.app} had it{version}, and lacks {listed(missing)} now"
        part = "a part of it" if len(missing) < len(self.plan.changes) else "nothing of it"
        return f"{self.app} has {part} so far, and it may still arrive"

    def _chosen(
        self, releases: Sequence[Release], next_brings: Callable[[], bool]
    ) -> Release | None:
        new = [release for release in releases if release.version > self.before]
        holding = {
            release.version
            for release in new
            if (release.version == self.before + 1 and next_brings())
            or self._brings(release.version, is_alone=len(new) == 1)
        }
        account = None
        if new:
            with suppress(DeployError):
                account = self._account()
        found = own_release.find(new, holding, is_answered=self.is_accepted, account=account)
        self.is_ours = found is not None and found.is_ours
        if found is None:
            return None
        self._note_previous(releases, found.release.version)
        return found.release

    def _brings(self, version: int, *, is_alone: bool = False) -> bool:
        """Whether a release holds the change; a pending one may have no vars yet.

        One of which nothing can be read holds it if it is the only one that may.
        """
        try:
            held = self.heroku.release_vars(self.app, version)
        except ApiError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
            return False
        is_told = len(self.unreadable(held)) < len(self.plan.changes)
        return not self.missing(held) and (is_told or is_alone)

    def _note_previous(self, releases: Sequence[Release], version: int) -> None:
        fit = (r.version for r in releases if r.version < version and r.status is Status.SUCCEEDED)
        self.previous = max(fit, default=self.previous)
        newest = max([version, *(release.version for release in releases)])
        since = version - 1 if self.previous is None else self.previous
        self.is_among_others = newest > since + 1
