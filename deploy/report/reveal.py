"""The one place where a value is shown, if its name was chosen."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..secret import Secret


class Reveal(NamedTuple):
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

    def quote(self, name: str, value: Secret) -> str:
        """The same for a person: in quotes, on one line, so that blanks and controls are seen."""
        if not self.chooses(name):
            return str(value)
        # `##[` is what the runner of a CI job would obey.
        quoted = json.dumps(self.show(name, value), ensure_ascii=False).replace("##[", r"#\u0023[")
        return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)
