"""Where a value stands: the declared texts are searched, and the apps are asked for their vars."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .. import workers
from ..errors import DeployError
from ..plan.whereabouts import Var, Whereabouts, of_name, of_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..envfile.declaration import Layer
    from ..heroku.client import Heroku
    from ..heroku.facts import Held
    from ..secret import Secret


def where(
    heroku: Heroku,
    texts: Sequence[tuple[Layer, tuple[str, ...]]],
    apps: Sequence[str],
    *,
    name: str | None = None,
    value: Secret | None = None,
    unread: Sequence[tuple[str, DeployError]] = (),
    at_once: int,
    progress: Callable[[str], None],
) -> Whereabouts:
    """Look for the values of a name, or for one that is given; one request an app.

    `texts` are what is declared, each with the apps that it is a layer of; `unread` are those that
    cannot be read. What an app refuses is part of the answer.
    """
    found_by_app = held(heroku, apps, at_once, progress)
    failed = [(app, each) for app, each in found_by_app.items() if isinstance(each, DeployError)]
    live = {app: each for app, each in found_by_app.items() if not isinstance(each, DeployError)}
    known = [
        Var(layer.source, entry.name, entry.value, entry.line, layered)
        for layer, layered in texts
        for entry in layer.parsed.entries
    ]
    known += (
        Var(app, each, found.vars[each], is_live=True)
        for app, found in live.items()
        for each in sorted(found.vars)
    )
    found = (of_value(value, known),) if value else of_name(name or "", known)
    hidden = tuple(app for app, each in live.items() if name in each.unreadable)
    return Whereabouts(name, found, len(texts), len(live), unread=(*unread, *failed), hidden=hidden)


def held(
    heroku: Heroku,
    apps: Sequence[str],
    at_once: int,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Held | DeployError]:
    """What each app has, or why that is not told; one request an app."""
    found: dict[str, Held | DeployError] = {}
    for index, each in workers.each(apps, partial(_outcome, heroku), workers=at_once):
        found[apps[index]] = each
        progress(f"{len(found)}/{len(apps)} apps")
    return {app: found[app] for app in apps}


def _outcome(heroku: Heroku, app: str) -> Held | DeployError:
    try:
        return heroku.vars(app)
    except DeployError as error:
        return error
