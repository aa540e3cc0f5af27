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
        if self.is_unreadable_here or self.is_unreadable_there:
            return Side.UNREADABLE
        return Side.EQUAL if self.here == self.there else Side.DIFFERENT

    @property
    def hint(self) -> Hint | None:
        """What alone tells the two apart."""
        if self.here is None or self.there is None:
            return None
        return self.here.difference(self.there)

    @property
    def is_shared_secret(self) -> bool:
        """Whether both apps hold the same value, and it looks like one to be kept secret."""
        if self.here is None or self.here != self.there:
            return False
        return self.here.is_secretlike(self.name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two apps and all their vars but the ignored ones, sorted by name."""

    here: str
    there: str
    vars: tuple[Pair, ...]
    ignored: tuple[str, ...] = ()

    def count(self, side: Side) -> int:
        return sum(each.side is side for each in self.vars)

    @property
    def unreadable(self) -> tuple[str, ...]:
        """What at least one app shows no value of."""
        found = (each for each in self.vars if each.is_unreadable_here or each.is_unreadable_there)
        return tuple(each.name for each in found)

    @property
    def shared_secrets(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.vars if each.is_shared_secret)


def make(
    here: str,
    there: str,
    one: Held,
    other: Held,
    policy: Policy,
) -> Comparison:
    """Put the vars of two apps side by side, owned ones too: one add-on may serve both."""
    names = sorted(one.names | other.names)
    ignored = tuple(name for name in names if policy.ignores(name))
    return Comparison(
        here,
        there,
        vars=tuple(
            Pair(
                name,
                one.vars.get(name),
                other.vars.get(name),
                name in one.unreadable,
                name in other.unreadable,
            )
            for name in names
            if name not in ignored
        ),
        ignored=ignored,
    )
