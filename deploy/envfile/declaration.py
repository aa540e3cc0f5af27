"""What is declared for an app: one text, or several layers, of which a later one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import DeployError
from .parser import EnvFile, above_the_limit
from .swallowed import check_swallowed
from .warnings import TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from ..errors import Complaint
    from ..secret import Secret
    from .parser import Entry
    from .swallowed import Suspect


class BadLayers(DeployError):
    """Several layers of a declaration cannot be taken; each line names the one it is about."""

    def __init__(self, errors: Sequence[DeployError]) -> None:
        super().__init__("\n".join(map(str, errors)), next_step=errors[0].next_step)


class Layer(NamedTuple):
    """One text of a declaration, and what messages call it."""

    source: str
    parsed: EnvFile


class Place(NamedTuple):
    """Where a name is declared, with which value."""

    source: str
    entry: Entry


class Declaration(NamedTuple):
    """The layers of an app, in the order in which they are read: the last one is at the top."""

    layers: tuple[Layer, ...]

    @classmethod
    def of(cls, parsed: EnvFile, source: str) -> Declaration:
        return cls((Layer(source, parsed),))

    @property
    def source(self) -> str:
        """What messages call all of it."""
        return joined(layer.source for layer in self.layers)

    @property
    def vars(self) -> dict[str, Secret]:
        """What counts of each name: that of the topmost layer that declares it."""
        return {name: value for layer in self.layers for name, value in layer.parsed.vars.items()}

    @property
    def suspects(self) -> tuple[Suspect, ...]:
        return tuple(suspect for layer in self.layers for suspect in layer.parsed.suspects)

    def places(self, name: str) -> list[Place]:
        """Where a name is declared: first where it counts, then what that hides, from the top."""
        return [
            Place(layer.source, entry)
            for layer in reversed(self.layers)
            for entry in layer.parsed.entries
            if entry.name == name
        ]

    def warnings_about(self, names: Collection[str]) -> dict[str, tuple[Complaint, ...]]:
        """The warnings about these entries, by the layer that they are about.

        What a layer above hides is sent nowhere, and not warned of.
        """
        found = {}
        hidden: set[str] = set()
        for layer in reversed(self.layers):
            about = layer.parsed.warnings_about(set(names) - hidden)
            found[layer.source] = about
            hidden |= layer.parsed.vars.keys()
        if len(self.layers) > 1 and names and not any(map(_says_too_large, found.values())):
            counted = [self.places(name)[0].entry for name in self.vars]
            found[self.source] = tuple(above_the_limit(counted))
        return {source: found[source] for source in reversed(found) if found[source]}

    def check_swallowed(
        self, live: Collection[str], examples: Callable[[], frozenset[str]]
    ) -> None:
        """Raise SwallowedNames for what a value of a layer swallowed and none declares."""
        if self.suspects:
            declared = self.vars
            for source, parsed in self.layers:
                check_swallowed(parsed.suspects, declared, live, examples, source)


def joined(sources: Iterable[str]) -> str:
    """What messages call several texts together."""
    return " + ".join(sources)


def _says_too_large(warnings: Collection[Complaint]) -> bool:
    return any(warning.reason == TOO_LARGE for warning in warnings)
