"""Names that a value has swallowed: what reads as an assignment inside a value is a suspect.

A quote that is left open can swallow its neighbours and still parse: `A="x` / `B=5"` / `C=1` has no
`B`. So can a line that holds a whole file: `A=x B_TOKEN=5 C=1`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..errors import Complaint, DeployError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

ASSIGNMENT = re.compile(
    r"\s*(?:export\s+)?(?P<around>'?)(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P=around)[^\S\n]*="
    r"(?P<rest>[^\S\n]*(?P<quote>['\"]?).*)"
)
"""A line that reads as an entry; `quote` is the one that its value begins with, if any."""
_BASE64_LINE = r"""(?:^|["'])(?:[A-Za-z0-9+/]{16,}|-----BEGIN [A-Z0-9 ]+-----)$"""
_INSIDE_LINE = r"(?P<before>[ \t;,]|\\n)\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)="
_IN_CAPITALS = r"[A-Z][A-Z0-9]+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
"""Names in small letters are rather keywords: of a connection string, of flags, of a cookie."""

_SURELY_A_NAME = r"[A-Z]{1,12}|[A-Z]+(?:_[A-Z0-9]+)+"
"""A bare word that can be shown: it reads as a name, and as no part of a key or a token."""


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


class SwallowedNames(DeployError):
    """A value swallowed the text that would have declared one of these names."""

    def __init__(self, path: str, suspects: Sequence[Suspect]) -> None:
        where = "inside a value"
        step = "put it on a line of its own, or the whole value in quotes"
        if suspects[0].is_quoted:
            where = "inside a quoted value that began further up"
            step = "close the quote on the line where it opens"
        lines = [f"{path}: line {each.line}: {each.name} stands {where}" for each in suspects]
        super().__init__("\n".join(lines), next_step=step)
        self.names = tuple(each.name for each in suspects)


def suspects_in_quotes(text: str, line: int) -> Iterator[Suspect]:
    """The names on the later lines of a quoted value."""
    before, *later = text.split("\n")
    for number, each in enumerate(later, start=line + 1):
        if match := ASSIGNMENT.match(each):
            is_tail = is_base64(re.sub(r"[\"']$", "", each.strip()))
            is_quiet = is_tail and re.search(_BASE64_LINE, before) is not None
            yield Suspect(match["name"], number, is_quiet)
        before = each


def is_base64(text: str) -> bool:
    """Whether this can be the last line of a base64 text; it comes in groups of four."""
    return len(text) % 4 == 0 and re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", text) is not None


def suspects_in_line(value: str, line: int) -> Iterator[Suspect]:
    """The names behind a blank, or what some take for one, in an unquoted value.

    Worth a warning are those in capitals, unless the value is a list of assignments from its start
    (`CN=x,OU=y`), or base64 ends there.
    """
    if "=" not in value:
        return
    is_list = bool(re.match(r"[\w.-]+=", value))
    for match in re.finditer(_INSIDE_LINE, value):
        name = match["name"]
        is_short = "_" not in name and match["before"] in (";", ",")
        # Base64 ends in =, and so do its lines where they are written with \n.
        is_last = re.compile(r"=?(?:\\n|$)").match(value, match.end())
        is_base64 = "_" not in name and is_last is not None
        is_quiet = is_list or is_short or is_base64 or not re.fullmatch(_IN_CAPITALS, name)
        yield Suspect(name, line, is_quiet, is_quoted=False)


def check_swallowed(
    suspects: Iterable[Suspect],
    declared: Collection[str],
    live: Collection[str],
    examples: Callable[[], frozenset[str]],
    source: str,
) -> None:
    """A suspect that nothing declares, but that Heroku or the example knows, was surely lost.

    Raises SwallowedNames; `examples` are asked for only where there is a suspect.
    """
    undeclared = [each for each in suspects if each.name not in declared]
    if not undeclared:
        return
    known = examples().union(live)
    if lost := [each for each in undeclared if each.name in known]:
        raise SwallowedNames(source, [each for each in lost if each.is_quoted] or lost)


def sure_name(name: str | None) -> str | None:
    """A name that can be nothing else."""
    return name if name and re.fullmatch(_SURELY_A_NAME, name) else None


def unparsed(text: str, line: int) -> Complaint:
    """Why a line is none that the parser takes."""
    match = ASSIGNMENT.match(text)
    if match is None:
        return Complaint("does not parse as NAME=value", line)
    reason = (
        "a quote is left open, or text follows the closing one" if match["quote"] else "not parsed"
    )
    return Complaint(reason, line, match["name"])
