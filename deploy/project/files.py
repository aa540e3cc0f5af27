"""Files and standard input, read once, within limits; never interpreted here."""

import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from .. import workers
from ..envfile.encoding import MAX_BYTES
from ..errors import FileUnreadable
from .settings import EXAMPLE

MISSING = "no such file"

_NAME = r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*(?:=| [0-9a-f]{64}$)"


class NotAFile(FileUnreadable):
    """A pipe, a device or a socket where only a regular file is read: it may never end."""


def read_file(path: Path, *, shown: str) -> bytes:
    """A whole file, or one byte more than an env file may have; raises FileUnreadable.

    `shown` is the path as the person wrote it. Pipes work too: `--file <(sops decrypt …)`.
    """
    return workers.wait_for(lambda: _read(path, shown))


def read_regular(path: Path, *, shown: str, next_step: str | None = None) -> bytes:
    """The same for what must be a regular file; raises NotAFile, with what to do, if it is not.

    Nothing is waited for: a pipe may have nobody at its other end.
    """
    step = next_step or "put a file in its place, or remove it"
    if kind := special_kind(path):
        raise NotAFile(shown, f"is {kind}, not a file", next_step=step)
    return _read(path, shown, flags=os.O_NONBLOCK | os.O_NOCTTY)


def _read(path: Path, shown: str, *, flags: int = 0) -> bytes:
    def opener(name: str, more: int) -> int:
        return os.open(name, flags | more)

    try:
        with open(path, "rb", opener=opener) as file:  # `Path.open` has no opener
            return file.read(MAX_BYTES + 1) or b""  # None where a pipe took the file's place
    except FileNotFoundError:
        step = "make it, or name another with --file"
        raise FileUnreadable(shown, MISSING, next_step=step) from None
    except IsADirectoryError:
        step = "name the env file in it"
        raise FileUnreadable(shown, "is a directory", next_step=step) from None
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({getattr(error, 'strerror', None) or 'not a path'})"
        raise FileUnreadable(shown, reason) from None


def special_kind(path: Path) -> str | None:
    """What stands there, in words, where it is neither a file nor a directory; it is not opened."""
    found = mode(path)
    return kind(found) if found and not (stat.S_ISREG(found) or stat.S_ISDIR(found)) else None


def mode(path: Path) -> int:
    """The kind and the permission bits, of a link its target's; 0 where nothing can be seen."""
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def kind(mode: int) -> str:
    kinds = {stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket", stat.S_IFDIR: "a directory"}
    return kinds.get(stat.S_IFMT(mode), "a device")


def exposure(path: Path) -> str | None:
    """Who else may know an env file, in words: git, that tracks it, or others, who can read it.

    Where git does not answer, that is said: silence would read as "not tracked".
    """
    if not (found := mode(path)):
        return None  # reading fails in its own words
    is_open = stat.S_ISREG(found) and found & 0o077
    words = [_tracked(path.resolve()), "can be read by others" if is_open else ""]
    return " and ".join(word for word in words if word) or None


def _tracked(path: Path) -> str:
    if not (found := checkout(path.parent)):
        return ""
    from . import git  # noqa: PLC0415  # needed in a checkout alone

    try:
        is_tracked = git.Checkout(*found).ask("ls-files", name=path.name)
    except git.CannotSearch as error:
        return f"may be tracked by git ({error.reason})"
    return "is tracked by git" if is_tracked else ""


def checkout(folder: Path) -> tuple[Path, str] | None:
    """What `git.Checkout` takes, for the checkout that a folder is in, behind all links.

    Looked for without git. What cannot be looked at is in none.
    """
    try:
        real = Path(os.path.realpath(folder))
    except (OSError, ValueError):
        return None
    for top in (real, *real.parents):
        if is_there(top / ".git"):
            return top, "".join(f"{part}/" for part in real.relative_to(top).parts)
    return None


def expanded(path: str) -> Path:
    """A path with `~` filled in; raises FileUnreadable where no such home is known."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        is_ours = path.partition("/")[0] == "~"
        reason = "the home folder of this user is not known" if is_ours else "there is no such user"
        step = "set HOME, or write the path without ~" if is_ours else None
        raise FileUnreadable(path, reason, next_step=step) from None


def is_there(path: Path) -> bool:
    """Whether there is such a file; what cannot even be looked for is not there."""
    return os.path.exists(path)  # noqa: PTH110  # `Path.exists` raises for a name that is too long


def read_stream(stream: BinaryIO) -> bytes:
    """All of standard input, or one byte more than an env file may have."""
    # Not through its buffer: Python, taking itself down, fails where a thread still reads there.
    return workers.wait_for(lambda: _to_its_end(getattr(stream, "raw", stream)))


def _to_its_end(raw: BinaryIO) -> bytes:
    found = b""
    while len(found) <= MAX_BYTES and (more := raw.read(MAX_BYTES + 1 - len(found))):
        found += more
    return found


def example_names(root: Path, lock: Path | None = None) -> frozenset[str]:
    """The names in `.env.example`, and in a lock, read leniently; none where no such file is.

    Raises FileUnreadable for one that is no file, or too large: its names would not be known.
    """
    paths = [root / EXAMPLE, *([lock] if lock else [])]
    return frozenset(
        name for path in paths for name in re.findall(_NAME, _lenient(path), re.MULTILINE)
    )


def _lenient(path: Path) -> str:
    try:
        data = read_regular(path, shown=path.name)
    except NotAFile:
        raise
    except FileUnreadable:
        return ""
    return within_limit(data, shown=path.name).decode("utf-8-sig", "replace")


def within_limit(data: bytes, *, shown: str) -> bytes:
    """The data, read to its end; raises FileUnreadable where there was more than is read."""
    if len(data) > MAX_BYTES:
        raise FileUnreadable(shown, f"is larger than {MAX_BYTES:,} bytes")
    return data
