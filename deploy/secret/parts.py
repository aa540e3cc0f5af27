"""The parts of a value that are as telling as the whole: in a URL, a document, a list.

They are those in which secrets were found: a URL's password alone, in another URL or in PGPASSWORD;
the key of a service account that somebody pretty-printed, or that base64 hides; the key behind a
user's name, and one of several.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from .spellings import LONG, SHORTEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LINES = 3
"""How many lines of a value that has several are looked for."""
_LONG_LINE = 16
_URL_USER = re.compile(r"://([^\s/@:]*)(?::([^\s/@]+))?@")
_GO_DSN = re.compile(r"(?<![\w.-])[\w.-]+:([^\s@]+)@\w*\(")
"""Of MySQL's driver for Go (go-sql-driver/mysql, "DSN (Data Source Name)")."""
_PAIR = re.compile(r"(?i)\b(?:\w*(?:password|passwd|pwd|secret|token|key))=['\"]?([^\s;&,'\"]+)")
"""In a connection string (libpq, "Connection Strings"; ADO.NET)."""
_LINE_END = re.compile(r"[\r\n]+")
_WRITTEN_END = re.compile(r"[\r\n]+|(?:\\r)?\\n")
"""Of a line, also as an env file of one line has it."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")


class Piece(NamedTuple):
    """What to look for of a value."""

    text: str
    word: str = ""
    """What to call it; empty for the whole."""
    is_random: bool = False
    """Half of it would tell, too."""

    def __repr__(self) -> str:
        return f"Piece({self.word})"


def pieces(value: str, *, is_secret: Callable[[str, str], bool]) -> list[Piece]:
    """The value, or its longest lines, and the parts of it that are secrets by themselves.

    `is_secret` is told a part and what it is called in the value.
    """
    whole = value.strip("\r\n")
    found = {piece.text: piece for piece in _parts(whole, is_secret)}
    is_document = whole.lstrip().startswith(("{", "["))
    if not is_document or not found:
        lines = _lines(whole)
        first = _of_lines(lines) if len(lines) > 1 else [Piece(whole, is_random=_is_token(whole))]
    else:
        first = [] if "\n" in whole else [Piece(whole)]
    told = {piece.text: piece for piece in first if len(piece.text.strip()) >= SHORTEST}
    return [*told.values(), *(each for each in found.values() if each.text not in told)]


def lines_of(value: str) -> int:
    """How many lines it can have in a file: JSON may be pretty-printed there."""
    value = _decoded(value) or value
    lines = len(_WRITTEN_END.split(value.strip("\r\n")))
    return lines + (value.count(",") + 2 * value.count("{") if value.lstrip()[:1] == "{" else 0)


def lines_in_base64(value: str) -> int:
    """How many lines that may have, where it is wrapped."""
    return len(value) // 48 + 2 if len(value) >= LONG else 1


def _lines(text: str) -> list[str]:
    ends = _WRITTEN_END if text.lstrip().startswith("-----BEGIN") else _LINE_END
    return [line.strip() for line in ends.split(text)]


def _of_lines(lines: list[str], word: str = "") -> list[Piece]:
    """The frame of a PEM key is the same in all, and the first line behind it begins so."""
    framed = {after for line, after in pairwise(lines) if line[:5] == "-----"}
    long = [line for line in lines if len(line) >= _LONG_LINE and not line.startswith("-----")]
    order = sorted(dict.fromkeys(long), key=lambda line: -len(line))
    return [Piece(line, word, line not in framed and _is_token(line)) for line in order[:LINES]]


def _is_token(text: str) -> bool:
    return re.fullmatch(r"\S+", text) is not None and "://" not in text and text[0] not in "{["


def _parts(value: str, is_secret: Callable[[str, str], bool]) -> Iterator[Piece]:
    for name, text, word in _named_parts(value):
        if len(text) >= SHORTEST and is_secret(text, name):
            lines = _lines(text)
            if len(lines) > 1:
                yield from _of_lines(lines, word)
            else:
                yield Piece(text, word, _is_token(text))
    if (decoded := _decoded(value)) is not None:
        for piece in pieces(decoded, is_secret=is_secret):
            if is_secret(piece.text, "KEY"):
                yield piece._replace(word="a part of it, decoded" if piece.word else "decoded")


def _named_parts(value: str) -> Iterator[tuple[str, str, str]]:
    """What a part is called, its text, and what to call it."""
    if value.lstrip().startswith(("{", "[")):
        yield from ((name, text, "a part of it") for name, text in _leaves(value))
        return
    for match in _URL_USER.finditer(value):
        user, password = match[1], match[2]
        secret = password or user  # a Sentry DSN has its key for a user
        for text in dict.fromkeys((secret, unquote(secret))):
            yield "PASSWORD", text, "the password in it" if password else "the key in it"
    if "://" not in value and "\n" not in value and not value.startswith("-----"):
        yield from _of_a_text(value)


def _of_a_text(value: str) -> Iterator[tuple[str, str, str]]:
    """In what is neither a URL nor a document."""
    passwords = [match[1] for form in (_PAIR, _GO_DSN) for match in form.finditer(value)]
    yield from (("PASSWORD", text, "the password in it") for text in passwords)
    user, colon, key = value.partition(":")
    if colon and re.fullmatch(r"[\w.@-]+", user) and not re.search(r"[\s:]", key):
        yield "KEY", key or user, "the key in it"
    elif not passwords:
        tokens = re.split(r"[\s,;:]+", value)  # `Bearer …`, and keys that were rotated
        yield from (("", token, "a part of it") for token in tokens if token != value)


def _decoded(value: str) -> str | None:
    """What a value is in base64, where that is a text."""
    text = value.strip()
    if not _BASE64.fullmatch(text):
        return None
    try:  # more padding than is needed is none
        found = b64decode(text.replace("-", "+").replace("_", "/") + "==").decode("ascii")
    except ValueError:
        return None
    return found if all(char.isprintable() or char in "\r\n\t" for char in found) else None


def _leaves(value: str) -> list[tuple[str, str]]:
    """The texts in a JSON document, and under which key each is; none where it is none."""
    try:
        waiting = [("", json.loads(value))]
    except (ValueError, RecursionError):
        return []
    found = []
    while waiting:
        name, each = waiting.pop()
        if isinstance(each, dict):
            waiting += each.items()
        elif isinstance(each, list):
            waiting += ((name, item) for item in each)
        elif isinstance(each, str):
            found.append((name, each))
    return found
