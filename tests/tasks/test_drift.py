"""`config.drift` as a command: what it checks, what it says, and with which exit code."""

import json
import re
import signal
from datetime import datetime, timezone
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator, Fault, Latency, Status, Writer

from .conftest import Here
from .face import Face, rendered, settings

LOCK_KEY = "CONFIG_LOCK_KEY"
KEY = "0123456789abcdef" * 4
OTHER_KEY = "fedcba9876543210" * 4
NO_APP = (
    "error: no app is named\n"
    "  name one with --app, with HEROKU_APP in the environment or in .env, as the only app of the"
    " settings, or as the git remote heroku\n"
)
NOON = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)


def locked(face: Face, here: Here, app: App, *, keep: bool = False) -> None:
    """Lock the env file under a key that the app has too; the file is then gone, as in CI."""
    env = face.folder / ".env.production"
    face.write(env.name, env.read_text() + f"{LOCK_KEY}={KEY}\n")
    app.set_vars({LOCK_KEY: KEY})
    assert here("config.lock --file .env.production").code == 0
    if not keep:
        env.unlink()


def drifted(emulator: Emulator, app: App) -> None:
    """A var changed as v4, one removed as v5 and one added as v6."""
    emulator.clock = lambda: NOON
    app.set_vars({"LOG_LEVEL": "debug"}, user="ben@example.com")
    app.set_vars({"TOKEN": None}, user="ana@example.com")
    app.set_vars({"NEW": "n3w"}, user="ana@example.com")


def fleet(face: Face, emulator: Emulator, count: int) -> list[str]:
    """Apps in sync with one file, and settings that name them."""
    names = [f"app-{number:03}" for number in range(count)]
    for name in names:
        emulator.add_app(name, {"LOG_LEVEL": "info"})
    face.write("invoke.yaml", settings(dict.fromkeys(names, ".env.production")))
    face.write(".env.production", "LOG_LEVEL=info\n")
    return names


def rows(out: str) -> list[str]:
    """The apps that have a row, in the order of the report."""
    return [line.split()[0] for line in out.splitlines() if line.startswith("app-")]


def paths(emulator: Emulator) -> list[str]:
    return [request.path for request in emulator.requests]


# Exit codes, as a shell sees them.


def test_in_sync_is_one_line_two_requests_and_exit_code_0(face: Face, emulator: Emulator) -> None:
    done = face.run("config.drift --app myapp")
    assert (done.code, done.err) == (0, "")
    assert done.out == "myapp is in sync with .env.production: 3 equal.\n"
    assert sorted(paths(emulator)) == ["/apps/myapp/addon-attachments", "/apps/myapp/config-vars"]


def test_drift_is_exit_code_2_and_names_release_time_and_person(
    face: Face, emulator: Emulator, app: App
) -> None:
    drifted(emulator, app)
    done = face.run("config.drift --app myapp")
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        "myapp drifted from .env.production: 1 changed, 1 missing, 1 unmanaged; 1 equal.\n"
        "  ~ LOG_LEVEL  changed: v4, 2026-01-02T03:04:05Z, ben@example.com\n"
        "  - NEW        unmanaged: v6, 2026-01-02T03:04:05Z, ana@example.com\n"
        "  + TOKEN      missing: v5, 2026-01-02T03:04:05Z, ana@example.com\n"
        "To restore what was declared: invoke config.sync --app myapp --prune\n"
        "To take over what is live: invoke config.pull --app myapp --prune\n"
    )


def test_a_drift_has_the_marks_of_the_diff_that_would_end_it(
    emulator: Emulator, here: Here, app: App
) -> None:
    drifted(emulator, app)
    marks = {
        task: [line.split()[:2] for line in here(task).out.splitlines() if line.startswith("  ")]
        for task in ("config.diff --app myapp --prune", "config.drift --app myapp")
    }
    assert [*marks.values()] == [[["~", "LOG_LEVEL"], ["-", "NEW"], ["+", "TOKEN"]]] * 2


