"""What every task stands on: what it is told by `.env`, by netrc, and by its settings."""

import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
import responses
from responses.matchers import header_matcher

from deploy.emulator import Emulator

from .conftest import Near
from .face import Face, settings

CANARY = "c4n4ry"


@pytest.fixture
def face(near: Near) -> Near:
    return near


def refused(face: Face, line: str) -> str:
    """What standard error says of a command that must be refused."""
    done = face.run(line)
    assert (done.code, done.out) == (1, "")
    assert "Traceback" not in done.err
    assert CANARY not in done.err
    return done.err


# `.env`.


@pytest.fixture
def lost(face: Face, git: Callable[..., None]) -> Face:
    """A project whose `.env` names staging behind an open quote, and whose remote is production."""
    git("remote", "add", "heroku", "https://git.heroku.com/myapp.git")
    face.write(".env", f'SECRET_KEY="{CANARY}\nHEROKU_APP=myapp-staging\nB=5"\n')
    return face


@pytest.mark.parametrize(
    "line", ["config.diff", "config.sync --yes", "config.pull --yes", "config.drift"]
)
def test_where_dotenv_lost_the_app_no_other_one_is_taken(
    lost: Face, emulator: Emulator, line: str
) -> None:
    lost.write(".gitignore", ".env*\n")
    assert refused(lost, line) == (
        "error: .env: line 2: HEROKU_APP: stands inside a quoted value that began further up\n"
        "  mend it, or leave it unasked: name the app with --app or HEROKU_APP,"
        " and set HEROKU_API_KEY in the environment\n"
    )
    assert emulator.requests == []


def test_a_dotenv_that_is_not_asked_may_be_what_it_is(lost: Face) -> None:
    assert lost.run("config.diff --app myapp").code == 0
    lost.env["HEROKU_APP"] = "myapp"
    assert lost.run("config.diff").code == 0
    del lost.env["HEROKU_APP"]
    lost.write("invoke.yaml", settings({"myapp": ".env.production"}))
    assert lost.run("config.drift").code == 0


# A key that Heroku refuses.


def test_an_old_key_in_netrc_gives_way_to_the_one_of_the_cli(face: Near, tmp_path: Path) -> None:
    netrc = tmp_path / "home" / ".netrc"
    netrc.write_text(
        f"machine api.heroku.com\n  login me\n  password {CANARY}-old\n  method interactive\n"
    )
    cli = face.write("bin/heroku", f"#!/bin/sh\necho {CANARY}-new\n")
    cli.chmod(0o755)
    for name in ("HEROKU_HOST", "HEROKU_API_KEY"):
        del face.env[name]
    face.env["PATH"] = f"{cli.parent}:{os.defpath}"
    answers = {"config-vars": {"LOG_LEVEL": "info"}, "addon-attachments": [], "releases": []}
    with responses.RequestsMock() as heroku:
        for path, body in answers.items():
            url = f"https://api.heroku.com/apps/myapp/{path}"
            for key, status, answer in (("old", 401, {}), ("new", 200, body)):
                match = header_matcher({"Authorization": f"Bearer {CANARY}-{key}"})
                heroku.get(url, status=status, json=answer, match=[match])
        heroku.assert_all_requests_are_fired = False
        face.write(".env.production", "LOG_LEVEL=info\n")
        done = face.run("config.diff --app myapp")
    assert done.code == 0
    assert done.out == "myapp is in sync with .env.production: 1 equal.\n"
    assert done.err == (
        "warning: Heroku refuses the API key from netrc: using heroku auth:token's\n"
    )


def test_a_netrc_for_the_very_host_does_not_turn_our_bearer_into_basic(
    face: Near, emulator: Emulator, tmp_path: Path
) -> None:
    (tmp_path / "home" / ".netrc").write_text(
        f"machine 127.0.0.1 login me password {CANARY}\ndefault login me password {CANARY}\n"
    )
    face.write(".env.production", "LOG_LEVEL=debug\n")
    assert face.run("config.sync --app myapp --yes").code == 0
    assert {request.scheme for request in emulator.requests} == {"Bearer"}


# A git that does not answer.


def test_a_diff_says_that_the_file_may_be_tracked_where_git_does_not(
    face: Face, git: Callable[..., None], foreign: Path
) -> None:
    face.env["PATH"] = os.environ["PATH"]
    done = face.run("config.diff --app myapp")
    assert done.code == 0
    assert done.err == (
        "warning: .env.production may be tracked by git"
        " (git does not read this checkout, which belongs to another user): see config.check\n"
    )


