"""What Heroku publishes of its answers, held against those of the emulator.

`heroku-schema.json` is a JSON Schema of draft 4 with two things more: `links`, which say what is
answered where, and `strictProperties`, with which an object has all of its properties and no
others. An object without it may lack some, but here it has no others either. What Heroku answers
beyond what is published is in `extensions`, and nowhere else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from jsonschema import Draft4Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from .extensions import ERROR, EXTENSIONS, MISSING_VERSION, Schema

FILE = Path(__file__).with_name("heroku-schema.json")


@dataclass(frozen=True)
class Link:
    """What is answered to a method and path; `{}` in the path stands for any one part."""

    method: str
    path: str
    target: Schema = field(repr=False)

    def leads(self, method: str, path: str) -> bool:
        return method == self.method and _pattern(self.path).fullmatch(path) is not None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(part) for part in path.split("{}")))


def check(method: str, path: str, *, accept: str, status: int, text: str) -> None:
    """Raises AssertionError where Heroku would not answer so, by its own schema.

    The error says where and by which rule, and leaves out the value, which is a config var's maybe.
    """
    if status == 304 or method == "HEAD":
        assert text == "", f"{method} {path}: {status} has a body"
        return
    validator = _error() if status >= 400 else _validator(method, path, _variant(accept))
    assert 200 <= status < 300 or status >= 400, f"{method} {path}: {status} is no answer"
    try:
        answer = json.loads(text)
    except ValueError:
        raise AssertionError(f"{method} {path}: {status} with what is not JSON") from None
    faults = [_told(each) for each in validator.iter_errors(answer)]
    assert not faults, f"{method} {path}: {status} is not as published: {'; '.join(faults)}"


def links(variant: str = "") -> Iterator[Link]:
    """Every link of the schema, extensions included."""
    for definition in _document(variant)["definitions"].values():
        for link in definition.get("links", []):
            path = re.sub(r"\{[^}]*\}", "{}", link["href"])
            yield Link(link["method"], path, link.get("targetSchema", {}))


def document(text: str, variant: str) -> Schema:
    """The published schema, with what its extensions add."""
    schema: Schema = json.loads(text)
    for extension in EXTENSIONS:
        if extension.variant not in {"", variant}:
            continue
        place = schema
        for part in extension.at.split("/"):
            place = place.setdefault(part, {})
        place.update(extension.adds)
    return schema


@cache
def _document(variant: str) -> Schema:
    return document(FILE.read_text(encoding="utf-8"), variant)


@cache
def _error() -> Draft4Validator:
    return Strict({"anyOf": [ERROR, MISSING_VERSION]})


def _validator(method: str, path: str, variant: str) -> Draft4Validator:
    found = [link for link in _links(variant) if link.leads(method, path)]
    assert found, f"{method} {path}: the schema has no such link"
    return _of_link(min(found, key=lambda link: link.path.count("{}")).path, method, variant)


@cache
def _links(variant: str) -> tuple[Link, ...]:
    return tuple(links(variant))


@cache
def _of_link(path: str, method: str, variant: str) -> Draft4Validator:
    targets = {
        json.dumps(link.target): link.target
        for link in _links(variant)
        if (link.path, link.method) == (path, method)
    }
    [target] = targets.values()
    # The references in a link are to the whole document.
    definitions = _document(variant)["definitions"]
    return Strict({**target, "definitions": definitions}, format_checker=FORMATS)


def _variant(accept: str) -> str:
    match = re.search(r"version=(3\.[\w-]+)", accept)
    return match[1] if match else ""


def _told(fault: ValidationError) -> str:
    where = "".join(f"[{part!r}]" for part in fault.absolute_path) or "the whole"
    return f"{where} breaks {fault.validator}"


def _strict_properties(
    _: object, is_strict: bool, instance: object, schema: Mapping[str, Mapping[str, object]]
) -> Iterator[ValidationError]:
    """https://github.com/java-json-tools/json-schema-validator/wiki/v5:-strictProperties"""
    if not is_strict or not isinstance(instance, dict):
        return
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in named.keys() - instance.keys():
        yield ValidationError("is missing", path=[name])
    for name in instance.keys() - named.keys():
        if not any(re.search(pattern, name) for pattern in patterns):
            yield ValidationError("is not published", path=[name])


def _properties(
    validator: Draft4Validator,
    named: Mapping[str, object],
    instance: object,
    schema: Mapping[str, object],
) -> Iterator[ValidationError]:
    """As the library's; what a schema leaves open is no place for what nobody has published."""
    is_silent = not schema.keys() & {"additionalProperties", "patternProperties"}
    if is_silent and not schema.get("strictProperties") and isinstance(instance, dict):
        for name in instance.keys() - named.keys():
            yield ValidationError("is not published", path=[name])
    yield from Draft4Validator.VALIDATORS["properties"](validator, named, instance, schema)


def _format(
    validator: Draft4Validator, name: str, instance: object, _: object
) -> Iterator[ValidationError]:
    """As the library's, but a format that nobody checks is a fault, not a pass."""
    assert name in FORMATS.checkers, f"nothing checks the format {name}"
    if not FORMATS.conforms(instance, name):
        yield ValidationError(f"is no {name}")


Strict = extend(
    Draft4Validator,
    {"strictProperties": _strict_properties, "properties": _properties, "format": _format},
)
FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def _is_moment(value: object) -> bool:
    """As Heroku writes one, 2012-01-01T12:00:00Z."""
    return not isinstance(value, str) or bool(datetime.strptime(value, "%Y-%m-%dT%H:%M:%S%z"))


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@FORMATS.checks("uuid", raises=ValueError)
def _is_uuid(value: object) -> bool:
    return not isinstance(value, str) or str(UUID(value)) == value


@FORMATS.checks("email")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[^@\s]+@[^@\s]+", value) is not None


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[a-z]+:\S+", value) is not None
