"""Outcomes for a person to read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from deploy.outcome import Drift, Kind, State, Unchecked
from deploy.plan import LOCK_KEY, Action
from deploy.report import Reveal, names, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deploy.history import Origin
    from deploy.outcome import Comparison, Row, Synced
    from deploy.plan import Change, Plan
    from deploy.secret import Secret

_DRIFTED = {Kind.CHANGED: "changed", Kind.MISSING: "missing", Kind.UNMANAGED: "unmanaged"}
_DRIFT_COLORS = {Kind.CHANGED: "33", Kind.MISSING: "32", Kind.UNMANAGED: "31"}
_COLORS = {Action.SET: "32", Action.CHANGE: "33", Action.REMOVE: "31"}


def comparison(found: Comparison, reveal: Reveal, *, color: bool = False) -> str:
    """The plan: a line of counts, a line a change, and what is left alone."""
    return "\n".join(_comparison(found, reveal, color=color))


def synced(done: Synced) -> str:
    """What was done, in a line, and how to undo it."""
    match done.state:
        case State.UNCHANGED:
            return "Nothing to do."
        case State.DRY_RUN:
            return "Dry run: nothing was written."
        case State.SENT:
            did = f"Sent as v{done.version} to {done.app}: pending, not verified."
        case State.APPLIED:
            was_set, changed, removed = done.counts
            version = f"v{done.version}" if done.version else "no release found"
            did = f"Set {was_set}, changed {changed}, removed {removed} on {done.app} ({version})."
    # A rollback leaves the key of the lock alone.
    can_undo = any(change.name != LOCK_KEY for change in done.plan.changes)
    if done.previous and done.version and can_undo:
        return f"{did}\nUndo: {_undo(done, done.previous)}"
    return did


def _undo(done: Synced, previous: int) -> str:
    """What was removed is declared nowhere, so a rollback must be told to bring it back."""
    removed = [change.name for change in done.plan.changes if change.action is Action.REMOVE]
    restored = "".join(f" --restore {printable(name, keep='')}" for name in removed)
    return f"invoke config.rollback --app {done.app} --to v{previous}{restored}"


def drift(rows: Sequence[Row], *, color: bool = False) -> str:
    """A line an app, which says what it was compared with, and a line for each var that drifted."""
    lines = [line for row in rows for line in _drift(row, color=color)]
    if len(rows) > 1:
        unchecked = sum(isinstance(row, Unchecked) for row in rows)
        drifted = sum(isinstance(row, Drift) and bool(row.drifted) for row in rows)
        in_sync = len(rows) - unchecked - drifted
        counts = f"{in_sync} in sync, {drifted} drifted, {unchecked} not checked"
        lines.append(f"{len(rows)} apps: {counts}.")
    return "\n".join(lines)


def _drift(row: Row, *, color: bool) -> Iterator[str]:
    if isinstance(row, Unchecked):
        first, *more = str(row.failure).split("\n")
        yield f"{row.app} could not be checked: {printable(first, keep='')}"
        yield from (f"  {printable(line, keep='')}" for line in more)
        if row.failure.next_step:
            yield f"  {printable(row.failure.next_step, keep='')}"
        return
    source = printable(row.source, keep="")
    if not row.drifted:
        yield f"{row.app} is in sync with {source}: {row.equal} equal."
    else:
        counts = ", ".join(f"{row.count(kind)} {word}" for kind, word in _DRIFTED.items())
        yield f"{row.app} drifted from {source}: {counts}; {row.equal} equal."
    width = max((len(printable(each.name, keep="")) for each in row.drifted), default=0)
    for each in row.drifted:
        mark = _mark(each.kind.value, _DRIFT_COLORS[each.kind], color=color)
        hint = f" ({each.hint.value})" if each.hint else ""
        name = f"{printable(each.name, keep=''):<{width}}"
        yield f"  {mark} {name}  {_DRIFTED[each.kind]}{hint}{_origin(each.origin)}"
    if row.owned:
        yield f"Owned by an add-on or the platform, left out: {names(row.owned)}"
    if row.ignored:
        yield f"Ignored by the settings, left out: {names(row.ignored)}"


def _origin(origin: Origin | None) -> str:
    if origin is None:
        return ""
    from deploy.history import Before, Brought, Never, Unknown  # noqa: PLC0415  # not for a plan

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


def _mark(mark: str, code: str, *, color: bool) -> str:
    return f"\x1b[{code}m{mark}\x1b[0m" if color else mark


def _comparison(found: Comparison, reveal: Reveal, *, color: bool) -> Iterator[str]:
    plan = found.plan
    yield from difference(
        found.app, found.source, plan, reveal, is_in_sync=found.is_in_sync, color=color
    )
    if plan.owned:
        yield f"Owned by an add-on or the platform, left alone: {names(plan.owned)}"
    if plan.ignored:
        yield f"Ignored by the settings, left alone: {names(plan.ignored)}"
    unmanaged = [name for name in plan.unmanaged if name not in plan.spared]
    if unmanaged:
        yield f"Unmanaged, kept (--prune removes them): {names(unmanaged)}"
    if plan.spared:
        reason = "another app's add-on or an open quote may hold them"
        yield f"Unmanaged, kept in any case ({reason}): {names(plan.spared)}"
    if found.withheld:
        reason = "an add-on may have held them; config.rollback --restore NAME brings one back"
        yield f"Absent today, left out ({reason}): {names(found.withheld)}"
    if found.pending:
        yield f"v{found.pending} is pending: until it succeeds, Heroku shows the vars before it."
    if found.digest:
        yield f"Plan {found.digest}"


def difference(
    one: str, other: str, plan: Plan, reveal: Reveal, *, is_in_sync: bool, color: bool
) -> Iterator[str]:
    """What would make the one equal to the other: counts, and a line a change."""
    one, other = printable(one, keep=""), printable(other, keep="")
    if is_in_sync:
        yield f"{one} is in sync with {other}: {_equal(plan)}."
    else:
        yield f"{one} differs from {other}: {_counts(plan)}; {_equal(plan)}."
    width = max((len(printable(change.name, keep="")) for change in plan.changes), default=0)
    for change in plan.changes:
        yield _line(change, reveal, width, color=color)


def _counts(plan: Plan) -> str:
    words = ((Action.SET, "to set"), (Action.CHANGE, "to change"), (Action.REMOVE, "to remove"))
    return ", ".join(f"{plan.count(action)} {word}" for action, word in words)


def _equal(plan: Plan) -> str:
    return f"{plan.equal} equal"


def side(name: str, value: Secret, reveal: Reveal) -> str:
    """One value: a mask, or what it is where its name was chosen."""
    shown = reveal.show(name, value)
    if not reveal.chooses(name):
        return shown
    # In quotes, on one line, so that blanks, line ends and controls can be seen.
    quoted = json.dumps(shown, ensure_ascii=False)
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)


def _line(change: Change, reveal: Reveal, width: int, *, color: bool) -> str:
    name = printable(change.name, keep="")
    sides = [side(change.name, value, reveal) for value in (change.old, change.new) if value]
    hint = f"  ({change.hint.value})" if change.hint else ""
    mark = _mark(change.action.value, _COLORS[change.action], color=color)
    return f"  {mark} {name:<{width}}  {' -> '.join(sides)}{hint}"
