"""The lock of each app and stage: where the branch began, at the base, and here."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ..envfile import lock as locking
from ..errors import BadLock, DeployError, FileUnreadable
from ..plan import merge
from ..plan.merge import Locks
from ..plan.review import Kind, Reviewed, State, Unreviewed
from ..project import commits, files
from .lock_places import is_outside, places, shown_place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..envfile.lock import Lock
    from ..plan.review import Row
    from ..project.settings import Settings
    from .lock_places import Places, Project

    Held = dict[str, bytes | DeployError]
    Found = tuple[Row, Locks | None]

CONFIGS = tuple(f"invoke.{suffix}" for suffix in ("yaml", "yml", "json", "py"))
"""What Invoke reads beside `tasks.py`: the first of these that is there."""


_STEP = "move it away, or remove it, and run config.lock"


class Side(NamedTuple):
    """The fork or the base: a commit, what messages call it, and the settings there."""

    commit: str
    shown: str
    settings: Settings


def side(project: Project, commit: str, shown: str, notes: list[str]) -> Side:
    """The settings at a commit; today's where there are none to be read, which is noted."""
    prefix = project.checkout.prefix
    paths = [prefix + name for name in CONFIGS]
    there = commits.contents(project.checkout, commit, paths, shown=shown)
    name, found = next(
        ((name, there[prefix + name]) for name in CONFIGS if prefix + name in there), ("", b"")
    )
    if (name, found) == _config_here(project.root):
        return Side(commit, shown, project.settings)
    try:
        if isinstance(found, DeployError):
            raise found
        return Side(commit, shown, project.parse(name, found))
    except DeployError as error:
        first = str(error).splitlines()[0]
        notes.append(f"{name} at {shown} is not read, and today's settings count there: {first}")
        return Side(commit, shown, project.settings)


def _config_here(root: Path) -> tuple[str, bytes]:
    name = next((name for name in CONFIGS if files.is_there(root / name)), "")
    try:
        return name, files.read_regular(root / name, shown=name) if name else b""
    except FileUnreadable:
        return name, b""


def read(project: Project, base: Side, began: Sequence[Side]) -> list[Found]:
    """A row an app, and a stage, with its three locks; `began` is as `commits.forks` has it."""
    sides = [base, *began]
    found = [*places(project, [side.settings for side in sides])]
    held: list[Held] = []
    for number, side in enumerate(sides):
        paths = dict.fromkeys(chain.from_iterable(each.then[number] for each in found))
        inside = [path for path in paths if not is_outside(path)]
        held.append(commits.contents(project.checkout, side.commit, inside, shown=side.shown))
    rows = [_row(project, each, sides, held) for each in found]
    # Where stages are listed and no app is, it may be that there is none.
    has_stages = bool(project.settings.stages)
    return [found for found in rows if not (has_stages and _is_nothing(found[0]))]


def _is_nothing(row: Row) -> bool:
    return isinstance(row, Reviewed) and row.app is None and row.state is State.NO_LOCK


def _row(project: Project, where: Places, sides: Sequence[Side], held: Sequence[Held]) -> Found:
    prefix = project.checkout.prefix
    path = where.here or next(iter(where.then[0]))
    shown = shown_place(path, prefix)
    try:
        if is_outside(path):
            reason = "is outside of the repository, which knows nothing of it"
            raise FileUnreadable(shown, reason)
        (old, place), *began = map(_lock_at, sides, held, where.then)
        data = _data_here(project, where.here, shown)
        here = locking.parse(data, source=shown) if data is not None else None
    except DeployError as error:
        return Unreviewed(where.target, shown, error), None
    locks = Locks(merge.origin([lock for lock, _ in began]), old, here)
    state = _state(where, locks)
    effects = tuple(merge.effects(locks))
    if here is None:  # what is declared nowhere any more stays as it is on Heroku
        is_clash = state is State.LOCK_REMOVED
        effects = tuple(each for each in effects if is_clash and each.kind is Kind.CONFLICT)
    is_moved = here is not None and path not in {place, *(place for _, place in began)}
    row = Reviewed(
        *(where.target, shown, state, effects, merge.equal(locks, effects), merge.key(locks)),
        moved_from=shown_place(place, prefix) if is_moved and place else None,
        path=path,
        lines=locking.places(data or b""),
    )
    return row, locks


def _lock_at(side: Side, held: Held, paths: Sequence[str]) -> tuple[Lock | None, str | None]:
    """The lock at a commit, and where it is; raises BadLock, or FileUnreadable."""
    for path in paths:
        data = held.get(path)
        if isinstance(data, DeployError):
            raise data
        if data is not None:
            return _parsed(data, f"{path} at {side.shown}"), path
    return None, None


def _parsed(data: bytes, shown: str) -> Lock:
    try:
        return locking.parse(data, source=shown)
    except BadLock as error:
        error.next_step = "mend it there: invoke config.lock, on a branch of its own"
        raise


def _data_here(project: Project, path: str | None, shown: str) -> bytes | None:
    if path is None:
        return None
    top = project.checkout.top
    # A commit holds where a link leads, and no more: what is behind it is not what is merged.
    links = (each for each in (path, *commits.folders_of(path)) if os.path.islink(top / each))  # noqa: PTH114  # raises for no name
    if link := next(links, None):
        what = "is a link" if link == path else f"is behind {link}, which is a link"
        raise FileUnreadable(shown, f"{what}, and not read", next_step=_STEP)
    try:
        return files.read_regular(top / path, shown=shown, next_step=_STEP)
    except FileUnreadable as error:
        if error.reason == files.MISSING:
            return None
        error.next_step = _STEP
        raise


def _state(where: Places, locks: Locks) -> State:
    if where.here is None:
        return State.APP_REMOVED
    if not any(where.then):
        return State.APP_ADDED
    if locks.here is None:
        is_removed = locks.fork and locks.base
        is_there = locks.fork is None and locks.base
        return State.LOCK_REMOVED if is_removed else State.UNCHANGED if is_there else State.NO_LOCK
    if locks.fork is None and locks.base is None:
        return State.LOCK_ADDED
    is_changing = next(merge.effects(locks), None)
    return State.CHANGED if is_changing else State.UNCHANGED