def test_an_app_that_could_not_be_checked_outweighs_one_that_drifted(
    face: Face, emulator: Emulator, app: App
) -> None:
    drifted(emulator, app)
    done = face.run("config.drift --app nosuchapp --app myapp --no-blame")
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    assert lines[0].startswith("nosuchapp could not be checked: Heroku knows no app nosuchapp")
    assert lines[1] == "  check the name: heroku apps lists what a key can see"
    assert lines[2:] == [
        "myapp drifted from .env.production: 1 changed, 1 missing, 1 unmanaged; 1 equal.",
        "  ~ LOG_LEVEL  changed",
        "  - NEW        unmanaged",
        "  + TOKEN      missing",
        "2 apps: 0 in sync, 1 drifted, 1 not checked.",
        "To restore what was declared: invoke config.sync --app myapp --prune",
        "To take over what is live: invoke config.pull --app myapp --prune",
    ]


def test_a_lock_stands_in_for_a_file_that_is_not_there(face: Face, here: Here, app: App) -> None:
    locked(face, here, app)
    done = face.run("config.drift --app myapp")
    assert (done.code, done.err) == (0, "")
    assert done.out == "myapp is in sync with .env.production.lock: 3 equal.\n"
    app.set_vars({"LOG_LEVEL": "debug", "OLD": None, "NEW": "1"})
    done = face.run("config.drift --app myapp --no-blame")
    assert (done.code, done.err) == (2, "")
    assert done.out == (
        "myapp drifted from .env.production.lock: 1 changed, 1 missing, 1 unmanaged; 1 equal.\n"
        "  ~ LOG_LEVEL  changed\n"
        "  - NEW        unmanaged\n"
        "  + OLD        missing\n"
        "To restore what was declared, with .env.production at hand:"
        " invoke config.sync --app myapp --prune\n"
        "To take over what is live: invoke config.pull --app myapp --prune && invoke config.lock\n"
    )


@pytest.mark.parametrize("key", [None, OTHER_KEY, "weak"], ids=["none", "another", "weak"])
def test_a_lock_made_with_another_key_is_explained_and_exit_code_1(
    key: str | None, face: Face, here: Here, app: App
) -> None:
    locked(face, here, app)
    app.set_vars({LOCK_KEY: key})
    done = here("config.drift --app myapp")
    why = "the lock was made with another key than the CONFIG_LOCK_KEY of myapp"
    if key is None:
        why = "myapp has no CONFIG_LOCK_KEY to read the lock with"
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        f"myapp could not be checked: .env.production.lock: {why}\n"
        "  run config.sync, then config.lock, and commit the lock\n"
    )


# Which apps.


def test_without_app_all_apps_of_the_settings_are_checked_in_their_order_whatever_heroku_app_says(
    face: Face, here: Here, emulator: Emulator
) -> None:
    for name in ("zebra", "antelope"):
        emulator.add_app(name, {"LOG_LEVEL": name})
    face.write(".env.zebra", "LOG_LEVEL=zebra\n")
    face.write(".env.antelope", "LOG_LEVEL=antelope\n")
    files = {"zebra": ".env.zebra", "myapp": ".env.production", "antelope": ".env.antelope"}
    face.write("invoke.yaml", settings(files))
    face.env["HEROKU_APP"] = "antelope"
    face.write(".env", "HEROKU_APP=myapp\n")
    done = here("config.drift")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "zebra is in sync with .env.zebra: 1 equal.\n"
        "myapp is in sync with .env.production: 3 equal.\n"
        "antelope is in sync with .env.antelope: 1 equal.\n"
        "3 apps: 3 in sync, 0 drifted, 0 not checked.\n"
    )


def test_app_may_be_repeated_and_is_checked_in_the_order_given(
    face: Face, here: Here, emulator: Emulator
) -> None:
    fleet(face, emulator, 4)
    done = here("config.drift --app app-003 --app app-001")
    assert done.code == 0
    assert rows(done.out) == ["app-003", "app-001"]
    assert not any("app-002" in path for path in paths(emulator))


def test_without_settings_the_one_app_that_is_found_is_checked(face: Face, here: Here) -> None:
    assert here("config.drift").err == NO_APP
    face.env["HEROKU_APP"] = "myapp"
    done = here("config.drift")
    assert (done.code, done.out) == (0, "myapp is in sync with .env.production: 3 equal.\n")


