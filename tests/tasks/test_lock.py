"""`config.lock` as a command, and what `config.sync` does about a lock."""

import hashlib
import hmac
import json
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator

from .conftest import Here, Near
from .face import Face, settings

LOCK_KEY = "CONFIG_LOCK_KEY"
KEY = "0123456789abcdef" * 4
PLAIN = "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\n"
KEYED = f"{PLAIN}{LOCK_KEY}={KEY}\n"
HEADER = (
    "# Made by `invoke config.lock`, to be committed. Says that a value changed, not which it is.\n"
)
WROTE = "Wrote .env.production.lock: 3 names. Commit it.\n"
STALE = "warning: .env.production.lock is stale: run config.lock, and commit it\n"


def digest(text: str) -> str:
    return hmac.new(bytes.fromhex(KEY), text.encode(), hashlib.sha256).hexdigest()


def lock_text(**values: str) -> str:
    """The lock as the README describes it, made without our own code."""
    lines = [
        f"{name} {digest('config-lock/1' + chr(0) + name + chr(0) + value)}\n"
        for name, value in sorted(values.items())
    ]
    return f"{HEADER}config-lock/1 {digest('config-lock/1 fingerprint')[:16]}\n{''.join(lines)}"


@pytest.fixture
def env(face: Face) -> Path:
    return face.folder / ".env.production"


@pytest.fixture
def lock(face: Face) -> Path:
    return face.folder / ".env.production.lock"


def files(face: Face) -> list[str]:
    return sorted(path.name for path in face.folder.iterdir() if path.name.startswith(".env"))


# Writing it.


def test_a_lock_holds_names_and_digests_alone_and_no_request_is_made(
    face: Face, env: Path, lock: Path, emulator: Emulator
) -> None:
    env.write_text(KEYED)
    del face.env["HEROKU_API_KEY"]
    done = face.run("config.lock")
    assert (done.code, done.out, done.err) == (0, WROTE, "")
    assert lock.read_text() == lock_text(LOG_LEVEL="info", OLD="old", TOKEN="t0ken")
    assert lock.stat().st_mode & 0o777 == 0o644
    assert env.read_text() == KEYED
    assert files(face) == [".env.production", ".env.production.lock"]
    assert emulator.requests == []


def test_the_same_declaration_gives_the_same_bytes_however_it_is_written(
    here: Here, env: Path, lock: Path
) -> None:
    env.write_text(KEYED)
    assert here("config.lock").code == 0
    before = lock.read_bytes()
    text = f"# A comment\r\n{LOCK_KEY}='{KEY}'\r\nexport OLD=\"old\"\r\nTOKEN=t0ken\r\n\r\n"
    env.write_text(f"{text}LOG_LEVEL=info # quiet\r\n", newline="")
    assert here("config.lock").code == 0
    assert lock.read_bytes() == before


def test_equal_values_have_unrelated_digests_under_another_name_and_another_key(
    here: Here, env: Path, lock: Path
) -> None:
    found: set[str] = set()
    for key in (KEY, KEY[::-1]):
        env.write_text(f"A=same\nB=same\n{LOCK_KEY}={key}\n")
        assert here("config.lock").code == 0
        found |= {line.split()[1] for line in lock.read_text().splitlines()[1:]}
    assert len(found) == 6


@pytest.mark.parametrize(
    "key", ["", "x", KEY.upper(), KEY[:-1], f"{KEY}0", f"'{KEY}\n'", "\u0660" * 64], ids=str
)
@pytest.mark.parametrize("option", ["", " --yes", " --check"])
def test_a_weak_key_is_refused_and_nothing_is_written(
    option: str, key: str, face: Face, here: Here, env: Path
) -> None:
    env.write_text(f"A=1\n{LOCK_KEY}={key}\n")
    before = env.read_bytes()
    done = here(f"config.lock{option}")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production: CONFIG_LOCK_KEY: must be 64 lowercase hex digits:"
        " openssl rand -hex 32 makes them\n"
    )
    assert env.read_bytes() == before
    assert files(face) == [".env.production"]


