"""The published schemas: one a task, none too many, each field told; see `tests.schemas`."""

import inspect
import json
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import chain
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from deploy.heroku.facts import Status
from deploy.plan import fleet_outcome, outcome
from deploy.plan.change import Action
from deploy.plan.drift import Kind
from deploy.report.json import _SIDES, SCHEMA_VERSION
from deploy.secret.shared import Shared
from deploy.tasks import config

from ..schemas import hold, read, schemas

SHARED = {"error.json", "fleet.json", "parts.json"}
"""Of no one task."""
NAMES = pytest.mark.parametrize("name", schemas())


def parts(schema: object, at: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a schema, its place first."""
    if isinstance(schema, dict):
        yield at, schema
    if isinstance(schema, dict | list):
        items = schema.items() if isinstance(schema, dict) else enumerate(schema)
        yield from chain.from_iterable(parts(each, f"{at}/{key}") for key, each in items)


def at(name: str, place: str) -> dict[str, Any]:
    found = schemas()[name]
    for key in place.strip("/").split("/"):
        found = found[key]
    return found


def test_each_task_that_prints_json_has_a_schema_and_no_other_has() -> None:
    printing = {
        f"{name}.json"
        for name, task in config.tasks.items()
        if "format" in inspect.signature(task.body).parameters
    }
    assert schemas().keys() == printing | SHARED


@NAMES
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])
    assert schemas()[name]["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@NAMES
def test_an_object_has_no_field_that_is_not_described(name: str) -> None:
    open_ = [
        place
        for place, part in parts(schemas()[name])
        if place.rpartition("/")[2] != "properties"
        and "properties" in part
        and False not in (part.get("additionalProperties"), part.get("unevaluatedProperties"))
    ]
    assert open_ == (["#/$defs/plan"] if name == "parts.json" else [])  # closed where it is used


@NAMES
def test_each_field_is_described_in_a_sentence(name: str) -> None:
    for place, part in parts(schemas()[name]):
        for field, told in part.get("properties", {}).items():
            if told is False:  # a field that is never there
                continue
            described = told if "description" in told or "$ref" not in told else of(name, told)
            text = described.get("description", "")
            assert text.endswith("."), f"{name} {place}: {field} is not described"
            assert text[0].isupper()


def of(name: str, part: dict[str, Any]) -> dict[str, Any]:
    file, _, place = part["$ref"].partition("#")
    return at(file or name, place)


def test_no_part_is_left_over() -> None:
    used, there = set(), set()
    for name in schemas():
        there |= {f"{name}#/$defs/{part}" for part in schemas()[name].get("$defs", {})}
        for _, part in parts(schemas()[name]):
            if isinstance(ref := part.get("$ref"), str):
                used.add(name + ref if ref.startswith("#") else ref)
    assert used == there | {"error.json", "fleet.json"}


def test_a_version_is_that_of_the_documents() -> None:
    assert at("parts.json", "$defs/schema_version")["const"] == SCHEMA_VERSION


def words(states: Iterable[Enum]) -> list[str]:
    return [each.value for each in states]


@pytest.mark.parametrize(
    ("name", "place", "known"),
    [
        ("parts.json", "$defs/change/properties/action", [each.name.lower() for each in Action]),
        ("history.json", "$defs/step/properties/action", [each.name.lower() for each in Action]),
        ("parts.json", "$defs/result/properties/state", words(outcome.State)),
        ("fleet.json", "$defs/ended/properties/state", words(fleet_outcome.State)),
        ("history.json", "$defs/revision/properties/status", words(Status)),
        ("drift.json", "$defs/drifted/properties/kind", [each.name.lower() for each in Kind]),
        ("compare.json", "$defs/pair/properties/state", [*_SIDES.values()]),
        ("where.json", "$defs/relation", [each.name.lower() for each in Shared]),
    ],
)
def test_a_choice_of_words_is_the_one_of_the_code(name: str, place: str, known: list[str]) -> None:
    assert at(name, place)["enum"] == known


def test_a_field_that_no_schema_has_is_named() -> None:
    row = {"path": "a", "line": 1, "rule": "lock", "message": "m", "is_note": False, "new": 1}
    with pytest.raises(AssertionError, match=r"\['findings'\]\[0\].*'new' was unexpected"):
        read("check", json.dumps({"schema_version": 1, "findings": [row], "accepted": 0}))


@pytest.mark.parametrize("words", ["config --format json", "--dry config.diff --format=json"])
def test_what_any_run_prints_is_held_against_the_schema_of_its_task(words: str) -> None:
    with pytest.raises(AssertionError, match=r"diff\.json says something else"):
        hold(words.split(), '{"schema_version": 1}')
