"""What the README promises in numbers, counted again, and the commands that it names."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .faults.story import KINDS
from .fuzz import NAMES
from .stories.test_fleet_faults import ANSWERS, PLACES, POSITIONS
from .tasks.test_trips import TASKS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROMISES = README.partition("## What is promised\n")[2].partition("\n## ")[0]
WORDS = ("no", "one", "two", "three", "four")


def collected(path: str) -> int:
    """How many cases all of a file are."""
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", path],
        cwd=ROOT,
        env={**os.environ, "EVERY": "1"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    [count] = re.findall(rf"^{re.escape(path)}: (\d+)$", told, re.MULTILINE)
    return int(count)


def test_so_many_runs_look_for_a_value_and_not_many_more() -> None:
    [said] = re.findall(r"more than ([\d,]+) runs", PROMISES)
    count, least = collected("tests/test_canary.py"), int(said.replace(",", ""))
    assert least < count < least * 1.25


def test_the_syncs_that_meet_a_fault_are_as_many_as_is_said() -> None:
    faults, places, positions = len(ANSWERS), len(PLACES), len(POSITIONS)
    assert (
        f"{faults} faults of an answer, at {places} requests of a sync, at {positions} places"
        f" among many apps, once and for good: {faults * places * positions * 2:,} syncs"
    ) in PROMISES


def test_the_kinds_of_trouble_and_the_subjects_are_as_many_as_is_said() -> None:
    assert len(KINDS) > 50
    assert "more than 50 kinds of trouble" in PROMISES
    assert f"of each of {len(NAMES)} subjects" in PROMISES


def test_the_answers_that_are_waited_for_are_as_many_as_is_said() -> None:
    diff, sync = (len(TASKS[task][2]) for task in ("diff, changed", "sync, changed"))
    words = f"A diff waits for {WORDS[diff]} answer, and a sync with `--yes` for {WORDS[sync]}."
    assert words in PROMISES


@pytest.mark.parametrize("command", sorted({*re.findall(r"`([^`]*\btests[^`]*)`", PROMISES)}))
def test_what_makes_a_number_again_is_there(command: str) -> None:
    [place] = re.findall(r"\btests[/.\w]*", command)
    path = ROOT / (place.replace(".", "/") if " -m " in command else place)
    assert path.is_file() or path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize(
    "option", ["faults --stories 1000", "fuzz --examples 1000", "kills --times 50"]
)
def test_what_each_run_of_the_gate_does_is_what_it_says(option: str) -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(rf"-m tests\.(faults\.)?{option}\b", gate)


def test_each_note_of_the_comparison_is_there_and_used() -> None:
    used = re.findall(r"\[\^(\w+)\](?!:)", README)
    there = re.findall(r"^\[\^(\w+)\]:", README, re.MULTILINE)
    assert {*used} == {*there}
    assert len(there) == len({*there})


def test_a_row_of_the_comparison_speaks_of_each_tool() -> None:
    text = README.partition("## Beside other tools\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    assert {len(row) for row in rows} == {8}
    assert not [row for row in rows if any(not cell.strip() for cell in row[1:])]
