"""The body of config.sync: what it shows, asks and does, in that order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from deploy import consent
from deploy.consent import Asked, Consent
from deploy.diff import recheck
from deploy.errors import Declined, DeployError, listed
from deploy.outcome import State, Synced
from deploy.sync import apply
from deploy.tasks.options import Options
from deploy.tasks.show import form
from deploy.tasks.work import compared, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invoke.context import Context

    from deploy.outcome import Comparison
    from deploy.tasks.terminal import Terminal
    from deploy.tasks.work import Work


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = Options(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    work = prepare(c, options, terminal, writes=True)
    consent.check_confirm(options.confirm, work.app.name)
    found = compared(work, options)
    shown = form(options.format, terminal)
    shown.plan(found, work.reveal)
    is_dry = options.dry_run or c.config.run.dry
    if found.plan.is_empty:
        done = Synced(found.app, found.plan, State.UNCHANGED)
    elif is_dry:
        done = Synced(found.app, found.plan, State.DRY_RUN)
    else:
        _permit(found, work, options, terminal)
        done = _apply(found, work, options, terminal)
    shown.end(found, work.reveal, done)
    if is_dry:
        return 0
    try:
        _mind_lock(work, terminal)
    except DeployError as error:
        terminal.error(error)  # the report stands already, and JSON is one document
        return error.exit_code
    return 0


def _mind_lock(work: Work, terminal: Terminal) -> None:
    """Make the lock anew where a person is there to commit it, or say that it is stale."""
    if work.lock is None or not work.lock.exists():
        return
    from deploy.tasks.locking import is_stale, write  # noqa: PLC0415  # few repositories have one

    if not is_stale(work.lock, work.declared, work.source.shown):
        return
    if terminal.can_ask(stdin_is_taken=work.reads_stdin):
        terminal.note(write(work.lock, work.declared, work.source.shown))
    else:
        terminal.note(f"warning: {work.lock.name} is stale: run config.lock, and commit it")


def _permit(found: Comparison, work: Work, options: Options, terminal: Terminal) -> None:
    """Ask what must be asked, and read again if that took time; raises where the answer is no."""
    asked = Asked(
        app=work.app.name,
        app_is_explicit=work.app.is_explicit,
        interactive=terminal.can_ask(stdin_is_taken=work.reads_stdin),
        yes=options.yes,
        confirm=options.confirm,
        force=options.force,
    )
    needed = consent.needed(found.plan, asked)
    if needed is Consent.GIVEN:
        return
    form(options.format, terminal).before_question(found, work.reveal)
    if needed is Consent.YES_NO:
        question = f"Apply this to {found.app}? [y/N]"
    else:
        names = listed(change.name for change in found.plan.removals)
        question = f"This removes or empties {names}.\nType {found.app} to apply it:"
    answer = terminal.ask(question, stdin_is_taken=work.reads_stdin)
    is_yes = answer.lower() in ("y", "yes") if needed is Consent.YES_NO else answer == found.app
    if not is_yes:
        raise Declined
    recheck(work.heroku, found)


def _apply(found: Comparison, work: Work, options: Options, terminal: Terminal) -> Synced:
    def waiting(version: int) -> None:
        terminal.note(f"v{version} is pending: waiting for its release phase")

    # `apply` itself says more; this is for the moments just before and after it.
    terminal.if_stopped = f"; {found.app} may have been written to: run config.diff"
    return apply(
        work.heroku, found.app, found.plan, clock=time, waiting=waiting, wait=not options.no_wait
    )