def test_an_app_that_the_settings_do_not_list_is_a_row_of_its_own(
    face: Face, here: Here, emulator: Emulator
) -> None:
    fleet(face, emulator, 2)
    done = here("config.drift --app app-000 --app myapp --app app-001")
    assert done.code == 1
    assert rows(done.out) == ["app-000", "app-001"]
    assert (
        "myapp could not be checked: the settings list apps, but not myapp, so no env file is known"
        " for it\n"
    ) in done.out


@pytest.mark.parametrize("file", [".env.production", "-"])
@pytest.mark.parametrize("apps", ["--app app-000 --app app-001", ""], ids=["two", "all"])
def test_one_file_is_never_held_against_several_apps(
    apps: str, file: str, face: Face, here: Here, emulator: Emulator
) -> None:
    fleet(face, emulator, 2)
    done = here(f"config.drift {apps} --file {file}")
    assert (done.code, done.out, emulator.requests) == (1, "", [])
    assert done.err.startswith("error: --file goes with one --app\n")


def test_another_apps_file_is_compared_and_remarked_on(
    face: Face, here: Here, emulator: Emulator
) -> None:
    fleet(face, emulator, 1)
    face.write("invoke.yaml", settings({"app-000": ".env.production", "myapp": ".env.other"}))
    done = here("config.drift --app myapp --file .env.production --no-blame")
    assert done.code == 2
    assert done.err == (
        "warning: .env.production is the file of app-000 in the settings, not myapp's\n"
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("--app --dry", "--app got no value"),
        ("--app myapp --lock --file -", "--lock and --file - are two things to compare with"),
        ("--app myapp --format xml", "--format is none of text, json, github, markdown"),
    ],
)
def test_options_that_cannot_be_meant_are_errors_before_anything_is_asked(
    line: str, problem: str, here: Here, emulator: Emulator
) -> None:
    done = here(f"config.drift {line}")
    assert (done.code, done.out, emulator.requests) == (1, "", [])
    assert done.err.startswith(f"error: {problem}\n")


@pytest.mark.parametrize(
    "line",
    [
        "config.drift --app --lock",
        "config.drift --app app-000 --app",
        "config.sync --app app-000 --only --yes",
        "config.diff --app app-000 --reveal --prune",
    ],
)
def test_a_repeatable_option_without_a_value_is_not_taken_for_all_or_none(
    line: str, face: Face, emulator: Emulator
) -> None:
    fleet(face, emulator, 2)
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run(line)
    assert (done.code, done.out, emulator.requests) == (1, "", [])
    assert " got no value\n" in done.err


def test_provided_ignored_and_owned_names_and_the_locks_key_are_no_drift(
    face: Face, here: Here, app: App
) -> None:
    app.set_vars({"FROM_A_COLLEAGUE": "1", "PAPERTRAIL_TOKEN": "2", LOCK_KEY: KEY})
    lists = {"provided": ["FROM_A_COLLEAGUE", "NOT_THERE"], "ignore": ["PAPERTRAIL_*"]}
    face.write("invoke.yaml", settings({}, **lists))
    env = face.folder / ".env.production"
    env.write_text(env.read_text() + "DATABASE_URL=x\nPAPERTRAIL_TOKEN=other\n")
    left_out = (
        "Owned by an add-on or the platform, left out: DATABASE_URL\n"
        "Ignored by the settings, left out: PAPERTRAIL_TOKEN\n"
    )
    done = here("config.drift --app myapp")
    assert done.code == 0
    assert done.out == f"myapp is in sync with .env.production: 3 equal.\n{left_out}"
    locked(face, here, app)
    done = here("config.drift --app myapp")
    assert done.code == 0
    assert done.out == f"myapp is in sync with .env.production.lock: 3 equal.\n{left_out}"


# File or lock.


def test_the_file_comes_before_its_lock_unless_lock_is_said(
    face: Face, here: Here, app: App
) -> None:
    locked(face, here, app, keep=True)
    done = here("config.drift --app myapp")
    assert done.out == "myapp is in sync with .env.production: 4 equal.\n"
    face.write(".env.production", f"LOG_LEVEL=other\n{LOCK_KEY}={KEY}\n")
    done = here("config.drift --app myapp --lock")
    assert (done.code, done.out) == (0, "myapp is in sync with .env.production.lock: 3 equal.\n")


