"""What is said of a review, in every format alike; no value is in it, and no person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import MOST
from ..names import LOCK_KEY, counted, kinds_of, options_of, shown
from ..plan.review import Key, Kind, Reviewed, Standing, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..plan.review import Effect, Review

NOT_ASKED = "No API key is at hand: what is live was not asked."
KINDS = {
    Kind.ADDED: "added",
    Kind.CHANGED: "changed",
    Kind.REMOVED: "removed",
    Kind.CONFLICT: "conflict: changed here and at the base, in two ways",
}


def what(effect: Effect) -> str:
    """What merging does to a name."""
    renamed = f", the value of {shown(effect.renamed_from)}" if effect.renamed_from else ""
    return KINDS[effect.kind] + renamed


def live(effect: Effect) -> str:
    """What is live of it; empty where nobody asked."""
    if effect.standing is None:
        return ""
    is_pruned = effect.kind is Kind.REMOVED and effect.standing is Standing.WAITING
    return effect.standing.value + (" with --prune" if is_pruned else "")


_HEADS = {
    State.UNCHANGED: "{lock} is unchanged: {equal}",
    State.CHANGED: "merging changes {lock}: {counts}",
    State.APP_ADDED: "is new in the settings: {lock} has {names}",
    State.APP_REMOVED: "is no longer in the settings: what it holds stays, and is not checked",
    State.LOCK_ADDED: "{lock} is new: {names}",
    State.LOCK_REMOVED: "{lock} is removed: a drift check has nothing to compare with",
    State.NO_LOCK: "has no lock ({lock})",
}


def head(row: Reviewed) -> str:
    """What merging does to an app's lock as a whole, without the app's name."""
    words = _HEADS[row.state]
    if row.state is State.UNCHANGED and row.moved_from:
        words = "{lock} holds what {moved_from} did: {equal}"
    if row.state is State.APP_ADDED and not row.lines:
        words = "is new in the settings, and has no lock"
    return words.format(
        lock=row.lock,
        moved_from=row.moved_from,
        names=_counted(len(row.lines), "name"),
        equal=_counted(row.equal, "name"),
        counts=counts(row),
    )


def counts(row: Reviewed) -> str:
    clashes = row.count(Kind.CONFLICT)
    conflicts = f", {clashes} in conflict" if clashes else ""
    told = (Kind.ADDED, Kind.CHANGED, Kind.REMOVED)
    counted = ", ".join(f"{row.count(kind)} {KINDS[kind]}" for kind in told)
    return f"{counted}{conflicts}; {row.equal} as they are"


def remarks(row: Reviewed, base: str) -> Iterator[str]:
    """Sentences about an app, each worth a line of its own."""
    if row.moved_from and row.state is not State.UNCHANGED:
        yield f"{row.moved_from} is the lock at the base"
    if row.key in (Key.HERE, Key.BOTH):
        yield f"{row.lock} has another {LOCK_KEY} than before: everything counts as changed"
    if row.key in (Key.BASE, Key.BOTH) and row.effects:
        step = "take that over, and run config.lock"
        yield f"the lock at {base} has another {LOCK_KEY} by now: {step}"
    if row.remark:
        yield row.remark
    if row.unread:
        yield f"what is live cannot be told: {str(row.unread).splitlines()[0]}"


def verdict(found: Review) -> str:
    """What merging changes, in a sentence."""
    apps, changing = _targets([row.app or "" for row in found.rows]), len(found.changing)
    untold = sum(not isinstance(row, Reviewed) for row in found.rows)
    rest = f"; {untold} cannot be told" if untold else ""
    if not changing:
        return f"Merging into {found.base} changes nothing in {apps}{rest}."
    return f"Merging into {found.base} changes {changing} of {apps}{rest}."


def steps(found: Review) -> list[str]:
    """What is left to do when the branch is merged, in commands; nothing where all is live."""
    commands = dict(_commands(found))
    if not commands:
        return []
    rest = [*commands][MOST:]
    more = [f"  and for {counted(rest, 'more ')}"] if rest else []
    return ["When it is merged:", *(f"  {each}" for each in [*commands.values()][:MOST]), *more]


def _commands(found: Review) -> Iterator[tuple[str, str]]:
    """A command for each app or stage, for what is not live."""
    for row in found.changing:
        waiting = [each for each in row.effects if each.standing in (None, Standing.WAITING)]
        if row.app and waiting and row.state is not State.LOCK_REMOVED:
            is_pruned = any(each.kind is Kind.REMOVED for each in waiting)
            prune = " --prune" if is_pruned else ""
            yield row.app, f"invoke config.sync {options_of(row.app)}{prune}"


def _targets(found: Sequence[str]) -> str:
    """How many there are in all, of which some are changed; else see `names.counted`."""
    kinds = kinds_of(found)
    return f"{len(found)} {kinds if len(found) != 1 else kinds.removesuffix('s')}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
