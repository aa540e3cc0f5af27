"""The ways in which a value stands in files: whole or in part, and as each language writes it.

They are those that secrets were found in: a URL's password alone, in another URL or in PGPASSWORD;
the key of a service account that somebody pretty-printed; what a shell, YAML, JSON, HTML, a URL, a
properties file and base64 make of a text.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus, unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SHORTEST = 8
"""Characters; what is shorter stands in a tree by chance."""
LINES = 3
"""How many lines of a value that has several are looked for."""
_LONG_LINE = 16
_WRAPPED = 60
"""Characters of base64, all of which stand on its first line: that has 64 (PEM) or 76 (MIME)."""
_URL_USER = re.compile(r"://([^\s/@:]*)(?::([^\s/@]+))?@")
_PAIR = re.compile(r"(?i)\b(?:\w*(?:password|passwd|pwd|secret|token|key))=['\"]?([^\s;&,'\"]+)")
"""In a connection string (libpq, "Connection Strings"; ADO.NET)."""


class Spelling(NamedTuple):
    """One way in which a value can stand in a file, and what to call it."""

    text: bytes
    word: str = ""

    def __repr__(self) -> str:
        return f"Spelling({self.word})"


class Piece(NamedTuple):
    """A part of a value that is as telling as the whole."""

    text: str
    word: str = ""

    def __repr__(self) -> str:
        return f"Piece({self.word})"


def pieces(value: str, *, is_secret: Callable[[str, str], bool]) -> list[Piece]:
    """The value, or its longest lines, and the parts of it that are secrets by themselves.

    `is_secret` is told a part and what it is called in the value.
    """
    lines = [line.strip() for line in re.split(r"[\r\n]+", value.strip("\r\n"))]
    if len(lines) > 1:
        return _of_lines(lines)
    whole = value.strip("\r\n")
    found = {whole: Piece(whole)} if len(lines[0]) >= SHORTEST else {}
    for name, text, word in _parts(whole):
        if len(text) >= SHORTEST and is_secret(text, name):
            for piece in _of_lines(text.splitlines()) if "\n" in text else [Piece(text)]:
                found.setdefault(piece.text, Piece(piece.text, word))
    return list(found.values())


def _of_lines(lines: list[str]) -> list[Piece]:
    """The frame of a PEM key is the same in all."""
    long = [line for line in lines if len(line) >= _LONG_LINE and not line.startswith("-----")]
    return [
        Piece(line) for line in sorted(dict.fromkeys(long), key=lambda line: -len(line))[:LINES]
    ]


def _parts(value: str) -> Iterator[tuple[str, str, str]]:
    """What a part is called, its text, and what to call it."""
    if value.lstrip().startswith(("{", "[")):
        yield from ((name, text, "a part of it") for name, text in _leaves(value))
        return
    for match in _URL_USER.finditer(value):
        user, password = match[1], match[2]
        secret = password or user  # a Sentry DSN has its key for a user
        for text in dict.fromkeys((secret, unquote(secret))):
            yield "PASSWORD", text, "the password in it" if password else "the key in it"
    if "://" not in value:
        for match in _PAIR.finditer(value):
            yield "PASSWORD", match[1], "the password in it"
        user, colon, key = value.partition(":")
        if colon and re.fullmatch(r"[\w.@-]+", user) and not re.search(r"[\s:]", key):
            yield "KEY", key, "the key in it"


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


def spelled(text: str) -> Iterator[Spelling]:
    """A text as it stands, and as each language writes it; base64 apart."""
    found: dict[str, str] = {text: ""}
    for word, ways in _WAYS.items():
        for way in ways:
            found.setdefault(way(text), word)
    yield from (Spelling(way.encode(), word) for way, word in found.items())


def _lower_escapes(text: str) -> str:
    return re.sub("%..", lambda match: match[0].lower(), text)


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _for_html(text: str) -> str:
    """As Go and Rails escape JSON for HTML, too."""
    return re.sub("[&<>']", lambda match: f"\\u{ord(match[0]):04x}", _json(text))


def _before(characters: str, mark: str = "\\") -> Callable[[str], str]:
    """Escapes each of these, and the backslash first where that is the mark."""
    pattern = re.compile(f"[{re.escape(characters)}]")
    return lambda text: pattern.sub(lambda match: mark + match[0], text)


_WAYS: dict[str, tuple[Callable[[str], str], ...]] = {
    "JSON-escaped": (
        _json,
        lambda text: json.dumps(text)[1:-1],
        lambda text: _json(text).replace("/", r"\/"),
        lambda text: json.dumps(text)[1:-1].replace("/", r"\/"),
        _for_html,
        lambda text: _json(_json(text)),  # a notebook holds JSON in JSON
    ),
    "URL-quoted": (
        *(lambda text, way=way: way(text) for way in (quote, quote_plus)),
        lambda text: quote(text, safe=""),
        lambda text: quote(text, safe="!'()*~"),  # encodeURIComponent (ECMA-262, 19.2.6.4)
        lambda text: quote(text, safe="!'()*~;,/?:@&=+$#"),  # encodeURI (19.2.6.3)
        lambda text: _lower_escapes(quote(text)),
        lambda text: _lower_escapes(quote(text, safe="")),
        lambda text: _lower_escapes(quote_plus(text)),
    ),
    "HTML-escaped": (
        escape,
        lambda text: escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
        lambda text: escape(text).replace("&#x27;", "&apos;"),
        lambda text: escape(text, quote=False),
    ),
    "escaped": (
        _before('\\$"`'),  # in double quotes of a shell, or a Dockerfile
        _before("$"),
        _before('\\"'),
        _before("\\'"),
        _before("\\`$"),  # in a template of JavaScript
        _before(":=#! \\"),  # in a properties file (java.util.Properties, `load`)
        _before("$", mark="$"),  # in a compose file
        lambda text: text.replace("'", "''"),  # YAML, SQL
        lambda text: text.replace("'", r"'\''"),
        lambda text: text.replace('"', '""'),  # CSV
    ),
}


def in_base64(texts: Iterable[str]) -> Iterator[str]:
    """What of a text's base64 depends on nothing else, for each place that it can begin at.

    Of one that is wrapped, the first line.
    """
    for text in dict.fromkeys(texts):
        data = text.encode()
        for before in range(3):
            coded = b64encode(b"\0" * before + data).decode()
            first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
            if last - first >= SHORTEST:
                yield coded[first:last]
            if last > _WRAPPED and not before:
                yield coded[:_WRAPPED]