def test_a_named_file_that_is_missing_is_an_error_even_where_its_lock_is_there(
    face: Face, here: Here, app: App, emulator: Emulator
) -> None:
    locked(face, here, app)
    done = here("config.drift --app myapp --file .env.production")
    assert (done.code, done.err, emulator.requests) == (1, "", [])
    assert done.out == (
        "myapp could not be checked: .env.production: no such file\n"
        "  name another with --file, or make it: invoke config.pull --app myapp"
        " --file .env.production\n"
    )
    done = here("config.drift --app myapp --file .env.production --lock")
    assert (done.code, done.out) == (0, "myapp is in sync with .env.production.lock: 3 equal.\n")


def test_neither_file_nor_lock_says_what_to_make(face: Face, here: Here) -> None:
    (face.folder / ".env.production").unlink()
    done = here("config.drift --app myapp")
    assert done.code == 1
    assert done.out == (
        "myapp could not be checked: .env.production: no such file\n"
        "  commit its lock, or make it: invoke config.pull --app myapp\n"
    )


def test_a_lock_that_was_asked_for_and_is_missing_is_to_be_made(face: Face, here: Here) -> None:
    done = here("config.drift --app myapp --lock")
    assert done.code == 1
    assert done.out.startswith("myapp could not be checked: .env.production.lock: no such file\n")
    assert "invoke config.lock" in done.out


def test_a_lock_with_a_merge_conflict_is_exit_code_1(face: Face, here: Here, app: App) -> None:
    locked(face, here, app)
    lock = face.folder / ".env.production.lock"
    lock.write_text(lock.read_text() + "<<<<<<< HEAD\n")
    done = here("config.drift --app myapp")
    assert done.code == 1
    assert done.out == (
        "myapp could not be checked: .env.production.lock: line 6: is not a name and its digest\n"
        "  make it anew: invoke config.lock\n"
    )


def test_a_lock_with_the_line_ends_of_windows_is_the_same_lock(
    face: Face, here: Here, app: App
) -> None:
    locked(face, here, app)
    lock = face.folder / ".env.production.lock"
    lock.write_bytes(lock.read_bytes().replace(b"\n", b"\r\n"))
    assert here("config.drift --app myapp").code == 0


def test_the_file_may_come_from_standard_input(face: Face) -> None:
    done = face.run("config.drift --app myapp --file -", stdin=b"LOG_LEVEL=info\nTOKEN=t0ken\n")
    assert (done.code, done.err) == (2, "")
    assert done.out.startswith(
        "myapp drifted from standard input: 0 changed, 0 missing, 1 unmanaged; 2 equal.\n"
        "  - OLD  unmanaged: v2, "
    )


@pytest.mark.parametrize("file", ["x" * 300, "/", ".", "loop", "~nosuchuser/.env"])
@pytest.mark.parametrize("option", ["", "--lock"])
def test_a_file_that_cannot_be_read_is_one_row(
    option: str, file: str, face: Face, here: Here, emulator: Emulator
) -> None:
    fleet(face, emulator, 2)
    (face.folder / "loop").symlink_to("loop")
    files = {"app-000": ".env.production", "myapp": file, "app-001": ".env.production"}
    face.write("invoke.yaml", settings(files))
    face.write(".env.production.lock", f"config-lock/1 {'0' * 16}\n")
    done = here(f"config.drift {option}")
    assert (done.code, done.err) == (1, "")
    assert rows(done.out) == ["app-000", "app-001"]
    assert "\nmyapp could not be checked: " in done.out
    assert done.out.endswith("not checked.\n")


def test_an_odd_file_that_many_apps_share_is_remarked_on_once(
    face: Face, here: Here, emulator: Emulator
) -> None:
    fleet(face, emulator, 3)
    face.write(".env.production", "LOG_LEVEL=info\nURL=${HOST}/\n")
    done = here("config.drift --no-blame")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1


