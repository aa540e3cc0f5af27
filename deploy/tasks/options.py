"""The options of the tasks, checked by hand: Invoke gives `--app --dry` the app `--dry`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from deploy.errors import BadOption
from deploy.settings import NAME_PATTERN
from deploy.target import STDIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMATS = ("text", "json")
DRIFT_FORMATS = ("text", "json", "github")


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
        check_format(self.format, FORMATS)
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


class DriftOptions(NamedTuple):
    """The options of config.drift."""

    app: list[str]
    file: str | None
    lock: bool
    no_blame: bool
    format: str

    def check(self) -> None:
        """Raise BadOption for what cannot be meant together."""
        check_format(self.format, DRIFT_FORMATS)
        if self.lock and self.file == STDIN:
            raise BadOption(
                "--lock and --file - are two things to compare with", next_step="leave one out"
            )


class LockOptions(NamedTuple):
    """The options of config.lock."""

    file: str | None
    check: bool
    yes: bool


def check_lists(given: Mapping[str, object], argv: Sequence[str]) -> None:
    """Raise BadOption for an option that may be repeated and got no value.

    Invoke takes it for one that is not there: `--only --yes` would apply the whole plan.
    """
    lists = {f"--{name}" for name, value in given.items() if isinstance(value, list)}
    for word, after in zip(argv, (*argv[1:], "-"), strict=True):
        if word in lists and after.startswith("-"):
            raise BadOption(f"{word} got no value", next_step="give it one, or leave it out")


def check_format(name: str, formats: Sequence[str]) -> None:
    if name not in formats:
        known = ", ".join(formats)
        raise BadOption(f"--format is none of {known}", next_step="leave it out for text")
