"""The options of the tasks, checked by hand: Invoke gives `--app --dry` the app `--dry`."""

from __future__ import annotations

import re
from typing import NamedTuple

from deploy.errors import BadOption
from deploy.settings import NAME_PATTERN

FORMATS = ("text", "json")


class Options(NamedTuple):
    """The options of diff and sync together; a task that lacks one leaves its default."""

    app: str | None
    file: str | None
    only: list[str]
    prune: bool
    reveal: list[str]
    format: str
    exit_code: bool = False
    confirm: str | None = None
    yes: bool = False
    force: bool = False
    dry_run: bool = False
    no_wait: bool = False

    def check(self) -> None:
        """Raise BadOption for what needs no look at anything else; `target` checks app and file."""
        if self.format not in FORMATS:
            raise BadOption("--format is neither text nor json", next_step="leave it out for text")
        if not all(re.fullmatch(r"\w+", name) for name in self.only):
            raise BadOption(
                "--only holds what is not the name of a var",
                next_step="name one var; repeat the option for more",
            )
        if not all(NAME_PATTERN.fullmatch(pattern) for pattern in self.reveal):
            raise BadOption(
                "--reveal holds what is not the name of a var, nor a pattern of names",
                next_step="use letters, digits, underscores, * and ?",
            )
