"""What merging this branch into a base changes in production, read from the locks of both."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from .. import workers
from ..errors import DeployError
from ..heroku.live import read_live
from ..names import LOCK_KEY
from ..plan import merge
from ..plan.review import Review, Reviewed, State
from ..project import commits
from .lock_versions import read, side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..heroku.client import Heroku
    from ..heroku.facts import LiveVars
    from ..plan.merge import Locks
    from ..project.policy import Policy
    from ..project.settings import Settings
    from .lock_places import Project
    from .lock_versions import Found


def review(
    project: Project,
    base: str,
    *,
    way: Callable[[], Heroku | None],
    progress: Callable[[str], None],
) -> Review:
    """Compare three versions of each app's lock, and ask what is live of what merging changes.

    `way` is the way to Heroku, looked for where anything changes; without one nothing is asked. Of
    an app that was added at the base alone there is nothing to say: merging does nothing to it.
    Raises NoCommit, NoFork and CannotSearch.
    """
    checkout = project.checkout
    head = commits.commit(checkout, "HEAD")
    base_commit = commits.commit(checkout, base)
    forks = commits.forks(checkout, base_commit, head)
    notes: list[str] = []
    at_base = side(project, base_commit, base, notes)
    began = [
        at_base
        if each == base_commit
        else side(project, each, f"{each[:10]}, where this branch began", notes)
        for each in forks
    ]
    rows = read(project, at_base, began)
    is_changing = any(isinstance(row, Reviewed) and _is_wanted(row) for row, _ in rows)
    heroku = way() if is_changing else None
    if heroku:
        rows = _with_live(rows, heroku, project.settings, progress)
    return Review(
        *(base, base_commit, forks[0], tuple(row for row, _ in rows)),
        is_asked=heroku is not None,
        notes=tuple(notes),
    )


def _is_wanted(row: Reviewed) -> bool:
    """Whether there is a lock here whose changes can be live already, or not yet."""
    return bool(row.effects) and row.state is not State.LOCK_REMOVED


def _with_live(
    rows: Sequence[Found],
    heroku: Heroku,
    settings: Settings,
    progress: Callable[[str], None],
) -> list[Found]:
    """The same rows, with what is live of each name that merging changes; many apps at once."""
    asked = [
        index
        for index, (row, _) in enumerate(rows)
        if isinstance(row, Reviewed) and row.app and _is_wanted(row)
    ]
    found = list(rows)
    one = partial(_asked, heroku, settings.policy, at_once=len(asked) == 1)
    jobs = [rows[index] for index in asked]
    answers = workers.each(jobs, one, workers=settings.workers)
    for done, (index, row) in enumerate(answers, start=1):
        found[asked[index]] = row
        progress(f"{done}/{len(jobs)} apps")
    return found


def _asked(heroku: Heroku, policy: Policy, found: Found, *, at_once: bool) -> Found:
    row, locks = found
    if not isinstance(row, Reviewed) or row.app is None or locks is None:
        return found
    names = {each.name for each in row.effects}
    try:
        live = read_live(heroku, row.app, wanted=policy.wanted(names), at_once=at_once)
    except DeployError as error:
        return replace(row, unread=error), locks
    renamed = merge.renames(row.effects, locks, live)
    effects = tuple(
        each._replace(
            standing=merge.standing(each, locks, live, policy),
            renamed_from=renamed.get(each.name),
        )
        for each in row.effects
    )
    return replace(row, effects=effects, remark=_remark(row.app, locks, live)), locks


def _remark(app: str, locks: Locks, live: LiveVars) -> str | None:
    """Why digests cannot be compared with what is live, where they cannot."""
    key = live.vars.get(LOCK_KEY)
    if LOCK_KEY in live.unreadable:
        return f"the {LOCK_KEY} of {app} cannot be read, and so no lock can"
    if key is None:
        return f"{app} has no {LOCK_KEY} to read the lock with: config.sync takes it there"
    if not merge.is_read_with(locks.here, key) and not merge.is_read_with(locks.base, key):
        return f"the lock was made with another key than the {LOCK_KEY} of {app}"
    return None
