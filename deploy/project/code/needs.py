"""Which vars a project's code needs, put together from all of its files; told their texts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from ...names import VAR_NAME
from .python import UNREAD, reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .libraries import How
    from .python import PythonFile, Read, Reading

_DEVELOPMENT = {
    *("__tests__", "benchmark", "benchmarks", "doc", "docs", "e2e", "example", "examples"),
    *("fixtures", "notebooks", "sample", "samples", "script", "scripts", "spec", "specs"),
    *("test", "testing", "tests", "tools"),
}
"""Folders whose code does not run on a dyno."""
_DEVELOPMENT_NAME = re.compile(
    r"test_.*|.*_test|.*_spec|conftest|setup|noxfile|fabfile|tasks"
    r"|(?:settings|config)?_?(?:ci|dev|devel|development|local|test|testing)(?:_?settings)?"
)
"""Files, without their ending: tests, builds, and settings of other places than production."""


class Need(NamedTuple):
    """A var that the code cannot do without, where it says so, and what will do instead."""

    name: str
    path: str
    line: int
    instead: tuple[str, ...] = ()


class Obstacle(NamedTuple):
    """What could not be looked at, and so is not known."""

    path: str
    line: int
    reason: str
    is_whole_file: bool = True
    """Nothing at all is known of the file; else of one place in it."""


def is_of_development(path: str) -> bool:
    """Whether a file is one that no dyno runs, as far as its path says."""
    *folders, name = path.lower().split("/")
    stem = name.rpartition(".")[0] or name
    return not _DEVELOPMENT.isdisjoint(folders) or bool(_DEVELOPMENT_NAME.fullmatch(stem))


def readings(sources: Iterable[PythonFile]) -> dict[str, Reading]:
    """What each Python file reads, be it by a function of another file."""
    listed = list(sources)
    found = {source.path: reads(source) for source in listed}
    helpers: dict[str, How] = {}
    for reading in found.values():
        helpers |= reading.helpers
    if helpers:
        word = re.compile(rf"\b(?:{'|'.join(map(re.escape, helpers))})\b")
        for source in listed:
            if source.text and word.search(source.text):
                others = {
                    name: how
                    for name, how in helpers.items()
                    if name not in found[source.path].helpers
                }
                found[source.path] = reads(source, others)
    return found


def needs_of_python(found: dict[str, Reading]) -> Iterator[Need | Obstacle]:
    """What is required in files that run on a dyno; one obstacle a file and reason."""
    for path, reading in found.items():
        if is_of_development(path):
            continue
        obstacles: dict[str, Read] = {}
        for read in reading.reads:
            if read.name is None:
                obstacles.setdefault(read.obstacle, read)
            elif read.is_required:
                yield Need(read.name, path, read.line, read.instead)
        for reason, read in obstacles.items():
            yield Obstacle(path, read.line, reason, is_whole_file=reason in UNREAD)


_RUBY = re.compile(rf"""\bENV\.fetch\(\s*['"]({VAR_NAME.pattern})['"]\s*\)(?!\s*(?:\{{|do\b))""")
_SHELL = re.compile(rf"\$\{{({VAR_NAME.pattern}):?\?")
CLUE = b"ENV.fetch("
OR_FAIL = rb"[$][{][A-Za-z_][A-Za-z0-9_]*:?[?]"
"""What a line holds that is one of these: a text, and an extended expression."""


def needs_of_line(path: str, line: int, text: str) -> Iterator[Need]:
    """What other languages say without doubt.

    Ruby's `ENV.fetch("X")` raises KeyError (its documentation), and a shell ends at `${X:?}`
    (POSIX, XCU 2.6.2).
    """
    if is_of_development(path) or text.lstrip().startswith(("#", "//")):
        return
    name = path.rpartition("/")[2]
    if name.endswith((".rb", ".ru", ".rake")) or name in ("Rakefile", "Gemfile"):
        pattern = _RUBY
    elif name.endswith((".sh", ".bash")) or name == "Procfile":
        pattern = _SHELL
    else:
        return
    for match in pattern.finditer(text):
        yield Need(match[1], path, line)


def needs_of_manifest(text: str, path: str = "app.json") -> Iterator[Need | Obstacle]:
    """What `app.json` requires, and does not bring.

    `required` is true unless said otherwise (Dev Center, "app.json Schema"); what has a value, or
    is generated, is there from the start.
    """
    try:
        env = json.loads(text).get("env", {})
        items = list(env.items())
    except (ValueError, AttributeError, RecursionError):
        yield Obstacle(path, 0, "does not parse as app.json: not checked")
        return
    for name, told in items:
        if not VAR_NAME.fullmatch(name) or not isinstance(told, dict):
            continue
        has_value = bool(told.get("value")) or "generator" in told
        if told.get("required", True) is not False and not has_value:
            place = re.search(rf'"{name}"\s*:', text)
            yield Need(name, path, text.count("\n", 0, place.start()) + 1 if place else 0)
