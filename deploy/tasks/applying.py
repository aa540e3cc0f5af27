"""Ask for a plan and carry it out, in the same way for every task that writes to Heroku."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from deploy import consent
from deploy.consent import Consent
from deploy.diff import recheck
from deploy.errors import Declined, NotAllowed, listed
from deploy.outcome import State, Synced
from deploy.sync import apply

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.consent import Asked
    from deploy.heroku import Heroku
    from deploy.outcome import Comparison
    from deploy.tasks.terminal import Terminal


def settle(
    found: Comparison,
    asked: Asked,
    heroku: Heroku,
    terminal: Terminal,
    *,
    show: Callable[[], None],
    is_dry: bool,
    wait: bool,
    stdin_is_taken: bool = False,
) -> Synced:
    """What becomes of a plan: nothing to do, a dry run, a refusal that is raised, or a release.

    `show` makes sure that the plan is seen before a question, or a refusal.
    """
    if found.plan.is_empty:
        return Synced(found.app, found.plan, State.UNCHANGED)
    if is_dry:
        return Synced(found.app, found.plan, State.DRY_RUN)
    _permit(found, asked, heroku, terminal, show=show, stdin_is_taken=stdin_is_taken)
    return _carry_out(found, heroku, terminal, wait=wait)


def _permit(
    found: Comparison,
    asked: Asked,
    heroku: Heroku,
    terminal: Terminal,
    *,
    show: Callable[[], None],
    stdin_is_taken: bool,
) -> None:
    """Ask what must be asked, and read again if that took time; raises where the answer is no."""
    try:
        needed = consent.needed(found.plan, asked)
    except NotAllowed:
        show()
        raise
    if needed is Consent.GIVEN:
        return
    show()
    if needed is Consent.YES_NO:
        question = f"Apply this to {found.app}? [y/N]"
    else:
        names = listed(change.name for change in found.plan.removals)
        removes = f"This removes or empties {names}.\n" if names else ""
        question = f"{removes}Type {found.app} to apply it:"
    answer = terminal.ask(question, stdin_is_taken=stdin_is_taken)
    is_yes = answer.lower() in ("y", "yes") if needed is Consent.YES_NO else answer == found.app
    if not is_yes:
        raise Declined
    recheck(heroku, found)


def _carry_out(found: Comparison, heroku: Heroku, terminal: Terminal, *, wait: bool) -> Synced:
    def waiting(version: int) -> None:
        terminal.note(f"v{version} is pending: waiting for its release phase")

    # `apply` itself says more; this is for the moments just before and after it.
    terminal.if_stopped = f"; {found.app} may have been written to: run config.diff"
    return apply(heroku, found.app, found.plan, clock=time, waiting=waiting, wait=wait)
