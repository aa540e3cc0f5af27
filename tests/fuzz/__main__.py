"""`python -m tests.fuzz --examples N --seed S [NAME …]`; exits with 1 where something broke."""

from __future__ import annotations

import argparse
import sys
import time
from itertools import islice
from random import SystemRandom

from tests.fuzz import NAMES, run

MOST = 10
"""Failures of one subject that are shown."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--examples", type=int, default=1_000, help="of each; 1000 unless told")
    parser.add_argument("--seed", default=str(SystemRandom().randrange(10**6)))
    parser.add_argument("--first", type=int, default=0, help="the first example's number")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    is_broken = False
    for name in given.names or NAMES:
        start = time.monotonic()
        failures = run(name, examples=given.examples, seed=given.seed, first=given.first)
        found = 0
        for failure in islice(failures, MOST):
            found += 1
            print(failure)
        is_broken = is_broken or bool(found)
        word = f"{found} failures" if found < MOST else f"{found} failures, and left there"
        took = time.monotonic() - start
        print(f"{name}: {given.examples:,} examples, seed {given.seed}: {word} ({took:.0f} s)")
    return int(is_broken)


if __name__ == "__main__":
    sys.exit(main())
