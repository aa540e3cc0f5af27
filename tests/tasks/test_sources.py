"""Apps that are declared by what a program prints, task by task."""

import json
import subprocess
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator
from deploy.project.program_words import command

from .conftest import Near
from .face import Done, Face

SECRET = "w8rD2kQz7RfT0pLw"
LOCK_KEY = "0123456789abcdef" * 4
TEXT = f"LOG_LEVEL=info\nTOKEN={SECRET}\nOLD=old\n"


@pytest.fixture
def vault(near: Near, app: App) -> Near:
    """`myapp` is what `bin/vault` prints, and that is live."""
    near.write("invoke.yaml", settings("myapp: {from: [bin/vault, shop]}"))
    says(near, TEXT)
    app.set_vars({"TOKEN": SECRET})
    return near


def settings(*apps: str, **more: str) -> str:
    lines = [*(f"    {app}" for app in apps), *(f"  {key}: {value}" for key, value in more.items())]
    return "\n".join(["heroku:", "  apps:", *lines, ""])


def says(face: Face, text: str, script: str = "", name: str = "vault") -> Path:
    """A program that prints a text, and then runs a script; it counts its runs."""
    face.write(f"bin/{name}.txt", text)
    path = face.write(
        f"bin/{name}",
        f'#!/bin/sh\necho >> "$0.runs"\ncat "$0.txt"\n{script}\n',
    )
    path.chmod(0o755)
    return path


def runs(face: Face, name: str = "vault") -> int:
    path = face.folder / "bin" / f"{name}.runs"
    return len(path.read_text().splitlines()) if path.exists() else 0


def ran(face: Face, line: str, code: int = 0) -> Done:
    done = face.run(line)
    assert done.code == code, done
    assert SECRET not in done.out + done.err
    return done


# What it is used by.


def test_what_a_program_prints_is_compared_and_synced(vault: Near, app: App) -> None:
    assert ran(vault, "config.diff --app myapp").out == (
        "myapp is in sync with vault shop: 3 equal.\n"
    )
    says(vault, TEXT.replace("info", "debug"))
    assert "Set 0, changed 1" in ran(vault, "config.sync --app myapp --yes").out
    assert app.vars["LOG_LEVEL"] == "debug"


def test_it_runs_once_and_in_the_folder_of_tasks_py(vault: Near) -> None:
    (vault.folder / "below").mkdir()
    done = vault.run("config.diff --app myapp", cwd=vault.folder / "below")
    assert (done.code, done.err) == (0, "")
    assert runs(vault) == 1


def test_a_flat_json_object_is_taken(vault: Near) -> None:
    says(vault, json.dumps({"LOG_LEVEL": "info", "TOKEN": SECRET, "OLD": "old"}))
    assert "in sync with vault shop: 3 equal" in ran(vault, "config.diff --app myapp").out


def test_a_nested_json_object_is_refused_with_its_path(vault: Near, app: App) -> None:
    says(vault, json.dumps({"LOG_LEVEL": "debug", "db": {"url": SECRET}}))
    before = dict(app.vars)
    assert "vault shop: db" in ran(vault, "config.sync --app myapp --yes", 1).err
    assert app.vars == before


def test_a_file_in_json_stays_refused(near: Near) -> None:
    near.write(".env.production", '{"LOG_LEVEL": "info"}')
    assert "is JSON, and no env file" in ran(near, "config.diff --app myapp", 1).err


def test_a_program_may_be_one_of_several_layers(vault: Near) -> None:
    vault.write("invoke.yaml", settings("myapp: {file: [.env.shared, {from: [bin/vault, shop]}]}"))
    vault.write(".env.shared", "LOG_LEVEL=debug\nMORE=1\n")
    told = ran(vault, "config.diff --app myapp --explain LOG_LEVEL").out
    assert told.startswith("myapp differs from .env.shared + vault shop: 1 to set, 0 to change")
    assert "LOG_LEVEL is declared in vault shop:1, which hides .env.shared:1" in told


def test_its_lock_has_the_name_of_the_app(vault: Near, app: App) -> None:
    says(vault, f"{TEXT}CONFIG_LOCK_KEY={LOCK_KEY}\n")
    assert ran(vault, "config.lock").out == "Wrote .env.myapp.lock: 3 names. Commit it.\n"
    assert ran(vault, "config.lock --check").out == ".env.myapp.lock matches vault shop: 3 names.\n"
    ran(vault, "config.sync --app myapp --yes")
    app.set_vars({"OLD": "moved"})
    assert "myapp drifted from vault shop" in ran(vault, "config.drift", 2).out


