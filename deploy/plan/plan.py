"""Declared and live, compared: what would change on Heroku, and what is left alone.

A plan decides nothing about permission (`consent` does) and knows no network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..names import LOCK_KEY
from ..project.policy import Policy
from .change import Action, Change

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..heroku.facts import Held, LiveVars
    from ..secret import Secret


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
    unreadable: tuple[str, ...] = ()
    """Their values are not to be read; neither compared, nor written over, nor removed."""
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
        return sum(change.action is action for change in self.changes)

    def applied_to(self, live: Mapping[str, Secret]) -> dict[str, Secret]:
        """What these vars are once the plan holds."""
        after = {**live, **{change.name: change.new for change in self.changes}}
        return {name: value for name, value in after.items() if value is not None}


def make(
    declared: Mapping[str, Secret],
    live: LiveVars,
    *,
    policy: Policy | None = None,
    prune: bool = False,
    suspects: Iterable[str] = (),
    only: frozenset[str] | None = None,
    over_unreadable: bool = False,
) -> Plan:
    """Compare what was declared with what is live.

    A declared name whose live value cannot be read is written over only with `over_unreadable`; no
    such name is ever pruned. `suspects` are names that a quoted value in the file may have
    swallowed; no plan removes one. `only` narrows every part of the plan to those names, except
    `manageable`, which measures the app.
    """
    policy = policy or Policy()
    wanted, present, unreadable = (
        frozenset(names) if only is None else only.intersection(names)
        for names in (declared, live.vars, live.unreadable)
    )
    owned = {name for name in wanted if live.ownership.owns(name)}
    ignored = {name for name in wanted | present | unreadable if policy.ignores(name)}
    written = wanted - owned - ignored
    written -= frozenset() if over_unreadable else unreadable
    changes = [_change(name, declared[name], live) for name in written]

    unmanaged = {
        name
        for name in present - wanted - ignored - policy.provided
        if not live.ownership.owns(name)
    }
    left = unreadable - written - ignored - (policy.provided - wanted)
    spared = {name for name in unmanaged if live.ownership.may_own(name)}
    spared |= unmanaged.intersection({LOCK_KEY, *suspects})
    if prune:
        changes += [Change(name, live.vars[name], None) for name in unmanaged - spared]
        unmanaged = spared

    different = sorted((c for c in changes if not c.is_none), key=lambda change: change.name)
    return Plan(
        changes=tuple(different),
        equal=len(changes) - len(different),
        owned=tuple(sorted(owned)),
        ignored=tuple(sorted(ignored)),
        unmanaged=tuple(sorted(unmanaged)),
        spared=tuple(sorted(spared)),
        unreadable=tuple(sorted(name for name in left if not live.ownership.owns(name))),
        manageable=sum(_is_ours(name, live, policy) for name in live.names),
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
    ignored = {name for name in {*declared, *live.names} if policy.ignores(name)}
    left_out = {name for name in live.names if live.ownership.owns(name) and not owned} - ignored
    taken = live.vars.keys() - ignored - left_out
    changes = [_pulled(name, live.vars[name], declared.get(name)) for name in taken]
    local = declared.keys() - live.names - ignored
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
        unreadable=tuple(sorted(live.unreadable - ignored - left_out)),
    )


def roll_back(
    then: Held,
    live: LiveVars,
    *,
    policy: Policy,
    known: Collection[str],
    only: frozenset[str] | None = None,
    over_unreadable: bool = False,
) -> tuple[Plan, tuple[str, ...]]:
    """The plan that makes an app's vars what they were then, and the names it does not bring back.

    A name that is absent today comes back only if it is in `known` (declared, or asked for): what
    an add-on left behind would point to a database that is gone. CONFIG_LOCK_KEY stays, for it
    fits the lock of today. So does what cannot be read of that release: its value is not known.
    """
    absent = then.vars.keys() - live.names - {LOCK_KEY}
    withheld = {
        name
        for name in absent.difference(known) & (absent if only is None else only)
        if not live.ownership.owns(name) and not policy.ignores(name)
    }
    wanted = {name: then.vars[name] for name in then.vars.keys() - withheld - {LOCK_KEY}}
    apart = Policy(policy.ignore, provided=then.unreadable | {LOCK_KEY})
    plan = make(wanted, live, policy=apart, prune=True, only=only, over_unreadable=over_unreadable)
    unreadable = {name for name in then.unreadable if _is_ours(name, live, policy)} - {LOCK_KEY}
    unreadable = unreadable if only is None else unreadable & only
    plan = replace(plan, unreadable=tuple(sorted(unreadable.union(plan.unreadable))))
    return plan, tuple(sorted(withheld))


def _pulled(name: str, new: Secret, old: Secret | None) -> Change:
    return Change(name, old, new, hint=old.difference(new) if old is not None else None)


def _change(name: str, new: Secret, live: LiveVars) -> Change:
    if name in live.unreadable:
        return Change(name, None, new, is_blind=True)
    old = live.vars.get(name)
    return Change(name, old, new, hint=new.difference(old) if old is not None else None)


def _is_ours(name: str, live: LiveVars, policy: Policy) -> bool:
    return not live.ownership.owns(name) and not policy.ignores(name)
