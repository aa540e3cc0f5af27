"""The house: imports point down, and each thing that is kept in one place stays in one place."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.settings import RULES

DEPLOY = Path(__file__).parents[1] / "deploy"

FLOORS = [
    # 0: words
    {"deploy"},
    {"deploy.ciphertext", "deploy.complaint", "deploy.given", "deploy.naming"},
    {"deploy.mistaken", "deploy.placeholder", "deploy.secretlike", "deploy.unquoted"},
    {"deploy.secret"},
    {"deploy.errors"},
    # 1: the core, pure
    {
        "deploy.facts",
        "deploy.host",
        "deploy.known",
        "deploy.lines",
        "deploy.pace",
        "deploy.silence",
    },
    {"deploy.encoding", "deploy.oddities"},
    {"deploy.change", "deploy.envfile", "deploy.wire"},
    {"deploy.owners", "deploy.plan"},
    {"deploy.amend", "deploy.history", "deploy.pair", "deploy.review"},
    {
        "deploy.consent",
        "deploy.lock",
        "deploy.netrc",
        "deploy.outcome",
        "deploy.refusals",
        "deploy.settings",
        "deploy.whose",
    },
    {"deploy.project"},
    {"deploy.reads"},
    # 2: families, pure
    {"deploy.report"},
    {"deploy.report.steps"},
    {
        "deploy.report.github",
        "deploy.report.json",
        "deploy.report.result",
        "deploy.report.text",
    },
    {"deploy.report.tables"},
    {"deploy.checks"},
    {f"deploy.checks.{rule}" for rule in RULES},
    # 3: the shell
    {"deploy.proxy", "deploy.signals", "deploy.tls"},
    {"deploy.crew"},
    {"deploy.git"},
    {"deploy.notices", "deploy.paging", "deploy.remotes", "deploy.transport", "deploy.worktree"},
    {"deploy.credentials", "deploy.rewrite", "deploy.survey"},
    {"deploy.heroku"},
    # 4: stories
    {"deploy.limit", "deploy.looking", "deploy.reading", "deploy.release_phase"},
    {"deploy.diff", "deploy.recount", "deploy.sync", "deploy.target"},
    {"deploy.check", "deploy.drift", "deploy.pull", "deploy.rollback"},
    # 5: the face
    {"deploy.tasks.options", "deploy.tasks.place", "deploy.tasks.prompt", "deploy.tasks.stderr"},
    {"deploy.tasks.terminal"},
    {"deploy.tasks.asking", "deploy.tasks.show", "deploy.tasks.work"},
    {"deploy.tasks.applying"},
    {"deploy.tasks.checking", "deploy.tasks.drifting", "deploy.tasks.keying"},
    {"deploy.tasks.locking"},
    {"deploy.tasks.pairing"},
    {"deploy.tasks.pulling", "deploy.tasks.recounting", "deploy.tasks.rolling"},
    {"deploy.tasks.diffing", "deploy.tasks.syncing"},
    {"deploy.tasks.misconfigured", "deploy.tasks.run"},
    {"deploy.tasks.launch"},
    {"deploy.tasks.looks", "deploy.tasks.writes"},
    {"deploy.tasks"},
]
"""Each set may import from the sets above it alone."""

SHELL, STORY, FACE = (
    next(floor for floor, names in enumerate(FLOORS) if first in names)
    for first in ("deploy.signals", "deploy.limit", "deploy.tasks.options")
)
PURE = set[str]().union(*FLOORS[:SHELL])
STORIES = set[str]().union(*FLOORS[STORY:FACE])
WORLD = {"os", "pathlib", "random", "shutil", "signal", "socket", "subprocess", "sys", "tempfile"}
WORLD |= {"time"}
"""What reaches files, the network, the clock, processes or the environment."""

ONLY_IN = {
    "requests": {"deploy.tls", "deploy.transport"},
    "urllib3": {"deploy.proxy", "deploy.transport"},
    "dotenv": {"deploy.credentials", "deploy.envfile"},
    "invoke": {
        "deploy.tasks",
        "deploy.tasks.checking",
        "deploy.tasks.diffing",
        "deploy.tasks.drifting",
        "deploy.tasks.launch",
        "deploy.tasks.locking",
        "deploy.tasks.looks",
        "deploy.tasks.pairing",
        "deploy.tasks.place",
        "deploy.tasks.pulling",
        "deploy.tasks.recounting",
        "deploy.tasks.rolling",
        "deploy.tasks.run",
        "deploy.tasks.syncing",
        "deploy.tasks.work",
        "deploy.tasks.writes",
    },
}

REVEAL = {
    ("deploy.amend", "_written"),
    ("deploy.wire", "body"),
    ("deploy.wire", "authorization"),
    ("deploy.report", "show"),
    ("deploy.checks.hardcoded", "_needle"),
}


def module_of(path: Path) -> str:
    parts = path.relative_to(DEPLOY.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


SOURCES = {
    module_of(path): path
    for path in sorted(DEPLOY.rglob("*.py"))
    if "emulator" not in path.relative_to(DEPLOY).parts
}


def test_every_module_has_a_floor() -> None:
    assert set[str]().union(*FLOORS) == SOURCES.keys()


@pytest.mark.parametrize("module", SOURCES)
def test_imports_point_down(module: str) -> None:
    above = {name: floor for floor, names in enumerate(FLOORS) for name in names}
    found = {name for name in imports(SOURCES[module]) if name in above and name != module}
    assert {name for name in found if above[name] >= above[module]} == set()


@pytest.mark.parametrize("module", sorted(PURE & SOURCES.keys()))
def test_the_core_reaches_nothing_outside(module: str) -> None:
    assert {name.partition(".")[0] for name in imports(SOURCES[module])} & WORLD == set()


@pytest.mark.parametrize("module", sorted(STORIES))
def test_a_story_knows_no_report(module: str) -> None:
    assert not any(name.startswith("deploy.report") for name in imports(SOURCES[module]))


@pytest.mark.parametrize(("package", "homes"), ONLY_IN.items())
def test_each_package_is_known_in_one_place(package: str, homes: set[str]) -> None:
    users = {
        module
        for module, path in SOURCES.items()
        if any(name.partition(".")[0] == package for name in imports(path))
    }
    assert users == homes


def test_a_secret_is_opened_in_five_functions() -> None:
    found = set()
    for module, path in SOURCES.items():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and node.attr == "reveal":
                    is_call = any(
                        isinstance(call, ast.Call) and call.func is node
                        for call in ast.walk(function)
                    )
                    if is_call:
                        found.add((module, function.name))
    assert found == REVEAL


def test_the_emulator_shares_no_code_with_the_client() -> None:
    for path in (DEPLOY / "emulator").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        levels = {node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert levels <= {0, 1}, path
        roots = {name.partition(".")[0] for name in imports(path)} - {""}
        assert roots <= sys.stdlib_module_names, path


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in DEPLOY.rglob("*.py")}
    assert {path.name: lines for path, lines in lengths.items() if lines > 250} == {}
