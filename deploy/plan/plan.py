"""Declared and live, compared: what would change on Heroku, and what is left alone.

A plan decides nothing about permission (`consent` does) and knows no network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..names import LOCK_KEY
from ..project.policy import Policy
from .change import Action, Change

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..heroku.facts import Held, LiveVars
    from ..secret import Secret


class Plan(NamedTuple):
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

    def number_of(self, action: Action) -> int:
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
        _chosen(names, only) for names in (declared, live.vars, live.unreadable)
    )
    written = manageable(wanted, live, policy) - (set() if over_unreadable else unreadable)
    changes = [_change(name, declared[name], live) for name in written]

    unmanaged = manageable(present - wanted - policy.provided, live, policy)
    spared = unmanaged & {LOCK_KEY, *suspects, *filter(live.ownership.may_own, unmanaged)}
    if prune:
        changes += [Change(name, live.vars[name], None) for name in unmanaged - spared]
        unmanaged = spared

    unread = manageable(unreadable - written - (policy.provided - wanted), live, policy)
    return Plan(
        *_different(changes),
        owned=tuple(sorted(filter(live.ownership.owns, wanted))),
        ignored=tuple(sorted(filter(policy.ignores, wanted | present | unreadable))),
        unmanaged=tuple(sorted(unmanaged)),
        spared=tuple(sorted(spared)),
        unreadable=tuple(sorted(unread)),
        manageable=len(manageable(live.names, live, policy)),
    )


def pull(
    declared: Mapping[str, Secret],
    live: LiveVars,
    *,
    policy: Policy,
    prune: bool = False,
    owned: bool = False,
    only: frozenset[str] | None = None,
) -> Plan:
    """The plan the other way round: what would change in an env file.

    Its `owned` and `ignored` are live and left out, its `unmanaged` are only in the file. The key
    of a lock is never pruned: without it no lock can be read.
    """
    names = _chosen(live.names, only)
    ignored = set(filter(policy.ignores, names | _chosen(declared, only)))
    left_out = set() if owned else set(filter(live.ownership.owns, names)) - ignored
    taken = (live.vars.keys() & names) - ignored - left_out
    changes = [_pulled(name, live.vars[name], declared.get(name)) for name in taken]
    local = _chosen(declared, only) - names - ignored
    if prune:
        changes += [Change(name, declared[name], None) for name in local - {LOCK_KEY}]
        local = local & {LOCK_KEY}
    return Plan(
        *_different(changes),
        owned=tuple(sorted(left_out)),
        ignored=tuple(sorted(ignored)),
        unmanaged=tuple(sorted(local)),
        unreadable=tuple(sorted((live.unreadable & names) - ignored - left_out)),
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
    withheld = manageable(_chosen(absent.difference(known), only), live, policy)
    wanted = {name: then.vars[name] for name in then.vars.keys() - withheld - {LOCK_KEY}}
    apart = Policy(policy.ignore, provided=then.unreadable | {LOCK_KEY})
    plan = make(wanted, live, policy=apart, prune=True, only=only, over_unreadable=over_unreadable)
    unread = manageable(_chosen(then.unreadable - {LOCK_KEY}, only), live, policy)
    plan = plan._replace(unreadable=tuple(sorted(unread.union(plan.unreadable))))
    return plan, tuple(sorted(withheld))


def manageable(names: Iterable[str], live: LiveVars, policy: Policy) -> set[str]:
    """Those of these names that are neither owned nor ignored."""
    return {name for name in names if not live.ownership.owns(name) and not policy.ignores(name)}


def _chosen(names: Iterable[str], only: frozenset[str] | None) -> frozenset[str]:
    """Those of these names that `--only` names; all of them without it."""
    return frozenset(names) if only is None else only.intersection(names)


def _change(name: str, new: Secret, live: LiveVars) -> Change:
    if name in live.unreadable:
        return Change(name, None, new, is_blind=True)
    old = live.vars.get(name)
    return Change(name, old, new, hint=new.difference(old) if old is not None else None)


def _pulled(name: str, new: Secret, old: Secret | None) -> Change:
    return Change(name, old, new, hint=old.difference(new) if old is not None else None)


def _different(changes: Collection[Change]) -> tuple[tuple[Change, ...], int]:
    """The changes that change something, sorted by name, and how many do not."""
    found = sorted((c for c in changes if not c.is_noop), key=lambda change: change.name)
    return tuple(found), len(changes) - len(found)
