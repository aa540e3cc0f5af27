"""`config.rollback` as a command, and `config.diff --release`, which shows the same plan."""

import json
import re

import pytest

from deploy.emulator import App, Emulator, ReleasePhase

from .conftest import Here
from .face import Face, settings

PATCH = ("PATCH", "/apps/myapp/config-vars")
OWNED = "Owned by an add-on or the platform, left alone: DATABASE_URL\n"
WITHHELD = (
    "Absent today, left out (an add-on may have held them;"
    " config.rollback --restore NAME brings one back): "
)
TO_V3 = "config.rollback --app myapp --to v3"
BACK = f"{TO_V3} --confirm myapp"
LOCK_KEY = "0123456789abcdef" * 4
NO_NAME = (
    "--restore holds what is not the name of a var\n  name one var; repeat the option for more\n"
)
UNDONE = "config.sync would undo this, config.pull takes it over\n"


def patches(emulator: Emulator) -> list[tuple[str, ...]]:
    """The names in the body of each write."""
    return [each.names for each in emulator.requests if (each.method, each.path) == PATCH]


def undo(out: str) -> str:
    """The command that the report's undo line names."""
    [line] = [line for line in out.splitlines() if line.startswith("Undo: invoke ")]
    return line.removeprefix("Undo: invoke ")


# There and back.


def test_after_three_syncs_the_first_comes_back_whole_in_one_release_and_then_the_newest(
    here: Here, face: Face, app: App, emulator: Emulator
) -> None:
    for text in (
        "LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n",
        "LOG_LEVEL=debug\nTOKEN=other\nOLD=old\nNEW=1\n",
        "LOG_LEVEL=error\nTOKEN=other\nOLD=old\nNEW=2\n",
    ):
        face.write(".env.production", text)
        assert here("config.sync --app myapp --yes").code == 0
    times = [release.created_at for release in app.releases]
    assert here("config.history --app myapp --limit 3").out == (
        f"v6  {times[5]}  you@example.com  succeeded  ~LOG_LEVEL ~NEW\n"
        f"v5  {times[4]}  you@example.com  succeeded  +NEW ~TOKEN\n"
        f"v4  {times[3]}  you@example.com  succeeded  ~LOG_LEVEL\n"
        "Looked through 4 releases of myapp, back to v3; --limit looks further back.\n"
    )

    done = here("config.rollback --app myapp --to v4 --confirm myapp")
    assert done.out == (
        "myapp differs from v4: 0 to set, 2 to change, 1 to remove; 1 equal.\n"
        "  ~ LOG_LEVEL  ******** -> ********\n"
        "  - NEW        ********\n"
        "  ~ TOKEN      ******** -> ********\n"
        f"{OWNED}"
        "Set 0, changed 2, removed 1 on myapp (v7).\n"
        "Undo: invoke config.rollback --app myapp --to v6 --restore NEW\n"
    )
    assert done.err.startswith(
        "warning: .env.production now differs from myapp: LOG_LEVEL, NEW, TOKEN; "
    )
    assert (done.code, len(app.releases)) == (0, 7)
    assert app.vars == app.releases[3].vars

    done = here("config.rollback --app myapp --to v6 --confirm myapp")
    assert done.out == (
        "myapp differs from v6: 1 to set, 2 to change, 0 to remove; 1 equal.\n"
        "  ~ LOG_LEVEL  ******** -> ********\n"
        "  + NEW        ********\n"
        "  ~ TOKEN      ******** -> ********\n"
        f"{OWNED}"
        "Set 1, changed 2, removed 0 on myapp (v8).\n"
        "Undo: invoke config.rollback --app myapp --to v7\n"
    )
    assert (done.code, done.err, len(app.releases)) == (0, "", 8)
    assert app.vars == app.releases[5].vars
    assert [sorted(names) for names in patches(emulator)[3:]] == [["LOG_LEVEL", "NEW", "TOKEN"]] * 2


