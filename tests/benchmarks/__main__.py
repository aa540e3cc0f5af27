"""Measure what the tasks cost, and print it beside its goals.

A row is a ratio of two whole processes that take turns, or a figure of one: the median of its runs,
the smallest and the largest, its goal, and the load average of the machine, without which no figure
says much. Nothing passes or fails by a goal; the exit code is 1 where a row could not be measured,
and the row is then told with its reason.

Heroku's CLI (from npm) and ripgrep (from Debian, where none is installed) are fetched into a
temporary folder; all else stays on loopback. Without a NAME all is measured but history, parser
and hostile, in less than ten minutes.

  python -m tests.benchmarks diff/floor --pairs 5
  python -m tests.benchmarks check drift
  python -m tests.benchmarks --write
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from . import check, diff, drift, fleet, growth, history, hostile, memory, parser, trips
from .api import ROOT
from .ground import Ground
from .plot import plot
from .row import Missing, NotMeasured, Row
from .table import replaced, table

PLOT = ROOT / ".github" / "benchmarks.svg"


class Benchmark(NamedTuple):
    """What measures some rows, with so many runs or pairs of them unless told."""

    rows: Callable[[Ground, int], Iterator[Row]]
    runs: int
    is_only_named: bool = False


BENCHMARKS = {
    "diff/cli": Benchmark(diff.cli, 15),
    "diff/floor": Benchmark(diff.floor, 15),
    "diff/http": Benchmark(diff.http, 15),
    "check/read": Benchmark(check.read, 5),
    "check/rg": Benchmark(check.rg, 5),
    "drift/16": Benchmark(drift.sixteen, 3),
    "drift/64": Benchmark(drift.sixty_four, 3),
    "drift/cpu": Benchmark(drift.cpu, 3),
    "fleet/diff": Benchmark(fleet.diff, 3),
    "fleet/sync": Benchmark(fleet.sync, 3),
    "memory/diff": Benchmark(memory.of_diff, 5),
    "memory/drift": Benchmark(memory.of_drift, 3),
    "memory/fleet": Benchmark(fleet.memory, 3),
    "growth/diff": Benchmark(growth.diff, 3),
    "growth/history": Benchmark(growth.history, 3),
    "growth/lock": Benchmark(growth.lock, 3),
    "growth/pull": Benchmark(growth.pull, 3),
    "growth/values": Benchmark(growth.check_values, 3),
    "growth/files": Benchmark(growth.check_files, 2),
    "trips": Benchmark(trips.rows, 2),
    "history": Benchmark(history.rows, 1, is_only_named=True),
    "parser": Benchmark(parser.rows, 5, is_only_named=True),
    "hostile": Benchmark(hostile.rows, 3, is_only_named=True),
}


def chosen(names: Sequence[str]) -> list[str]:
    """The benchmarks of these names, or of these subjects; raises ValueError for an unknown one."""
    if not names:
        return [name for name, each in BENCHMARKS.items() if not each.is_only_named]
    for name in names:
        if not any(name in (each, each.partition("/")[0]) for each in BENCHMARKS):
            raise ValueError(f"there is no {name}: there are {', '.join(BENCHMARKS)}")
    return [each for each in BENCHMARKS if {each, each.partition("/")[0]} & {*names}]


def measured(names: Sequence[str], pairs: int | None) -> Iterator[Row | Missing]:
    """Each row as soon as it is known."""
    with tempfile.TemporaryDirectory() as root:
        ground = Ground(Path(root))
        for name in names:
            benchmark = BENCHMARKS[name]
            try:
                yield from benchmark.rows(ground, pairs or benchmark.runs)
            except NotMeasured as error:
                yield Missing(name, str(error))


def main() -> int:
    given = arguments()
    found: list[Row | Missing] = []
    for each in measured(given.names, given.pairs):
        print(each, flush=True)
        found.append(each)
    rows = [each for each in found if isinstance(each, Row)]
    missing = [each for each in found if isinstance(each, Missing)]
    if given.write:
        write(rows, missing)
    return 1 if missing else 0


def arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = ", ".join(BENCHMARKS)
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"of {names}; `diff` is all diff/…")
    asked.add_argument("--pairs", type=int, help="how many of each; else 15 (diff), 5 or fewer")
    asked.add_argument(
        "--write",
        action="store_true",
        help="put what was measured and has a goal, and nothing else, into the README's table and"
        f" into {PLOT.relative_to(ROOT)}",
    )
    given = asked.parse_args()
    if given.pairs is not None and given.pairs < 1:
        asked.error("--pairs: at least one")
    try:
        given.names = chosen(given.names)
    except ValueError as error:
        asked.error(str(error))
    return given


def write(rows: Sequence[Row], missing: Sequence[Missing]) -> None:
    about = (
        f"Measured on {os.cpu_count()} cores with Python {platform.python_version()};"
        " the load average is beside each row."
    )
    if missing:
        about += f" Not measured: {', '.join(each.name for each in missing)}."
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(replaced(text, table(rows, about=about)), encoding="utf-8")
    PLOT.write_text(plot(rows), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
