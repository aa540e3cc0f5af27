"""What is staged and stands in the files no more."""

import subprocess
from pathlib import Path

import pytest

from deploy.project import staged as staged_module
from deploy.project.grep import Expression
from deploy.project.staged import Staged
from deploy.project.tree import Tree

NEEDLE = b"c4nary-needle"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "diff.relative", "true")
    return tmp_path


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def stage(root: Path, name: str, text: str, later: str | None = "clean\n") -> None:
    """A file that is staged with one text, and has another one by now, or is gone."""
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    git(root, "add", name)
    if later is None:
        path.unlink()
    else:
        path.write_text(later)


def search(folder: Path, needle: bytes = NEEDLE, expression: Expression | None = None) -> list[str]:
    found = Staged(Tree(folder).checkout).search([needle], expression)
    return [f"{line.path}:{line.number}" for line in found]


def test_what_was_taken_out_of_a_file_after_it_was_staged_is_found(root: Path) -> None:
    stage(root, "a.py", "x\nc4nary-needle\n")
    stage(root, "gone.py", "c4nary-needle\n", later=None)
    stage(root, "é b.py", "c4nary-needle\n")
    assert search(root) == ["a.py:2", "gone.py:1", "é b.py:1"]


def test_a_file_that_is_as_it_was_staged_is_not_searched_again(root: Path) -> None:
    stage(root, "a.py", "c4nary-needle\n", later="c4nary-needle\n")
    git(root, "update-index", "--refresh")
    assert search(root) == []


def test_below_the_top_paths_are_those_of_the_folder(root: Path) -> None:
    stage(root, "api/a.py", "c4nary-needle\n")
    stage(root, "b.py", "c4nary-needle\n")
    assert search(root / "api") == ["a.py:1"]


def test_an_expression_finds_its_lines(root: Path) -> None:
    stage(root, "a.py", "x://u:p@h\n")
    assert search(root, expression=Expression(b"://[^@]*@", b"://")) == ["a.py:1"]


def test_of_many_files_all_are_searched(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staged_module, "MAX_NAMES", 1)
    stage(root, "a.py", "c4nary-needle\n")
    stage(root, "b.py", "c4nary-needle\n")
    assert search(root) == ["a.py:1", "b.py:1"]


def test_the_lines_behind_one_are_those_that_are_staged(root: Path) -> None:
    stage(root, "a.py", "c4nary-needle\nb\nc\nd\n")
    staged = Staged(Tree(root).checkout)
    [line] = staged.search([NEEDLE])
    assert staged.behind(line, 2) == b"b\nc"


def test_outside_a_checkout_nothing_is_staged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "a.py").write_text("c4nary-needle\n")
    assert search(tmp_path) == []
