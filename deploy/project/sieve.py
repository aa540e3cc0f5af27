"""Many texts looked for at once, in much more data than they will be found in.

One search for each text reads the data as often as there are texts, and one pattern of them all
tries many at each byte: with 240 texts both are slower than git unpacks. So the data is cut into
windows of four bytes, one at each stride, and a table says which texts have such a window near
their start. A text that is as long as a window and a stride, less one byte, covers a whole window
wherever it begins: none is passed over, and `lines.matching` looks at what passes, as ever.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from .lines import matching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .lines import Line

_WINDOW = 4
_STRIDES = (4, 8, 12, 16)
_COST = 144
"""How many texts are looked for in a byte while one window is looked up (measured in CPython)."""


class Sieve:
    """Says which of many texts may stand in some data: all that do, and hardly another."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._stride = min(_STRIDES, key=lambda stride: _cost(stride, texts))
        is_worth_it = _cost(self._stride, texts) < len(texts)
        reach = _reach(self._stride)
        long = {text for text in texts if is_worth_it and len(text) >= reach}
        self._others = [text for text in texts if text not in long]
        """Too short for the stride, or few in all: they are looked for one by one."""
        self._windows: dict[int, list[bytes]] = {}
        for text in sorted(long):
            for start in range(self._stride):
                [window] = _windows(text[start : start + _WINDOW], _WINDOW)
                self._windows.setdefault(window, []).append(text)
        self._known = frozenset(self._windows)
        self._overlap = max([_WINDOW, *map(len, self._others)]) - 1
        """Bytes that are looked at again with the next block: a text may lie across its start."""

    def __repr__(self) -> str:
        return "Sieve()"

    def passed(self, data: bytes) -> list[bytes]:
        """The texts that may stand in the data, each once."""
        found = dict.fromkeys(text for text in self._others if text in data)
        if self._known:
            for window in self._known.intersection(_windows(data, self._stride)):
                found |= dict.fromkeys(self._windows[window])
        return list(found)

    def matching(self, name: str, blocks: Iterable[bytes]) -> Iterator[Line]:
        """The lines that hold a text, of what is read block by block, each at most `lines.BLOCK`.

        All is read, to its end, and only some of it is in memory.
        """
        # Grows with what was read, which `matching` then looks for in it.
        texts: list[bytes] = []
        seen = self._seen(blocks, texts)
        first, second = next(seen, b""), next(seen, b"")
        if texts or second:
            rest = chain([first, second], seen)
            yield from matching(name, lambda _size: next(rest, b""), texts)

    def _seen(self, blocks: Iterable[bytes], texts: list[bytes]) -> Iterator[bytes]:
        before = b""
        for block in blocks:
            data = before + block
            texts += [text for text in self.passed(data) if text not in texts]
            before = data[-self._overlap :]
            if block:  # nothing would be the end
                yield block


def _cost(stride: int, texts: Sequence[bytes]) -> float:
    """What a byte costs: its part of a window, and the texts that are too short for the stride."""
    return _COST / stride + sum(len(text) < _reach(stride) for text in texts)


def _reach(stride: int) -> int:
    """Bytes that cover a whole window wherever they begin."""
    return _WINDOW + stride - 1


def _windows(data: bytes, stride: int) -> Iterable[int]:
    """A number for each whole window that begins at a multiple of the stride."""
    whole = memoryview(data)[: len(data) // _WINDOW * _WINDOW]
    return whole.cast("I")[:: stride // _WINDOW] if whole else ()
