"""What would differ in one name, and what can be told of that without showing a value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..heroku.facts import Held
    from ..secret import Hint, Secret


class Action(Enum):
    """What a plan does to one name; the value is its mark in a report."""

    SET = "+"
    CHANGE = "~"
    REMOVE = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One name that would differ afterwards; `old` and `new` are None where it is absent."""

    name: str
    old: Secret | None
    new: Secret | None
    hint: Hint | None = None
    is_blind: bool = False
    """There is an old value, and nobody can read it."""

    @property
    def action(self) -> Action:
        if self.old is None and not self.is_blind:
            return Action.SET
        return Action.REMOVE if self.new is None else Action.CHANGE

    @property
    def is_removal(self) -> bool:
        """Whether a value that was there is gone afterwards, be it removed or made empty."""
        if self.old is None and not self.is_blind:
            return False
        was_empty = self.old is not None and self.old.is_empty
        return self.new is None or (self.new.is_empty and not was_empty)

    @property
    def replaces_value(self) -> bool:
        """Whether a live value gives way to another one, neither of them empty."""
        return self._replaces and self.new is not None and not self.new.is_empty

    @property
    def plants_placeholder(self) -> bool:
        """Whether text that nobody filled in would take the place of a live value."""
        return self._replaces and self.new is not None and self.new.is_placeholder

    @property
    def plants_reference(self) -> bool:
        """Whether a reference that nobody resolved would take the place of a live value."""
        return self._replaces and self.new is not None and self.new.is_unresolved

    @property
    def _replaces(self) -> bool:
        was_filled = self.is_blind or (self.old is not None and not self.old.is_empty)
        return was_filled and self.new is not None

    @property
    def is_none(self) -> bool:
        return self.old == self.new and not self.is_blind

    def holds_in(self, held: Held) -> bool | None:
        """Whether these vars are as this change means them to be; None where nobody can tell."""
        if self.name in held.unreadable:
            return None if self.new is not None else False
        if self.is_blind and self.new is not None and self.name not in held.vars:
            return None  # one that is masked may be left out of what is read
        return held.vars.get(self.name) == self.new
