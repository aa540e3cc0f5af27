"""What each endpoint of the emulated API does and answers.

An endpoint takes a `Call` and returns an `Answer`, or raises a `HerokuError` that holds one.
It runs under the platform's lock, so it sees and leaves the state whole.
"""

import re
from itertools import count

from . import shapes
from .answers import Answer, as_json, invalid, no_endpoint, not_found
from .app import App
from .call import Call
from .changes import Changes, changed
from .facts import OWNER, Release
from .paging import page
from .state import Platform

CONFIG_LIMIT = 64 * 1024
RELEASE_COMMAND_WARNING = (
    "Release command executing: this config change will not be available until the command succeeds"
)
HEROKU_NAME_WARNING = 'The "HEROKU_" namespace is protected and shouldn\'t be used.'
"""What Heroku says, https://github.com/heroku/heroku-buildpack-php/issues/659"""
_NAME = re.compile(r"\w+", re.ASCII)


_APP_NAME = re.compile(r"[a-z][a-z0-9-]{1,28}[a-z0-9]")


def create_app(call: Call) -> Answer:
    name = call.text("name") or _free_name(call.platform)
    if not _APP_NAME.fullmatch(name):
        raise invalid(
            "Name must start with a letter and can only contain lowercase letters,"
            " numbers, and dashes."
        )
    try:
        app = call.platform.add_app(name)
    except ValueError:
        raise invalid(f"Name {name} is already taken") from None
    return as_json(shapes.app(app), status=201)


def change_app(call: Call) -> Answer:
    """Maintenance, which is all of an app that can be changed here besides its config."""
    app, wanted = call.app, call.data().get("maintenance")
    if not isinstance(wanted, bool):
        raise invalid("maintenance must be true or false; the emulator changes nothing else.")
    app.maintenance = wanted
    return as_json(shapes.app(app))


def show_formation(call: Call) -> Answer:
    return as_json([shapes.formation(call.app)])


def list_authorizations(call: Call) -> Answer:
    return as_json([shapes.authorization(each) for each in call.platform.authorizations])


def authorize(call: Call) -> Answer:
    scopes = call.data().get("scope") or ["global"]
    if not isinstance(scopes, list) or not all(isinstance(each, str) for each in scopes):
        raise invalid("scope must be a list of strings.")
    made = call.platform.authorize(call.text("description") or "", scopes)
    return as_json(shapes.authorization(made), status=201)


def list_apps(call: Call) -> Answer:
    apps = call.platform.apps_of(call.key)
    keys = {"name": lambda app: app.name, "id": lambda app: app.id}
    return page(apps, call.range, keys).answer(shapes.app)


def filter_apps(call: Call) -> Answer:
    """The apps of these ids, as Heroku's CLI asks for those of a pipeline."""
    match call.data():
        case {"in": {"id": [*ids]}}:
            apps = call.platform.apps_of(call.key)
            return as_json([shapes.team_app(app) for app in apps if app.id in ids])
    raise invalid("in.id must be a list of ids.")


def show_app(call: Call) -> Answer:
    return as_json(shapes.app(call.app))


def show_config(call: Call) -> Answer:
    return as_json(call.app.shown)


def show_config_settings(call: Call) -> Answer:
    """Each var with its owner, and whether it is masked; an app of another age has no such page.

    From the types of Heroku's own clients (heroku/typescript-api-schema, its variant 3.sdk).
    """
    if not call.platform.config_settings:
        raise no_endpoint()
    return as_json(shapes.config_settings(call.app))


def change_config(call: Call) -> Answer:
    """Apply all of a PATCH or nothing; one PATCH makes one release."""
    app = call.app
    changes, before = _changes(call, app), app.shown
    release = app.patch(changes, user=OWNER, even_without_effect=call.platform.empty_patch_releases)
    is_held = release is not None and release.status == "pending"
    return as_json(before if is_held else app.shown, headers=_warnings(changes, is_held=is_held))


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


def _free_name(platform: Platform) -> str:
    taken = {app.name for app in platform.apps_of("")}
    return next(name for n in count(1) if (name := f"quiet-meadow-{n:05}") not in taken)


def show_account(_: Call) -> Answer:
    return as_json(shapes.account(OWNER))


def show_rate_limits(call: Call) -> Answer:
    return as_json({"remaining": call.platform.rate_limit_remaining})


def _changes(call: Call, app: App) -> dict[str, str | None]:
    """The body of a PATCH once every rule for it holds. Raises 400 or 422.

    An owned var that comes back as it is passes: `heroku config:edit` sends the whole config, and
    so did heroku-config, https://github.com/xavdid/heroku-config/issues/29
    """
    changes: dict[str, str | None] = {}
    for name, value in call.data().items():
        if call.platform.plain_names and not _NAME.fullmatch(name):
            raise invalid(f"Config var key {name} is invalid.")
        if not isinstance(value, str | None):
            raise invalid(f"Config var {name} must be a string or null.")
        changes[name] = value
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
