"""What an app's releases did to its config, read back as far as it takes."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from .. import workers
from ..errors import ApiError, Forbidden, Unauthorized
from ..plan.history import History, Revision, revisions

if TYPE_CHECKING:
    from collections.abc import Collection

    from ..heroku.client import Heroku
    from ..heroku.facts import Held, Release

WORKERS = 8
"""How many releases are read at once."""
PAGE = 20
"""How many releases are listed at once, at the least."""
MOST = 200
"""How many releases are looked through for fewer that changed config; each is a request."""


def history(heroku: Heroku, app: str, *, names: Collection[str] = (), limit: int) -> History:
    """The newest `limit` releases that changed config, or one of the names.

    One request for each page of the list, and one for each release looked through; deploys that
    changed no config are looked through too, `MOST` in all (or `limit` and one, if that is more).
    A key that may not read what releases held is an error; a release that cannot be read is not.
    """
    most = max(MOST, limit + 1)
    every = heroku.releases(app, max(PAGE, limit + 1))
    seen: list[Release] = []
    held: dict[int, Held | None] = {}
    is_whole = False
    found: list[Revision] = []
    while not is_whole and len(found) < limit and len(seen) < most:
        wanted = min(limit + 1, most - len(seen))
        more = list(islice(every, wanted))
        for index, vars_then in workers.each(more, partial(_held, heroku, app), workers=WORKERS):
            held[more[index].version] = vars_then
        seen += more
        is_whole = len(more) < wanted or seen[-1].version == 1
        told = revisions(seen, held, is_whole=is_whole, names=names)
        found = [revision for revision in told if revision.changes != ()]
    unreadable = {name for each in held.values() if each for name in each.unreadable}
    return History(
        app=app,
        revisions=tuple(found[:limit]),
        seen=len(seen),
        oldest=min((release.version for release in seen), default=None),
        is_whole=is_whole and len(found) <= limit,
        unreadable=tuple(sorted(unreadable.intersection(names) if names else unreadable)),
    )


def _held(heroku: Heroku, app: str, release: Release) -> Held | None:
    try:
        return heroku.release_vars(app, release.version)
    except (Unauthorized, Forbidden):
        raise
    except ApiError:  # of this release alone; a connection that broke ends the whole
        return None
