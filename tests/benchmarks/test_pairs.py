"""Processes in pairs: their order, what a ratio is, and that a failure is no figure."""

import sys
from pathlib import Path

import pytest

from .pairs import Command, Spent, medians, pairs, ratios, spend
from .row import NotMeasured

PAIRS = [
    (Spent(1.0, 0.5, 30.0), Spent(2.0, 0.25, 60.0)),
    (Spent(3.0, 0.5, 30.0), Spent(2.0, 0.5, 60.0)),
    (Spent(5.0, 0.5, 30.0), Spent(4.0, 0.5, 60.0)),
]


def python(folder: Path, program: str, *codes: int) -> Command:
    return Command(
        words=[sys.executable, "-c", program], folder=folder, env={}, codes=codes or (0,)
    )


def test_a_ratio_is_made_of_each_pair() -> None:
    assert ratios(PAIRS, lambda each: each.wall) == (0.5, 1.5, 1.25)
    assert ratios(PAIRS, lambda each: each.cpu) == (2.0, 1.0, 1.0)


def test_the_medians_of_both_sides_stand_beside_it() -> None:
    assert medians(PAIRS, lambda each: each.wall, "s") == "3 / 2 s"


def test_the_two_take_turns_and_who_is_first_changes(tmp_path: Path) -> None:
    def noting(letter: str) -> Command:
        return python(tmp_path, f"open('log', 'a').write({letter!r})")

    assert len(pairs(noting("a"), noting("b"), 4)) == 4
    assert (tmp_path / "log").read_text() == "ab" + "ab" + "ba" + "ab" + "ba"


def test_memory_is_that_of_the_process_and_not_of_who_started_it(tmp_path: Path) -> None:
    ours = bytearray(120_000_000)
    small = spend(python(tmp_path, "pass")).peak
    large = spend(python(tmp_path, "x = bytearray(80_000_000)")).peak
    assert small + 60 < large < len(ours) / 1e6


def test_a_process_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match="ended with 3: no luck"):
        spend(python(tmp_path, "import sys; print('no luck', file=sys.stderr); sys.exit(3)"))
    assert spend(python(tmp_path, "raise SystemExit(3)", 3)).wall > 0


def test_a_program_that_is_not_there_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(NotMeasured, match="there is no nowhere-to-be-found"):
        spend(Command(words=["nowhere-to-be-found"], folder=tmp_path, env={"PATH": "/bin"}))
