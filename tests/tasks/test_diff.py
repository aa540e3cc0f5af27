"""`config.diff` as a command: what it shows, in which form, and with which exit code."""

import json
import os
import signal
import subprocess
from pathlib import Path
from threading import Event

import pytest

from deploy.emulator import App, Emulator, Fault, Latency, Status, Writer

from .conftest import Near
from .face import Face, rendered, settings


@pytest.fixture
def face(near: Near) -> Face:
    """What the commands say is the promise here; how a process ends, that of `test_run`."""
    return near


def test_in_sync_is_one_line_three_requests_and_exit_code_0(face: Face, emulator: Emulator) -> None:
    done = face.run("config.diff --app myapp --exit-code")
    assert (done.code, done.err) == (0, "")
    assert done.out == "myapp is in sync with .env.production: 3 equal.\n"
    assert sorted(request.path for request in emulator.requests) == [
        "/apps/myapp/addon-attachments",
        "/apps/myapp/config-vars",
        "/apps/myapp/releases",
    ]


def test_config_alone_is_diff(face: Face) -> None:
    assert face.run("config --app myapp").out == face.run("config.diff --app myapp").out


@pytest.mark.parametrize(("options", "code"), [("", 0), (" --exit-code", 2)])
def test_a_difference_is_exit_code_2_only_where_that_was_asked_for(
    options: str, code: int, face: Face
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    assert face.run(f"config.diff --app myapp{options}").code == code


def test_diff_and_sync_show_the_same_plan_in_the_same_words(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=INFO\nNEW=\"a\nb\"\nTOKEN=''\nDATABASE_URL=x\n")
    options = "--app myapp --prune --only LOG_LEVEL --only NEW --only TOKEN --only OLD"
    diff = face.run(f"config.diff {options}")
    sync = face.run(f"config.sync {options} --dry-run")
    assert diff.out == (
        "myapp differs from .env.production: 1 to set, 2 to change, 1 to remove; 0 equal.\n"
        "  ~ LOG_LEVEL  ******** -> ********  (differs only in letter case)\n"
        "  + NEW        ********\n"
        "  - OLD        ********\n"
        "  ~ TOKEN      ******** -> ********  (not empty on Heroku)\n"
        "Plan 2ba113d4fe910e07241ed0629526e77b\n"
    )
    assert sync.out == diff.out + "Dry run: nothing was written.\nTo apply this: --confirm myapp\n"


def test_json_is_one_document_and_nothing_else(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken \nDATABASE_URL=x\n__X=${Y}\n")
    face.write("invoke.yaml", settings({}, ignore=["PAPER*", "OLD"]))
    done = face.run("config.diff --app myapp --format json --exit-code --reveal LOG_LEVEL")
    assert done.code == 2
    assert json.loads(done.out) == {
        "schema_version": 1,
        "app": "myapp",
        "file": ".env.production",
        "in_sync": False,
        "plan": "cc167029f2da80b422426ab15d72ebe1",
        "changes": [
            {
                "name": "LOG_LEVEL",
                "action": "change",
                "old": "info",
                "new": "debug",
                "hint": None,
                "is_removal": False,
                "is_blind": False,
            },
            {
                "name": "__X",
                "action": "set",
                "old": None,
                "new": "********",
                "hint": None,
                "is_removal": False,
                "is_blind": False,
            },
        ],
        "equal": 1,
        "owned": ["DATABASE_URL"],
        "ignored": ["OLD"],
        "unmanaged": [],
        "spared": [],
        "unreadable": [],
        "withheld": [],
        "pending_release": None,
        "warnings": [
            {
                "file": ".env.production",
                "line": 4,
                "name": "__X",
                "reason": "looks like a reference or a template that nobody resolved",
            },
            {
                "file": ".env.production",
                "line": 4,
                "name": "__X",
                "reason": "a name with two leading underscores is reserved by Heroku",
            },
        ],
    }


def test_an_error_is_a_json_document_too_and_a_line_on_standard_error(face: Face) -> None:
    done = face.run("config.diff --app nosuchapp --format json")
    assert done.code == 1
    error = json.loads(done.out)["error"]
    assert (error["kind"], error["exit_code"]) == ("AppNotFound", 1)
    assert done.err.startswith("error: Heroku knows no app nosuchapp, or the API key from")


# What is shown.


def test_only_chosen_names_are_revealed(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=other\n")
    done = face.run("config.diff --app myapp --reveal LOG_*")
    assert '  ~ LOG_LEVEL  "info" -> "debug"\n' in done.out
    assert "  ~ TOKEN      ******** -> ********\n" in done.out


def test_the_settings_reveal_as_the_option_does(face: Face) -> None:
    face.write("invoke.yaml", settings({}, reveal=["LOG_LEVEL"]))
    face.write(".env.production", 'LOG_LEVEL="debug\n"\n')
    done = face.run("config.diff --app myapp")
    assert '  ~ LOG_LEVEL  "info" -> "debug\\n"\n' in done.out


def test_in_ci_a_pattern_reveals_nothing_and_says_so(face: Face) -> None:
    face.env["CI"] = "1"
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=other\n")
    done = face.run("config.diff --app myapp --reveal LOG_* --reveal TOKEN")
    assert "  ~ LOG_LEVEL  ******** -> ********\n" in done.out
    assert '  ~ TOKEN      "t0ken" -> "other"\n' in done.out
    assert done.err == "warning: in CI --reveal takes exact names alone; patterns show nothing\n"


def test_names_from_outside_cannot_steer_the_terminal(face: Face, app: App) -> None:
    app.set_vars({"İX": "1"})
    done = face.run("config.diff --app myapp")
    assert "Unmanaged, kept (--prune removes them): İX\n" in done.out


@pytest.mark.parametrize(
    ("variable", "value", "is_colored"),
    [("TERM", "xterm", True), ("TERM", "dumb", False), ("NO_COLOR", "1", False)],
)
def test_color_is_for_a_terminal_that_wants_it(
    variable: str, value: str, is_colored: bool, face: Face
) -> None:
    face.env[variable] = value
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.diff --app myapp") as screen:
        assert screen.end() == 0
    assert ("\x1b[33m~\x1b[0m LOG_LEVEL" in screen.text) is is_colored
    assert "  ~ LOG_LEVEL  ******** -> ********\n" in screen.plain


def test_a_pipe_gets_no_color(face: Face) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    assert "\x1b" not in face.run("config.diff --app myapp").out


@pytest.mark.parametrize("line", ["--list", "--help config.sync", "--help config.check"])
def test_a_reader_of_a_help_who_leaves_early_is_told_nothing(line: str, face: Face) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        face._command(line), cwd=face.folder, env=face.env, stdout=write, stderr=-1, check=False
    )
    os.close(write)
    assert done.stderr == b""


def test_a_reader_who_leaves_early_is_no_error(face: Face) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        face._command("config.diff --app myapp"),
        cwd=face.folder,
        env=face.env,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_sync_whose_reader_left_says_what_it_did_on_standard_error(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        face._command("config.sync --app myapp --yes"),
        cwd=face.folder,
        env=face.env,
        stdout=write,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(write)
    assert done.stderr.decode() == (
        "Set 0, changed 1, removed 0 on myapp (v4).\n"
        "Undo: invoke config.rollback --app myapp --to v3\n"
    )
    assert (done.returncode, app.vars["LOG_LEVEL"]) == (0, "debug")


def test_an_encoding_that_lacks_a_character_is_no_error(face: Face) -> None:
    face.env["PYTHONIOENCODING"] = "ascii"
    face.write(".env.production", "LOG_LEVEL=größer\n")
    done = Face.run(face, "config.diff --app myapp --reveal LOG_LEVEL")  # in its own process
    assert done.code == 0
    assert '"gr\\xf6\\xdfer"' in done.out


def test_heroku_s_own_warning_is_passed_on_once(face: Face, emulator: Emulator) -> None:
    emulator.warn = "Brownout\x1b[2J ahead"
    done = face.run("config.diff --app myapp")
    assert done.err == "Heroku says: Brownout[2J ahead\n"


def test_a_retry_is_said_once(face: Face, emulator: Emulator) -> None:
    emulator.inject(Fault(path="/apps/*/config-vars", what=Status(503)))
    done = face.run("config.diff --app myapp")
    assert done.code == 0
    assert done.err == "myapp: Heroku gives no answer yet (503): trying again in 0.5 s\n"


# At a terminal.


def test_an_answer_that_takes_long_is_waited_for_in_a_line_that_goes_away(
    face: Face, emulator: Emulator, tmp_path: Path
) -> None:
    come = Event()
    emulator.inject(Fault(path="/apps/*/config-vars", what=Writer(lambda: come.wait(20))))
    with face.at_terminal("config.diff --app myapp", stdout=tmp_path / "report") as screen:
        screen.wait_for("waiting for Heroku: ")
        come.set()
        assert screen.end() == 0
    assert rendered(screen.text) == ""
    assert (tmp_path / "report").read_text() == (
        "myapp is in sync with .env.production: 3 equal.\n"
    )


def test_whoever_stops_waiting_sees_that_alone(face: Face, emulator: Emulator) -> None:
    emulator.inject(Fault(path="/apps/*/config-vars", what=Latency(60.0)))
    with face.at_terminal("config.diff --app myapp") as screen:
        screen.wait_for("waiting for Heroku: ")
        screen.process.send_signal(signal.SIGINT)
        assert screen.end() == 130
    assert rendered(screen.text) == "error: interrupted (Ctrl-C); nothing was written\n"


@pytest.mark.parametrize("settled", ["", "TERM=dumb", "NO_COLOR=1"])
def test_a_plan_fits_a_terminal_of_40_columns(settled: str, face: Face) -> None:
    face.env |= {"COLUMNS": "40", **dict([settled.split("=")] if settled else [])}
    face.write(".env.production", "LOG_LEVEL=debug\nEXTRA_FLAG=1\n")
    with face.at_terminal("config.diff --app myapp") as screen:
        assert screen.end() == 0
    assert ("\x1b" in screen.text) == (not settled)
    plan, digest = screen.plain.split("Plan ")
    assert len(digest) == 33
    assert plan == (
        "myapp differs from .env.production:\n"
        "  1 to set, 1 to change, 0 to remove;\n"
        "  0 equal.\n"
        "  + EXTRA_FLAG  ********\n"
        "  ~ LOG_LEVEL   ******** -> ********\n"
        "Unmanaged, kept (--prune removes them):\n"
        "  OLD, TOKEN\n"
    )


def test_in_a_pipe_columns_breaks_nothing(face: Face, app: App) -> None:
    face.env["COLUMNS"] = "40"
    names = [f"FLAG_{number:03}" for number in range(300)]
    app.set_vars(dict.fromkeys(names, "1"))
    done = face.run("config.diff --app myapp")
    assert f"Unmanaged, kept (--prune removes them): {', '.join(names)}\n" in done.out


def test_an_error_with_many_names_breaks_between_them_and_its_next_step_does_not(
    face: Face,
) -> None:
    face.env["COLUMNS"] = "40"
    with face.at_terminal("config.diff --app myapp --only NAME_ONE --only NAME_TWO") as screen:
        assert screen.end() == 1
    assert screen.plain == (
        "error: --only NAME_ONE, NAME_TWO:\n"
        "  neither in .env.production nor on\n"
        "  myapp\n"
        "  check the spelling\n"
    )


# Where the app and the file come from.


def test_paths_of_the_settings_are_relative_to_tasks_py_and_options_to_the_current_folder(
    face: Face,
) -> None:
    face.write("invoke.yaml", settings({"myapp": "config/live.env"}))
    face.write("config/live.env", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\n")
    below = face.folder / "config"
    assert face.run("config.diff", cwd=below).out == (
        "myapp is in sync with config/live.env: 3 equal.\n"
    )
    assert face.run("config.diff --file live.env", cwd=below).out == (
        "myapp is in sync with live.env: 3 equal.\n"
    )


def test_dotenv_names_the_app(face: Face) -> None:
    face.write(".env", "HEROKU_APP=myapp\n")
    assert face.run("config.diff").code == 0


def test_the_git_remote_names_the_app(face: Face) -> None:
    for words in ("init -q", "remote add heroku https://git.heroku.com/myapp.git"):
        subprocess.run(["git", *words.split()], cwd=face.folder, env=face.env, check=True)
    assert face.run("config.diff").out == "myapp is in sync with .env.production: 3 equal.\n"


def test_without_an_app_the_candidates_are_listed(face: Face) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.other"}))
    done = face.run("config.diff")
    assert done.code == 1
    assert done.err == (
        "error: no app is named (candidates: myapp, other)\n"
        "  name one with --app, with HEROKU_APP in the environment or in .env, as the only app"
        " of the settings, or as the git remote heroku\n"
    )


def test_standard_input_is_an_env_file_like_any_other(face: Face) -> None:
    done = face.run("config.diff --app myapp --file -", stdin=b"\xef\xbb\xbfLOG_LEVEL=info\r\n")
    assert done.out.startswith("myapp is in sync with standard input: 1 equal.\n")


def test_the_file_of_another_app_is_remarked_on(face: Face) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.other"}))
    face.write(".env.other", "LOG_LEVEL=info\n")
    done = face.run("config.diff --app myapp --file .env.other")
    assert done.code == 0
    assert done.err == ("warning: .env.other is the file of other in the settings, not myapp's\n")


def test_provided_and_ignored_names_are_not_pruned(face: Face) -> None:
    face.write("invoke.yaml", settings({}, ignore=["OL*"], provided=["TOKEN"]))
    face.write(".env.production", "LOG_LEVEL=info\n")
    assert face.run("config.diff --app myapp --prune").out == (
        "myapp is in sync with .env.production: 1 equal.\n"
        "Ignored by the settings, left alone: OLD\n"
    )
