"""What a story is: an app, an env file, calls of tasks, and the faults that befall them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

APP = "demo"
FILE = ".env.production"
IGNORED = "IGNORED_*"
LOCK_KEY = "CONFIG_LOCK_KEY"

WRITERS = (
    *("twin", "twin-ours", "part", "other", "unrelated", "removes", "back", "deploy"),
    *("deploy-fails", "change-fails", "deploy-hangs"),
)
"""Others who write: the very same change, by a colleague or by our own account; a part of it;
another value; another name; a removal; what was before; code; code, or a change, whose release
phase fails; code whose release phase never ends."""
ADDONS = ("addon-arrives", "addon-takes", "addon-leaves", "addon-rotates")
EDITS = ("edit",)
"""An editor saves the env file."""
STOPS = ("interrupt", "terminate")
ACTS = (*WRITERS, *ADDONS, *EDITS, *STOPS, "slow")
"""What can happen before or after a request, in a sleep, or while a person is asked."""

BROKEN = (
    *("unreachable", "unreachable-hard", "lost", "lost-after", "late", "timeout", "timeout-after"),
    *("5xx", "5xx-after", "429", "429-told", "limited", "refused", "truncated", "html", "odd"),
    *("303", "102", "stale", "null"),
)
"""What can become of a request and its answer; `-after` says that it took effect."""
SPOKEN = ("warning", "request-id", "low")
"""What can stand on an answer: a warning or a reference that repeats a secret, few tokens."""

SWITCHES = (
    *("phase-succeeds", "phase-fails", "phase-expires", "phase-never"),
    *("shows-old", "shows-404", "failed-carried", "failed-shown", "pending-apart"),
    *("nothing-unreleased", "names-unlisted", "has-settings", "account-refused"),
)
"""What no source settles, and a release phase; they hold for a whole story."""

KINDS = (*ACTS, *BROKEN, *SPOKEN, *SWITCHES)

ENDPOINTS = ("patch", "vars", "releases", "release", "release-vars", "attachments", "any")


@dataclass(frozen=True)
class Fault:
    """One thing that happens: `when` is `before`, `at` or `after` the `nth` request of its kind.

    In a sleep and at a question `endpoint` is `sleep` or `question`; a switch has no place.
    """

    kind: str
    call: int = 0
    endpoint: str = ""
    nth: int = 0
    when: str = "at"
    arg: int = 0

    def __str__(self) -> str:
        if not self.endpoint:
            return self.kind
        return f"{self.kind}({self.arg}) {self.when} {self.endpoint} {self.nth} of call {self.call}"


@dataclass(frozen=True)
class Call:
    """One task, as Invoke would parse it. `asks` says that a person is there, who says yes."""

    task: str
    options: Mapping[str, object]
    asks: bool = False
    expects: bool = False
    """`--expect`, with the digest that a diff names just before."""

    def __str__(self) -> str:
        told = {name: value for name, value in self.options.items() if value not in (None, False)}
        words = " ".join(f"{name}={value}" for name, value in told.items() if value != [])
        return f"{self.task} {words}{' asked' * self.asks}{' expected' * self.expects}"


@dataclass(frozen=True)
class Story:
    seed: int
    releases: tuple[Mapping[str, str | None], ...]
    """What each release before the story changed."""
    addons: tuple[tuple[str, Mapping[str, str], str], ...]
    declared: Mapping[str, str]
    key: str
    """The API key."""
    provided: tuple[str, ...]
    has_lock: bool
    calls: tuple[Call, ...]
    faults: tuple[Fault, ...]
    spare: tuple[str, ...] = field(default=())
    """Values for those who write meanwhile."""

    def secrets(self) -> frozenset[str]:
        found = {self.key, *self.declared.values(), *self.spare}
        found |= {v for release in self.releases for v in release.values() if v}
        found |= {v for _, vars_, _ in self.addons for v in vars_.values()}
        return frozenset(found)
