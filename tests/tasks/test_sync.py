"""`config.sync` as a command: what it shows, asks, sends and says."""

import json
import re
import signal

import pytest

from deploy.emulator import App, Emulator, Fault, Latency, ReleasePhase, Reset, When, Writer

from ..support import FakeClock
from .conftest import Near
from .face import Face, settings

PATCH = ("PATCH", "/apps/myapp/config-vars")


@pytest.fixture
def face(near: Near) -> Face:
    """What the commands say is the promise here; how a process ends, that of `test_run`."""
    return near


def patches(emulator: Emulator) -> int:
    return sum((request.method, request.path) == PATCH for request in emulator.requests)


def test_a_plan_is_shown_applied_as_one_release_and_can_be_undone(
    face: Face, app: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\nNEW='n w'\nDATABASE_URL=x\n")
    before = len(app.releases)
    done = face.run("config.sync --app myapp --yes")
    assert done.out == (
        "myapp differs from .env.production: 1 to set, 1 to change, 0 to remove; 1 equal.\n"
        "  ~ LOG_LEVEL  ******** -> ********\n"
        "  + NEW        ********\n"
        "Owned by an add-on or the platform, left alone: DATABASE_URL\n"
        "Unmanaged, kept (--prune removes them): OLD\n"
        "Plan 2fd8265c7a835d1b60709dbe4326ac1e\n"
        "Set 1, changed 1, removed 0 on myapp (v4).\n"
        "Undo: invoke config.rollback --app myapp --to v3\n"
    )
    assert (done.code, done.err) == (0, "")
    assert len(app.releases) == before + 1
    assert app.vars == {
        "LOG_LEVEL": "debug",
        "TOKEN": "t0ken",
        "NEW": "n w",
        "OLD": "old",
        "DATABASE_URL": "postgres://user:w8rD2kQz@host.db.dev/db",
    }


def test_a_second_sync_says_that_nothing_is_to_do_and_sends_no_patch(
    face: Face, emulator: Emulator
) -> None:
    done = face.run("config.sync --app myapp")
    assert done.out == "myapp is in sync with .env.production: 3 equal.\nNothing to do.\n"
    assert (done.code, done.err) == (0, "")
    assert patches(emulator) == 0


@pytest.mark.parametrize(
    "line",
    [
        "config.sync --app myapp --dry-run",
        "--dry config.sync --app myapp",
        "-R config.sync --app myapp",
        "config.sync --app myapp --dry",
        "config.sync --app myapp -R",
        "config.sync --dry --app myapp --yes --force --confirm myapp",
    ],
)
def test_a_dry_run_shows_the_plan_and_never_writes(
    line: str, face: Face, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run(line)
    assert done.code == 0
    assert "  ~ LOG_LEVEL  ******** -> ********\n" in done.out
    assert "\nDry run: nothing was written.\n" in done.out
    assert patches(emulator) == 0


def test_a_swallowed_flag_is_not_taken_for_an_app(face: Face, emulator: Emulator) -> None:
    done = face.run("config.sync --app --dry")
    assert (done.code, done.out) == (1, "")
    assert done.err == ("error: --app got no value\n  give it one, or leave it out\n")
    assert emulator.requests == []


def test_only_narrows_what_is_written(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=other\nNEW=1\n")
    done = face.run("config.sync --app myapp --only LOG_LEVEL --only NEW --yes")
    assert done.code == 0
    assert (app.vars["LOG_LEVEL"], app.vars["TOKEN"], app.vars["NEW"]) == ("debug", "t0ken", "1")


# Consent.


def test_a_removal_outside_a_terminal_needs_the_apps_name(
    face: Face, app: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=t0ken\n")
    done = face.run("config.sync --app myapp --prune --yes")
    assert done.code == 1
    assert done.err == (
        "error: this plan removes or empties OLD; nothing was written\n  add --confirm myapp\n"
    )
    assert patches(emulator) == 0
    done = face.run("config.sync --app myapp --prune --confirm myapp")
    assert (done.code, done.err) == (0, "")
    assert "OLD" not in app.vars


def test_confirm_must_name_the_app_even_where_nothing_is_removed(face: Face) -> None:
    done = face.run("config.sync --app myapp --confirm myapp-staging")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: --confirm does not name the app, which is myapp; nothing was written\n"
        "  use --confirm myapp if that is the app you mean\n"
    )


def test_nothing_is_applied_in_a_pipe_without_an_answer(
    face: Face, app: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync --app myapp")
    assert done.code == 1
    assert done.err == "error: nobody can be asked here; nothing was written\n  add --yes\n"
    assert patches(emulator) == 0
    assert face.run("config.sync --app myapp --yes").code == 0
    assert app.vars["LOG_LEVEL"] == "debug"


def test_an_app_that_nobody_named_is_not_written_to_by_a_job(face: Face, app: App) -> None:
    face.env["CI"] = "true"
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync")
    assert done.code == 1
    assert done.err == (
        "error: nobody named the app, and nobody can be asked whether myapp is meant;"
        " nothing was written\n  add --app myapp, or --yes\n"
    )
    assert app.vars["LOG_LEVEL"] == "info"
    assert face.run("config.sync --yes").code == 0
    assert app.vars["LOG_LEVEL"] == "debug"


def test_the_environment_names_an_app_for_a_job_as_well_as_the_option_does(
    face: Face, app: App
) -> None:
    face.env |= {"HEROKU_APP": "myapp", "CI": "1"}
    face.write(".env.production", "LOG_LEVEL=debug\n")
    assert face.run("config.sync").code == 0
    assert app.vars["LOG_LEVEL"] == "debug"


def test_an_app_that_env_names_is_not_named_by_the_job(face: Face, app: App) -> None:
    face.env["CI"] = "true"
    face.write(".env", "HEROKU_APP=myapp\n")
    face.write(".env.production", "LOG_LEVEL=debug\n")
    assert face.run("config.sync").err.endswith("  add --app myapp, or --yes\n")
    assert app.vars["LOG_LEVEL"] == "info"


@pytest.mark.parametrize(
    "flags",
    ["--version", "-V", "-eV", "--print-completion-script zsh", "--print-completion-script=zsh"],
)
@pytest.mark.parametrize("task", ["config.sync --yes", "config.rollback --to v3 --confirm myapp"])
def test_a_core_flag_that_only_shows_something_lets_no_task_write(
    task: str, flags: str, face: Face, emulator: Emulator
) -> None:
    face.env["HEROKU_APP"] = "myapp"
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run(f"{task} {flags}")
    assert (done.code, done.out) == (1, "")
    flag = re.split("[= ]", flags, maxsplit=1)[0]
    assert done.err == (
        f"error: {flag} behind a task shows nothing; nothing was done\n"
        "  leave it out, or put it before the task: then it alone is obeyed\n"
    )
    assert emulator.requests == []


@pytest.mark.parametrize("flag", ["--list", "-l", "--help", "-h", "--complete"])
def test_a_core_flag_that_invoke_obeys_behind_a_task_lets_it_not_run(
    flag: str, face: Face, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    face.run(f"config.sync --app myapp --yes {flag}")
    assert emulator.requests == []


def test_more_than_half_of_the_values_do_not_change_at_once_without_force_or_a_review(
    face: Face, app: App
) -> None:
    app.set_vars({f"VAR_{number}": "x" for number in range(7)})
    face.write(".env.production", "".join(f"VAR_{number}=y\n" for number in range(6)))
    done = face.run("config.sync --app myapp --yes")
    assert done.code == 1
    assert done.err == (
        "error: this plan changes 6 of 10 values; nothing was written\n"
        "  check --app and --file; add --force if both are right\n"
    )
    shown = face.run("config.diff --app myapp").out
    assert face.run(f"config.sync --app myapp --expect {shown.split()[-1]}").code == 0
    assert app.vars["VAR_5"] == "y"


# What a dry run says.


@pytest.mark.parametrize(
    ("content", "options", "needs"),
    [
        ("LOG_LEVEL=debug\n", "", "\nTo apply this: --yes\n"),
        ("LOG_LEVEL=debug\n", "--yes", "\nTo apply this: --yes\n"),
        ("LOG_LEVEL=\n", "", "\nTo apply this: --confirm myapp\n"),
        ("LOG_LEVEL=info\n", "--prune", "\nTo apply this: --confirm myapp\n"),
        ("TOKEN=changeme\n", "", "\nTo apply this: --yes --force\n"),
        ("TOKEN=changeme\n", "--prune --force", "\nTo apply this: --confirm myapp --force\n"),
        ("LOG_LEVEL=info\n", "", "\n"),
    ],
    ids=["set", "yes", "emptied", "pruned", "placeholder", "both", "in-sync"],
)
def test_a_dry_run_says_what_applying_would_need(
    content: str, options: str, needs: str, face: Face
) -> None:
    face.write(".env.production", content)
    done = face.run(f"config.sync --app myapp --dry-run {options}")
    assert done.code == 0
    last = "Nothing to do." if needs == "\n" else "Dry run: nothing was written."
    assert done.out.endswith(f"\n{last}{needs}")
    if needs != "\n":
        given = needs.partition(": ")[2].strip()
        prune = " --prune" if "--prune" in options else ""
        assert face.run(f"config.sync --app myapp{prune} {given}").code == 0


def test_a_dry_run_in_json_lists_what_applying_would_need(face: Face) -> None:
    face.write(".env.production", "TOKEN=changeme\n")
    done = face.run("config.sync --app myapp --prune --dry-run --format json")
    assert json.loads(done.out)["result"]["needs"] == ["--confirm myapp", "--force"]


def test_a_placeholder_does_not_replace_a_live_value_without_force(face: Face, app: App) -> None:
    face.write(".env.production", "TOKEN=changeme\n")
    done = face.run("config.sync --app myapp --yes")
    assert done.code == 1
    assert (
        "error: TOKEN: a placeholder would replace a live value; nothing was written\n" in done.err
    )
    assert app.vars["TOKEN"] == "t0ken"
    assert face.run("config.sync --app myapp --force --yes").code == 0
    assert app.vars["TOKEN"] == "changeme"


def test_another_apps_file_is_refused_without_force(face: Face, app: App) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production", "other": ".env.other"}))
    face.write(".env.other", "LOG_LEVEL=other\n")
    done = face.run("config.sync --app myapp --file .env.other")
    assert done.code == 1
    assert done.err == (
        "error: .env.other is the file of other in the settings, not myapp's; nothing was written\n"
        "  leave --file out, or add --force\n"
    )
    assert face.run("config.sync --app myapp --file .env.other --force --yes").code == 0
    assert app.vars["LOG_LEVEL"] == "other"


# At a terminal.


@pytest.mark.parametrize(("answer", "code", "value"), [("y", 0, "debug"), ("", 1, "info")])
def test_a_person_is_asked_and_anything_but_yes_is_no(
    answer: str, code: int, value: str, face: Face, app: App
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.sync --app myapp") as screen:
        screen.wait_for("Apply this to myapp? [y/N]")
        assert app.vars["LOG_LEVEL"] == "info"
        screen.type(f"{answer}\n")
        assert screen.end() == code
    assert app.vars["LOG_LEVEL"] == value
    assert ("error: declined; nothing was written\n" in screen.plain) is (code == 1)


def test_a_removal_at_a_terminal_wants_the_apps_name_even_with_yes(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=t0ken\n")
    with face.at_terminal("config.sync --app myapp --prune --yes") as screen:
        screen.wait_for("This removes or empties OLD.\r\nType myapp to apply it:")
        screen.type("y\n")
        assert screen.end() == 1
    assert "OLD" in app.vars
    with face.at_terminal("config.sync --app myapp --prune --yes") as screen:
        screen.wait_for("Type myapp to apply it:")
        screen.type("myapp\n")
        assert screen.end() == 0
    assert "OLD" not in app.vars


def test_the_question_comes_to_the_terminal_where_the_file_is_standard_input(
    face: Face, app: App
) -> None:
    with face.at_terminal("config.sync --app myapp --file -", stdin=b"A=1\n") as screen:
        screen.wait_for("Apply this to myapp? [y/N]")
        screen.type("y\n")
        assert screen.end() == 0
    assert app.vars["A"] == "1"


def test_nobody_is_asked_in_ci_not_even_at_a_terminal(face: Face, app: App) -> None:
    face.env["CI"] = "true"
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.sync --app myapp") as screen:
        assert screen.end() == 0
    assert "[y/N]" not in screen.text
    assert app.vars["LOG_LEVEL"] == "debug"


def test_a_var_that_moved_while_we_asked_stops_the_write(
    face: Face, app: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.sync --app myapp") as screen:
        screen.wait_for("[y/N]")
        app.set_vars({"TOKEN": "someone else's"})
        screen.type("y\n")
        assert screen.end() == 1
    assert "error: myapp: TOKEN changed while we asked; nothing was written\n" in screen.plain
    assert patches(emulator) == 0


def test_json_at_a_terminal_shows_the_plan_before_the_question_and_one_document_after(
    face: Face, app: App
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.sync --app myapp --format json") as screen:
        screen.wait_for("[y/N]")
        assert "  ~ LOG_LEVEL  ******** -> ********" in screen.plain
        screen.type("y\n")
        assert screen.end() == 0
    document = json.loads(screen.plain[screen.plain.index("{") :])
    assert document["result"] == {
        "state": "applied",
        "version": 4,
        "is_ours": True,
        "previous": 3,
        "set": 0,
        "changed": 1,
        "removed": 0,
        "was_pending": False,
        "needs": [],
        "unverified": [],
    }


# Stopped.


@pytest.mark.parametrize(
    ("by", "code", "word"),
    [
        (signal.SIGINT, 130, "interrupted (Ctrl-C)"),
        (signal.SIGTERM, 143, "terminated (SIGTERM)"),
    ],
    ids=["ctrl-c", "sigterm"],
)
def test_a_stop_at_the_question_writes_nothing_and_says_so(
    by: signal.Signals, code: int, word: str, face: Face, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.sync --app myapp") as screen:
        screen.wait_for("[y/N]")
        if by is signal.SIGINT:
            screen.type("\x03")
        else:
            screen.process.send_signal(by)
        assert screen.end() == code
    assert screen.plain.endswith(f"\nerror: {word}; nothing was written\n")
    assert "Traceback" not in screen.text
    assert patches(emulator) == 0


@pytest.mark.parametrize(
    ("by", "code", "word"),
    [
        (signal.SIGINT, 130, "interrupted (Ctrl-C)"),
        (signal.SIGTERM, 143, "terminated (SIGTERM)"),
    ],
    ids=["ctrl-c", "sigterm"],
)
@pytest.mark.parametrize(
    ("when", "truth"),
    [
        (When.BEFORE, "myapp has nothing of it so far, and it may still arrive"),
        (When.AFTER, "myapp has it (v4)"),
    ],
    ids=["before", "after"],
)
def test_a_stop_during_the_patch_says_what_is_true_on_heroku(
    when: When, truth: str, by: signal.Signals, code: int, word: str, face: Face, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    stop = Writer(lambda: process.send_signal(by), when=when)
    emulator.inject(Fault(method="PATCH", what=stop))
    emulator.inject(Fault(method="PATCH", what=Latency(60.0, when=when)))
    with face.started("config.sync --app myapp --yes") as process:
        _, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert err.decode() == (
        f"error: {word} while the change was being sent: {truth}\n  run config.diff --app myapp\n"
    )


# Release phase and lost answers.


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.heroku.release_phase.POLL_EVERY", 0.01)


@pytest.mark.usefixtures("quick")
def test_a_release_phase_is_waited_for_and_then_verified(face: Face, app: App) -> None:
    app.release_phase = ReleasePhase(reads=1)
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync --app myapp --yes")
    assert done.code == 0
    assert "v4 is pending: waiting for its release phase\n" in done.err
    assert "Set 0, changed 1, removed 0 on myapp (v4).\n" in done.out


@pytest.mark.usefixtures("quick")
def test_a_failed_release_phase_is_a_failure(face: Face, app: App) -> None:
    app.release_phase = ReleasePhase(reads=1, outcome="failed")
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync --app myapp --yes")
    assert done.code == 1
    assert "error: v4 of myapp failed: the config is not live\n" in done.err
    assert "changed 1" not in done.out


def test_no_wait_says_sent_and_not_verified(face: Face, app: App) -> None:
    app.release_phase = ReleasePhase()
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync --app myapp --no-wait --yes")
    assert done.code == 0
    assert done.out.endswith(
        "Sent as v4 to myapp: pending, not verified.\n"
        "Undo: invoke config.rollback --app myapp --to v3\n"
    )


def test_wait_says_how_long_a_release_phase_is_waited_for(
    face: Face, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.tasks.apply.Clock", FakeClock())
    app.release_phase = ReleasePhase()
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync --app myapp --wait 3 --yes")
    assert done.code == 1
    assert (
        "error: v4 of myapp is still pending after 3 minutes:"
        " the change was sent and is not verified\n  run config.diff --app myapp\n"
    ) in done.err


@pytest.mark.parametrize("task", ["config.sync", "config.rollback --to v1"])
@pytest.mark.parametrize("minutes", ["0", "-5", "1.5", "1h", "soon", "10000", "\u0665"])
def test_wait_takes_whole_minutes_alone(
    face: Face, emulator: Emulator, task: str, minutes: str
) -> None:
    done = face.run(f"{task} --app myapp --wait={minutes}")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: --wait is no number of minutes from 1 to 9999\n"
        "  leave it out for 65, or say --no-wait for none\n"
    )
    assert emulator.requests == []


@pytest.mark.parametrize("task", ["config.sync", "config.rollback --to v1"])
def test_wait_and_no_wait_are_not_meant_together(face: Face, emulator: Emulator, task: str) -> None:
    done = face.run(f"{task} --app myapp --no-wait --wait 5")
    assert done.code == 1
    assert done.err == "error: --wait and --no-wait are opposites\n  leave one out\n"
    assert emulator.requests == []


def test_a_second_sync_while_the_first_is_pending_says_what_is_true(
    face: Face, app: App, emulator: Emulator
) -> None:
    app.release_phase = ReleasePhase()
    face.write(".env.production", "LOG_LEVEL=debug\n")
    face.run("config.sync --app myapp --no-wait --yes")
    done = face.run("config.sync --app myapp --no-wait --yes")
    assert done.code == 0
    assert done.out.endswith(
        "v4 of myapp brings this: pending, not verified."
        " It was on its way already; nothing was sent again.\n"
        "Undo: invoke config.rollback --app myapp --to v3 --only LOG_LEVEL\n"
    )
    assert patches(emulator) == 1


@pytest.mark.usefixtures("quick")
def test_a_second_sync_waits_for_what_the_first_sent(face: Face, app: App) -> None:
    app.release_phase = ReleasePhase(reads=6)
    face.write(".env.production", "LOG_LEVEL=debug\n")
    face.run("config.sync --app myapp --no-wait --yes")
    done = face.run("config.sync --app myapp --yes")
    assert done.code == 0
    assert "v4 of myapp brought this. It was on its way already; nothing was sent" in done.out
    assert app.vars["LOG_LEVEL"] == "debug"


@pytest.mark.usefixtures("quick")
def test_a_release_phase_shows_the_time_gone_by(face: Face, app: App) -> None:
    """At a terminal; what is no terminal gets the note alone."""
    app.release_phase = ReleasePhase()
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.sync --app myapp --yes") as screen:
        screen.wait_for("v4 is pending: waiting for its release phase")
        screen.wait_for("v4 is pending: 0:00 gone by")
        app.finish_release("succeeded")
        assert screen.end() == 0
    assert "Set 0, changed 1, removed 0 on myapp (v4).\n" in screen.plain


def test_a_diff_says_that_a_release_is_pending(face: Face, app: App) -> None:
    app.release_phase = ReleasePhase()
    face.write(".env.production", "LOG_LEVEL=debug\n")
    face.run("config.sync --app myapp --no-wait --yes")
    done = face.run("config.diff --app myapp")
    assert "v4 is pending: until it succeeds, Heroku shows the vars before it.\n" in done.out


def test_a_lost_answer_is_found_out_about_and_never_sent_twice(
    face: Face, app: App, emulator: Emulator
) -> None:
    emulator.inject(Fault(method="PATCH", what=Reset(when=When.AFTER)))
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = face.run("config.sync --app myapp --yes")
    assert (done.code, patches(emulator)) == (0, 1)
    assert done.out.endswith(
        "myapp holds this (v4): 0 set, 1 changed, 0 removed."
        " Whether our request brought it, or another, is not known.\n"
        "Undo: invoke config.rollback --app myapp --to v3 --only LOG_LEVEL\n"
    )