def test_all_files_of_the_settings_are_locked_each_once(face: Face, here: Here, env: Path) -> None:
    env.write_text(KEYED)
    face.write("a/.env", f"A=1\n{LOCK_KEY}={KEY}\n")
    face.write("b/.env", f"B=1\nC=1\n{LOCK_KEY}={KEY}\n")
    apps = {"one": "b/.env", "two": ".env.production", "three": "a/.env", "four": "b/.env"}
    face.write("invoke.yaml", settings(apps))
    done = here("config.lock")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"{WROTE}Wrote a/.env.lock: 1 names. Commit it.\nWrote b/.env.lock: 2 names. Commit it.\n"
    )
    assert (face.folder / "a/.env.lock").read_text() == lock_text(A="1")
    done = here("config.lock --check")
    assert done.code == 0
    assert "\na/.env.lock matches a/.env: 1 names.\n" in done.out


def test_a_named_file_is_relative_to_the_folder_one_stands_in(face: Face, near: Near) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    below = face.write("below/.env.other", f"A=1\n{LOCK_KEY}={KEY}\n").parent
    assert near.run("config.lock --file .env.other", cwd=below).code == 0
    assert sorted(path.name for path in below.iterdir()) == [".env.other", ".env.other.lock"]
    assert files(face) == [".env.production"]


@pytest.mark.parametrize("file", ["/", ".", "..", "loop", "x" * 255])
def test_what_is_no_file_is_an_error_and_no_bug(file: str, face: Face, here: Here) -> None:
    (face.folder / "loop").symlink_to("loop")
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    done = here(f"config.lock --file {file}")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"error: {file}: ")
    assert "unforeseen" not in done.err


def test_a_swallowed_flag_is_not_taken_for_a_file(face: Face, here: Here) -> None:
    done = here("config.lock --file --dry")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: --file got no path, but the next option\n  give it a path\n"
    assert files(face) == [".env.production"]


