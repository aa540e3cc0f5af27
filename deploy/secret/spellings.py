"""The ways in which a text stands in files: of a shell, YAML, JSON, HTML, a URL or base64."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHORTEST = 8
"""Characters; what is shorter stands in a tree by chance."""
LONG = 24
"""Bytes of a text of which one half in base64 still tells, where the other is on the next line."""
_ON_TWO_LINES = 45
"""Bytes, whose base64 is not on three lines."""
_ALIKE = ("ey", "MI", "MC", "MH", "pypi-")
"""How JSON, DER and macaroons begin in base64, and go on in all tokens and keys of a kind."""


class Spelling(NamedTuple):
    """One way in which a value can stand in a file, and what to call it."""

    text: bytes
    word: str = ""

    def __repr__(self) -> str:
        return f"Spelling({self.word})"


def spelled(text: str) -> Iterator[Spelling]:
    """A text as it stands, and as each language writes it; base64 apart."""
    found: dict[str, str] = {text: ""}
    for word, ways in _WAYS.items():
        for way in ways:
            found.setdefault(way(text), word)
    yield from (Spelling(way.encode(), word) for way, word in found.items())


_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_URL_SAFE = str.maketrans("+/", "-_")  # RFC 4648, sections 4 and 5
_STANDARD = str.maketrans("-_", "+/")


def _in_letters_of_url(text: str) -> str:
    return text.translate(_URL_SAFE).rstrip("=") if _BASE64.fullmatch(text) else text


def _in_standard_letters(text: str) -> str:
    return text.translate(_STANDARD) if _BASE64.fullmatch(text) else text


def _in_other_case(text: str) -> str:
    return text.swapcase() if _HEX.fullmatch(text) else text


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
        # As alembic.ini has a URL: Python's configparser reads %% as %.
        *(lambda text, safe=safe: quote(text, safe=safe).replace("%", "%%") for safe in ("/", "")),
        lambda text: quote_plus(text).replace("%", "%%"),
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
        _before("%", mark="%"),  # in an INI file of Python
        lambda text: re.sub(r"[^\w@%+=:,./~-]", r"\\\g<0>", text),  # in a shell, without quotes
        lambda text: re.sub(r"[^\w@%+=:./~-]", r"\\\g<0>", text),  # as bash's `printf %q` has it
        lambda text: text.replace("'", "''"),  # YAML, SQL
        lambda text: text.replace("'", r"'\''"),
        lambda text: text.replace('"', '""'),  # CSV
    ),
    "in the other alphabet of base64": (_in_letters_of_url, _in_standard_letters),
    "in the other case": (_in_other_case,),
}


def in_base64(text: str, *, is_random: bool = False) -> Iterator[str]:
    """What of a text's base64 depends on nothing else, for each place that it can begin at.

    Of what is long and random both halves of its beginning: where base64 is wrapped, at 64
    characters (PEM) or 76 (MIME), one of them stands on one line.
    """
    data = text.encode()
    is_split = is_random and len(data) >= LONG
    if is_split:
        data = data[-_ON_TWO_LINES:] if text.startswith(_ALIKE) else data[:_ON_TWO_LINES]
    for before in range(3):
        coded = b64encode(b"\0" * before + data).decode()
        first, last = -(-before * 4 // 3), (before + len(data)) * 4 // 3
        half = (first + last) // 2 if is_split else last
        parts = (coded[first:half], coded[half:last])
        yield from (each for each in parts if len(each) >= SHORTEST)
