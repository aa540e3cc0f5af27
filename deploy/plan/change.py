"""What would differ in one name, and what can be told of that without showing a value."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..heroku.facts import Held
    from ..secret import Hint, Secret


class Action(Enum):
    """What a plan does to one name; the value is its mark in a report."""

    SET = "+"
    CHANGE = "~"
    REMOVE = "-"


class Change(NamedTuple):
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
    def is_noop(self) -> bool:
        return self.old == self.new and not self.is_blind

    @property
    def is_removal(self) -> bool:
        """Whether a value that was there is gone afterwards, be it removed or made empty."""
        is_emptied = self.replacement is not None and self.replacement.is_empty
        return self.action is Action.REMOVE or is_emptied

    @property
    def replacement(self) -> Secret | None:
        """What takes the place of a live value that is not empty, or that nobody can read."""
        was_filled = self.is_blind or (self.old is not None and not self.old.is_empty)
        return self.new if was_filled else None

    def holds_in(self, held: Held) -> bool | None:
        """Whether these vars are as this change means them to be; None where nobody can tell."""
        if self.name in held.unreadable:
            return None if self.new is not None else False
        if self.is_blind and self.new is not None and self.name not in held.vars:
            return None  # one that is masked may be left out of what is read
        return held.vars.get(self.name) == self.new
