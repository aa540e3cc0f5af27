"""Where a value stands, for a person: a row a var, the same ones first, and never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import joined, shown
from .layout import column_width, name_lists, one_line, words, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..plan.whereabouts import Spot, Whereabouts


_MOST = 6
"""Apps that are named, of those that have a file; more are counted."""


def where(found: Whereabouts, *, width: int | None = None) -> str:
    """Each value of a name, or the one that was given, with a row for each var that has it."""
    lines: list[str] = []
    for number, spots in enumerate(found.values, start=1):
        if len(found.values) > 1:
            lines.append(f"Value {number} of {len(found.values)}:")
        lines += _rows(spots, width)
    for text, failure in found.unread:
        first = one_line(str(failure).split("\n")[0])
        lines.append(wrap(words(f"{one_line(text)} was not looked through: {first}"), width))
        if failure.next_step:
            lines.append(f"  {one_line(failure.next_step)}")
    head = f"{shown(found.name)} is there, and its value cannot be read, on:" if found.name else ""
    lines += name_lists({head: found.hidden}, width)
    lines.append(wrap(words(_verdict(found)), width))
    return "\n".join(lines)


def _rows(spots: tuple[Spot, ...], width: int | None) -> Iterator[str]:
    cells = [(_place(spot), one_line(shown(spot.var.name)), _what(spot)) for spot in spots]
    rooms = [column_width([row[column] for row in cells]) for column in (0, 1)]
    for place, name, what in cells:
        yield wrap(
            [f"  {place:<{rooms[0]}}", f"  {name:<{rooms[1]}}", "  ", *words(what)],
            width,
            indent=6,
        )


def _place(spot: Spot) -> str:
    where = one_line(spot.var.where)
    return f"{where}:{spot.var.line}" if spot.var.line else where


def _what(spot: Spot) -> str:
    apps = spot.var.apps
    whom = joined(apps) if len(apps) <= _MOST else f"{len(apps)} apps"
    read = f" (declared for {whom})" if apps else ""
    live = " (live)" if spot.var.is_live else ""
    return f"{spot.shared.value}{read}{live}"


def _verdict(found: Whereabouts) -> str:
    texts = "1 declared file" if found.texts == 1 else f"{found.texts} declared files"
    apps = "1 app" if found.apps == 1 else f"{found.apps} apps"
    looked = f"{texts} and {apps} were looked through"
    if not found.is_found:
        what = "The value" if found.name is None else shown(found.name)
        return f"{what} stands nowhere: {looked}."
    spots = [spot for spots in found.values for spot in spots]
    declared = sum(not spot.var.is_live for spot in spots)
    counted = f"Declared {_times(declared)}, live {_times(len(spots) - declared)}"
    return f"{counted}; {looked}."


def _times(count: int) -> str:
    return {0: "nowhere", 1: "once"}.get(count, f"{count} times")
