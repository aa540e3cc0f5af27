"""Which vars a project's code needs, put together from all of its files; told their texts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from ...names import VAR_NAME
from ..apart import is_apart
from .parsing import UNREAD
from .python import reads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .libraries import Thing
    from .python import PythonFile, Read, Reading

_DEVELOPMENT = {"benchmark", "benchmarks", "notebooks", "script", "scripts", "tools"}
"""Folders whose code does not run on a dyno, besides those of tests and documents."""
_BUILD = {"fabfile", "noxfile", "setup", "tasks"}
"""What starts a build by hand, in the first folder: elsewhere `tasks.py` has those of a queue."""
_ELSEWHERE = "ci|dev|devel|development|local|test|testing"
_SETTINGS = re.compile(
    rf"(?:settings|config)_?(?:{_ELSEWHERE})|(?:{_ELSEWHERE})_?(?:settings|config)"
)
_PLACE = re.compile(_ELSEWHERE)
_OF_SETTINGS = {"conf", "config", "configs", "configuration", "env", "environments", "settings"}
"""Files of settings for another place than production, and folders that have one a place."""


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
    is_of_settings = not folders or folders[-1] in _OF_SETTINGS
    return (
        is_apart(path)
        or not _DEVELOPMENT.isdisjoint(folders)
        or (not folders and stem in _BUILD)
        or _SETTINGS.fullmatch(stem) is not None
        or (is_of_settings and _PLACE.fullmatch(stem) is not None)
    )


def readings(
    sources: Iterable[PythonFile],
    having: Callable[[Sequence[str]], Iterable[PythonFile]] = lambda _: (),
) -> dict[str, Reading]:
    """What each Python file reads, be it by what another file has for it.

    `having` is asked for the files that hold one of these names: who calls such a function need
    not speak of the environment.
    """
    listed = {source.path: source for source in sources}
    found = {path: reads(source) for path, source in listed.items()}
    exports = {path: reading.exports for path, reading in found.items() if reading.exports}
    if exports:
        names = sorted({name for each in exports.values() for name in each})
        defaulted = frozenset().union(*(reading.defaulted for reading in found.values()))
        listed |= {source.path: source for source in having(names)}
        for path, source in listed.items():
            if things := _imported(source, exports):
                found[path] = reads(source, things, defaulted)
    brought = frozenset().union(*(reading.brings for reading in found.values()))
    return {path: _without(reading, brought) for path, reading in found.items()}


def _without(reading: Reading, names: frozenset[str]) -> Reading:
    """The same, but that what some file of the project sets itself is not required."""
    told = (
        each._replace(is_required=False) if each.name in names else each for each in reading.reads
    )
    return reading._replace(reads=tuple(told))


_IMPORT = re.compile(r"\bfrom\s+([\w.]+)\s+import\s*(\([^()]*\)|(?:[^\n\\]|\\\n)*)")


def _imported(source: PythonFile, exports: Mapping[str, Mapping[str, Thing]]) -> dict[str, Thing]:
    """What a file may have from where it is defined, or from a package that passes it on."""
    found: dict[str, Thing] = {}
    for match in _IMPORT.finditer(source.text or ""):
        module, names = match[1].rpartition(".")[2], {*re.findall(r"\w+|\*", match[2])}
        for path, things in exports.items():
            places = path.removesuffix(".py").removesuffix("/__init__").split("/")
            if path != source.path and (module in places or not module):
                is_all = "*" in names and module == places[-1]
                found |= {name: thing for name, thing in things.items() if is_all or name in names}
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
