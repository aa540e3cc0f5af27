"""How the work of a task grows: its processor's time at twice a size, divided by that at the size.

2 is linear; much above 2.5 is worse. What `invoke --list` takes at the same time is subtracted from
both, so that start-up does not hide growth. Where the size is small all the rest of a task hides it
all the same: the goal is for the largest.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from . import checkout
from .api import Api, serving
from .ground import Ground, env_file
from .pairs import Command, spend
from .row import Goal, Row

GOAL = Goal(2.5)
KEY = "CONFIG_LOCK_KEY=" + "0123456789abcdef" * 4 + "\n"
SIZES = (10, 100, 1_000, 5_000)
RELEASES = (10, 100, 1_000)
VALUES, IN_FILES = (1, 10, 60, 300), 1_000
FILES, OF_VALUES, FILE_SIZE = (1_000, 4_000, 20_000), 60, 2_000

Make = Callable[[int], Command]


def diff(ground: Ground, count: int) -> Iterator[Row]:
    with serving() as api:

        def make(size: int) -> Command:
            folder = ground.project(f"growth-{size}", env_file(size))
            return ground.invoke(f"config.diff --app vars-{size}", folder, api.url)

        yield from _series("diff", "`config.diff`", "vars", SIZES, make, count)


def history(ground: Ground, count: int) -> Iterator[Row]:
    """Each of the releases changed a var, and is a request."""
    folder = ground.project("growth-history")
    with serving() as api:

        def make(size: int) -> Command:
            line = f"config.history --app releases-{size} --limit {size}"
            return ground.invoke(line, folder, api.url)

        yield from _series("history", "`config.history`", "releases", RELEASES, make, count)


def lock(ground: Ground, count: int) -> Iterator[Row]:
    def make(size: int) -> Command:
        folder = ground.project(f"growth-lock-{size}", KEY + env_file(size))
        return ground.invoke("config.lock", folder)

    yield from _series("lock", "`config.lock`", "vars", SIZES, make, count)


def pull(ground: Ground, count: int) -> Iterator[Row]:
    """Into a file that is not there yet, so that each of the vars is written."""
    folder = ground.project("growth-pull")
    checkout.ignoring(folder)
    with serving() as api:
        make = partial(_pull, ground, folder, api)
        yield from _series("pull", "`config.pull`", "vars", SIZES, make, count)


def _pull(ground: Ground, folder: Path, api: Api, size: int) -> Command:
    command = ground.invoke(f"config.pull --app vars-{size} --yes", folder, api.url)
    written = folder / ".env.production"
    return replace(command, before=lambda: written.unlink(missing_ok=True))


def check_values(ground: Ground, count: int) -> Iterator[Row]:
    """One tree, and an env file that grows."""
    root = checkout.checkout(ground, "growth-values", files=IN_FILES, size=FILE_SIZE, values=1)

    def make(size: int) -> Command:
        declared = root / ".env.production"
        command = ground.invoke("config.check", root, codes=(0, 2))
        return replace(command, before=lambda: declared.write_text(checkout.secrets(size)))

    yield from _series("values", "`config.check`", "values", VALUES, make, count)


def check_files(ground: Ground, count: int) -> Iterator[Row]:
    def make(size: int) -> Command:
        name = f"growth-files-{size}"
        root = checkout.checkout(ground, name, files=size, size=FILE_SIZE, values=OF_VALUES)
        return ground.invoke("config.check", root, codes=(2,))

    yield from _series("files", "`config.check`", "files", FILES, make, count)


def _series(
    name: str, task: str, what: str, sizes: tuple[int, ...], make: Make, count: int
) -> Iterator[Row]:
    for size in sizes:
        once, twice = make(size), make(2 * size)
        listed = replace(once, words=[once.words[0], "--list"], codes=(0,), before=lambda: None)
        for each in (once, twice):
            spend(each)
        figures, taken = [], []
        for _ in range(count):
            start, small, large = (spend(each).cpu for each in (listed, once, twice))
            figures.append((large - start) / (small - start))
            taken.append(large - start)
        yield Row(
            name=f"growth/{name} {size}",
            what=f"{task}, {2 * size:,} / {size:,} {what}: processor's time",
            figures=tuple(figures),
            goal=GOAL if size == sizes[-1] else None,
            beside=f"{median(taken):.3g} s for {2 * size:,}",
        )
