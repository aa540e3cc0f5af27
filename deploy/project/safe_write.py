"""Files written whole or not at all, and where no commit and nobody else gets at what they hold."""

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from ..errors import FileUnwritten, NotAllowed
from . import files

_MOUNTED = (
    "is it mounted by itself, as Docker does with a single file? mount its folder,"
    " or run this outside"
)


def check_regular(path: Path, *, shown: str, next_step: str) -> None:
    """Raise NotAllowed for a pipe, a device or a socket, before it is read, or a file put there.

    1Password mounts an env file as a named pipe: to read it is to consume it, and what is written
    in its place would be a plain copy of its secrets. A directory fails in its own words.
    """
    if kind := files.special_kind(path):
        raise NotAllowed(f"{shown} is {kind}, not a file", next_step=next_step)


def check_ignored(path: Path, *, shown: str) -> None:
    """Raise NotAllowed where git would take this file, or its temporary one, into a commit.

    Of a link it is the target that counts: it is what is written. Outside a checkout nothing is
    raised; in one of which git says nothing, it is, with what keeps git from it.
    """
    try:
        target = _target(path)
    except (OSError, RuntimeError):
        return  # writing fails in its own words
    if not target.parent.is_dir() or not (found := files.checkout(target.parent)):
        return
    from . import git  # noqa: PLC0415  # needed in a checkout alone

    step = "put .env*, !.env.example, !*.lock and !*.enc into .gitignore, and git rm --cached it"
    it = "it"
    if path.is_symlink():
        it = f"{os.path.relpath(target, path.parent)}, which it links to"
        step = f"put {target.name} into the .gitignore there, and git rm --cached it"
    for name, called in ((target.name, shown), (_temporary(target).name, f"{shown}.*.tmp")):
        try:
            is_ignored = git.Checkout(*found).ask("check-ignore", name=name, exit_codes=(0, 1))
        except git.CannotSearch as error:
            reason = f"{shown}: nobody knows whether git ignores it: {error.reason}"
            raise NotAllowed(reason, next_step=str(error.next_step)) from None
        if not is_ignored:
            reason = f"{called}: git does not ignore {it}, so a commit could hold it"
            raise NotAllowed(reason, next_step=step)


def check_within(path: Path, root: Path) -> None:
    """Raise FileUnwritten where links lead out of the project: `root`, or the checkout around it.

    A branch may bring such a link. What a person names elsewhere must stay in its own folder, or
    the checkout around that.
    """
    named, folder = (Path(os.path.normpath(Path.cwd() / each)) for each in (path, root))
    project = _project_around(folder)
    if not any(named.is_relative_to(each) for each in (folder, project)):
        project = _project_around(named.parent)
    real = Path(os.path.realpath(path))
    if not real.is_relative_to(project):
        reason = f"links lead out of the project, to {real}"
        raise FileUnwritten(path.name, reason, next_step="put a file in the place of the link")


def _project_around(folder: Path) -> Path:
    """The top of the checkout around a folder, or the folder itself, behind all links."""
    found = files.checkout(folder)
    return found[0] if found else Path(os.path.realpath(folder))


def write_whole(
    path: Path,
    data: bytes,
    *,
    mode: int,
    at_most: int = 0o777,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Write a file whole or not at all; raises FileUnwritten, or what `check` raises at the last.

    A temporary file in the same folder, which its owner alone can read, flushed to disk, then
    renamed over the old one. A symbolic link keeps pointing to its target. `mode` is for a new
    file; an old one keeps its own, but for the rights that are not in `at_most`, and its owner and
    group, as far as the system allows.
    """
    try:
        target = _target(path)
        old = target.stat() if target.exists() else None
        if old and not stat.S_ISREG(old.st_mode):
            raise FileUnwritten(path.name, f"{files.kind(old.st_mode)}, not a file")
        _replace(target, data, old.st_mode & at_most if old else mode, old, check)
    except OSError as error:
        # rename(2): a mount point (pallets/click#1512)
        step = _MOUNTED if error.errno == errno.EBUSY else None
        raise FileUnwritten(path.name, error.strerror or "unknown reason", next_step=step) from None
    except RuntimeError:
        raise FileUnwritten(path.name, "links that lead in a circle") from None


def _target(path: Path) -> Path:
    """The file itself, where the path is a link; raises RuntimeError for a circle of them."""
    target = path.resolve()
    if target.is_symlink():  # what Python 3.13 makes of a circle
        raise RuntimeError
    return target


def _replace(
    target: Path,
    data: bytes,
    mode: int,
    old: os.stat_result | None,
    check: Callable[[], None],
) -> None:
    temporary = _temporary(target)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:  # from here on it is ours, to be removed
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if old and not _is_given_to(old, descriptor):
                mode &= 0o707  # what its group may do is not for another group
            os.fsync(descriptor)
            os.fchmod(descriptor, mode)  # last: killed before, it leaves what nobody else can read
        check()
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
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


def _temporary(target: Path) -> Path:
    """A temporary file's name, new each time: a run that was killed may have left its own."""
    return target.with_name(f"{target.name}.{token_hex(4)}.tmp")
