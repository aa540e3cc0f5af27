"""`config.diff` and `config.sync` over 300 apps, each of which differs in one var.

As for the drift, what a run of `invoke --list` takes just before is subtracted, and the ideal is
requests times latency, divided by workers. A sync writes, so each run has an API of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from .api import serving
from .ground import Ground, env_file
from .pairs import Spent, spend
from .row import Goal, Row

APPS, VARS, WORKERS = 300, 60, 16
LATENCY = 0.1
DIFF, SYNC = "config.diff --all", "config.sync --all --yes"


def project(ground: Ground) -> Path:
    apps = "".join(f"    vars-{VARS}-{number:03}: {{}}\n" for number in range(APPS))
    settings = f"heroku:\n  workers: {WORKERS}\n  apps:\n{apps}"
    other = env_file(VARS).replace("NAME_0='value 0'", "NAME_0='another'")
    return ground.project("fleet", other, settings)


def diff(ground: Ground, count: int) -> Iterator[Row]:
    runs = [_run(ground, DIFF, LATENCY) for _ in range(count)]
    yield Row(
        name="fleet/diff",
        what=f"`{DIFF}`, {_of_all(LATENCY)}: share of the ideal",
        figures=tuple(_ideal(requests) / own.wall * 100 for own, requests in runs),
        goal=Goal(80, is_least=True),
        unit=" %",
        beside=_beside(runs),
    )


def sync(ground: Ground, count: int) -> Iterator[Row]:
    runs = [_run(ground, SYNC, LATENCY) for _ in range(count)]
    yield Row(
        name="fleet/sync",
        what=f"`{SYNC}`, {_of_all(LATENCY)}: over the ideal",
        figures=tuple(own.wall / _ideal(requests) for own, requests in runs),
        goal=Goal(1.3),
        beside=_beside(runs),
    )


def memory(ground: Ground, count: int) -> Iterator[Row]:
    runs = [_run(ground, SYNC, 0.0) for _ in range(count)]
    yield Row(
        name="memory/fleet",
        what=f"`{SYNC}`, {APPS} apps, {WORKERS} workers: peak",
        figures=tuple(own.peak for own, _ in runs),
        goal=Goal(100),
        unit=" MB",
    )


def _of_all(latency: float) -> str:
    return f"{APPS} apps, {latency * 1000:.0f} ms an answer, {WORKERS} workers"


def _ideal(requests: int) -> float:
    return requests * LATENCY / WORKERS


def _beside(runs: list[tuple[Spent, int]]) -> str:
    seconds, requests = median(own.wall for own, _ in runs), runs[0][1]
    return f"{seconds:.2f} s, {requests:,} requests, {requests / APPS:.1f} an app"


def _run(ground: Ground, line: str, latency: float) -> tuple[Spent, int]:
    """What it took over `invoke --list`, and its requests."""
    folder = project(ground)
    with serving(latency) as api:
        spend(ground.invoke(f"config.diff --app vars-{VARS}-000", folder, api.url))  # the byte code
        before, listed = api.answered, spend(ground.invoke("--list", folder))
        done = spend(ground.invoke(line, folder, api.url))
        own = Spent(done.wall - listed.wall, done.cpu - listed.cpu, done.peak)
        return own, api.answered - before