def test_a_name_that_a_quote_swallowed_is_an_error_and_no_drift(
    face: Face, here: Here, app: App
) -> None:
    face.write(".env.production", 'LOG_LEVEL="info\nTOKEN=t0ken"\nOLD=old\n')
    done = here("config.drift --app myapp")
    assert done.code == 1
    assert "line 2: TOKEN stands inside a quoted value that began further up" in done.out


def test_a_swallowed_name_that_the_lock_knows_is_an_error_too(
    face: Face, here: Here, app: App
) -> None:
    locked(face, here, app, keep=True)
    app.set_vars({"TOKEN": None})
    face.write(".env.production", f'LOG_LEVEL="info\nTOKEN=t0ken"\nOLD=old\n{LOCK_KEY}={KEY}\n')
    done = here("config.drift --app myapp")
    assert done.code == 1
    assert "line 2: TOKEN stands inside a quoted value that began further up" in done.out


# Who moved it.


def test_no_blame_asks_for_no_releases(
    face: Face, here: Here, emulator: Emulator, app: App
) -> None:
    drifted(emulator, app)
    assert here("config.drift --app myapp --no-blame").code == 2
    assert not any("releases" in path for path in paths(emulator))


def test_a_history_that_cannot_be_read_is_unknown_and_the_drift_stands(
    face: Face, here: Here, emulator: Emulator, app: App
) -> None:
    drifted(emulator, app)
    emulator.inject(Fault(path="/apps/*/releases", what=Status(403), times=9))
    done = here("config.drift --app myapp")
    assert (done.code, done.err) == (2, "")
    assert done.out.count(": by which release is unknown\n") == 3


def test_a_var_that_went_away_and_came_back_is_the_last_ones_doing(
    face: Face, here: Here, emulator: Emulator, app: App
) -> None:
    emulator.clock = lambda: NOON
    for value, user in (("debug", "ana"), ("info", "ben"), ("debug", "cleo")):
        app.set_vars({"LOG_LEVEL": value}, user=f"{user}@example.com")
    app.deploy(user="dan@example.com")
    done = here("config.drift --app myapp")
    assert "  ~ LOG_LEVEL  changed: v6, 2026-01-02T03:04:05Z, cleo@example.com\n" in done.out


def test_a_rollback_made_on_heroku_is_the_rollbacks_doing(
    face: Face, here: Here, emulator: Emulator, app: App
) -> None:
    emulator.clock = lambda: NOON
    app.set_vars({"LOG_LEVEL": "debug"}, user="ana@example.com")
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n")
    app.roll_back(app.releases[2], user="ben@example.com")
    done = here("config.drift --app myapp")
    assert "  ~ LOG_LEVEL  changed: v5, 2026-01-02T03:04:05Z, ben@example.com\n" in done.out


# JSON.


def test_json_is_one_document_of_the_documented_shape(
    face: Face, here: Here, emulator: Emulator, app: App
) -> None:
    drifted(emulator, app)
    done = here("config.drift --app myapp --app nosuchapp --format json")
    assert (done.code, done.err) == (1, "")
    request_id = r" \[Request-Id [0-9a-f,-]+\]"
    assert json.loads(re.sub(request_id, "", done.out)) == {
        "schema_version": 1,
        "apps": [
            {
                "app": "myapp",
                "state": "drifted",
                "compared_with": {"kind": "file", "name": ".env.production"},
                "drifted": [
                    {
                        "name": "LOG_LEVEL",
                        "kind": "changed",
                        "hint": None,
                        "origin": {
                            "kind": "release",
                            "version": 4,
                            "created_at": "2026-01-02T03:04:05Z",
                            "user": "ben@example.com",
                        },
                    },
                    {
                        "name": "NEW",
                        "kind": "unmanaged",
                        "hint": None,
                        "origin": {
                            "kind": "release",
                            "version": 6,
                            "created_at": "2026-01-02T03:04:05Z",
                            "user": "ana@example.com",
                        },
                    },
                    {
                        "name": "TOKEN",
                        "kind": "missing",
                        "hint": None,
                        "origin": {
                            "kind": "release",
                            "version": 5,
                            "created_at": "2026-01-02T03:04:05Z",
                            "user": "ana@example.com",
                        },
                    },
                ],
                "equal": 1,
                "owned": [],
                "ignored": [],
                "unreadable": [],
            },
            {
                "app": "nosuchapp",
                "state": "unchecked",
                "error": {
                    "kind": "AppNotFound",
                    "message": "Heroku knows no app nosuchapp, or the API key from HEROKU_API_KEY"
                    " in the environment may not see it (404)",
                    "next_step": "check the name: heroku apps lists what a key can see",
                    "exit_code": 1,
                },
            },
        ],
    }


