"""What each endpoint of the emulated API does and answers.

An endpoint takes a `Call` and returns an `Answer`, or raises a `HerokuError` that holds one.
It runs under the platform's lock, so it sees and leaves the state whole.
"""

import re
from collections.abc import Mapping, Sequence

from . import shapes
from .answers import Answer, as_json, invalid, not_found
from .app import App
from .call import Call
from .changes import Changes, changed
from .facts import Addon, Attachment, Release
from .paging import page
from .state import OWNER

CONFIG_LIMIT = 64 * 1024
RELEASE_COMMAND_WARNING = (
    "Release command executing: this config change will not be available until the command succeeds"
)
HEROKU_NAME_WARNING = 'The "HEROKU_" namespace is protected and shouldn\'t be used.'
"""What Heroku says, https://github.com/heroku/heroku-buildpack-php/issues/659"""
_NAME = re.compile(r"\w+", re.ASCII)


def list_apps(call: Call) -> Answer:
    apps = call.platform.apps_of(call.key)
    keys = {"name": lambda app: app.name, "id": lambda app: app.id}
    return page(apps, call.range, keys).answer(shapes.app)


def show_app(call: Call) -> Answer:
    return as_json(shapes.app(call.app))


def show_config(call: Call) -> Answer:
    return as_json(call.app.shown(call.app.vars))


def change_config(call: Call) -> Answer:
    """Apply all of a PATCH or nothing; one PATCH makes one release."""
    return apply_changes(call, checked(call, call.data()))


def apply_changes(call: Call, changes: Changes) -> Answer:
    """A user's change once every rule holds; the answer is the config vars, as they then read."""
    app = call.app
    before = app.vars
    release = app.patch(changes, user=OWNER, even_without_effect=call.platform.empty_patch_releases)
    is_held = release is not None and release.status == "pending"
    shown = app.shown(before if is_held else app.vars)
    return as_json(shown, headers=_warnings(changes, is_held=is_held))


def list_releases(call: Call) -> Answer:
    app = call.app
    keys = {"version": lambda release: release.version, "id": lambda release: release.id}
    wanted = page(app.releases, call.range, keys)
    answer = wanted.answer(lambda release: shapes.release(release, app))
    app.were_read(wanted.items)
    return answer


def show_release(call: Call) -> Answer:
    app, release = call.app, _release(call.app, call.parts[1])
    answer = as_json(shapes.release(release, app))
    app.were_read([release])
    return answer


def show_release_config(call: Call) -> Answer:
    release = _release(call.app, call.parts[1])
    shown = call.app.shown_of(release)
    if shown is None:
        raise not_found("release")
    return as_json(shown)


def roll_back(call: Call) -> Answer:
    """Make an old release's code and config current again, by a new release."""
    app = call.app
    identity = call.data().get("release")
    if not isinstance(identity, int | str):
        raise invalid("A release to roll back to is needed, by its id or version.")
    release = _release(app, str(identity))
    if release.status != "succeeded":
        raise invalid(f"Cannot roll back to v{release.version}: it did not succeed.")
    return as_json(shapes.release(app.roll_back(release, user=OWNER), app), status=201)


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


def list_attachments(call: Call) -> Answer:
    return _attachments(call, call.platform.apps_of(call.key))


def show_account(call: Call) -> Answer:
    return as_json(shapes.account(OWNER, call.platform.trouble))


def show_rate_limits(call: Call) -> Answer:
    return as_json({"remaining": call.platform.rate_limit_remaining})


def checked(call: Call, given: Mapping[str, object]) -> dict[str, str | None]:
    """What a PATCH asks for once every rule for it holds. Raises 422.

    An owned var that comes back as it is passes: `heroku config:edit` sends the whole config, and
    so did heroku-config, https://github.com/xavdid/heroku-config/issues/29
    """
    changes: dict[str, str | None] = {}
    for name, value in given.items():
        if call.platform.plain_names and not _NAME.fullmatch(name):
            raise invalid(f"Config var key {name} is invalid.")
        if not isinstance(value, str | None):
            raise invalid(f"Config var {name} must be a string or null.")
        changes[name] = value
    app = call.app
    live = app.vars
    touched = (name for name, value in changes.items() if live.get(name) != value)
    if owned := sorted(app.owned.intersection(touched)):
        raise invalid(f"Cannot overwrite attachment values {', '.join(owned)}.")
    after = changed(live, changes).items()
    if sum(_size(name) + _size(value) for name, value in after) > CONFIG_LIMIT:
        raise invalid("The config vars' names and values exceed 64 kB in all.")
    return changes


def _warnings(changes: Changes, *, is_held: bool) -> dict[str, str]:
    """The header for people, drawn by a name that is sent back as it is, too.

    https://github.com/xavdid/heroku-config/issues/29; of a removal nothing is known.
    """
    is_protected = any(
        name.startswith("HEROKU_") and value is not None for name, value in changes.items()
    )
    texts = [RELEASE_COMMAND_WARNING] * is_held + [HEROKU_NAME_WARNING] * is_protected
    return {"Warning-Message": " ".join(texts)} if texts else {}


def _size(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


def _release(app: App, identity: str) -> Release:
    """By id or version; `v12` is taken for 12, as people type it."""
    for release in app.releases:
        if identity in {release.id, str(release.version), f"v{release.version}"}:
            return release
    raise not_found("release")


def _addons(call: Call, apps: Sequence[App]) -> Answer:
    pairs: list[tuple[Addon, App]] = [(addon, app) for app in apps for addon in app.addons]
    keys = {"id": lambda pair: pair[0].id, "name": lambda pair: pair[0].name}
    return page(pairs, call.range, keys).answer(lambda pair: shapes.addon(*pair))


def _attachments(call: Call, apps: Sequence[App]) -> Answer:
    pairs: list[tuple[Attachment, App]] = [(each, app) for app in apps for each in app.attachments]
    keys = {"id": lambda pair: pair[0].id, "name": lambda pair: pair[0].name}
    return page(pairs, call.range, keys).answer(
        lambda pair: shapes.attachment(*pair, included=call.included)
    )
