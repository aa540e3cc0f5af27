"""What is found in a file, however long it is and however long its lines are."""

import io
import tracemalloc

import pytest

from deploy.project.lines import BLOCK, OVERLAP, matching

NEEDLE = b"c4n4ry"


def found(data: bytes) -> list[int]:
    """The numbers of the lines that hold the needle."""
    lines = list(matching("f", io.BytesIO(data).read, [b"other", NEEDLE]))
    assert all(NEEDLE in line.text for line in lines)
    return sorted({line.number for line in lines})


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\nx"], ids=ascii)
def test_a_line_is_found_wherever_it_stands(end: bytes) -> None:
    assert found(b"x\n" + NEEDLE + b"\n\n" + NEEDLE + NEEDLE + end) == [2, 4]


def test_nothing_is_found_in_nothing() -> None:
    assert found(b"") == []


@pytest.mark.parametrize("place", [BLOCK - 1, BLOCK, BLOCK - 3, 2 * BLOCK - 3, BLOCK + 1])
def test_a_line_is_found_across_the_end_of_a_block(place: int) -> None:
    lines, rest = divmod(place, 64)
    data = (
        (b"x" * 63 + b"\n") * lines
        + b"y" * rest
        + NEEDLE
        + b"\n"
        + (b"z" * 63 + b"\n") * (BLOCK // 64)
    )
    assert found(data) == [lines + 1]


@pytest.mark.parametrize("place", [BLOCK - 3, 2 * BLOCK - 3, 2 * BLOCK - OVERLAP - 3, 0])
def test_a_text_is_found_wherever_it_stands_in_a_line_without_end(place: int) -> None:
    data = b"1\n" + b"x" * (place - 2) + NEEDLE + b"x" * (2 * BLOCK) + b"\n3\n" + NEEDLE
    assert found(data) == [2, 4]


@pytest.mark.parametrize("line", [b"x" * 63 + b"\n", b"x" * 64], ids=["lines", "one line"])
def test_of_a_large_file_little_is_in_memory(line: bytes) -> None:
    """As new files are read: 64 MiB of them."""
    left = [(BLOCK // 64)] * 16

    def read(_size: int) -> bytes:
        return line * left.pop() if left else b""

    tracemalloc.start()
    assert list(matching("f", read, [NEEDLE])) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * BLOCK
