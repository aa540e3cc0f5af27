"""The lock of each app in three versions: where the branch began, at the base, and here.

Where a lock is, the settings say, and they may be others in each version.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from ..envfile import lock as locking
from ..errors import BadLock, DeployError, FileUnreadable
from ..plan import merge
from ..plan.merge import Locks
from ..plan.review import Kind, Reviewed, State, Unreviewed
from ..project import commits, files, lock_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from ..envfile.lock import Lock
    from ..plan.review import Row
    from ..project.git import Checkout
    from ..project.settings import Settings

    Parse = Callable[[str, bytes], Settings]
    At = tuple["Side", dict[str, bytes | DeployError]]
    Found = tuple[Row, Locks | None]

CONFIGS = tuple(f"invoke.{suffix}" for suffix in ("yaml", "yml", "json", "py"))
"""What Invoke reads beside `tasks.py`: the first of these that is there."""


class Project(NamedTuple):
    """The folder of `tasks.py`, in its checkout, as it is now."""

    root: Path
    checkout: Checkout
    settings: Settings
    parse: Parse
    """The settings in the text of a file of this name; raises DeployError."""
    app: str | None = None
    """The app that is meant where the settings list none."""


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


class _App(NamedTuple):
    """An app, and where its lock may be on each side: the first that is there.

    It is nowhere where the app is not declared.
    """

    name: str | None
    fork: tuple[str, ...]
    base: tuple[str, ...]
    here: str | None


def read(project: Project, fork: Side, base: Side) -> list[Found]:
    """A row an app, with its three locks."""
    apps = [*_apps(project, fork.settings, base.settings)]

    def at(side: Side, places: Iterable[str]) -> At:
        inside = [path for path in dict.fromkeys(places) if not _is_outside(path)]
        found = commits.contents(project.checkout, side.commit, inside, shown=side.shown)
        return side, found

    at_fork = at(fork, (path for app in apps for path in app.fork))
    at_base = at(base, (path for app in apps for path in app.base))
    return [_row(project, app, at_fork, at_base) for app in apps]


def _apps(project: Project, fork: Settings, base: Settings) -> Iterator[_App]:
    here = project.settings
    names: list[str | None] = [*here.apps]
    if not here.apps:
        # One that is found is known by its name; else it is the only one there was.
        names = [project.app or (next(iter(fork.apps)) if len(fork.apps) == 1 else None)]
    is_only = len(names) == 1
    for name in dict.fromkeys((*names, *fork.apps)):
        is_here = name in names
        now = _path(project, name, here) if is_here else None
        was, is_now = (
            tuple(_candidates(project, name, each, now, is_only=is_only)) for each in (fork, base)
        )
        if is_here or is_now:  # else both sides removed it
            yield _App(name, was, is_now, now)


def _candidates(
    project: Project, app: str | None, settings: Settings, now: str | None, *, is_only: bool
) -> Iterator[str]:
    """Where the lock of an app may be, by the settings of a commit.

    Where they list no app, any app is declared by the default file, unless its lock is there.
    """
    if app in settings.apps:
        yield _path(project, app, settings)
    elif not settings.apps:
        if now is not None:
            yield now
        if is_only:
            yield _path(project, app, settings)
    elif app is None and now is not None:
        yield now


def _path(project: Project, app: str | None, settings: Settings) -> str:
    """Where an app's lock belongs, from the top of the repository."""
    lock = lock_place.lock_path(app or "", settings, project.root)
    below = os.path.relpath(lock, project.root)
    return os.path.normpath(os.path.join(project.checkout.prefix, below))  # noqa: PTH118  # no file


def _row(
    project: Project,
    app: _App,
    fork: At,
    base: At,
) -> Found:
    path = app.here or next(iter(app.base))
    shown = _shown(project, path)
    try:
        if _is_outside(path):
            reason = "is outside of the repository, which knows nothing of it"
            raise FileUnreadable(shown, reason)
        was, began = _lock_at(fork, app.fork)
        old, place = _lock_at(base, app.base)
        data = _data_here(project, app.here, shown)
        here = locking.parse(data, source=shown) if data is not None else None
    except DeployError as error:
        return Unreviewed(app.name, shown, error), None
    locks = Locks(was, old, here)
    state = _state(app, locks)
    effects = tuple(merge.effects(locks))
    if here is None:  # what is declared nowhere any more stays as it is on Heroku
        is_clash = state is State.LOCK_REMOVED
        effects = tuple(each for each in effects if is_clash and each.kind is Kind.CONFLICT)
    is_moved = here is not None and path not in (began, place)
    row = Reviewed(
        *(app.name, shown, state, effects, merge.equal(locks, effects), merge.key(locks)),
        moved_from=_shown(project, place) if is_moved and place else None,
        path=path,
        lines=locking.places(data or b""),
    )
    return row, locks


def _lock_at(at: At, places: Sequence[str]) -> tuple[Lock | None, str | None]:
    """The lock at a commit, and where it is; raises BadLock, or FileUnreadable."""
    side, found = at
    for path in places:
        data = found.get(path)
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
    try:
        return files.read_regular(project.checkout.top / path, shown=shown)
    except FileUnreadable as error:
        if error.reason == files.MISSING:
            return None
        raise


def _state(app: _App, locks: Locks) -> State:
    if app.here is None:
        return State.APP_REMOVED
    if not app.fork and not app.base:
        return State.APP_ADDED
    if locks.here is None:
        is_removed = locks.fork and locks.base
        is_there = locks.fork is None and locks.base
        return State.LOCK_REMOVED if is_removed else State.UNCHANGED if is_there else State.NO_LOCK
    if locks.fork is None and locks.base is None:
        return State.LOCK_ADDED
    is_changing = next(merge.effects(locks), None)
    return State.CHANGED if is_changing else State.UNCHANGED


def _shown(project: Project, path: str) -> str:
    """A path from the top of the repository, as messages call it: from the folder of `tasks.py`."""
    return os.path.relpath(path, project.checkout.prefix or ".")


def _is_outside(path: str) -> bool:
    return path.startswith("../")
