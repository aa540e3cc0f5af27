"""Files that somebody else put into the tree: nothing is started, and nothing hangs, for them."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from socket import AF_UNIX, socket

import pytest

from ..traps import Trap
from .conftest import Near
from .face import Done, Face, settings


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


# What is no file, where only a file is read.


SWALLOWED = 'LOG_LEVEL="info\nTOKEN=t0ken\nOLD="\n'
KEYED = f"LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\nCONFIG_LOCK_KEY={'0123456789abcdef' * 4}\n"
UNASKED = (
    "  leave it unasked: name the app with --app or HEROKU_APP,"
    " and set HEROKU_API_KEY in the environment\n"
)
REPLACE = "  put a file in its place, or remove it\n"
_OPEN = "an assignment inside a quoted value: is a quote further up left open?\n"
WARNED = (
    f"warning: .env.production: line 2: TOKEN: {_OPEN}"
    f"warning: .env.production: line 3: OLD: {_OPEN}"
)
CASES = [
    pytest.param(".env", "", "config.diff", UNASKED, id=".env"),
    pytest.param(".env", "", "config.sync --yes", UNASKED, id=".env of a sync"),
    pytest.param(".env.example", SWALLOWED, "config.diff --app myapp", REPLACE, id="example"),
    pytest.param(
        ".env.example", SWALLOWED, "config.pull --app myapp --yes", REPLACE, id="example of a pull"
    ),
    pytest.param(".env.example", SWALLOWED, "config.lock --yes", REPLACE, id="example of a lock"),
    pytest.param(
        ".env.production.lock", SWALLOWED, "config.diff --app myapp", REPLACE, id="lock of a diff"
    ),
    pytest.param(".env.production.lock", "", "config.check", REPLACE, id="lock of a check"),
    pytest.param(".env.production.lock", KEYED, "config.lock --check", REPLACE, id="lock"),
]


def put(kind: str, path: Path) -> str:
    """Something in a file's place; what it is called."""
    if kind == "pipe":
        os.mkfifo(path)
        return "a named pipe"
    if kind == "link to a pipe":
        os.mkfifo(path.parent / "pipe")
        path.symlink_to("pipe")
        return "a named pipe"
    if kind == "socket":
        with socket(AF_UNIX) as listener:
            os.chdir(path.parent)  # a socket's path must be short
            listener.bind(path.name)
        return "a socket"
    path.symlink_to("/dev/zero")
    return "a device"


@pytest.fixture(params=["pipe", "link to a pipe", "endless device", "socket"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    monkeypatch.chdir(tmp_path)
    return str(request.param)


@pytest.mark.parametrize(("name", "env", "line", "step"), CASES)
def test_what_is_no_file_is_told_and_not_read(
    face: Face, kind: str, name: str, env: str, line: str, step: str
) -> None:
    called = put(kind, face.folder / name)
    if env:
        face.write(".env.production", env)
    done = face.run(line)
    assert (done.code, done.out) == (1, "")
    above = WARNED if line == "config.lock --yes" else ""
    assert done.err == f"{above}error: {name}: is {called}, not a file\n{step}"


def test_a_drift_tells_of_a_lock_that_is_no_file(face: Face, kind: str) -> None:
    called = put(kind, face.folder / ".env.production.lock")
    (face.folder / ".env.production").unlink()
    done = face.run("config.drift --app myapp")
    assert done.code == 1
    assert f".env.production.lock: is {called}, not a file" in done.out


def test_a_history_tells_of_a_lock_that_is_no_file(face: Face, kind: str) -> None:
    called = put(kind, face.folder / ".env.production.lock")
    done = face.run("config.rollback --app myapp --to v1 --dry-run")
    assert done.code == 0
    assert f"warning: .env.production.lock: is {called}, not a file\n" in done.err


def test_a_check_goes_on_without_what_is_no_file(face: Face, kind: str) -> None:
    """1Password mounts `.env` as a pipe, for as long as it is unlocked."""
    called = put(kind, face.folder / ".env")
    done = face.run("config.check")
    assert (done.code, done.err) == (0, "")
    note = f"is {called}, not a file, so its values were not looked for"
    assert f".env             syntax      note: {note}\n" in done.out


def test_a_check_goes_on_without_an_example_that_is_no_file(face: Face, kind: str) -> None:
    called = put(kind, face.folder / ".env.example")
    done = face.run("config.check")
    assert (done.code, done.err) == (0, "")
    note = f"is {called}, not a file: not checked"
    assert f".env.example     parity      note: {note}\n" in done.out


@pytest.mark.parametrize(
    ("name", "env", "line"),
    [
        pytest.param(".env", "", "config.diff", id=".env"),
        pytest.param(".env.example", SWALLOWED, "config.diff --app myapp", id="example"),
    ],
)
def test_what_is_too_large_is_told_and_not_read_on(
    near: Near, name: str, env: str, line: str
) -> None:
    near.write(name, b"#" * 1_048_577)
    if env:
        near.write(".env.production", env)
    done = near.run(line)
    assert (done.code, done.out) == (1, "")
    assert done.err == f"error: {name}: is larger than 1,048,576 bytes\n"
