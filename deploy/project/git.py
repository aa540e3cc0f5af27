"""Asks git, so that nobody's configuration, environment, files or branch change what happens.

Git runs programs that a configuration names, and takes a folder for a repository, configuration
and all, where it holds `HEAD`, `objects` and `refs`: which a branch may bring as plain files
(git-config, `safe.bareRepository`). So git is asked only where a `.git` stands, in the folder of
that `.git`, which is what git looks at first (gitrepository-layout): so did each version of it.
And what could start a program is set on the command line, which outweighs every file. Git itself
still judges whose the checkout is, as it would not if it were told `--git-dir`.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from shlex import quote
from typing import BinaryIO, NamedTuple

from .. import workers
from ..errors import DeployError

TIMEOUT = 120.0
"""Seconds for one question to git."""
_SETTINGS = (
    # What changes an answer.
    "core.quotePath=false",
    "diff.relative=false",
    "grep.fullName=false",
    "log.showSignature=false",
    "submodule.recurse=false",
    # What starts a program.
    "core.fsmonitor=",  # before git 2.36 `false` is a program; nothing is nothing in all
    f"core.hooksPath={os.devnull}",
    "core.sshCommand=false",
    "credential.helper=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",  # since git 2.38
)
_OPTIONS = tuple(word for setting in _SETTINGS for word in ("-c", setting))
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "",  # a `protocol.ssh.allow` of a file outweighs `protocol.allow`
    "GIT_NO_LAZY_FETCH": "1",  # since git 2.45, and 2.39.4
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
}
_KEPT = ("GIT_CONFIG", "GIT_EXEC_PATH")
"""What a person, or a job, sets so that git finds its programs and trusts a checkout."""


NEEDED = "2.20"
"""The first git that answers all of `objects`: it counts missing trees, too (`rev-list --missing`).

Ubuntu 20.04 has 2.25.
"""
_USAGE = 129
"""How git ends where it does not know an option."""


class CannotSearch(DeployError):
    """Git is needed, and does not answer; its own words are not shown, they may hold anything."""

    def __init__(self, reason: str, *, next_step: str) -> None:
        super().__init__(f"{reason}, so nothing can be said of the files", next_step=next_step)
        self.reason = reason


class Checkout(NamedTuple):
    """A folder in a checkout, as `files.checkout` finds it; the terms are those of `rev-parse`."""

    top: Path
    """Where the `.git` is."""
    prefix: str
    """The way from there to the folder: empty, or with a slash at its end."""

    def ask(
        self,
        *words: str,
        name: str | Sequence[str] | None = None,
        is_pattern: bool = False,
        stdin: bytes = b"",
        exit_codes: tuple[int, ...] = (0,),
    ) -> bytes:
        """What git answers; raises CannotSearch, without git's own words.

        Names, or patterns of names, are those in the folder; for those in the answer there is
        `relative`. The exit code 1 often says that nothing was found.
        """
        command = ["git", "--no-pager", *_OPTIONS, *words]
        if name is not None:
            prefix = re.sub(r"([*?\[\\])", r"\\\1", self.prefix) if is_pattern else self.prefix
            names = [name] if isinstance(name, str) else name
            command += ["--", *(f"./{prefix}{each}" for each in names)]
        # What takes patterns is told that a name is none; `check-ignore` takes names alone.
        is_literal = words[0] != "check-ignore" and not is_pattern
        try:
            done = workers.wait_for(
                partial(_run, command, self.top, is_literal=is_literal, stdin=stdin)
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            # Not `from error`: it may hold what is on standard input.
            if isinstance(error, FileNotFoundError) and error.filename == "git":
                step = "install git, or put it on PATH"
                raise CannotSearch("there is no git to ask", next_step=step) from None
            raise self._failed(words[0]) from None
        if done.returncode not in exit_codes:
            raise self._failed(words[0], done.stderr)
        return done.stdout

    def begin(self, *words: str, stdin: BinaryIO | None, stdout: int) -> subprocess.Popen[bytes]:
        """Git at work, asked as ever, its answer going into a pipe; raises CannotSearch.

        It knows the objects themselves, not what a `refs/replace` puts in their place
        (git-replace). See `stream`, which reads what is larger than the memory.
        """
        command = ["git", "--no-pager", "--no-replace-objects", *_OPTIONS, *words]
        try:
            return subprocess.Popen(  # noqa: S603  # as in `_run`
                command,
                cwd=self.top,
                env=_environment(self.top, is_literal=False),
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=stdout,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            raise self.failure(words[0]) from None

    def failure(self, command: str, code: int | None = None) -> CannotSearch:
        """Why that work failed. Its words are not read: git is asked something small instead."""
        try:
            self.ask("rev-parse", "--git-dir")
        except CannotSearch as error:
            return error
        if code == _USAGE:
            return CannotSearch(
                f"this git is too old for what git {command} is asked",
                next_step=f"update git: {NEEDED} or later",
            )
        return self._failed(command)

    def relative(self, name: bytes) -> str:
        """A name in an answer, relative to the folder."""
        return os.fsdecode(name.removeprefix(os.fsencode(self.prefix)))

    def _failed(self, command: str, said: bytes = b"") -> CannotSearch:
        if re.search(rb"dubious ownership|unsafe repository", said):  # since git 2.35.2
            reason = "git does not read this checkout, which belongs to another user"
            trust = f"git config --global --add safe.directory {quote(str(self.top))}"
            return CannotSearch(reason, next_step=f"if you trust it: {trust}")
        step = "run git status here, and see what is wrong"
        return CannotSearch(f"git {command} failed", next_step=step)


def _run(
    command: Sequence[str], top: Path, *, is_literal: bool, stdin: bytes
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603  # a fixed command, found like any other on PATH
        command,
        cwd=top,
        env=_environment(top, is_literal=is_literal),
        input=stdin,
        capture_output=True,
        check=False,
        timeout=TIMEOUT,
    )


def _environment(top: Path, *, is_literal: bool) -> dict[str, str]:
    """Without what git sets for the hooks of a commit, which would lead it elsewhere.

    Nor with a key of Heroku's: git needs none. Where the `.git` is no repository, git must not
    take one further up.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(_KEPT) or not name.startswith(("GIT_", "HEROKU_"))
    }
    env |= _ENVIRONMENT | {"GIT_CEILING_DIRECTORIES": str(top.parent)}
    return env | ({"GIT_LITERAL_PATHSPECS": "1"} if is_literal else {})
