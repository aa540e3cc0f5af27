"""What merging a branch changes, as workflow commands at the lines of the locks; see `github`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import shown
from ..plan.review import Kind, Standing, State, Unreviewed
from . import review_words
from .github import command
from .layout import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..plan.review import Effect, Review, Reviewed, Row

_WARNED = (State.LOCK_REMOVED, State.APP_REMOVED)


def review(found: Review) -> str:
    """A notice for each change; a warning for what somebody should look at before merging."""
    lines = [command("warning", "config.review", note) for note in found.notes]
    for row in found.rows:
        lines += _row(row, found.base)
    lines.append(one_line(review_words.verdict(found)))
    if found.changing and not found.is_asked:
        lines.append(review_words.NOT_ASKED)
    return "\n".join(lines)


def _row(row: Row, base: str) -> Iterator[str]:
    if isinstance(row, Unreviewed):
        step = f"; {row.failure.next_step}" if row.failure.next_step else ""
        yield command("error", row.shown, f"cannot be told: {row.failure}{step}")
        return
    if row.is_changing or row.moved_from:
        level = "warning" if row.state in _WARNED else "notice"
        yield command(level, row.shown, review_words.head(row), **_place(row, None))
    for remark in review_words.remarks(row, base):
        level = "error" if row.unread else "warning"
        yield command(level, row.shown, remark, **_place(row, None))
    for each in row.told:
        is_odd = each.kind is Kind.CONFLICT or each.standing is Standing.DRIFT
        live = review_words.live(each)
        text = f"{shown(each.name)} {review_words.what(each)}{': ' if live else ''}{live}"
        yield command("warning" if is_odd else "notice", row.shown, text, **_place(row, each))


def _place(row: Reviewed, effect: Effect | None) -> dict[str, str]:
    """The line of a name in the lock; of one that is gone, the lock."""
    if not row.lines:
        return {}
    line = row.lines.get(effect.name) if effect else None
    return {"file": row.path, **({"line": str(line)} if line else {})}
