"""What git holds of the past: each blob, and where a blob stands in the history.

Every blob is read once, whatever leads to it: packed or loose, of a branch, a stash, a reflog or
nothing any more, and those of alternates, which git takes for its own (git-cat-file,
`--batch-all-objects`). First they are listed, with their sizes, so that what is too large is never
unpacked; in the order of the packs, in which they are read much faster (`--unordered`, since git
2.19). The list is a file, so that git is given it without a thread. A submodule is a repository of
its own.

Blobs alone: a value in a message, a tag or the name of a file is not found.
"""

from __future__ import annotations

import os
import re
from codecs import getincrementaldecoder
from functools import partial
from itertools import chain
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from .lines import BLOCK, Line, wide_encoding
from .sieve import Sieve
from .stream import stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from .git import Checkout

SHALLOW = "this clone is shallow: what came before its first commit was not looked at"
MAX_BLOB = 100 << 20
"""Bytes; GitHub takes no larger file (its error GH001)."""
_HEADER = re.compile(rb"([0-9a-f]{40,64}) (?:([a-z]+) ([0-9]+)|missing)\n")
_COMMIT = re.compile(rb"[0-9a-f]{40,64}")
_LIST = (
    *("cat-file", "--batch-all-objects", "--unordered", "--buffer"),
    "--batch-check=%(objectname) %(objecttype) %(objectsize)",
)
_READ = ("cat-file", "--batch", "--buffer")
_LOG = (
    *("log", "--all", "--reflog", "--full-history", "--date-order", "--root", "-c"),
    *("--raw", "--no-abbrev", "-z", "--format=%H", f"-O{os.devnull}"),
    *("--no-renames", "--no-ext-diff", "--no-textconv"),
)
_WALK = ("rev-list", "--objects", "--all", "--missing=print")
PROMISED = r"^(extensions\.partialclone|remote\..*\.promisor)$"


class Unread(NamedTuple):
    """A blob that was not searched: too large, gone again, or what cannot be told to be one."""

    blob: str
    size: int | None = None
    """Bytes, where it is too large."""


class Place(NamedTuple):
    """Where a blob stands: a commit, in full, and the path from the top of the checkout.

    As in `git show COMMIT:PATH`, from any folder.
    """

    blob: str
    commit: str
    path: str


def held(asked: Checkout, needles: Sequence[bytes]) -> Iterator[Line | Unread]:
    """The lines of all blobs that hold one of these texts, in no order; `path` is the blob's id.

    Those of one blob follow each other. What was not searched is said among them. Raises
    CannotSearch, also after much was found.
    """
    if not needles:
        return
    sieve = Sieve(needles)
    wide: list[bytes] = []
    with TemporaryFile() as ids:
        yield from stream(asked, partial(_listed, ids), *_LIST)
        ids.seek(0)
        yield from stream(asked, partial(_searched, sieve, wide), *_READ, given=ids)
        if wide:
            ids.seek(0)
            ids.truncate()
            ids.writelines(wide)
            ids.seek(0)
            yield from stream(asked, partial(_searched, sieve, None), *_READ, given=ids)


def places(asked: Checkout, blobs: Iterable[str]) -> list[Place]:
    """Where these blobs stand in the history, for each path the earliest commit that brought it.

    The earliest first; of commits of which none comes from the other, by their dates. A blob that
    no ref and no reflog leads to is not in the answer.
    """
    wanted = {blob.encode() for blob in blobs}
    earliest: dict[tuple[bytes, bytes], bytes] = {}
    ages: dict[bytes, int] = {}
    if wanted:
        # Each commit comes before its parents, and so what comes last is the earliest.
        for commit, blob, path in stream(asked, partial(_brought, wanted), *_LOG):
            earliest[blob, path] = commit
            ages.setdefault(commit, -len(ages))
    return [
        Place(blob.decode(), commit.decode(), os.fsdecode(path))
        for (blob, path), commit in sorted(
            earliest.items(), key=lambda each: (ages[each[1]], each[0])
        )
    ]


def staged(asked: Checkout) -> frozenset[str]:
    """The blobs of the index: what is in no commit yet, and no thing of the past."""
    entries = asked.ask("ls-files", "--stage", "-z").split(b"\0")  # mode, id and stage
    return frozenset(entry.split(b" ", 2)[1].decode() for entry in entries if entry)


def is_shallow(asked: Checkout) -> bool:
    """Whether commits are missing, as in a clone with `--depth`, the default of CI jobs."""
    return asked.ask("rev-parse", "--is-shallow-repository") == b"true\n"


def lacking(asked: Checkout) -> int:
    """How many objects of its history a partial clone (`--filter`) has not fetched; else 0."""
    if not asked.ask("config", "--get-regexp", PROMISED, exit_codes=(0, 1)):
        return 0
    return sum(stream(asked, _missing, *_WALK))


# How git's answers are read.


def _listed(ids: BinaryIO, said: BinaryIO) -> Iterator[Unread]:
    """Write down the ids of the blobs."""
    for line in said:
        name, kind, size = _header(line)
        if not kind:
            yield Unread(name.decode())
        elif kind == b"blob" and size > MAX_BLOB:
            yield Unread(name.decode(), size)
        elif kind == b"blob":
            ids.write(name + b"\n")


def _header(line: bytes) -> tuple[bytes, bytes, int]:
    """The id, kind and size of an object, the kind empty where there is none."""
    match = _HEADER.fullmatch(line)
    if not match:
        raise EOFError
    return match[1], match[2] or b"", int(match[3] or 0)


def _searched(sieve: Sieve, wide: list[bytes] | None, said: BinaryIO) -> Iterator[Line | Unread]:
    """What the blobs hold; those in UTF-16 or UTF-32 are put down for later, and read then."""
    while line := said.readline():
        name, kind, size = _header(line)
        if not kind:
            yield Unread(name.decode())
            continue
        blocks = _blocks(said, size)
        first = next(blocks, b"")
        blocks = chain([first], blocks)
        if encoding := wide_encoding(first[:4]):
            if wide is None:
                blocks = _decoded(blocks, encoding)
            else:
                wide.append(name + b"\n")
        yield from sieve.matching(name.decode(), blocks)
        if said.read(1) != b"\n":
            raise EOFError


def _blocks(said: BinaryIO, size: int) -> Iterator[bytes]:
    """A blob of this size; what is cut is known by what should stand behind it."""
    for start in range(0, size, BLOCK):
        yield said.read(min(BLOCK, size - start))


def _decoded(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = getincrementaldecoder(encoding)("replace")
    for block in blocks:
        yield decoder.decode(block).encode()


def _brought(wanted: set[bytes], said: BinaryIO) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Commit, blob and path, wherever a commit has one of the blobs where no parent of it has it.

    For that is what `-c` says of a merge, and so nothing twice that a branch brought into it.
    """
    commit = b""
    words = _words(said)
    for word in words:
        text = word.lstrip(b"\n")
        if text.startswith(b":"):
            path = next(words, b"")
            blob = text.split(b" ")[-2]  # the status is behind it
            if not path:
                raise EOFError
            if blob in wanted:
                yield commit, blob, path
        elif text:
            if not _COMMIT.fullmatch(text):
                raise EOFError
            commit = text


def _words(said: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while data := said.read(BLOCK):
        *words, rest = (rest + data).split(b"\0")
        yield from words
    if rest:
        raise EOFError


def _missing(said: BinaryIO) -> Iterator[int]:
    yield sum(line.startswith(b"?") for line in said)
