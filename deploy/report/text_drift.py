"""Drift, for a person: what moved, who moved it, and what can be done about it."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from ..names import LIVE_NAME, counted, is_plain, is_stage, options_of
from ..plan.blame import Before, Brought, Never, Unknown
from ..plan.drift import Drift, Kind, Unchecked
from .layout import counts, marked_rows, name_lists, one_line, words, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..plan.blame import Origin
    from ..plan.drift import Drifted, Row


def drift(rows: Sequence[Row], *, color: bool = False, width: int | None = None) -> str:
    """A line an app, which says what it was compared with, and a line for each var that drifted.

    Behind them stands what can be done about it.
    """
    lines: list[str] = []
    for row in rows:
        if isinstance(row, Unchecked):
            lines += _unchecked(row, width)
        else:
            lines += _checked(row, color=color, width=width)
    if len(rows) > 1:
        unchecked = sum(isinstance(row, Unchecked) for row in rows)
        drifted = sum(isinstance(row, Drift) and bool(row.drifted) for row in rows)
        in_sync = len(rows) - unchecked - drifted
        states = f"{in_sync} in sync, {drifted} drifted, {unchecked} not checked."
        lines.append(counts(f"{counted([row.app for row in rows])}:", states, width))
    return "\n".join([*lines, *next_steps(rows)])


def _unchecked(row: Unchecked, width: int | None) -> Iterator[str]:
    first, *more = map(one_line, str(row.failure).split("\n"))
    yield wrap(words(f"{row.app} could not be checked: {first}"), width)
    for line in more:
        yield wrap(["  ", *words(line)], width, indent=4)
    if row.failure.next_step:
        yield f"  {one_line(row.failure.next_step)}"


def _checked(row: Drift, *, color: bool, width: int | None) -> Iterator[str]:
    source = one_line(row.source)
    if not row.drifted:
        yield counts(f"{row.app} is in sync with {source}:", f"{row.equal} equal.", width)
    else:
        kinds = ", ".join(f"{row.count(kind)} {kind.name.lower()}" for kind in Kind)
        yield counts(f"{row.app} drifted from {source}:", f"{kinds}; {row.equal} equal.", width)
    yield from marked_rows([_row(each) for each in row.drifted], color=color, width=width)
    left_out = {
        "Owned by an add-on or the platform, left out:": row.owned,
        "Ignored by the settings, left out:": row.ignored,
        "Unreadable on Heroku, not compared:": row.unreadable,
    }
    yield from name_lists(left_out, width)


def _row(var: Drifted) -> tuple[str, str, list[str]]:
    mark, kept = (" ", ", kept by a prune") if var.is_spared else (var.kind.value, "")
    hint = f" ({var.hint.value})" if var.hint else ""
    return mark, var.name, words(f"  {var.kind.name.lower()}{kept}{hint}{_origin(var.origin)}")


def _origin(origin: Origin | None) -> str:
    match origin:
        case None:
            return ""
        case Brought(release):
            parts = (f"v{release.version}", release.created_at, release.user)
            return ": " + ", ".join(one_line(part) for part in parts if part)
        case Before(version):
            return f": before v{version}"
        case Never():
            return ": never set"
        case Unknown():
            return ": by which release is unknown"


def next_steps(rows: Sequence[Row]) -> Iterator[str]:
    """Commands to copy, for the two ways to end a drift; of several apps none is named.

    None of them is broken over two lines.
    """
    drifted = [row for row in rows if isinstance(row, Drift) and row.drifted]
    if not drifted:
        return
    one = drifted[0] if len(drifted) == 1 else None
    app = options_of(one.app) if one else _any_of(drifted)
    file = f" --file {quote(one_line(one.named))}" if one and one.named else ""
    vars_ = [each for row in drifted for each in row.drifted]
    kinds = {each.kind for each in vars_ if not each.is_spared}
    # A sync leaves what is only on Heroku, and a pull what is only in the file.
    sync_prunes = " --prune" if Kind.UNMANAGED in kinds else ""
    pull_prunes = " --prune" if Kind.MISSING in kinds else ""
    restore = f"invoke config.sync {app}{file}{sync_prunes}"
    is_pipe = one is not None and one.named == "-"
    take_over = f"invoke config.pull {app}{'' if is_pipe else file}{pull_prunes}"
    needs = ""
    if any(row.is_lock for row in drifted):
        # A lock has digests alone: the values are in the file.
        lock = one.source.removesuffix(".lock") if one else "the env file"
        locked = one_line((one and one.declared_in) or lock)
        needs = f", with {locked} at hand"
        take_over += " && invoke config.lock"
    if kinds:
        yield f"To restore what was declared{needs}: {restore}"
    yield f"To take over what is live: {take_over}"
    if app == "--app APP" and any(is_stage(row.app) for row in drifted):
        yield "Of a stage, --pipeline NAME --stage STAGE stands there in place of --app APP."
    spared = {each.name for each in vars_ if each.is_spared and LIVE_NAME.fullmatch(each.name)}
    if listed := ", ".join(sorted(filter(is_plain, spared))):
        yield f"To leave them where they are, in the settings: provided: [{listed}]"


def _any_of(rows: Sequence[Drift]) -> str:
    """What stands for one of several in a command."""
    if all(is_stage(row.app) for row in rows):
        return "--pipeline NAME --stage STAGE"
    return "--app APP"


def history_command(app: str, name: str) -> str:
    """Which releases moved a var; Heroku's own `releases:info` would print every value in clear."""
    option = f" --name {quote(name)}" if is_plain(name) else ""
    return f"invoke config.history --app {app}{option}"
