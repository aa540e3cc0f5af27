"""Asks git, so that nobody's configuration, environment or file names change the answer."""

from __future__ import annotations

import os
import re
import subprocess
from shlex import quote
from typing import TYPE_CHECKING

from deploy.errors import DeployError

if TYPE_CHECKING:
    from pathlib import Path

TIMEOUT = 120.0
"""Seconds for one question to git."""
_PLAINLY = [
    word
    for setting in (
        "core.quotePath=false",
        "grep.fullName=false",
        "log.showSignature=false",
        "submodule.recurse=false",
    )
    for word in ("-c", setting)
]
"""Nobody's own configuration changes what git answers."""


class CannotSearch(DeployError):
    """Git is needed, and does not answer; its own words are not shown, they may hold anything."""

    def __init__(self, reason: str, *, next_step: str) -> None:
        super().__init__(f"{reason}, so nothing can be said of the files", next_step=next_step)
        self.reason = reason


def ask(
    folder: Path,
    *words: str,
    given: bytes = b"",
    allowed: tuple[int, ...] = (0,),
    is_literal: bool = False,
) -> bytes:
    """What git answers; raises CannotSearch, without git's own words.

    Git sets variables for the hooks of a commit, which would make it look at another folder or
    read a name as a pattern; those that a person sets to find a checkout at all are kept.
    """
    kept = ("GIT_CEILING_DIRECTORIES", "GIT_CONFIG", "GIT_DISCOVERY", "GIT_EXEC_PATH")
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(kept)
    }
    env |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    env |= {"GIT_LITERAL_PATHSPECS": "1"} if is_literal else {}
    command = ["git", *_PLAINLY, *words]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command, found like any other on PATH
            command,
            cwd=folder,
            env=env,
            input=given,
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        # Not `from error`: it holds what was given.
        if isinstance(error, FileNotFoundError) and error.filename == "git":
            step = "install git, or put it on PATH"
            raise CannotSearch("there is no git to ask", next_step=step) from None
        raise _failed(words[0]) from None
    if done.returncode in allowed:
        return done.stdout
    if re.search(rb"dubious ownership|unsafe repository", done.stderr):  # since git 2.35.2
        top = next(each for each in (folder, *folder.parents) if _exists(each / ".git"))
        trust = f"git config --global --add safe.directory {quote(str(top))}"
        raise CannotSearch(
            "git does not read this checkout, which belongs to another user",
            next_step=f"if you trust it: {trust}",
        )
    raise _failed(words[0])


def _failed(command: str) -> CannotSearch:
    return CannotSearch(
        f"git {command} failed", next_step="run git status here, and see what is wrong"
    )


def is_checkout(folder: Path) -> bool:
    """Whether a folder is in a checkout; what cannot be looked at counts as none."""
    return any(_exists(parent / ".git") for parent in (folder, *folder.parents))


def _exists(path: Path) -> bool:
    return os.path.exists(path)  # noqa: PTH110  # `Path.exists` may raise
