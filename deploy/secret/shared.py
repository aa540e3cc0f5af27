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
    from collections.abc import Callable

_PASSWORD = re.compile(r"://[^\s/@:]*:([^\s/@]+)@")
_HALVES = re.compile("[\ud800-\udfff]")
"""Of characters, which JSON can carry and no file can."""


class Shared(Enum):
    """What another value is to the one that is looked for; the value is what a report calls it."""

    SAME = "the same value"
    HOLDS = "holds it"
    PART = "is a part of it"
    COMMON = "has a part in common with it"


class Sought:
    """A value that is looked for in many others."""

    def __init__(self, value: str, *, is_secret: Callable[[str, str], bool]) -> None:
        """`is_secret` is told a text and what it is called."""
        self._value = value
        self._is_secret = is_secret
        self._parts = self._secrets(value)
        self._ways = self._ways_of(value)

    def in_value(self, other: str) -> Shared | None:
        """What another value is to this one; None where they have nothing in common.

        What is short, or an ordinary word, stands in others by chance: it counts only where it is
        all of them, or the password of a URL.
        """
        if not self._value or not other:
            return None
        if other == self._value:
            return Shared.SAME
        theirs = self._secrets(other)
        written = other.encode("utf-8", "surrogatepass")
        if self._value in theirs or any(way in written for way in self._ways):
            return Shared.HOLDS
        here = self._value.encode("utf-8", "surrogatepass")
        if other in self._parts or any(way in here for way in self._ways_of(other)):
            return Shared.PART
        return Shared.COMMON if self._long(self._parts) & self._long(theirs) else None

    def _ways_of(self, text: str) -> list[bytes]:
        """How a text stands in others, where that is no chance."""
        if len(text) < SHORTEST or _HALVES.search(text) or not self._is_secret(text, "KEY"):
            return []
        return [way.text for way in spelled(text)]

    def _secrets(self, text: str) -> set[str]:
        """The parts of a text that are secrets by themselves, and the passwords of its URLs."""
        found = _PASSWORD.findall(text)
        parts = {each.text for each in pieces(text, is_secret=self._is_secret) if each.word}
        return {*parts, *found, *map(unquote, found)}

    def _long(self, parts: set[str]) -> set[str]:
        return {part for part in parts if self._is_secret(part, "PASSWORD")}
