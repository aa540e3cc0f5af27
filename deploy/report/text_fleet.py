"""A plan for many apps, and how each ended, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import counted, is_stage, listed, options_of
from ..plan.fleet_outcome import State, tally
from . import text
from .layout import counts, name_lists, one_line, words, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..errors import DeployError
    from ..plan.fleet import Fleet, Planned
    from ..plan.fleet_outcome import Row
    from ..plan.outcome import Diff, Synced
    from .reveal import Reveal


def plan(found: Fleet, reveal: Reveal, *, color: bool = False, width: int | None = None) -> str:
    """A section an app that differs, a line any other, and what holds for all of them."""
    lines: list[str] = []
    for each in found.planned:
        lines += _section(each, reveal, color=color, width=width)
    differ, unread = len(found.differing), len(found.unread)
    in_sync = len(found.planned) - differ - unread
    states = f"{in_sync} in sync, {differ} differ, {unread} not read."
    targets = counted([each.app for each in found.planned])
    lines.append(counts(f"{targets}:", states, width))
    if found.requests:
        lines.append(wrap(words(_price(found)), width))
    if found.digest:
        lines.append(f"Plan {found.digest}")
    return "\n".join(lines)


def _price(found: Fleet) -> str:
    takes = f"Applying this takes up to {found.requests:,} requests"
    if not found.minutes:
        return f"{takes}."
    unit = "minute" if found.minutes == 1 else "minutes"
    rest = f"{found.minutes:,} {unit} at the account's rate"
    return f"{takes}, more than the account has left: up to {rest}."


def _section(each: Planned, reveal: Reveal, *, color: bool, width: int | None) -> Iterator[str]:
    if each.failure:
        yield from _unread(each.app, each.failure, width)
    elif found := each.diff:
        yield from text.first(found, width)
        yield from text.changes(found.app, found.source, found, reveal, color=color, width=width)
        if each.differs:
            yield from _left_alone(found, width)
        yield from name_lists({text.UNREADABLE: found.plan.unreadable}, width)
        yield from text.pending(found, width)
        yield from text.explanations(found, width)


def _unread(app: str, failure: DeployError, width: int | None) -> Iterator[str]:
    first, *more = map(one_line, str(failure).split("\n"))
    yield wrap(words(f"{app} could not be read: {first}"), width)
    for line in more:
        yield wrap(["  ", *words(line)], width, indent=4)
    if failure.next_step:
        yield f"  {one_line(failure.next_step)}"


def _left_alone(found: Diff, width: int | None) -> Iterator[str]:
    counted = {
        "owned": len(found.plan.owned),
        "ignored": len(found.plan.ignored),
        "unmanaged": len(found.plan.unmanaged),
    }
    if any(counted.values()):
        those = ", ".join(f"{count} {what}" for what, count in counted.items() if count)
        one = f"config.diff {options_of(found.app)}"
        yield counts("Left alone:", f"{those}; {one} names them.", width)


def ended(rows: Sequence[Row], *, width: int | None = None) -> str:
    """A line an app that says how it ended, and a command for each change that undoes it."""
    room = max((len(row.app) for row in rows), default=0)
    lines = [wrap([f"{row.app:<{room}} ", *_state(row)], width, indent=room + 2) for row in rows]
    found = ", ".join(f"{count} {_word(state)}" for state, count in tally(rows).items() if count)
    lines.append(counts(f"{counted([row.app for row in rows])}:", f"{found}.", width))
    return "\n".join([*lines, *_ways_back(rows)])


def _ways_back(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        for line in text.way_back(row.done) if row.done else ():
            yield line if line.startswith("Undo: ") else f"{row.app}: {line}"


def _state(row: Row) -> list[str]:
    """The pieces of how it ended; what to do next is one piece, for it may hold a command."""
    match row.state:
        case State.APPLIED | State.SENT if row.done:
            return words(f" {_done(row.done, is_sent=row.state is State.SENT)}")
        case State.REFUSED | State.FAILED | State.UNKNOWN:
            reason, *steps = _why(row)
            told = words(f" {row.state.value}: {reason}{';' if steps else ''}")
            return [*told, f" {'; '.join(steps)}"] if steps else told
        case _:
            return words(f" {_word(row.state)}")


def _word(state: State) -> str:
    return str(state.value).replace("_", " ")


def _done(done: Synced, *, is_sent: bool) -> str:
    version = f" v{done.version}" if done.version else ", no release found"
    if is_stage(done.app):
        version = ""
    parts = [f"sent{version}: pending, not verified" if is_sent else f"applied{version}"]
    if done.was_pending:
        parts.append("it was on its way already")
    elif not done.is_ours:
        parts.append("whether our request brought it, or another, is not known")
    if done.unverified:
        names = one_line(listed(done.unverified))
        parts.append(f"not verified, since it cannot be read back: {names}")
    return "; ".join(parts)


def _why(row: Row) -> list[str]:
    """The reason without the app's name, which stands ahead of it, and what to do next."""
    look = f"run config.diff {options_of(row.app)}" if row.state is State.UNKNOWN else None
    if row.failure is None:
        return ["it was being written to", *filter(None, [look])]
    lines = (one_line(line) for line in str(row.failure).split("\n"))
    reason = ", ".join(line.removeprefix(f"{row.app}: ") for line in lines)
    step = one_line(row.failure.next_step or "")
    steps = [step, look] if look and look not in step else [step]
    return [reason, *filter(None, steps)]
