"""What is asked, where, and when nothing is: at every kind of terminal, for every answer."""

import json
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from deploy.emulator import App

from ..conftest import some
from . import terminals
from .face import Face
from .terminals import STREAMS, Case, Happened

Run = Callable[[Case], Happened]

REDIRECTIONS = [at for count in range(4) for at in combinations(STREAMS, count)]
"""Which of the three streams are terminals: all eight ways."""

YES_NO, NAME, APPLIED, REFUSED = "asks y/N", "asks for the name", "applied", "refused"
SYNC = "config.sync --app myapp"
GIVEN = {
    "nothing": SYNC,
    "--yes": f"{SYNC} --yes",
    "--expect": f"{SYNC} --expect",
    "--confirm": f"{SYNC} --confirm myapp",
    "--prune": f"{SYNC} --prune",
    "--prune --yes": f"{SYNC} --prune --yes",
    "--prune --expect": f"{SYNC} --prune --expect",
    "--prune --confirm": f"{SYNC} --prune --confirm myapp",
    "no --app": "config.sync",
    "no --app, --yes": "config.sync --yes",
}
TABLE = {
    #                     /dev/tty         none             tty, CI=true     none, CI=true
    "nothing":           (YES_NO,          REFUSED,         APPLIED,         APPLIED),
    "--yes":             (APPLIED,         APPLIED,         APPLIED,         APPLIED),
    "--expect":          (APPLIED,         APPLIED,         APPLIED,         APPLIED),
    "--confirm":         (APPLIED,         APPLIED,         APPLIED,         APPLIED),
    "--prune":           (NAME,            REFUSED,         REFUSED,         REFUSED),
    "--prune --yes":     (NAME,            REFUSED,         REFUSED,         REFUSED),
    "--prune --expect":  (NAME,            REFUSED,         REFUSED,         REFUSED),
    "--prune --confirm": (APPLIED,         APPLIED,         APPLIED,         APPLIED),
    "no --app":          (YES_NO,          REFUSED,         REFUSED,         REFUSED),
    "no --app, --yes":   (APPLIED,         APPLIED,         APPLIED,         APPLIED),
}  # fmt: skip
PLACES = {
    "tty": (True, None),
    "none": (False, None),
    "tty-ci": (True, "true"),
    "none-ci": (False, "true"),
}


@pytest.fixture
def run(face: Face, tmp_path: Path) -> Run:
    face.write("invoke.yaml", "heroku: {apps: {myapp: {file: .env.production}}}\n")
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\n")
    return lambda case: terminals.run(case, face, tmp_path / "elsewhere")


def outcome(happened: Happened, app: App) -> str:
    is_written = app.vars["LOG_LEVEL"] == "debug"
    if happened.was_asked:
        assert (happened.code, is_written) == (1, False)
        return YES_NO if "Apply this to myapp? [y/N]" in happened.screen else NAME
    assert is_written is (happened.code == 0)
    return APPLIED if is_written else REFUSED


@pytest.mark.sampled(20)
@pytest.mark.parametrize("given", TABLE)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_asked_hangs_on_the_terminal_ci_and_the_options_and_on_no_redirection(
    given: str, place: str, run: Run, app: App
) -> None:
    has_tty, ci = PLACES[place]
    wanted = TABLE[given][list(PLACES).index(place)]
    line = GIVEN[given]
    if "--expect" in line:
        shown = run(Case(line.replace("sync", "diff").partition(" --expect")[0]))
        line = f"{line} {shown.out.split()[-1]}"
    for at in some(REDIRECTIONS, 2):
        app.set_vars({"LOG_LEVEL": "info", "OLD": "old"})
        happened = run(Case(line, at=at, has_tty=has_tty, ci=ci))
        assert outcome(happened, app) == wanted, (at, happened)
        assert not any(value in happened.screen + happened.out for value in ("debug", "t0ken"))
        if happened.was_asked:
            plan_at = happened.screen.index("  ~ LOG_LEVEL  ******** -> ********\n")
            assert plan_at < happened.screen.index("Apply this" if wanted == YES_NO else "Type ")
            assert happened.screen.count("~ LOG_LEVEL") == 1
            said = happened.screen if "stderr" in at else happened.out
            assert "error: declined; nothing was written" in said