def test_a_release_may_be_named_by_its_number_alone(here: Here, app: App) -> None:
    app.set_vars({"TOKEN": "other"})
    assert here("config.rollback --app myapp --to 3 --confirm myapp").code == 0
    assert app.vars == app.releases[2].vars


def test_the_undo_line_undoes_it_and_the_next_one_undoes_that(here: Here, app: App) -> None:
    app.set_vars({"A": "1", "B": "", "TOKEN": "other", "OLD": None})
    whole = app.vars
    done = here(f"{BACK} --restore OLD")
    assert (done.code, app.vars) == (0, app.releases[2].vars)
    assert undo(done.out) == "config.rollback --app myapp --to v4 --restore A --restore B"
    done = here(f"{undo(done.out)} --confirm myapp")
    assert (done.code, app.vars) == (0, whole)
    assert undo(done.out) == "config.rollback --app myapp --to v5 --restore OLD"
    assert here(f"{undo(done.out)} --confirm myapp").code == 0
    assert app.vars == app.releases[2].vars


def test_the_undo_line_of_a_sync_that_pruned_brings_back_what_it_took(
    here: Here, face: Face, app: App
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    whole = app.vars
    done = here("config.sync --app myapp --prune --confirm myapp")
    assert undo(done.out) == "config.rollback --app myapp --to v3 --restore OLD --restore TOKEN"
    assert here(f"{undo(done.out)} --confirm myapp").code == 0
    assert app.vars == whole


def test_where_nothing_differs_nothing_is_asked_or_sent(here: Here, emulator: Emulator) -> None:
    done = here(TO_V3)
    assert done.out == f"myapp is in sync with v3: 3 equal.\n{OWNED}Nothing to do.\n"
    assert (done.code, done.err) == (0, "")
    assert {request.method for request in emulator.requests} == {"GET"}


# Consent.


@pytest.mark.parametrize(
    ("vars_now", "what"),
    [
        ({"TOKEN": "other"}, "needs the name of myapp"),
        ({"TOKEN": "other", "NEW": "1"}, "removes or empties NEW"),
    ],
    ids=["changes-alone", "a-removal"],
)
def test_outside_a_terminal_it_needs_the_apps_name(
    vars_now: dict[str, str], what: str, here: Here, app: App, emulator: Emulator
) -> None:
    app.set_vars(vars_now)
    done = here(TO_V3)
    assert done.code == 1
    assert done.err == f"error: this plan {what}; nothing was written\n  add --confirm myapp\n"
    assert done.out.endswith(f"  ~ TOKEN  ******** -> ********\n{OWNED}")
    assert patches(emulator) == []


def test_confirm_must_name_the_app_and_heroku_is_not_even_asked(
    here: Here, emulator: Emulator
) -> None:
    done = here(f"{TO_V3} --confirm myapp-staging")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: --confirm does not name the app, which is myapp; nothing was written\n"
        "  use --confirm myapp if that is the app you mean\n"
    )
    assert emulator.requests == []


@pytest.mark.parametrize(("answer", "code"), [("myapp", 0), ("y", 1), ("", 1)])
def test_at_a_terminal_nothing_but_the_apps_name_is_a_yes(
    answer: str, code: int, face: Face, app: App, emulator: Emulator
) -> None:
    app.set_vars({"TOKEN": "other", "NEW": "1"})
    with face.at_terminal(TO_V3) as screen:
        screen.wait_for("This removes or empties NEW.\r\nType myapp to apply it:")
        screen.type(f"{answer}\n")
        assert screen.end() == code
    assert ("error: declined; nothing was written\n" in screen.plain) is (code == 1)
    assert patches(emulator) == ([("NEW", "TOKEN")] if code == 0 else [])


def test_at_a_terminal_the_name_is_asked_for_though_nothing_is_removed(
    face: Face, app: App
) -> None:
    app.set_vars({"TOKEN": "other"})
    with face.at_terminal(TO_V3) as screen:
        screen.wait_for(f"{OWNED.strip()}\r\nType myapp to apply it:")
        screen.type("myapp\n")
        assert screen.end() == 0
    assert app.vars["TOKEN"] == "t0ken"


