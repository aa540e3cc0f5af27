"""Ask for what a plan needs, in the same way for every task that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import Declined
from ..names import listed
from ..plan import consent
from ..plan.consent import Consent

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..plan.consent import Asked
    from ..plan.plan import Plan
    from .terminal import Terminal


def confirm(
    plan: Plan, asked: Asked, terminal: Terminal, *, verb: str, above: Callable[[], str]
) -> bool:
    """Ask what must be asked, and tell whether anything was: that took time.

    `above` is what must stand above a question, and `verb` what a yes lets happen. Raises
    NotAllowed where asking is no use, and Declined where the answer is no.
    """
    needed = consent.needed(plan, asked)
    if needed is Consent.GIVEN:
        return False
    if needed is Consent.YES_NO:
        question = f"{verb.capitalize()} this to {asked.name}? [y/N]"
        is_yes = is_yes_to(question, terminal, above=above())
    else:
        names = listed(change.name for change in plan.removals)
        removes = f"This removes or empties {names}.\n" if names else ""
        question = f"{removes}Type {asked.name} to {verb} it:"
        is_yes = terminal.ask(question, above=above()) == asked.name
    if not is_yes:
        raise Declined
    return True


def is_yes_to(question: str, terminal: Terminal, *, above: str = "") -> bool:
    return terminal.ask(question, above=above).lower() in ("y", "yes")
