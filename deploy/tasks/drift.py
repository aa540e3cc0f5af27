"""config.drift: whether one app, or all of the settings, still hold what was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..envfile.parser import EnvFile
    from ..errors import Complaint
    from ..plan.drift import Row
    from ..project.target import Source
    from ..stories.drift import Check
    from .run import Run
    from .workspace import Workspace

UNCHECKED, DRIFTED = 1, 2
"""Exit codes; an app that could not be checked outweighs one that drifted."""


@command(
    help={
        "app": "Check this app; may be repeated. Otherwise: all apps of the settings.",
        "format": "text (the default), json or github.",
        "lock": "Compare with the lock, even where the env file is there.",
        "no_blame": "Do not look for the releases that moved a var.",
    },
)
def drift(
    run: Run,
    *,
    app: list[str] | None = None,
    file: str | None = None,
    lock: bool = False,
    no_blame: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Check that apps still hold what was declared; say who moved what.

    Compares the env file, or its lock where the file is not there, with what
    is live. Exits with 0 in sync, 2 where something drifted, and 1 where an
    app could not be checked.

      invoke config.drift
      invoke config.drift --app myapp --format github
    """
    from functools import cache

    from ..envfile.parser import EnvFile
    from ..errors import BadOption
    from ..plan.drift import Drift
    from ..project.target import STDIN
    from ..stories.drift import drift_of_apps
    from .options import ALL_FORMATS, check_format
    from .output import drift_form
    from .workspace import Workspace

    check_format(format, ALL_FORMATS)
    if lock and file == STDIN:
        raise BadOption(
            "--lock and --file - are two things to compare with", next_step="leave one out"
        )
    at = Workspace.of(run)
    apps = _apps(at, app or (), file)
    heroku = at.heroku()
    read = cache(at.declared)  # each file once
    checks = [_check(each, at, file, read, prefers_lock=lock) for each in apps]
    for each in checks:
        if isinstance(each.declared, EnvFile):
            heroku.learn(each.declared.vars.values())
    rows, stopped = drift_of_apps(
        *(heroku, checks),
        policy=at.settings.policy,
        blame=not no_blame,
        workers=at.settings.workers,
        progress=run.terminal.progress,
    )
    _warn(checks, rows, at)
    drift_form(format, run.terminal).drift(rows, stopped)
    if stopped:
        return stopped.exit_code
    if not all(isinstance(row, Drift) for row in rows):
        return UNCHECKED
    return DRIFTED if any(isinstance(row, Drift) and row.drifted for row in rows) else 0


def _apps(at: Workspace, named: Sequence[str], file: str | None) -> list[str]:
    from ..errors import BadOption
    from ..project.target import checked_app

    given = [checked_app(name, "--app") for name in named]
    apps = [at.named(name) for name in given]
    apps = apps or list(at.settings.apps) or [at.app(None).name]
    if file is not None and len(apps) > 1:
        raise BadOption(
            "--file goes with one --app",
            next_step="leave it out: the settings say which file is which app's",
        )
    return apps


def _check(
    app: str,
    at: Workspace,
    file: str | None,
    read: Callable[[Source], EnvFile],
    *,
    prefers_lock: bool,
) -> Check:
    """What an app is to be compared with; what cannot be read is part of its row."""
    from ..errors import DeployError, FileUnreadable
    from ..project import files, target
    from ..stories.drift import Check
    from ..stories.lock import read_lock
    from .workspace import first_pull

    try:
        source = at.file(file, app)
    except DeployError as error:
        return Check(app, "", error)
    if problem := target.misplaced(source, app):
        at.terminal.note(f"warning: {problem}")
    try:
        lock = target.with_lock(source.path) if source.path else None
        is_alone = source.path and lock and files.is_there(lock) and not files.is_there(source.path)
        if lock and (prefers_lock or (file is None and is_alone)):
            shown = source.shown + target.LOCK_SUFFIX
            return Check(app, shown, read_lock(lock, shown), named=file)
        examples = at.examples(at.lock(source, app))
        return Check(app, source.shown, read(source), examples, file)
    except files.NotAFile as error:
        return Check(app, source.shown, error)
    except FileUnreadable as error:
        if prefers_lock:
            error.next_step = "make it: invoke config.lock"
        elif source.path and not files.is_there(source.path):
            other = "name another with --file" if file else "commit its lock"
            error.next_step = f"{other}, or make it: {first_pull(app, file)}"
        return Check(app, source.shown, error)
    except DeployError as error:
        return Check(app, source.shown, error)


def _warn(checks: Sequence[Check], rows: Sequence[Row], at: Workspace) -> None:
    """What is odd about entries that drifted, each once though several apps have one file."""
    from ..envfile.parser import EnvFile
    from ..plan.drift import Drift

    known = {row.app: row for row in rows if isinstance(row, Drift)}
    found: dict[str, dict[Complaint, None]] = {}
    for check in checks:
        row = known.get(check.app)
        if row and isinstance(check.declared, EnvFile):
            about = check.declared.warnings_about({each.name for each in row.drifted})
            found.setdefault(check.source, {}).update(dict.fromkeys(about))
    for source, warnings in found.items():
        at.warn(source, warnings)