def test_a_lock_that_cannot_be_written_leaves_nothing_behind(
    face: Face, here: Here, env: Path, lock: Path
) -> None:
    env.write_text(KEYED)
    lock.mkdir()
    done = here("config.lock")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: .env.production.lock: cannot be written (")
    assert files(face) == [".env.production", ".env.production.lock"]


def test_a_lock_that_is_a_link_stays_one(face: Face, here: Here, env: Path, lock: Path) -> None:
    env.write_text(KEYED)
    target = face.write("locks/production", "")
    lock.symlink_to(target)
    assert here("config.lock").code == 0
    assert lock.is_symlink()
    assert target.read_text() == lock_text(LOG_LEVEL="info", OLD="old", TOKEN="t0ken")


@pytest.mark.parametrize("place", [".env.example", ".env.production.lock"])
def test_a_name_that_a_quote_swallowed_does_not_drop_out_of_the_lock(
    place: str, face: Face, here: Here, env: Path, lock: Path
) -> None:
    env.write_text(KEYED)
    assert here("config.lock").code == 0
    if place == ".env.example":
        lock.unlink()
        face.write(".env.example", "TOKEN=\n")
    before = files(face), lock.exists() and lock.read_text()
    env.write_text(f'LOG_LEVEL="info\nTOKEN=t0ken"\nOLD=old\n{LOCK_KEY}={KEY}\n')
    done = here("config.lock")
    assert done.code == 1
    assert (
        "error: .env.production: line 2: TOKEN stands inside a quoted value that began further up\n"
    ) in done.err
    assert (files(face), lock.exists() and lock.read_text()) == before


def test_a_sync_refuses_a_file_whose_quote_swallowed_a_name_of_the_lock(
    here: Here, env: Path, app: App
) -> None:
    env.write_text(KEYED)
    assert here("config.lock").code == 0
    app.set_vars({"TOKEN": None})
    env.write_text(f'LOG_LEVEL="info\nTOKEN=t0ken"\nOLD=old\n{LOCK_KEY}={KEY}\n')
    done = here("config.sync --app myapp --yes")
    assert (done.code, done.out) == (1, "")
    assert "line 2: TOKEN stands inside a quoted value that began further up" in done.err


# The key.


@pytest.mark.parametrize(
    ("content", "gap"),
    [
        (b"A=1\n", b""),
        (b"A=1", b"\n"),
        (b"A=1\r\nB=2\r\n", b""),
        (b"A=1\r\nB=2", b"\r\n"),
        (b"\xef\xbb\xbfA=1\r", b""),
        (b"A='1\n2'\n# \xc3\xa4 no line end", b"\n"),
        (b"A=1\n\n\n  ", b"\n"),
    ],
)
def test_a_key_is_appended_and_not_another_byte_is_touched(
    content: bytes, gap: bytes, face: Face, here: Here, env: Path
) -> None:
    env.write_bytes(content)
    env.chmod(0o600)
    done = here("config.lock --yes")
    assert done.code == 0
    assert done.err == (
        "Appended CONFIG_LOCK_KEY to .env.production; config.sync takes it to the app.\n"
    )
    rest = env.read_bytes().removeprefix(content)
    match = re.fullmatch(gap + rb"CONFIG_LOCK_KEY=([0-9a-f]{64})(?:\r\n|\n|\r)", rest)
    assert match
    assert match[1].decode() not in done.out + done.err
    assert env.stat().st_mode & 0o777 == 0o600
    assert files(face) == [".env.production", ".env.production.lock"]
    assert here("config.lock --check").code == 0


def test_a_link_to_the_env_file_stays_a_link_and_its_mode_stays(
    face: Face, here: Here, env: Path
) -> None:
    target = face.write("secrets/production.env", PLAIN)
    target.chmod(0o640)
    env.unlink()
    env.symlink_to(target)
    assert here("config.lock --yes").code == 0
    assert env.is_symlink()
    assert target.read_text().startswith(f"{PLAIN}{LOCK_KEY}=")
    assert target.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["production.env"]


# The key that the app has already.


def test_the_apps_own_key_is_appended_and_no_second_one_made(
    here: Here, face: Face, env: Path, app: App
) -> None:
    face.env["HEROKU_APP"] = "myapp"
    app.set_vars({LOCK_KEY: "7f" * 32})
    env.write_text(PLAIN)
    done = here("config.lock")
    assert (done.code, env.read_text()) == (1, PLAIN)
    assert done.err == (
        "error: .env.production declares no CONFIG_LOCK_KEY; nothing was written\n"
        "  add --yes to append it\n"
    )
    done = here("config.lock --yes")
    assert (done.code, env.read_text()) == (0, f"{PLAIN}CONFIG_LOCK_KEY={'7f' * 32}\n")
    assert done.err == "Appended CONFIG_LOCK_KEY to .env.production; myapp has it already.\n"


def test_a_person_is_offered_the_apps_own_key(face: Face, env: Path, app: App) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    app.set_vars({LOCK_KEY: "7f" * 32})
    env.write_text(PLAIN)
    with face.at_terminal("config.lock") as screen:
        screen.wait_for(
            ".env.production declares no CONFIG_LOCK_KEY. myapp has one: append that? [y/N]"
        )
        screen.type("y\n")
        assert screen.end() == 0
    assert "CONFIG_LOCK_KEY=" + "7f" * 32 in env.read_text()


def test_a_lock_of_a_key_that_nobody_has_is_not_replaced_without_a_word(
    here: Here, env: Path
) -> None:
    env.write_text(f"{PLAIN}CONFIG_LOCK_KEY={'ab' * 32}\n")
    assert here("config.lock").code == 0
    locked = env.with_name(f"{env.name}.lock")
    before = locked.read_text()
    env.write_text(PLAIN)
    done = here("config.lock --yes")
    assert (done.code, env.read_text(), locked.read_text()) == (1, PLAIN, before)
    assert done.err == (
        "error: .env.production declares no CONFIG_LOCK_KEY, and .env.production.lock was made"
        " with one; nothing was written\n"
        "  invoke config.pull brings it from the app; or remove .env.production.lock\n"
    )


def test_a_lock_that_gets_another_key_says_so(here: Here, env: Path) -> None:
    env.write_text(f"{PLAIN}CONFIG_LOCK_KEY={'ab' * 32}\n")
    assert here("config.lock").out == "Wrote .env.production.lock: 3 names. Commit it.\n"
    env.write_text(f"{PLAIN}CONFIG_LOCK_KEY={'cd' * 32}\n")
    assert here("config.lock").out == (
        "Wrote .env.production.lock: 3 names. Commit it."
        " It was made with another CONFIG_LOCK_KEY before.\n"
    )


def test_an_app_that_cannot_be_asked_for_its_key_is_said_to_be_so(
    here: Here, face: Face, env: Path
) -> None:
    face.env["HEROKU_APP"] = "nosuchapp"
    env.write_text(PLAIN)
    done = here("config.lock --yes")
    assert done.code == 0
    assert done.err.startswith(
        "warning: no app was asked whether it has a CONFIG_LOCK_KEY already:"
        " Heroku knows no app nosuchapp"
    )


@pytest.mark.parametrize("weak", ["", "weak", "AB" * 32])
def test_a_live_key_that_is_none_is_not_offered(
    weak: str, here: Here, face: Face, env: Path, app: App
) -> None:
    face.env["HEROKU_APP"] = "myapp"
    app.set_vars({LOCK_KEY: weak})
    env.write_text(PLAIN)
    done = here("config.lock --yes")
    assert done.err == (
        "Appended CONFIG_LOCK_KEY to .env.production; config.sync takes it to the app.\n"
    )


def test_a_key_that_only_the_app_has_is_shown_and_is_no_drift(here: Here, app: App) -> None:
    app.set_vars({LOCK_KEY: "7f" * 32})
    done = here("config.diff --app myapp --prune")
    assert done.out == (
        "myapp is in sync with .env.production: 3 equal.\n"
        "CONFIG_LOCK_KEY is not in .env.production, and kept: config.lock can add it there.\n"
    )
    assert here("config.drift --app myapp").code == 0


def test_two_keys_are_never_the_same(here: Here, env: Path) -> None:
    found = set()
    for _ in range(2):
        env.write_text(PLAIN)
        env.with_name(f"{env.name}.lock").unlink(missing_ok=True)
        assert here("config.lock --yes").code == 0
        found.add(env.read_text())
    assert len(found) == 2


def test_outside_a_terminal_a_key_is_appended_with_yes_alone(
    face: Face, here: Here, env: Path
) -> None:
    done = here("config.lock")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production declares no CONFIG_LOCK_KEY; nothing was written\n"
        "  add --yes to append a new one\n"
    )
    assert env.read_text() == PLAIN
    assert files(face) == [".env.production"]