OTHERS = {
    # What the other tasks that write ask; none of them takes a job's word for a yes.
    "config.pull --app myapp":                                 "[y/N]",
    "config.pull --app myapp --prune":                         "Type .env.production to write it:",
    "config.pull --app myapp --prune --yes":                   "Type .env.production to write it:",
    "config.rollback --app myapp --to v2":                     "Type myapp to apply it:",
    "config.lock":                                             "[y/N]",
    "config.pull --app myapp --yes":                           "",
    "config.pull --app myapp --prune --confirm .env.production": "",
    "config.rollback --app myapp --to v2 --confirm myapp":     "",
    "config.lock --yes":                                       "",
}  # fmt: skip


@pytest.mark.sampled(18)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("line", OTHERS)
def test_the_other_tasks_that_write_ask_in_the_same_places(
    line: str, place: str, run: Run, face: Face, app: App
) -> None:
    has_tty, ci = PLACES[place]
    app.set_vars({"LOG_LEVEL": "debug"})
    env = face.folder / ".env.production"
    for at in ((), ("stdin", "stderr"), STREAMS):
        before = "TOKEN=mine\nLOCAL=mine\n" if "pull" in line else "TOKEN=t0ken\n"
        env.write_text(before)
        env.with_name(f"{env.name}.lock").unlink(missing_ok=True)
        releases = len(app.releases)
        happened = run(Case(line, at=at, has_tty=has_tty, ci=ci))
        question = OTHERS[line]
        assert happened.was_asked is (bool(question) and place == "tty"), (at, happened)
        assert happened.code == bool(question), (at, happened)
        if question:
            assert (env.read_text(), len(app.releases)) == (before, releases)
        if happened.was_asked:
            assert question in happened.screen


@pytest.mark.parametrize(
    ("ci", "is_job"),
    [
        *((text, False) for text in ("", "0", "false", "no", "off", "False", "NO", "Off", " ")),
        *((text, True) for text in ("1", "true", "True", "yes", "on", "woodpecker", "drone")),
    ],
)
def test_ci_is_true_unless_it_says_no(ci: str, is_job: bool, run: Run, app: App) -> None:
    """GitHub, GitLab and CircleCI say true; Cirrus and others 1; Woodpecker CI its own name."""
    happened = run(Case(SYNC, has_tty=False, ci=ci))
    assert outcome(happened, app) == (APPLIED if is_job else REFUSED)


def test_the_answer_is_the_terminals_and_never_that_of_a_pipe(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    with face.at_terminal("config.sync --app myapp", stdin=b"y\n") as screen:
        screen.wait_for("Apply this to myapp? [y/N]")
        screen.type("n\n")
        assert screen.end() == 1
    assert app.vars["LOG_LEVEL"] == "info"


def test_what_was_typed_before_the_question_is_no_answer(run: Run, app: App) -> None:
    happened = run(Case(SYNC, at=STREAMS, typed_before="y\ny\ny\n"))
    assert outcome(happened, app) == YES_NO


def test_a_yes_at_the_terminal_applies_what_a_tee_would_have_shown_too_late(
    run: Run, app: App
) -> None:
    happened = run(Case(SYNC, at=("stdin", "stderr"), answer="y"))
    assert (happened.code, app.vars["LOG_LEVEL"]) == (0, "debug")
    assert happened.screen.startswith("myapp differs from .env.production: ")
    assert "Set 0, changed 1, removed 0 on myapp" in happened.out


def test_json_stands_alone_on_standard_output_while_the_terminal_shows_the_plan(
    run: Run, app: App
) -> None:
    happened = run(Case(f"{SYNC} --format json", at=("stdin", "stderr"), answer="y"))
    assert happened.screen.startswith("myapp differs from .env.production: ")
    assert json.loads(happened.out)["result"]["state"] == "applied"
    assert app.vars["LOG_LEVEL"] == "debug"


def test_a_process_in_the_background_is_refused_and_not_stopped(face: Face, app: App) -> None:
    """A script's `timeout` puts its command there: to read would stop it, without a word."""
    face.write(".env.production", "LOG_LEVEL=debug\n")
    face.write("slow.sh", f"timeout 20 {sys.executable} -m invoke {SYNC}\nexit $?\n")
    with face.at_terminal("", program=("sh", "slow.sh")) as screen:
        assert screen.end() == 1
    assert "error: nobody can be asked here; nothing was written\n  add --yes\n" in screen.plain
    assert app.vars["LOG_LEVEL"] == "info"
