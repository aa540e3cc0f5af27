"""Does an app hold what this commit needs: the code is read, and the app's vars are asked for."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .. import workers
from ..envfile import parser
from ..errors import BadEnvFile, FileUnreadable
from ..heroku.live import read_live
from ..names import LOCK_KEY
from ..plan.readiness import judged
from ..project import files
from ..project.code import needs
from ..project.code.needs import Need, Obstacle
from ..project.settings import EXAMPLE
from ..secret import Secret
from .needs import needs_beside_python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from ..heroku.client import Heroku
    from ..plan.readiness import Readiness
    from ..project.policy import Policy
    from ..project.settings import Accept
    from ..project.tree import Tree

_RULE = "references"
"""The rule of `config.check` about the same; what the settings accept of it is no need here."""


def ready(
    heroku: Heroku,
    app: str,
    found: Sequence[Need | Obstacle],
    *,
    policy: Policy,
    like: str | None = None,
) -> Readiness:
    """Hold what the code needs against what an app has; asks nothing else of Heroku.

    `like` is another app: what it has and this one lacks is told. Raises what Heroku refuses.
    """
    wanted = {each.name for each in found if isinstance(each, Need)}

    def ask() -> frozenset[str]:
        return heroku.vars(like).names if like else frozenset()

    here, others = workers.both(lambda: read_live(heroku, app, wanted=wanted), ask)
    # What an add-on brings is its own, be it a template or empty.
    values = {n: value for n, value in here.vars.items() if not here.ownership.owns(n)}
    return judged(
        app,
        [each for each in found if isinstance(each, Need)],
        values,
        names=here.names,
        policy=policy,
        obstacles=[each for each in found if isinstance(each, Obstacle)],
        like=(like, others) if like else None,
    )


def ready_here(
    environ: Mapping[str, str], found: Sequence[Need | Obstacle], *, policy: Policy
) -> Readiness:
    """The same of the environment of this process, for the release phase; asks nobody."""
    asked = {each.name for each in found if isinstance(each, Need)}
    return judged(
        "this environment",
        [each for each in found if isinstance(each, Need)],
        # What else a process has is not the app's.
        {name: Secret(value) for name, value in environ.items() if name in asked},
        names=environ.keys(),
        policy=policy,
        obstacles=[each for each in found if isinstance(each, Obstacle)],
        is_of_app=False,
    )


def needed(tree: Tree, accept: Sequence[Accept] = ()) -> list[Need | Obstacle]:
    """What the code requires, but for where the settings accept that `config.check` finds it.

    Raises CannotSearch where git does not answer.
    """
    patterns = [each.pattern for each in accept if each.rule == _RULE]
    return [
        each
        for each in _needed(tree)
        if not any(fnmatchcase(each.path, pattern) for pattern in patterns)
    ]


def _needed(tree: Tree) -> Iterator[Need | Obstacle]:
    """What code and `app.json` require, and `.env.example` lists, but for what is optional."""
    readings = needs.readings(tree.python_files(), tree.python_files)
    yield from needs.needs_of_python(readings)
    yield from needs_beside_python(tree)
    known = {each.name for reading in readings.values() for each in reading.reads}
    if files.is_there(tree.root / EXAMPLE):
        yield from _of_example(tree.root / EXAMPLE, known)
    if tree.passed_over:
        yield Obstacle(".", 0, f"{tree.passed_over} files were passed over: not checked")


def _of_example(path: Path, known: set[str | None]) -> Iterator[Need | Obstacle]:
    """What an example lists, and no Python reads; of what some does, that says more."""
    try:
        data = files.read_regular(path, shown=EXAMPLE)
        example = parser.parse(data, source=EXAMPLE, may_be_empty=True)
    except FileUnreadable:
        yield Obstacle(EXAMPLE, 0, "cannot be read: not checked")
        return
    except BadEnvFile:
        yield Obstacle(EXAMPLE, 0, "does not parse: not checked")
        return
    for entry in example.entries:
        if entry.name not in known and entry.name != LOCK_KEY:
            yield Need(entry.name, EXAMPLE, entry.line)
