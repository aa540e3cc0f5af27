"""What is told of a stage, for a person: what it has of production, and the way back."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from ..errors import DeployError
from ..names import LOCK_KEY, is_plain, options_of
from ..plan.change import Action
from .layout import name_lists, one_line, words, wrap

if TYPE_CHECKING:
    from ..plan.outcome import Synced


def of_production(stage: str, found: tuple[str, ...] | DeployError, width: int | None) -> str:
    """What every member of the pipeline can read (Dev Center, "Review Apps")."""
    if isinstance(found, DeployError):
        reason = str(found).partition("\n")[0]
        unknown = f"Whether {stage} has secrets of production is not known: {reason}"
        return wrap(words(one_line(unknown)), width)
    head = "Secrets of production, which every member of the pipeline can read here:"
    return "".join(name_lists({head: found}, width))


def way_back(done: Synced, *, can_undo: bool) -> str:
    """A sync from its own files, where those declare what there was; it has no releases."""
    names = [change.name for change in done.plan.changes if change.name != LOCK_KEY]
    if not (can_undo and names and all(map(is_plain, names))):
        return "No undo: a stage has no releases, and its files do not declare what was there."
    only = "".join(f" --only {quote(name)}" for name in names)
    is_new = any(change.action is Action.SET for change in done.plan.changes)
    return f"Undo: invoke config.sync {options_of(done.app)}{only}{' --prune' if is_new else ''}"