@pytest.mark.parametrize("option", ["", " --yes"])
def test_no_key_is_appended_where_git_would_take_the_file(
    option: str, face: Face, here: Here, env: Path, git: Callable[..., None]
) -> None:
    done = here(f"config.lock{option}")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production: git does not ignore it, so a commit could hold it;"
        " nothing was written\n"
        "  put .env*, !.env.example, !*.lock and !*.enc into .gitignore, and git rm --cached it\n"
    )
    assert env.read_text() == PLAIN
    assert files(face) == [".env.production"]


def test_a_file_that_has_its_key_is_locked_whatever_git_ignores(
    here: Here, env: Path, git: Callable[..., None]
) -> None:
    env.write_text(KEYED)
    assert here("config.lock").out == WROTE


@pytest.mark.parametrize("option", ["", " --yes", " --dry"])
def test_a_named_pipe_is_left_as_it_is(option: str, face: Face, here: Here, env: Path) -> None:
    env.unlink()
    os.mkfifo(env)
    done = here(f"config.lock{option}")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production is a named pipe, not a file; nothing was written\n"
        "  hand it over on standard input: --file -\n"
    )
    assert env.is_fifo()
    assert files(face) == [".env.production"]


def test_a_lock_of_a_named_pipe_can_be_checked_since_nothing_is_written(
    here: Here, env: Path, lock: Path
) -> None:
    env.write_text(KEYED)
    here("config.lock")
    env.unlink()
    os.mkfifo(env)
    feeder = threading.Thread(target=env.write_text, args=(KEYED,))
    feeder.start()
    done = here("config.lock --check")
    feeder.join()
    assert done.out == ".env.production.lock matches .env.production: 3 names.\n"


def test_nobody_is_told_that_nothing_was_written_after_the_first_of_two_files_was(
    face: Face, here: Here, env: Path, lock: Path
) -> None:
    env.write_text(KEYED)
    face.write(".env.staging", "A=1\n")
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.staging"}))
    done = here("config.lock")
    assert done.code == 1
    assert ".env.staging declares no CONFIG_LOCK_KEY" in done.err
    assert ("nothing was written" in done.err) is not lock.exists()


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("", 1), ("no", 1), ("\x03", 130)])
def test_a_person_is_asked_for_a_key_and_anything_but_yes_is_no(
    answer: str, code: int, face: Face, env: Path, lock: Path
) -> None:
    with face.at_terminal("config.lock") as screen:
        screen.wait_for(".env.production declares no CONFIG_LOCK_KEY. Append a new one? [y/N]")
        assert env.read_text() == PLAIN
        screen.type(answer if answer == "\x03" else f"{answer}\n")
        assert screen.end() == code
    assert lock.exists() is (code == 0)
    assert (env.read_text() == PLAIN) is (code != 0)
    assert ("nothing was written" in screen.plain) is (code != 0)
    assert not any(word in screen.text for word in re.findall("[0-9a-f]{64}", env.read_text()))


