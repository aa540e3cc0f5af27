"""Ask for a plan and carry it out, in the same way for every task that writes to Heroku."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import NotAllowed
from ..plan import consent
from ..plan.outcome import State, Synced
from ..signals import Clock
from ..stories.diff import look_again
from ..stories.sync import apply
from .confirm import permitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..heroku.client import Heroku
    from ..heroku.facts import Release
    from ..plan.consent import Asked
    from ..plan.outcome import Comparison
    from ..report.reveal import Reveal
    from .output import Form
    from .terminal import Terminal


def settle(
    found: Comparison,
    asked: Asked,
    heroku: Heroku,
    terminal: Terminal,
    *,
    shown: Form,
    reveal: Reveal,
    is_dry: bool,
    wait: int,
) -> Synced:
    """What becomes of a plan: nothing to do, a dry run, a refusal that is raised, or a release."""
    if found.plan.is_empty:
        return Synced(found.app, found.plan, State.UNCHANGED)
    if is_dry:
        needs = consent.options(found.plan, asked)
        return Synced(found.app, found.plan, State.DRY_RUN, needs=needs)
    try:
        is_late = permitted(
            found.plan,
            asked,
            terminal,
            verb="apply",
            above=lambda: shown.above_question(found, reveal),
        )
    except NotAllowed:
        shown.before_refusal(found, reveal)
        raise
    releases = look_again(heroku, found) if is_late else found.releases
    return _carry_out(found, releases, heroku, terminal, wait=wait)


def _carry_out(
    found: Comparison,
    releases: Sequence[Release],
    heroku: Heroku,
    terminal: Terminal,
    *,
    wait: int,
) -> Synced:
    told: set[int] = set()

    def waiting(version: int, seconds: float) -> None:
        if version not in told:
            told.add(version)
            terminal.note(f"v{version} is pending: waiting for its release phase")
        minutes, rest = divmod(int(seconds), 60)
        terminal.progress(f"v{version} is pending: {minutes}:{rest:02} gone by")

    # `apply` itself says more; this is for a process that a second signal ends on the spot.
    terminal.if_stopped = f"; {found.app} may have been written to: run config.diff"
    return apply(heroku, found.app, found.plan, releases, clock=Clock, waiting=waiting, wait=wait)
