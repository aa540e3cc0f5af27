"""What a sync or a rollback did, in a few lines, and the way back."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from ..names import LOCK_KEY, is_plain, shown
from ..plan.change import Action
from ..plan.outcome import State
from .layout import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..plan.outcome import Synced
    from ..stories.lock import Written


def synced(done: Synced) -> str:
    """What was done, in a line, and how to undo it."""
    match done.state:
        case State.UNCHANGED:
            return "Nothing to do."
        case State.DRY_RUN:
            return dry_run(done.needs)
        case State.SENT if done.was_pending:
            did = f"v{done.version} of {done.app} brings this: pending, not verified. {_UNSENT}"
        case State.SENT if done.is_ours:
            did = f"Sent as v{done.version} to {done.app}: pending, not verified."
        case State.SENT:
            did = f"Sent to {done.app}, where v{done.version} is pending: not verified."
        case State.APPLIED if done.was_pending:
            did = f"v{done.version} of {done.app} brought this. {_UNSENT}"
        case State.APPLIED:
            did = _applied(done)
    return "\n".join([did, *_behind(done)])


def _behind(done: Synced) -> Iterator[str]:
    """What could not be verified, and the way back as far as there is one."""
    if done.unverified:
        yield f"Not verified, since it cannot be read back: {_names(done.unverified)}"
    # A rollback leaves the key of the lock alone, and brings back what can be read.
    changes = [change for change in done.plan.changes if change.name != LOCK_KEY]
    if done.previous and done.version and not all(change.is_blind for change in changes):
        yield f"Undo: {_undo(done, done.previous)}"
    if blind := [change.name for change in changes if change.is_blind]:
        yield f"No undo, since what stood there cannot be read: {_names(blind)}"


def _applied(done: Synced) -> str:
    """What is live now; not that we set it, where that is not known."""
    was_set, changed, removed = done.counts
    version = f"v{done.version}" if done.version else "no release found"
    if done.is_ours:
        return f"Set {was_set}, changed {changed}, removed {removed} on {done.app} ({version})."
    counted = f"{was_set} set, {changed} changed, {removed} removed"
    return f"{done.app} holds this ({version}): {counted}. {_WHOSE}"


_WHOSE = "Whether our request brought it, or another, is not known."
_UNSENT = "It was on its way already; nothing was sent again."


def locked(done: Written, called: str) -> str:
    """What was written into a lock, which messages call so."""
    anew = f" It was made with another {LOCK_KEY} before." if done.is_anew else ""
    return f"Wrote {printable(called, keep='')}: {done.names} names. Commit it.{anew}"


def dry_run(needs: Sequence[str]) -> str:
    """That nothing was written, and the options with which it would be."""
    lines = ["Dry run: nothing was written."]
    return "\n".join([*lines, f"To apply this: {' '.join(needs)}"] if needs else lines)


def _names(names: Sequence[str]) -> str:
    return ", ".join(printable(shown(name), keep="") for name in names)


def _undo(done: Synced, previous: int) -> str:
    """The way back; for these names alone where a release of others lies in between, or is this.

    What was removed is declared nowhere, so a rollback must be told to bring it back. A name that
    is none that can be pasted stands in no command.
    """
    changes = [change for change in done.plan.changes if not change.is_blind]
    names = [change.name for change in changes if change.name != LOCK_KEY]
    removed = [change.name for change in changes if change.action is Action.REMOVE]
    alone = names if done.is_among_others or not done.is_ours else []
    told = [*(("--only", name) for name in alone), *(("--restore", name) for name in removed)]
    if not all(is_plain(name) for _, name in told):
        return "a name in it can stand in no command; see config.history"
    options = "".join(f" {option} {quote(name)}" for option, name in told)
    return f"invoke config.rollback --app {done.app} --to v{previous}{options}"
