"""The published schemas of what `--format json` prints, held against what is printed.

Every run of a task in a test that asks for JSON goes through `hold`, and the reports' own tests
through `read`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parents[1] / "deploy" / "report" / "schemas"


@cache
def schemas() -> Mapping[str, dict[str, Any]]:
    """Each by the name of its file."""
    return {path.name: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}


def read(task: str, text: str) -> dict[str, Any]:
    """The document that a task printed; raises AssertionError where it is not as published."""
    assert f"{task}.json" in schemas(), f"what config.{task} prints has no schema in {FOLDER}"
    found = json.loads(text)
    assert isinstance(found, dict)
    faults = [told for each in _validator(task).iter_errors(found) for told in _told(each)]
    assert not faults, f"{task}.json says something else: {'; '.join(faults)}"
    return found


def hold(words: Sequence[str], text: str) -> None:
    """The same for a run of Invoke with these words, where it was asked for JSON and printed."""
    tasks = [word for word in words if word == "config" or word.startswith("config.")]
    is_json = re.search(r"--format[= ]json", " ".join(words))
    if is_json and text and len(tasks) == 1:
        read(tasks[0].partition(".")[2] or "diff", text)


@cache
def _validator(task: str) -> Draft202012Validator:
    resources = [(name, Resource(each, DRAFT202012)) for name, each in schemas().items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator({"$ref": f"{task}.json"}, registry=registry)


def _told(fault: ValidationError) -> Iterator[str]:
    """In words; of a choice, what keeps it from being that which it is nearest to."""
    if fault.context:
        branches = groupby(fault.context, key=lambda each: each.relative_schema_path[0])
        for each in min((list(those) for _, those in branches), key=len):
            yield from _told(each)
    else:
        where = "".join(f"[{part!r}]" for part in fault.absolute_path) or "the whole"
        yield f"{where}: {fault.message}"
