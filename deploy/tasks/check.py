"""The body of config.check."""

from __future__ import annotations

from functools import partial
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from .. import workers
from ..errors import BadOption
from ..project.settings import DEFAULT_FILE, RULES
from ..project.target import DOTENV, STDIN, checked_file, expanded, with_lock
from ..project.tree import Tree
from ..stories.check import File, check
from .options import CheckOptions
from .place import settled, tasks_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from invoke.context import Context

    from ..checks.finding import Checked
    from ..project.settings import Settings
    from .terminal import Terminal

FOUND = 2
"""The exit code for findings; notes are none."""


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = CheckOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    options.check()
    root, settings = tasks_folder(c), settled(c)
    look = partial(
        check,
        Tree(root),
        _files(root, settings, options.file),
        [rule for rule in options.only or RULES if rule not in options.skip],
        policy=settings.policy,
        accept=settings.accept,
    )
    found = workers.wait_for(look)  # it may take long, and only reads
    _show(found, options.format, terminal)
    return FOUND if found.faults else 0


def _files(root: Path, settings: Settings, named: Sequence[str]) -> list[File]:
    """The env files: those that were named, or those of the settings; `.env` behind them."""
    if STDIN in named:
        raise BadOption("--file - is no file of this tree", next_step="name the file")
    names = (
        [checked_file(name) for name in named]
        or dict.fromkeys(settings.apps.values())
        or [DEFAULT_FILE]
    )
    below = Path.cwd() if named else root
    paths = dict.fromkeys(Path(normpath(below / expanded(name))) for name in names)
    files = [
        File(
            path,
            _shown(path, root),
            with_lock(path),
            is_declared=path.name != DOTENV,
            must_be_there=bool(named),
        )
        for path in paths
    ]
    if root / DOTENV not in paths:
        files.append(File(root / DOTENV, DOTENV, is_declared=False))
    return files


def _shown(path: Path, root: Path) -> str:
    """A path as git and the findings have it: relative to `tasks.py`, where it lies below."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _show(found: Checked, format: str, terminal: Terminal) -> None:  # noqa: A002  # the option
    if format == "json":
        from ..report import json  # noqa: PLC0415  # not needed for text

        terminal.report(json.checked(found))
    elif format == "github":
        from ..report import github  # noqa: PLC0415  # not needed for text

        terminal.report(github.checked(found))
    else:
        from ..report import tables  # noqa: PLC0415  # not needed for JSON

        terminal.report(tables.checked(found, width=terminal.width))