def test_another_writer_while_it_asks_stops_the_write(
    face: Face, app: App, emulator: Emulator
) -> None:
    app.set_vars({"TOKEN": "other"})
    with face.at_terminal(TO_V3) as screen:
        screen.wait_for("Type myapp to apply it:")
        app.set_vars({"LOG_LEVEL": "debug"})
        screen.type("myapp\n")
        assert screen.end() == 1
    assert "error: myapp: LOG_LEVEL changed while we asked; nothing was written\n" in screen.plain
    assert patches(emulator) == []


def test_removing_more_than_30_percent_needs_force_beside_the_apps_name(
    here: Here, app: App, emulator: Emulator
) -> None:
    app.set_vars(dict.fromkeys("ABCDEFG", "1"))
    done = here(BACK)
    assert done.code == 1
    assert done.err == (
        "error: this plan removes or empties 7 of 10 vars; nothing was written\n"
        "  check --app and --to; add --force if both are right\n"
    )
    done = here(f"{TO_V3} --force")
    assert done.code == 1
    assert done.err.startswith("error: this plan removes or empties A, B, C, D, E, F, G;")
    assert patches(emulator) == []
    assert here(f"{BACK} --force").code == 0
    assert app.vars == app.releases[2].vars


def test_a_placeholder_of_the_past_does_not_replace_a_live_value_without_force(
    here: Here, app: App
) -> None:
    app.set_vars({"TOKEN": "changeme"})
    app.set_vars({"TOKEN": "t0ken"})
    line = "config.rollback --app myapp --to v4 --confirm myapp"
    done = here(line)
    assert done.code == 1
    assert done.err == (
        "error: TOKEN: a placeholder would replace a live value; nothing was written\n"
        "  choose another release, or add --force\n"
    )
    assert app.vars["TOKEN"] == "t0ken"
    assert here(f"{line} --force").code == 0
    assert app.vars["TOKEN"] == "changeme"


@pytest.mark.parametrize(
    "line",
    [
        f"{TO_V3} --dry-run",
        f"--dry {BACK}",
        f"-R {BACK}",
        f"{BACK} --dry",
        f"{BACK} --force -R",
    ],
)
def test_a_dry_run_shows_the_plan_asks_nothing_and_writes_nothing(
    line: str, here: Here, app: App, emulator: Emulator
) -> None:
    app.set_vars({"TOKEN": "other"})
    done = here(line)
    assert done.out == (
        "myapp differs from v3: 0 to set, 1 to change, 0 to remove; 2 equal.\n"
        "  ~ TOKEN  ******** -> ********\n"
        f"{OWNED}"
        "Dry run: nothing was written.\nTo apply this: --confirm myapp\n"
    )
    assert (done.code, done.err) == (0, "")
    assert {request.method for request in emulator.requests} == {"GET"}


# Which release.


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("", "no release is named\n  name it with --to v41; config.history lists them\n"),
        *(
            (option, "--to names no release\n  name it as Heroku does: v41\n")
            for option in (
                *("--to v0", "--to 0", "--to -1", "--to V3", "--to v3.1", "--to latest", "--to="),
                *("--to 1234567890", "--to --dry"),
            )
        ),
    ],
)
def test_what_names_no_release_is_refused_and_heroku_is_not_asked(
    options: str, error: str, here: Here, emulator: Emulator
) -> None:
    done = here(f"config.rollback --app myapp {options}")
    assert (done.code, done.out, done.err) == (1, "", f"error: {error}")
    assert emulator.requests == []


@pytest.mark.parametrize("status", ["failed", "pending"])
def test_a_release_that_did_not_succeed_is_refused(
    status: str, here: Here, face: Face, app: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    app.release_phase = ReleasePhase()
    assert here("config.sync --app myapp --no-wait --yes").code == 0
    if status == "failed":
        app.finish_release("failed")
    done = here("config.rollback --app myapp --to v4 --confirm myapp")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        f"error: v4 of myapp did not succeed ({status}), so it was never live;"
        " nothing was written\n"
        "  see which did: invoke config.history --app myapp\n"
    )
    assert len(patches(emulator)) == 1


