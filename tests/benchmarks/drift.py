"""`config.drift` over 500 apps, none of which drifted.

What a run of `invoke --list` takes just before is subtracted, so that the figures are the drift's
own. The ideal is requests times latency, divided by workers.
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from .api import Api, serving
from .ground import Ground, env_file
from .pairs import Spent, spend
from .row import Goal, Row

APPS, VARS = 500, 60
LATENCY = 0.1


def project(ground: Ground, workers: int) -> Path:
    apps = "".join(f"    vars-{VARS}-{number:03}: {{}}\n" for number in range(APPS))
    settings = f"heroku:\n  workers: {workers}\n  apps:\n{apps}"
    return ground.project(f"drift-{workers}", env_file(VARS), settings)


def sixteen(ground: Ground, count: int) -> Iterator[Row]:
    yield _share(ground, count, 16, Goal(92, is_least=True))


def sixty_four(ground: Ground, count: int) -> Iterator[Row]:
    yield _share(ground, count, 64, Goal(85, is_least=True))


def cpu(ground: Ground, count: int) -> Iterator[Row]:
    """What the tool itself costs, where nothing is waited for."""
    with serving() as api:
        runs = _runs(ground, count, 16, api)
    what = f"`config.drift`, {APPS} apps, 16 workers, no latency"
    yield Row(
        name="drift/cpu",
        what=f"{what}: processor's time an app",
        figures=tuple(own.cpu / APPS * 1000 for own, _ in runs),
        goal=Goal(1.3),
        unit=" ms",
    )
    yield Row(
        name="drift/speed",
        what=f"{what}: apps a second",
        figures=tuple(APPS / own.wall for own, _ in runs),
    )


def _share(ground: Ground, count: int, workers: int, goal: Goal) -> Row:
    with serving(LATENCY) as api:
        runs = _runs(ground, count, workers, api)
    return Row(
        name=f"drift/{workers}",
        what=f"`config.drift`, {APPS} apps, {LATENCY * 1000:.0f} ms an answer, {workers} workers:"
        " share of the ideal",
        figures=tuple(requests * LATENCY / workers / own.wall * 100 for own, requests in runs),
        goal=goal,
        unit=" %",
        beside=f"{median(own.wall for own, _ in runs):.2f} s, {runs[0][1]:,} requests",
    )


def _runs(ground: Ground, count: int, workers: int, api: Api) -> list[tuple[Spent, int]]:
    """For each run what it took over `invoke --list`, and its requests."""
    folder = project(ground, workers)
    command = ground.invoke("config.drift", folder, api.url)
    start = ground.invoke("--list", folder)
    spend(ground.invoke(f"config.drift --app vars-{VARS}-000", folder, api.url))  # the byte code
    runs = []
    for _ in range(count):
        before, listed = api.answered, spend(start)
        done = spend(command)
        own = Spent(done.wall - listed.wall, done.cpu - listed.cpu, done.peak)
        runs.append((own, api.answered - before))
    return runs
