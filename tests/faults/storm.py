"""Many stories, one after the other, and what came of them."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from .draw import draw
from .judge import violations
from .running import Told, live_through
from .shrink import shrink
from .story import KINDS, Story


@dataclass
class Failure:
    """A story that broke an invariant, made small."""

    story: Story
    broken: list[str]

    def __str__(self) -> str:
        lines = [f"story {self.story.seed}:", *(f"  - {each}" for each in self.broken)]
        lines += [f"  call {place}: {call}" for place, call in enumerate(self.story.calls)]
        lines += [f"  fault: {fault}" for fault in self.story.faults]
        again = f"python -m tests.faults --stories 1 --seed {self.story.seed}"
        return "\n".join([*lines, f"  again: {again}"])


@dataclass
class Storm:
    stories: int = 0
    runs: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    endings: Counter[tuple[str, int]] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, told: Told) -> None:
        self.stories += 1
        self.runs += len(told.runs) + 1
        happened = told.world.fired + Counter(f.kind for f in told.story.faults if not f.endpoint)
        self.faults += happened
        self.pairs |= {(one, other) for one, other in combinations(sorted(happened), 2)}
        self.pairs |= {(kind, kind) for kind, times in happened.items() if times > 1}
        self.endings += Counter((run.call.task, run.code) for run in told.runs)

    def __str__(self) -> str:
        kinds = len(KINDS)
        minute = 60 * self.stories / self.seconds if self.seconds else 0
        ended = ", ".join(
            f"{task} {code}: {times}" for (task, code), times in sorted(self.endings.items())
        )
        return "\n".join(
            [
                f"{self.stories:,} stories, {self.runs:,} runs, {minute:,.0f} stories a minute",
                f"{self.faults.total():,} faults of {len(self.faults)} kinds (of {kinds})",
                f"{len(self.pairs):,} pairs of kinds (of {kinds * (kinds + 1) // 2:,})",
                f"exit codes: {ended}",
                f"{len(self.failures)} stories broke an invariant",
            ]
        )


def broken_in(story: Story, folder: Path) -> list[str]:
    return violations(live_through(story, folder))


def rage(
    seeds: range,
    folder: Path,
    *,
    most: int = 10,
    progress: Callable[[Storm], object] = lambda _: None,
) -> Storm:
    """Live through a story for each seed; the first `most` that fail are made small."""
    storm, start = Storm(), time.perf_counter()
    for seed in seeds:
        told = live_through(draw(seed), folder)
        storm.note(told)
        if broken := violations(told):
            story = told.story
            if len(storm.failures) < most:
                story = shrink(story, lambda each: bool(broken_in(each, folder)))
                broken = broken_in(story, folder)
            storm.failures.append(Failure(story, broken))
        storm.seconds = time.perf_counter() - start
        progress(storm)
    return storm
