"""Drift for a program to read; see `json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plan.blame import Before, Brought, Never, Unknown
from ..plan.drift import Unchecked
from .json import document, error_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import DeployError
    from ..plan.blame import Origin
    from ..plan.drift import Row


def drift(rows: Sequence[Row], stopped: DeployError | None = None) -> str:
    """A row an app, in the order of the settings; `stopped` where not all were checked."""
    error = {"error": error_of(stopped)} if stopped else {}
    return document(apps=[_row(row) for row in rows], **error)


def _row(row: Row) -> dict[str, object]:
    if isinstance(row, Unchecked):
        return {"app": row.app, "state": "unchecked", "error": error_of(row.failure)}
    return {
        "app": row.app,
        "state": "drifted" if row.drifted else "in_sync",
        "compared_with": {"kind": "lock" if row.is_lock else "file", "name": row.source},
        "drifted": [
            {
                "name": each.name,
                "kind": each.kind.name.lower(),
                "hint": each.hint.value if each.hint else None,
                "origin": _origin(each.origin),
            }
            for each in row.drifted
        ],
        "equal": row.equal,
        "owned": row.owned,
        "ignored": row.ignored,
        "unreadable": row.unreadable,
    }


def _origin(origin: Origin | None) -> dict[str, object] | None:
    match origin:
        case None:
            return None
        case Brought(release):
            return {
                "kind": "release",
                "version": release.version,
                "created_at": release.created_at,
                "user": release.user,
            }
        case Before(version):
            return {"kind": "before", "version": version}
        case Never() | Unknown():
            return {"kind": type(origin).__name__.lower()}
