"""The working tree as a value: what the checks look at, read once by somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..envfile.lock import Lock
from ..envfile.parser import Entry, EnvFile
from ..errors import BadLock, Complaint
from ..secret import Secret
from .code.needs import Need, Obstacle
from .code.python import Reading


class Tracking(NamedTuple):
    """What git says of an env file; `commit` is the newest one that has to do with it."""

    is_ignored: bool
    is_tracked: bool
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class Env:
    """An env file, or the place where a declared one is not.

    `path` is as people name it, and relative to the folder of `tasks.py` where it lies below.
    """

    path: str
    parsed: EnvFile | None = None
    """None where it is not there, or does not parse."""
    complaints: tuple[Complaint, ...] = ()
    """Why it does not parse."""
    legible: tuple[Entry, ...] = ()
    """What can be read of it all the same."""
    is_there: bool = True
    is_declared: bool = True
    """Says what an app should have; `.env`, which development reads, does not."""
    mode: int | None = None
    """The permission bits."""
    tracking: Tracking | None = None
    """None outside a checkout."""
    special_kind: str | None = None
    """What stands there in place of a file, and was not read."""
    linked: tuple[str, Tracking] | None = None
    """Of a link into a checkout: its target, relative to the link, and what git says of that."""
    locked: Lock | BadLock | None = None
    """Of the topmost layer of a declaration: it is that of all of them."""
    lock_path: str = ""
    other_locks: tuple[tuple[int, str, Lock | BadLock | None], ...] = ()
    """Those of further declarations that end in this text: which one it is, its path, the lock."""
    layer_of: tuple[tuple[int, int], ...] = ()
    """Of which declarations this is a layer, and how far up in each; none where it is all of it."""
    is_of_stage: bool = False
    """The topmost layer of a stage of a pipeline, and of no app: there the apps have other vars."""
    obstacle: str = ""
    """Why what a program prints is not to be had."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.parsed.entries if self.parsed else ()

    @property
    def searched(self) -> tuple[Entry, ...]:
        """Whose values are looked for."""
        return self.entries or self.legible

    @property
    def vars(self) -> dict[str, Secret]:
        return self.parsed.vars if self.parsed else {}

    @property
    def locks(self) -> tuple[Lock, ...]:
        found = (self.locked, *(lock for _, _, lock in self.other_locks))
        return tuple(lock for lock in found if isinstance(lock, Lock))

    def lock_of(self, number: int) -> tuple[str, Lock | BadLock | None]:
        """Of a declaration that ends in this text: what messages call its lock, and the lock."""
        others = {other: (path, lock) for other, path, lock in self.other_locks}
        return others.get(number, (self.lock_path, self.locked))


@dataclass(frozen=True, slots=True)
class Project:
    """What the rules judge; `envs` has the declared files first, and `.env` last."""

    envs: tuple[Env, ...]
    example: EnvFile | None = None
    """`.env.example`, where there is one that parses."""
    legible: tuple[Entry, ...] = ()
    """What can be read of one that does not."""
    readings: Mapping[str, Reading] = field(default_factory=dict)
    """What each Python file reads of the environment."""
    needs: tuple[Need | Obstacle, ...] = ()
    """What other languages and `app.json` require."""
    mentioned: frozenset[str] = frozenset()
    """The declared names that some file mentions, but for env files, examples and locks."""
    provided: frozenset[str] = frozenset()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """What the example shows to everybody."""
        return self.example.entries if self.example else self.legible

    @property
    def declared(self) -> tuple[Env, ...]:
        return tuple(env for env in self.envs if env.is_declared)

    @property
    def declarations(self) -> list[tuple[Env, ...]]:
        """The layers of each, the topmost last; an env file that is no layer is all of one."""
        return [*self.numbered.values()]

    @property
    def numbered(self) -> dict[int, tuple[Env, ...]]:
        """The same, by the numbers that `layer_of` has."""
        found: dict[int, dict[int, Env]] = {}
        for place, env in enumerate(self.declared, start=1):
            for number, height in env.layer_of or ((-place, 0),):
                found.setdefault(number, {})[height] = env
        return {
            number: tuple(layers[height] for height in sorted(layers))
            for number, layers in found.items()
        }

    @property
    def hidden(self) -> list[set[str]]:
        """Of each declared file the names that a layer above has too, wherever it is a layer."""
        found: dict[int, set[str]] = {}
        for layers in self.declarations:
            above: set[str] = set()
            for env in reversed(layers):
                found[id(env)] = above & found.get(id(env), above)
                above |= env.vars.keys()
        return [found.get(id(env), set()) for env in self.declared]