def test_nobody_is_asked_in_ci(face: Face, env: Path) -> None:
    face.env["CI"] = "true"
    with face.at_terminal("config.lock") as screen:
        assert screen.end() == 1
    assert "[y/N]" not in screen.text
    assert env.read_text() == PLAIN


def test_a_key_that_was_added_while_we_asked_is_not_added_twice(face: Face, env: Path) -> None:
    with face.at_terminal("config.lock") as screen:
        screen.wait_for("[y/N]")
        env.write_text(KEYED)
        screen.type("y\n")
        screen.end()
    assert env.read_text() == KEYED


@pytest.mark.parametrize("line", ["--dry config.lock", "config.lock -R", "config.lock --dry"])
@pytest.mark.parametrize("content", [PLAIN, KEYED], ids=["no key", "key"])
def test_a_dry_run_writes_nothing(
    content: str, line: str, face: Face, here: Here, env: Path
) -> None:
    env.write_text(content)
    done = here(f"{line} --yes")
    assert done.code == 0
    assert env.read_text() == content
    assert files(face) == [".env.production"]
    assert (done.out, done.err) == ("Dry run: .env.production.lock was not written.\n", "")


# Standard input.


def test_standard_input_is_locked_as_the_declared_file(face: Face, env: Path, lock: Path) -> None:
    env.unlink()
    done = face.run("config.lock --file -", stdin=KEYED.encode())
    assert (done.code, done.out, done.err) == (0, WROTE, "")
    assert lock.read_text() == lock_text(LOG_LEVEL="info", OLD="old", TOKEN="t0ken")
    done = face.run("config.lock --file - --check", stdin=KEYED.replace("old", "new").encode())
    assert (done.code, done.err) == (2, "")
    assert done.out == ".env.production.lock does not match standard input: OLD.\n"
    assert files(face) == [".env.production.lock"]


@pytest.mark.parametrize("option", ["", " --yes"])
def test_standard_input_without_a_key_makes_no_lock(option: str, face: Face, env: Path) -> None:
    done = face.run(f"config.lock --file -{option}", stdin=PLAIN.encode())
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: CONFIG_LOCK_KEY is not on standard input")
    assert env.read_text() == PLAIN
    assert files(face) == [".env.production"]


def test_standard_input_cannot_be_several_files(face: Face) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.staging"}))
    done = face.run("config.lock --file -", stdin=KEYED.encode())
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: the settings list several files")
    assert files(face) == [".env.production"]


# Checking it.


def test_check_is_exit_code_0_2_or_1_and_writes_nothing(face: Face, env: Path, lock: Path) -> None:
    env.write_text(KEYED)
    done = face.run("config.lock --check")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production.lock: no such file\n  make it: invoke config.lock\n"
    )
    assert face.run("config.lock").code == 0
    before = lock.read_bytes()
    done = face.run("config.lock --check")
    assert (done.code, done.err) == (0, "")
    assert done.out == ".env.production.lock matches .env.production: 3 names.\n"
    env.write_text(KEYED.replace("info", "debug").replace("OLD", "OLDER"))
    done = face.run("config.lock --check")
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        ".env.production.lock does not match .env.production: LOG_LEVEL, OLD, OLDER.\n"
    )
    assert lock.read_bytes() == before


def test_check_names_another_key(here: Here, env: Path) -> None:
    env.write_text(KEYED)
    here("config.lock")
    env.write_text(KEYED.replace(KEY, KEY[::-1]))
    done = here("config.lock --check")
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        ".env.production.lock was made with another CONFIG_LOCK_KEY than .env.production has.\n"
    )


def test_check_asks_for_no_key_and_appends_none(face: Face, here: Here, env: Path) -> None:
    done = here("config.lock --check --yes")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: .env.production: CONFIG_LOCK_KEY: is not declared\n")
    assert env.read_text() == PLAIN
    assert files(face) == [".env.production"]


def test_one_stale_lock_of_several_is_exit_code_2(face: Face, here: Here, env: Path) -> None:
    env.write_text(KEYED)
    face.write(".env.a", f"A=1\n{LOCK_KEY}={KEY}\n")
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.a"}))
    assert here("config.lock").code == 0
    face.write(".env.a", f"A=2\n{LOCK_KEY}={KEY}\n")
    done = here("config.lock --check")
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        ".env.a.lock does not match .env.a: A.\n"
        ".env.production.lock matches .env.production: 3 names.\n"
    )