@pytest.mark.parametrize("rule", ["", " --only ignored"])
def test_a_check_says_what_keeps_git_from_an_answer(
    face: Face, git: Callable[..., None], foreign: Path, rule: str
) -> None:
    face.env["PATH"] = os.environ["PATH"]
    assert refused(face, f"config.check{rule}") == (
        "error: git does not read this checkout, which belongs to another user,"
        " so nothing can be said of the files\n"
        f"  if you trust it: git config --global --add safe.directory {face.folder}\n"
    )


def test_a_check_without_git_says_so(face: Face, git: Callable[..., None]) -> None:
    face.env["PATH"] = str(face.folder)
    assert refused(face, "config.check --only ignored") == (
        "error: there is no git to ask, so nothing can be said of the files\n"
        "  install git, or put it on PATH\n"
    )


def test_a_check_finds_what_lies_behind_a_link_that_is_ignored(
    face: Face, git: Callable[..., None]
) -> None:
    face.write(".gitignore", ".env*\n")
    face.write("vault/prod", "A=1\n").chmod(0o600)
    (face.folder / ".env.production").unlink()
    (face.folder / ".env.production").symlink_to("vault/prod")
    done = face.run("config.check --only ignored")
    assert (done.code, done.err) == (2, "")
    assert done.out.startswith(
        ".env.production  ignored  is a link to vault/prod:"
        " git does not ignore it: put vault/prod into .gitignore\n"
    )


# No home.


@pytest.fixture
def homeless(face: Face, monkeypatch: pytest.MonkeyPatch) -> Face:
    """As in a container whose user has no entry in passwd."""

    def unknown(_uid: int) -> NoReturn:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    del face.env["HOME"]
    return face


def test_without_a_home_a_missing_key_is_told(homeless: Face) -> None:
    del homeless.env["HEROKU_API_KEY"]
    del homeless.env["HEROKU_HOST"]
    homeless.env["PATH"] = os.defpath
    assert refused(homeless, "config.diff --app myapp") == (
        "error: no Heroku API key in HEROKU_API_KEY in the environment, .env, netrc,"
        " heroku auth:token\n"
        "  run heroku login, or export HEROKU_API_KEY (heroku authorizations:create makes one)\n"
    )


def test_without_a_home_a_path_in_it_is_told(homeless: Face) -> None:
    assert refused(homeless, "config.diff --app myapp --file ~/x") == (
        "error: ~/x: the home folder of this user is not known\n"
        "  set HOME, or write the path without ~\n"
    )


def test_without_a_home_all_else_works(homeless: Face) -> None:
    assert homeless.run("config.diff --app myapp").code == 0


# `--file` with nothing in it.


@pytest.mark.parametrize(
    "task", ["config.diff", "config.sync", "config.pull", "config.drift", "config.lock"]
)
def test_an_empty_file_option_is_told(face: Near, emulator: Emulator, task: str) -> None:
    app = "" if task == "config.lock" else " --app myapp"
    done = face.run_words(*f"{task}{app} --file".split(), "")
    said = "--file is empty\n  give it a path, or leave it out\n"
    assert done.code == 1
    if task == "config.drift":
        assert (done.out, done.err) == (f"myapp could not be checked: {said}", "")
    else:
        assert (done.out, done.err) == ("", f"error: {said}")
    assert emulator.requests == []


def test_an_empty_file_option_of_a_check_is_told(face: Near) -> None:
    done = face.run_words("config.check", "--file", "")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: --file is empty\n  give it a path, or leave it out\n"


# `--reveal` that shows nothing.


@pytest.fixture
def other_app(emulator: Emulator) -> None:
    emulator.add_app("myapp-staging", {"STAGE": "1"})


@pytest.mark.parametrize(
    "line",
    [
        "config.diff --app myapp",
        "config.diff --app myapp --release v3",
        "config.sync --app myapp --yes",
        "config.rollback --app myapp --to v3 --dry-run",
        "config.compare --app myapp --with myapp-staging",
        "config.diff --app myapp --format json",
    ],
)
def test_a_reveal_that_matches_no_var_is_told(face: Near, other_app: None, line: str) -> None:
    done = face.run(f"{line} --reveal LOGLEVEL --reveal LOG_LEVEL --reveal X_* --reveal LOG_*")
    assert done.code == 0
    assert done.err.splitlines()[:2] == [
        "warning: --reveal LOGLEVEL matches no var",
        "warning: --reveal X_* matches no var",
    ]
    assert done.err.count("matches no var") == 2


def test_a_name_that_is_only_declared_or_left_out_of_the_plan_is_matched(face: Near) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\nNEW=1\n")
    done = face.run("config.diff --app myapp --only OLD --reveal NEW --reveal DATABASE_URL")
    assert (done.code, done.err) == (0, "")


def test_a_value_that_landed_in_reveal_is_not_repeated(face: Near) -> None:
    done = face.run(f"config.diff --app myapp --reveal {CANARY}")
    assert done.err == "warning: --reveal matches no var\n"
