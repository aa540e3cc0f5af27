"""Keep the lock of an env file: whether it is stale, and writing one where a lock may be."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ..envfile import lock, parser
from ..envfile.edit import edit
from ..errors import DeployError, FileUnreadable, FileUnwritten
from ..names import LOCK_KEY
from ..project import files, safe_write

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from ..envfile.lock import Lock
    from ..envfile.parser import EnvFile
    from ..secret import Secret


class Written(NamedTuple):
    """A lock that was written: how many names it has; `is_anew` where its key is another one."""

    names: int
    is_anew: bool


def read_lock(path: Path, shown: str | None = None) -> Lock:
    """A lock that must be there; raises BadLock, or FileUnreadable."""
    shown = shown or path.name
    return lock.parse(files.read_regular(path, shown=shown), source=shown)


def is_stale(path: Path, declared: Mapping[str, Secret], source: str) -> bool:
    """Whether a lock says something else than its file; one that cannot be made is stale too."""
    try:
        return read_lock(path) != lock.make(declared, source=source)
    except DeployError:
        return True


def check_place(path: Path, root: Path) -> None:
    """Raise FileUnwritten where something else than a lock stands, or outside the project.

    A branch can name the env file, and bring a link in its lock's place: a shell's start-up file
    was replaced so.
    """
    safe_write.check_within(path, root)
    reason = "what stands there is no lock"
    try:
        data = files.read_regular(path, shown=path.name)
        if not data.strip() or lock.is_lock(data):
            return
    except FileUnreadable as error:
        if error.reason == files.MISSING:
            return
        reason = f"what stands there {error.reason}"
    step = "move it away, or remove it, and run config.lock"
    raise FileUnwritten(path.name, reason, next_step=step)


def write(path: Path, declared: Mapping[str, Secret], source: str, *, root: Path) -> Written:
    """Write the lock of a file; raises what stands in the way."""
    made = lock.make(declared, source=source)
    check_place(path, root)
    is_anew = False
    with suppress(DeployError):
        is_anew = read_lock(path).fingerprint != made.fingerprint
    safe_write.write_whole(path, made.text().encode(), mode=0o644)
    return Written(len(made.digests), is_anew)


def append_key(
    path: Path, key: Secret, *, shown: str, encrypted: Collection[str]
) -> tuple[EnvFile, bool]:
    """Append a key to the env file as it is now, which may have changed while somebody was asked.

    The file, and whether the key was appended: it may have one by now.
    """
    data = files.read_file(path, shown=shown)
    found = parser.parse(data, source=shown, encrypted=encrypted)
    if LOCK_KEY in found.vars:
        return found, False
    data = edit(data, {LOCK_KEY: key}, source=shown, encrypted=encrypted).data
    found = parser.parse(data, source=shown, encrypted=encrypted)
    safe_write.write_whole(path, data, mode=0o600)
    return found, True
