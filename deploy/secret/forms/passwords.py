"""URLs with a password, where that reads as nobody's choice and the host is one that others reach.

What documentation, compose files and settings for development hold are words, names and
placeholders, or a host of this machine or of none: those of RFC 2606 and RFC 6761, a name without
a dot, an address that is not routed (RFC 6890).
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from .. import placeholder
from .made_up import is_made_up

if TYPE_CHECKING:
    from collections.abc import Iterator

URL = b"://[^/@:[:space:]]*:[^/@[:space:]]*@"
"""An extended expression (`git grep -E`) that each line with such a URL matches, and few others.

No two ways to part the same text, or PCRE would try all of them.
"""
SHORTEST = 8
"""Characters of a password; what is shorter is a word, or of no use."""

_PARTS = re.compile(
    rb"""://([^\s:/@?#"'`<>()\[\]{}$*|^\\,]{0,100})"""  # the user; Redis needs none
    rb""":([^\s:/@"'`<>()\[\]{}$*|^\\,]{8,200})"""  # no character of an interpolation
    rb"@([A-Za-z0-9][A-Za-z0-9.-]{2,252})(?![A-Za-z0-9.@$<{\[%-])"
)
_FORMAT = re.compile(r"%(?![0-9A-Fa-f]{2})|%[sd]\b|&[a-z]{2,6};")
"""What a program, or a page, fills in."""
_LEET = str.maketrans("013457@$!", "oieastasi")
_STEMS = re.compile(
    r"pass|pwd|psw|se[ck]ret|token|key|admin|user|root|test|demo|guest|login|default|change|your|here"
    r"|example|sample|dummy|fake|mock|foo|bar|qwert|asdf|zxcv|abcd|welcome|hello|letmein|master"
    r"|local|dev|docker|postgre|mysql|mongo|redis|rabbit|super|strong|secure|random|private|hunter"
    r"|monkey|dragon|word|temp|xxx|none|null|value|string"
)
"""Words of which people make passwords that they show, once digits are read as letters."""
_LONG = 20
"""Characters; in random ones as many, any short word stands by chance."""
_HEX = re.compile(r"[0-9a-f]{20,}|[0-9A-F]{20,}")
_CONSONANTS = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}")
"""In a row; no word has as many."""
_RESERVED = re.compile(
    r"(?:^|\.)(?:test|example|invalid|localhost|local|localdomain|internal|intranet|private|lan"
    r"|home|corp|arpa|docker|svc|example\.(?:com|net|org|edu))\.?$"
)
_STAND_IN = re.compile(
    r"your|example|placeholder|(?:^|[.-])(?:dummy|fake|foo|bar|baz|acme|contoso|xxx+)(?=[.-]|$)"
    r"|(?:^|\.)host(?:name)?\."
    r"|(?:^|\.)(?:(?:my|the|some|any)-?)?(?:host|server|domain|site|company|corp|org|machine|app|db"
    r"|database)(?:name)?\.[a-z]+$"
)
"""Names of a host that a manual takes; of longer ones only the part that somebody can register."""
_PUBLIC = re.compile(r"(?:^|\.)(?:get)?sentry\.(?:io|com)$")
"""Whose URLs are for all to see (docs.sentry.io, "DSN explainer"); old ones have a password."""


def passwords(line: bytes) -> Iterator[tuple[int, int]]:
    """Where the password of a URL begins and ends that looks real."""
    for match in _PARTS.finditer(line):
        user, password, host = (part.decode("utf-8", "replace").strip() for part in match.groups())
        if _is_elsewhere(host.lower()) and not _is_shown(user, password):
            yield match.span(2)


def _is_shown(user: str, password: str) -> bool:
    """Whether a password is one that people write where all may read it."""
    if _FORMAT.search(password):
        return True
    text, name = unquote(password), unquote(user).lower()
    low = text.lower()
    return (
        len(text) < SHORTEST
        or (len(name) > 2 and (low in name or name in low))
        or placeholder.is_placeholder(text)
        or placeholder.is_reference(text)
        or is_made_up(text.encode())
        or _is_word(text)
    )


def _is_word(text: str) -> bool:
    """Whether it is made of words, as far as letters tell: all of them, or one that is known."""
    if _HEX.fullmatch(text):
        return False
    low = text.lower()
    kinds = sum(bool(re.search(kind, text)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    if kinds < 2:
        return not _CONSONANTS.search(low)
    if len(text) < _LONG:
        return bool(_STEMS.search(low.translate(_LEET))) or 6 * len(_changes(text)) < len(text)
    return 6 * len(_changes(text) + re.findall(r"[A-Z](?=[A-Z])", text)) < len(text)


def _changes(text: str) -> list[str]:
    """Where it goes over from one kind of character to another; a capital begins a word."""
    return re.findall(r"[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])", text)


def _is_elsewhere(host: str) -> bool:
    """Whether this is a name, or an address, by which anyone reaches a server."""
    if "." not in host or any(each.search(host) for each in (_RESERVED, _STAND_IN, _PUBLIC)):
        return False
    if re.fullmatch(r"[0-9.]+", host):
        try:
            return ipaddress.ip_address(host).is_global and not _is_shown_address(host)
        except ValueError:
            return False
    return re.search(r"\.[a-z][a-z0-9-]*[a-z]$", host) is not None


def _is_shown_address(host: str) -> bool:
    """Whether its numbers are one and the same, or count on: `1.2.3.4`, `8.8.8.8`."""
    first, *others = (int(number) for number in host.split("."))
    return others in ([first + 1, first + 2, first + 3], [first] * 3)
