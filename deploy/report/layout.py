"""How text is laid out for a terminal or a pipe.

A width is that of the terminal that the text is for, in characters. It is None for a pipe: there a
row is a line, and a list of names is one, for `grep`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..checks.finding import Checked


def printable(text: str, *, keep: str = "\n") -> str:
    """Text from outside without what could steer a terminal, or the runner of a CI job.

    That is controls, escapes and bidi marks; and `##[`, which GitHub's and Azure's runners obey
    anywhere in a line (actions/runner, `ActionCommand.TryParse`).
    """
    kept = "".join(char for char in text if char.isprintable() or char in keep)
    return kept.replace("##[", "## [")


def column(names: Iterable[str]) -> int:
    """How wide a column is. What is longer than half a line of 80 pushes its own row alone."""
    return max((len(name) for name in names if len(name) <= 40), default=0)


def laid_out(pieces: Iterable[str], width: int | None, *, indent: int = 2) -> str:
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
    return laid_out([*words(head), *pieces], width)


def listing(head: str, found: Iterable[str], width: int | None) -> str:
    """Names behind what is said of them."""
    *names, last = (printable(shown(name), keep="") for name in found)
    return laid_out([*words(head), *(f" {name}," for name in names), f" {last}"], width)


def verdict(found: Checked) -> str:
    """What a check found, in a line."""
    notes = sum(finding.is_note for finding in found.findings)
    files = len({finding.path for finding in found.faults})
    faults = _many(len(found.faults), "finding")
    parts = [f"{faults} in {_many(files, 'file')}" if found.faults else "No findings"]
    parts += [f"{found.accepted} accepted by the settings"] if found.accepted else []
    parts += [_many(notes, "note")] if notes else []
    return ", ".join(parts) + "."


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