def test_a_file_in_the_locks_place_is_not_shown(here: Here, env: Path, lock: Path) -> None:
    env.write_text(KEYED)
    lock.write_text("TOKEN=c4n4ry\n")
    done = here("config.lock --check")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production.lock: line 1: is no config-lock/1 lock\n"
        "  make it anew: invoke config.lock\n"
    )


def test_a_path_with_an_escape_does_not_steer_the_terminal(face: Face, here: Here) -> None:
    face.write("invoke.yaml", 'heroku: {apps: {myapp: {file: "\\e[31mx.env"}}}\n')
    face.write("\x1b[31mx.env", f"A=1\n{LOCK_KEY}={KEY}\n")
    for line in ("config.lock", "config.lock --check"):
        done = here(line)
        assert done.code == 0
        assert "\x1b" not in done.out + done.err


# What a lock is not written over.


STARTUP = "export PATH=~/bin:$PATH\nalias ll='ls -l'\n"
STEP = "  move it away, or remove it, and run config.lock\n"


@pytest.mark.parametrize("option", ["", " --yes", " --dry"])
@pytest.mark.parametrize("is_linked", [False, True], ids=["itself", "link"])
def test_what_is_no_lock_is_not_written_over(
    option: str, here: Here, face: Face, env: Path, lock: Path, *, is_linked: bool
) -> None:
    """A branch can name the env file, and so the file that is written beside it."""
    env.write_text(KEYED)
    victim = face.write("profile", STARTUP) if is_linked else lock
    if is_linked:
        lock.symlink_to("profile")
    victim.write_text(STARTUP)
    done = here(f"config.lock{option}")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production.lock: cannot be written (what stands there is no lock);"
        f" it is as it was\n{STEP}"
    )
    assert victim.read_text() == STARTUP


def test_no_key_is_appended_where_the_lock_cannot_be_written(
    here: Here, env: Path, lock: Path
) -> None:
    lock.write_text(STARTUP)
    assert here("config.lock --yes").code == 1
    assert env.read_text() == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n\n", id="blank"),
        pytest.param(HEADER, id="cut"),
        pytest.param(f"config-lock/9 {KEY[:16]}\nA 1\n", id="another version"),
        pytest.param(
            f"<<<<<<< ours\nconfig-lock/1 {KEY[:16]}\n=======\nA\n>>>>>>> theirs\n", id="conflict"
        ),
        pytest.param(f"{HEADER}config-lock/1 {KEY[:16]}\r\nA 1\r\n", id="crlf"),
    ],
)
def test_a_lock_is_made_anew_whatever_became_of_it(
    text: str, here: Here, env: Path, lock: Path
) -> None:
    env.write_text(KEYED)
    lock.write_bytes(text.encode())
    done = here("config.lock")
    assert done.code == 0
    assert lock.read_text() == lock_text(LOG_LEVEL="info", OLD="old", TOKEN="t0ken")


@pytest.mark.parametrize(
    "text", [None, "", HEADER, STARTUP], ids=["none", "empty", "lock", "other"]
)
def test_a_link_of_a_lock_out_of_the_project_is_not_followed(
    text: str | None, here: Here, env: Path, lock: Path, tmp_path: Path
) -> None:
    env.write_text(KEYED)
    victim = tmp_path / "home/.profile"
    if text is not None:
        victim.write_text(text)
    lock.symlink_to("../home/.profile")
    done = here("config.lock")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production.lock: cannot be written"
        f" (links lead out of the project, to {victim}); it is as it was\n"
        "  put a file in the place of the link\n"
    )
    assert (victim.read_text() if victim.exists() else None) == text


def test_a_folder_that_leads_out_of_the_project_is_not_followed(
    here: Here, face: Face, tmp_path: Path
) -> None:
    (tmp_path / "home/.env").write_text(KEYED)
    (face.folder / "config").symlink_to("../home")
    face.write("invoke.yaml", settings({"myapp": "config/.env"}))
    done = here("config.lock")
    assert done.code == 1
    assert "cannot be written (links lead out of the project, to " in done.err
    assert not (tmp_path / "home/.env.lock").exists()


def test_a_link_within_the_checkout_is_followed(
    here: Here, face: Face, env: Path, lock: Path, tmp_path: Path
) -> None:
    """`tasks.py` may stand in a subfolder of it."""
    (tmp_path / ".git").mkdir()
    env.write_text(KEYED)
    lock.symlink_to("../locks")
    assert here("config.lock").out == WROTE
    assert (tmp_path / "locks").read_text() == lock_text(LOG_LEVEL="info", OLD="old", TOKEN="t0ken")


