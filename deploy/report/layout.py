"""How text is laid out for a terminal or a pipe.

A width is that of the terminal that the text is for, in characters. It is None for a pipe: there a
row is a line, and a list of names is one, for `grep`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..names import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_COLORS = {"+": "32", "~": "33", "-": "31", " ": "31", "!": "35"}
"""Green, yellow, red and magenta: what a terminal is told of a mark."""


_COMMAND = re.compile(r"##(?=\w*\[)")
"""Anywhere in a line runners obey `##[…]` (GitHub's: actions/runner, `ActionCommand.TryParse`),
`##vso[…]` (Azure's) and `##teamcity[…]`."""
_FIRST = re.compile(r"^( *):(?=:)", re.MULTILINE)
"""GitHub's obeys `::…::` at the beginning of one, behind blanks too (`TryParseV2`)."""


def printable(text: str, *, keep: str = "\n") -> str:
    """Text from outside without what could steer a terminal, or the runner of a CI job.

    That is controls, escapes and bidi marks; and what runners take for a command.
    """
    return _FIRST.sub(r"\1: ", within_line(text, keep=keep))


def within_line(text: str, *, keep: str = "") -> str:
    """The same for what begins no line."""
    kept = "".join(char for char in text if char.isprintable() or char in keep)
    return _COMMAND.sub("## ", kept)


def one_line(text: str) -> str:
    return printable(text, keep="")


def column_width(cells: Iterable[str]) -> int:
    """How wide a column is. What is longer than half a line of 80 pushes its own row alone."""
    return max((len(cell) for cell in cells if len(cell) <= 40), default=0)


def wrap(pieces: Iterable[str], width: int | None, *, indent: int = 2) -> str:
    """Pieces, each with the blanks before it, and a line break wherever the next one has no room.

    A piece that is wider than a line stays whole: the terminal breaks it, and it can be copied.
    """
    lines = [""]
    for piece in pieces:
        has_room = not width or len(lines[-1]) + len(piece.rstrip()) <= width
        if piece.strip() and lines[-1].strip() and not has_room:
            lines.append(" " * indent + piece.lstrip())
        else:
            lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)


def words(text: str) -> list[str]:
    """The pieces of a sentence."""
    first, *more = text.split(" ")
    return [first, *(f" {word}" for word in more)]


def counts(head: str, text: str, width: int | None) -> str:
    """Counts behind what is said of them; none is parted from what it counts."""
    pieces = [""]
    for word in words(f" {text}")[1:]:
        pieces[-1] += word
        if word.endswith((",", ";")):
            pieces.append("")
    return wrap([*words(head), *pieces], width)


def name_lists(found: Mapping[str, Collection[str]], width: int | None) -> Iterator[str]:
    """Names behind what is said of them; nothing where there are none."""
    for head, names in found.items():
        if names:
            *more, last = (one_line(shown(name)) for name in names)
            yield wrap([*words(head), *(f" {name}," for name in more), f" {last}"], width)


def marked_rows(
    rows: Sequence[tuple[str, str, Iterable[str]]], *, color: bool, width: int | None
) -> Iterator[str]:
    """Rows of a mark, a var's name in a column, and pieces; at a terminal the mark has a color."""
    names = [one_line(shown(name)) for _, name, _ in rows]
    room = column_width(names)
    for name, (mark, _, pieces) in zip(names, rows, strict=True):
        row = wrap([f"  {mark} {name:<{room}}", *pieces], width, indent=6)
        yield f"  \x1b[{_COLORS[mark]}m{mark}\x1b[0m{row[3:]}" if color else row