def test_json_says_in_sync_with_a_lock_and_no_origin_without_blame(
    face: Face, here: Here, app: App
) -> None:
    locked(face, here, app)
    done = here("config.drift --app myapp --format json")
    [row] = json.loads(done.out)["apps"]
    assert row["state"] == "in_sync"
    assert row["compared_with"] == {"kind": "lock", "name": ".env.production.lock"}
    app.set_vars({"LOG_LEVEL": ""})
    done = here("config.drift --app myapp --format json --no-blame")
    [row] = json.loads(done.out)["apps"]
    assert row["drifted"] == [
        {"name": "LOG_LEVEL", "kind": "changed", "hint": None, "origin": None}
    ]


def test_an_error_before_any_app_is_one_json_document_too(face: Face, here: Here) -> None:
    done = here("config.drift --format json")
    assert done.code == 1
    assert json.loads(done.out)["error"]["kind"] == "NoApp"


# GitHub.


def test_github_gets_commands_and_a_table_without_a_person_or_a_value(
    face: Face, here: Here, emulator: Emulator, app: App, tmp_path: Path
) -> None:
    drifted(emulator, app)
    summary = tmp_path / "summary.md"
    summary.write_text("What another step wrote.\n")
    face.env |= {"GITHUB_STEP_SUMMARY": str(summary), "CI": "true"}
    done = here("config.drift --app myapp --app nosuchapp --format github")
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    info = "(2026-01-02T03:04:05Z): invoke config.history --app myapp --name"
    assert lines[:4] == [
        "myapp drifted from .env.production:",
        f"::error title=myapp::LOG_LEVEL differs on Heroku since v4 {info} LOG_LEVEL",
        f"::warning title=myapp::NEW is only on Heroku since v6 {info} NEW",
        f"::error title=myapp::TOKEN is missing on Heroku since v5 {info} TOKEN",
    ]
    assert lines[4].startswith("::error title=nosuchapp::could not be checked: Heroku knows no app")
    table = summary.read_text()
    assert table.startswith("What another step wrote.\n")
    *rows, blank, restore, take_over = table.splitlines()[5:]
    assert [[cell.strip() for cell in line.split("|")[1:3]] for line in rows] == [
        ["myapp", r"LOG\_LEVEL"],
        ["myapp", "NEW"],
        ["myapp", "TOKEN"],
        ["nosuchapp", ""],
    ]
    assert (blank, [f"    {line}" for line in lines[5:]]) == ("", [restore, take_over])
    text = done.out + table
    assert not any(word in text for word in ("example.com", "ana", "ben", "t0ken", "n3w", "debug"))
    here("config.drift --app myapp --format github")
    assert summary.read_text().startswith(table)


def test_a_name_from_heroku_cannot_add_a_command_a_line_or_a_cell(
    face: Face, here: Here, app: App, tmp_path: Path
) -> None:
    app.set_vars({"EVIL\r\n::error::100%|\x1b[31m<b>": "1"})
    face.env["GITHUB_STEP_SUMMARY"] = str(tmp_path / "summary.md")
    done = here("config.drift --app myapp --format github --no-blame")
    assert done.out == (
        "myapp drifted from .env.production:\n"
        '::warning title=myapp::"EVIL\\r\\n::error::100%25|\\u001b[31m<b>" is only on Heroku\n'
        "To restore what was declared: invoke config.sync --app myapp --prune\n"
        "To take over what is live: invoke config.pull --app myapp\n"
    )
    row, *rest = (tmp_path / "summary.md").read_text().splitlines()[4:]
    assert rest == ["", *(f"    {line}" for line in done.out.splitlines()[2:])]
    assert row == (
        r'| myapp | "EVIL\\r\\n::error::100%\|\\u001b\[31m\<b\>" | is only on Heroku |  |'
    )
    done = here("config.drift --app myapp --no-blame")
    assert done.out.splitlines()[1:2] == [r'  - "EVIL\r\n::error::100%|\u001b[31m<b>"  unmanaged']


