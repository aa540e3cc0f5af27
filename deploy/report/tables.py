"""Tables, for a person: history, compare and check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import is_stage, shown
from ..plan.comparison import Side
from ..secret import Hint
from .layout import column_width, counts, name_lists, one_line, words, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..checks.finding import Checked, Finding
    from ..plan.comparison import Comparison, Pair
    from ..plan.history import History, Revision
    from ..secret import Secret
    from .reveal import Reveal


def history(found: History, *, width: int | None = None) -> str:
    """A line a release that changed config: version, time, person, status, and what it did."""
    if found.oldest is None:
        return f"{found.app} has no releases."
    lines = _table([_revision(revision) for revision in found.revisions], width)
    lines = lines or ["No change was found."]
    more = "" if found.is_whole else "; --limit looks further back"
    looked = f"Looked through {found.seen} releases of {found.app}, back to v{found.oldest}{more}."
    lines.append(wrap(words(looked), width))
    head = "Unreadable in some of them, so that not every change is told:"
    return "\n".join([*lines, *name_lists({head: found.unreadable}, width)])


def comparison(
    found: Comparison, reveal: Reveal, *, only_different: bool = False, width: int | None = None
) -> str:
    """Two apps side by side; what they share and should not comes first, be it shown below or not.

    A row breaks around its two values, and never between them: only so they tell the apps.
    """
    lines = [*name_lists({"The same secret in both:": found.shared_secrets}, width)]
    stages = [each for each in (found.here, found.there) if is_stage(each)]
    if found.shared_secrets and len(stages) == 1:
        warning = f"Every member of the pipeline can read what {stages[0]} holds."
        lines.append(wrap(words(warning), width))
    if shown := found.different if only_different else found.vars:
        head = (" ", "", found.here, found.there, "")
        rows = [head, *(_pair(each, found, reveal) for each in shown)]
        for mark, name, one, other, hint in _columns(rows):
            pieces = [f"{mark}  {name}", f"  {one}  {other}", f"  {hint}"]
            lines.append(wrap(pieces, width, indent=6))
    lines += name_lists({"Ignored by the settings, left out:": found.ignored}, width)
    equal, different, here, there, unreadable = (found.count(each) for each in Side)
    sides = f"{here} only on {found.here}, {there} only on {found.there}"
    sides += f", {unreadable} unreadable." if unreadable else "."
    lines.append(counts(f"{equal} equal,", f"{different} different, {sides}", width))
    return "\n".join(lines)


def checked(found: Checked, *, color: bool = False, width: int | None = None) -> str:
    """A line a finding, sorted by place, the notes behind them, and a line that counts them."""
    rows = _table([_finding(each) for each in found.shown], width)
    if color:
        marks = ("33" if each.is_note else "31" for each in found.shown)
        rows = [f"\x1b[{mark}m{row}\x1b[0m" for mark, row in zip(marks, rows, strict=True)]
    return "\n".join([*rows, verdict(found)])


def verdict(found: Checked) -> str:
    """What a check found, in a line."""
    notes = sum(finding.is_note for finding in found.shown)
    files = len({finding.path for finding in found.faults})
    faults = _many(len(found.faults), "finding")
    parts = [f"{faults} in {_many(files, 'file')}" if found.faults else "No findings"]
    parts += [f"{found.accepted} accepted by the settings"] if found.accepted else []
    parts += [_many(notes, "note")] if notes else []
    return ", ".join(parts) + "."


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


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


def _pair(pair: Pair, found: Comparison, reveal: Reveal) -> tuple[str, ...]:
    def value(secret: Secret | None, *, is_unreadable: bool) -> str:
        if secret:
            return reveal.quote(pair.name, secret)
        return "(unreadable)" if is_unreadable else "-"

    here = value(pair.here, is_unreadable=pair.is_unreadable_here)
    there = value(pair.there, is_unreadable=pair.is_unreadable_there)
    empty = {
        Hint.EMPTY_HERE: f"empty on {found.here}",
        Hint.EMPTY_THERE: f"empty on {found.there}",
    }
    hint = f"({empty.get(pair.hint, pair.hint.value)})" if pair.hint else ""
    return pair.side.value, shown(pair.name), here, there, hint


def _table(rows: Sequence[tuple[str, ...]], width: int | None) -> list[str]:
    """Columns, and a last one of free text."""
    return [
        wrap([first, *(f"  {cell}" for cell in more), "  ", *words(last)], width, indent=6)
        for first, *more, last in _columns(rows)
    ]


def _columns(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Cells as wide as their columns; what comes from outside is made printable."""
    kept = [[one_line(cell) for cell in row] for row in rows]
    rooms = [column_width(cells) for cells in zip(*kept, strict=True)]
    return [[*map(str.ljust, row, rooms)] for row in kept]
