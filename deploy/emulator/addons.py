"""What the endpoints of add-ons and their attachments answer."""

from collections.abc import Collection, Sequence

from . import shapes
from .answers import Answer, as_json, not_found
from .app import App
from .call import Call
from .facts import Addon, Attachment
from .paging import page


def list_app_addons(call: Call) -> Answer:
    return _addons(call, [call.app])


def list_addons(call: Call) -> Answer:
    return _addons(call, call.platform.apps_of(call.key))


def show_addon(call: Call) -> Answer:
    """An add-on by its id or name, on one app or, where the path names none, on any."""
    apps = call.platform.apps_of(call.key) if len(call.parts) == 1 else [call.app]
    for app in apps:
        for addon in app.addons:
            if call.parts[-1] in {addon.id, addon.name}:
                return as_json(shapes.addon(addon, app))
    raise not_found("add-on")


def list_app_attachments(call: Call) -> Answer:
    return _attachments(call, [call.app])


def list_attachments_of_addon(call: Call) -> Answer:
    apps = call.platform.apps_of(call.key)
    wanted = {
        each.addon.id
        for app in apps
        for each in app.attachments
        if call.parts[0] in {each.addon.id, each.addon.name}
    }
    if not wanted:
        raise not_found("add-on")
    return _attachments(call, apps, of=wanted)


def list_attachments(call: Call) -> Answer:
    return _attachments(call, call.platform.apps_of(call.key))


def resolve_addon(call: Call) -> Answer:
    """The add-ons that a name means: an add-on's own, or that of an attachment of the app."""
    wanted, service = call.text("addon"), call.text("addon_service")
    found = {
        addon.id: shapes.addon(addon, call.platform.app(addon.app_name))
        for app in _apps_meant(call)
        for addon, names in _called(app)
        if wanted in names and service in {None, addon.service}
    }
    if not found:
        raise not_found("add-on", resource="add_on")
    return as_json(list(found.values()))


def resolve_attachment(call: Call) -> Answer:
    wanted, service = call.text("addon_attachment"), call.text("addon_service")
    found = [
        shapes.attachment(each, app, included=call.included)
        for app in _apps_meant(call)
        for each in app.attachments
        if wanted in {each.id, each.name, f"{app.name}::{each.name}"}
        and service in {None, each.addon.service}
    ]
    if not found:
        raise not_found("add-on attachment", resource="add_on attachment")
    return as_json(found)


def _apps_meant(call: Call) -> Sequence[App]:
    name = call.text("app")
    return (
        call.platform.apps_of(call.key) if name is None else [call.platform.reach(call.key, name)]
    )


def _called(app: App) -> list[tuple[Addon, set[str]]]:
    own = [(each, {each.id, each.name}) for each in app.addons]
    return own + [(each.addon, {each.name, f"{app.name}::{each.name}"}) for each in app.attachments]


def _addons(call: Call, apps: Sequence[App]) -> Answer:
    pairs: list[tuple[Addon, App]] = [(addon, app) for app in apps for addon in app.addons]
    keys = {"id": lambda pair: pair[0].id, "name": lambda pair: pair[0].name}
    return page(pairs, call.range, keys).answer(lambda pair: shapes.addon(*pair))


def _attachments(call: Call, apps: Sequence[App], *, of: Collection[str] = ()) -> Answer:
    pairs: list[tuple[Attachment, App]] = [
        (each, app) for app in apps for each in app.attachments if not of or each.addon.id in of
    ]
    keys = {"id": lambda pair: pair[0].id, "name": lambda pair: pair[0].name}
    return page(pairs, call.range, keys).answer(
        lambda pair: shapes.attachment(*pair, included=call.included)
    )
