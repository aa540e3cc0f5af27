"""Declared and live, compared: what would change on Heroku, and what is left alone.

A plan decides nothing about permission (`consent` does) and knows no network.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from deploy.facts import LiveVars
    from deploy.secret import Hint, Secret


LOCK_KEY = "CONFIG_LOCK_KEY"
"""The key of an app's lock; no prune takes it from the app, for no lock could be read then."""


class Action(Enum):
    """What a plan does to one name; the value is its mark in a report."""

    SET = "+"
    CHANGE = "~"
    REMOVE = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """One name that would differ afterwards; `old` and `new` are None where it is absent."""

    name: str
    old: Secret | None
    new: Secret | None
    hint: Hint | None = None

    @property
    def action(self) -> Action:
        if self.old is None:
            return Action.SET
        return Action.REMOVE if self.new is None else Action.CHANGE

    @property
    def is_removal(self) -> bool:
        """Whether a value that was there is gone afterwards, be it removed or made empty."""
        if self.old is None:
            return False
        return self.new is None or (self.new.is_empty and not self.old.is_empty)

    @property
    def replaces_value(self) -> bool:
        """Whether a live value gives way to another one, neither of them empty."""
        is_old, is_new = (side is not None and not side.is_empty for side in (self.old, self.new))
        return is_old and is_new

    @property
    def plants_placeholder(self) -> bool:
        """Whether text that nobody filled in would take the place of a live value."""
        return self._replaces and self.new is not None and self.new.looks_like_placeholder()

    @property
    def plants_reference(self) -> bool:
        """Whether a reference that nobody resolved would take the place of a live value."""
        return self._replaces and self.new is not None and self.new.is_unresolved

    @property
    def _replaces(self) -> bool:
        return self.old is not None and not self.old.is_empty and self.new is not None

    def holds_in(self, live: Mapping[str, Secret]) -> bool:
        """Whether these vars are as this change means them to be."""
        return live.get(self.name) == self.new


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings say about names: patterns to leave alone, and names from elsewhere."""

    ignore: tuple[str, ...] = ()
    provided: frozenset[str] = frozenset()
    encrypted: tuple[str, ...] = ()
    """Patterns of vars that the app decrypts itself; without them ciphertext is no value."""

    def ignores(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.ignore)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would change, sorted by name, and the names left alone, with the reason."""

    changes: tuple[Change, ...]
    equal: int
    owned: tuple[str, ...] = ()
    """Declared, but an add-on or the platform controls them: reported, never written."""
    ignored: tuple[str, ...] = ()
    """Declared or live, and matched by `ignore:`."""
    unmanaged: tuple[str, ...] = ()
    """Only on Heroku, neither owned nor ignored nor provided; kept without `--prune`."""
    spared: tuple[str, ...] = ()
    """Unmanaged, but not to be pruned: an add-on, the platform, a quoted value in the file or a
    lock may need them."""
    manageable: int = 0
    """How many live vars are neither owned nor ignored."""

    @property
    def is_empty(self) -> bool:
        return not self.changes

    @property
    def removals(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.is_removal)

    @property
    def replaced(self) -> int:
        """How many live values would give way to other ones."""
        return sum(change.replaces_value for change in self.changes)

    def count(self, action: Action) -> int:
        return Counter(change.action for change in self.changes)[action]


def make(
    declared: Mapping[str, Secret],
    live: LiveVars,
    *,
    policy: Policy | None = None,
    prune: bool = False,
    suspects: Iterable[str] = (),
    only: frozenset[str] | None = None,
) -> Plan:
    """Compare what was declared with what is live.

    `suspects` are names that a quoted value in the file may have swallowed; no plan removes one.
    `only` narrows every part of the plan to those names, except `manageable`, which measures the
    app.
    """
    policy = policy or Policy()
    wanted = frozenset(declared) if only is None else frozenset(declared) & only
    present = frozenset(live.vars) if only is None else frozenset(live.vars) & only

    owned = {name for name in wanted if live.ownership.owns(name)}
    ignored = {name for name in wanted | present if policy.ignores(name)}
    written = wanted - owned - ignored
    changes = [_change(name, declared[name], live.vars.get(name)) for name in written]

    unmanaged = {
        name
        for name in present - wanted - ignored - policy.provided
        if not live.ownership.owns(name)
    }
    spared = {name for name in unmanaged if live.ownership.may_own(name)}
    spared |= unmanaged.intersection({LOCK_KEY, *suspects})
    if prune:
        changes += [Change(name, live.vars[name], None) for name in unmanaged - spared]
        unmanaged = spared

    different = sorted((c for c in changes if c.old != c.new), key=lambda change: change.name)
    return Plan(
        changes=tuple(different),
        equal=sum(change.old == change.new for change in changes),
        owned=tuple(sorted(owned)),
        ignored=tuple(sorted(ignored)),
        unmanaged=tuple(sorted(unmanaged)),
        spared=tuple(sorted(spared)),
        manageable=sum(_is_ours(name, live, policy) for name in live.vars),
    )


def pull(
    declared: Mapping[str, Secret],
    live: LiveVars,
    *,
    policy: Policy,
    prune: bool = False,
    owned: bool = False,
) -> Plan:
    """The plan the other way round: what would change in an env file.

    Its `owned` and `ignored` are live and left out, its `unmanaged` are only in the file. The key
    of a lock is never pruned: without it no lock can be read.
    """
    ignored = {name for name in {*declared, *live.vars} if policy.ignores(name)}
    left_out = {name for name in live.vars if live.ownership.owns(name) and not owned} - ignored
    taken = live.vars.keys() - ignored - left_out
    changes = [_pulled(name, live.vars[name], declared.get(name)) for name in taken]
    local = declared.keys() - live.vars.keys() - ignored
    if prune:
        changes += [Change(name, declared[name], None) for name in local - {LOCK_KEY}]
        local = local & {LOCK_KEY}
    different = sorted((c for c in changes if c.old != c.new), key=lambda change: change.name)
    return Plan(
        changes=tuple(different),
        equal=len(changes) - len(different),
        owned=tuple(sorted(left_out)),
        ignored=tuple(sorted(ignored)),
        unmanaged=tuple(sorted(local)),
    )


def roll_back(
    then: Mapping[str, Secret],
    live: LiveVars,
    *,
    policy: Policy,
    known: Collection[str],
    only: frozenset[str] | None = None,
) -> tuple[Plan, tuple[str, ...]]:
    """The plan that makes an app's vars what they were then, and the names it does not bring back.

    A name that is absent today comes back only if it is in `known` (declared, or asked for): what
    an add-on left behind would point to a database that is gone. CONFIG_LOCK_KEY stays, for it
    fits the lock of today.
    """
    absent = then.keys() - live.vars.keys() - {LOCK_KEY}
    withheld = {
        name
        for name in absent.difference(known) & (absent if only is None else only)
        if not live.ownership.owns(name) and not policy.ignores(name)
    }
    wanted = {name: then[name] for name in then.keys() - withheld - {LOCK_KEY}}
    apart = Policy(policy.ignore, provided=frozenset({LOCK_KEY}))
    plan = make(wanted, live, policy=apart, prune=True, only=only)
    return plan, tuple(sorted(withheld))


def _pulled(name: str, new: Secret, old: Secret | None) -> Change:
    return Change(name, old, new, hint=old.difference(new) if old is not None else None)


def _change(name: str, new: Secret, old: Secret | None) -> Change:
    return Change(name, old, new, hint=new.difference(old) if old is not None else None)


def _is_ours(name: str, live: LiveVars, policy: Policy) -> bool:
    return not live.ownership.owns(name) and not policy.ignores(name)
