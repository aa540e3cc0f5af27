"""What can be seen on Heroku of a change: which release brings it, and whether the vars hold it."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from .. import workers
from ..errors import ApiError, DeployError
from ..heroku.facts import Status
from ..names import listed
from ..plan import own_release, size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..heroku.client import Heroku
    from ..heroku.facts import Held, Release
    from ..plan.plan import Plan


class Seen(NamedTuple):
    """What one round of questions found, all of them asked at the same time."""

    bringer: Release | None
    """The release that brings the change."""
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
    is_ours: bool = False
    """The release that was found is surely ours."""
    is_among_others: bool = False
    """Others' releases lie between the one to go back to and the newest."""
    is_answered: bool = False
    """Heroku said that it takes the change."""
    _account: Callable[[], str | None] = lambda: None

    def begin(self, releases: Sequence[Release]) -> Release | None:
        """Note what was there before anything is sent; the release that brings the change already.

        `releases` are the newest, newest first, read with the vars that the plan was made of. What
        a pending release brings is not sent again: nobody knows what that would do.
        """
        self.before = max((release.version for release in releases), default=0)
        pending = [release for release in releases if release.status is Status.PENDING]
        self.settled = min((release.version - 1 for release in pending), default=self.before)
        newest = next(iter(releases), None)
        is_coming = newest and newest.status is Status.PENDING and self.brings(newest)
        self._note_previous(releases, self.before if is_coming else self.before + 1)
        return newest if is_coming else None

    def brings(self, release: Release) -> bool:
        """Whether a release holds the change; one that is pending may have no vars yet."""
        return self._holds(release.version)

    def accepted(self) -> None:
        """Heroku answered that it takes the change; whose key this is is asked meanwhile."""
        self.is_answered = True
        asked = workers.start(self._ask_account)
        found: list[str | None] = []

        def account() -> str | None:
            found[:] = found or [asked()]
            return found[0]

        self._account = account

    def _ask_account(self) -> str | None:
        try:
            return self.heroku.account()
        except DeployError:
            return None

    def found(self) -> Release | None:
        """The release since we began that brings the change; `is_ours` tells whether it is ours."""
        return self._found(self.heroku.releases_after(self.app, self.settled), lambda: False)

    def look(self) -> Seen:
        """Ask at once for the vars, for the releases, and for what the next version holds.

        That is ours, unless somebody else's came before it. What it held a moment before the list
        was made counts only where it is the change: a release may not have been there yet.
        """
        live = workers.start(lambda: self.heroku.vars(self.app))
        next_holds = workers.start(lambda: self._holds(self.before + 1))
        releases = self.heroku.releases_after(self.app, self.settled)
        pending = (release for release in releases if release.status is Status.PENDING)
        return Seen(self._found(releases, next_holds), tuple(pending), live)

    def carrier(self, failed: Release) -> Release | None:
        """Another release with the change in it, where one failed: it is live, or on its way."""
        releases = self.heroku.releases_after(self.app, self.settled)
        others = [release for release in releases if release.version != failed.version]
        live = [release for release in others if release.status is Status.SUCCEEDED][-1:]
        pending = [release for release in others if release.status is Status.PENDING]
        found = next((release for release in [*live, *pending] if self.brings(release)), None)
        if found:
            self.is_ours, self.is_among_others = False, True
        return found

    def explained(self, error: ApiError) -> ApiError:
        """A refusal, in words of its own where the vars would have been too many."""
        if not size.may_be_about(error):
            return error
        try:
            live = self.heroku.vars(self.app).vars
        except DeployError:
            return error
        return size.explained(self.app, self.plan, live, error)

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
        release = seen.bringer
        if release and release.status is not Status.SUCCEEDED:
            version, status = release.version, release.status.value
            how = "it arrived as" if self.is_ours else "it is in"
            return f"{how} v{version}, which is {status}"
        live = seen.live()
        missing = self.missing(live)
        if not missing:
            unsure = listed(self.unsure(live))
            known = f"{self.app} has it (v{release.version})" if release else f"{self.app} has it"
            return f"{known}, as far as {unsure} can be read" if unsure else known
        if release:
            return f"{self.app} had it (v{release.version}), and lacks {listed(missing)} now"
        part = "a part of it" if len(missing) < len(self.plan.changes) else "nothing of it"
        return f"{self.app} has {part} so far, and it may still arrive"

    def _found(self, releases: Sequence[Release], next_holds: Callable[[], bool]) -> Release | None:
        new = [release for release in releases if release.version > self.before]
        holding = {
            release.version
            for release in new
            if (release.version == self.before + 1 and next_holds())
            or self._holds(release.version, is_alone=len(new) == 1)
        }
        account = self._account() if new else None
        seen = own_release.find(new, holding, is_answered=self.is_answered, account=account)
        self.is_ours = seen is not None and seen.is_ours
        if seen is None:
            return None
        self._note_previous(releases, seen.release.version)
        return seen.release

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
        newest = max((release.version for release in releases), default=version)
        since = version - 1 if self.previous is None else self.previous
        self.is_among_others = max(newest, version) > since + 1
