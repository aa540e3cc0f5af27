"""The options of the tasks, checked by hand: Invoke gives `--app --dry` the app `--dry`.

Here is what needs no look at anything else; `project.target` checks the app and the file.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BadOption
from ..heroku.facts import PHASE_MINUTES
from ..names import LIVE_NAME, is_stage
from ..project.settings import NAME_PATTERN
from ..project.target import STDIN, checked_app

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..errors import DeployError
    from ..plan.consent import Asked


class How(NamedTuple):
    """How an app, or many, are written to: the options of `config.sync`, checked."""

    asked: Asked
    only: Sequence[str] | None
    prune: bool
    reveal: Sequence[str] | None
    confirm: Sequence[str]
    expect: str | None
    first: str | None
    keep_going: bool
    is_dry: bool
    wait: int
    is_json: bool

    def skips(self, refused: Sequence[tuple[str, DeployError]]) -> bool:
        """Whether the others are written to; a plan that was reviewed is applied whole."""
        is_first = self.first in {app for app, _ in refused}
        return self.keep_going and self.expect is None and not is_first


def check_format(name: str, *more: str) -> None:
    """Every task with this option has text and json; `more` are a task's other formats."""
    formats = ("text", "json", *more)
    if name not in formats:
        known = ", ".join(formats)
        raise BadOption(f"--format is none of {known}", next_step="leave it out for text")


def targets(
    app: str | Sequence[str] | None, pipeline: str | None = None, stage: str | None = None
) -> list[str]:
    """The apps that were named, or the stage; raises BadOption for both, or half of a stage."""
    apps = [app] if isinstance(app, str) else [*(app or ())]
    if pipeline is None and stage is None:
        if names := [name for name in apps if is_stage(name)]:
            checked_app(names[0], "--app")
        return apps
    if apps:
        reason = "--app and --pipeline are two answers to one question"
        raise BadOption(reason, next_step="leave one out")
    from ..project.stage import target_of  # noqa: PLC0415  # most are apps

    return [target_of(pipeline, stage)]


def check_has_releases(pipeline: str | None, stage: str | None, what: str) -> None:
    """Raise BadOption where a stage is named; `what` is that of which it has none."""
    if pipeline is not None or stage is not None:
        raise BadOption(
            f"a pipeline's stage has no releases, and so {what}",
            next_step="name an app; config.diff and config.drift show how a stage differs",
        )


def check_plan(format_: str, only: Sequence[str] | None, reveal: Sequence[str] | None) -> None:
    """What every task that plans for an app takes."""
    check_format(format_)
    check_names("--only", only)
    check_reveal(reveal)


def check_names(option: str, names: Sequence[str] | None) -> None:
    if not all(LIVE_NAME.fullmatch(name) for name in names or ()):
        raise BadOption(
            f"{option} holds what is not the name of a var",
            next_step="name one var; repeat the option for more",
        )


def check_reveal(patterns: Sequence[str] | None) -> None:
    if not all(NAME_PATTERN.fullmatch(pattern) for pattern in patterns or ()):
        raise BadOption(
            "--reveal holds what is not the name of a var, nor a pattern of names",
            next_step="use letters, digits, underscores, dots, * and ?",
        )


def check_rules(option: str, names: Sequence[str] | None, rules: Collection[str]) -> None:
    if not set(names or ()) <= set(rules):
        raise BadOption(f"{option} names no rule", next_step=f"the rules are {', '.join(rules)}")


def check_expect(digest: str | None) -> None:
    if digest is not None and not re.fullmatch(r"[0-9a-f]{32}", digest):
        raise BadOption(
            "--expect holds no plan's digest",
            next_step="config.diff ends with it: 32 hex digits",
        )


def release_count(limit: str) -> int:
    """How many releases are shown; raises BadOption."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}", limit):
        raise BadOption("--limit is no number from 1 to 9999", next_step="leave it out for 20")
    return int(limit)


def version(text: str | None, option: str) -> int:
    """The release that was named, `v41` or `41`; raises BadOption."""
    if text is None:
        step = f"name it with {option} v41; config.history lists them"
        raise BadOption("no release is named", next_step=step)
    match = re.fullmatch(r"v?([1-9][0-9]{0,8})", text)
    if match is None:
        raise BadOption(f"{option} names no release", next_step="name it as Heroku does: v41")
    return int(match[1])


def check_with_release(release: str | None, *, prune: bool, explain: bool) -> int | None:
    """The release to compare with, if one is named; raises BadOption, also beside these two."""
    if release is None:
        return None
    for option, is_given in (("--prune", prune), ("--explain", explain)):
        if is_given:
            reason = f"{option} goes with an env file, not with --release"
            raise BadOption(reason, next_step="leave one out")
    return version(release, "--release")


def minutes(wait: str | None, *, no_wait: bool, first: str | None = None) -> int:
    """How long a release phase is waited for, 0 for not at all; raises BadOption."""
    if no_wait and first is not None:
        step = "leave one out: what nobody waits for is not verified"
        raise BadOption("--first and --no-wait are opposites", next_step=step)
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


# What Invoke's own parser takes in another way than it was meant.


def check_invoke_flags(argv: Sequence[str]) -> None:
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


def check_repeated(given: Mapping[str, object], argv: Sequence[str]) -> None:
    """Raise BadOption for an option that may be repeated and got no value.

    Invoke takes it for one that is not there: `--only --yes` would apply the whole plan.
    """
    lists = {f"--{name}" for name, value in given.items() if isinstance(value, list)}
    lists |= {"-a"} if "--app" in lists else set()
    for word, after in zip(argv, (*argv[1:], "--"), strict=True):
        if word in lists and after.startswith("-") and after != STDIN:
            raise BadOption(f"{word} got no value", next_step="give it one, or leave it out")
