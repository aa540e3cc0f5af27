"""`config.pull` as a command: what it writes, where it refuses to, and what a kill leaves."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator, Fault, Writer
from deploy.envfile.parser import parse

from .conftest import Here
from .face import Face, settings

OWNED = "Owned by an add-on or the platform, left out (--owned takes them): DATABASE_URL\n"


@pytest.fixture
def env(face: Face, app: App) -> Path:
    path = face.folder / ".env.production"
    path.unlink(missing_ok=True)
    return path


def values(path: Path) -> dict[str, str]:
    found = parse(path.read_bytes(), source="f", may_be_empty=True)
    return {entry.name: entry.value.reveal() for entry in found.entries}


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".env"))


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


# What it writes.


def test_a_missing_file_is_made_readable_by_its_owner_alone(here: Here, env: Path) -> None:
    done = here("config.pull --app myapp --yes")
    assert done.out == (
        ".env.production differs from myapp: 3 to set, 0 to change, 0 to remove; 0 equal.\n"
        "  + LOG_LEVEL  ********\n"
        "  + OLD        ********\n"
        "  + TOKEN      ********\n"
        f"{OWNED}"
        "Set 3, changed 0, removed 0 in .env.production.\n"
    )
    assert (done.code, done.err) == (0, "")
    assert env.read_text() == "LOG_LEVEL=info\nOLD=old\nTOKEN=t0ken\n"
    assert env.stat().st_mode & 0o777 == 0o600
    assert left(env.parent) == [".env.production"]
    assert here("config.diff --app myapp --exit-code").code == 0


def test_only_takes_one_var_and_reveal_shows_it(here: Here, env: Path) -> None:
    env.write_text("TOKEN=old\nLOG_LEVEL=debug\nMINE=x\n")
    done = here("config.pull --app myapp --only LOG_LEVEL --reveal LOG_LEVEL --prune --yes")
    assert done.out == (
        ".env.production differs from myapp: 0 to set, 1 to change, 0 to remove; 0 equal.\n"
        '  ~ LOG_LEVEL  "debug" -> "info"\n'
        "Set 0, changed 1, removed 0 in .env.production.\n"
    )
    assert (done.code, done.err) == (0, "")
    assert env.read_text() == "TOKEN=old\nLOG_LEVEL=info\nMINE=x\n"


def test_only_what_the_file_alone_has_is_removed_with_its_name(here: Here, env: Path) -> None:
    env.write_text("TOKEN=old\nMINE=x\nOTHER=x\n")
    done = here("config.pull --app myapp --only MINE --prune --confirm .env.production")
    assert done.code == 0
    assert env.read_text() == "TOKEN=old\nOTHER=x\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--only MISPELT", "--only MISPELT: neither in .env.production nor on myapp"),
        ("--only a=b", "--only holds what is not the name of a var"),
        ("--reveal a=b", "--reveal holds what is not the name of a var"),
    ],
)
def test_a_name_that_nobody_has_is_refused(options: str, said: str, here: Here, env: Path) -> None:
    env.write_text("TOKEN=old\n")
    done = here(f"config.pull --app myapp {options} --yes")
    assert done.code == 1
    assert said in done.err
    assert env.read_text() == "TOKEN=old\n"


def test_an_owned_var_that_is_named_is_left_out_and_said(here: Here, env: Path) -> None:
    env.write_text("TOKEN=old\n")
    done = here("config.pull --app myapp --only DATABASE_URL --yes")
    assert OWNED in done.out
    assert env.read_text() == "TOKEN=old\n"


def test_what_does_not_change_stays_byte_for_byte(here: Here, env: Path) -> None:
    env.write_bytes(b"# first\r\n\r\nexport TOKEN=old # why\r\nMINE='x'\r\nLOG_LEVEL='info'")
    done = here("config.pull --app myapp --yes")
    assert done.code == 0
    assert done.out == (
        ".env.production differs from myapp: 1 to set, 1 to change, 0 to remove; 1 equal.\n"
        "  + OLD    ********\n"
        "  ~ TOKEN  ******** -> ********\n"
        f"{OWNED}"
        "Only in the file, kept (--prune removes them): MINE\n"
        "Set 1, changed 1, removed 0 in .env.production.\n"
    )
    assert env.read_bytes() == (
        b"# first\r\n\r\nexport TOKEN=t0ken # why\r\nMINE='x'\r\nLOG_LEVEL='info'\r\nOLD=old\r\n"
    )


def test_prune_and_owned_make_the_file_the_whole_of_what_is_live(
    here: Here, env: Path, app: App
) -> None:
    env.write_text("# mine\nMINE=1\nTOKEN=t0ken\n")
    assert here("config.pull --app myapp --prune --owned --confirm .env.production").code == 0
    assert values(env) == app.vars
    assert env.read_text().startswith("# mine\nTOKEN=t0ken\n")


def test_the_key_of_a_lock_is_never_pruned_and_ignored_names_stay(
    here: Here, env: Path, face: Face, app: App
) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production"}, ignore=["OLD", "LOCAL"]))
    env.write_text(f"CONFIG_LOCK_KEY={'ab' * 32}\nLOCAL=1\nOLD=mine\n")
    done = here("config.pull --yes --prune")
    assert done.code == 0
    assert "Ignored by the settings, left alone: LOCAL, OLD\n" in done.out
    assert "Only in the file, kept (--prune removes them): CONFIG_LOCK_KEY\n" in done.out
    assert values(env) == {
        "CONFIG_LOCK_KEY": "ab" * 32,
        "LOCAL": "1",
        "OLD": "mine",
        "LOG_LEVEL": "info",
        "TOKEN": "t0ken",
    }


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o660, 0o600), (0o400, 0o400)])
def test_rights_of_others_go_and_a_stricter_mode_stays(
    before: int, after: int, here: Here, env: Path
) -> None:
    env.write_text("A=1\n")
    env.chmod(before)
    assert here("config.pull --app myapp --yes").code == 0
    assert env.stat().st_mode & 0o777 == after


def test_a_link_keeps_pointing_to_its_target(here: Here, env: Path, face: Face) -> None:
    target = face.write("secrets/production.env", "A=1\n")
    env.symlink_to(target)
    assert here("config.pull --app myapp --yes").code == 0
    assert env.is_symlink()
    assert values(target)["TOKEN"] == "t0ken"
    assert [path.name for path in target.parent.iterdir()] == ["production.env"]


def test_in_sync_nothing_is_written(here: Here, env: Path) -> None:
    env.write_text("LOG_LEVEL=info\nOLD=old\nTOKEN=t0ken\n")
    env.chmod(0o644)
    before, text = _written(env), env.read_bytes()
    done = here("config.pull --app myapp --yes")
    assert done.out == (f".env.production is in sync with myapp: 3 equal.\n{OWNED}Nothing to do.\n")
    assert (done.code, _written(env), env.read_bytes()) == (0, before, text)


def _written(path: Path) -> tuple[int, ...]:
    """What a write would change: which file it is, how it may be used, and when that was set.

    Not when it was read, which a pull and git do.
    """
    found = path.stat()
    return found.st_ino, found.st_mode, found.st_mtime_ns, found.st_ctime_ns


def test_what_cannot_be_written_is_said_and_the_rest_is_there(
    here: Here, env: Path, app: App
) -> None:
    app.set_vars({"BELL": "a\x07b", "1ST": "x", "TOKEN": "\x1b[2J"})
    env.write_text("TOKEN=mine\n")
    done = here("config.pull --app myapp --yes")
    assert done.code == 1
    assert "Left out, since no env file can hold them: 1ST, BELL, TOKEN\n" in done.out
    assert done.out.endswith("Set 2, changed 0, removed 0 in .env.production.\n")
    assert done.err == (
        "error: 1ST, BELL, TOKEN: no env file can hold this name or its value;"
        " left out of .env.production\n"
        "  put it under ignore: in the settings\n"
    )
    assert values(env) == {"TOKEN": "mine", "LOG_LEVEL": "info", "OLD": "old"}


def test_a_hint_says_which_side_is_empty(here: Here, env: Path, app: App) -> None:
    app.set_vars({"OLD": ""})
    env.write_text("LOG_LEVEL=\nOLD=old\nTOKEN='t0ken\n'\n")
    assert (
        "  ~ LOG_LEVEL  ******** -> ********  (not empty on Heroku)\n"
        "  ~ OLD        ******** -> ********  (empty on Heroku)\n"
        "  ~ TOKEN      ******** -> ********  (differs only in a trailing newline)\n"
    ) in here("config.pull --app myapp --dry-run").out


@pytest.mark.parametrize(
    "line",
    [
        "config.pull --app myapp --dry-run",
        "--dry config.pull --app myapp --yes",
        "-R config.pull --app myapp --yes",
        "config.pull --app myapp --yes --dry",
    ],
)
def test_a_dry_run_writes_nothing(line: str, here: Here, env: Path) -> None:
    done = here(line)
    assert (done.code, env.exists()) == (0, False)
    assert done.out.endswith("\nDry run: nothing was written.\nTo apply this: --yes\n")


def test_a_lock_beside_the_file_is_said_to_be_stale(here: Here, env: Path, face: Face) -> None:
    face.write(".env.production.lock", "x")
    done = here("config.pull --app myapp --yes")
    assert done.err == (
        "warning: .env.production.lock may be stale: run config.lock, and commit it\n"
    )


# Where it refuses.


def test_without_a_terminal_it_needs_yes(here: Here, env: Path) -> None:
    done = here("config.pull --app myapp")
    assert (done.code, env.exists()) == (1, False)
    assert done.err == "error: nobody can be asked here; nothing was written\n  add --yes\n"


LOSSES = {
    "removed": ("LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\nLOCAL=mine\n", "--prune", "LOCAL"),
    "emptied": ("LOG_LEVEL=info\nTOKEN=t0ken\nOLD=mine\n", "", "OLD"),
}


@pytest.mark.parametrize(("content", "options", "name"), LOSSES.values(), ids=LOSSES)
def test_what_only_the_file_has_is_not_lost_without_the_files_name(
    content: str, options: str, name: str, here: Here, env: Path, app: App
) -> None:
    """The file is the only copy, as sync asks for the app's name where Heroku has it."""
    env.write_text(content)
    if not options:
        app.set_vars({"OLD": ""})
    done = here(f"config.pull --app myapp --yes {options}")
    assert (done.code, env.read_text()) == (1, content)
    assert done.err == (
        f"error: this plan removes or empties {name}; nothing was written\n"
        "  add --confirm .env.production\n"
    )
    done = here(f"config.pull --app myapp {options} --confirm .env.staging")
    assert (done.code, env.read_text()) == (1, content)
    assert done.err == (
        "error: --confirm does not name the file, which is .env.production; nothing was written\n"
        "  use --confirm .env.production if that is the file you mean\n"
    )
    dry = here(f"config.pull --app myapp --dry-run {options}")
    assert dry.out.endswith("\nTo apply this: --confirm .env.production\n")
    assert here(f"config.pull --app myapp {options} --confirm .env.production").code == 0
    assert values(env).get(name) == app.vars.get(name)