def test_a_summary_that_cannot_be_written_is_a_warning_alone(face: Face, here: Here) -> None:
    face.env["GITHUB_STEP_SUMMARY"] = str(face.folder)
    done = here("config.drift --app myapp --format github")
    assert (done.code, done.out) == (0, "myapp is in sync with .env.production: 3 equal.\n")
    assert done.err == "warning: the job's summary cannot be written (Is a directory)\n"


def test_an_error_before_any_app_is_a_command_for_github(face: Face, here: Here) -> None:
    done = here("config.drift --format github")
    assert (done.code, done.out) == (1, "::error title=config.drift::no app is named\n")
    assert done.err == NO_APP


def test_the_github_format_belongs_to_drift_and_not_to_a_diff(face: Face, here: Here) -> None:
    done = here("config.diff --app myapp --format github")
    assert (done.code, done.out) == (1, "")


# Many apps.


def test_a_fleet_loses_nothing_to_the_apps_that_fail(face: Face, emulator: Emulator) -> None:
    names = fleet(face, emulator, 200)
    emulator.app("app-007").set_vars({"LOG_LEVEL": "debug"})
    emulator.app("app-070").set_vars({"LOG_LEVEL": None})
    emulator.app("app-199").set_vars({"NEW": "1"})
    names[120] = "app-gone"
    face.write("invoke.yaml", settings(dict.fromkeys(names, ".env.production")))
    emulator.inject(Fault(path="/apps/app-050/*", what=Status(503), times=10**6))
    limited = Status(429, retry_after="1")
    emulator.inject(Fault(path="/apps/app-100/config-vars", what=limited))
    done = face.run("config.drift")
    assert done.code == 1
    assert rows(done.out) == names
    lines = done.out.splitlines()
    assert lines[-3:] == [
        "200 apps: 195 in sync, 3 drifted, 2 not checked.",
        "To restore what was declared: invoke config.sync --app APP --prune",
        "To take over what is live: invoke config.pull --app APP --prune",
    ]
    assert [line.split(": v")[0] for line in lines if line[:3] in {"  ~", "  -", "  +"}] == [
        "  ~ LOG_LEVEL  changed",
        "  + LOG_LEVEL  missing",
        "  - NEW  unmanaged",
    ]
    unchecked = [line for line in lines if "could not be checked" in line]
    assert "app-050 could not be checked: Heroku refused GET /apps/app-050" in unchecked[0]
    assert "app-gone could not be checked: Heroku knows no app app-gone" in unchecked[1]
    assert sorted(done.err.splitlines()) == [
        "Heroku gives no answer yet (429): trying again in 1 s",
        "app-050: Heroku gives no answer yet (503): trying again in 0.5 s",
        "app-050: Heroku gives no answer yet (503): trying again in 1 s",
        "app-050: Heroku gives no answer yet (503): trying again in 2 s",
    ]
    in_sync = set(names) - {"app-007", "app-070", "app-199", "app-050", "app-100", "app-gone"}
    asked = [path.split("/")[2] for path in paths(emulator)]
    assert {asked.count(name) for name in in_sync} == {2}
    assert asked.count("app-100") == 3


def test_progress_stands_on_a_terminal_while_it_lasts_and_not_in_the_report(
    face: Face, emulator: Emulator, tmp_path: Path
) -> None:
    fleet(face, emulator, 3)
    report = tmp_path / "report.txt"
    with face.at_terminal("config.drift", stdout=report) as screen:
        assert screen.end() == 0
    assert all(f"{count}/3 apps" in screen.text for count in (1, 2, 3))
    assert rendered(screen.text) == ""
    assert rows(report.read_text()) == ["app-000", "app-001", "app-002"]
    assert "/3 apps" not in report.read_text()