def test_a_lock_stands_in_where_the_program_is_not_installed(vault: Near, app: App) -> None:
    """As in a nightly job, which has an API key and nothing else."""
    says(vault, f"{TEXT}CONFIG_LOCK_KEY={LOCK_KEY}\n")
    ran(vault, "config.lock")
    ran(vault, "config.sync --app myapp --yes")
    (vault.folder / "bin" / "vault").unlink()
    assert "in sync with .env.myapp.lock" in ran(vault, "config.drift").out


def test_a_program_that_fails_is_no_reason_to_take_the_lock(vault: Near) -> None:
    says(vault, f"{TEXT}CONFIG_LOCK_KEY={LOCK_KEY}\n")
    ran(vault, "config.lock")
    says(vault, "", "exit 3")
    assert "myapp could not be checked: vault shop: ended with exit code 3" in (
        ran(vault, "config.drift", 1).out
    )


def test_no_key_can_be_added_to_what_a_program_prints(vault: Near) -> None:
    assert ran(vault, "config.lock --yes", 1).err == (
        "error: CONFIG_LOCK_KEY is not in what vault shop prints, and cannot be added there\n"
        "  add an entry CONFIG_LOCK_KEY of 64 lowercase hex digits (openssl rand -hex 32)\n"
    )


@pytest.mark.parametrize("var", ["LOG_LEVEL", "NEW"])
def test_a_pull_into_a_program_is_refused(vault: Near, app: App, var: str) -> None:
    app.set_vars({var: "moved"})
    assert f"{var} would change in what vault shop prints; nothing was written" in (
        ran(vault, "config.pull --app myapp --yes", 1).err
    )


def test_a_pull_into_the_file_beside_a_program_is_not(vault: Near, app: App) -> None:
    vault.write("invoke.yaml", settings("myapp: {file: [{from: [bin/vault, shop]}, .env.mine]}"))
    app.set_vars({"NEW": "1"})
    assert "In .env.mine: NEW\n" in ran(vault, "config.pull --app myapp --yes").out
    assert (vault.folder / ".env.mine").read_text() == "NEW=1\n"


def test_a_check_looks_for_what_a_program_prints(vault: Near) -> None:
    subprocess.run(["git", "init", "-q"], cwd=vault.folder, check=True)
    vault.write(".gitignore", "bin/*.txt\n.env*\n")
    vault.write("app.py", f"key = '{SECRET}'\n")
    assert "app.py:1    hardcoded  holds the value of TOKEN of vault shop" in (
        ran(vault, "config.check --only hardcoded", 2).out
    )
    assert runs(vault) == 1


def test_a_check_says_what_it_could_not_look_for(vault: Near) -> None:
    says(vault, "", "exit 3")
    assert ran(vault, "config.check --only hardcoded").out == (
        "vault shop  syntax  note: its values were not looked for: it ended with exit code 3:"
        " run it by hand: bin/vault shop\n"
        "No findings, 1 note.\n"
    )


def test_a_check_judges_the_text_as_that_of_a_file(vault: Near) -> None:
    says(vault, "TOKEN=changeme\nA=1\nA=2\n")
    found = ran(vault, "config.check --only syntax", 2).out
    assert "vault shop:3  syntax  A: is declared again (first on line 2)" in found


def test_where_finds_what_a_program_prints(vault: Near) -> None:
    told = ran(vault, "config.where TOKEN").out
    assert "  vault shop:2  TOKEN  the same value (declared for myapp)\n" in told


def test_a_rollback_brings_back_what_a_program_declares(vault: Near, app: App) -> None:
    version = app.releases[-1].version
    app.set_vars({"TOKEN": None})
    ran(vault, f"config.rollback --app myapp --to v{version} --confirm myapp")
    assert app.vars["TOKEN"] == SECRET


# Many apps.


def test_a_program_that_several_apps_have_runs_once(vault: Near, emulator: Emulator) -> None:
    emulator.add_app("worker", {"LOG_LEVEL": "info", "TOKEN": SECRET, "OLD": "old"})
    both = "{from: [bin/vault, shop]}"
    vault.write("invoke.yaml", settings(f"myapp: {both}", f"worker: {both}"))
    assert "2 apps: 2 in sync" in ran(vault, "config.drift").out
    assert runs(vault) == 1


