"""What would have been right to say, computed from what was true: plans, drift, files."""

import io
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase

from dotenv import dotenv_values

from .api import Vars
from .running import Told
from .stage import Run
from .story import IGNORED, LOCK_KEY
from .world import LONGEST_LAG

Marks = dict[str, str]
"""Names and what a plan does to each: `+`, `~` or `-`."""


def parsed(data: bytes) -> dict[str, str]:
    found = dotenv_values(stream=io.StringIO(data.decode()), interpolate=False)
    return {name: value or "" for name, value in found.items()}


def is_ignored(name: str) -> bool:
    return fnmatchcase(name, IGNORED)


def plan(
    declared: Mapping[str, str],
    live: Mapping[str, str | None],
    owned: Collection[str],
    *,
    only: Collection[str],
    prune: bool,
    provided: Collection[str],
) -> Marks:
    found = {}
    for name in {*declared, *live}:
        if name in owned or is_ignored(name) or (only and name not in only):
            continue
        if name in declared:
            if live.get(name) != declared[name]:
                found[name] = "~" if name in live else "+"
        elif prune and name not in provided and name != LOCK_KEY:
            found[name] = "-"
    return found


def way_back(
    then: Mapping[str, str | None],
    live: Mapping[str, str | None],
    owned: Collection[str],
    *,
    only: Collection[str],
    known: Collection[str],
) -> Marks:
    """The plan of a rollback: names that are absent come back only where they are declared."""
    wanted = {name: value or "" for name, value in then.items() if name in live or name in known}
    found = plan(wanted, live, owned, only=only, prune=True, provided=())
    found.pop(LOCK_KEY, None)
    return found


def drift(
    declared: Mapping[str, str],
    live: Mapping[str, str | None],
    owned: Collection[str],
    *,
    is_lock: bool,
    provided: Collection[str],
) -> dict[str, str]:
    """Names, and whether each is changed, missing or unmanaged."""
    found = {}
    for name in {*declared, *live} - set(owned):
        if is_ignored(name) or (is_lock and name == LOCK_KEY):
            continue
        if name not in declared:
            if name not in provided and name != LOCK_KEY:
                found[name] = "unmanaged"
        elif name not in live:
            found[name] = "missing"
        elif live[name] != declared[name]:
            found[name] = "changed"
    return found


def pulled(
    before: Mapping[str, str],
    live: Mapping[str, str | None],
    owned: Collection[str],
    *,
    with_owned: bool,
    prune: bool,
) -> dict[str, str]:
    """An env file after a pull."""
    after = dict(before)
    for name, value in live.items():
        if not is_ignored(name) and (with_owned or name not in owned):
            after[name] = value or ""
    for name in before.keys() - live.keys():
        if prune and not is_ignored(name) and name != LOCK_KEY:
            del after[name]
    return after


def readings(told: Told, run: Run, since: float) -> Iterator[tuple[Vars, frozenset[str]]]:
    """Each pair of vars and owners that a run may have been answered: two reads, two moments.

    The settings of the vars are a third: what was not there before may be told by them.
    """
    app = told.world.app
    moments = sorted({*app.moments(since - LONGEST_LAG - 1, run.end)})
    vars_: list[Vars] = []
    owners: list[frozenset[str]] = []
    for at in moments:
        shown, owned = app.shown(at), app.owned(at)
        vars_ += [] if shown in vars_ else [shown]
        owners += [] if owned in owners else [owned]
    if app.switches.has_settings:
        vars_ += [
            {**later, **each} for place, each in enumerate(vars_) for later in vars_[place + 1 :]
        ]
    yield from ((each, owned) for each in vars_ for owned in owners)
