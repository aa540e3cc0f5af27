"""`config.check` as a command: its options, its forms and its exit codes."""

import json
import re
import subprocess
from collections.abc import Callable

import pytest

from deploy.emulator import Emulator

from .conftest import Here
from .face import KEY, Face, settings

Git = Callable[..., None]
LEAK = "q8Zr51kTn0Xw72Lm"


@pytest.fixture(autouse=True)
def nobody(face: Face) -> None:
    """No key, and no API: a check needs neither."""
    del face.env["HEROKU_API_KEY"]
    face.env["HEROKU_HOST"] = "https://nowhere.example.com"


def leak(face: Face) -> None:
    face.write(".env.production", f"LOG_LEVEL=info\nAPI_KEY={LEAK}\n")
    face.write("src/app.cfg", f"level=LOG_LEVEL\nkey={LEAK}\n")


def test_nothing_is_found_in_a_clean_tree(face: Face, emulator: Emulator) -> None:
    done = face.run("config.check --skip references --skip hardcoded")
    assert (done.code, done.out, done.err) == (0, "No findings.\n", "")
    assert emulator.requests == []


def test_a_finding_is_exit_code_2_and_a_line_that_says_how_to_mend_it(face: Face) -> None:
    leak(face)
    done = face.run("config.check")
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        "src/app.cfg:2      hardcoded   holds the value of API_KEY of .env.production:"
        " read API_KEY from the environment, and change the value\n"
        ".env.production    hardcoded   note: 1 value is not looked for: no secrets, or too short\n"
        ".env.production:2  references  note: API_KEY is mentioned in no file\n"
        "1 finding in 1 file, 2 notes.\n"
    )


def test_what_cannot_be_checked_is_exit_code_1(face: Face) -> None:
    done = face.run("config.check --file .env.nosuch")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: .env.nosuch: no such file\n  make it, or name another with --file\n"


def test_json_is_one_document(face: Face, here: Here) -> None:
    leak(face)
    done = here("config.check --only hardcoded --format json")
    assert json.loads(done.out) == {
        "schema_version": 1,
        "findings": [
            {
                "path": ".env.production",
                "line": None,
                "rule": "hardcoded",
                "message": "1 value is not looked for: no secrets, or too short",
                "is_note": True,
            },
            {
                "path": "src/app.cfg",
                "line": 2,
                "rule": "hardcoded",
                "message": "holds the value of API_KEY of .env.production:"
                " read API_KEY from the environment, and change the value",
                "is_note": False,
            },
        ],
        "accepted": 0,
    }


def test_github_annotates_the_line(face: Face, here: Here) -> None:
    leak(face)
    assert here("config.check --only hardcoded --format github").out == (
        "::error file=src/app.cfg,line=2,title=hardcoded::"
        "holds the value of API_KEY of .env.production:"
        " read API_KEY from the environment, and change the value\n"
        "::notice file=.env.production,title=hardcoded::"
        "1 value is not looked for: no secrets, or too short\n"
        "1 finding in 1 file, 1 note.\n"
    )


@pytest.mark.parametrize("name", ["::error::x.py", "##vso[task.prependpath]x.py"])
def test_a_file_s_name_tells_the_runner_of_a_job_nothing(name: str, face: Face, here: Here) -> None:
    leak(face)
    face.write(name, f"key = '{LEAK}'\n")
    done = here("config.check --only hardcoded")
    assert (done.code, "x.py:1  " in done.out) == (2, True)
    assert not re.search(r"^ *::|##vso\[", done.out + done.err, re.MULTILINE)


def test_an_error_is_an_annotation_of_the_task(here: Here) -> None:
    done = here("config.check --file .env.nosuch --format github")
    assert done.out == "::error title=config.check::.env.nosuch: no such file\n"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ("--only nosuch", "--only names no rule"),
        ("--skip hardcode", "--skip names no rule"),
        ("--format xml", "--format is none of text, json, github"),
        ("--file -", "--file - is no file of this tree"),
        ("--file=-q8Zr51kTn0Xw72Lm", "--file got no path, but the next option"),
        ("--only --skip lock", "--only got no value"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(
    options: str, complaint: str, here: Here
) -> None:
    done = here(f"config.check {options}")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"error: {complaint}\n")
    assert LEAK not in done.err


