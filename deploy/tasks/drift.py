"""config.drift: whether one app, or all of the settings, still hold what was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FAILED, FOUND, command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..errors import Complaint, Stopped
    from ..plan.drift import Row
    from ..project.target import Sources
    from ..stories.drift import Check
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace


@command(
    app="Check this app; may be repeated. Otherwise: all apps and stages of the settings.",
    file="The env file, for one app; - reads standard input. Otherwise: the settings, or"
    " .env.production.",
    format="text (the default), json, github or markdown: github makes annotations, and a table in"
    " the job's summary; markdown is that table, for an issue.",
    lock="Compare with the lock, even where the env file is there.",
    no_blame="Do not look for the releases that moved a var.",
)
def drift(
    run: Run,
    *,
    app: list[str] | None = None,
    pipeline: str | None = None,
    stage: str | None = None,
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
    from ..envfile.declaration import Declaration
    from ..errors import BadOption
    from ..plan.drift import Drift
    from ..project.target import STDIN
    from ..stories.drift import drift_of_apps
    from .options import check_format, targets
    from .workspace import Workspace

    check_format(format, "github", "markdown")
    if lock and file == STDIN:
        raise BadOption(
            "--lock and --file - are two things to compare with", next_step="leave one out"
        )
    named = targets(app, pipeline, stage)
    workspace = Workspace.of(run)
    apps = _apps(workspace, named, file)
    heroku = workspace.heroku()
    checks = _checks(apps, workspace, file, prefers_lock=lock)
    for check in checks:
        if isinstance(check.declared, Declaration):
            heroku.mask(check.declared.vars.values())
    rows, stopped = drift_of_apps(
        *(heroku, checks),
        policy=workspace.settings.policy,
        blame=not no_blame,
        workers=workspace.settings.workers,
        progress=run.terminal.progress,
    )
    _warn(checks, rows, workspace)
    _show(rows, stopped, format, run.terminal)
    if stopped:
        return stopped.exit_code
    if not all(isinstance(row, Drift) for row in rows):
        return FAILED
    return FOUND if any(isinstance(row, Drift) and row.drifted for row in rows) else 0


def _apps(workspace: Workspace, named: Sequence[str], file: str | None) -> list[str]:
    from ..errors import BadOption
    from ..names import is_stage

    is_alone = len(named) == 1 and is_stage(named[0])
    apps = [workspace.target(named[0]).name] if is_alone else workspace.apps(named)
    if file is not None and len(apps) > 1:
        raise BadOption(
            "--file goes with one --app",
            next_step="leave it out: the settings say which file is which app's",
        )
    return apps


def _checks(
    apps: Sequence[str], workspace: Workspace, file: str | None, *, prefers_lock: bool
) -> list[Check]:
    """What each app is to be compared with; what cannot be read is part of its row."""
    from ..errors import DeployError
    from ..stories.drift import Check

    found = {app: workspace.sources_if_any(file, app) for app in apps}
    all_sources = [each for each in found.values() if not isinstance(each, DeployError)]
    if not prefers_lock:
        workspace.run_programs(all_sources)
    return [
        Check(app, "", sources)
        if isinstance(sources, DeployError)
        else _check(app, sources, workspace, file, prefers_lock=prefers_lock)
        for app, sources in found.items()
    ]


def _check(
    app: str, sources: Sources, workspace: Workspace, file: str | None, *, prefers_lock: bool
) -> Check:
    from ..errors import DeployError, FileUnreadable
    from ..project import files
    from ..stories.drift import Check
    from ..stories.lock import read_lock
    from .missing import MAKE_LAYER, is_missing, pull_command

    if sources.problem:
        workspace.terminal.note(f"warning: {sources.problem}")
    try:
        own = workspace.lock(sources, app)
        lock = own if file is None else _beside(sources)
        is_alone = lock and files.is_there(lock) and any(map(workspace.is_missing, sources.layers))
        if lock and (prefers_lock or (file is None and is_alone)):
            shown = sources.lock_shown(lock)
            return Check(app, shown, read_lock(lock, shown), named=file, declared_in=sources.shown)
        examples = workspace.examples(own)
        return Check(app, sources.shown, workspace.declared(sources), examples, file)
    except DeployError as error:
        if isinstance(error, FileUnreadable) and not isinstance(error, files.NotAFile):
            if prefers_lock:
                error.next_step = "make it: invoke config.lock"
            elif any(map(is_missing, sources.layers)):
                other = "name another with --file" if file else "commit its lock"
                is_below = any(map(is_missing, sources.layers[:-1]))
                make = MAKE_LAYER if is_below else f"make it: {pull_command(app, file)}"
                error.next_step = f"{other}, or {make}"
        return Check(app, sources.shown, error)


def _beside(sources: Sources) -> Path | None:
    """The lock beside a file that was named."""
    from ..project.target import with_lock

    return with_lock(sources.top.path) if sources.top.path else None


def _warn(checks: Sequence[Check], rows: Sequence[Row], workspace: Workspace) -> None:
    """Warn of the entries that drifted, of each once though several apps have one file."""
    from ..envfile.declaration import Declaration
    from ..plan.drift import Drift

    known = {row.app: row for row in rows if isinstance(row, Drift)}
    found: dict[str, dict[Complaint, None]] = {}
    for check in checks:
        row = known.get(check.app)
        if row and isinstance(check.declared, Declaration):
            about = check.declared.warnings_about({each.name for each in row.drifted})
            for source, warnings in about.items():
                found.setdefault(source, {}).update(dict.fromkeys(warnings))
    workspace.warn(found)


def _show(rows: Sequence[Row], stopped: Stopped | None, format_: str, terminal: Terminal) -> None:
    if format_ == "json":
        from ..report import json_drift

        terminal.report(json_drift.drift(rows, stopped))
    elif format_ == "github":
        _show_on_github(rows, stopped, terminal)
    elif format_ == "markdown":
        from ..report import markdown

        terminal.report(markdown.drift(rows, stopped).rstrip("\n"))
    elif rows:
        from ..report import text_drift

        terminal.report(text_drift.drift(rows, color=terminal.has_color, width=terminal.width))
    if stopped:
        terminal.error(stopped)


def _show_on_github(rows: Sequence[Row], stopped: Stopped | None, terminal: Terminal) -> None:
    """Print workflow commands, and append to the job's summary what an issue says."""
    from ..report import github, markdown
    from .output import append_to_summary

    if rows:
        terminal.report(github.drift(rows))
    append_to_summary(markdown.drift(rows, stopped), terminal)
    if stopped:
        terminal.report(github.error(str(stopped), task="config.drift"))
