"""Whether an app is ready for its code, for a person: what is missing first, the verdict last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .layout import column_width, marked_rows, name_lists, one_line, words, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..plan.readiness import Missing, Readiness

_PLACES = 3
"""How many places that read a name are told."""


def ready(found: Readiness, *, color: bool = False, width: int | None = None) -> str:
    """A line a name, with what reads it or what is wrong with its value, and the verdict."""
    rows = [("-", each.name, words(f"  is missing: {read_by(each)}")) for each in found.missing]
    rows += [("~", each.name, words(f"  {each.reason}")) for each in found.unfit]
    lines = [*marked_rows(rows, color=color, width=width)]
    lines += name_lists({f"{found.like} has, and {found.where} lacks:": found.lacking}, width)
    lines += _obstacles(found, width)
    lines.append(wrap(words(verdict(found)), width))
    if found.missing and found.is_of_app:
        lines += ["Declare what is missing, and:", f"  invoke config.sync --app {found.where}"]
    return "\n".join(lines)


def read_by(missing: Missing) -> str:
    """Where a name is needed: the first places, and how many more there are."""
    places = [
        f"{one_line(need.path)}:{need.line}" if need.line else one_line(need.path)
        for need in missing.places
    ]
    more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
    return ", ".join(places[:_PLACES]) + more


def verdict(found: Readiness) -> str:
    """Ready, not ready, or not known; with what was counted."""
    names = "1 name" if found.needed == 1 else f"{found.needed} names"
    if found.is_ready and not found.needed:
        return f"{found.where} is ready: nothing here says that it needs a var."
    if found.is_ready:
        return f"{found.where} is ready: it has the {names} that the code needs."
    if found.missing or found.unfit:
        parts = []
        if found.missing:
            is_ = "is" if len(found.missing) == 1 else "are"
            parts.append(f"{len(found.missing)} of {names} that the code needs {is_} missing")
        if found.unfit:
            what = "1 value" if len(found.unfit) == 1 else f"{len(found.unfit)} values"
            parts.append(f"{what} cannot be right")
        return f"{found.where} is not ready: {', and '.join(parts)}."
    count = sum(each.is_whole_file for each in found.obstacles)
    files = "a file was" if count == 1 else f"{count} files were"
    return f"Whether {found.where} is ready is not known: {files} not checked; the {names} it has."


def _obstacles(found: Readiness, width: int | None) -> Iterator[str]:
    rows = [
        (f"{each.path}:{each.line}" if each.line else each.path, each.reason)
        for each in found.obstacles
    ]
    room = column_width([one_line(where) for where, _ in rows])
    for where, reason in rows:
        yield wrap([f"{one_line(where):<{room}}", "  note:", *words(f" {reason}")], width, indent=6)
