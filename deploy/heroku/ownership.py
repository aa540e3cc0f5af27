"""Who controls a var: the requests that tell it, and what their answers mean; no network here.

Three lists tell it. Attachments name their vars where the API includes those, as it does for
Heroku's own CLI. The app's add-ons name theirs. The settings of config vars
(`config-vars-settings`; heroku/typescript-api-schema, variant 3.sdk) name the attachment of each
var, and say which are masked; nobody has seen them answer yet, so nothing depends on them.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from ..secret import Secret
from . import api
from .facts import Attachment, LiveVars, Ownership, Setting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from .facts import Held

ACCEPT_INCLUSION = "application/vnd.heroku+json; version=3.sdk"


def get_attachments(app: str) -> api.Request:
    """Asks for each attachment's own var names, as Heroku's CLI does; not in the schema."""
    headers = {"Accept": ACCEPT_INCLUSION, "Accept-Inclusion": "addon:plan,config_vars"}
    return api.get(app, "/addon-attachments", headers)


def get_settings(app: str) -> api.Request:
    """Each var with its attachment, and whether it is masked; not in the published schema."""
    return api.get(app, "/config-vars-settings", {"Accept": ACCEPT_INCLUSION})


def read_attachments(response: api.Response, *, app: str) -> list[Attachment]:
    return api.read_list(response, "attachments", partial(_attachment, app=app))


def read_addon_vars(response: api.Response) -> list[str]:
    """The names that the app's own add-ons gave to it."""
    return [*chain.from_iterable(api.read_list(response, "add-ons", _addon_vars))]


def read_settings(response: api.Response) -> list[Setting]:
    return api.read_list(response, "settings", _setting)


def by_attachments(found: Collection[Attachment], addon_vars: Iterable[str] = ()) -> Ownership:
    """Who controls what, from the attachments, and from the add-ons where those name no vars.

    An attachment that names no vars controls `NAME_URL` at the least (HEROKU_POSTGRESQL_MAUVE_URL).
    """
    names = {*addon_vars, *(name for each in found for name in each.config_vars or ())}
    unnamed = [each for each in found if each.config_vars is None]
    names |= {f"{each.name}_URL" for each in unnamed}
    return Ownership(frozenset(names), tuple(sorted(each.name for each in unnamed if each.foreign)))


def by_settings(found: Iterable[Attachment], settings: Collection[Setting]) -> Ownership:
    """Who controls what where attachments name no vars, and the settings do.

    An attachment may be new, and have no var yet: then it will have `NAME_URL` at the least.
    """
    urls = {f"{each.name}_URL" for each in found} - {each.name for each in settings}
    return Ownership(frozenset(urls.union(each.name for each in settings if each.is_owned)))


def with_settings(held: Held, ownership: Ownership, settings: Collection[Setting]) -> LiveVars:
    """What an app holds, once the settings were asked: they outweigh what else was read.

    A value that only the settings show is taken; one that they do not show is not, whatever stands
    in its place elsewhere.
    """
    hidden = {each.name for each in settings if each.value is None}
    shown = {each.name: each.value for each in settings if each.value is not None}
    shown |= {name: value for name, value in held.vars.items() if name not in hidden}
    owned = {each.name for each in settings if each.is_owned}
    return LiveVars(
        shown,
        Ownership(ownership.names | owned, ownership.foreign),
        frozenset(hidden | (held.unreadable - shown.keys())),
    )


def _attachment(item: object, response: api.Response, *, app: str) -> Attachment:
    match item:
        case {"name": str(name), "config_vars": list(found)} if _are_names(found):
            return Attachment(name, tuple(found))
        case {"config_vars": [*_] | str() | dict()}:
            pass
        case {"name": str(name), "addon": {"app": {"name": str(owner)}}}:
            return Attachment(name, None, foreign=owner != app)
    raise api.unreadable(response, "an attachment")


def _addon_vars(item: object, response: api.Response) -> list[str]:
    match item:
        case {"config_vars": list(found)} if _are_names(found):
            return found
    raise api.unreadable(response, "an add-on")


def _setting(item: object, response: api.Response) -> Setting:
    match item:
        case {
            "key": str(name),
            "value": None | str() as value,
            "masked": bool(is_masked),
            "attachment": None | dict() as attachment,
        }:
            secret = Secret(value) if value is not None and not is_masked else None
            return Setting(name, secret, is_owned=attachment is not None)
    raise api.unreadable(response, "a setting of a config var")


def _are_names(found: list[object]) -> bool:
    return all(isinstance(name, str) for name in found)
