"""What comes next for whoever adopts this: pull, check, lock, sync, commit, and a nightly job.

Said at a terminal alone, as the last line, and no more once the step was taken.
"""

from __future__ import annotations

import os
from shlex import quote
from typing import TYPE_CHECKING

from ..errors import DeployError
from ..project import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ..stories.env_files import File
    from .terminal import Terminal

SYNC = "invoke config.sync, which takes CONFIG_LOCK_KEY to the app"
LOCK = "invoke config.lock: with its lock, a job in CI finds drift without the secrets"
JOB = "a nightly config.drift in CI; the manual has it for GitHub, GitLab and cron"


def tell(terminal: Terminal, step: str | None) -> None:
    """Say it, if there is one, and a person to read it."""
    if step and terminal.can_ask:
        terminal.note(f"Next: {step}")


def after_pull(lock: Path | None) -> str | None:
    return None if lock and files.is_there(lock) else "invoke config.check"


def after_check(found: Sequence[File]) -> str | None:
    """Where nothing was found, and what is declared has no lock."""
    declared = [each for each in found if each.is_declared]
    has_lock = any(each.lock and files.is_there(each.lock) for each in declared)
    is_there = any(each.program or (each.path and files.is_there(each.path)) for each in declared)
    return LOCK if is_there and not has_lock else None


def after_sync(lock: Path | None, root: Path) -> str | None:
    """Where the lock was renewed already, if there is one."""
    if lock is None:
        return None
    if not files.is_there(lock):
        return LOCK
    if not _is_tracked(lock):
        return f"git add {quote(os.path.relpath(lock))}, and commit it"
    return None if any(map(_asks_for_drift, _jobs(root))) else JOB


def _is_tracked(path: Path) -> bool:
    """Whether a commit has it, or could; outside a checkout there is none to make."""
    found = files.checkout(path.parent)
    if not found:
        return True
    from ..project import git  # noqa: PLC0415  # needed in a checkout alone

    try:
        return bool(git.Checkout(*found).ask("ls-files", name=path.name))
    except DeployError:
        return True


def _jobs(root: Path) -> Iterator[Path]:
    """The files that tell CI what to do, here and at the top of the checkout."""
    found = files.checkout(root)
    for folder in dict.fromkeys([root, *([found[0]] if found else [])]):
        workflows = folder / ".github" / "workflows"
        yield from (path for end in ("yml", "yaml") for path in sorted(workflows.glob(f"*.{end}")))
        yield from (folder / ".gitlab-ci.yml", folder / ".circleci" / "config.yml")


def _asks_for_drift(path: Path) -> bool:
    try:
        return b"config.drift" in files.read_regular(path, shown=path.name)
    except DeployError:
        return False
