"""The house: imports point down, and each thing that is kept in one place stays in one place."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"

ORDER = ["names", "errors", "signals", "workers", "secret", "envfile", "project", "heroku", "plan"]
ORDER += ["checks", "stories", "report", "tasks"]
"""Modules and folders, from the ground up: each may import from those before it alone."""

PURE = ["names", "errors", "secret", "envfile", "plan", "checks", "report"]
PURE += [f"project.{name}" for name in ("apart", "code", "facts", "lines", "policy", "sieve")]
PURE += ["project.program_words", "project.settings"]
PURE += [f"heroku.{name}" for name in ("api", "facts", "host", "masking", "netrc", "ownership")]
PURE += [f"heroku.{name}" for name in ("rate_limit", "refusals", "retry")]
"""What is told all it needs to know: no files, no network, no clock, no environment."""
WORLD = {"os", "pathlib", "random", "shutil", "signal", "socket", "subprocess", "sys", "tempfile"}
WORLD |= {"time"}

ONLY_IN = {
    "requests": {"heroku.tls", "heroku.transport"},
    "urllib3": {"heroku.proxy", "heroku.transport"},
    "dotenv": {"envfile.parser", "heroku.credentials"},
    "invoke": {"tasks"},
}
"""Where a package may be known: in a module, or in a folder."""

REVEAL = {
    ("envfile.edit", "_written"),
    ("heroku.api", "body"),
    ("heroku.api", "authorization"),
    ("report.reveal", "show"),
    ("checks.hardcoded.needles", "_needle"),
}


def module_of(path: Path) -> str:
    parts = path.relative_to(DEPLOY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    module_of(path): path
    for path in sorted(DEPLOY.rglob("*.py"))
    if "emulator" not in path.relative_to(DEPLOY).parts
}


def imports(module: str) -> Iterator[str]:
    """What a module imports: ours as `heroku.api`, without the name of the package."""
    path = SOURCES[module]
    package = ["deploy", *path.relative_to(DEPLOY).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for name in (base, *(f"{base}.{alias.name}" for alias in node.names)):
                yield name.removeprefix("deploy.") if node.level else name


def inner(module: str) -> set[str]:
    """Those of ours: the longest name that is a module."""
    return {name for name in imports(module) if name in SOURCES} - {"", module}


def is_within(module: str, place: str) -> bool:
    return module == place or module.startswith(f"{place}.")


def cycle(edges: dict[str, set[str]]) -> list[str]:
    """What imports itself by way of others, if anything does."""
    left = dict(edges)
    while free := [name for name, below in left.items() if not below & left.keys()]:
        for name in free:
            del left[name]
    return sorted(left)


def test_every_module_and_folder_has_its_place() -> None:
    assert {name.partition(".")[0] for name in SOURCES} == {"", *ORDER}


def test_the_manual_s_table_is_the_listing_in_its_order() -> None:
    rows = re.findall(r"^\| `(\w+)(?:\.py|/)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert rows == [*ORDER, "emulator"]


@pytest.mark.parametrize("module", sorted(SOURCES.keys() - {""}))
def test_imports_point_down(module: str) -> None:
    place = ORDER.index(module.partition(".")[0])
    found = {name for name in inner(module) if ORDER.index(name.partition(".")[0]) > place}
    assert found == set()


def test_no_module_needs_one_that_needs_it() -> None:
    # What is imported for the type checker alone, or late, counts too.
    assert cycle({module: inner(module) for module in SOURCES}) == []


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_our_own_modules_are_imported_by_their_place(module: str) -> None:
    """Not by the package's name, which is another one where the wheel is installed."""
    assert not any(is_within(name, "deploy") for name in imports(module) if name != "deploy")


@pytest.mark.parametrize(
    "module", [name for name in sorted(SOURCES) if any(is_within(name, each) for each in PURE)]
)
def test_the_core_reaches_nothing_outside(module: str) -> None:
    assert {name.partition(".")[0] for name in imports(module)} & WORLD == set()


@pytest.mark.parametrize(("package", "homes"), ONLY_IN.items())
def test_each_package_is_known_in_one_place(package: str, homes: set[str]) -> None:
    users = {
        module
        for module in SOURCES
        if any(name.partition(".")[0] == package for name in imports(module))
    }
    assert {home for home in homes if any(is_within(user, home) for user in users)} == homes
    assert {user for user in users if not any(is_within(user, home) for home in homes)} == set()


def test_a_secret_is_opened_in_five_functions() -> None:
    found = set()
    for module, path in SOURCES.items():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
            if any(isinstance(each, ast.Attribute) and each.attr == "reveal" for each in calls):
                found.add((module, function.name))
    assert found == REVEAL


def test_the_emulator_shares_no_code_with_the_client() -> None:
    for path in (DEPLOY / "emulator").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert {node.level for node in froms} <= {0, 1}, path
        names = {node.module or "" for node in froms if not node.level}
        names |= {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names, path


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in DEPLOY.rglob("*.py")}
    assert {path.name: lines for path, lines in lengths.items() if lines > 250} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    for path in DEPLOY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                body = node.body[bool(ast.get_docstring(node)) :] or node.body
                length = (node.end_lineno or 0) - body[0].lineno + 1
                assert length <= 40, f"{path.name}: {node.name}"
