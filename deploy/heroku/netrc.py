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
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ..secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    words = deque(_words(lines))
    is_named = is_ours = False
    while words:
        word = words.popleft()
        if not word.is_quoted and word.text.startswith("#"):
            _skip(words, word.line + 1)
        elif word.is_one_of("machine"):
            name = _value(words, word)
            is_ours = name is not None and name.lower() == machine
            is_named |= is_ours
        elif word.is_one_of("default"):
            is_ours = False
        elif word.is_one_of("macdef"):  # a macro, which an empty line ends
            is_ours = False
            empty = (line for line in range(word.line, len(lines)) if not lines[line].strip())
            _skip(words, next(empty, len(lines)))
        elif word.is_one_of(*_VALUES):
            value = _value(words, word)
            if is_ours and value and word.text == "password":
                return Entry(is_named=True, password=Secret(value))
    return Entry(is_named)


def _words(lines: list[str]) -> Iterator[_Word]:
    for number, line in enumerate(lines):
        for match in re.finditer(r'("(?:\\.|[^"\\])*")(?!\S)|\S+', line):
            yield _Word(match[0], number, is_quoted=match[1] is not None)


def _skip(words: deque[_Word], line: int) -> None:
    """Pass over what stands above this line."""
    while words and words[0].line < line:
        words.popleft()


def _value(words: deque[_Word], keyword: _Word) -> str | None:
    """The next word, if it is a value: not where the next keyword, or a comment, stands.

    `login password abc` has no login; `login password password abc` has the login `password`.
    A quote that is not closed leaves no value that could be trusted.
    """
    if not words or words[0].is_one_of("#"):
        return None
    is_below = keyword.line < words[0].line
    has_its_own = len(words) > 1 and words[1].is_keyword
    if words[0].is_keyword and (is_below or not has_its_own):
        return None
    word = words.popleft()
    if word.is_quoted:
        return re.sub(r"\\(.)", r"\1", word.text[1:-1])
    return None if word.text.startswith('"') else word.text
