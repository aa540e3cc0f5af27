"""What ties a review to a plan: a digest of everything that the plan follows from.

Whoever approves the digest approves that plan and no other; if the declaration, the app's vars or
the options are others when it is to be applied, so is the digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import LOCK_KEY
from ..secret import Secret
from .plan import manageable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..heroku.facts import LiveVars
    from ..project.policy import Policy
    from .plan import Plan

_VERSION = "config-plan/1"


def digest(
    plan: Plan,
    *,
    app_id: str,
    declared: Mapping[str, Secret],
    live: LiveVars,
    policy: Policy,
    prune: bool,
    only: frozenset[str] | None,
) -> str:
    """32 hex digits, keyed by the declaration's own CONFIG_LOCK_KEY where it has a good one.

    Values of owned vars are left out, since they rotate by themselves; their names are not. The
    app counts by its id: a name can pass to another app.
    """
    unreadable = manageable(live.unreadable, live, policy)
    document: dict[str, object] = {
        "version": _VERSION,
        "app": app_id,
        "options": {"prune": prune, "only": None if only is None else sorted(only)},
        "changes": [[change.action.value, change.name] for change in plan.changes],
        "declared": dict(declared),
        "live": {name: live.vars[name] for name in manageable(live.vars, live, policy)},
        "owned": sorted(filter(live.ownership.owns, live.names.union(declared))),
    }
    if unreadable:
        document["unreadable"] = sorted(unreadable)
    key = declared.get(LOCK_KEY)
    return Secret.digest_of(document, key if key and key.is_lock_key else None)[:32]
