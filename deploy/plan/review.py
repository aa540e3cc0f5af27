"""What merging a branch changes in production, as values; `merge` finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..errors import DeployError


class Kind(Enum):
    """What merging does to one name; the value is its mark in a report."""

    ADDED = "+"
    CHANGED = "~"
    REMOVED = "-"
    CONFLICT = "!"
    """Changed here and at the base, each in another way."""


class Standing(Enum):
    """What is live of a name that merging changes; the value is what a report says."""

    LIVE = "already live"
    WAITING = "needs a sync"
    DRIFT = "drift: live is neither"
    LEFT_ALONE = "owned or ignored: no sync touches it"
    UNKNOWN = "what is live cannot be told"


class State(Enum):
    """What merging does to an app's lock as a whole."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    LOCK_ADDED = "lock_added"
    LOCK_REMOVED = "lock_removed"
    NO_LOCK = "no_lock"


class Key(Enum):
    """Which of the locks were made with another key than the one at the fork."""

    SAME = "same"
    HERE = "here"
    BASE = "base"
    BOTH = "both"


class Effect(NamedTuple):
    """What merging does to one name; `standing` is None where Heroku was not asked.

    `renamed_from` is a removed name whose live value this one has. Digests alone cannot tell: the
    name is part of each.
    """

    name: str
    kind: Kind
    standing: Standing | None = None
    renamed_from: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One app whose locks were read."""

    app: str | None
    """None where the settings list no app, and none is named elsewhere."""
    lock: str
    """What messages call the lock: its path from the folder of `tasks.py`."""
    state: State
    effects: tuple[Effect, ...] = ()
    equal: int = 0
    """Names that merging leaves as they are."""
    key: Key = Key.SAME
    moved_from: str | None = None
    """Where the lock is at the base, if that is another place."""
    path: str = ""
    """The lock's path from the top of the repository."""
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The line of each name in the lock here."""
    remark: str | None = None
    """Why live vars say less than they could."""
    unread: DeployError | None = None
    """Why Heroku did not say what is live."""

    @property
    def is_changing(self) -> bool:
        """Whether merging changes anything that production is told by."""
        return self.state not in (State.UNCHANGED, State.NO_LOCK)

    @property
    def shown(self) -> str:
        return self.app or self.lock

    @property
    def told(self) -> tuple[Effect, ...]:
        """Those that are worth a row: a new key says of every name alike that it changed."""
        is_new = self.key in (Key.HERE, Key.BOTH)
        return tuple(
            each
            for each in self.effects
            if not (is_new and each.kind is Kind.CHANGED and each.standing is not Standing.DRIFT)
        )

    def count(self, kind: Kind) -> int:
        return sum(each.kind is kind for each in self.effects)


class Unreviewed(NamedTuple):
    """One app of which nothing can be told, and why."""

    app: str | None
    lock: str
    failure: DeployError

    @property
    def shown(self) -> str:
        return self.app or self.lock


Row = Reviewed | Unreviewed


class Review(NamedTuple):
    """What merging into a base changes, a row an app."""

    base: str
    """The base as it was named."""
    base_commit: str
    fork_commit: str
    rows: tuple[Row, ...]
    is_asked: bool
    """Whether Heroku was asked what is live: anything changes, and an API key was at hand."""
    notes: tuple[str, ...] = ()

    @property
    def changing(self) -> tuple[Reviewed, ...]:
        return tuple(row for row in self.rows if isinstance(row, Reviewed) and row.is_changing)

    @property
    def is_whole(self) -> bool:
        """Whether everything could be told."""
        return all(isinstance(row, Reviewed) and row.unread is None for row in self.rows)
