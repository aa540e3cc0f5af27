"""What merging a branch changes, told from locks: digests alone, and no value.

A lock has three versions: where the branch began (the fork), at the base as it is now, and here.
What the branch changed since the fork is applied to the base, name by name, so that a base which
moved on is not shown as being undone. A digest counts together with its key: under another key it
says nothing of whether the value is the same, and everything counts as changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..envfile.lock import Lock
from ..names import LOCK_KEY
from .review import Effect, Key, Kind, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..heroku.facts import LiveVars
    from ..project.policy import Policy
    from ..secret import Secret

Item = TypeVar("Item")
MOST_PAIRS = 10_000
"""Removed and added names that are held against each other; a rename is one of few."""


class Locks(NamedTuple):
    """The three versions of an app's lock; None where there is none, or no such app."""

    fork: Lock | None
    base: Lock | None
    here: Lock | None


def origin(began: Sequence[Lock | None]) -> Lock | None:
    """The lock where a branch began, from those at the commits of `commits.forks`.

    Of several it is what merging them makes, as git has it (git-merge, "recursive"); a name that
    they changed in two ways has a digest there that is equal to none.
    """
    *forks, root = began
    if not forks:
        return root
    old_key, *keys = (lock.fingerprint if lock else None for lock in (root, *forks))
    key = _merged(old_key, keys, clash="")
    before, after = _marks(root), [*map(_marks, forks)]
    digests = {}
    for name in {name for each in after for name in each}:
        marks = [each.get(name) for each in after]
        if mark := _merged(before.get(name), marks, clash=("", "")):
            digests[name] = mark[1] if mark[0] == key else ""
    return None if key is None and not digests else Lock(key or "", digests)


def _merged(before: Item | None, after: Iterable[Item | None], *, clash: Item) -> Item | None:
    changed = {each for each in after if each != before}
    return clash if len(changed) > 1 else changed.pop() if changed else before


def effects(locks: Locks) -> Iterator[Effect]:
    """What the branch changed since the fork, applied to the base; sorted by name."""
    fork, base, here = map(_marks, locks)
    for name in sorted(fork.keys() | here.keys()):
        was, is_now, wanted = fork.get(name), base.get(name), here.get(name)
        if wanted in (was, is_now):
            continue  # the branch left it alone, or the base has it already
        if is_now != was:
            yield Effect(name, Kind.CONFLICT)
        elif was is None:
            yield Effect(name, Kind.ADDED)
        else:
            yield Effect(name, Kind.REMOVED if wanted is None else Kind.CHANGED)


def _marks(lock: Lock | None) -> dict[str, tuple[str, str]]:
    """What stands for the value of each name: its digest, and the key that one was made with."""
    return {name: (lock.fingerprint, each) for name, each in lock.digests.items()} if lock else {}


def equal(locks: Locks, found: tuple[Effect, ...]) -> int:
    """How many names of the merged lock are as they are at the base."""
    touched = {each.name for each in found}
    return len(locks.base.digests.keys() - touched) if locks.base else 0


def key(locks: Locks) -> Key:
    fork, base, here = (lock.fingerprint if lock else None for lock in locks)
    is_here = None not in (fork, here) and here not in (fork, base)
    is_base = None not in (fork, base) and base not in (fork, here)
    return _KEYS[is_here, is_base]


_KEYS = {
    (False, False): Key.SAME,
    (True, False): Key.HERE,
    (False, True): Key.BASE,
    (True, True): Key.BOTH,
}


def standing(effect: Effect, locks: Locks, live: LiveVars, policy: Policy) -> Standing:
    """Whether what is live is what this branch wants, or what the base has, or neither."""
    name = effect.name
    if live.ownership.owns(name) or policy.ignores(name):
        return Standing.LEFT_ALONE
    if name in live.unreadable:
        return Standing.UNKNOWN
    value, lock_key = live.vars.get(name), live.vars.get(LOCK_KEY)
    is_wanted = _is_held(locks.here, name, value, lock_key)
    # Where there was no lock, whatever is live is what was.
    is_old = True if locks.base is None else _is_held(locks.base, name, value, lock_key)
    if is_wanted:
        return Standing.LIVE
    if is_wanted is None and locks.base is None:
        return Standing.UNKNOWN
    if is_old:
        return Standing.WAITING
    return Standing.UNKNOWN if None in (is_wanted, is_old) else Standing.DRIFT


def _is_held(
    lock: Lock | None, name: str, value: Secret | None, lock_key: Secret | None
) -> bool | None:
    """Whether an app holds what a lock says; None where its digest cannot be read with this key."""
    is_locked = lock is not None and name in lock.digests
    if value is None or not is_locked:
        return value is None and not is_locked
    if lock is None or not is_read_with(lock, lock_key) or lock_key is None:
        return None
    return lock.matches(name, value, lock_key)


def is_read_with(lock: Lock | None, lock_key: Secret | None) -> bool:
    if lock is None or lock_key is None or not lock_key.is_lock_key:
        return False
    return lock_key.fingerprint == lock.fingerprint


def renames(found: tuple[Effect, ...], locks: Locks, live: LiveVars) -> dict[str, str]:
    """Added names that have the live value of a removed one, each with that one."""
    lock_key = live.vars.get(LOCK_KEY)
    if locks.here is None or lock_key is None or not is_read_with(locks.here, lock_key):
        return {}
    added = [each.name for each in found if each.kind is Kind.ADDED]
    removed = [each.name for each in found if each.kind is Kind.REMOVED and each.name in live.vars]
    if len(added) * len(removed) > MOST_PAIRS:
        return {}
    return {
        new: old
        for new in added
        for old in removed
        if locks.here.matches(new, live.vars[old], lock_key)
    }
