"""Where a value stands: in which declared texts, and on which apps; what to know to rotate it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..secret import Secret
from ..secret.shared import Shared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import DeployError
    from ..secret.shared import Common


class Var(NamedTuple):
    """A name and its value, as a text declares it, or as an app has it."""

    where: str
    """The app, or what messages call the text."""
    name: str
    value: Secret
    line: int = 0
    apps: tuple[str, ...] = ()
    """Those that a text is a layer of; of an app, none."""
    is_live: bool = False


class Spot(NamedTuple):
    """A var that has something in common with the value that is looked for."""

    var: Var
    shared: Shared


class Whereabouts(NamedTuple):
    """Where each value of a name stands, or the one that somebody has; and what was not read."""

    name: str | None
    """None where the value was given."""
    values: tuple[tuple[Spot, ...], ...]
    """A value has at least one spot, unless it was given."""
    texts: int
    """How many were looked through."""
    apps: int
    unread: tuple[tuple[str, DeployError], ...] = ()
    """Texts and apps, and why."""
    hidden: tuple[str, ...] = ()
    """Apps that have the name, and do not show its value."""

    @property
    def is_found(self) -> bool:
        return any(self.values)


def of_name(name: str, known: Sequence[Var]) -> tuple[tuple[Spot, ...], ...]:
    """The spots of each value that a name has anywhere, in the order in which they are met.

    An empty value is none that could be looked for.
    """
    common = Secret.in_common(var.value for var in known)
    numbered = zip(known, common.numbers, strict=True)
    wanted = [each for var, each in numbered if var.name == name and not var.value.is_empty]
    return tuple(_spots(known, common, number) for number in dict.fromkeys(wanted))


def of_value(value: Secret, known: Sequence[Var]) -> tuple[Spot, ...]:
    """The vars that have something in common with a value, those that are the same first."""
    common = Secret.in_common([*(var.value for var in known), value])
    return _spots(known, common, common.numbers[-1])


def _spots(known: Sequence[Var], common: Common, number: int) -> tuple[Spot, ...]:
    shared = common.with_(number)
    found = [
        Spot(var, like)
        for var, each in zip(known, common.numbers, strict=False)
        if (like := shared[each])
    ]
    return tuple(sorted(found, key=lambda spot: _ORDER.index(spot.shared)))


_ORDER = list(Shared)
