"""The lock file: what an env file declares, as digests that can be committed.

A line says that a name has the value it had when the lock was made, to whoever holds the key, and
nothing to anyone else. The key is an entry of the env file itself, so it travels to the app like
any var, and whoever can read the app's config can check a lock against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import BadEnvFile, BadLock, Complaint, first
from ..names import LOCK_KEY, VAR_NAME
from .encoding import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..secret import Secret

_HEADER = (
    "# Made by `invoke config.lock`, to be committed. Says that a value changed, not which it is."
)
_VERSION = "config-lock/1"
_FINGERPRINT = re.compile(rf"{_VERSION} ([0-9a-f]{{16}})")
_DIGEST = re.compile(rf"({VAR_NAME.pattern}) ([0-9a-f]{{64}})")


@dataclass(frozen=True, slots=True)
class Lock:
    """Names and the digests of their values, and the fingerprint of the key they are made with."""

    fingerprint: str
    digests: Mapping[str, str]

    def text(self) -> str:
        """The whole file; the same for the same declaration."""
        lines = [f"{name} {self.digests[name]}" for name in sorted(self.digests)]
        return "\n".join([_HEADER, f"{_VERSION} {self.fingerprint}", *lines]) + "\n"

    def matches(self, name: str, value: Secret, key: Secret) -> bool:
        """Whether a value is the one that was locked under this name."""
        return self.digests.get(name) == value.digest(key, name)


def is_lock(data: bytes) -> bool:
    """Whether a file is a lock, be it cut, in conflict after a merge, or of another version."""
    is_begun = data.startswith(_HEADER.encode())
    return is_begun or bool(re.search(rb"^config-lock/\d+ [0-9a-f]{16}\r?$", data, re.MULTILINE))


def make(declared: Mapping[str, Secret], *, source: str) -> Lock:
    """Lock a declaration; raises BadEnvFile where its CONFIG_LOCK_KEY is missing or weak."""
    key = declared.get(LOCK_KEY)
    if key is None or not key.is_lock_key:
        weak = "must be 64 lowercase hex digits: openssl rand -hex 32 makes them"
        reason = weak if key else "is not declared"
        raise BadEnvFile(source, [Complaint(reason, name=LOCK_KEY)])
    digests = {
        name: value.digest(key, name) for name, value in declared.items() if name != LOCK_KEY
    }
    return Lock(key.fingerprint, digests)


def places(data: bytes) -> dict[str, int]:
    """The line of each name in a lock that parses, for whoever points at it."""
    lines = data.decode("utf-8", "replace").split("\n")
    return {
        line.partition(" ")[0]: number
        for number, line in enumerate(lines, start=1)
        if _DIGEST.fullmatch(line.removesuffix("\r"))
    }


def parse(data: bytes, *, source: str) -> Lock:
    """Read a lock file; raises BadLock with every complaint."""
    if len(data) > MAX_BYTES:
        raise BadLock(source, [Complaint(f"is larger than {MAX_BYTES:,} bytes")])
    complaints: list[Complaint] = []
    digests: dict[str, str] = {}
    fingerprint = ""
    # Not splitlines: that ends a line at a form feed too, where no editor and no review shows one.
    lines = data.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        if not fingerprint:
            head = _FINGERPRINT.fullmatch(line)
            if head is None:
                raise BadLock(source, [Complaint(f"is no {_VERSION} lock", number)])
            fingerprint = head[1]
            continue
        locked = _DIGEST.fullmatch(line)
        if locked is None or locked[1] == LOCK_KEY:
            complaints.append(Complaint("is not a name and its digest", number))
        elif locked[1] in digests:
            complaints.append(Complaint("is locked twice", number, locked[1]))
        else:
            digests[locked[1]] = locked[2]
    if not fingerprint:
        complaints.append(Complaint("is empty"))
    if complaints:
        raise BadLock(source, first(complaints))
    return Lock(fingerprint, digests)
