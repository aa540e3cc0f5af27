"""Two apps side by side: which vars they share, and which of those they should not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..heroku.facts import Held
    from ..project.policy import Policy
    from ..secret import Hint, Secret


class Side(Enum):
    """Where a var is, and whether it is the same; the value is its mark in a report."""

    EQUAL = "="
    DIFFERENT = "~"
    HERE = "<"
    THERE = ">"
    UNREADABLE = "?"


@dataclass(frozen=True, slots=True)
class Pair:
    """One name in two apps; None where an app has no such var, or none that can be read."""

    name: str
    here: Secret | None
    there: Secret | None
    is_unreadable_here: bool = False
    is_unreadable_there: bool = False
    """There is such a var, and its value cannot be read."""

    @property
    def side(self) -> Side:
        if self.here is None and not self.is_unreadable_here:
            return Side.THERE
        if self.there is None and not self.is_unreadable_there:
            return Side.HERE
        if self.is_unreadable:
            return Side.UNREADABLE
        return Side.EQUAL if self.here == self.there else Side.DIFFERENT

    @property
    def hint(self) -> Hint | None:
        """What alone tells the two apart."""
        return self.here.difference(self.there) if self.here and self.there else None

    @property
    def is_unreadable(self) -> bool:
        """Whether at least one app shows no value of it."""
        return self.is_unreadable_here or self.is_unreadable_there

    @property
    def is_shared_secret(self) -> bool:
        """Whether both apps hold the same value, and it looks like one to be kept secret."""
        value = self.here
        return value is not None and value == self.there and value.is_secretlike(self.name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two apps and all their vars but the ignored ones, sorted by name."""

    here: str
    there: str
    vars: tuple[Pair, ...]
    ignored: tuple[str, ...] = ()

    @property
    def different(self) -> tuple[Pair, ...]:
        """All but what is known to be the same in both."""
        return tuple(each for each in self.vars if each.side is not Side.EQUAL)

    def count(self, side: Side) -> int:
        return sum(each.side is side for each in self.vars)

    @property
    def unreadable(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.vars if each.is_unreadable)

    @property
    def shared_secrets(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.vars if each.is_shared_secret)


def make(here: str, there: str, one: Held, other: Held, policy: Policy) -> Comparison:
    """Put the vars of two apps side by side, owned ones too: one add-on may serve both."""
    names = sorted(one.names | other.names)
    ignored = tuple(filter(policy.ignores, names))
    pairs = (
        Pair(
            *(name, one.vars.get(name), other.vars.get(name)),
            is_unreadable_here=name in one.unreadable,
            is_unreadable_there=name in other.unreadable,
        )
        for name in names
        if name not in ignored
    )
    return Comparison(here, there, tuple(pairs), ignored)
