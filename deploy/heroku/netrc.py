"""Reads a password out of a netrc, of whatever kind: told its text, it looks at no file.

The standard library's reader refuses a whole file for one word that it does not know. Heroku's
own CLI writes such a word, `method interactive` (kylef/goji#40), others write `protocol https`; and
what quotes and `#` mean there depends on Python's version (bpo-28806, in 3.11). Here, as for
Heroku's CLI (heroku-cli-command, `netrc-parser.ts`), a word that is not known is passed over, the
first entry of a machine counts, and `#` begins a comment only where no value is expected. Quotes
are curl's.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..secret import Secret

_ENTRIES = ("machine", "default", "macdef")
_VALUES = ("login", "password", "account")


class Entry(NamedTuple):
    """What a netrc says of a machine: that it is named, and its password, where one can be read."""

    is_named: bool = False
    password: Secret | None = None


class _Word(NamedTuple):
    text: str
    line: int
    is_quoted: bool

    def is_one_of(self, *words: str) -> bool:
        return not self.is_quoted and self.text in words

    @property
    def is_keyword(self) -> bool:
        return self.is_one_of(*_ENTRIES, *_VALUES)


def read(text: str, machine: str) -> Entry:
    """The first entry of a machine that has a password; `default` stands for no machine of ours."""
    reader = _Reader(text.replace("\r\n", "\n").replace("\r", "\n"))
    is_named = is_ours = False
    while word := reader.key():
        if word.is_one_of("machine"):
            name = reader.value()
            is_ours = name is not None and name.lower() == machine
            is_named |= is_ours
        elif word.is_one_of("default"):
            is_ours = False
        elif word.is_one_of("macdef"):
            is_ours = False
            reader.skip_macro(word.line)
        elif word.is_one_of(*_VALUES):
            value = reader.value()
            if is_ours and value and word.text == "password":
                return Entry(is_named=True, password=Secret(value))
    return Entry(is_named)


class _Reader:
    """The words of a netrc, in their order."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._words = _words(self._lines)
        self._place = 0

    def key(self) -> _Word | None:
        """The next word, comments passed over."""
        while word := self._peek():
            if not word.is_quoted and word.text.startswith("#"):
                self._skip(word.line + 1)
                continue
            self._place += 1
            return word
        return None

    def value(self) -> str | None:
        """The next word, if it is a value: not where the next keyword, or a comment, stands.

        `login password abc` has no login; `login password password abc` has the login `password`.
        A quote that is not closed leaves no value that could be trusted.
        """
        before, word, after = self._peek(-1), self._peek(), self._peek(1)
        if word is None or word.is_one_of("#"):
            return None
        is_below = before is not None and before.line < word.line
        if word.is_keyword and (is_below or not (after and after.is_keyword)):
            return None
        self._place += 1
        if word.is_quoted:
            return re.sub(r"\\(.)", r"\1", word.text[1:-1])
        return None if word.text.startswith('"') else word.text

    def skip_macro(self, line: int) -> None:
        """Pass over a macro's definition, which an empty line ends."""
        self._skip(
            next(
                (end for end in range(line, len(self._lines)) if not self._lines[end].strip()),
                len(self._lines),
            )
        )

    def _skip(self, line: int) -> None:
        while (word := self._peek()) and word.line < line:
            self._place += 1

    def _peek(self, ahead: int = 0) -> _Word | None:
        place = self._place + ahead
        return self._words[place] if place < len(self._words) else None


def _words(lines: list[str]) -> list[_Word]:
    return [
        _Word(match[0], number, is_quoted=match[1] is not None)
        for number, line in enumerate(lines)
        for match in re.finditer(r'("(?:\\.|[^"\\])*")(?!\S)|\S+', line)
    ]
