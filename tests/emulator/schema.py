"""Whether an answer is one that Heroku's published schema has room for.

`strictProperties`, which no validator of JSON Schema knows, means that an object has all the
properties that are named and no others (https://github.com/interagent/prmd); it is read so here.
What the emulator adds to the schema or leaves out of it is listed below, each with its source.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft4Validator, FormatChecker

from ..stories import DATA

Schema = dict[str, Any]  # a schema is as deep as it likes

OMITTED = {
    # Sent only where a provider said something; heroku3 fails on a null,
    # https://github.com/martyzz1/heroku3.py/issues/23
    "add-on": {"provision_message"},
}
"""Properties that an answer may lack."""

ADDED: Mapping[str, Schema] = {
    # With Accept-Inclusion: heroku/cli, src/lib/addons/resolve.ts and src/lib/pg/util.ts
    "add-on-attachment": {"config_vars": {"type": "array", "items": {"type": "string"}}},
    "add-on-attachment.addon": {"plan": {"type": "object"}},
}
"""Properties that the schema does not have."""

_SETTINGS: Schema = {
    # ConfigVarsSettings in https://github.com/heroku/typescript-api-schema, 3.sdk/types.d.ts
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "attachment": {
                "type": ["object", "null"],
                "properties": {"id": {"type": "string", "format": "uuid"}},
                "required": ["id"],
            },
            "key": {"type": "string"},
            "masked": {"type": "boolean"},
            "masking_supported": {"type": "boolean"},
            "value": {"type": ["string", "null"]},
            "value_updated_at": {"type": "string", "format": "date-time"},
        },
        "additionalProperties": False,
        "required": [
            "attachment",
            "key",
            "masked",
            "masking_supported",
            "value",
            "value_updated_at",
        ],
    },
}
UNPUBLISHED: Mapping[tuple[str, str], Schema] = {
    ("GET", "/apps/{}/config-vars-settings"): _SETTINGS,
    ("PATCH", "/apps/{}/config-vars-settings"): _SETTINGS,
}
"""Answers of endpoints that the schema does not have."""

WIDER = {
    # Live names hold dots and begin with digits, https://github.com/xavdid/heroku-config/issues/13
    "config-var": r"^[\w.]+$",
}
"""Names that a map may hold, where the emulator is told to hold such."""

ERROR: Schema = {
    # https://devcenter.heroku.com/articles/platform-api-reference#errors
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "message", "url", "resource")},
    "additionalProperties": False,
    "required": ["id", "message"],
}
NO_VERSION: Schema = {
    # `error` in place of `message`, https://github.com/marc0der/gradle-heroku/issues/4
    "type": "object",
    "properties": {"id": {"enum": ["missing_version"]}, "error": {"type": "string"}},
    "additionalProperties": False,
    "required": ["id", "error"],
}

_FORMATS = FormatChecker(["email", "uuid"])
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_FORMATS.checks("date-time")(lambda it: not isinstance(it, str) or bool(_TIME.fullmatch(it)))


def complaints(method: str, path: str, status: int, body: bytes) -> list[str]:
    """What the schema says against an answer; a link that it does not have is a complaint, too."""
    if status == 304:
        return [] if body == b"" else ["a 304 with a body"]
    schema = {"oneOf": [ERROR, NO_VERSION]} if status >= 400 else _target(method, path)
    if schema is None:
        return [f"{method} {path} is not in the schema"]
    found = _validator(json.dumps(schema)).iter_errors(json.loads(body))
    return [f"{method} {path} {status}: {each.json_path} {each.message}" for each in found]


@cache
def _target(method: str, path: str) -> Schema | None:
    for pattern, schema in _links()[method]:
        if pattern.fullmatch(path):
            return schema
    return None


@cache
def _links() -> dict[str, list[tuple[re.Pattern[str], Schema]]]:
    links: dict[str, list[tuple[re.Pattern[str], Schema]]] = {}
    for (method, href), schema in UNPUBLISHED.items():
        links.setdefault(method, []).append((_pattern(href), schema))
    for definition in _root()["definitions"].values():
        for link in definition.get("links", []):
            entry = (_pattern(link["href"]), link["targetSchema"])
            links.setdefault(link["method"], []).append(entry)
    return links


def _pattern(href: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{[^}]*\}", "[^/]+", href))


@cache
def _validator(schema: str) -> Draft4Validator:
    whole = {"definitions": _root()["definitions"], "allOf": [json.loads(schema)]}
    return Draft4Validator(whole, format_checker=_FORMATS)


@cache
def _root() -> Schema:
    """The schema, with `strictProperties` in the words of JSON Schema and what is known added."""
    root: Schema = json.loads((DATA / "heroku-schema.json").read_text(encoding="utf-8"))
    for name, definition in root["definitions"].items():
        _make_strict(definition)
        if "required" in definition:
            definition["required"] = sorted({*definition["required"]} - OMITTED.get(name, set()))
    for place, added in ADDED.items():
        name, _, inner = place.partition(".")
        definition = root["definitions"][name]
        (definition["properties"][inner] if inner else definition)["properties"].update(added)
    for name, pattern in WIDER.items():
        names = root["definitions"][name]["definitions"]["config_vars"]["patternProperties"]
        names[pattern] = names.pop(next(iter(names)))
    return root


def _make_strict(node: object) -> None:
    if isinstance(node, dict):
        if node.get("strictProperties") is True and "properties" in node:
            node["additionalProperties"] = False
            node["required"] = sorted(node["properties"])
        for each in node.values():
            _make_strict(each)
    elif isinstance(node, list):
        for each in node:
            _make_strict(each)