@pytest.mark.parametrize("line", [f"{BACK.replace('v3', 'v9')}", "config.diff --release v9"])
def test_a_release_that_does_not_exist_is_an_error_that_names_it(
    line: str, here: Here, face: Face
) -> None:
    face.env["HEROKU_APP"] = "myapp"
    done = here(line)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: myapp has no release v9 (404)")
    assert done.err.endswith("\n  see which there are: invoke config.history --app myapp\n")


def test_an_app_that_does_not_exist_is_not_taken_for_a_missing_release(here: Here) -> None:
    done = here("config.rollback --app nosuchapp --to v3 --confirm nosuchapp")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: Heroku knows no app nosuchapp, or the API key from ")


# What is withheld, and what is left alone.


def test_a_name_that_is_absent_today_comes_back_only_where_it_is_asked_for(
    here: Here, face: Face, app: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=info\n")
    app.set_vars({"OLD": None, "TOKEN": None})
    done = here(BACK)
    assert done.out == (
        "myapp differs from v3: 0 to set, 0 to change, 0 to remove; 1 equal.\n"
        f"{OWNED}"
        f"{WITHHELD}OLD, TOKEN\n"
        "Nothing to do.\n"
    )
    assert (done.code, done.err, patches(emulator)) == (0, "", [])

    done = here(f"{BACK} --restore OLD")
    assert done.out == (
        "myapp differs from v3: 1 to set, 0 to change, 0 to remove; 1 equal.\n"
        "  + OLD  ********\n"
        f"{OWNED}"
        f"{WITHHELD}TOKEN\n"
        "Set 1, changed 0, removed 0 on myapp (v5).\n"
        "Undo: invoke config.rollback --app myapp --to v4\n"
    )
    assert (done.code, patches(emulator)) == (0, [("OLD",)])
    assert (app.vars["OLD"], "TOKEN" in app.vars) == ("old", False)


def test_a_name_that_the_env_file_declares_comes_back_unasked(here: Here, app: App) -> None:
    app.set_vars({"OLD": None})
    done = here(BACK)
    assert (done.code, done.err, app.vars) == (0, "", app.releases[2].vars)
    assert WITHHELD not in done.out


def test_a_name_that_the_lock_alone_declares_comes_back_unasked(
    here: Here, face: Face, app: App
) -> None:
    face.write(".env.production.lock", f"config-lock/1 {'0' * 16}\nOLD {'0' * 64}\n")
    (face.folder / ".env.production").unlink()
    app.set_vars({"OLD": None, "TOKEN": None})
    done = here(BACK)
    assert (done.code, app.vars["OLD"]) == (0, "old")
    assert f"{WITHHELD}TOKEN\n" in done.out


@pytest.mark.parametrize(
    ("option", "error"),
    [
        ("--restore NOPE", "--restore NOPE: not in v3\n  check the spelling\n"),
        (
            "--restore OLD,TOKEN",
            NO_NAME,
        ),
    ],
)
def test_a_restore_that_cannot_be_meant_is_refused(
    option: str, error: str, here: Here, app: App, emulator: Emulator
) -> None:
    app.set_vars({"TOKEN": "other"})
    done = here(f"{BACK} {option}")
    assert (done.code, done.out, done.err) == (1, "", f"error: {error}")
    assert patches(emulator) == []


def test_a_restore_that_swallowed_the_next_option_is_refused(
    face: Face, app: App, emulator: Emulator
) -> None:
    app.set_vars({"OLD": None})
    done = face.run(f"{TO_V3} --restore --confirm myapp")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: --restore got no value\n  give it one, or leave it out\n"
    assert emulator.requests == []


def test_owned_and_ignored_vars_and_the_key_of_a_lock_stay_as_they_are(
    here: Here, face: Face, app: App, emulator: Emulator
) -> None:
    face.write("invoke.yaml", settings({}, ignore=["PAPER_*"]))
    app.set_vars(
        {"CONFIG_LOCK_KEY": LOCK_KEY, "PAPER_1": "1", "PAPER_2": "2", "HEROKU_SLUG_COMMIT": "1"}
    )
    now = {
        "CONFIG_LOCK_KEY": LOCK_KEY[::-1],
        "DATABASE_URL": "postgres://rotated",
        "HEROKU_SLUG_COMMIT": "2",
        "PAPER_1": "11",
        "PAPER_3": "3",
    }
    app.set_vars({**now, "PAPER_2": None, "TOKEN": "other"})
    done = here("config.rollback --app myapp --to v4 --confirm myapp")
    assert done.out == (
        "myapp differs from v4: 0 to set, 1 to change, 0 to remove; 2 equal.\n"
        "  ~ TOKEN  ******** -> ********\n"
        "Owned by an add-on or the platform, left alone: DATABASE_URL, HEROKU_SLUG_COMMIT\n"
        "Ignored by the settings, left alone: PAPER_1, PAPER_2, PAPER_3\n"
        "Set 0, changed 1, removed 0 on myapp (v6).\n"
        "Undo: invoke config.rollback --app myapp --to v5\n"
    )
    assert (done.code, patches(emulator)) == (0, [("TOKEN",)])
    assert app.vars == {**app.releases[2].vars, **now}


def test_a_lock_s_key_that_the_past_release_lacks_is_not_taken_away(
    here: Here, app: App, emulator: Emulator
) -> None:
    app.set_vars({"CONFIG_LOCK_KEY": LOCK_KEY})
    done = here(BACK)
    assert done.out == f"myapp is in sync with v3: 3 equal.\n{OWNED}Nothing to do.\n"
    assert patches(emulator) == []


def test_a_var_that_the_settings_call_provided_goes_back_too(
    here: Here, face: Face, app: App
) -> None:
    face.write("invoke.yaml", settings({}, provided=["SENTRY_DSN"]))
    app.set_vars({"SENTRY_DSN": "1"})
    app.set_vars({"SENTRY_DSN": "2"})
    assert here("config.rollback --app myapp --to v4 --confirm myapp").code == 0
    assert app.vars["SENTRY_DSN"] == "1"


# The env file and the lock, afterwards.


def test_it_says_where_the_env_file_and_its_lock_disagree_now_and_nothing_where_they_agree(
    here: Here, face: Face
) -> None:
    key = f"CONFIG_LOCK_KEY={LOCK_KEY}\n"
    face.write(".env.production", f"LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n{key}")
    assert here("config.sync --app myapp --yes").code == 0
    face.write(".env.production", f"LOG_LEVEL=error\nTOKEN=other\nOLD=old\n{key}")
    assert here("config.sync --app myapp --yes").code == 0
    assert here("config.lock").code == 0
    done = here("config.rollback --app myapp --to v4 --confirm myapp")
    assert done.code == 0
    assert done.err == (
        f"warning: .env.production now differs from myapp: LOG_LEVEL, TOKEN; {UNDONE}"
        "warning: .env.production.lock now differs from myapp: LOG_LEVEL, TOKEN\n"
    )
    done = here("config.rollback --app myapp --to v5 --confirm myapp")
    assert (done.code, done.err) == (0, "")


def test_the_pull_that_the_warning_names_makes_the_env_file_agree(
    here: Here, face: Face, app: App
) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=other\nOLD=old\nNEW=1\n")
    app.set_vars({"TOKEN": "other", "NEW": "1"})
    found = re.search(r"(config\.pull[ a-z-]*) takes it over\n", here(BACK).err)
    assert found
    assert here(f"{found[1]} --app myapp --confirm .env.production").code == 0
    done = here("config.diff --app myapp --exit-code")
    assert (done.code, done.out) == (0, "myapp is in sync with .env.production: 3 equal.\n")


def test_a_lock_without_its_env_file_is_held_against_the_outcome_too(
    here: Here, face: Face
) -> None:
    key = f"CONFIG_LOCK_KEY={LOCK_KEY}\n"
    face.write(".env.production", f"LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\nNEW=1\n{key}")
    assert here("config.sync --app myapp --yes").code == 0
    assert here("config.lock").code == 0
    (face.folder / ".env.production").unlink()
    done = here(BACK)
    assert done.code == 0
    assert done.err == "warning: .env.production.lock now differs from myapp: LOG_LEVEL, NEW\n"


@pytest.mark.parametrize("apps", [{}, {"other": ".env.other"}], ids=["missing", "not-in-settings"])
def test_no_env_file_is_needed(apps: dict[str, str], here: Here, face: Face, app: App) -> None:
    face.write("invoke.yaml", settings(apps))
    if not apps:
        (face.folder / ".env.production").unlink()
    app.set_vars({"TOKEN": "other"})
    done = here(BACK)
    assert (done.code, done.err) == (0, "")
    assert app.vars == app.releases[2].vars


def test_an_env_file_and_a_lock_that_do_not_hold_up_are_a_warning_and_no_obstacle(
    here: Here, face: Face, app: App
) -> None:
    face.write(".env.production", "OLD=1\nOLD=2\nTOKEN\n")
    face.write(".env.production.lock", "no lock\n")
    app.set_vars({"LOG_LEVEL": "debug"})
    done = here(BACK)
    assert done.err == (
        "warning: .env.production: line 2: OLD: is declared again (first on line 1)\n"
        "warning: .env.production: line 3: TOKEN: a name without =\n"
        "warning: .env.production.lock: line 1: is no config-lock/1 lock\n"
    )
    assert (done.code, app.vars) == (0, app.releases[2].vars)


# The release phase.


def test_a_release_phase_that_fails_is_a_failure(here: Here, app: App) -> None:
    app.set_vars({"TOKEN": "other"})
    app.release_phase = ReleasePhase(reads=0, outcome="failed")
    done = here(BACK)
    assert done.out == (
        "myapp differs from v3: 0 to set, 1 to change, 0 to remove; 2 equal.\n"
        "  ~ TOKEN  ******** -> ********\n"
        f"{OWNED}"
    )
    assert done.err == (
        "Heroku says: Release command executing: this config change will not be available"
        " until the command succeeds\n"
        "error: v5 of myapp failed: the config is not live\n"
        "  see why: heroku releases:output v5 --app myapp\n"
    )
    assert (done.code, app.vars["TOKEN"]) == (1, "other")


def test_no_wait_says_sent_and_not_verified(here: Here, app: App) -> None:
    app.set_vars({"TOKEN": "other"})
    app.release_phase = ReleasePhase()
    done = here(f"{BACK} --no-wait")
    assert done.out.endswith(
        "Sent as v5 to myapp: pending, not verified.\n"
        "Undo: invoke config.rollback --app myapp --to v4\n"
    )
    assert done.code == 0


# JSON, and what is shown.


def test_json_is_one_document(here: Here, face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=info\n")
    face.write("invoke.yaml", settings({}, ignore=["PAPER_*"], reveal=["LOG_*"]))
    app.set_vars({"LOG_LEVEL": "", "TOKEN": "T0KEN", "OLD": None, "NEW": "1", "PAPER_1": "x"})
    done = here(f"{BACK} --format json")
    assert json.loads(done.out) == {
        "schema_version": 1,
        "app": "myapp",
        "file": "v3",
        "in_sync": False,
        "plan": None,
        "changes": [
            {
                "name": "LOG_LEVEL",
                "action": "change",
                "old": "",
                "new": "info",
                "hint": "empty on Heroku",
                "is_removal": False,
                "is_blind": False,
            },
            {
                "name": "NEW",
                "action": "remove",
                "old": "********",
                "new": None,
                "hint": None,
                "is_removal": True,
                "is_blind": False,
            },
            {
                "name": "TOKEN",
                "action": "change",
                "old": "********",
                "new": "********",
                "hint": "differs only in letter case",
                "is_removal": False,
                "is_blind": False,
            },
        ],
        "equal": 0,
        "owned": ["DATABASE_URL"],
        "ignored": ["PAPER_1"],
        "unmanaged": [],
        "spared": [],
        "unreadable": [],
        "withheld": ["OLD"],
        "pending_release": None,
        "warnings": [],
        "result": {
            "state": "applied",
            "version": 5,
            "is_ours": True,
            "previous": 4,
            "set": 0,
            "changed": 2,
            "removed": 1,
            "was_pending": False,
            "needs": [],
            "unverified": [],
        },
    }
    assert (done.code, done.err) == (0, "")


def test_a_refusal_is_a_json_document_too(here: Here, app: App) -> None:
    app.set_vars({"TOKEN": "other"})
    done = here(f"{TO_V3} --format json")
    assert done.code == 1
    assert json.loads(done.out) == {
        "schema_version": 1,
        "error": {
            "kind": "NotAllowed",
            "message": "this plan needs the name of myapp; nothing was written",
            "next_step": "add --confirm myapp",
            "exit_code": 1,
        },
    }


def test_only_chosen_names_are_revealed(here: Here, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "debug", "TOKEN": "other"})
    done = here(f"{TO_V3} --dry-run --reveal LOG_*")
    assert '  ~ LOG_LEVEL  "debug" -> "info"\n  ~ TOKEN      ******** -> ********\n' in done.out


def test_a_pending_release_is_pointed_out(here: Here, face: Face, app: App) -> None:
    app.set_vars({"TOKEN": "other"})
    app.release_phase = ReleasePhase()
    face.write(".env.production", "LOG_LEVEL=debug\n")
    assert here("config.sync --app myapp --no-wait --yes").code == 0
    for line in (f"{TO_V3} --dry-run", "config.diff --app myapp --release v3"):
        done = here(line)
        assert "v5 is pending: until it succeeds, Heroku shows the vars before it.\n" in done.out


# config.diff --release.


def test_only_narrows_the_way_back(here: Here, app: App) -> None:
    app.set_vars({"TOKEN": "other", "LOG_LEVEL": "debug"})
    done = here(f"{BACK} --only TOKEN")
    assert done.code == 0
    assert done.out.startswith("myapp differs from v3: 0 to set, 1 to change, 0 to remove; ")
    assert (app.vars["TOKEN"], app.vars["LOG_LEVEL"]) == ("t0ken", "debug")
    unknown = here(f"{BACK} --only NOSUCH")
    assert unknown.err.startswith("error: --only NOSUCH: neither in v3 nor on myapp\n")


def test_the_undo_line_takes_back_what_was_ours_and_nothing_of_others(
    here: Here, face: Face, app: App
) -> None:
    """A colleague's release is pending in between: without the names theirs would go too."""
    app.release_phase = ReleasePhase()
    app.patch({"LOG_LEVEL": "debug"}, user="ben@example.com", even_without_effect=False)
    app.release_phase = None
    face.write(".env.production", "TOKEN=new\n")
    done = here("config.sync --app myapp --yes --only TOKEN")
    assert done.out.endswith("\nUndo: invoke config.rollback --app myapp --to v3 --only TOKEN\n")
    app.finish_release("succeeded")
    undo = done.out.splitlines()[-1].removeprefix("Undo: invoke ")
    assert here(f"{undo} --confirm myapp").code == 0
    assert (app.vars["TOKEN"], app.vars["LOG_LEVEL"]) == ("t0ken", "debug")


def test_diff_shows_the_plan_of_a_rollback_in_the_same_words(
    here: Here, face: Face, app: App, emulator: Emulator
) -> None:
    face.write("invoke.yaml", settings({}, ignore=["PAPER_*"]))
    face.write(".env.production", "LOG_LEVEL=info\n")
    app.set_vars({"LOG_LEVEL": "INFO", "NEW": "1", "OLD": None, "TOKEN": "", "PAPER_1": "x"})
    diff = here("config.diff --app myapp --release v3")
    assert diff.out == (
        "myapp differs from v3: 0 to set, 2 to change, 1 to remove; 0 equal.\n"
        "  ~ LOG_LEVEL  ******** -> ********  (differs only in letter case)\n"
        "  - NEW        ********\n"
        "  ~ TOKEN      ******** -> ********  (empty on Heroku)\n"
        f"{OWNED}"
        "Ignored by the settings, left alone: PAPER_1\n"
        f"{WITHHELD}OLD\n"
    )
    assert (diff.code, diff.err) == (0, "")
    dry = "Dry run: nothing was written.\nTo apply this: --confirm myapp\n"
    assert here(f"{TO_V3} --dry-run").out == f"{diff.out}{dry}"
    diff = here("config.diff --app myapp --release v3 --format json")
    back = here(f"{TO_V3} --dry-run --format json")
    result: dict[str, object] = {"state": "dry_run", "version": None, "is_ours": None}
    result |= {"set": 0, "changed": 0, "removed": 0}
    result |= {"previous": None, "was_pending": False, "needs": ["--confirm myapp"]}
    result |= {"unverified": []}
    assert json.loads(back.out) == {**json.loads(diff.out), "result": result}
    assert {request.method for request in emulator.requests} == {"GET"}


@pytest.mark.parametrize(
    ("vars_now", "code"), [({"TOKEN": "other"}, 2), ({}, 0)], ids=["differs", "equal"]
)
def test_diff_against_a_release_exits_with_2_where_that_was_asked_for(
    vars_now: dict[str, str], code: int, face: Face, app: App
) -> None:
    app.set_vars(vars_now)
    assert face.run("config.diff --app myapp --release v3 --exit-code").code == code


def test_a_name_that_stays_absent_is_a_difference_though_there_is_nothing_to_do(
    here: Here, face: Face, app: App
) -> None:
    face.write(".env.production", "LOG_LEVEL=info\n")
    app.set_vars({"OLD": None})
    done = here("config.diff --app myapp --release v3 --exit-code")
    assert done.out == (
        "myapp differs from v3: 0 to set, 0 to change, 0 to remove; 2 equal.\n"
        f"{OWNED}{WITHHELD}OLD\n"
    )
    assert done.code == 2


def test_only_narrows_a_diff_against_a_release(here: Here, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "debug", "TOKEN": "other"})
    assert here("config.diff --app myapp --release v3 --only TOKEN").out == (
        "myapp differs from v3: 0 to set, 1 to change, 0 to remove; 0 equal.\n"
        "  ~ TOKEN  ******** -> ********\n"
    )
    done = here("config.diff --app myapp --release v3 --only TOKNE")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: --only TOKNE: neither in v3 nor on myapp\n  check the spelling\n"


