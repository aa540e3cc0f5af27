"""What two values have in common: all, or the part that is the secret of it.

Whoever rotates a password must know each URL that holds it; and whoever rotates a URL, each copy of
its password.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .parts import pieces
from .spellings import SHORTEST, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PASSWORD = re.compile(r"://[^\s/@:]*:([^\s/@]+)@")
_HALVES = re.compile("[\ud800-\udfff]")
"""Of characters, which JSON can carry and no file can."""


class Shared(Enum):
    """What another value is to the one that is looked for; the value is what a report calls it."""

    SAME = "the same value"
    HOLDS = "holds it"
    PART = "is a part of it"
    COMMON = "has a part in common with it"


class Common:
    """Many values, and what they have in common; each is looked at once, as often as it stands."""

    def __init__(self, values: Iterable[str], *, is_secret: Callable[[str, str], bool]) -> None:
        """`is_secret` is told a text and what it is called."""
        self._is_secret = is_secret
        self._known: dict[str, int] = {}
        self.numbers = tuple(self._known.setdefault(each, len(self._known)) for each in values)
        """Of each value: those that are the same have one. The table they meet in stays in here."""
        self._texts: list[_Text] = []

    def with_(self, number: int) -> list[Shared | None]:
        """What each value, by its number, is to this one; None where they have nothing in common.

        What is short, or an ordinary word, stands in others by chance: it counts only where it is
        all of them, or the password of a URL.
        """
        if not self._texts:
            self._texts = [_Text(each, self._is_secret) for each in self._known]
        mine = self._texts[number]
        return [mine.shared_with(other) for other in self._texts]


class _Text:
    """A value, its parts, and the ways in which it stands in others."""

    __slots__ = ("_long", "_parts", "_value", "_ways", "_written")

    def __init__(self, value: str, is_secret: Callable[[str, str], bool]) -> None:
        self._value = value
        self._written = value.encode("utf-8", "surrogatepass")
        self._parts = _secrets(value, is_secret)
        self._long = {part for part in self._parts if is_secret(part, "PASSWORD")}
        is_short = len(value) < SHORTEST or _HALVES.search(value)
        is_told = not is_short and is_secret(value, "KEY")
        self._ways = [way.text for way in spelled(value)] if is_told else []
        """Where that is no chance."""

    def shared_with(self, other: _Text) -> Shared | None:
        """What the other one is to this."""
        if not self._value or not other._value:
            return None
        if self is other:
            return Shared.SAME
        if self._is_in(other):
            return Shared.HOLDS
        if other._is_in(self):
            return Shared.PART
        return None if self._long.isdisjoint(other._long) else Shared.COMMON

    def _is_in(self, other: _Text) -> bool:
        if self._value in other._parts:
            return True
        return any(way in other._written for way in self._ways)


def _secrets(text: str, is_secret: Callable[[str, str], bool]) -> set[str]:
    """The parts of a text that are secrets by themselves, and the passwords of its URLs."""
    found = _PASSWORD.findall(text)
    parts = {each.text for each in pieces(text, is_secret=is_secret) if each.word}
    return {*parts, *found, *map(unquote, found)}
