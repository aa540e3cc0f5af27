"""Many apps at once: which they are, what is declared for each, and the plan for all of them."""

from __future__ import annotations

from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BadOption, DeployError, FileUnreadable
from ..plan.fleet import Fleet, in_order
from ..project import files
from ..project.target import checked_app
from ..signals import Clock
from ..stories.diff import check_only, diff
from ..stories.fleet import Job, read
from .command import FAILED, FOUND
from .fleet_output import FleetOutput
from .workspace import is_missing, pull_command

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ..envfile.parser import EnvFile
    from ..errors import Complaint
    from ..heroku.client import Heroku
    from ..plan.fleet import Planned
    from ..project.target import Source
    from ..report.reveal import Reveal
    from .workspace import Workspace


def chosen(
    workspace: Workspace,
    named: Sequence[str],
    *,
    is_all: bool,
    file: str | None,
    release: str | None = None,
) -> list[str]:
    """The apps that are meant, each once, by their names and in the order of the settings."""
    if is_all and named:
        step = "leave one out: --all means all apps of the settings"
        raise BadOption("--all and --app are two answers to one question", next_step=step)
    if is_all and not workspace.settings.apps:
        raise BadOption(
            "--all means the apps of the settings, which list none",
            next_step="list them under heroku.apps, or name each with --app",
        )
    given = [checked_app(name, "--app") for name in named]
    names = workspace.settings.apps if is_all else map(workspace.app_name, dict.fromkeys(given))
    apps = in_order(names, workspace.settings.apps)
    if len(apps) > 1 and file is not None:
        raise BadOption(
            "--file goes with one --app",
            next_step="leave it out: the settings say which file is which app's",
        )
    if len(apps) > 1 and release is not None:
        raise BadOption("--release goes with one --app", next_step="name one app")
    return apps


class Declared(NamedTuple):
    """What is declared for one app, and where."""

    source: Source
    entries: EnvFile
    lock: Path | None


class Reading(NamedTuple):
    """The plan for all apps, and all that was read for it."""

    heroku: Heroku
    planned: list[Planned]
    declared: Mapping[str, Declared]
    reveal: Reveal
    refused: Mapping[str, DeployError] = MappingProxyType({})
    """What is left out, though it differs."""


def _declared(app: str, workspace: Workspace, read: Callable[[Source], EnvFile]) -> Declared:
    """The declaration of one of the apps; raises what is wrong with it. `read` knows each file."""
    source = workspace.file(None, app)
    try:
        entries = read(source)
    except FileUnreadable as error:
        if is_missing(source):
            error.next_step = f"make it: {pull_command(app, None)}"
        raise
    return Declared(source, entries, workspace.lock(source, app))


def read_fleet(
    workspace: Workspace,
    apps: Sequence[str],
    *,
    only: Sequence[str] | None,
    prune: bool,
    reveal: Sequence[str] | None,
    over_unreadable: bool = False,
) -> Reading:
    """Make the plan; what is wrong with an app is part of it. Raises BadOption and Stopped."""
    heroku, names = workspace.heroku(), frozenset(only or ()) or None
    declared: dict[str, Declared] = {}
    jobs: list[Job] = []
    read_file = cache(workspace.declared)  # each file once
    for app in apps:
        try:
            found = declared[app] = _declared(app, workspace, read_file)
        except DeployError as error:
            jobs.append(Job(app, error))
            continue
        heroku.mask(found.entries.vars.values())
        make = partial(
            diff,
            *(heroku, app, found.entries),
            source=found.source.shown,
            policy=workspace.settings.policy,
            prune=prune,
            only=names,
            examples=workspace.examples(found.lock),
            over_unreadable=over_unreadable,
            among_many=True,
        )
        jobs.append(Job(app, make))
    planned = read(
        jobs,
        workers=workspace.settings.workers,
        clock=Clock,
        progress=workspace.terminal.progress,
    )
    reading = Reading(heroku, planned, declared, workspace.revealed(reveal))
    _check(reading, names, workspace)
    return reading


def _check(reading: Reading, only: frozenset[str] | None, workspace: Workspace) -> None:
    """Raise BadOption for a name that no app has, and warn of what is odd, once a file."""
    known = {name for each in reading.declared.values() for name in each.entries.vars}
    known.update(*(each.diff.live.names for each in reading.planned if each.diff))
    if all(each.diff for each in reading.planned):
        check_only(only, frozenset(known), "the env files", "the apps")
    workspace.warn_of_unmatched(reading.reveal, known)
    for source in {each.source.shown: each.source for each in reading.declared.values()}.values():
        if source.path and (exposed := files.exposure(source.path)):
            workspace.terminal.note(f"warning: {source.shown} {exposed}: see config.check")
    found: dict[str, dict[Complaint, None]] = {}
    for each in reading.planned:
        if each.diff:
            warnings = found.setdefault(each.diff.source, {})
            warnings.update(dict.fromkeys(each.diff.warnings))
    for shown, warnings in found.items():
        workspace.warn(shown, warnings)


def diff_of_apps(
    workspace: Workspace,
    apps: Sequence[str],
    only: Sequence[str] | None,
    reveal: Sequence[str] | None,
    *,
    prune: bool,
    exit_code: bool,
    is_json: bool,
) -> int:
    """Show the plan for all of them; the exit code."""
    reading = read_fleet(workspace, apps, only=only, prune=prune, reveal=reveal)
    found = Fleet.of(reading.planned, is_read=False, remaining=reading.heroku.remaining)
    output = FleetOutput(workspace.terminal, reading.reveal, is_json)
    output.show_plan(found)
    output.show_diff(found)
    if found.unread:
        return FAILED
    return FOUND if exit_code and found.differing else 0
