"""Show a plan, ask for it and apply it, in the same way for every task that writes to Heroku."""

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
    from .output import PlanOutput
    from .terminal import Terminal


def apply_plan(
    found: Diff,
    asked: Asked,
    heroku: Heroku,
    output: PlanOutput,
    *,
    expect: str | None = None,
    is_dry: bool,
    wait: int,
) -> Synced:
    """What becomes of a plan: nothing to do, a dry run, a refusal that is raised, or a release.

    `expect` is the digest of the plan that was reviewed, if one was. `wait` is how many minutes a
    release phase is waited for.
    """
    plan, terminal = found.plan, output.terminal
    output.show_plan(found)
    try:
        consent.check_expected(expect, found.digest, kind=asked.kind)
        was_asked = not (plan.is_empty or is_dry) and confirm(
            *(plan, asked, terminal), verb="apply", above=lambda: output.plan_above_question(found)
        )
    except NotAllowed:
        output.show_refused(found)
        raise
    if plan.is_empty:
        done = Synced(found.app, plan, State.UNCHANGED)
    elif is_dry:
        done = Synced(found.app, plan, State.DRY_RUN, needs=consent.options(plan, asked))
    else:
        releases = read_again(heroku, found) if was_asked else found.releases
        # `apply` itself says more; this is for a process that a second signal ends on the spot.
        terminal.if_stopped = f"; {found.app} may have been written to: run config.diff"
        waiting = _waiting(terminal)
        done = apply(heroku, found.app, plan, releases, clock=Clock, waiting=waiting, wait=wait)
    output.show_result(found, done)
    return done


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
