"""What makes an entry suspicious without making it wrong.

A quote that is left open can swallow its neighbours and still parse: `A="x` / `B=5"` / `C=1` has no
`B`. So a line of a value that reads as an assignment is a suspect.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deploy.secret import Secret

PLACEHOLDER = "looks like a placeholder that nobody filled in"
UNRESOLVED = "looks like a reference or a template that nobody resolved"
"""Reasons of warnings that a rule of its own is about."""
INTERPOLATED = "${…} is sent as it stands: nothing is filled in"

ASSIGNMENT = re.compile(
    r"\s*(?:export\s+)?(?P<quote>'?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P=quote)[^\S\n]*=(?P<rest>.*)"
)
_BASE64_LINE = re.compile(r"""(?:^|["'])(?:[A-Za-z0-9+/]{16,}|-----BEGIN [A-Z0-9 ]+-----)$""")
_BASE64_TAIL = re.compile(r"(?P<text>[A-Za-z0-9+/]+={1,2})[\"']?")
_ODD_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]")


class Suspect(NamedTuple):
    """A name that a quoted value seems to have swallowed, and the line it stands on.

    One that is rather the last line of a base64 text, as in a PEM key, is quiet: not removed by a
    plan either, but not worth a warning.
    """

    name: str
    line: int
    is_quiet: bool = False


def swallowed(written: str, line: int) -> Iterator[Suspect]:
    """The names on the later lines of a quoted value."""
    before, *later = written.rstrip("\n").split("\n")
    for number, text in enumerate(later, start=line + 1):
        tail = _BASE64_TAIL.fullmatch(text.strip())
        # Base64 comes in groups of four, and so do its full lines.
        is_tail = tail and len(tail["text"]) % 4 == 0 and _BASE64_LINE.search(before)
        if match := ASSIGNMENT.match(text):
            yield Suspect(match["name"], number, is_quiet=bool(is_tail))
        before = text


def quote_of(written: str) -> str:
    """The quote that a value is written in, empty where it has none."""
    match = ASSIGNMENT.match(written)
    start = match["rest"].lstrip()[:1] if match else ""
    return start if start in ("'", '"') else ""


def found(name: str, secret: Secret, value: str, written: str) -> Iterator[str]:
    """What makes an entry suspicious without making it wrong."""
    match = ASSIGNMENT.match(written)
    rest = match["rest"] if match else ""
    quote = quote_of(written)
    if secret.looks_like_placeholder():
        yield PLACEHOLDER
    elif secret.is_unresolved:
        yield UNRESOLVED
    elif "${" in value and quote != "'":
        yield INTERPOLATED
    if not quote and re.search(r"\s#", rest):
        yield "the text from # on is taken as a comment: quote the value if it belongs to it"
    if value.strip(" \t") != value or _ODD_BLANKS.search(value):
        yield "white space at an end, or of an unusual kind, is part of the value"
    if name.startswith("__"):
        yield "a name with two leading underscores is reserved by Heroku"
