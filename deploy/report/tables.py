"""Outcomes that are tables, for a person to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import shown
from ..plan.change import Action
from ..plan.comparison import Side
from ..secret import Hint
from .layout import column, counts, laid_out, listing, printable, verdict, words
from .text import difference, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..checks.finding import Checked, Finding
    from ..plan.comparison import Comparison, Pair
    from ..plan.history import History, Revision
    from ..plan.outcome import Pull
    from .reveal import Reveal


def history(found: History, *, width: int | None = None) -> str:
    """A line a release that changed config: version, time, person, status, and what it did."""
    if found.oldest is None:
        return f"{found.app} has no releases."
    lines = _table([_revision(revision) for revision in found.revisions], width)
    if not lines:
        lines = ["No change was found."]
    more = "" if found.is_whole else "; --limit looks further back"
    back = f"back to v{found.oldest}{more}"
    looked = f"Looked through {found.seen} releases of {found.app}, {back}."
    lines.append(laid_out(words(looked), width))
    if found.unreadable:
        head = "Unreadable in some of them, so that not every change is told:"
        lines.append(listing(head, found.unreadable, width))
    return "\n".join(lines)


def comparison(found: Comparison, reveal: Reveal, *, width: int | None = None) -> str:
    """Two apps side by side; what they share and should not comes first."""
    lines = []
    if found.shared_secrets:
        lines.append(listing("The same secret in both:", found.shared_secrets, width))
    if found.vars:
        head = (" ", "", found.here, found.there, "")
        rows = [head, *(_pair(each, found, reveal) for each in found.vars)]
        lines += _side_by_side(rows, width)
    if found.ignored:
        lines.append(listing("Ignored by the settings, left out:", found.ignored, width))
    equal, different, here, there, unreadable = (found.count(each) for each in Side)
    sides = f"{here} only on {found.here}, {there} only on {found.there}"
    sides += f", {unreadable} unreadable." if unreadable else "."
    lines.append(counts(f"{equal} equal,", f"{different} different, {sides}", width))
    return "\n".join(lines)


def pull(found: Pull, reveal: Reveal, *, color: bool = False, width: int | None = None) -> str:
    """What would change in an env file, and what is left out of it."""
    plan, left_out = found.plan, found.edited.left_out
    is_in_sync = plan.is_empty and not left_out
    lines = list(
        difference(
            *(found.source, found.app, plan, reveal),
            is_in_sync=is_in_sync,
            color=color,
            width=width,
        )
    )
    owners = "Owned by an add-on or the platform"
    for head, names in (
        (f"{owners}, left out (--owned takes them):", plan.owned),
        ("Ignored by the settings, left alone:", plan.ignored),
        ("Unreadable on Heroku, left out:", plan.unreadable),
        ("Only in the file, kept (--prune removes them):", plan.unmanaged),
        ("Left out, since no env file can hold them:", left_out),
    ):
        if names:
            lines.append(listing(head, names, width))
    return "\n".join(lines)


def pulled(found: Pull) -> str:
    """What was done to an env file, in a line."""
    if found.plan.is_empty:
        return "Nothing to do."
    was_set, changed, removed = (found.plan.count(action) for action in Action)
    did = f"Set {was_set}, changed {changed}, removed {removed}"
    return f"{did} in {printable(found.source, keep='')}."


def checked(found: Checked, *, width: int | None = None) -> str:
    """A line a finding, sorted by place, and a line that counts them."""
    rows = _table([_finding(each) for each in found.findings], width)
    return "\n".join([*rows, verdict(found)])


def _finding(found: Finding) -> tuple[str, ...]:
    where = f"{found.path}:{found.line}" if found.line else found.path
    return where, found.rule, f"note: {found.message}" if found.is_note else found.message


def _revision(revision: Revision) -> tuple[str, ...]:
    release = revision.release
    if revision.changes is None:
        did = "(unknown: its vars, or those before it, cannot be read)"
    else:
        did = " ".join(f"{each.action.value}{shown(each.name)}" for each in revision.changes)
    when, who = release.created_at or "-", release.user or "-"
    return f"v{release.version}", when, who, release.status.value, did


def _pair(each: Pair, found: Comparison, reveal: Reveal) -> tuple[str, ...]:
    here, there = (
        side(each.name, value, reveal) if value else "(unreadable)" if is_unreadable else "-"
        for value, is_unreadable in (
            (each.here, each.is_unreadable_here),
            (each.there, each.is_unreadable_there),
        )
    )
    match each.hint:
        case None:
            hint = ""
        case Hint.EMPTY_HERE:
            hint = f"(empty on {found.here})"
        case Hint.EMPTY_THERE:
            hint = f"(empty on {found.there})"
        case other:
            hint = f"({other.value})"
    return each.side.value, shown(each.name), here, there, hint


def _side_by_side(rows: Sequence[tuple[str, ...]], width: int | None) -> list[str]:
    """Columns, of which the last two values stay beside each other: only so they tell the apps."""
    cells = [[printable(cell, keep="") for cell in row] for row in rows]
    _, name_room, here_room, there_room, _ = map(column, zip(*cells, strict=True))
    return [
        laid_out(
            [
                f"{mark}  {name:<{name_room}}",
                f"  {here:<{here_room}}  {there:<{there_room}}",
                f"  {hint}",
            ],
            width,
            indent=6,
        )
        for mark, name, here, there, hint in cells
    ]


def _table(rows: Sequence[tuple[str, ...]], width: int | None) -> list[str]:
    """Columns, and a last one of free text; what comes from outside is made printable."""
    kept = [[printable(cell, keep="") for cell in row] for row in rows]
    rooms = [column(cells) for cells in zip(*kept, strict=True)]
    lines = []
    for *cells, last in kept:
        first, *more = map(str.ljust, cells, rooms)
        pieces = [first, *(f"  {cell}" for cell in more), "  ", *words(last)]
        lines.append(laid_out(pieces, width, indent=6))
    return lines
