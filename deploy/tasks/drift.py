"""The body of config.drift: one app, or all of the settings at once."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from .. import workers
from ..envfile import lock
from ..envfile.parser import EnvFile
from ..errors import BadOption, DeployError, FileUnreadable, Stopped
from ..plan.drift import Drift
from ..project import files, target
from ..stories import drift
from ..stories.drift import Check
from .options import DriftOptions
from .output import drift_form
from .workspace import declared, first_pull, ground, warn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from invoke.context import Context

    from ..errors import Complaint
    from ..plan.drift import Row
    from ..project.target import Source
    from .terminal import Terminal
    from .workspace import Ground

UNCHECKED, DRIFTED = 1, 2
"""Exit codes; an app that could not be checked outweighs one that drifted."""


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = DriftOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    options.check()
    found = ground(c)
    apps = _apps(found, options, terminal)
    heroku = found.heroku(terminal)
    # Each file once.
    read = cache(partial(declared, settings=found.settings, terminal=terminal))
    checks = [_check(app, found, options, read, terminal) for app in apps]
    for each in checks:
        if isinstance(each.declared, EnvFile):
            heroku.learn(each.declared.vars.values())
    check_one = partial(
        drift.check,
        heroku,
        policy=found.settings.policy,
        blame=not options.no_blame,
        at_once=len(checks) == 1,
    )
    rows: list[Row] = []
    stopped: Stopped | None = None
    if len(checks) == 1:
        rows = [check_one(checks[0])]
    else:
        rows, stopped = _all(checks, check_one, found.settings.workers, terminal)
    _warn(checks, rows, terminal)
    drift_form(options.format, terminal).drift(rows, stopped)
    if stopped:
        return stopped.exit_code
    if not all(isinstance(row, Drift) for row in rows):
        return UNCHECKED
    return DRIFTED if any(isinstance(row, Drift) and row.drifted for row in rows) else 0


def _warn(checks: Sequence[Check], rows: Sequence[Row], terminal: Terminal) -> None:
    """What is odd about entries that drifted, each once though several apps have one file."""
    known = {row.app: row for row in rows if isinstance(row, Drift)}
    found: dict[str, dict[Complaint, None]] = {}
    for check in checks:
        row = known.get(check.app)
        if row and isinstance(check.declared, EnvFile):
            about = check.declared.warnings_about({each.name for each in row.drifted})
            found.setdefault(check.source, {}).update(dict.fromkeys(about))
    for source, warnings in found.items():
        warn(source, warnings, terminal)


def _all(
    checks: Sequence[Check], check_one: Callable[[Check], Row], at_once: int, terminal: Terminal
) -> tuple[list[Row], Stopped | None]:
    """A row for each check, in their order; where Ctrl-C came, those that are known."""
    known: dict[int, Row] = {}
    stopped: Stopped | None = None
    try:
        for place, row in workers.each(checks, check_one, workers=at_once):
            known[place] = row
            terminal.progress(f"{len(known)}/{len(checks)} apps")
    except KeyboardInterrupt as stop:
        stopped = Stopped(stop, f" after {len(known)} of {len(checks)} apps were checked")
    return [known[place] for place in sorted(known)], stopped


def _apps(found: Ground, options: DriftOptions, terminal: Terminal) -> list[str]:
    given = [target.checked_app(name, "--app") for name in options.app]
    apps = [found.named(name, terminal) for name in given]
    apps = apps or list(found.settings.apps) or [found.app(None, terminal).name]
    if options.file is not None and len(apps) > 1:
        raise BadOption(
            "--file goes with one --app",
            next_step="leave it out: the settings say which file is which app's",
        )
    return apps


def _check(
    app: str,
    found: Ground,
    options: DriftOptions,
    read: Callable[[Source], EnvFile],
    terminal: Terminal,
) -> Check:
    """What an app is to be compared with; what cannot be read is part of its row."""
    try:
        source = target.resolve_file(
            option=options.file, app=app, settings=found.settings, root=found.root
        )
    except DeployError as error:
        return Check(app, "", error)
    if problem := target.misplaced(source, app):
        terminal.note(f"warning: {problem}")
    try:
        if source.path is None or not _prefers_lock(source.path, options):
            lock_path = target.lock_of(source, app, found.settings, found.root)
            examples = partial(files.example_names, found.root, lock_path)
            return Check(app, source.shown, read(source), examples, options.file)
        path, shown = target.with_lock(source.path), source.shown + target.LOCK_SUFFIX
        locked = lock.parse(files.read_regular(path, shown=shown), source=shown)
        return Check(app, shown, locked, named=options.file)
    except files.NotAFile as error:
        return Check(app, source.shown, error)
    except FileUnreadable as error:
        if options.lock:
            error.next_step = "make it: invoke config.lock"
        elif source.path and not files.is_there(source.path):
            other = "name another with --file" if options.file else "commit its lock"
            error.next_step = f"{other}, or make it: {first_pull(app, options.file)}"
        return Check(app, source.shown, error)
    except DeployError as error:
        return Check(app, source.shown, error)


def _prefers_lock(path: Path, options: DriftOptions) -> bool:
    if options.lock:
        return True
    return options.file is None and _is_only_locked(path)


def _is_only_locked(path: Path) -> bool:
    return not files.is_there(path) and files.is_there(target.with_lock(path))
