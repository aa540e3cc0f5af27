"""Files, standard input, and what git knows; read once, with limits, and never interpreted here."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from deploy.envfile import MAX_BYTES
from deploy.errors import FileUnreadable, FileUnwritten, NotAllowed
from deploy.facts import APP_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

EXAMPLE = ".env.example"

_HEROKU_URL = re.compile(
    r"(?:git@heroku\.com:|ssh://git@heroku\.com/|https://(?:[^/@]*@)?git\.heroku\.com/)"
    r"(?P<app>[a-z0-9-]+)\.git"
)
_NAME = re.compile(
    r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*(?:=| [0-9a-f]{64}$)", re.MULTILINE
)


def read_file(path: Path, *, shown: str) -> bytes:
    """A whole file, or one byte more than an env file may have; raises FileUnreadable.

    `shown` is the path as the person wrote it. Pipes work too: `--file <(sops decrypt …)`.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        step = "make it, or name another with --file"
        raise FileUnreadable(shown, "no such file", next_step=step) from None
    except IsADirectoryError:
        step = "name the env file in it"
        raise FileUnreadable(shown, "is a directory", next_step=step) from None
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({getattr(error, 'strerror', None) or 'not a path'})"
        raise FileUnreadable(shown, reason) from None


def write_whole(path: Path, data: bytes, *, mode: int, at_most: int = 0o777) -> None:
    """Write a file whole or not at all; raises FileUnwritten.

    A temporary file in the same folder, flushed to disk, then renamed over the old one. A symbolic
    link keeps pointing to its target. `mode` is for a new file; an old one's is kept, but for the
    rights that are not in `at_most`.
    """
    try:
        target = _target(path)
        is_old = target.exists()
        mode = target.stat().st_mode & at_most if is_old else mode
        _replace(target, data, mode)
    except OSError as error:
        raise FileUnwritten(path.name, error.strerror or "unknown reason") from None
    except RuntimeError:
        raise FileUnwritten(path.name, "links that lead in a circle") from None


def _target(path: Path) -> Path:
    """The file itself, where the path is a link; raises RuntimeError for a circle of them."""
    target = path.resolve()
    if target.is_symlink():  # what Python 3.13 makes of a circle
        raise RuntimeError
    return target


def _replace(target: Path, data: bytes, mode: int) -> None:
    scratch = _scratch(target)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:  # from here on it is ours, to be removed
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _scratch(target: Path) -> Path:
    """A temporary file's name, new each time: a run that was killed may have left its own."""
    return target.with_name(f"{target.name}.{token_hex(4)}.tmp")


def check_ignored(path: Path, *, shown: str) -> None:
    """Raise NotAllowed where git would take this file, or its temporary one, into a commit.

    Outside a checkout nothing is raised; in one that git does not want to read, it is.
    """
    try:
        target = _target(path)
    except (OSError, RuntimeError):
        return  # writing fails in its own words
    for name, called in ((target.name, shown), (_scratch(target).name, f"{shown}.*.tmp")):
        if _is_exposed(target.parent, name):
            raise NotAllowed(
                f"{called}: git does not ignore it, so a commit could hold it",
                next_step="put .env*, !.env.example, !*.lock and !*.enc into .gitignore,"
                " and git rm --cached it",
            )


def _is_exposed(folder: Path, name: str) -> bool:
    command = ["git", "check-ignore", "--quiet", "--", name]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command, found like any other on PATH
            command,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            check=False,
            timeout=10,
        )
    except (OSError, subprocess.TimeoutExpired):  # no git to ask, or no such folder
        return any(is_there(parent / ".git") for parent in (folder, *folder.parents))
    is_outside = b"not a git repository" in done.stderr
    return done.returncode != 0 and not is_outside


def exposure(path: Path) -> str | None:
    """Who else may know an env file, in words: git, that tracks it, or others, who can read it."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None  # reading fails in its own words
    others = os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077
    words = ["can be read by others"] if others else []
    if _is_tracked(path):
        words.insert(0, "is tracked by git")
    return " and ".join(words) or None


def _is_tracked(path: Path) -> bool:
    if not any(is_there(parent / ".git") for parent in path.absolute().parents):
        return False
    from deploy import git  # noqa: PLC0415  # needed in a checkout alone

    try:
        return bool(git.ask(path.parent, "ls-files", "--", path.name, is_literal=True))
    except git.CannotSearch:
        return False


def is_there(path: Path) -> bool:
    """Whether there is such a file; what cannot even be looked for is not there."""
    return os.path.exists(path)  # noqa: PTH110  # `Path.exists` raises for a name that is too long


def read_stream(stream: BinaryIO) -> bytes:
    """All of standard input, or one byte more than an env file may have."""
    return stream.read(MAX_BYTES + 1)


def example_names(root: Path, lock: Path | None = None) -> frozenset[str]:
    """The names in `.env.example`, and in a lock, read leniently; none where no such file is."""
    paths = [root / EXAMPLE, *([lock] if lock else [])]
    return frozenset(name for path in paths for name in _NAME.findall(_lenient(path)))


def _lenient(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return ""


class Remotes(NamedTuple):
    """The Heroku apps that git remotes of a checkout point to, by the name of the remote."""

    apps: Mapping[str, str]
    default: str = "heroku"
    """The remote that counts: `git config heroku.remote`, as in Heroku's own CLI."""


def remotes(root: Path) -> Remotes:
    """Ask git for the remotes; none outside a checkout, or without git."""
    command = ["git", "config", "--null", "--get-regexp", r"^(remote\..*\.url|heroku\.remote)$"]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command, found like any other on PATH
            command, cwd=root, capture_output=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return Remotes({})
    apps, default = {}, "heroku"
    for line in done.stdout.decode("utf-8", "replace").split("\0"):
        key, _, value = line.partition("\n")
        if key == "heroku.remote":
            default = value
        elif (match := _HEROKU_URL.fullmatch(value)) and APP_NAME.fullmatch(match["app"]):
            apps[key.removeprefix("remote.").removesuffix(".url")] = match["app"]
    return Remotes(apps, default)
