"""What a project needs, from all of its files."""

from collections.abc import Sequence

import pytest

from deploy.project.code.needs import (
    Need,
    Obstacle,
    is_of_development,
    needs_of_line,
    needs_of_manifest,
    needs_of_python,
    readings,
)
from deploy.project.code.python import PythonFile


def needed(**files: str) -> list[str]:
    sources = [PythonFile(f"{name}.py", text) for name, text in files.items()]
    return [str(tuple(each)[:3]) for each in needs_of_python(readings(sources))]


def test_a_function_of_another_file_reads_where_it_is_imported() -> None:
    found = needed(
        env="import os\ndef need(name):\n    return os.environ[name]\n",
        app="from env import need\nA = need('A')\nB = need('B')\n",
        other="from elsewhere import needy as need2\nneed('C')\n",
    )
    assert found == ["('A', 'app.py', 2)", "('B', 'app.py', 3)"]


HELPER = PythonFile("config/env.py", "import os\ndef need(name):\n    return os.environ[name]\n")


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        ("from env import need", True),
        ("from .env import need", True),
        ("from config.env import (\n    other,\n    need,\n)", True),
        ("from config import need", True),
        ("from . import need", True),
        ("from env import other, \\\n    need", True),
        ("from env import needy", False),
        ("from requests import need", False),
        ("import env", False),
    ],
)
def test_who_calls_a_function_of_another_file_need_not_speak_of_the_environment(
    line: str, is_read: bool
) -> None:
    caller = PythonFile("app.py", f"{line}\nneed('A')\n")
    asked: list[list[str]] = []

    def having(names: Sequence[str]) -> list[PythonFile]:
        asked.append([*names])
        return [caller]

    found = readings([HELPER], having)
    assert asked == [["need"]]
    names = [each.name for each in found["app.py"].reads] if "app.py" in found else []
    assert names == (["A"] if is_read else [])


BASE = """
import os
import environ
from pydantic_settings import BaseSettings
env = environ.Env(A=(bool, False))
class Base(BaseSettings):
    x: str = ""
"""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from base import env\nenv('A'); env('B')", ["B"]),
        ("from .base import *\nenv('A'); env('B')", ["B"]),
        ("from config.base import env as e\ne.str('B', default='')\ne('C')", ["C"]),
        ("from base import Base\nclass S(Base):\n    y: str", ["Y"]),
        ("from other import *\nenv('B')", []),
        ("from other import env\nenv('B')", []),
    ],
)
def test_an_object_or_a_class_of_another_file_reads(text: str, names: list[str]) -> None:
    files = [PythonFile("config/base.py", BASE), PythonFile("config/production.py", text)]
    found = readings(files[:1], lambda _: files[1:])
    reading = found.get("config/production.py")
    assert (
        [each.name for each in reading.reads if each.is_required] == names if reading else not names
    )


def test_names_with_a_prefix_that_is_set_elsewhere_are_not_told() -> None:
    base = f"{BASE}env.prefix = 'X_'\n"
    files = [PythonFile("base.py", base), PythonFile("app.py", "from base import env\nenv('B')\n")]
    assert "app.py" not in readings(files[:1], lambda _: files[1:])


def test_no_file_is_asked_for_where_no_function_reads() -> None:
    def having(names: Sequence[str]) -> list[PythonFile]:
        raise AssertionError(names)

    assert list(readings([PythonFile("a.py", "import os\nos.environ['A']\n")], having)) == ["a.py"]


def test_what_some_file_sets_itself_is_not_required() -> None:
    found = needed(
        manage="import os\nos.environ.setdefault('A', 'x')\nos.environ['B'] = 'x'\n",
        app="import os\nos.environ['A']\nos.environ['B']\n",
    )
    assert found == ["('B', 'app.py', 3)"]


def test_what_only_development_requires_is_not_needed() -> None:
    line = "import os\nos.environ['A']\n"
    assert needed(**{"tests/test_a": line, "settings/local": line, "scripts/seed": line}) == []
    assert needed(**{"settings/production": line}) == ["('A', 'settings/production.py', 2)"]


def test_computed_names_are_one_obstacle_a_file() -> None:
    found = needed(app="import os\nos.environ[a]\nos.environ[b]\nos.environ['X']\n")
    assert found == [
        "('X', 'app.py', 4)",
        "('app.py', 2, 'reads a name that is computed: not checked')",
    ]


@pytest.mark.parametrize(
    ("path", "is_development"),
    [
        *((path, True) for path in ("tests/a.py", "a/Tests/b.py", "conftest.py", "app/test_x.py")),
        *((path, True) for path in ("config/settings/dev.py", "settings_local.py", "setup.py")),
        *((path, True) for path in ("scripts/x.sh", "docs/conf.py", "local_settings.py")),
        *((path, True) for path in ("tasks.py", "dev.py", "env/ci.py", "app/config/test.py")),
        *((path, False) for path in ("app/tasks.py", "storage/local.py", "app/setup.py")),
        *((path, False) for path in ("app.py", "latest/a.py", "contest.py", "config/prod.py")),
        *((path, False) for path in ("manage.py", "settings.py", "bin/start.sh", "devices.py")),
    ],
)
def test_development_is_told_by_the_path(path: str, is_development: bool) -> None:
    assert is_of_development(path) is is_development


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("config/app.rb", 'key = ENV.fetch("A")', ["A"]),
        ("config/app.rb", "[ENV.fetch('A'), ENV.fetch('B') ]", ["A", "B"]),
        ("config/app.rb", 'ENV.fetch("A", "x"); ENV.fetch("B") { 1 }; ENV["C"]', []),
        ("config/app.rb", 'ENV.fetch("A") do |name|', []),
        ("config/app.rb", '# ENV.fetch("A")', []),
        ("config.ru", "ENV.fetch('A')", ["A"]),
        ("spec/a.rb", "ENV.fetch('A')", []),
        ("Procfile", "web: run --port ${PORT:?} --key ${KEY:?no key} ${C:-x} $D", ["PORT", "KEY"]),
        ("bin/start.sh", ': "${A?}"', ["A"]),
        ("README.md", "${A:?}", []),
        ("app.js", "process.env.A", []),
    ],
)
def test_other_languages_need_what_they_say_without_doubt(
    path: str, text: str, names: list[str]
) -> None:
    assert [each.name for each in needs_of_line(path, 3, text)] == names
    assert {each.line for each in needs_of_line(path, 3, text)} <= {3}


def test_a_manifest_needs_what_it_requires_and_does_not_bring() -> None:
    text = """{
  "name": "x",
  "env": {
    "A": {"description": "an A"},
    "B": {"required": false},
    "C": {"value": "5"},
    "D": {"generator": "secret"},
    "E": "plain",
    "F": {"required": true, "value": ""},
    "no name": {}
  }
}"""
    assert list(needs_of_manifest(text)) == [
        Need("A", "app.json", 4),
        Need("F", "app.json", 9),
    ]


@pytest.mark.parametrize("text", ["{", "[]", '"x"', '{"env": []}', '{"env": 1}', "[" * 100_000])
def test_a_manifest_that_is_none_is_said_to_be_not_checked(text: str) -> None:
    assert list(needs_of_manifest(text)) == [
        Obstacle("app.json", 0, "does not parse as app.json: not checked")
    ]


def test_a_manifest_without_vars_needs_none() -> None:
    assert list(needs_of_manifest('{"name": "x"}')) == []