def test_a_lock_elsewhere_is_written_where_a_person_names_it(here: Here, tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/prod").write_text(KEYED)
    assert here(f"config.lock --file {tmp_path}/vault/prod").code == 0
    assert (tmp_path / "vault/prod.lock").exists()


# What a sync does about it.


@pytest.fixture
def stale(here: Here, env: Path, lock: Path, app: App) -> bytes:
    """A lock that matched the file and the app, and the file has since been changed."""
    env.write_text(KEYED)
    app.set_vars({LOCK_KEY: KEY})
    assert here("config.lock").code == 0
    env.write_text(KEYED.replace("info", "debug"))
    return lock.read_bytes()


def test_a_sync_at_a_terminal_writes_an_existing_lock_anew(
    stale: bytes, face: Face, lock: Path, app: App
) -> None:
    with face.at_terminal("config.sync --app myapp") as screen:
        screen.wait_for("[y/N]")
        assert lock.read_bytes() == stale
        screen.type("y\n")
        assert screen.end() == 0
    assert app.vars["LOG_LEVEL"] == "debug"
    assert f"\nUndo: invoke config.rollback --app myapp --to v4\n{WROTE}" in screen.plain
    assert lock.read_text() == lock_text(LOG_LEVEL="debug", OLD="old", TOKEN="t0ken")
    written = lock.stat().st_mtime_ns
    with face.at_terminal("config.sync --app myapp") as screen:
        assert screen.end() == 0
    assert "lock" not in screen.text
    assert lock.stat().st_mtime_ns == written


def test_a_sync_never_makes_a_first_lock(face: Face, env: Path, lock: Path) -> None:
    env.write_text(KEYED)
    with face.at_terminal("config.sync --app myapp --yes") as screen:
        assert screen.end() == 0
    assert not lock.exists()


def test_a_sync_outside_a_terminal_says_that_the_lock_is_stale(
    stale: bytes, here: Here, lock: Path, app: App
) -> None:
    done = here("config.sync --app myapp --yes")
    assert (done.code, done.err) == (0, STALE)
    assert app.vars["LOG_LEVEL"] == "debug"
    assert lock.read_bytes() == stale
    done = here("config.sync --app myapp --yes")
    assert (done.code, done.err) == (0, STALE)


@pytest.mark.parametrize("option", ["--dry-run", "--dry"])
@pytest.mark.parametrize("is_applied", [False, True])
def test_a_dry_run_of_a_sync_touches_no_lock(
    is_applied: bool, option: str, stale: bytes, face: Face, lock: Path, app: App
) -> None:
    if is_applied:
        app.set_vars({"LOG_LEVEL": "debug"})
    with face.at_terminal(f"config.sync --app myapp {option}") as screen:
        assert screen.end() == 0
    assert lock.read_bytes() == stale
    assert "Wrote" not in screen.text


def test_a_declined_sync_touches_no_lock(stale: bytes, face: Face, lock: Path) -> None:
    with face.at_terminal("config.sync --app myapp") as screen:
        screen.wait_for("[y/N]")
        screen.type("n\n")
        assert screen.end() == 1
    assert lock.read_bytes() == stale


def test_json_of_a_sync_that_writes_a_lock_is_one_document(
    stale: bytes, face: Face, lock: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    line = "config.sync --app myapp --yes --format json"
    with face.at_terminal(line, stdout=report) as screen:
        assert screen.end() == 0
    assert lock.read_bytes() != stale
    assert json.loads(report.read_text())["result"]["state"] == "applied"
    assert "Commit it." in screen.plain


@pytest.mark.parametrize("options", ["", " --format json"])
def test_a_good_patch_with_a_lock_that_cannot_be_written_says_both(
    options: str, stale: bytes, face: Face, lock: Path, app: App, tmp_path: Path
) -> None:
    lock.unlink()
    lock.mkdir()
    report = tmp_path / "report"
    line = f"config.sync --app myapp --yes{options}"
    with face.at_terminal(line, stdout=report) as screen:
        assert screen.end() == 1
    assert app.vars["LOG_LEVEL"] == "debug"
    assert "error: .env.production.lock: cannot be written (" in screen.plain
    if options:
        assert json.loads(report.read_text())["result"]["state"] == "applied"
    else:
        assert "Set 0, changed 1, removed 0 on myapp (v5).\n" in report.read_text()
    assert files(face) == [".env.production", ".env.production.lock"]


@pytest.mark.parametrize("is_linked", [False, True], ids=["itself", "link"])
def test_a_sync_writes_over_no_other_file(
    stale: bytes, face: Face, lock: Path, app: App, tmp_path: Path, *, is_linked: bool
) -> None:
    victim = tmp_path / "home/.profile" if is_linked else lock
    lock.unlink()
    victim.write_text(STARTUP)
    if is_linked:
        lock.symlink_to(victim)
    with face.at_terminal("config.sync --app myapp --yes") as screen:
        assert screen.end() == 1
    assert app.vars["LOG_LEVEL"] == "debug"
    assert "error: .env.production.lock: cannot be written (" in screen.plain
    assert "nothing was written" not in screen.plain
    assert victim.read_text() == STARTUP


def test_a_sync_from_standard_input_writes_the_declared_files_lock(
    stale: bytes, face: Face, lock: Path
) -> None:
    line = "config.sync --app myapp --file - --yes"
    with face.at_terminal(line, stdin=KEYED.replace("info", "trace").encode()) as screen:
        assert screen.end() == 0
    assert lock.read_text() == lock_text(LOG_LEVEL="trace", OLD="old", TOKEN="t0ken")


def test_a_sync_of_another_file_leaves_the_lock_alone(stale: bytes, face: Face, lock: Path) -> None:
    face.write(".env.once", f"LOG_LEVEL=trace\n{LOCK_KEY}={KEY}\n")
    with face.at_terminal("config.sync --app myapp --file .env.once --yes") as screen:
        assert screen.end() == 0
    assert lock.read_bytes() == stale
    assert "lock" not in screen.text


def test_prune_never_removes_the_locks_key(face: Face, here: Here, app: App, env: Path) -> None:
    app.set_vars({LOCK_KEY: KEY})
    env.write_text("LOG_LEVEL=info\n")
    done = here("config.sync --app myapp --prune --confirm myapp --force")
    assert done.code == 0
    assert set(app.vars) == {"LOG_LEVEL", LOCK_KEY, "DATABASE_URL"}


def test_lock_sync_and_drift_agree_with_one_another(
    face: Face, here: Here, env: Path, app: App
) -> None:
    env.write_text("LOG_LEVEL='a b'\nPEM=\"x\r\ny\n\"\nUNI=ä€😀\nEMPTY=\n")
    assert here("config.lock --yes").code == 0
    assert here("config.sync --app myapp --prune --confirm myapp --force").code == 0
    env.unlink()
    done = here("config.drift --app myapp")
    assert (done.code, done.out) == (0, "myapp is in sync with .env.production.lock: 4 equal.\n")


def test_an_interrupt_between_two_files_does_not_claim_that_nothing_was_written(
    face: Face, env: Path, lock: Path
) -> None:
    env.write_text(KEYED)
    face.write(".env.staging", "A=1\n")
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.staging"}))
    with face.at_terminal("config.lock") as screen:
        screen.wait_for("[y/N]")
        screen.type("\x03")
        assert screen.end() == 130
    assert ("nothing was written" in screen.plain) is not lock.exists()


def test_help_fits_a_terminal_and_shows_an_example(here: Here) -> None:
    done = here("--help config.lock")
    assert done.code == 0
    assert "  invoke config.lock --check\n" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_missing_env_file_makes_no_lock(face: Face, here: Here, env: Path) -> None:
    env.unlink()
    done = here("config.lock --yes")
    assert (done.code, done.out) == (1, "")
    assert done.err == ("error: .env.production: no such file\n  make it: invoke config.pull\n")
    assert files(face) == []


@pytest.mark.parametrize(
    ("settled", "option", "command"),
    [
        ({"other": ".env.other"}, "", "invoke config.pull --app other"),
        ({"other": ".env.other"}, " --file .env.other", "invoke config.pull --app other"),
        ({"other": ".env.x"}, " --file y;z", "invoke config.pull --app other --file 'y;z'"),
    ],
    ids=["the settings' file", "named as well", "another file"],
)
def test_a_missing_env_file_is_brought_from_the_app_that_it_belongs_to(
    settled: dict[str, str], option: str, command: str, face: Face, here: Here
) -> None:
    face.write("invoke.yaml", settings(settled))
    done = here(f"config.lock{option}")
    assert done.err.splitlines()[1] == f"  make it: {command}"
