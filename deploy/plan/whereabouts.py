"""Where a value stands: in which declared texts, and on which apps; what to know to rotate it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..secret.shared import Shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..errors import DeployError
    from ..secret import Secret


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
    values: list[Secret] = []
    for var in known:
        if var.name == name and not var.value.is_empty and var.value not in values:
            values.append(var.value)
    return tuple(of_value(value, known) for value in values)


def of_value(value: Secret, known: Iterable[Var]) -> tuple[Spot, ...]:
    """The vars that have something in common with a value, those that are the same first."""
    is_like: Callable[[Secret], Shared | None] = value.sought()
    found = [Spot(var, shared) for var in known if (shared := is_like(var.value))]
    return tuple(sorted(found, key=lambda spot: _ORDER.index(spot.shared)))


_ORDER = list(Shared)
