"""Ask for a plan and apply it, in the same way for every task that writes to Heroku."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import NotAllowed
from ..plan import consent
from ..plan.outcome import State, Synced
from ..signals import Clock
from ..stories.diff import read_again
from ..stories.sync import apply
from .confirm import confirm

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..heroku.client import Heroku
    from ..plan.consent import Asked
    from ..plan.outcome import Diff
    from .output import Form
    from .terminal import Terminal


def apply_plan(
    found: Diff,
    asked: Asked,
    heroku: Heroku,
    terminal: Terminal,
    shown: Form,
    *,
    is_dry: bool,
    wait: int,
) -> Synced:
    """What becomes of a plan: nothing to do, a dry run, a refusal that is raised, or a release.

    `wait` is how many minutes a release phase is waited for.
    """
    if found.plan.is_empty:
        return Synced(found.app, found.plan, State.UNCHANGED)
    if is_dry:
        needs = consent.options(found.plan, asked)
        return Synced(found.app, found.plan, State.DRY_RUN, needs=needs)
    try:
        is_late = confirm(
            *(found.plan, asked, terminal),
            verb="apply",
            above=lambda: shown.above_question(found),
        )
    except NotAllowed:
        shown.before_refusal(found)
        raise
    releases = read_again(heroku, found) if is_late else found.releases
    # `apply` itself says more; this is for a process that a second signal ends on the spot.
    terminal.if_stopped = f"; {found.app} may have been written to: run config.diff"
    waiting = _waiting(terminal)
    return apply(heroku, found.app, found.plan, releases, clock=Clock, waiting=waiting, wait=wait)


def _waiting(terminal: Terminal) -> Callable[[int, float], None]:
    """Says which release is waited for, and how long already."""
    told: set[int] = set()

    def waiting(version: int, seconds: float) -> None:
        if version not in told:
            told.add(version)
            terminal.note(f"v{version} is pending: waiting for its release phase")
        minutes, rest = divmod(int(seconds), 60)
        terminal.progress(f"v{version} is pending: {minutes}:{rest:02} gone by")

    return waiting