def test_at_a_terminal_the_files_name_is_typed(face: Face, env: Path) -> None:
    env.write_text("LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\nLOCAL=mine\n")
    for typed, code in (("y", 1), (".env.production", 0)):
        with face.at_terminal("config.pull --app myapp --prune --yes") as screen:
            screen.wait_for("This removes or empties LOCAL.\r\nType .env.production to write it:")
            screen.type(f"{typed}\n")
            assert screen.end() == code
        assert ("LOCAL" in env.read_text()) is (code == 1)


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_at_a_terminal_it_asks(answer: str, code: int, face: Face, env: Path) -> None:
    with face.at_terminal("config.pull --app myapp") as screen:
        screen.wait_for("Write this to .env.production? [y/N]")
        screen.type(f"{answer}\n")
        assert screen.end() == code
    assert env.exists() is (code == 0)


def test_a_file_that_changed_while_it_asked_is_left_alone(face: Face, env: Path) -> None:
    with face.at_terminal("config.pull --app myapp") as screen:
        screen.wait_for("[y/N]")
        env.write_text("MINE=1\n")
        screen.type("y\n")
        assert screen.end() == 1
    assert (
        ".env.production: cannot be written (it changed meanwhile); it is as it was" in screen.plain
    )
    assert env.read_text() == "MINE=1\n"


