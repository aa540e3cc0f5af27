"""Plans and what became of them, for a person: diff, sync, rollback, pull and lock."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from ..names import LOCK_KEY, apps_listed, is_plain, is_stage, listed, shown
from ..plan.change import Action
from ..plan.outcome import State
from .layout import counts, marked_rows, name_lists, one_line, words, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..envfile.declaration import Place
    from ..plan.change import Change
    from ..plan.outcome import Diff, Explained, Pull, Synced
    from ..stories.lock import Written
    from .reveal import Reveal

UNREADABLE = (
    "Unreadable on Heroku, left alone (only --force writes over one, where it is declared):"
)
_WHOSE = "Whether our request brought it, or another, is not known."
_UNSENT = "It was on its way already; nothing was sent again."


def diff(found: Diff, reveal: Reveal, *, color: bool = False, width: int | None = None) -> str:
    """The plan: a line of counts, a line a change, and what is left alone."""
    plan = found.plan
    lines = [*first(found, width)]
    lines += changes(found.app, found.source, found, reveal, color=color, width=width)
    needed = "an add-on, the platform or an open quote may hold them"
    unmanaged = [name for name in plan.unmanaged if name not in plan.spared]
    spared = [name for name in plan.spared if name != LOCK_KEY]
    left_alone = {
        "Owned by an add-on or the platform, left alone:": plan.owned,
        "Ignored by the settings, left alone:": plan.ignored,
        UNREADABLE: plan.unreadable,
        "Unmanaged, kept (--prune removes them):": unmanaged,
        f"Unmanaged, kept in any case ({needed}):": spared,
    }
    lines += name_lists(left_alone, width)
    if LOCK_KEY in plan.spared:
        source = one_line(found.source)
        kept = f"{LOCK_KEY} is not in {source}, and kept: config.lock can add it there."
        lines.append(wrap(words(kept), width))
    held = "an add-on may have held them; config.rollback --restore NAME brings one back"
    lines += name_lists({f"Absent today, left out ({held}):": found.withheld}, width)
    lines += [*pending(found, width), *explanations(found, width)]
    if found.digest:
        lines.append(f"Plan {found.digest}")
    return "\n".join(lines)


def first(found: Diff, width: int | None) -> Iterator[str]:
    """What comes ahead of the plan: what a stage has of production."""
    if found.production:
        from .text_stage import of_production  # noqa: PLC0415  # most are apps

        yield of_production(found.app, found.production, width)


def pending(found: Diff, width: int | None) -> Iterator[str]:
    """What explains a difference that somebody has ended already."""
    if found.pending:
        waits = f"v{found.pending} is pending: until it succeeds, Heroku shows the vars before it."
        yield wrap(words(waits), width)


def explanations(found: Diff, width: int | None) -> Iterator[str]:
    """Where each name that was asked for is declared."""
    for each in found.explained:
        yield wrap(words(_explanation(each, found.source)), width)


def _explanation(found: Explained, source: str) -> str:
    """Which file and line declares a name, and what that hides."""
    name = shown(found.name)
    if not found.places:
        return f"{name} is not declared in {one_line(source)}."
    first, *hidden = found.places
    which = {True: "the same value", False: "another value"}
    hides = [f"{_place(each)} ({which[each.entry.value == first.entry.value]})" for each in hidden]
    behind = f", which hides {' and '.join(hides)}" if hides else ""
    return f"{name} is declared in {_place(first)}{behind}."


def _place(found: Place) -> str:
    source = one_line(found.source)
    return f"{source}:{found.entry.line}" if found.entry.line else source


def pull(found: Pull, reveal: Reveal, *, color: bool = False, width: int | None = None) -> str:
    """What would change in the env files, and what is left out of them."""
    plan = found.plan
    lines = [*changes(found.source, found.app, found, reveal, color=color, width=width)]
    left_alone = {
        "Owned by an add-on or the platform, left out (--owned takes them):": plan.owned,
        "Ignored by the settings, left alone:": plan.ignored,
        "Unreadable on Heroku, left out:": plan.unreadable,
        "Only in the file, kept (--prune removes them):": plan.unmanaged,
        "Left out, since no env file can hold them:": found.held_back,
    }
    return "\n".join([*lines, *name_lists(_files(found), width), *name_lists(left_alone, width)])


def _files(found: Pull) -> dict[str, Sequence[str]]:
    """Which file takes which names, where there are several, or another app has the file too."""
    return {
        f"In {one_line(source)}{_whose(others)}:": names
        for source, names, _, others in found.edits
        if found.is_layered or others
    }


def _whose(others: Sequence[str]) -> str:
    """Who else is declared by a file, and so by what changes in it."""
    return f", which {apps_listed(others)} read{'s'[: len(others) == 1]} too" if others else ""


def changes(
    one: str,
    other: str,
    found: Diff | Pull,
    reveal: Reveal,
    *,
    color: bool,
    width: int | None,
) -> Iterator[str]:
    """What would make the one equal to the other: counts, and a line a change."""
    plan = found.plan
    one, other = one_line(one), one_line(other)
    if found.is_in_sync:
        yield counts(f"{one} is in sync with {other}:", f"{plan.equal} equal.", width)
    else:
        new, changed, removed = (plan.number_of(action) for action in Action)
        actions = f"{new} to set, {changed} to change, {removed} to remove; {plan.equal} equal."
        yield counts(f"{one} differs from {other}:", actions, width)
    rows = [(each.action.value, each.name, _values(each, reveal)) for each in plan.changes]
    yield from marked_rows(rows, color=color, width=width)


def _values(change: Change, reveal: Reveal) -> Iterator[str]:
    """What stands behind a name, in its parts: the one value, the other, and the hint."""
    before = "  "
    if change.is_blind:
        yield "  (unreadable)"
        before = " -> "
    for value in (change.old, change.new):
        if value:
            yield before + reveal.quote(change.name, value)
            before = " -> "
    if change.hint:
        yield f"  ({change.hint.value})"


def synced(done: Synced, *, can_undo: bool = False) -> str:
    """What was done, in a line, and how to undo it; see `way_back`."""
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
    return "\n".join([did, *_unverified(done), *way_back(done, can_undo=can_undo)])


def _applied(done: Synced) -> str:
    """What is live now; not that we set it, where that is not known."""
    new, changed, removed = (done.plan.number_of(action) for action in Action)
    version = f" (v{done.version})" if done.version else " (no release found)"
    if is_stage(done.app):
        version = ""
    if done.is_ours:
        return f"Set {new}, changed {changed}, removed {removed} on {done.app}{version}."
    counted = f"{new} set, {changed} changed, {removed} removed"
    return f"{done.app} holds this{version}: {counted}. {_WHOSE}"


def _unverified(done: Synced) -> Iterator[str]:
    if done.unverified:
        yield f"Not verified, since it cannot be read back: {one_line(listed(done.unverified))}"


def way_back(done: Synced, *, can_undo: bool = False) -> Iterator[str]:
    """The way back as far as there is one, in a command.

    A stage has no releases: there is one where `can_undo` says that its files declare what was.
    """
    if is_stage(done.app):
        from .text_stage import way_back as way_back_of_stage  # noqa: PLC0415  # most are apps

        yield way_back_of_stage(done, can_undo=can_undo)
        return
    # A rollback leaves the key of the lock alone, and brings back what can be read.
    changes = [change for change in done.plan.changes if change.name != LOCK_KEY]
    blind = [change.name for change in changes if change.is_blind]
    if done.previous and done.version and len(blind) < len(changes):
        yield f"Undo: {_undo(done, done.previous)}"
    if blind:
        yield f"No undo, since what stood there cannot be read: {one_line(listed(blind))}"


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


def pulled(found: Pull) -> str:
    """What was done to an env file, in a line."""
    if found.plan.is_empty:
        return "Nothing to do."
    new, changed, removed = (found.plan.number_of(action) for action in Action)
    files = " + ".join(edit.source for edit in found.edits)
    return f"Set {new}, changed {changed}, removed {removed} in {one_line(files)}."


def locked(done: Written, called: str) -> str:
    """What was written into a lock, which messages call so."""
    anew = f" It was made with another {LOCK_KEY} before." if done.is_anew else ""
    return f"Wrote {one_line(called)}: {done.names} names. Commit it.{anew}"


def dry_run(needs: Sequence[str]) -> str:
    """That nothing was written, and the options with which it would be."""
    apply = f"\nTo apply this: {' '.join(needs)}" if needs else ""
    return f"Dry run: nothing was written.{apply}"
