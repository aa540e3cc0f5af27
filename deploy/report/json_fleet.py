"""A plan for many apps, and how each ended, for a program to read: one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plan.fleet_outcome import tally
from .json import document, error_of, plan_of, result_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import DeployError
    from ..plan.fleet import Fleet, Planned
    from ..plan.fleet_outcome import Row
    from .reveal import Reveal


def fleet(
    found: Fleet,
    reveal: Reveal,
    *,
    rows: Sequence[Row] | None = None,
    needs: Sequence[str] | None = None,
    error: DeployError | None = None,
) -> str:
    """A part an app, as `config.diff` has it, and what holds for all of them.

    `rows` say how a sync ended; `needs` are the options with which a plan that was only shown is
    applied; `error` is why nothing was written, or what ended it.
    """
    more: dict[str, object] = {} if needs is None else {"needs": needs}
    more |= {"error": error_of(error)} if error else {}
    if rows is None:
        apps = [_planned(each, reveal) for each in found.planned]
    else:
        pairs = zip(found.planned, rows, strict=True)
        apps = [{**_planned(each, reveal), **_ended(row)} for each, row in pairs]
    return document(
        apps=apps,
        plan=found.digest,
        requests=found.requests,
        minutes=found.minutes,
        counts=_counts(found, rows),
        **more,
    )


def _planned(each: Planned, reveal: Reveal) -> dict[str, object]:
    if each.diff is None:
        error = error_of(each.failure) if each.failure else None
        return {"app": each.app, "state": "unread", "error": error}
    state = "differs" if each.differs else "in_sync"
    return {**plan_of(each.diff, reveal), "state": state}


def _ended(row: Row) -> dict[str, object]:
    found: dict[str, object] = {"state": row.state.value, "version": row.version}
    found |= {"result": result_of(row.done)} if row.done else {}
    found |= {"error": error_of(row.failure)} if row.failure else {}
    return found


def _counts(found: Fleet, rows: Sequence[Row] | None) -> dict[str, int]:
    if rows is not None:
        return {state.value: count for state, count in tally(rows).items()}
    differ, unread = len(found.differing), len(found.unread)
    return {
        "in_sync": len(found.planned) - differ - unread,
        "differs": differ,
        "unread": unread,
    }
