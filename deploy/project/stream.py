"""Reads an answer of git as it comes, however long it is."""

from __future__ import annotations

import fcntl
import io
import os
import select
import subprocess
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from .. import workers
from . import git as asked_git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from _typeshed import WriteableBuffer

    from .git import Checkout

T = TypeVar("T")

_BUFFER = 1 << 20
"""Bytes that git can be ahead of its reader, where a pipe can be as large."""
_AT_ONCE = 16
"""Things found, at most, that a reader in its thread is ahead of who listens."""


def stream(
    asked: Checkout,
    read: Callable[[BinaryIO], Iterator[T]],
    *words: str,
    given: BinaryIO | None = None,
) -> Iterator[T]:
    """What a reader finds in git's answer.

    It reads to the end, in a thread, so that a signal need not wait for it, and raises EOFError for
    an answer that is cut, or none that it knows. Whoever stops listening ends git. Raises
    CannotSearch, also after much was found, where git fails, or is silent for TIMEOUT.
    """
    ours, theirs = os.pipe()
    with suppress(AttributeError, OSError):  # on Linux, if the system has as much to give
        fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, _BUFFER)
    said = io.BufferedReader(_Said(ours), _BUFFER)
    try:
        git = asked.begin(*words, stdin=given, stdout=theirs)
    finally:
        os.close(theirs)
    try:
        found = read(said)
        while batch := workers.wait_for(lambda: list(islice(found, _AT_ONCE))):
            yield from batch
        code = workers.wait_for(partial(git.wait, asked_git.TIMEOUT))
    except (OSError, EOFError, subprocess.TimeoutExpired):
        raise asked.failure(words[0], git.poll()) from None
    finally:
        git.kill()
        with suppress(subprocess.TimeoutExpired):
            git.wait(1.0)
    if code:
        raise asked.failure(words[0], code)


class _Said(io.RawIOBase):
    """What git writes. It is closed when nobody has it any more: a thread may still wait for it."""

    def __init__(self, end: int) -> None:
        super().__init__()
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not select.select([self._end], [], [], asked_git.TIMEOUT)[0]:
            raise subprocess.TimeoutExpired("git", asked_git.TIMEOUT)
        return os.readv(self._end, [buffer])

    def close(self) -> None:
        if not self.closed:
            os.close(self._end)
        super().close()
