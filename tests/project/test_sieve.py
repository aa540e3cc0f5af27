"""Many texts in much data: each that is there is found, wherever it begins."""

import random
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.project import lines
from deploy.project.sieve import Sieve

WORDS = st.text("ab", max_size=40).map(str.encode)
LENGTHS = (1, 3, 4, 6, 7, 8, 10, 11, 14, 15, 18, 19, 40)
MANY = [f"c4n4ry-{number:05}-{'x' * 20}".encode() for number in range(300)]
"""So many that they are looked for with the widest stride."""


def found(texts: list[bytes], *blocks: bytes) -> list[tuple[int, bytes]]:
    return [(line.number, line.text) for line in Sieve(texts).matching("f", blocks)]


@given(st.lists(WORDS.filter(bool), max_size=40), WORDS)
def test_each_text_that_is_there_passes(texts: list[bytes], data: bytes) -> None:
    assert {text for text in texts if text in data} <= set(Sieve(texts).passed(data))


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("others", [[], MANY], ids=["alone", "among many"])
def test_a_text_of_any_length_passes_wherever_it_begins(length: int, others: list[bytes]) -> None:
    text = bytes(range(65, 65 + length))
    sieve = Sieve([text, *others])
    for start in range(40):
        for end in range(5):
            assert text in sieve.passed(b"." * start + text + b"." * end)


def test_hardly_a_text_passes_that_is_not_there() -> None:
    choose = random.Random(1)
    texts = [choose.randbytes(32) for _ in range(200)]
    assert Sieve(texts).passed(choose.randbytes(100_000)) == []


def test_of_nothing_nothing_passes() -> None:
    assert Sieve([]).passed(b"abcdefgh") == []
    assert Sieve(MANY).passed(b"") == []
    assert found(MANY) == []


def test_a_line_is_found_with_its_number_once() -> None:
    data = b"one\nx " + MANY[7] + b" " + MANY[7] + MANY[8] + b"\nthree\n" + MANY[9]
    lines = data.split(b"\n")
    assert found(MANY, data) == [(2, lines[1]), (4, lines[3])]


@pytest.mark.sampled(15)
@pytest.mark.parametrize("cut", range(1, 34))
@pytest.mark.parametrize("texts", [MANY, MANY[6:8]], ids=["many", "few"])
def test_a_text_is_found_across_the_end_of_a_block(texts: list[bytes], cut: int) -> None:
    text = MANY[7]
    assert len(text) == 33
    for length in range(20):
        before = b"." * length + b"\n"
        whole = before + text + b"\nrest"
        end = len(before) + cut
        assert found(texts, whole[:end], whole[end:]) == [(2, text)]


@pytest.mark.parametrize("texts", [MANY, MANY[6:9]], ids=["many", "few"])
def test_a_text_is_found_though_it_comes_byte_by_byte(texts: list[bytes]) -> None:
    whole = b"one\n" + MANY[7] + b"\n" + MANY[8] + b"\n"
    assert found(texts, *(bytes([byte]) for byte in whole)) == [(2, MANY[7]), (3, MANY[8])]


def test_an_empty_block_is_no_end() -> None:
    assert found(MANY, b"one\n", b"", MANY[7], b"") == [(2, MANY[7])]


def test_all_is_read_though_nothing_is_found() -> None:
    blocks = iter([b"x\n" * 10, b"", b"y" * 10, b"z"])
    assert list(Sieve(MANY).matching("f", blocks)) == []
    assert next(blocks, None) is None


def test_of_much_data_little_is_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line of 8 MiB."""
    size = 256 << 10
    monkeypatch.setattr(lines, "BLOCK", size)
    monkeypatch.setattr(lines, "OVERLAP", size // 16)
    tracemalloc.start()
    assert list(Sieve(MANY).matching("f", (b"y" * size for _ in range(32)))) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * size


def test_a_sieve_does_not_show_its_texts() -> None:
    assert repr(Sieve(MANY)) == "Sieve()"
