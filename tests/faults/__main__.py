"""`python -m tests.faults --stories N --seed S`: a storm, its figures, and each story that failed.

The seeds are S, S + 1, and so on: a story that failed is repeated by its own. Exits with 1 where
an invariant was broken.
"""

import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from .storm import Storm, rage


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--stories", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=10, help="how many that fail are made small")
    asked = parser.parse_args()
    seen = 0

    def progress(storm: Storm) -> None:
        nonlocal seen
        for failure in storm.failures[seen : asked.most]:
            print(failure, flush=True)
        seen = len(storm.failures)

    with tempfile.TemporaryDirectory() as folder:
        seeds = range(asked.seed, asked.seed + asked.stories)
        storm = rage(seeds, Path(folder), most=asked.most, progress=progress)
    print(storm)
    return 1 if storm.failures else 0


if __name__ == "__main__":
    sys.exit(main())
