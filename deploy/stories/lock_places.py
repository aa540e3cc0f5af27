"""Where the lock of each app and stage is: the settings say so, in each version its own."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ..names import is_stage
from ..project import lock_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..project.git import Checkout
    from ..project.settings import Settings

    Parse = Callable[[str, bytes], Settings]


class Project(NamedTuple):
    """The folder of `tasks.py`, in its checkout, as it is now."""

    root: Path
    checkout: Checkout
    settings: Settings
    parse: Parse
    """The settings in the text of a file of this name; raises DeployError."""
    app: str | None = None
    """The app that is meant where the settings list none."""


class Places(NamedTuple):
    """Where the lock of an app or a stage may be, each path from the top of the repository.

    It is nowhere in a version that does not declare it.
    """

    target: str | None
    """None for the one app of settings that list none, where nothing else names it."""
    here: str | None
    then: tuple[tuple[str, ...], ...]
    """In each other version: where the first of these is there, that is it."""


def places(project: Project, others: Sequence[Settings]) -> Iterator[Places]:
    """One for each app and stage of today or of where the branch began.

    The first of `others` is the base, the rest is where the branch began.
    """
    here, (base, *began) = project.settings, others
    names: list[str | None] = [*here.apps]
    if not here.apps:
        # One that is found is known by its name; else it is the only one there was.
        first = began[0].apps
        names = [project.app or (next(iter(first)) if len(first) == 1 else None)]
    is_only = len(names) == 1
    names += here.stages
    today, *then = (_where(project, each) for each in (here, base, *began))
    for name in dict.fromkeys((*names, *(name for each in began for name in each.targets))):
        now = today(name) if name in names else None
        found = tuple(
            tuple(_candidates(name, settings, where, now, is_only=is_only))
            for settings, where in zip(others, then, strict=True)
        )
        if name in names or found[0]:  # else both sides removed it
            yield Places(name, now, found)


def _where(project: Project, settings: Settings) -> Callable[[str | None], str]:
    """Tells where a lock is by these settings, from the top of the repository."""
    listed = lock_place.lock_paths(settings, project.root)

    def where(target: str | None) -> str:
        name = target or ""
        lock = listed.get(name) or lock_place.lock_path(name, settings, project.root)
        below = os.path.relpath(lock, project.root)
        return os.path.normpath(os.path.join(project.checkout.prefix, below))  # noqa: PTH118  # no file

    return where


def _candidates(
    target: str | None,
    settings: Settings,
    where: Callable[[str | None], str],
    now: str | None,
    *,
    is_only: bool,
) -> Iterator[str]:
    """Where the lock may be by the settings of a version.

    Where they list no app, any app is declared by the default file, unless its lock is there.
    """
    if target in settings.targets:
        yield where(target)
    elif target and is_stage(target):
        return
    elif not settings.apps:
        if now is not None:
            yield now
        if is_only:
            yield where(target)
    elif target is None and now is not None:
        yield now


def shown_place(path: str, prefix: str) -> str:
    """A path from the top of the repository, as messages call it: from the folder of `tasks.py`."""
    return os.path.relpath(path, prefix or ".")


def is_outside(path: str) -> bool:
    return path.startswith("../")
