"""The body of config.sync: what it shows, asks and does, in that order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from deploy import consent
from deploy.consent import Asked, Consent
from deploy.diff import recheck
from deploy.errors import Declined, listed
from deploy.outcome import State, Synced
from deploy.sync import apply
from deploy.tasks.show import form
from deploy.tasks.work import compared, prepare

if TYPE_CHECKING:
    from invoke.context import Context

    from deploy.outcome import Comparison
    from deploy.tasks.options import Options
    from deploy.tasks.terminal import Terminal
    from deploy.tasks.work import Work


def body(c: Context, options: Options, terminal: Terminal) -> int:
    work = prepare(c, options, terminal, writes=True)
    consent.check_confirm(options.confirm, work.app.name)
    found = compared(work, options, terminal)
    shown = form(options.format, terminal)
    shown.plan(found, work.reveal)
    if found.plan.is_empty:
        done = Synced(found.app, found.plan, State.UNCHANGED)
    elif options.dry_run or c.config.run.dry:
        done = Synced(found.app, found.plan, State.DRY_RUN)
    else:
        _permit(found, work, options, terminal)
        done = _apply(found, work, options, terminal)
    shown.end(found, work.reveal, done)
    return 0


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
