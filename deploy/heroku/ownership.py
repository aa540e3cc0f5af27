"""Who controls a var: the requests that tell, and what their answers mean; no network here.

Three lists tell it. Attachments name their vars where the API includes those, as it does for
Heroku's own CLI; the app's add-ons name theirs. The settings of config vars
(`config-vars-settings`; heroku/typescript-api-schema, variant 3.sdk) name the attachment of each
var, and say which are masked; nobody has seen them answer yet, so nothing depends on them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..secret import Secret
from . import api
from .facts import Attachment, LiveVars, Ownership, Setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .facts import Held

ACCEPT_INCLUSION = "application/vnd.heroku+json; version=3.sdk"


def get_attachments(app: str) -> api.Request:
    """Asks for each attachment's own var names, as Heroku's CLI does; not in the schema."""
    headers = {"Accept": ACCEPT_INCLUSION, "Accept-Inclusion": "addon:plan,config_vars"}
    return api.Request("GET", f"/apps/{app}/addon-attachments", headers, app=app)


def get_addons(app: str) -> api.Request:
    """The fallback where the answer about attachments names no vars."""
    return api.Request("GET", f"/apps/{app}/addons", {"Accept": api.ACCEPT}, app=app)


def get_settings(app: str) -> api.Request:
    """Each var with its attachment, and whether it is masked; not in the published schema."""
    headers = {"Accept": ACCEPT_INCLUSION}
    return api.Request("GET", f"/apps/{app}/config-vars-settings", headers, app=app)


def read_attachments(response: api.Response, *, app: str) -> list[Attachment]:
    found = api.parsed(response)
    if not isinstance(found, list):
        raise api.unreadable(response, "a list of attachments")
    return [_attachment(item, response, app) for item in found]


def read_addon_vars(response: api.Response) -> list[str]:
    """The names that the app's own add-ons gave to it."""
    found = api.parsed(response)
    if not isinstance(found, list):
        raise api.unreadable(response, "a list of add-ons")
    return [name for item in found for name in _addon_vars(item, response)]


def ownership(attachments: Iterable[Attachment], addon_vars: Sequence[str] = ()) -> Ownership:
    """Who controls what, from the attachments, and from the add-ons where those name no vars.

    An attachment that names no vars controls `NAME_URL` at the least (HEROKU_POSTGRESQL_MAUVE_URL).
    """
    names = set(addon_vars)
    foreign = []
    for attachment in attachments:
        if attachment.config_vars is not None:
            names.update(attachment.config_vars)
            continue
        names.add(f"{attachment.name}_URL")
        if attachment.foreign:
            foreign.append(attachment.name)
    return Ownership(frozenset(names), tuple(sorted(foreign)))


def read_settings(response: api.Response) -> list[Setting]:
    found = api.parsed(response)
    if not isinstance(found, list):
        raise api.unreadable(response, "a list of settings")
    return [_setting(item, response) for item in found]


def settled(held: Held, owned_by: Ownership, settings: Iterable[Setting]) -> LiveVars:
    """What an app holds, once the settings were asked: they outweigh what else was read.

    A value that only they tell is taken; one that they do not tell is not, whatever stands in its
    place elsewhere.
    """
    told = list(settings)
    hidden = {each.name for each in told if each.value is None}
    shown = {each.name: each.value for each in told if each.value is not None}
    shown |= {name: value for name, value in held.vars.items() if name not in hidden}
    owned = {each.name for each in told if each.is_owned}
    return LiveVars(
        shown,
        Ownership(owned_by.names | owned, owned_by.foreign),
        frozenset(hidden | (held.unreadable - shown.keys())),
    )


def owned_by_settings(attachments: Iterable[Attachment], settings: Sequence[Setting]) -> Ownership:
    """Who controls what where attachments name no vars, and the settings do.

    An attachment may be new, and have no var yet: then it will have `NAME_URL` at the least.
    """
    told = {each.name for each in settings}
    named = {f"{attachment.name}_URL" for attachment in attachments} - told
    return Ownership(frozenset(named | {each.name for each in settings if each.is_owned}))


def _attachment(item: object, response: api.Response, app: str) -> Attachment:
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
            return list(found)
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