def test_a_file_that_is_named_says_what_may_come_back_and_must_hold_up(
    here: Here, face: Face, app: App
) -> None:
    face.write("other.env", "TOKEN=x\n")
    face.write("broken.env", "A=1\nA=2\n")
    app.set_vars({"OLD": None, "TOKEN": None})
    line = "config.diff --app myapp --release v3 --file"
    assert here(f"{line} other.env").out == (
        "myapp differs from v3: 1 to set, 0 to change, 0 to remove; 1 equal.\n"
        "  + TOKEN  ********\n"
        f"{OWNED}{WITHHELD}OLD\n"
    )
    done = here(f"{line} broken.env")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: broken.env: line 2: A: is declared again (first on line 1)\n"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (
            "--release v3 --prune",
            "--prune goes with an env file, not with --release\n  leave one out\n",
        ),
        ("--release --dry", "--release names no release\n  name it as Heroku does: v41\n"),
        ("--release=", "--release names no release\n  name it as Heroku does: v41\n"),
    ],
)
def test_a_diff_against_a_release_that_cannot_be_meant_is_refused(
    options: str, error: str, here: Here, emulator: Emulator
) -> None:
    done = here(f"config.diff --app myapp {options}")
    assert (done.code, done.out, done.err) == (1, "", f"error: {error}")
    assert emulator.requests == []
