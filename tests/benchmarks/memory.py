"""What the largest process holds in memory at its peak, in megabytes."""

from collections.abc import Iterator

from . import diff, drift
from .api import serving
from .ground import Ground, env_file
from .pairs import Command, spend
from .row import Goal, Row


def of_diff(ground: Ground, count: int) -> Iterator[Row]:
    """Over HTTP, and over TLS, whose library is another part of it."""
    folder = ground.project("diff", env_file(diff.VARS))
    what = f"`config.diff`, {diff.VARS} vars: peak"
    with serving() as api:
        yield _row("memory/diff", what, ground.invoke(diff.LINE, folder, api.url), count, 40)
    with serving(certificate=ground.certificate) as api:
        command = ground.invoke(diff.LINE, folder, api.url)
        yield _row("memory/diff TLS", f"{what}, over TLS", command, count, 40)


def of_drift(ground: Ground, count: int) -> Iterator[Row]:
    with serving() as api:
        command = ground.invoke("config.drift", drift.project(ground, 16), api.url)
        what = f"`config.drift`, {drift.APPS} apps, 16 workers: peak"
        yield _row("memory/drift", what, command, count, 45)


def _row(name: str, what: str, command: Command, count: int, goal: float) -> Row:
    figures = tuple(spend(command).peak for _ in range(count))
    return Row(name=name, what=what, figures=figures, goal=Goal(goal), unit=" MB")