def test_a_file_that_is_saved_while_heroku_is_read_is_left_alone(
    here: Here, env: Path, emulator: Emulator
) -> None:
    """With --yes nobody is asked, and an answer of Heroku's takes its time all the same."""
    env.write_text("TOKEN=old\n")
    save = Writer(lambda: env.write_text("TOKEN=old\nMINE=1\n"))
    emulator.inject(Fault(method="GET", path="/apps/*/config-vars", what=save))
    done = here("config.pull --app myapp --yes")
    assert (done.code, env.read_text()) == (1, "TOKEN=old\nMINE=1\n")
    assert done.err == (
        "error: .env.production: cannot be written (it changed meanwhile); it is as it was\n"
        "  run it again\n"
    )


def test_an_owned_value_that_rotates_while_it_asks_is_not_written_as_it_was(
    face: Face, env: Path, app: App
) -> None:
    with face.at_terminal("config.pull --app myapp --owned") as screen:
        screen.wait_for("[y/N]")
        app.set_vars({"DATABASE_URL": "postgres://rotated"})
        screen.type("y\n")
        assert screen.end() == 1
    assert "DATABASE_URL changed while we asked; nothing was written" in screen.plain
    assert not env.exists()


def test_another_writer_on_heroku_while_it_asks_stops_it(face: Face, env: Path, app: App) -> None:
    with face.at_terminal("config.pull --app myapp") as screen:
        screen.wait_for("[y/N]")
        app.set_vars({"TOKEN": "other"})
        screen.type("y\n")
        assert screen.end() == 1
    assert "TOKEN changed while we asked; nothing was written" in screen.plain
    assert not env.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("A=1\nA=2\n", "line 2: A: is declared again (first on line 1)"),
        ('A="x\n', "line 1: A: a quote is left open, or text follows the closing one"),
        ('A="x\nTOKEN=1\n"\n', "TOKEN stands inside a quoted value"),
    ],
)
def test_a_file_that_does_not_hold_up_is_refused(
    content: str, reason: str, here: Here, env: Path
) -> None:
    env.write_text(content)
    done = here("config.pull --app myapp --yes")
    assert done.code == 1
    assert reason in done.err
    assert env.read_text() == content


