"""Outcomes for a person to read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..names import LOCK_KEY, shown
from ..plan.change import Action
from ..plan.drift import Drift, Kind, Unchecked
from .layout import column, counts, laid_out, listing, printable, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..plan.blame import Origin
    from ..plan.change import Change
    from ..plan.drift import Row
    from ..plan.outcome import Diff
    from ..plan.plan import Plan
    from ..secret import Secret
    from .reveal import Reveal

_DRIFTED = {Kind.CHANGED: "changed", Kind.MISSING: "missing", Kind.UNMANAGED: "unmanaged"}
_DRIFT_COLORS = {Kind.CHANGED: "33", Kind.MISSING: "32", Kind.UNMANAGED: "31"}
_COLORS = {Action.SET: "32", Action.CHANGE: "33", Action.REMOVE: "31"}


def diff(found: Diff, reveal: Reveal, *, color: bool = False, width: int | None = None) -> str:
    """The plan: a line of counts, a line a change, and what is left alone."""
    return "\n".join(_diff(found, reveal, color=color, width=width))


def drift(rows: Sequence[Row], *, color: bool = False, width: int | None = None) -> str:
    """A line an app, which says what it was compared with, and a line for each var that drifted.

    Behind them stands what can be done about it.
    """
    from .steps import after_drift  # noqa: PLC0415  # not for a plan

    lines = [line for row in rows for line in _drift(row, color=color, width=width)]
    if len(rows) > 1:
        unchecked = sum(isinstance(row, Unchecked) for row in rows)
        drifted = sum(isinstance(row, Drift) and bool(row.drifted) for row in rows)
        in_sync = len(rows) - unchecked - drifted
        states = f"{in_sync} in sync, {drifted} drifted, {unchecked} not checked."
        lines.append(counts(f"{len(rows)} apps:", states, width))
    return "\n".join([*lines, *after_drift(rows)])


def _drift(row: Row, *, color: bool, width: int | None) -> Iterator[str]:
    if isinstance(row, Unchecked):
        first, *more = str(row.failure).split("\n")
        failed = f"{row.app} could not be checked: {printable(first, keep='')}"
        yield laid_out(words(failed), width)
        for line in more:
            yield laid_out(["  ", *words(printable(line, keep=""))], width, indent=4)
        if row.failure.next_step:
            yield f"  {printable(row.failure.next_step, keep='')}"
        return
    source = printable(row.source, keep="")
    if not row.drifted:
        yield counts(f"{row.app} is in sync with {source}:", f"{row.equal} equal.", width)
    else:
        kinds = ", ".join(f"{row.count(kind)} {word}" for kind, word in _DRIFTED.items())
        yield counts(f"{row.app} drifted from {source}:", f"{kinds}; {row.equal} equal.", width)
    names = [printable(shown(each.name), keep="") for each in row.drifted]
    room = column(names)
    for name, each in zip(names, row.drifted, strict=True):
        hint = f" ({each.hint.value})" if each.hint else ""
        kept = ", kept by a prune" if each.is_spared else ""
        said = words(f"{_DRIFTED[each.kind]}{kept}{hint}{_origin(each.origin)}")
        line = laid_out([f"  {each.mark} {name:<{room}}  ", *said], width, indent=6)
        yield _marked(line, _DRIFT_COLORS[each.kind], color=color)
    if row.owned:
        yield listing("Owned by an add-on or the platform, left out:", row.owned, width)
    if row.ignored:
        yield listing("Ignored by the settings, left out:", row.ignored, width)
    if row.unreadable:
        yield listing("Unreadable on Heroku, not compared:", row.unreadable, width)


def _origin(origin: Origin | None) -> str:
    if origin is None:
        return ""
    from ..plan.blame import Before, Brought, Never, Unknown  # noqa: PLC0415  # not for a plan

    match origin:
        case Brought(release):
            parts = (f"v{release.version}", release.created_at, release.user)
            return ": " + ", ".join(printable(part, keep="") for part in parts if part)
        case Before(version):
            return f": before v{version}"
        case Never():
            return ": never set"
        case Unknown():
            return ": by which release is unknown"


def _marked(row: str, code: str, *, color: bool) -> str:
    """A row with its mark, which is its third character, in a colour."""
    return f"{row[:2]}\x1b[{code}m{row[2]}\x1b[0m{row[3:]}" if color else row


def _diff(found: Diff, reveal: Reveal, *, color: bool, width: int | None) -> Iterator[str]:
    plan = found.plan
    yield from difference(
        *(found.app, found.source, plan, reveal),
        is_in_sync=found.is_in_sync,
        color=color,
        width=width,
    )
    if plan.owned:
        yield listing("Owned by an add-on or the platform, left alone:", plan.owned, width)
    if plan.ignored:
        yield listing("Ignored by the settings, left alone:", plan.ignored, width)
    if plan.unreadable:
        reason = "only --force writes over one, where it is declared"
        yield listing(f"Unreadable on Heroku, left alone ({reason}):", plan.unreadable, width)
    unmanaged = [name for name in plan.unmanaged if name not in plan.spared]
    if unmanaged:
        yield listing("Unmanaged, kept (--prune removes them):", unmanaged, width)
    if spared := [name for name in plan.spared if name != LOCK_KEY]:
        reason = "an add-on, the platform or an open quote may hold them"
        yield listing(f"Unmanaged, kept in any case ({reason}):", spared, width)
    if LOCK_KEY in plan.spared:
        source = printable(found.source, keep="")
        kept = f"{LOCK_KEY} is not in {source}, and kept: config.lock can add it there."
        yield laid_out(words(kept), width)
    if found.withheld:
        reason = "an add-on may have held them; config.rollback --restore NAME brings one back"
        yield listing(f"Absent today, left out ({reason}):", found.withheld, width)
    if found.pending:
        waits = f"v{found.pending} is pending: until it succeeds, Heroku shows the vars before it."
        yield laid_out(words(waits), width)
    if found.digest:
        yield f"Plan {found.digest}"


def difference(
    one: str,
    other: str,
    plan: Plan,
    reveal: Reveal,
    *,
    is_in_sync: bool,
    color: bool,
    width: int | None,
) -> Iterator[str]:
    """What would make the one equal to the other: counts, and a line a change."""
    one, other = printable(one, keep=""), printable(other, keep="")
    if is_in_sync:
        yield counts(f"{one} is in sync with {other}:", f"{plan.equal} equal.", width)
    else:
        actions = f"{_actions(plan)}; {plan.equal} equal."
        yield counts(f"{one} differs from {other}:", actions, width)
    room = column(printable(shown(change.name), keep="") for change in plan.changes)
    for change in plan.changes:
        row = laid_out(_pieces(change, reveal, room), width, indent=6)
        yield _marked(row, _COLORS[change.action], color=color)


def _actions(plan: Plan) -> str:
    words = ((Action.SET, "to set"), (Action.CHANGE, "to change"), (Action.REMOVE, "to remove"))
    return ", ".join(f"{plan.count(action)} {word}" for action, word in words)


def side(name: str, value: Secret, reveal: Reveal) -> str:
    """One value: a mask, or what it is where its name was chosen."""
    told = reveal.show(name, value)
    if not reveal.chooses(name):
        return told
    # In quotes, on one line, so that blanks, line ends and controls can be seen.
    quoted = json.dumps(told, ensure_ascii=False)
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)


def _pieces(change: Change, reveal: Reveal, room: int) -> Iterator[str]:
    """A row in its parts: the mark and the name, the one value, the other, and the hint."""
    yield f"  {change.action.value} {printable(shown(change.name), keep=''):<{room}}"
    before = "  "
    if change.is_blind:
        yield "  (unreadable)"
        before = " -> "
    for value in (change.old, change.new):
        if value:
            yield before + side(change.name, value, reveal)
            before = " -> "
    if change.hint:
        yield f"  ({change.hint.value})"
