"""What the settings say about names."""

from collections.abc import Collection
from fnmatch import fnmatchcase
from typing import NamedTuple


class Policy(NamedTuple):
    """Patterns to leave alone, and names from elsewhere."""

    ignore: tuple[str, ...] = ()
    provided: frozenset[str] = frozenset()
    encrypted: tuple[str, ...] = ()
    """Patterns of vars that the app decrypts itself; without them ciphertext is no value."""

    def ignores(self, name: str) -> bool:
        # Asked of every name four times, and most settings have no pattern.
        return bool(self.ignore) and any(fnmatchcase(name, pattern) for pattern in self.ignore)

    def wanted(self, names: Collection[str], only: frozenset[str] | None = None) -> frozenset[str]:
        """What a plan would set where it is absent."""
        chosen = only.intersection(names) if only is not None else names
        return frozenset(name for name in chosen if not self.ignores(name))