@pytest.mark.parametrize(
    ("ignored", "called"),
    [
        ("", ".env.production"),
        (".env.production\n", ".env.production.*.tmp"),
        ("*.tmp\n", ".env.production"),
        (".env*\n!.env.production\n", ".env.production"),
    ],
)
def test_a_file_that_git_does_not_ignore_is_refused(
    ignored: str, called: str, here: Here, env: Path, emulator: Emulator
) -> None:
    git(env.parent, "init", "-q")
    (env.parent / ".gitignore").write_text(ignored)
    done = here("config.pull --app myapp --yes")
    assert done.code == 1
    assert done.err == (
        f"error: {called}: git does not ignore it, so a commit could hold it; nothing was written\n"
        "  put .env*, !.env.example, !*.lock and !*.enc into .gitignore, and git rm --cached it\n"
    )
    assert not env.exists()
    assert emulator.requests == []


def test_a_tracked_file_is_refused_though_a_pattern_ignores_it(here: Here, env: Path) -> None:
    git(env.parent, "init", "-q")
    (env.parent / ".gitignore").write_text(".env*\n")
    env.write_text("A=1\n")
    git(env.parent, "add", "-f", ".env.production")
    assert here("config.pull --app myapp --yes").code == 1
    assert env.read_text() == "A=1\n"


def test_an_ignored_file_in_a_checkout_is_written(here: Here, env: Path) -> None:
    git(env.parent, "init", "-q")
    (env.parent / ".gitignore").write_text(".env*\n")
    assert here("config.pull --app myapp --yes").code == 0
    shown = subprocess.check_output(["git", "status", "--porcelain"], cwd=env.parent, text=True)
    assert ".env" not in shown


def test_where_git_cannot_tell_nothing_is_written(face: Face, env: Path, tmp_path: Path) -> None:
    git(env.parent, "init", "-q")
    (env.parent / ".gitignore").write_text(".env*\n")
    empty = tmp_path / "no git here"
    empty.mkdir()
    face.env["PATH"] = str(empty)
    done = face.run("config.pull --app myapp --yes")
    assert done.code == 1
    assert done.err == (
        "error: .env.production: nobody knows whether git ignores it: there is no git to ask;"
        " nothing was written\n"
        "  install git, or put it on PATH\n"
    )
    assert not env.exists()


@pytest.mark.parametrize("is_linked", [False, True], ids=["itself", "link"])
def test_a_named_pipe_is_left_as_it_is(
    here: Here, env: Path, emulator: Emulator, *, is_linked: bool
) -> None:
    """1Password mounts one: to read it is to consume it, and it is no file to fill."""
    pipe = env.parent / ".env.pipe" if is_linked else env
    os.mkfifo(pipe)
    if is_linked:
        env.symlink_to(pipe.name)
    done = here("config.pull --app myapp --yes")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: .env.production is a named pipe, not a file; nothing was written\n"
        "  name another file with --file\n"
    )
    assert pipe.is_fifo()
    assert emulator.requests == []


