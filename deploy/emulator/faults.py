"""What can be made to go wrong with a request, and the queue of what shall go wrong next.

A `Fault` says which requests it meets and what happens to them. A request may meet any number
of `Latency` and `Writer` faults, but only one that replaces its answer: a second waits for the
next request. So two 503s injected at once are met by two requests.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from fnmatch import fnmatchcase

from .answers import Answer, of_status


class When(Enum):
    """Whether a fault strikes before a request has taken effect (so it never does) or after."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Latency:
    """The answer waits, ahead of the effect or behind it; otherwise all is as normal."""

    seconds: float
    when: When = When.BEFORE


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody else acts just before or just after the request is handled."""

    act: Callable[[], object]
    when: When = When.BEFORE


@dataclass(frozen=True, slots=True)
class Status:
    """Another status. The body is Heroku-shaped JSON unless `body` is given, an HTML page say."""

    status: int
    when: When = When.BEFORE
    body: str | None = field(default=None, repr=False)
    content_type: str = "text/html; charset=utf-8"
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """The request is sent elsewhere, without effect here."""

    location: str
    status: int = 302
    body: str = field(default="", repr=False)
    when: When = field(default=When.BEFORE, init=False)


@dataclass(frozen=True, slots=True)
class Body:
    """Status 200 and this text, after the effect: not JSON, or JSON of the wrong shape."""

    text: str = field(repr=False)
    content_type: str = "application/json"
    when: When = field(default=When.AFTER, init=False)


@dataclass(frozen=True, slots=True)
class Truncated:
    """The connection closes halfway through the body (or through `text`), after the effect.

    An empty `text` is a head that promises a body, and then nothing.
    """

    text: str | None = field(default=None, repr=False)
    when: When = field(default=When.AFTER, init=False)


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset (a real RST) without an answer."""

    when: When = When.BEFORE


Disturbance = Latency | Writer
Replacement = Status | Redirect | Body | Truncated | Reset


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`what` happens to `times` requests that match, once `after` of them have passed.

    `path` is matched part by part, so `/apps/*/releases` does not meet `/apps/demo/releases/3`;
    the default meets every path. `method` None meets every method.
    """

    what: Disturbance | Replacement
    method: str | None = None
    path: str = "*"
    after: int = 0
    times: int = 1

    def meets(self, method: str, path: str) -> bool:
        if self.method not in {None, method}:
            return False
        patterns, parts = self.path.split("/"), path.split("/")
        return self.path == "*" or (
            len(patterns) == len(parts) and all(map(fnmatchcase, parts, patterns))
        )


@dataclass(frozen=True, slots=True)
class Met:
    """The faults that one request meets."""

    disturbances: tuple[Disturbance, ...] = ()
    replacement: Replacement | None = None


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._queue.append(fault)

    def take(self, method: str, path: str) -> Met:
        """What this request meets; counted, so each call is another request."""
        disturbances: list[Disturbance] = []
        replacement: Replacement | None = None
        with self._lock:
            for index, fault in enumerate(self._queue):
                if not fault.meets(method, path):
                    continue
                if fault.after:
                    self._queue[index] = replace(fault, after=fault.after - 1)
                    continue
                if isinstance(fault.what, Latency | Writer):
                    disturbances.append(fault.what)
                elif replacement is None:
                    replacement = fault.what
                else:
                    continue
                self._queue[index] = replace(fault, times=fault.times - 1)
            self._queue = [fault for fault in self._queue if fault.times > 0]
        return Met(tuple(disturbances), replacement)


def replaced(by: Replacement, answer: Answer | None) -> Answer | None:
    """What a fault answers in place of the true answer, which is None before the effect.

    None stands for a reset.
    """
    if isinstance(by, Reset):
        return None
    if isinstance(by, Status):
        return _status(by)
    if isinstance(by, Redirect):
        return Answer(
            status=by.status,
            body=by.body.encode(),
            content_type="text/html; charset=utf-8",
            headers={"Location": by.location},
        )
    if isinstance(by, Body):
        return Answer(body=by.text.encode(), content_type=by.content_type)
    if by.text is not None or answer is None:
        return Answer(body=(by.text or "").encode(), whole=False)
    return replace(answer, whole=False)


def _status(fault: Status) -> Answer:
    answer = of_status(fault.status)
    if fault.body is not None:
        answer = replace(answer, body=fault.body.encode(), content_type=fault.content_type)
    if fault.retry_after is not None:
        answer = replace(answer, headers={"Retry-After": fault.retry_after})
    return answer
