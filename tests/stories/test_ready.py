"""What a commit needs, read from the files of a tree."""

import subprocess
from pathlib import Path

import pytest

from deploy.project.code.needs import Need, Obstacle
from deploy.project.settings import Accept
from deploy.project.tree import Tree
from deploy.stories.ready import needed


@pytest.fixture(params=["checkout", "folder"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is a checkout, or is none, as on a dyno."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    if request.param == "checkout":
        subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def told(root: Path, *accept: Accept) -> list[str]:
    return sorted(
        f"{each.path}:{each.line} {each.name if isinstance(each, Need) else each.reason}"
        for each in needed(Tree(root), accept)
    )


def test_what_each_kind_of_file_requires_is_needed(root: Path) -> None:
    write(root, "app.py", 'import os\nos.environ["A"]; os.getenv("OPTIONAL")\n')
    write(root, "config/puma.rb", 'ENV.fetch("B")\nENV.fetch("OPTIONAL") { 1 }\n')
    write(root, "bin/start.sh", 'echo "${C:?}" "${D?is not set}" "${OPTIONAL:-1}"\n')
    write(root, "app.json", '{"env": {"E": {}, "OPTIONAL": {"required": false}}}')
    write(root, ".env.example", "F=\nOPTIONAL=\nA=\n")
    assert told(root) == [
        ".env.example:1 F",
        "app.json:1 E",
        "app.py:2 A",
        "bin/start.sh:1 C",
        "bin/start.sh:1 D",
        "config/puma.rb:1 B",
    ]


def test_what_no_dyno_runs_requires_nothing(root: Path) -> None:
    for name in ("tests/a.py", "scripts/b.py", "config/settings/local.py", "conftest.py"):
        write(root, name, 'import os\nos.environ["A"]\n')
    assert told(root) == []


def test_what_buildpacks_install_is_not_the_app_s(root: Path) -> None:
    if (root / ".git").exists():
        write(root, ".gitignore", ".heroku\nbundle\n")
    write(root, ".heroku/python/lib/a.py", 'import os\nos.environ["A"]\n')
    write(root, "vendor/bundle/ruby/b.rb", 'ENV.fetch("B")\n')
    assert told(root) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("app.json", "{", "app.json:0 does not parse as app.json: not checked"),
        ("app.json", "[]", "app.json:0 does not parse as app.json: not checked"),
        (".env.example", "A=1\nA=2\n", ".env.example:0 does not parse: not checked"),
        ("a.py", "import os\nos.environ[", "a.py:2 does not parse as Python: not checked"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_is_certain(
    root: Path, name: str, text: str, said: str
) -> None:
    write(root, name, text)
    assert told(root) == [said]
    [found] = needed(Tree(root))
    assert isinstance(found, Obstacle)
    assert found.is_whole_file


def test_a_place_whose_name_is_computed_leaves_the_rest_of_its_file_certain(root: Path) -> None:
    write(root, "a.py", 'import os\nfor x in y: os.environ[x]\nos.environ["A"]\n')
    obstacle = next(each for each in needed(Tree(root)) if isinstance(each, Obstacle))
    assert (obstacle.line, obstacle.is_whole_file) == (2, False)
    assert told(root)[1] == "a.py:3 A"


def test_a_manifest_that_is_a_folder_is_told(root: Path) -> None:
    (root / "app.json").mkdir()
    assert told(root) == ["app.json:0 is a directory: not checked"]


def test_what_the_settings_accept_is_not_needed(root: Path) -> None:
    write(root, "vendored/a.py", 'import os\nos.environ["A"]\n')
    write(root, "vendored/old.py", "import os\nos.environ[\n")
    assert len(told(root)) == 2
    assert told(root, Accept("references", "vendored/*")) == []
    assert len(told(root, Accept("hardcoded", "vendored/*"))) == 2


def test_files_that_were_passed_over_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setattr("deploy.project.tree.MAX_FILES", 1)
    for name in ("a", "b", "c"):
        write(tmp_path, name, "x")
    assert told(tmp_path) == [".:0 2 files were passed over: not checked"]