def test_one_that_fails_for_several_apps_runs_once(vault: Near, emulator: Emulator) -> None:
    emulator.add_app("worker", {})
    both = "{from: [bin/vault, shop]}"
    vault.write("invoke.yaml", settings(f"myapp: {both}", f"worker: {both}"))
    says(vault, TEXT, "exit 1")
    assert "2 apps: 0 in sync, 0 drifted, 2 not checked" in ran(vault, "config.drift", 1).out
    assert runs(vault) == 1


# What goes wrong: nothing is sent, and what to run by hand is said.

BAD = {
    "half an output": (TEXT, "exit 1", "ended with exit code 1"),
    "a signal": (TEXT, "kill -9 $$", "was ended by SIGKILL"),
    "nothing": ("", "", "printed nothing"),
    "blanks": ("\n  \n", "", "printed nothing"),
    "too slow": (TEXT, "exec sleep 60", "did not end within 1 s"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("line", ["config.diff", "config.sync --yes --prune --confirm myapp"])
def test_what_goes_wrong_is_an_error_and_nothing_is_sent(
    vault: Near, app: App, emulator: Emulator, case: str, line: str
) -> None:
    text, script, reason = BAD[case]
    vault.write("invoke.yaml", settings("myapp: {from: [bin/vault, shop]}", from_seconds="1"))
    says(vault, text, script)
    done = ran(vault, f"{line} --app myapp", 1)
    assert f"error: vault shop: {reason}" in done.err
    assert done.err.endswith("  run it by hand: bin/vault shop\n")
    assert emulator.requests == []


def test_a_program_that_is_not_there_is_told(vault: Near) -> None:
    vault.write("invoke.yaml", settings("myapp: {from: [no-such-vault, --env, prd]}"))
    done = ran(vault, "config.diff --app myapp", 1)
    assert done.err.startswith("error: no-such-vault ... prd: is not installed")


def test_a_login_that_a_program_waits_for_is_asked_of_nobody(vault: Near) -> None:
    """Neither on standard input nor at a terminal: there is none."""
    says(vault, "", "read -r password || exit 4; (exec < /dev/tty) || exit 5")
    assert "ended with exit code 4" in ran(vault, "config.diff --app myapp", 1).err


# What a program learns, and what it lets slip.


def test_a_program_gets_neither_the_key_nor_a_value(vault: Near, app: App) -> None:
    vault.env["VAULT_TOKEN"] = "its-own"
    seen = vault.folder / "seen"
    says(vault, TEXT, f'{{ env; echo "$0 $@"; }} > "{seen}"')
    ran(vault, "config.diff --app myapp")
    text = seen.read_text()
    assert "VAULT_TOKEN=its-own" in text
    assert "HEROKU_" not in text
    assert vault.env["HEROKU_API_KEY"] not in text
    assert SECRET not in text


@pytest.mark.parametrize("line", ["config.diff", "config.drift", "config.check", "config.lock"])
@pytest.mark.parametrize("form", ["", " --format json"])
def test_what_a_program_says_as_it_fails_is_shown_without_its_values(
    vault: Near, line: str, form: str
) -> None:
    if line == "config.lock" and form:
        form = " --check"
    says(vault, TEXT, f'echo "login for TOKEN {SECRET} expired: x{SECRET}" >&2; exit 2')
    vault.env["HEROKU_APP"] = "myapp"
    done = vault.run(f"{line}{form}")
    assert "ended with exit code 2" in done.out + done.err
    assert SECRET not in done.out + done.err
    assert "login" in done.out + done.err


def test_an_argument_that_is_a_secret_is_not_repeated(vault: Near) -> None:
    vault.write(
        "invoke.yaml", settings(f"myapp: {{from: [bin/vault, --token={SECRET}, {SECRET}]}}")
    )
    says(vault, "", "exit 1")
    told = ran(vault, "config.diff --app myapp", 1).err
    assert told.startswith("error: vault ...: ended with exit code 1")
    assert "--token=********" in told


def test_the_command_to_run_by_hand_can_be_pasted() -> None:
    assert command(["a b", "--x=$(id)", "it's"]) == """'a b' '--x=$(id)' 'it'"'"'s'"""