def test_a_note_does_not_run_into_the_progress(face: Face, emulator: Emulator) -> None:
    fleet(face, emulator, 2)
    emulator.warn = "mind the gap"
    with face.at_terminal("config.drift") as screen:
        assert screen.end() == 0
    assert rendered(screen.plain) == (
        "Heroku says: mind the gap\n"
        "app-000 is in sync with .env.production: 1 equal.\n"
        "app-001 is in sync with .env.production: 1 equal.\n"
        "2 apps: 2 in sync, 0 drifted, 0 not checked.\n"
    )


def test_there_is_no_progress_in_a_pipe(face: Face, here: Here, emulator: Emulator) -> None:
    fleet(face, emulator, 3)
    done = here("config.drift")
    assert (done.code, done.err) == (0, "")


def test_ctrl_c_shows_what_was_checked_so_far_and_ends_at_once(
    face: Face, emulator: Emulator
) -> None:
    fleet(face, emulator, 30)
    emulator.inject(Fault(path="/apps/app-02*/config-vars", what=Latency(60.0), times=99))
    with face.at_terminal("config.drift") as screen:
        screen.wait_for("20/30 apps")
        screen.type("\x03")
        assert screen.end() == 130
    shown = rendered(screen.plain).removeprefix("^C")
    assert rows(shown) == [f"app-{number:03}" for number in range(20)]
    assert shown.endswith("error: interrupted (Ctrl-C) after 20 of 30 apps were checked\n")
    assert "0/30" not in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("format", ["text", "json", "github"])
def test_a_job_that_is_stopped_never_says_that_all_is_in_sync(
    format: str,  # noqa: A002  # the option's name
    face: Face,
    emulator: Emulator,
    tmp_path: Path,
) -> None:
    fleet(face, emulator, 3)
    summary = tmp_path / "summary.md"
    face.env["GITHUB_STEP_SUMMARY"] = str(summary)
    yaml = face.folder / "invoke.yaml"
    yaml.write_text(yaml.read_text() + "  workers: 1\n")
    stop = Writer(lambda: process.send_signal(signal.SIGTERM))
    emulator.inject(Fault(path="/apps/app-002/config-vars", what=stop))
    emulator.inject(Fault(path="/apps/app-002/config-vars", what=Latency(60.0)))
    with face.started(f"config.drift --format {format}") as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == 143
    [said, count] = re.findall(
        r"^error: (terminated \(SIGTERM\) after (\d) of 3 apps were checked)\n$", err.decode()
    )[0]
    known = ["app-000", "app-001"][: int(count)]
    if format == "json":
        document = json.loads(out)
        assert [row["app"] for row in document["apps"]] == known
        assert document["error"]["message"] == said
        assert document["error"]["exit_code"] == 143
    elif format == "github":
        assert f"::error title=config.drift::{said}\n" in out.decode()
        assert not summary.exists() or f"{count} of 3 apps" in summary.read_text()
    else:
        assert rows(out.decode()) == known


def test_ctrl_c_before_the_first_app_is_known_reports_nothing(
    face: Face, emulator: Emulator
) -> None:
    fleet(face, emulator, 2)
    stop = Writer(lambda: process.send_signal(signal.SIGINT))
    emulator.inject(Fault(what=stop))
    emulator.inject(Fault(what=Latency(60.0), times=9))
    with face.started("config.drift") as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert err == b"error: interrupted (Ctrl-C) after 0 of 2 apps were checked\n"


def test_a_bug_in_one_apps_check_is_one_masked_row(
    face: Face, here: Here, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = fleet(face, emulator, 3)
    from deploy.plan import plan  # noqa: PLC0415  # to break it

    def fail(*_: object, **__: object) -> None:
        raise KeyError("c4n4ry")

    monkeypatch.setattr(plan, "make", fail)
    done = here("config.drift")
    assert (done.code, done.err) == (1, "")
    assert rows(done.out) == names
    assert done.out.count("could not be checked: unforeseen KeyError at test_drift.py:") == 3
    assert "c4n4ry" not in done.out


def test_help_fits_a_terminal_and_shows_an_example(here: Here) -> None:
    done = here("--help config.drift")
    assert done.code == 0
    assert "  invoke config.drift --app myapp --format github\n" in done.out
    assert max(map(len, done.out.splitlines())) <= 80
