"""Make many apps equal to what is declared for them: one plan, one consent, a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BadOption, Declined, DeployError, NotAllowed
from ..names import counted, is_stage, joined, listed
from ..plan import consent, fleet_consent
from ..plan.fleet import Fleet
from ..plan.fleet_outcome import GOOD, AppsRefused, NotAllApplied, by_app, rows
from ..project.target import checked_app
from ..signals import Clock, end_waits
from ..stories.fleet import apply_all, read_all_again
from .confirm import is_yes_to
from .fleet import read_fleet
from .fleet_output import FleetOutput
from .renew_lock import renew_lock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..plan.fleet import Planned
    from ..plan.fleet_consent import Questions
    from ..plan.fleet_outcome import Row
    from ..stories.fleet import Applied
    from .fleet import Reading
    from .options import How
    from .terminal import Terminal
    from .workspace import Workspace


def check_first(first: str | None, apps: Sequence[str], workspace: Workspace) -> str | None:
    """Its name; raises BadOption where it is none of the apps."""
    if first is None:
        return None
    is_known = is_stage(first) and first in apps
    name = first if is_known else workspace.app_name(checked_app(first, "--first"))
    if name not in apps:
        # What it holds is not repeated: anything may have landed there.
        step = f"name one of {joined(apps)}"
        raise BadOption("--first names none of the apps", next_step=step)
    return name


def sync_of_apps(workspace: Workspace, apps: Sequence[str], how: How) -> int:
    """See it through; the exit code."""
    how = how._replace(first=check_first(how.first, apps, workspace))
    fleet_consent.check_confirm(how.confirm, apps)
    reading = read_fleet(
        *(workspace, apps),
        only=how.only,
        prune=how.prune,
        reveal=how.reveal,
        over_unreadable=how.asked.force and how.expect is None,
    )
    will_ask = fleet_consent.asks(reading.planned, how.asked, how.confirm)
    remaining = reading.heroku.remaining
    found = Fleet.of(reading.planned, is_read=True, is_asked=will_ask, remaining=remaining)
    output = FleetOutput(workspace.terminal, reading.reveal, how.is_json)
    output.show_plan(found)
    if how.is_dry:
        output.show_dry_run(found, fleet_consent.options(found.planned, how.asked))
        return 1 if found.unread else 0
    refused: Mapping[str, DeployError] = {}
    try:
        refused, is_asked = _agreed(found, how, output)
        planned = _as_of_now(reading, refused, workspace) if is_asked else reading.planned
    except (NotAllowed, AppsRefused, Declined) as failure:
        why = failure.by_app if isinstance(failure, AppsRefused) else {}
        output.show_refused(found, rows(found.planned, {}, refused=why), failure)
        return failure.exit_code
    reading = reading._replace(planned=planned, refused=refused)
    return _written(workspace, reading, found, how, output)


def _agreed(found: Fleet, how: How, output: FleetOutput) -> tuple[Mapping[str, DeployError], bool]:
    """What is left out, and whether anything was asked; raises all that is against the plan."""
    if how.expect is not None and not found.unread:
        consent.check_expected(how.expect, found.digest)
    refused = fleet_consent.refused(found.planned, how.asked, how.confirm)
    out = by_app(refused)
    going = [each for each in found.planned if each.app not in out]
    try:
        questions = fleet_consent.needed(going, how.asked, how.confirm)
    except NotAllowed as general:
        if not refused:
            raise
        raise AppsRefused(refused, general) from None
    if refused and not how.skips(refused):
        raise AppsRefused(refused)
    _ask(questions, output.terminal, lambda: output.plan_above_question(found))
    return out, not questions.is_empty


def _ask(questions: Questions, terminal: Terminal, above: Callable[[], str]) -> None:
    """Ask for each name, and once for the rest; raises Declined."""
    shown = "" if questions.is_empty else above()
    for each in questions.by_name:
        removed = listed(change.name for change in each.diff.plan.removals) if each.diff else ""
        question = f"On {each.app} this removes or empties {removed}.\nType {each.app} to apply it:"
        if terminal.ask(question, above=shown) != each.app:
            raise Declined
        shown = ""
    if questions.by_yes:
        changes = sum(len(each.diff.plan.changes) for each in questions.by_yes if each.diff)
        other = "other " if questions.by_name else ""
        apps = counted([each.app for each in questions.by_yes], other, ",")
        if not is_yes_to(
            f"Apply {_counted(changes, 'change')} to {apps}? [y/N]", terminal, above=shown
        ):
            raise Declined


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _as_of_now(
    reading: Reading, refused: Mapping[str, DeployError], workspace: Workspace
) -> list[Planned]:
    """The same plan, read again after a question; raises AppsRefused where any app moved."""
    with reading.heroku.gathering([each.app for each in reading.planned]):
        again = read_all_again(
            reading.heroku,
            [each for each in reading.planned if each.app not in refused],
            workers=workspace.settings.workers,
            clock=Clock,
            progress=workspace.terminal.progress,
        )
    newest = {each.app: each for each in again}
    return [newest.get(each.app, each) for each in reading.planned]


def _written(
    workspace: Workspace,
    reading: Reading,
    found: Fleet,
    how: How,
    output: FleetOutput,
) -> int:
    """Write, say how each ended, and renew the locks; the exit code."""
    terminal = workspace.terminal
    # The table says more; this is for a process that a second signal ends on the spot.
    terminal.if_stopped = "; some of the apps may have been written to: run config.diff"
    with reading.heroku.gathering([each.app for each in reading.planned]):
        done = apply_all(
            *(reading.heroku, reading.planned),
            refused=reading.refused,
            first=how.first,
            workers=workspace.settings.workers,
            keep_going=how.keep_going,
            wait=how.wait,
            clock=Clock,
            waiting=_waiting(terminal),
            progress=terminal.progress,
            end_waits=end_waits,
        )
    failure = _failure(done, how)
    output.show_ended(found, done.rows, failure)
    if done.stopped:
        return done.stopped.exit_code
    codes = [failure.exit_code if failure else 0, *_locks(workspace, reading, done.rows)]
    return next(filter(None, codes), 0)


def _failure(done: Applied, how: How) -> DeployError | None:
    again = "run the same again: it goes on where this ended"
    step = "have the rest reviewed: config.diff shows it" if how.expect else again
    if done.stopped:
        done.stopped.next_step = step
        return done.stopped
    if all(row.state in GOOD for row in done.rows):
        return None
    return NotAllApplied(done.rows, first=how.first, next_step=step)


def _locks(workspace: Workspace, reading: Reading, ended: Sequence[Row]) -> list[int]:
    """Renew each lock once, of the apps that ended well; their exit codes."""
    good = [reading.declared[row.app] for row in ended if row.state in GOOD]
    locks = {each.lock: each for each in good}
    return [
        renew_lock(
            *(lock, each.entries.vars, each.sources.shown),
            root=workspace.root,
            terminal=workspace.terminal,
        )
        for lock, each in locks.items()
    ]


def _waiting(terminal: Terminal) -> Callable[[str, int, float], None]:
    """Says which release is waited for, once; told by several threads."""
    told: set[tuple[str, int]] = set()

    def waiting(app: str, version: int, _seconds: float) -> None:
        if (app, version) not in told:
            told.add((app, version))
            terminal.note(f"{app}: v{version} is pending: waiting for its release phase")

    return waiting
