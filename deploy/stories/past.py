"""What git's history holds of the values of the env files, and where those are live now.

A value that was changed since is no value of an env file any more, and so is not found: history
need not be rewritten for that.
"""

from __future__ import annotations

from itertools import groupby
from posixpath import relpath
from typing import TYPE_CHECKING, NamedTuple

from ..checks.finding import Finding
from ..checks.hardcoded import needles as making
from ..checks.hardcoded import values
from ..errors import DeployError
from ..project.git import CannotSearch
from ..project.lines import Line
from ..project.objects import MAX_BLOB, SHALLOW, Unread, held, is_shallow, lacking, places, staged
from ..project.settings import HISTORY
from .where import held as held_by

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ..checks.hardcoded.needles import Needles
    from ..checks.hardcoded.values import Held
    from ..heroku.client import Heroku
    from ..project.facts import Project
    from ..project.git import Checkout
    from ..project.objects import Place
    from ..secret import Secret


class Live(NamedTuple):
    """Who is asked where a value is live; without a way to Heroku, why nobody is."""

    heroku: Heroku | None
    apps: Sequence[str] = ()
    reason: str = ""
    at_once: int = 1


def past(checkout: Checkout | None, project: Project, live: Live) -> Iterator[Finding]:
    """A finding for each value and path, at the earliest commit that brought it there.

    Raises CannotSearch where git does not answer.
    """
    if checkout is None:
        yield _note("this is no checkout, so there is no history")
        return
    needles = making.needles(project)
    unread: list[Unread] = []
    holding = _holding(checkout, needles, unread)
    known = {(each.needle.name, each.needle.env) for found in holding.values() for each in found}
    where, notes = _where_live(live, _chosen(project, known)) if known else ({}, [])
    missing = lacking(checkout)
    told: set[tuple[str, str, str]] = set()
    lost = set(holding)
    for place in _places(checkout, holding, is_whole=not missing):  # the earliest first
        lost.discard(place.blob)
        for each in holding[place.blob]:
            key = (each.needle.name, each.needle.env, place.path)
            if key not in told:
                told.add(key)
                yield _finding(each, place, checkout, where)
    for blob in sorted(lost - staged(checkout)):
        for each in holding[blob]:
            message = f"git holds {each.what} in blob {blob[:12]}, in no commit that is known"
            yield Finding(".", 0, HISTORY, f"{message}: change the value")
    yield from notes
    yield from _unseen(checkout, unread, missing)


def _holding(checkout: Checkout, needles: Needles, unread: list[Unread]) -> dict[str, list[Held]]:
    """What each blob holds, one at a time, for a line of it may be large; and what was not read."""
    found: dict[str, list[Held]] = {}
    said = held(checkout, needles.searched)
    for blob, some in groupby(said, lambda each: each.path if isinstance(each, Line) else ""):
        lines: list[Line] = []
        for each in some:
            if isinstance(each, Line):
                lines.append(each)
            else:
                unread.append(each)
        for known in values.holding(needles, lines):
            found.setdefault(blob, []).append(known)
    return found


def _places(checkout: Checkout, blobs: Collection[str], *, is_whole: bool) -> list[Place]:
    """Where they stood, as far as git can say: it fails where a clone lacks folders."""
    try:
        return places(checkout, blobs)
    except CannotSearch:
        if is_whole:
            raise
        return []


def _chosen(project: Project, known: set[tuple[str, str]]) -> dict[tuple[str, str], Secret]:
    return {
        (entry.name, env.path): entry.value
        for env in project.envs
        for entry in env.searched
        if (entry.name, env.path) in known
    }


def _finding(
    held_there: Held, place: Place, checkout: Checkout, where: Mapping[tuple[str, str], list[str]]
) -> Finding:
    needle = held_there.needle
    path = relpath(place.path, checkout.prefix or ".")
    apps = where.get((needle.name, needle.env))
    live = f"; it is live on {', '.join(apps)}" if apps else ""
    commit = f"commit {place.commit[:12]} (line {held_there.line.number})"
    message = f"{commit} holds {held_there.what}: change the value{live}"
    return Finding(path, 0, HISTORY, message)


def _where_live(
    live: Live, chosen: Mapping[tuple[str, str], Secret]
) -> tuple[dict[tuple[str, str], list[str]], list[Finding]]:
    """The apps that have a value under any name, and what is to be said of the asking."""
    where: dict[tuple[str, str], list[str]] = {}
    if live.heroku is None:
        reason = f"{live.reason}, so it was not asked where these values are live"
        return where, [_note(reason)]
    notes = []
    live.heroku.mask(chosen.values())
    for app, found in held_by(live.heroku, live.apps, live.at_once).items():
        if isinstance(found, DeployError):
            notes.append(_note(f"whether {app} has these values is not known: {found}"))
            continue
        theirs = list(found.vars.values())
        for key, value in chosen.items():
            if value in theirs:
                where.setdefault(key, []).append(app)
    return where, notes


def _unseen(checkout: Checkout, unread: Sequence[Unread], missing: int) -> Iterator[Finding]:
    """What could not be looked at."""
    if is_shallow(checkout):
        yield _note(SHALLOW)
    if missing:
        yield _note(f"{missing} objects of this partial clone are not here, and were not looked at")
    large = sum(each.size is not None for each in unread)
    if large:
        yield _note(f"{large} files of more than {MAX_BLOB >> 20} MiB were not looked at")
    if len(unread) > large:
        yield _note(f"{len(unread) - large} objects cannot be read, and were not looked at")


def _note(reason: str) -> Finding:
    return Finding(".", 0, HISTORY, reason, is_note=True)
