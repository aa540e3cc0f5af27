"""Files that somebody else put into the tree: nothing is started, and nothing hangs, for them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ..traps import Trap
from .conftest import Near
from .face import Done, settings


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path / "sprung")


# A branch that makes the env file's folder look like a repository.


LINES = [
    pytest.param("config.check --only ignored", id="check"),
    pytest.param("config.check", id="check all"),
    pytest.param("config.diff --app myapp", id="diff"),
    pytest.param("config.sync --app myapp --dry-run", id="sync"),
    pytest.param("config.pull --app myapp --yes", id="pull"),
    pytest.param("config.drift --app myapp", id="drift"),
    pytest.param("config.lock --yes", id="lock"),
]


@pytest.fixture
def checkout(near: Near, git: Callable[..., None]) -> Path:
    """A clone with an env file in its folder `config`, where git ignores it."""
    near.write(".gitignore", ".env*\n!*.lock\n")
    near.write("config/.env.production", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\n")
    git("add", ".")
    return near.folder


def run_with_env(near: Near, line: str, way: str) -> Done:
    if way == "settings":
        near.write("invoke.yaml", settings({"myapp": "config/.env.production"}))
        return near.run(line)
    return near.run(f"{line} --file config/.env.production")


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("way", ["settings", "--file"])
def test_no_task_takes_a_folder_for_a_repository(
    near: Near, checkout: Path, trap: Trap, line: str, way: str
) -> None:
    trap.repository(checkout / "config")
    assert trap.is_set(checkout / "config")
    done = run_with_env(near, line, way)
    assert (done.code, "git" in done.err) == (0, False)
    assert not trap.is_sprung


@pytest.mark.parametrize("line", LINES)
def test_no_task_starts_what_the_checkout_itself_names(
    near: Near, checkout: Path, trap: Trap, line: str
) -> None:
    subprocess.run(["git", "config", "core.fsmonitor", trap.command], cwd=checkout, check=True)
    assert trap.is_set(checkout)
    assert run_with_env(near, line, "settings").code == 0
    assert not trap.is_sprung


@pytest.mark.parametrize("line", LINES)
def test_a_tree_without_git_is_no_repository_whatever_lies_in_it(
    near: Near, trap: Trap, line: str
) -> None:
    """As an archive of that branch has it."""
    trap.repository(near.folder)
    assert trap.is_set(near.folder)
    assert near.run(line).code == 0
    assert not trap.is_sprung
