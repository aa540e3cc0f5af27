"""What merging a branch changes, for a program to read; see `json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plan.review import Unreviewed
from .json import document, error_of

if TYPE_CHECKING:
    from ..plan.review import Review, Row


def review(found: Review) -> str:
    """A row an app, in the order of the settings."""
    return document(
        base=found.base,
        base_commit=found.base_commit,
        fork_commit=found.fork_commit,
        is_live_asked=found.is_asked,
        apps=[_row(row) for row in found.rows],
        notes=found.notes,
    )


def _row(row: Row) -> dict[str, object]:
    if isinstance(row, Unreviewed):
        failure = error_of(row.failure)
        return {"app": row.app, "lock": row.lock, "state": "unread", "error": failure}
    return {
        "app": row.app,
        "lock": row.lock,
        "state": row.state.value,
        "moved_from": row.moved_from,
        "other_key": row.key.value,
        "changes": [
            {
                "name": each.name,
                "kind": each.kind.name.lower(),
                "live": each.standing.name.lower() if each.standing else None,
                "renamed_from": each.renamed_from,
                "line": row.lines.get(each.name),
            }
            for each in row.effects
        ],
        "equal": row.equal,
        "remark": row.remark,
        "live_error": error_of(row.unread) if row.unread else None,
    }
