"""Measure the search of a history: `.venv/bin/python -m tests.bench_history [COMMITS]`.

A repository of generated text, with 32,000 commits about 90 MiB of packs, and 60 secrets of which
one stood in an early version of a file. The search of all that git holds is timed beside git that
only unpacks it, and beside `git grep` in a few commits, for as many as there are; both processes
work at once, and so the processor's time counts beside that of the clock. Nothing here passes or
fails.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from deploy.checks.hardcoded import values as hardcoded
from deploy.envfile import parser
from deploy.project.facts import Env, Project
from deploy.project.git import Checkout
from deploy.project.lines import Line
from deploy.project.objects import held, places

COMMITS, FILES, TABLES, SECRETS, SAMPLE = 32_000, 4_000, 6, 60, 8
LETTERS = "abcdefghijklmnopqrstuvwxyz"
KEY = LETTERS + LETTERS.upper() + "0123456789"


class Text:
    """Lines that are as hard to compress as code."""

    def __init__(self, choose: random.Random) -> None:
        words = ["".join(choose.choices(LETTERS, k=choose.randrange(2, 11))) for _ in range(20_000)]
        common = [1 / (rank + 10) for rank in range(len(words))]
        self.choose = choose
        self.words = choose.choices(words, common, k=2_000_000)

    def line(self) -> str:
        choose = self.choose
        start = choose.randrange(len(self.words) - 12)
        call = f"({choose.randrange(10**6)})" if choose.random() < 0.3 else ""
        return " ".join(self.words[start : start + choose.randrange(3, 11)]) + call

    def lines(self, count: int) -> list[str]:
        return [self.line() for _ in range(count)]


def build(top: Path, commits: int, planted: str) -> None:
    choose = random.Random(7)
    text = Text(choose)
    files = {
        f"d{number // 400}/e{number // 40 % 10}/f{number}.py": text.lines(
            int(choose.lognormvariate(5.3, 0.8)) + 5
        )
        for number in range(FILES)
    }
    tables = {f"data/{number}.csv": text.lines(60_000) for number in range(TABLES)}
    names, first = list(files), {**files, **tables}
    files |= tables
    subprocess.run(["git", "init", "-q", "-b", "main", top], check=True)
    work = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=top, stdin=subprocess.PIPE)
    assert work.stdin
    for number in range(commits):
        changed = choose.sample(names, 3) if number else list(first)
        changed += choose.sample(list(tables), 1) if number and number % 400 == 0 else []
        head = f"commit refs/heads/main\ncommitter X <x@y.z> {1_600_000_000 + number * 60} +0000\n"
        work.stdin.write(f"{head}data 1\nx\n".encode())
        for name in changed:
            lines = files[name]
            for _ in range(choose.randrange(1, 4) if number else 0):
                start, count = choose.randrange(len(lines)), choose.randrange(1, 12)
                lines[start : start + choose.randrange(count + 1)] = text.lines(count)
            more = [f'key = "{planted}"'] if number == commits // 9 else []
            data = "".join(f"{line}\n" for line in lines + more).encode()
            work.stdin.write(f"M 100644 inline {name}\ndata {len(data)}\n".encode() + data + b"\n")
    work.stdin.close()
    assert work.wait() == 0
    subprocess.run(["git", "repack", "-adfq"], cwd=top, check=True)


class Spent(NamedTuple):
    """Seconds: of the clock, of this process's processor time, and of git's."""

    clock: float
    ours: float
    gits: float

    def __str__(self) -> str:
        return f"{self.clock:.1f} s; processor {self.ours:.1f} s here, {self.gits:.1f} s in git"


def spent(work: Callable[[], object]) -> Spent:
    def now() -> Spent:
        used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        ours, gits = (each.ru_utime + each.ru_stime for each in used)
        return Spent(time.perf_counter(), ours, gits)

    before = now()
    work()
    return Spent(*(end - start for start, end in zip(before, now(), strict=True)))


def main() -> None:
    commits = int(sys.argv[1]) if len(sys.argv) > 1 else COMMITS
    choose = random.Random(1)
    values = ["".join(choose.choices(KEY, k=32)) for _ in range(SECRETS)]
    text = "".join(f"SECRET_KEY_{number}={value}\n" for number, value in enumerate(values))
    env = Env(".env.production", parser.parse(text.encode(), source="bench"))
    needles = hardcoded.needles(Project((env,))).searched
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        # In processes of their own, so that the peak of the second is that of the search.
        for work in (partial(build, top, commits, values[7]), partial(measure, top, needles)):
            process = get_context("spawn").Process(target=work)
            process.start()
            process.join()


def measure(top: Path, needles: list[bytes]) -> None:
    def git(line: str, given: bytes = b"") -> str:
        done = subprocess.run(
            ["sh", "-c", line], cwd=top, input=given, capture_output=True, check=False
        )
        return done.stdout.decode()

    found: list[str] = []

    def search() -> None:
        found[:] = [
            each.path for each in held(Checkout(top, ""), needles) if isinstance(each, Line)
        ]
        assert found

    each = git("git cat-file --batch-all-objects --batch-check='%(objecttype) %(objectsize)'")
    sizes = [int(line.split()[1]) for line in each.splitlines() if line.startswith("blob")]
    packs = sum(path.stat().st_size for path in top.glob(".git/objects/pack/*.pack"))
    print(f"{packs >> 20} MiB of packs: {len(sizes):,} blobs of {sum(sizes) >> 20:,} MiB in all")
    blobs = (
        "git cat-file --batch-all-objects --unordered --batch-check='%(objecttype) %(objectname)'"
    )
    git(f"{blobs} | sed -n 's/^blob //p' > .git/blobs")
    unpack = spent(lambda: git("git cat-file --batch --buffer < .git/blobs > /dev/null"))
    print(f"git unpacks the blobs: {unpack}")
    ours = spent(search)
    print(f"the search, for {len(needles)} texts: {ours}")
    print(f"ours / git's: {ours.ours / ours.gits:.2f} of the processor's time")
    print(f"search / unpack: {ours.clock / unpack.clock:.2f} of the clock's")
    print(f"where {len(found)} stood: {spent(lambda: places(Checkout(top, ''), found))}")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peaks = [resource.getrusage(who).ru_maxrss / unit for who in whose]
    print(f"peak: {peaks[0]:.0f} MB here, {peaks[1]:.0f} MB in git")
    commits = git("git rev-list --all").split()
    some = " ".join(commits[:: len(commits) // SAMPLE])
    few = spent(lambda: git(f"git grep -c -F -f - {some}", b"\n".join(needles)))
    print(
        f"git grep, in each commit: {few.gits / SAMPLE * len(commits) / 3600:.1f} h, from {SAMPLE}"
    )


if __name__ == "__main__":
    main()
