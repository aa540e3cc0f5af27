"""The one place where a value is shown, if its name was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..secret import Secret


@dataclass(frozen=True, slots=True)
class Reveal:
    """Which names were chosen to be shown, by `--reveal` and the settings."""

    patterns: tuple[str, ...] = ()
    exact_only: bool = False
    """Set in CI, whose logs are widely read: a pattern could match more than was thought of."""

    def chooses(self, name: str) -> bool:
        if self.exact_only:
            return name in self.patterns
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)

    def show(self, name: str, value: Secret) -> str:
        """The value itself where its name was chosen, otherwise a mask."""
        return value.reveal() if self.chooses(name) else str(value)
