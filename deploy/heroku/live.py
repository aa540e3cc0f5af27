"""What an app holds, and who controls it, read with as few requests as possible.

Two at the same time, where nothing is in doubt: the vars, and the attachments with their var names.
A value is in doubt that is null or reads like a mask, and so is a name that is wanted and absent:
how `config-vars` shows a masked var is not known, and it may leave it out. Then the settings of the
vars are read too. No client has been seen to use those, so nothing depends on them: where they do
not answer, what cannot be read stays so, and what is not there is taken for absent.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .. import workers
from ..errors import DeployError
from ..names import is_stage
from . import ownership
from .facts import LiveVars, Ownership

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .client import Heroku
    from .facts import Held, Release, Setting


def read_live(
    heroku: Heroku,
    app: str,
    *,
    wanted: Collection[str] = (),
    is_careful: bool = False,
    at_once: bool = True,
) -> LiveVars:
    """An app's vars and who owns them; at once, or in turn where many apps are read anyway.

    `wanted` are names that will be taken for absent where they are not among the vars. With
    `is_careful` the settings are read in any case, beside the rest: a mask that is not known as one
    would be taken for a value. The vars of a stage are all that can be asked of it.
    """
    if is_stage(app):
        held = heroku.vars(app)
        return LiveVars(held.vars, Ownership(), held.unreadable)
    settings = cache(lambda: heroku.settings(app))

    def ask() -> tuple[Held, Ownership]:
        if at_once:
            return workers.both(lambda: heroku.vars(app), lambda: _ownership(heroku, app, settings))
        return heroku.vars(app), _ownership(heroku, app, settings)

    held, owners = workers.both(ask, settings)[0] if is_careful else ask()
    absent = {name for name in {*wanted} - held.names if not owners.owns(name)}
    found = settings() if held.unreadable or absent or is_careful else None
    if found is None:
        return LiveVars(held.vars, owners, held.unreadable)
    return ownership.with_settings(held, owners, found)


def _ownership(heroku: Heroku, app: str, settings: Callable[[], list[Setting] | None]) -> Ownership:
    """From the attachments; where those name no vars, from the settings, or from the add-ons."""
    attachments = heroku.attachments(app)
    if all(attachment.config_vars is not None for attachment in attachments):
        return ownership.by_attachments(attachments)
    found = settings()
    if found is not None:
        return ownership.by_settings(attachments, found)
    return ownership.by_attachments(attachments, heroku.addon_vars(app))


def newest_releases(heroku: Heroku, app: str) -> list[Release] | DeployError:
    """The newest releases, or why they are not to be had."""
    try:
        return heroku.newest_releases(app)
    except DeployError as error:
        return error
