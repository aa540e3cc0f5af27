"""What can go wrong, named by what went wrong.

An error carries facts, an exit code, and, where there is one, a next step. Its text names vars,
lines, files and apps, never a value, nor text from outside unless that matched a pattern first.
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, NamedTuple

from .names import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 20
"""How many complaints somebody reads."""


class Complaint(NamedTuple):
    """One thing that is wrong with a text that people write, and where."""

    reason: str
    line: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else None
        return ": ".join(part for part in (place, self.name, self.reason) if part)


def first(complaints: list[Complaint]) -> list[Complaint]:
    """The first of many complaints, and how many more there are."""
    more = len(complaints) - MOST
    rest = [Complaint(f"and {more:,} more complaints")] if more > 0 else []
    return [*complaints[:MOST], *rest]


class DeployError(Exception):
    """Anything this project refuses or fails at; `next_step` says what to do about it."""

    exit_code = 1

    def __init__(self, message: str, *, next_step: str | None = None) -> None:
        super().__init__(message)
        self.next_step = next_step


class BadOption(DeployError):
    """An option holds what cannot be meant, such as the next option."""


class BadText(DeployError):
    """A text that people write, with every complaint about it; `path` is what messages call it."""

    def __init__(self, path: str, complaints: Sequence[Complaint], *, next_step: str | None = None):
        message = "\n".join(f"{path}: {complaint}" for complaint in complaints)
        super().__init__(message, next_step=next_step)
        self.complaints = tuple(complaints)


class BadSettings(BadText):
    """The `heroku:` part of Invoke's configuration is not what the README describes."""


class BadEnvFile(BadText):
    """A declaration that would lose or change something if it were taken as it stands."""


class BadLock(BadText):
    """A lock file that is none, or that was made with another key than the app has."""

    def __init__(self, path: str, complaints: Sequence[Complaint], *, next_step: str | None = None):
        step = next_step or "make it anew: invoke config.lock"
        super().__init__(path, complaints, next_step=step)


class NoApp(DeployError):
    """No app was named and none could be told."""

    def __init__(self, candidates: Sequence[str], *, next_step: str | None = None) -> None:
        found = f" (candidates: {', '.join(candidates)})" if candidates else ""
        super().__init__(f"no app is named{found}", next_step=next_step)
        self.candidates = tuple(candidates)


class NoPipeline(DeployError):
    """A pipeline of this name cannot be told."""


class WrongFile(DeployError):
    """This app must not be given this file."""


class NoKey(DeployError):
    """No Heroku API key was found in any of the places looked at."""

    def __init__(self, places: Sequence[str], *, next_step: str) -> None:
        super().__init__(f"no Heroku API key in {', '.join(places)}", next_step=next_step)


class BadKey(DeployError):
    """The text found where the API key should be cannot be one."""

    def __init__(self, source: str) -> None:
        super().__init__(
            f"the API key from {source} holds blanks, line breaks or characters that no key has",
            next_step="copy it again, without quotes or blanks around it",
        )


class FileUnreadable(DeployError):
    """A file that must be read cannot be."""

    def __init__(self, path: str, reason: str, *, next_step: str | None = None) -> None:
        super().__init__(f"{path}: {reason}", next_step=next_step)
        self.path, self.reason = path, reason


class FileUnwritten(DeployError):
    """A file that should be written was not; what stood there before stands there still."""

    def __init__(self, path: str, reason: str, *, next_step: str | None = None) -> None:
        message = f"{path}: cannot be written ({reason}); it is as it was"
        super().__init__(message, next_step=next_step)
        self.path = path


class Unreachable(DeployError):
    """Nothing was sent: no connection, no TLS, no proxy; or a read broke off.

    `may_pass` tells whether trying again soon has a point.
    """

    def __init__(self, message: str, *, may_pass: bool = False, next_step: str | None = None):
        super().__init__(message, next_step=next_step)
        self.may_pass = may_pass


class TimedOut(DeployError):
    """The answer did not come in time; a read, so nothing hangs on it."""


class ApiError(DeployError):
    """Heroku answered, and the answer is no."""

    def __init__(
        self, message: str, *, status: int, request_id: str | None, next_step: str | None = None
    ) -> None:
        reference = f" [Request-Id {request_id}]" if request_id else ""
        super().__init__(f"{message} ({status}){reference}", next_step=next_step)
        self.status = status
        self.request_id = request_id


class Unauthorized(ApiError):
    """The API key is refused."""


class Forbidden(ApiError):
    """The API key may not do this."""


class AppNotFound(ApiError):
    """There is no such app for this key."""


class OwnedByAddon(ApiError):
    """Heroku refused a PATCH, whole, because add-ons control these names."""

    def __init__(self, app: str, names: Sequence[str], *, request_id: str | None) -> None:
        which = listed(names) or "a var in it"
        super().__init__(
            f"{app}: nothing was written: an add-on owns {which}",
            status=422,
            request_id=request_id,
            next_step="take the name out of the file, or put it under ignore: in the settings",
        )
        self.names = tuple(names)


class BadResponse(ApiError):
    """The answer is not what the API promises: an HTML page, a cut body, another shape."""


class AnswerLost(DeployError):
    """A PATCH went out and its answer did not come back whole: applied or not is unknown."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the answer was lost ({why})")


class Declined(DeployError):
    """A person said no."""

    def __init__(self) -> None:
        super().__init__("declined; nothing was written")


class NotAllowed(DeployError):
    """A plan that may not be applied with the options given."""

    def __init__(self, reason: str, *, next_step: str) -> None:
        super().__init__(f"{reason}; nothing was written", next_step=next_step)


class ChangedMeanwhile(DeployError):
    """Someone else wrote between our reading and our writing."""

    def __init__(self, app: str, names: Sequence[str]) -> None:
        super().__init__(
            f"{app}: {listed(names)} changed while we asked; nothing was written",
            next_step="run config.diff again",
        )
        self.names = tuple(names)


class NotApplied(DeployError):
    """The change was sent, and what became of it is bad or unknown; the message says which."""

    is_failed = False  # a release phase did: surely written, and not live


class Terminated(KeyboardInterrupt):
    """SIGTERM, raised where Ctrl-C would be."""


class Stopped(DeployError):
    """Ctrl-C or SIGTERM; the message says which, where we were, and what is true on Heroku."""

    is_sent = False  # something may have been written

    def __init__(self, signal: KeyboardInterrupt, truth: str, *, next_step: str | None = None):
        by_term = isinstance(signal, Terminated)
        word = "terminated (SIGTERM)" if by_term else "interrupted (Ctrl-C)"
        super().__init__(f"{word}{truth}", next_step=next_step)
        self.exit_code = 143 if by_term else 130


class Unforeseen(DeployError):
    """A bug of ours. Its text is not shown: it could hold anything."""

    def __init__(self, error: BaseException) -> None:
        *_, frame = traceback.extract_tb(error.__traceback__)
        file = frame.filename.rpartition("/")[2]
        super().__init__(
            f"unforeseen {type(error).__name__} at {file}:{frame.lineno}",
            next_step="please report this line; config.diff shows what is true on Heroku",
        )