@pytest.mark.parametrize("way", ["settings", "link"])
def test_dotenv_is_written_only_where_it_is_named(
    way: str, here: Here, env: Path, face: Face
) -> None:
    if way == "settings":
        face.write("invoke.yaml", settings({"myapp": ".env"}))
    else:
        env.symlink_to(face.folder / ".env")
    done = here("config.pull --app myapp --yes")
    assert done.code == 1
    assert "is .env, which development reads; nothing was written" in done.err
    assert not (face.folder / ".env").exists()
    assert here("config.pull --app myapp --yes --file .env").code == 0
    assert values(face.folder / ".env")["TOKEN"] == "t0ken"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("--file -", "--file - is not to be written to"),
        ("--file --dry", "--file got no path, but the next option"),
        ("--file .env.staging", ".env.staging is the file of staging in the settings, not myapp's"),
        ("--file missing/.env.x", ".env.x: cannot be written (No such file or directory)"),
        ("--file .", "is a directory"),
    ],
)
def test_a_place_that_cannot_be_meant_is_refused(
    options: str, reason: str, here: Here, face: Face, env: Path
) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production", "staging": ".env.staging"}))
    done = here(f"config.pull --app myapp --yes {options}")
    assert done.code == 1
    assert reason in done.err
    assert left(face.folder) == []


def test_an_app_that_cannot_be_read_changes_no_file(here: Here, env: Path) -> None:
    env.write_text("A=1\n")
    assert here("config.pull --app nosuch --yes").code == 1
    assert env.read_text() == "A=1\n"


def test_a_writer_between_the_reads_is_no_danger_to_the_file(
    here: Here, env: Path, app: App, emulator: Emulator
) -> None:
    emulator.inject(Fault(what=Writer(lambda: app.set_vars({"TOKEN": "new"}))))
    assert here("config.pull --app myapp --yes").code == 0
    assert values(env)["TOKEN"] in {"t0ken", "new"}


# A kill.

KILLED = """\
import os, signal, sys
from invoke.program import Program
import deploy.tasks.pull, deploy.tasks.run, deploy.heroku.transport

def program():
    sys.stdout = sys.stderr = open(os.devnull, "w")
    Program().run(["invoke", "config.pull", "--app", "myapp", "--yes"])

def child(begin, limit):
    steps = 0
    def step(frame, event, argument):
        nonlocal begin, steps
        if begin == frame.f_code.co_name:
            begin = ""
        if not begin:
            steps += 1
            if steps == limit:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(step)
    try:
        program()
    finally:
        sys.setprofile(None)
        os.write(pipe, steps.to_bytes(8, "big"))
        os._exit(0)

reading, pipe = os.pipe()
for line in sys.stdin:
    begin, _, limit = line.rpartition(" ")
    pid = os.fork()
    if not pid:
        child(begin, int(limit))
    _, status = os.waitpid(pid, 0)
    ended = 0 if os.WIFSIGNALED(status) else int.from_bytes(os.read(reading, 8), "big")
    os.write(1, b"%d\\n" % ended)
"""
"""Runs a pull in a child for each line of input, killed at that many calls and returns.

They are counted from the first call of a function, if the line names one. Says how many there
were, 0 where the child was killed.
"""


@pytest.mark.parametrize("begin", ["", "write_whole"], ids=["any", "any-of-the-writing"])
def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(
    begin: str, face: Face, env: Path
) -> None:
    old, new = "# old\nTOKEN=old\n", "# old\nTOKEN=t0ken\nLOG_LEVEL=info\nOLD=old\n"
    choose = random.Random(os.environ.get("TEST_SEED", "7"))
    enough = 50 if os.environ.get("EVERY") else 12
    seen = []
    with subprocess.Popen(
        [sys.executable, "-c", KILLED],
        cwd=face.folder,
        env=face.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as driver:
        assert driver.stdin is not None
        assert driver.stdout is not None

        def pull(limit: int) -> int:
            env.write_text(old)
            env.chmod(0o600)
            driver.stdin.write(f"{begin} {limit}\n")
            return int(driver.stdout.readline())

        steps = pull(0)
        assert env.read_text() == new
        while len(seen) < 50 and not (len(seen) >= enough and {old, new} <= {*seen}):
            ended = pull(choose.randint(1, steps))
            if ended:  # before that moment: a run that talks to others is not always as long
                assert env.read_text() == new
                continue
            seen.append(env.read_text())
            for path in face.folder.iterdir():
                if path.name.startswith(".env"):
                    assert path.stat().st_mode & 0o777 == 0o600, path
            for path in face.folder.glob(".env.*.tmp"):
                path.unlink()
        driver.stdin.close()
        driver.wait()
    assert set(seen) <= {old, new}
    assert begin == "" or set(seen) == {old, new}


def test_ctrl_c_at_the_question_writes_nothing(face: Face, env: Path) -> None:
    with face.at_terminal("config.pull --app myapp") as screen:
        screen.wait_for("[y/N]")
        screen.process.send_signal(signal.SIGINT)
        assert screen.end() == 130
    assert "interrupted (Ctrl-C); nothing was written" in screen.plain
    assert not env.exists()
