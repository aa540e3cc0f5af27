"""What drifted: live vars held against what was declared, by an env file or a lock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ..names import LOCK_KEY
from .plan import manageable

if TYPE_CHECKING:
    from ..envfile.lock import Lock
    from ..errors import DeployError
    from ..heroku.facts import LiveVars
    from ..project.policy import Policy
    from ..secret import Hint, Secret
    from .blame import Origin


class Kind(Enum):
    """How a var drifted.

    The value is its mark in a report, as in a plan: what applying the declaration would do.
    """

    CHANGED = "~"
    MISSING = "+"
    UNMANAGED = "-"


class Drifted(NamedTuple):
    """One var that is not as it was declared, and where its live state comes from.

    `origin` is None where nobody asked. What `is_spared` is unmanaged, and no prune takes it.
    """

    name: str
    kind: Kind
    hint: Hint | None = None
    origin: Origin | None = None
    is_spared: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """One app that was checked."""

    app: str
    source: str
    """What messages call the env file or the lock."""
    is_lock: bool
    drifted: tuple[Drifted, ...]
    equal: int
    owned: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    """On Heroku, in a form that cannot be compared: neither drift nor equal."""
    named: str | None = None
    """What `--file` held; None where the app's declared file was meant."""
    declared_in: str = ""
    """What messages call what is locked, where that was compared with."""

    def count(self, kind: Kind) -> int:
        return sum(each.kind is kind for each in self.drifted)


class Unchecked(NamedTuple):
    """One app that could not be checked, and why."""

    app: str
    failure: DeployError


Row = Drift | Unchecked


class Differences(NamedTuple):
    """Live vars held against a lock."""

    changed: tuple[str, ...]
    missing: tuple[str, ...]
    unmanaged: tuple[str, ...]
    equal: int
    owned: tuple[str, ...]
    ignored: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


def compare_lock(locked: Lock, live: LiveVars, key: Secret, policy: Policy) -> Differences:
    """What drifted from a lock; owned and ignored names are left out, as in a plan."""
    names = locked.digests.keys()
    declared = {*names, *policy.provided, LOCK_KEY}
    watched = manageable(names, live, policy)
    present = watched & live.vars.keys()
    changed = {name for name in present if not locked.matches(name, live.vars[name], key)}
    unread = manageable(live.unreadable - (declared - watched), live, policy)
    return Differences(
        changed=tuple(sorted(changed)),
        missing=tuple(sorted(watched - present - unread)),
        unmanaged=tuple(sorted(manageable(live.vars.keys() - declared, live, policy))),
        equal=len(present - changed),
        owned=tuple(sorted(filter(live.ownership.owns, names))),
        ignored=tuple(sorted(filter(policy.ignores, live.names.union(names)))),
        unreadable=tuple(sorted(unread)),
    )
