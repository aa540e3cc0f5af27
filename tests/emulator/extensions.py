"""What Heroku answers beyond the schema that it publishes: one list, each with its source."""

from dataclasses import dataclass

Schema = dict[str, object]

_TEXT: Schema = {"type": ["string"]}
_NAMES: Schema = {"type": ["array"], "items": _TEXT}
_UUID: Schema = {"type": ["string"], "format": "uuid"}


@dataclass(frozen=True)
class Extension:
    """What the published schema leaves out at a place (a path in it), and who says it is there.

    `adds` is merged into what stands there. With a variant it is only there for who asks for that.
    """

    at: str
    adds: Schema
    source: str
    variant: str = ""


EXTENSIONS = (
    Extension(
        "definitions/add-on-attachment/patternProperties",
        {"^config_vars$": _NAMES},
        "heroku/cli reads it: src/lib/addons/resolve.ts, src/lib/pg/util.ts",
        variant="3.sdk",
    ),
    Extension(
        "definitions/add-on-attachment/properties/addon/properties",
        {"plan": {"$ref": "#/definitions/add-on/definitions/plan"}},
        "heroku/cli asks for addon:plan: src/lib/addons/resolve.ts",
        variant="3.sdk",
    ),
    Extension(
        "definitions/config-var/definitions/config_vars/patternProperties",
        {r"^[\w.]+$": {"type": ["string", "null"]}},
        "live names can hold a dot: https://github.com/xavdid/heroku-config/issues/13",
    ),
    Extension(
        "definitions/pipeline-coupling/properties/pipeline/properties",
        {"name": {"$ref": "#/definitions/pipeline/definitions/name"}},
        "heroku/cli shows it: src/commands/ci/config/index.ts",
    ),
    Extension(
        "definitions/config-vars-settings",
        {
            "links": [
                {
                    "method": "GET",
                    "href": "/apps/{app}/config-vars-settings",
                    "targetSchema": {
                        "type": ["array"],
                        "items": {
                            "type": ["object"],
                            "strictProperties": True,
                            "properties": {
                                "attachment": {
                                    "type": ["object", "null"],
                                    "properties": {"id": _UUID},
                                    "required": ["id"],
                                },
                                "key": _TEXT,
                                "value": {"type": ["string", "null"]},
                                "masked": {"type": ["boolean"]},
                                "masking_supported": {"type": ["boolean"]},
                                "value_updated_at": {
                                    "type": ["string", "null"],
                                    "format": "date-time",
                                },
                            },
                        },
                    },
                }
            ]
        },
        "heroku/typescript-api-schema, its variant 3.sdk",
    ),
)

ERROR: Schema = {
    "type": "object",
    "properties": {"id": _TEXT, "message": _TEXT, "url": _TEXT, "resource": _TEXT},
    "required": ["id", "message"],
    "additionalProperties": False,
}
"""https://devcenter.heroku.com/articles/platform-api-reference#errors; `resource` is logged."""
MISSING_VERSION: Schema = {
    "properties": {"id": {"enum": ["missing_version"]}, "error": _TEXT},
    "required": ["id", "error"],
    "additionalProperties": False,
}
"""The one error without a `message`: https://github.com/marc0der/gradle-heroku/issues/4"""
