"""`config-vars-settings`: the config vars with their masks and owners.

Heroku's newer types have it (https://github.com/heroku/typescript-api-schema, variant 3.sdk), the
published schema has not. A masked var cannot be unmasked. What a PATCH looks like is told nowhere:
here it is one setting, or a list of them, with `key` and what shall change, `value` or `masked`.
"""

from collections.abc import Mapping

from . import shapes
from .answers import Answer, as_json, invalid, no_endpoint
from .call import Call, parse_json
from .endpoints import apply_changes, checked


def show_settings(call: Call) -> Answer:
    app = call.app
    if not call.platform.settings:
        raise no_endpoint()
    return as_json([shapes.setting(name, app) for name in app.vars])


def change_settings(call: Call) -> Answer:
    """Set, remove and mask, all or nothing; a mask alone makes no release."""
    app = call.app
    if not call.platform.settings:
        raise no_endpoint()
    wanted = _wanted(call)
    changes = checked(call, {key: each["value"] for key, each in wanted.items() if "value" in each})
    masks = {key: each["masked"] for key, each in wanted.items() if "masked" in each}
    for key, masked in masks.items():
        if key not in {*app.vars, *changes} or key in app.owned:
            raise invalid(f"Config var {key} cannot be masked.")
        if not masked and key in app.masked:
            raise invalid(f"Config var {key} is masked and cannot be unmasked.")
    done = apply_changes(call, changes)
    app.masked |= {key: app.masked.get(key) for key, masked in masks.items() if masked}
    shown = show_settings(call)
    return Answer(status=shown.status, body=shown.body, headers=done.headers)


def _wanted(call: Call) -> Mapping[str, Mapping[str, object]]:
    """What shall change, by key. Raises 400 or 422."""
    parsed = parse_json(call.incoming.body)
    given = call.data() if parsed is None else parsed.value
    wanted: dict[str, Mapping[str, object]] = {}
    for each in given if isinstance(given, list) else [given]:
        if not isinstance(each, dict) or not isinstance(each.get("key"), str):
            raise invalid("A setting is an object with a key.")
        if not isinstance(each.get("masked", False), bool):
            raise invalid("masked must be true or false.")
        wanted[each["key"]] = each
    return wanted