def test_all_files_of_the_settings_are_checked_once_each(face: Face, here: Here) -> None:
    apps = {"myapp": ".env.production", "other": ".env.production", "staging": ".env.staging"}
    face.write("invoke.yaml", settings(apps))
    face.write(".env.production", f"API_KEY={LEAK}\n")
    face.write(".env.staging", f"API_KEY={LEAK}\n")
    done = here("config.check --only shared")
    assert done.out == (
        ".env.staging:1  shared  API_KEY is the same as API_KEY in .env.production:"
        " give each app its own\n"
        "1 finding in 1 file.\n"
    )


def test_a_finding_that_the_settings_accept_is_counted(face: Face, here: Here) -> None:
    leak(face)
    face.write("invoke.yaml", settings({}, accept=["hardcoded src/*"]))
    done = here("config.check --only hardcoded")
    assert done.code == 0
    assert done.out.endswith("\nNo findings, 1 accepted by the settings, 1 note.\n")


def test_from_another_folder_the_paths_are_those_of_the_project(face: Face, here: Here) -> None:
    leak(face)
    below = face.folder / "src"
    done = face.run("config.check --only hardcoded --file ../.env.production", cwd=below)
    assert done.code == 2
    assert "src/app.cfg:2 " in done.out
    assert "../" not in done.out


@pytest.mark.parametrize("task", ["config.diff", "config.sync --dry-run"])
@pytest.mark.parametrize(
    ("is_tracked", "mode", "said"),
    [
        (False, 0o600, None),
        (False, 0o640, "can be read by others"),
        (True, 0o600, "is tracked by git"),
        (True, 0o644, "is tracked by git and can be read by others"),
    ],
)
def test_a_diff_and_a_sync_say_who_else_knows_the_file(
    task: str,
    is_tracked: bool,
    mode: int,
    said: str | None,
    face: Face,
    here: Here,
    emulator: Emulator,
) -> None:
    face.env |= {"HEROKU_API_KEY": "x", "HEROKU_HOST": emulator.url}
    subprocess.run(["git", "init", "-q"], cwd=face.folder, check=True)
    if is_tracked:
        subprocess.run(["git", "add", ".env.production"], cwd=face.folder, check=True)
    (face.folder / ".env.production").chmod(mode)
    done = here(f"{task} --app myapp")
    assert done.code == 0
    assert done.err == (f"warning: .env.production {said}: see config.check\n" if said else "")


# The history.


def test_the_history_is_looked_into_where_that_is_asked_for(
    face: Face, here: Here, git: Git, emulator: Emulator
) -> None:
    leak(face)
    git("add", "-f", "src/app.cfg")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "x")
    face.write("src/app.cfg", "API_KEY LOG_LEVEL\n")
    face.write(".gitignore", ".env*\n")
    git("add", "src/app.cfg")
    assert here("config.check").code == 0
    face.env |= {"HEROKU_API_KEY": KEY, "HEROKU_HOST": emulator.url}
    emulator.add_app("other", {"SOME_KEY": LEAK})
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": "x.env"}))
    done = here("config.check --history --file .env.production")
    assert done.code == 2
    assert re.search(
        r"^src/app.cfg +history +commit [0-9a-f]{12} \(line 2\) holds the value of API_KEY of"
        r" .env.production: change the value; it is live on other$",
        done.out,
        re.MULTILINE,
    )
    assert LEAK not in done.out + done.err


def test_without_a_key_nobody_is_asked_and_that_is_said(face: Face, here: Here, git: Git) -> None:
    leak(face)
    git("add", "-f", "src/app.cfg")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "x")
    done = here("config.check --history --format json")
    messages = [each["message"] for each in json.loads(done.out)["findings"]]
    assert any("so it was not asked where these values are live" in each for each in messages)
