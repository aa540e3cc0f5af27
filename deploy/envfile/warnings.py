"""What makes an entry suspicious without making it wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import Complaint
from ..names import set_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..secret import Secret

PLACEHOLDER = "looks like a placeholder that nobody filled in"
UNRESOLVED = "looks like a reference or a template that nobody resolved"
"""Reasons of warnings that a rule of its own is about."""
INTERPOLATED = "${…} is sent as it stands: nothing is filled in"
ESCAPE = r"a backslash in double quotes is an escape: single quotes take it as it stands"
INSIDE_QUOTES = "an assignment inside a quoted value: is a quote further up left open?"
INSIDE_LINE = "an assignment inside another value: does it belong on a line of its own?"
TOO_LARGE = "all names and values together are above Heroku's limit of 64 kB"

_CURLY = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"
_ODD_BLANKS = "[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
"""Parts of emoji and of some scripts, where they follow a character that is not ASCII."""
_UNSEEN = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?:^|[\0-\x7f])[{_JOINERS}]"
)
"""Format characters (category Cf), fillers, variation selectors and tags."""


def reasons(name: str, secret: Secret, value: str, quote: str, rest: str) -> Iterator[str]:
    """What to warn of; `rest` is the first line of the value as it is written, behind `=`."""
    if secret.is_placeholder:
        yield PLACEHOLDER
    elif secret.is_unresolved:
        yield UNRESOLVED
    elif "${" in value and quote != "'":
        yield INTERPOLATED
    if not quote:
        yield from _of_unquoted(value, rest)
    elif quote == '"' and re.match(r'\s*"(?:[A-Za-z]:\\|\\\\)[A-Za-z]', rest):
        yield ESCAPE
    if not value.isascii():
        yield from _of_characters(value)
    if whom := set_by(name):
        yield whom
    if name.startswith("__"):
        yield "a name with two leading underscores is reserved by Heroku"


def joined(warnings: Iterable[Complaint]) -> list[Complaint]:
    """The same warnings, but one line for all values with `${…}`, where the first of them is."""
    found = list(warnings)
    alike = [each for each in found if each.reason == INTERPOLATED]
    if len(alike) < 2:
        return found
    names = ", ".join(
        f"{each.name} (line {each.line})" if each.line else str(each.name) for each in alike
    )
    start = found.index(alike[0])
    others = [each for each in found[start:] if each.reason != INTERPOLATED]
    return [*found[:start], Complaint(INTERPOLATED, name=names), *others]


def _of_unquoted(value: str, rest: str) -> Iterator[str]:
    """What other readers of env files take otherwise: Node's dotenv, Docker Compose, Ruby's."""
    if "#" in rest and re.search(r"\s#", rest):
        if not value:
            yield "is empty: the text from # on is a comment"
        else:
            yield "the text from # on is taken as a comment: quote the value if it belongs to it"
    elif "#" in value:
        yield "other readers end an unquoted value at #: quote it"
    if value.startswith("`") and value.count("`") == 1:
        yield "begins with a backtick, which is no quote here: it is part of the value"


def _of_characters(value: str) -> Iterator[str]:
    if value[0] in _CURLY and value[-1] in _CURLY:
        yield "curly quotes are no quotes: they are part of the value"
    if re.search(_ODD_BLANKS, value):
        yield "white space of an unusual kind is part of the value"
    if re.search(_UNSEEN, value):
        yield "a character that nobody sees is part of the value"
    if "\ufffd" in value:
        yield "a character was lost when the text was read in another encoding"
