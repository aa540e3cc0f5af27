"""Whole processes, timed in pairs: a machine that slows down slows both, and the ratio stays.

The kernel says what a process and all that it waited for took. A child begins with the peak of
memory of whoever started it, so a small process of its own starts each.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .row import Goal, NotMeasured, Row

_LAUNCH = """\
import json, os, sys, time
start = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_, status, usage = os.wait4(process, 0)
wall = time.perf_counter() - start
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6,
    os.waitstatus_to_exitcode(status)]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A process to time; `codes` are the exit codes with which it did what it should."""

    words: Sequence[str]
    folder: Path
    env: Mapping[str, str]
    codes: tuple[int, ...] = (0,)
    before: Callable[[], object] = lambda: None
    """What is to be done ahead of each run, and is not timed."""


class Spent(NamedTuple):
    """Seconds of the clock and of processors, and megabytes of the largest process at its peak."""

    wall: float
    cpu: float
    peak: float


Pair = tuple[Spent, Spent]


def spend(command: Command) -> Spent:
    """Raises NotMeasured where the process failed: its figures would say nothing."""
    command.before()
    program = shutil.which(command.words[0], path=command.env.get("PATH"))
    if program is None:
        raise NotMeasured(f"there is no {command.words[0]}")
    done = subprocess.run(
        [sys.executable, "-S", "-c", _LAUNCH, program, *command.words[1:]],
        cwd=command.folder,
        env=command.env,
        capture_output=True,
        check=True,
    )
    *figures, code = json.loads(done.stdout)
    if code not in command.codes:
        said = done.stderr.decode(errors="replace").strip()
        raise NotMeasured(f"{' '.join(command.words)} ended with {code}: {said[-500:]}")
    return Spent(*figures)


def pairs(ours: Command, theirs: Command, count: int) -> list[Pair]:
    """As many runs of each, in turn; who is first changes too. What is made once is made before."""
    for each in (ours, theirs):
        spend(each)
    found = []
    for number in range(count):
        if number % 2:
            second = spend(theirs)
            found.append((spend(ours), second))
        else:
            found.append((spend(ours), spend(theirs)))
    return found


def ratios(found: Iterable[Pair], of: Callable[[Spent], float]) -> tuple[float, ...]:
    return tuple(of(ours) / of(theirs) for ours, theirs in found)


def medians(found: Iterable[Pair], of: Callable[[Spent], float], unit: str) -> str:
    """What a ratio is of: the median of either side."""
    ours, theirs = (median(map(of, side)) for side in zip(*found, strict=True))
    return f"{ours:.3g} / {theirs:.3g} {unit}"


_MEASURES: dict[str, tuple[Callable[[Spent], float], str]] = {
    "time": (lambda each: each.wall, "s"),
    "CPU": (lambda each: each.cpu, "s"),
    "memory": (lambda each: each.peak, "MB"),
}


def rows(name: str, what: str, found: list[Pair], **goals: Goal | None) -> Iterator[Row]:
    """A row a measure (`time`, `CPU`, `memory`), each with its goal if it has one."""
    for measure, goal in goals.items():
        of, unit = _MEASURES[measure]
        yield Row(
            name=f"{name} {measure}",
            what=what,
            figures=ratios(found, of),
            goal=goal,
            beside=medians(found, of, unit),
        )
