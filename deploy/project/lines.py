"""The lines of a file, of any size, that hold one of some texts."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

BLOCK = 4 << 20
"""Bytes of a file that are searched at once."""
OVERLAP = 256 << 10
"""Bytes of a line that are searched twice; no value that an app can have is as long."""


class Line(NamedTuple):
    """A line of a file in which something was found; bytes as they stand there."""

    path: str
    number: int
    text: bytes

    def __repr__(self) -> str:
        return f"Line({self.path}:{self.number})"


def matching(name: str, read: Callable[[int], bytes], needles: Sequence[bytes]) -> Iterator[Line]:
    """The lines that hold a needle; of a file of any size only some of it is in memory."""
    for first, data in _pieces(read):
        held = [needle for needle in needles if needle in data]
        if held:
            for number, text in enumerate(data.split(b"\n"), start=first):
                if any(needle in text for needle in held):
                    yield Line(name, number, text)


def _pieces(read: Callable[[int], bytes]) -> Iterator[tuple[int, bytes]]:
    """Whole lines, and the number of the first; of a line without end, pieces that overlap."""
    number, carried = 1, b""
    while block := read(BLOCK):
        data = carried + block
        end = data.rfind(b"\n") + 1
        if end:
            yield number, data[: end - 1]
            number += data.count(b"\n")
            carried = data[end:]
        elif len(data) > BLOCK:
            yield number, data
            carried = data[-OVERLAP:]
        else:
            carried = data
    if carried:
        yield number, carried


def wide_encoding(start: bytes) -> str | None:
    """The encoding of a file in UTF-16 or UTF-32, by its first four bytes."""
    if start in (BOM_UTF32_LE, BOM_UTF32_BE):
        return "utf-32"
    return "utf-16" if start.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else None
