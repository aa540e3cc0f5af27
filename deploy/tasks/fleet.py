"""Many apps at once: which they are, what is declared for each, and the plan for all of them."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BadOption, DeployError
from ..names import is_stage
from ..plan.fleet import Fleet, in_order
from ..project import files
from ..project.target import checked_app
from ..signals import Clock
from ..stories.diff import check_known
from ..stories.fleet import Job, read
from .command import FAILED, FOUND
from .fleet_output import FleetOutput
from .missing import pull_command
from .prepare import diff_of, explained

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..envfile.declaration import Declaration
    from ..errors import Complaint
    from ..heroku.client import Heroku
    from ..plan.fleet import Planned
    from ..project.target import Sources
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
        step = "leave one out: --all means all apps and stages of the settings"
        option = "--pipeline" if is_stage(named[0]) else "--app"
        raise BadOption(f"--all and {option} are two answers to one question", next_step=step)
    listed = workspace.settings.targets
    if is_all and not listed:
        raise BadOption(
            "--all means the apps of the settings, which list none",
            next_step="list them under heroku.apps, or name each with --app",
        )
    given = [checked_app(name, "--app") for name in named]
    names = listed if is_all else map(workspace.app_name, dict.fromkeys(given))
    apps = in_order(names, listed)
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

    sources: Sources
    entries: Declaration
    lock: Path | None


class Reading(NamedTuple):
    """The plan for all apps, and all that was read for it."""

    heroku: Heroku
    planned: list[Planned]
    declared: Mapping[str, Declared]
    reveal: Reveal
    refused: Mapping[str, DeployError] = MappingProxyType({})
    """What is left out, though it differs."""


def _declared(apps: Sequence[str], workspace: Workspace) -> dict[str, Declared | DeployError]:
    """The declaration of each app, or what is wrong with it; each text is read once."""

    def declared(app: str, sources: Sources) -> Declared | DeployError:
        try:
            entries = workspace.declared(sources, lambda _: f"make it: {pull_command(app, None)}")
        except DeployError as error:
            return error
        return Declared(sources, entries, workspace.lock(sources, app))

    found = {app: workspace.sources_if_any(None, app) for app in apps}
    workspace.run_programs(each for each in found.values() if not isinstance(each, DeployError))
    return {
        app: each if isinstance(each, DeployError) else declared(app, each)
        for app, each in found.items()
    }


def read_fleet(
    workspace: Workspace,
    apps: Sequence[str],
    *,
    only: Sequence[str] | None,
    prune: bool,
    reveal: Sequence[str] | None,
    over_unreadable: bool = False,
    explain: Sequence[str] | None = None,
) -> Reading:
    """Make the plan; what is wrong with an app is part of it. Raises BadOption and Stopped."""
    heroku, names = workspace.heroku(), frozenset(only or ()) or None
    declared: dict[str, Declared] = {}
    jobs: list[Job] = []
    for app, found in _declared(apps, workspace).items():
        if isinstance(found, DeployError):
            jobs.append(Job(app, found))
            continue
        declared[app] = found
        heroku.mask(found.entries.vars.values())
        make = partial(
            diff_of(app),
            *(heroku, app, found.entries),
            policy=workspace.settings.policy,
            prune=prune,
            only=names,
            examples=workspace.examples(found.lock),
            over_unreadable=over_unreadable,
            among_many=True,
        )
        jobs.append(Job(app, make))
    with heroku.gathering(apps):
        planned = read(
            jobs,
            workers=workspace.settings.workers,
            clock=Clock,
            progress=workspace.terminal.progress,
        )
    planned = [
        each._replace(found=explained(each.diff, declared[each.app].entries, explain))
        if each.diff
        else each
        for each in planned
    ]
    reading = Reading(heroku, planned, declared, workspace.revealed(reveal))
    _check(reading, only or (), explain or (), workspace)
    return reading


def _check(
    reading: Reading, only: Sequence[str], explain: Sequence[str], workspace: Workspace
) -> None:
    """Raise BadOption for a name that no app has, and warn of what is odd, once a file."""
    known = {name for each in reading.declared.values() for name in each.entries.vars}
    known.update(*(each.diff.live.names for each in reading.planned if each.diff))
    if all(each.diff for each in reading.planned):
        check_known("--only", only, known, "the env files", "the apps")
        check_known("--explain", explain, known, "the env files", "the apps")
    workspace.warn_of_unmatched(reading.reveal, known)
    sources = [source for each in reading.declared.values() for source in each.sources.layers]
    for source in dict.fromkeys(sources):
        if source.path and (exposed := files.exposure(source.path)):
            workspace.terminal.note(f"warning: {source.shown} {exposed}: see config.check")
    found: dict[str, dict[Complaint, None]] = {}
    for each in reading.planned:
        for shown, about in each.diff.warnings.items() if each.diff else ():
            found.setdefault(shown, {}).update(dict.fromkeys(about))
    workspace.warn(found)


def diff_of_apps(
    workspace: Workspace,
    apps: Sequence[str],
    only: Sequence[str] | None,
    reveal: Sequence[str] | None,
    explain: Sequence[str] | None,
    *,
    prune: bool,
    exit_code: bool,
    is_json: bool,
) -> int:
    """Show the plan for all of them; the exit code."""
    reading = read_fleet(*(workspace, apps), only=only, prune=prune, reveal=reveal, explain=explain)
    found = Fleet.of(reading.planned, is_read=False, remaining=reading.heroku.remaining)
    output = FleetOutput(workspace.terminal, reading.reveal, is_json)
    output.show_plan(found)
    output.show_diff(found)
    if found.unread:
        return FAILED
    return FOUND if exit_code and found.differing else 0
