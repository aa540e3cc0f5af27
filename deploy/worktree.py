"""Files and standard input, read once, with limits, and written whole; never interpreted here."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from deploy.envfile import MAX_BYTES
from deploy.errors import FileUnreadable, FileUnwritten, NotAllowed

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

EXAMPLE = ".env.example"

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


def check_regular(path: Path, *, shown: str, next_step: str) -> None:
    """Raise NotAllowed for a pipe, a device or a socket, before it is read, or a file put there.

    1Password mounts an env file as a named pipe: to read it is to consume it, and what is written
    in its place would be a plain copy of its secrets. A directory fails in its own words.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return  # not there yet; or reading fails in its own words
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise NotAllowed(f"{shown} is {_kind(mode)}, not a file", next_step=next_step)


def _kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a directory"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def write_whole(path: Path, data: bytes, *, mode: int, at_most: int = 0o777) -> None:
    """Write a file whole or not at all; raises FileUnwritten.

    A temporary file in the same folder, flushed to disk, then renamed over the old one. A symbolic
    link keeps pointing to its target. `mode` is for a new file; an old one keeps its own, but for
    the rights that are not in `at_most`, and its owner and group, as far as the system allows.
    """
    try:
        target = _target(path)
        old = target.stat() if target.exists() else None
        if old and not stat.S_ISREG(old.st_mode):
            raise FileUnwritten(path.name, f"{_kind(old.st_mode)}, not a file")
        _replace(target, data, old.st_mode & at_most if old else mode, old)
    except OSError as error:
        failure = FileUnwritten(path.name, error.strerror or "unknown reason")
        if error.errno == errno.EBUSY:  # rename(2): a mount point (pallets/click#1512)
            failure.next_step = (
                "is it mounted by itself, as Docker does with a single file? mount its folder,"
                " or run this outside"
            )
        raise failure from None
    except RuntimeError:
        raise FileUnwritten(path.name, "links that lead in a circle") from None


def _target(path: Path) -> Path:
    """The file itself, where the path is a link; raises RuntimeError for a circle of them."""
    target = path.resolve()
    if target.is_symlink():  # what Python 3.13 makes of a circle
        raise RuntimeError
    return target


def _replace(target: Path, data: bytes, mode: int, old: os.stat_result | None) -> None:
    scratch = _scratch(target)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode & 0o700)
    try:  # from here on it is ours, to be removed
        with os.fdopen(descriptor, "wb") as file:
            if old and not _is_given_to(old, descriptor):
                mode &= 0o707  # what its group may do is not for another group
            os.fchmod(descriptor, mode)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        scratch.replace(target)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _is_given_to(old: os.stat_result, descriptor: int) -> bool:
    """Give a new file the owner and the group of the old one; whether it has the group now.

    Root may do both, others may choose among their own groups.
    """
    new = os.fstat(descriptor)
    for owner in (old.st_uid, -1):
        if (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid):
            return True
        with suppress(OSError):
            os.fchown(descriptor, owner, old.st_gid)
            new = os.fstat(descriptor)
    return new.st_gid == old.st_gid


def _scratch(target: Path) -> Path:
    """A temporary file's name, new each time: a run that was killed may have left its own."""
    return target.with_name(f"{target.name}.{token_hex(4)}.tmp")


def check_ignored(path: Path, *, shown: str) -> None:
    """Raise NotAllowed where git would take this file, or its temporary one, into a commit.

    Of a link it is the target that counts: it is what is written. Outside a checkout nothing is
    raised; in one of which git says nothing, it is, with what keeps git from it.
    """
    try:
        target = _target(path)
    except (OSError, RuntimeError):
        return  # writing fails in its own words
    if not target.parent.is_dir() or not _is_in_checkout(target.parent):
        return
    from deploy import git  # noqa: PLC0415  # needed in a checkout alone

    if not (found := git.checkout(target.parent)):
        return

    step = "put .env*, !.env.example, !*.lock and !*.enc into .gitignore, and git rm --cached it"
    it = "it"
    if path.is_symlink():
        it = f"{os.path.relpath(target, path.parent)}, which it links to"
        step = f"put {target.name} into the .gitignore there, and git rm --cached it"
    for name, called in ((target.name, shown), (_scratch(target).name, f"{shown}.*.tmp")):
        try:
            is_ignored = found.ask("check-ignore", name=name, allowed=(0, 1))
        except git.CannotSearch as error:
            reason = f"{shown}: nobody knows whether git ignores it: {error.reason}"
            raise NotAllowed(reason, next_step=str(error.next_step)) from None
        if not is_ignored:
            reason = f"{called}: git does not ignore {it}, so a commit could hold it"
            raise NotAllowed(reason, next_step=step)


def exposure(path: Path) -> str | None:
    """Who else may know an env file, in words: git, that tracks it, or others, who can read it.

    Where git does not answer, that is said: silence would read as "not tracked".
    """
    try:
        mode = path.stat().st_mode
        target = path.resolve()
    except OSError:
        return None  # reading fails in its own words
    others = os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077
    words = [_tracked(target), "can be read by others" if others else ""]
    return " and ".join(word for word in words if word) or None


def _tracked(path: Path) -> str:
    if not _is_in_checkout(path.parent):
        return ""
    from deploy import git  # noqa: PLC0415  # needed in a checkout alone

    if not (found := git.checkout(path.parent)):
        return ""
    try:
        is_tracked = found.ask("ls-files", name=path.name)
    except git.CannotSearch as error:
        return f"may be tracked by git ({error.reason})"
    return "is tracked by git" if is_tracked else ""


def _is_in_checkout(folder: Path) -> bool:
    return any(is_there(parent / ".git") for parent in (folder, *folder.parents))


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
