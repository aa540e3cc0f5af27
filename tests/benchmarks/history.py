"""The search of a whole history, in a repository of generated text of about 90 MiB of packs.

60 secrets are looked for, of which one stood in an early version of a file. The search of all that
git holds is timed beside git that only unpacks it, and beside `git grep` in a few commits, for as
many as there are; both processes work at once, and so the processor's time counts beside that of
the clock.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import NamedTuple

from deploy.checks.hardcoded.needles import needles
from deploy.envfile import parser
from deploy.project.facts import Env, Project
from deploy.project.git import Checkout
from deploy.project.lines import Line
from deploy.project.objects import held, places

from .ground import Ground
from .row import Row

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


def rows(ground: Ground, count: int) -> Iterator[Row]:
    """Once: `count` does not matter to what takes minutes."""
    del count
    choose = random.Random(1)
    values = ["".join(choose.choices(KEY, k=32)) for _ in range(SECRETS)]
    text = "".join(f"SECRET_KEY_{number}={value}\n" for number, value in enumerate(values))
    env = Env(".env.production", parser.parse(text.encode(), source="benchmark"))
    searched = needles(Project((env,))).searched
    top = ground.folder("history")
    context = get_context("spawn")
    found: SimpleQueue[Row] = context.SimpleQueue()
    # In processes of their own, so that the peak of the second is that of the search.
    for work in (partial(build, top, COMMITS, values[7]), partial(measure, top, searched, found)):
        process = context.Process(target=work)
        process.start()
        process.join()
    while not found.empty():
        yield found.get()


def measure(top: Path, searched: list[bytes], tell: SimpleQueue[Row]) -> None:
    found: list[str] = []

    def search() -> None:
        found[:] = [
            each.path for each in held(Checkout(top, ""), searched) if isinstance(each, Line)
        ]
        assert found

    def say(name: str, what: str, figure: float, unit: str = "", beside: str = "") -> None:
        row = Row(name=f"history/{name}", what=what, figures=(figure,), unit=unit, beside=beside)
        tell.put(row)

    blobs = (
        "git cat-file --batch-all-objects --unordered --batch-check='%(objecttype) %(objectname)'"
    )
    _git(top, f"{blobs} | sed -n 's/^blob //p' > .git/blobs")
    unpack = spent(lambda: _git(top, "git cat-file --batch --buffer < .git/blobs > /dev/null"))
    ours = spent(search)
    both = f"{ours}; to unpack: {unpack}"
    what = f"the search of {_size(top)} for {len(searched)} texts / git that unpacks them"
    say("time", what, ours.clock / unpack.clock, beside=both)
    say("CPU", "the same: processor's time here / in git", ours.ours / ours.gits)
    where = spent(lambda: places(Checkout(top, ""), found))
    say("places", f"where {len(found)} blobs stood", where.clock, unit=" s")
    unit = 1e6 if sys.platform == "darwin" else 1e3
    for name, who in (("here", resource.RUSAGE_SELF), ("git", resource.RUSAGE_CHILDREN)):
        say(f"memory {name}", "peak", resource.getrusage(who).ru_maxrss / unit, unit=" MB")
    commits = _git(top, "git rev-list --all").split()
    some = " ".join(commits[:: len(commits) // SAMPLE])
    few = spent(lambda: _git(top, f"git grep -c -F -f - {some}", b"\n".join(searched)))
    hours = few.gits / SAMPLE * len(commits) / 3600
    say("git grep", f"`git grep` in each commit, from {SAMPLE} of them", hours, unit=" h")


def _size(top: Path) -> str:
    each = _git(top, "git cat-file --batch-all-objects --batch-check='%(objecttype) %(objectsize)'")
    sizes = [int(line.split()[1]) for line in each.splitlines() if line.startswith("blob")]
    packs = sum(path.stat().st_size for path in top.glob(".git/objects/pack/*.pack"))
    return f"{packs >> 20} MiB of packs ({len(sizes):,} blobs, {sum(sizes) >> 20:,} MiB)"


def _git(top: Path, line: str, given: bytes = b"") -> str:
    done = subprocess.run(
        ["sh", "-c", line], cwd=top, input=given, capture_output=True, check=False
    )
    return done.stdout.decode()
