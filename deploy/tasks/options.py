"""The options of the tasks, checked by hand: Invoke gives `--app --dry` the app `--dry`."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BadOption
from ..heroku.facts import PHASE_MINUTES
from ..names import LIVE_NAME
from ..project.settings import NAME_PATTERN, RULES
from ..project.target import STDIN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMATS = ("text", "json")
ALL_FORMATS = ("text", "json", "github")


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
    wait: str | None = None
    expect: str | None = None
    release: str | None = None

    def check(self) -> None:
        """Raise BadOption for what needs no look at anything else; `target` checks app and file."""
        check_format(self.format, FORMATS)
        check_names("--only", self.only)
        check_reveal(self.reveal)
        minutes(self.wait, no_wait=self.no_wait)
        if self.expect is not None and not re.fullmatch(r"[0-9a-f]{32}", self.expect):
            raise BadOption(
                "--expect holds no plan's digest",
                next_step="config.diff ends with it: 32 hex digits",
            )
        if self.release is not None and self.prune:
            raise BadOption(
                "--prune goes with an env file, not with --release", next_step="leave one out"
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
        check_format(self.format, ALL_FORMATS)
        if self.lock and self.file == STDIN:
            raise BadOption(
                "--lock and --file - are two things to compare with", next_step="leave one out"
            )


class LockOptions(NamedTuple):
    """The options of config.lock."""

    file: str | None
    check: bool
    yes: bool


class RollbackOptions(NamedTuple):
    """The options of config.rollback."""

    app: str | None
    to: str | None
    only: list[str]
    restore: list[str]
    confirm: str | None
    force: bool
    dry_run: bool
    reveal: list[str]
    no_wait: bool
    wait: str | None
    format: str

    def check(self) -> None:
        """Raise BadOption for what needs no look at anything else."""
        check_format(self.format, FORMATS)
        check_names("--only", self.only)
        check_names("--restore", self.restore)
        check_reveal(self.reveal)
        minutes(self.wait, no_wait=self.no_wait)


class HistoryOptions(NamedTuple):
    """The options of config.history."""

    app: str | None
    name: list[str]
    limit: str
    format: str

    def check(self) -> None:
        """Raise BadOption for what needs no look at anything else."""
        check_format(self.format, FORMATS)
        check_names("--name", self.name)
        if not re.fullmatch(r"[1-9][0-9]{0,3}", self.limit):
            raise BadOption("--limit is no number from 1 to 9999", next_step="leave it out for 20")


class CompareOptions(NamedTuple):
    """The options of config.compare."""

    app: str | None
    with_: str | None
    reveal: list[str]
    format: str

    def check(self) -> None:
        """Raise BadOption for what needs no look at anything else."""
        check_format(self.format, FORMATS)
        check_reveal(self.reveal)


class CheckOptions(NamedTuple):
    """The options of config.check."""

    file: list[str]
    only: list[str]
    skip: list[str]
    format: str

    def check(self) -> None:
        """Raise BadOption for a format or a rule that there is none of."""
        check_format(self.format, ALL_FORMATS)
        for option, names in (("--only", self.only), ("--skip", self.skip)):
            if not set(names) <= set(RULES):
                raise BadOption(
                    f"{option} names no rule", next_step=f"the rules are {', '.join(RULES)}"
                )


class PullOptions(NamedTuple):
    """The options of config.pull."""

    app: str | None
    file: str | None
    prune: bool
    owned: bool
    confirm: str | None
    yes: bool
    dry_run: bool


def version(text: str, option: str) -> int:
    """The release that was named, `v41` or `41`; raises BadOption."""
    match = re.fullmatch(r"v?([1-9][0-9]{0,8})", text)
    if match is None:
        raise BadOption(f"{option} names no release", next_step="name it as Heroku does: v41")
    return int(match[1])


def minutes(wait: str | None, *, no_wait: bool) -> int:
    """How long a release phase is waited for, 0 for not at all; raises BadOption."""
    if wait is None:
        return 0 if no_wait else PHASE_MINUTES
    if no_wait:
        raise BadOption("--wait and --no-wait are opposites", next_step="leave one out")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", wait):
        raise BadOption(
            "--wait is no number of minutes from 1 to 9999",
            next_step=f"leave it out for {PHASE_MINUTES}, or say --no-wait for none",
        )
    return int(wait)


def check_names(option: str, names: Sequence[str]) -> None:
    if not all(LIVE_NAME.fullmatch(name) for name in names):
        raise BadOption(
            f"{option} holds what is not the name of a var",
            next_step="name one var; repeat the option for more",
        )


def check_reveal(patterns: Sequence[str]) -> None:
    if not all(NAME_PATTERN.fullmatch(pattern) for pattern in patterns):
        raise BadOption(
            "--reveal holds what is not the name of a var, nor a pattern of names",
            next_step="use letters, digits, underscores, dots, * and ?",
        )


def check_shown(argv: Sequence[str]) -> None:
    """Raise BadOption for a flag of Invoke's own that only shows something, behind a task.

    Invoke obeys --list and --help there; --version and --print-completion-script it forgets, and
    runs the task (`Program.parse_core` looks for them before the tasks are parsed). Before a task
    they end the program, so where we are, they stand behind one.
    """
    for word in itertools.takewhile(lambda word: word != "--", argv[1:]):
        flag, _, _ = word.partition("=")
        if flag in ("--version", "--print-completion-script") or re.fullmatch(
            "-[A-Za-z]*V[A-Za-z]*", word
        ):
            raise BadOption(
                f"{flag} behind a task shows nothing; nothing was done",
                next_step="leave it out, or put it before the task: then it alone is obeyed",
            )


def check_lists(given: Mapping[str, object], argv: Sequence[str]) -> None:
    """Raise BadOption for an option that may be repeated and got no value.

    Invoke takes it for one that is not there: `--only --yes` would apply the whole plan.
    """
    lists = {f"--{name}" for name, value in given.items() if isinstance(value, list)}
    lists |= {"-a"} if "--app" in lists else set()
    for word, after in zip(argv, (*argv[1:], "--"), strict=True):
        if word in lists and after.startswith("-") and after != STDIN:
            raise BadOption(f"{word} got no value", next_step="give it one, or leave it out")


def check_format(name: str, formats: Sequence[str]) -> None:
    if name not in formats:
        known = ", ".join(formats)
        raise BadOption(f"--format is none of {known}", next_step="leave it out for text")
