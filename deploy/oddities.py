"""What makes an entry suspicious without making it wrong.

A quote that is left open can swallow its neighbours and still parse: `A="x` / `B=5"` / `C=1` has no
`B`. So can a line that holds a whole file: `A=x B_TOKEN=5 C=1`. What reads as an assignment inside
a value is a suspect.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from deploy import given
from deploy.complaint import Complaint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deploy.secret import Secret

PLACEHOLDER = "looks like a placeholder that nobody filled in"
UNRESOLVED = "looks like a reference or a template that nobody resolved"
"""Reasons of warnings that a rule of its own is about."""
INTERPOLATED = "${…} is sent as it stands: nothing is filled in"
INSIDE_QUOTES = "an assignment inside a quoted value: is a quote further up left open?"
INSIDE_LINE = "an assignment inside another value: does it belong on a line of its own?"

ASSIGNMENT = re.compile(
    r"\s*(?:export\s+)?(?P<quote>'?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P=quote)[^\S\n]*=(?P<rest>.*)"
)
_BASE64_LINE = r"""(?:^|["'])(?:[A-Za-z0-9+/]{16,}|-----BEGIN [A-Z0-9 ]+-----)$"""
_BASE64_TAIL = r"(?P<text>[A-Za-z0-9+/]+={1,2})[\"']?"
_INSIDE_LINE = r"(?P<before>[ \t;,]|\\n)\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)="
_LOUD = r"[A-Z][A-Z0-9]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
"""Names in small letters are rather keywords: of a connection string, of flags, of a cookie."""
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


class Suspect(NamedTuple):
    """A name that a value seems to have swallowed, and the line it stands on.

    One that is rather the last line of a base64 text, as in a PEM key, or a keyword, as in
    `host=x dbname=y`, is quiet: not removed by a plan either, but not worth a warning.
    """

    name: str
    line: int
    is_quiet: bool = False
    is_quoted: bool = True
    """Whether it stands on a later line of a quoted value, not in the line of another name."""


class Written(NamedTuple):
    """An entry as it stands in the file: the quote it begins with, if any, and what follows `=`."""

    quote: str
    rest: str

    def __repr__(self) -> str:
        return f"Written({self.quote})"


def written(text: str) -> Written:
    match = ASSIGNMENT.match(text)
    rest = match["rest"] if match else ""
    start = rest.lstrip()[:1]
    return Written(start if start in ("'", '"') else "", rest)


def swallowed(text: str, line: int) -> Iterator[Suspect]:
    """The names on the later lines of a quoted value."""
    before, *later = text.rstrip("\n").split("\n")
    for number, each in enumerate(later, start=line + 1):
        tail = re.fullmatch(_BASE64_TAIL, each.strip())
        # Base64 comes in groups of four, and so do its full lines.
        is_tail = tail and len(tail["text"]) % 4 == 0 and re.search(_BASE64_LINE, before)
        if match := ASSIGNMENT.match(each):
            yield Suspect(match["name"], number, is_quiet=bool(is_tail))
        before = each


def swallowed_inside(value: str, line: int) -> Iterator[Suspect]:
    """The names behind a blank, or what some take for one, in an unquoted value.

    Loud are those in capitals, unless the value is a list of assignments from its start
    (`CN=x,OU=y`), or base64 ends there.
    """
    if "=" not in value:
        return
    is_list = bool(re.match(r"[\w.-]+=", value))
    start = 0
    while match := re.compile(_INSIDE_LINE).search(value, start):
        start = match.end("name") + 1
        name = match["name"]
        is_short = "_" not in name and match["before"] in (";", ",")
        # Base64 ends in =, and so do its lines where they are written with \n.
        is_last = re.compile(r"=?(?:\\n|$)").match(value, match.end())
        is_base64 = "_" not in name and is_last is not None
        is_loud = re.fullmatch(_LOUD, name) and not (is_list or is_short or is_base64)
        yield Suspect(name, line, is_quiet=not is_loud, is_quoted=False)


def found(name: str, secret: Secret, value: str, how: Written) -> Iterator[str]:
    """What makes an entry suspicious without making it wrong."""
    if secret.looks_like_placeholder():
        yield PLACEHOLDER
    elif secret.is_unresolved:
        yield UNRESOLVED
    elif "${" in value and how.quote != "'":
        yield INTERPOLATED
    if not how.quote:
        yield from _of_unquoted(value, how.rest)
    elif how.quote == '"' and re.match(r'\s*"(?:[A-Za-z]:\\|\\\\)[A-Za-z]', how.rest):
        yield ESCAPE
    if not value.isascii():
        yield from _of_characters(value)
    if whom := given.by_whom(name):
        yield whom
    if name.startswith("__"):
        yield "a name with two leading underscores is reserved by Heroku"


ESCAPE = r"a backslash in double quotes is an escape: single quotes take it as it stands"


def joined(warnings: Iterable[Complaint]) -> Iterator[Complaint]:
    """The same warnings, but one line for all values with `${…}`, where the first of them is."""
    every = list(warnings)
    alike = [each for each in every if each.reason == INTERPOLATED]
    names = ", ".join(f"{each.name} (line {each.line})" for each in alike)
    is_said = False
    for each in every:
        if each.reason != INTERPOLATED or len(alike) == 1:
            yield each
        elif not is_said:
            is_said = True
            yield Complaint(INTERPOLATED, name=names)


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
