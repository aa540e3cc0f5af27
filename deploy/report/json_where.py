"""Where a value stands, for a program to read; see `json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .json import document, error_of

if TYPE_CHECKING:
    from ..plan.whereabouts import Spot, Whereabouts


def where(found: Whereabouts) -> str:
    """A list of spots for each value; no value is in it."""
    return document(
        name=found.name,
        is_found=found.is_found,
        values=[[_spot(spot) for spot in spots] for spots in found.values],
        files_searched=found.texts,
        apps_searched=found.apps,
        unreadable=found.hidden,
        unread=[{"name": name, "error": error_of(failure)} for name, failure in found.unread],
    )


def _spot(spot: Spot) -> dict[str, object]:
    var = spot.var
    place = {"app": var.where} if var.is_live else {"file": var.where, "line": var.line or None}
    apps = {} if var.is_live else {"apps": var.apps}
    return {**place, **apps, "name": var.name, "relation": spot.shared.name.lower()}
