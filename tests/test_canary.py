"""One unique string is every value, the API key and every fault's body: no output may hold it.

Run in this process, so that many faults, formats and stages cost little; the clock is the only
thing that is replaced: it passes in sleeps alone.
"""

import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from invoke.program import Program

from deploy.emulator import (
    App,
    Body,
    Emulator,
    Fault,
    Redirect,
    ReleasePhase,
    Reset,
    Status,
    Truncated,
    When,
    Writer,
)
from deploy.emulator.pipelines import Pipeline
from deploy.signals import Clock
from deploy.tasks import ns

from .stories.history import Repo

CANARY = "kAnArIe7f3b9d"
NEVER = ("kanarie", "7f3b9d")

VARS = "/apps/*/config-vars"
ANY = "*"

FAULTS = {
    "none": None,
    "html page": Fault(path=VARS, what=Status(200, body=f"<html>{CANARY}</html>")),
    "other shape": Fault(path=VARS, what=Body(f'["{CANARY}"]')),
    "null value": Fault(path=VARS, what=Body(f'{{"A": null, "B": "{CANARY}"}}')),
    "truncated": Fault(path=VARS, what=Truncated(f'{{"A": "{CANARY}')),
    "bad attachments": Fault(
        path="/apps/*/addon-attachments", what=Body(f'[{{"name": "{CANARY}"}}]')
    ),
    "bad releases": Fault(path="/apps/*/releases", what=Body(f'[{{"version": "{CANARY}"}}]')),
    "redirect": Fault(what=Redirect(f"http://127.0.0.1:1/{CANARY}", body=CANARY)),
    **{
        f"{status}": Fault(
            what=Status(status, body=f'{{"id": "{CANARY}", "message": "{CANARY}"}}'), times=9
        )
        for status in (400, 401, 402, 403, 404, 409, 418, 422, 429, 500, 503)
    },
    **{
        known: Fault(what=Status(status, body=f'{{"id": "{known}", "message": "{CANARY}"}}'))
        for status, known in (
            (402, "delinquent"),
            (403, "forbidden"),
            (403, "suspended"),
            (403, "two_factor"),
            (409, "conflict"),
            (410, "gone"),
            (416, "requested_range_not_satisfiable"),
            (422, "invalid_params"),
            (422, "verification_needed"),
            (423, "confirmation_required"),
        )
    },
    "retry-after": Fault(what=Status(429, body=CANARY, retry_after=CANARY)),
    "reset": Fault(what=Reset(), times=9),
}
WRITE_FAULTS = {
    **{
        f"{status} {when.value}": Status(status, when=when, body=f'{{"id": "{CANARY}"}}')
        for status in (408, 500, 503)
        for when in When
    },
    "422": Status(422, body=f'{{"message": "Cannot overwrite attachment values A, {CANARY}."}}'),
    "html": Body(f"<html>{CANARY}</html>"),
    "other shape": Body(f'"{CANARY}"'),
    "truncated": Truncated(f'{{"A": "{CANARY}'),
    "reset before": Reset(),
    "reset after": Reset(when=When.AFTER),
}
LOCK_KEY = "7f3b9d" * 10 + "7f3b"
"""A lock's key is as secret as any value."""
LINES = ("config.diff --prune", "config.sync --prune --yes --confirm myapp --force")


@pytest.fixture
def app(emulator: Emulator) -> App:
    return emulator.add_app("myapp", {name: f"{CANARY} {name}" for name in "ABC"})


@pytest.fixture(autouse=True)
def project(
    emulator: Emulator, app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEROKU_HOST", emulator.url)
    monkeypatch.setenv("HEROKU_API_KEY", CANARY)
    slept = [0.0]
    monkeypatch.setattr(Clock, "sleep", slept.append)
    monkeypatch.setattr(Clock, "monotonic", lambda: sum(slept))
    (tmp_path / ".env.production").write_text(
        f"A='{CANARY} A'\nB='{CANARY} A\n'\nD={CANARY}\nE=\"\nF={CANARY}\n\"\nG=<{CANARY}>\n"
    )
    handlers, level = list(logging.root.handlers), logging.root.level
    yield tmp_path
    logging.root.handlers, logging.root.level = handlers, level


def output(line: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and everything that was said."""
    capfd.readouterr()
    code = 0
    try:
        Program(namespace=ns).run(["invoke", *line.split()])
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capfd.readouterr()
    return code, out + err


def is_clean(text: str) -> bool:
    return not any(part in text.lower() for part in NEVER) and "Traceback" not in text


@pytest.mark.sampled(25)
@pytest.mark.parametrize("options", ["", " --format json"])
@pytest.mark.parametrize("debug", ["", "--debug "])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("line", LINES)
def test_no_fault_of_a_read_brings_a_value_out(
    line: str,
    fault: str,
    debug: str,
    options: str,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if injected := FAULTS[fault]:
        emulator.inject(injected)
    _, text = output(f"{debug}{line} --app myapp{options}", capfd)
    assert text
    assert is_clean(text)


THREE = "--app myapp --app other --app third"


@pytest.fixture
def three_apps(emulator: Emulator) -> None:
    """Two more apps, which have the same file."""
    for app in ("other", "third"):
        emulator.add_app(app, {name: f"{CANARY} {name}" for name in "ABC"})


@pytest.mark.sampled(25)
@pytest.mark.parametrize("options", ["", " --format json"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "line", ["config.diff --prune", "config.sync --yes --force", "config.sync"]
)
def test_no_fault_of_a_read_of_many_apps_brings_a_value_out(
    line: str,
    fault: str,
    options: str,
    three_apps: None,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if injected := FAULTS[fault]:
        emulator.inject(injected)
    _, text = output(f"--debug {line} {THREE}{options}", capfd)
    assert "other" in text
    assert is_clean(text)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("options", ["", " --format json", " --keep-going", " --first third"])
@pytest.mark.parametrize("fault", WRITE_FAULTS)
def test_no_fault_of_a_write_to_many_apps_brings_a_value_out(
    fault: str,
    options: str,
    three_apps: None,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    emulator.inject(Fault(method="PATCH", what=WRITE_FAULTS[fault]))
    _, text = output(f"--debug config.sync {THREE} --yes --force{options}", capfd)
    assert "third" in text
    assert is_clean(text)


@pytest.mark.parametrize("option", ["--app", "--confirm", "--first", "--expect"])
def test_a_value_in_the_wrong_option_is_not_repeated_for_many_apps(
    option: str, three_apps: None, capfd: pytest.CaptureFixture[str]
) -> None:
    code, text = output(f"config.sync {THREE} {option} {CANARY}", capfd)
    assert code == 1
    assert is_clean(text)


@pytest.mark.parametrize("options", [" --debug", " --format json"])
@pytest.mark.parametrize("fault", WRITE_FAULTS)
def test_no_fault_of_a_write_brings_a_value_out(
    fault: str, options: str, emulator: Emulator, capfd: pytest.CaptureFixture[str]
) -> None:
    emulator.inject(Fault(method="PATCH", what=WRITE_FAULTS[fault]))
    _, text = output(f"{LINES[1]} --app myapp{options}", capfd)
    assert text
    assert is_clean(text)


STAGE = "--pipeline my-pipeline --stage review"


@pytest.fixture
def pipeline(emulator: Emulator, app: App) -> Pipeline:
    """One with an app in production, whose secrets its review stage has."""
    made = emulator.add_pipeline("my-pipeline")
    made.couple(app, "production")
    made.vars["review"] = {name: f"{CANARY} {name}" for name in "ABC"}
    return made


STAGE_FAULTS = {
    **FAULTS,
    **{
        f"{path} {name}": Fault(path=path, what=what, times=9)
        for path in ("/pipelines", "/pipelines/*/pipeline-couplings", "/pipelines/*/stage/*/*")
        for name, what in {
            "page": Status(200, body=f"<html>{CANARY}</html>"),
            "other shape": Body(f'["{CANARY}"]'),
            "other items": Body(f'[{{"id": "{CANARY}", "name": "{CANARY}"}}]'),
            "refused": Status(403, body=f'{{"id": "{CANARY}", "message": "{CANARY}"}}'),
        }.items()
    },
}


@pytest.mark.sampled(25)
@pytest.mark.parametrize("fault", STAGE_FAULTS)
@pytest.mark.parametrize(
    "line",
    [
        "config.diff --prune",
        "config.diff --format json",
        "config.sync --prune --yes --confirm my-pipeline/review --force",
        "config.drift --format github",
        "config.compare --with myapp",
        "config.pull --prune --dry-run",
    ],
)
def test_no_fault_of_a_read_of_a_stage_brings_a_value_out(
    line: str,
    fault: str,
    pipeline: Pipeline,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if injected := STAGE_FAULTS[fault]:
        emulator.inject(injected)
    is_planning = line.startswith(("config.diff", "config.sync", "config.drift"))
    file = " --file .env.production" if is_planning else ""
    _, text = output(f"--debug {line} {STAGE}{file}", capfd)
    assert text
    assert is_clean(text)


@pytest.mark.parametrize("options", [" --debug", " --format json"])
@pytest.mark.parametrize("fault", WRITE_FAULTS)
def test_no_fault_of_a_write_to_a_stage_brings_a_value_out(
    fault: str,
    options: str,
    pipeline: Pipeline,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    emulator.inject(Fault(method="PATCH", what=WRITE_FAULTS[fault]))
    line = f"config.sync {STAGE} --file .env.production --prune --force"
    _, text = output(f"{line} --confirm my-pipeline/review{options}", capfd)
    assert "my-pipeline/review" in text
    assert is_clean(text)


@pytest.mark.parametrize(
    "words",
    [
        f"--pipeline {CANARY}-{CANARY} --stage review",
        f"--pipeline my-pipeline --stage {CANARY}",
        f"{STAGE} --confirm {CANARY}",
        f"--app {CANARY}/review",
    ],
)
def test_a_value_in_the_options_of_a_stage_is_not_repeated(
    words: str, pipeline: Pipeline, capfd: pytest.CaptureFixture[str]
) -> None:
    code, text = output(f"config.sync {words} --file .env.production", capfd)
    assert code == 1
    assert is_clean(text)


@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_no_release_phase_brings_a_value_out(
    outcome: str, app: App, capfd: pytest.CaptureFixture[str]
) -> None:
    app.release_phase = ReleasePhase(reads=1, outcome=outcome)
    code, text = output(f"--debug {LINES[1]} --app myapp", capfd)
    assert code == (outcome == "failed")
    assert is_clean(text)


def test_no_other_writer_brings_a_value_out(
    app: App, emulator: Emulator, capfd: pytest.CaptureFixture[str]
) -> None:
    meddle = Writer(lambda: app.set_vars({"A": CANARY * 2, "D": CANARY * 3}), when=When.AFTER)
    emulator.inject(Fault(method="PATCH", what=meddle))
    code, text = output(f"{LINES[1]} --app myapp", capfd)
    assert code == 1
    assert is_clean(text)


@pytest.mark.parametrize(
    "content",
    [
        f"A={CANARY}\nA={CANARY}\n",
        f"{CANARY}\n",
        f"{CANARY}=\n={CANARY}\n",
        f"A='{CANARY}\n",
        f'A="{CANARY}" {CANARY}\n',
        f"A={CANARY}\x01\n",
        f"A={CANARY}\nhttps://user:{CANARY}@host/?a=1\n",
        f"A={CANARY}" + " " * 1001 + "x",
        f'A="-----BEGIN KEY-----\n{CANARY}\n',
        f"A='x\n{CANARY}=x\n'\n",
    ],
)
@pytest.mark.parametrize("line", LINES)
def test_no_bad_file_brings_a_value_out(
    line: str, content: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / ".env.production").write_text(content.replace(f"{CANARY}=\n", f"1{CANARY}=\n"))
    _, text = output(f"--debug {line} --app myapp", capfd)
    assert is_clean(text)


@pytest.mark.parametrize("error", [RuntimeError, KeyError, UnicodeError, OSError, MemoryError])
@pytest.mark.parametrize("options", ["", " --format json"])
def test_no_bug_brings_a_value_out(
    error: type[Exception],
    options: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(*words: object, **options: object) -> None:
        raise error(f"{CANARY} {words} {options}")

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", fail)
    code, text = output(f"--debug config.sync --app myapp{options}", capfd)
    assert code == 1
    assert f"error: unforeseen {error.__name__} at test_canary.py:" in text
    assert is_clean(text)


@pytest.mark.parametrize("option", ["--app", "--confirm", "--format"])
def test_a_value_that_landed_in_an_option_is_not_repeated(
    option: str, capfd: pytest.CaptureFixture[str]
) -> None:
    line = f"config.sync {option} {CANARY}"
    _, text = output(line if option == "--app" else f"{line} --app myapp", capfd)
    assert is_clean(text)


@pytest.mark.parametrize("variable", ["HEROKU_APP", "HEROKU_HOST", "HTTPS_PROXY", "CI", "TERM"])
def test_a_value_that_landed_in_another_variable_is_not_repeated(
    variable: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, CANARY)
    _, text = output("config.sync", capfd)
    assert is_clean(text)


# Drift and its lock.


def lock(project: Path, app: App, capfd: pytest.CaptureFixture[str]) -> Path:
    """A lock that the app's key fits, and an env file with an entry more than the lock has."""
    env = project / ".env.production"
    env.write_text(f"A='{CANARY} A'\nB='{CANARY} A\n'\nCONFIG_LOCK_KEY={LOCK_KEY}\n")
    app.set_vars({"CONFIG_LOCK_KEY": LOCK_KEY})
    code, text = output("--debug config.lock", capfd)
    assert code == 0
    assert is_clean(text)
    env.write_text(f"{env.read_text()}D={CANARY}\n")
    return project / ".env.production.lock"


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where GitHub takes a job's summary from."""
    path = tmp_path / "summary.md"
    path.write_text("")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


@pytest.mark.sampled(25)
@pytest.mark.parametrize("format", ["text", "json", "github", "markdown"])
@pytest.mark.parametrize("option", ["", " --lock"])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_a_drift_check_brings_a_value_out(
    fault: str,
    option: str,
    format: str,  # noqa: A002  # the option's name
    project: Path,
    summary: Path,
    app: App,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    lock(project, app, capfd)
    if injected := FAULTS[fault]:
        emulator.inject(injected)
    code, text = output(f"--debug config.drift --app myapp{option} --format {format}", capfd)
    assert code in {1, 2}
    assert text
    assert is_clean(text)
    assert is_clean(summary.read_text())
    assert bool(summary.read_text()) is (format == "github")


@pytest.mark.sampled(25)
@pytest.mark.parametrize("format", ["text", "json", "github", "markdown"])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_while_looking_for_who_it_was_brings_a_value_out(
    fault: str,
    format: str,  # noqa: A002  # the option's name
    summary: Path,
    app: App,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    app.set_vars({"A": f"{CANARY} B"})
    if injected := FAULTS[fault]:
        path = "/apps/*/releases/*/config-vars"
        emulator.inject(Fault(path=path, what=injected.what, times=injected.times))
    code, text = output(f"--debug config.drift --app myapp --format {format}", capfd)
    assert code == 2
    assert is_clean(text)
    assert is_clean(summary.read_text())


@pytest.mark.parametrize("form", ["github", "markdown"])
def test_github_is_told_of_no_person(
    form: str, summary: Path, app: App, capfd: pytest.CaptureFixture[str]
) -> None:
    app.set_vars({"A": None, "X": CANARY}, user=f"{CANARY}@example.com")
    code, text = output(f"--debug config.drift --app myapp --format {form}", capfd)
    assert code == 2
    assert re.search(r"(since |\| )v3 ", text)
    assert is_clean(text)
    assert is_clean(summary.read_text())


@pytest.mark.parametrize("debug", ["", "--debug "])
@pytest.mark.parametrize("option", ["", " --check"])
def test_no_lock_holds_or_brings_out_a_value(
    option: str, debug: str, project: Path, app: App, capfd: pytest.CaptureFixture[str]
) -> None:
    path = lock(project, app, capfd)
    code, text = output(f"{debug}config.lock{option}", capfd)
    assert code == (2 if option else 0)
    assert is_clean(text)
    assert is_clean(path.read_text())


@pytest.mark.sampled(25)
@pytest.mark.parametrize(
    "content",
    [
        f"{CANARY}\n",
        f"A={CANARY}\n",
        f"config-lock/1 {CANARY}\n",
        f"config-lock/1 {'0' * 16}\nA {CANARY}\n1{CANARY} {'0' * 64}\n",
        f"config-lock/1 {'0' * 16}\nA {'0' * 64}\n",
        "",
    ],
)
@pytest.mark.parametrize(
    "line",
    [
        "config.lock --check",
        "config.sync --app myapp --yes",
        *(
            f"config.drift --app myapp --lock --format {name}"
            for name in ("text", "json", "github", "markdown")
        ),
    ],
)
def test_no_bad_lock_brings_out_what_stands_in_it(
    line: str, content: str, project: Path, app: App, capfd: pytest.CaptureFixture[str]
) -> None:
    lock(project, app, capfd).write_text(content)
    _, text = output(f"--debug {line}", capfd)
    assert text
    assert is_clean(text)


# A branch, before it is merged.


@pytest.fixture
def branch(project: Path, app: App, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A lock in which everything changes, on a branch; the app has its key."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    monkeypatch.setenv("HEROKU_APP", "myapp")
    (project / ".env.production").unlink()
    repo = Repo(project)
    repo.lock(key=LOCK_KEY, A=f"{CANARY} A", B=CANARY, OLD=f"{CANARY} C")
    repo.branch()
    repo.lock(key=LOCK_KEY, A=CANARY, C=f"{CANARY} C", NEW=f"{CANARY} C")
    app.set_vars({"CONFIG_LOCK_KEY": LOCK_KEY, "OLD": f"{CANARY} C"}, user=f"{CANARY}@example.com")
    return repo


FORMS = ["text", "json", "github", "markdown"]


@pytest.mark.sampled(25)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_a_review_brings_a_value_out(
    fault: str,
    form: str,
    branch: Repo,
    summary: Path,
    emulator: Emulator,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if injected := FAULTS[fault]:
        emulator.inject(injected)
    code, text = output(f"--debug config.review --base main --format {form}", capfd)
    assert code in {0, 1}
    assert "NEW" in text
    assert is_clean(text)
    assert is_clean(summary.read_text())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["here", "base"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env.production.lock", f"{CANARY}\n"),
        (".env.production.lock", f"config-lock/1 {'0' * 16}\nA {CANARY}\n1{CANARY} {'0' * 64}\n"),
        ("invoke.yaml", f"heroku: [{CANARY}"),
        ("invoke.yaml", f"heroku: {{apps: {{'{CANARY} x': 1}}, {CANARY} : 1}}"),
        ("invoke.json", f'{{"a": {CANARY}'),
    ],
)
def test_nothing_odd_in_a_branch_or_its_base_brings_a_value_out(
    name: str,
    content: str,
    place: str,
    form: str,
    branch: Repo,
    capfd: pytest.CaptureFixture[str],
) -> None:
    if place == "base":
        branch.on_main()
    branch.write(name, content)
    if place == "base":
        branch.on_topic()
    code, text = output(f"--debug config.review --base main --format {form}", capfd)
    assert code in {0, 1}
    assert text
    assert is_clean(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("base", [CANARY, f"-{CANARY}", f"main:{CANARY}", f"origin/{CANARY}^"])
def test_a_value_that_landed_in_a_base_is_not_repeated(
    base: str, form: str, branch: Repo, capfd: pytest.CaptureFixture[str]
) -> None:
    code, text = output(f"--debug config.review --base={base} --format {form}", capfd)
    assert code == 1
    assert is_clean(text)


@pytest.mark.parametrize("command", ["rev-parse", "merge-base", "ls-tree", "cat-file"])
def test_no_git_that_fails_in_a_review_brings_a_value_out(
    command: str,
    branch: Repo,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    real = shutil.which("git")
    folder = project / ".git" / "bin"
    folder.mkdir()
    (folder / "git").write_text(
        "#!/bin/sh\n"
        f'case " $* " in *" {command} "*) cat >&2; echo "$*" {CANARY} >&2; exit 3;; esac\n'
        f'exec {real} "$@"\n'
    )
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    code, text = output("--debug config.review --base main", capfd)
    assert code == 1
    assert f"git {command} failed" in text
    assert is_clean(text)


@pytest.mark.parametrize("key", [f"{LOCK_KEY}7", LOCK_KEY.upper(), CANARY])
def test_no_weak_key_is_shown(
    key: str, project: Path, app: App, capfd: pytest.CaptureFixture[str]
) -> None:
    lock(project, app, capfd)
    app.set_vars({"CONFIG_LOCK_KEY": key})
    (project / ".env.production").write_text(f"CONFIG_LOCK_KEY={key}\n")
    for line in ("config.lock", "config.lock --check", "config.drift --app myapp --lock"):
        code, text = output(f"--debug {line}", capfd)
        assert code == 1
        assert is_clean(text)


@pytest.mark.parametrize("format", ["text", "json", "github"])
@pytest.mark.parametrize("error", [RuntimeError, KeyError, UnicodeError, OSError, MemoryError])
def test_no_bug_of_a_drift_check_brings_a_value_out(
    error: type[Exception],
    format: str,  # noqa: A002  # the option's name
    summary: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(*words: object, **options: object) -> None:
        raise error(f"{CANARY} {words} {options}")

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", fail)
    code, text = output(f"--debug config.drift --app myapp --format {format}", capfd)
    assert code == 1
    assert f"unforeseen {error.__name__} at test_canary.py:" in text
    assert is_clean(text + summary.read_text())


# The way back and the way round.

BACK = (
    "config.diff --release v1",
    "config.rollback --to v1 --confirm myapp --force",
    "config.history",
    "config.compare --with other",
    "config.ready --like other",
    "config.pull --yes --prune --owned",
    "config.pull --confirm .env.production --prune --owned",
    f"config.sync --expect {'7f' * 16}",
    "config.where A",
)


@pytest.fixture
def moved(emulator: Emulator, app: App, project: Path) -> App:
    """An app with a past, another one beside it, and a lock."""
    app.set_vars({"A": f"{CANARY} B", "X": CANARY, "C": None})
    app.set_vars({f"{CANARY}_{name}": "x" for name in "Y"} | {"Z": f"{CANARY}\x00\x1b[2J"})
    app.set_vars({f"{CANARY}_Y": None})
    emulator.add_app("other", {"A": f"{CANARY} B", "X": f"{CANARY}\n"})
    (project / ".env.production.lock").write_text(f"{CANARY}\n")
    return app


@pytest.mark.sampled(25)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("line", BACK)
def test_no_fault_on_the_way_back_brings_a_value_out(
    line: str, fault: str, moved: App, emulator: Emulator, capfd: pytest.CaptureFixture[str]
) -> None:
    if injected := FAULTS[fault]:
        emulator.inject(injected)
    name = f"{CANARY}_Y"  # a name is no secret
    _, text = output(f"--debug {line} --app myapp", capfd)
    assert text
    assert is_clean(text.replace(name, ""))


@pytest.mark.parametrize("line", [line for line in BACK if "pull" not in line])
def test_no_document_on_the_way_back_holds_a_value(
    line: str, moved: App, capfd: pytest.CaptureFixture[str]
) -> None:
    _, text = output(f"{line} --app myapp --format json", capfd)
    assert '"schema_version": 1' in text
    assert is_clean(text.replace(f"{CANARY}_Y", ""))


@pytest.mark.parametrize("fault", WRITE_FAULTS)
def test_no_fault_of_a_rollback_brings_a_value_out(
    fault: str, moved: App, emulator: Emulator, capfd: pytest.CaptureFixture[str]
) -> None:
    emulator.inject(Fault(method="PATCH", what=WRITE_FAULTS[fault]))
    _, text = output(f"--debug {BACK[1]} --app myapp", capfd)
    assert is_clean(text.replace(f"{CANARY}_Y", ""))


@pytest.mark.sampled(25)
@pytest.mark.parametrize("error", [RuntimeError, KeyError, UnicodeError, OSError, MemoryError])
@pytest.mark.parametrize("line", BACK)
def test_no_bug_on_the_way_back_brings_a_value_out(
    line: str,
    error: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def fail(*words: object, **options: object) -> None:
        raise error(f"{CANARY} {words} {options}")

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", fail)
    code, text = output(f"--debug {line} --app myapp", capfd)
    assert code == 1
    assert f"error: unforeseen {error.__name__} at test_canary.py:" in text
    assert is_clean(text)


@pytest.mark.sampled(25)
@pytest.mark.parametrize("line", BACK)
@pytest.mark.parametrize("option", ["--app", "--to", "--with", "--expect", "--release", "--limit"])
def test_a_value_in_an_option_of_the_way_back_is_not_repeated(
    option: str, line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    name = line.partition(" ")[0]
    _, text = output(f"{name} {option} {CANARY}", capfd)
    # Invoke repeats what it does not know; that it is the value of an option of ours, it does not.
    assert is_clean(text) or "No idea what" in text


@pytest.mark.parametrize(
    "content",
    [f"A={CANARY}\nA={CANARY}\n", f"A='{CANARY}\n", f"A={CANARY}\x01\n", f'A="x\nX={CANARY}\n"\n'],
)
def test_no_bad_file_that_a_pull_meets_brings_a_value_out(
    content: str, project: Path, moved: App, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / ".env.production").write_text(content)
    code, text = output(f"--debug {BACK[5]} --app myapp", capfd)
    assert code == 1
    assert is_clean(text)
    assert (project / ".env.production").read_text() == content


# What is asked, refused, and waited for.

ASKED = (
    "config.sync --app myapp",
    "config.sync --app myapp --dry-run --prune",
    "config.sync --app myapp --yes --version",
    "config.sync --app myapp --prune --yes",
    "config.sync --app myapp --yes --only A",
    f"config.sync --app myapp --confirm {CANARY}",
    "config.rollback --app myapp --to v1 --dry-run",
    "config.pull --app myapp --prune",
    "config.pull --app myapp --prune --dry-run",
    f"config.pull --app myapp --confirm {CANARY}",
    "config.lock",
    "config.lock --yes",
    "config.drift -a myapp",
    "config.drift -a myapp --no-blame",
    "config.drift -a myapp --format github",
    f"config.diff -a myapp --only {CANARY}",
    f"config.diff -a myapp --reveal {CANARY}",
    f"config.diff -a {CANARY}",
    "config.diff",
)


@pytest.mark.sampled(25)
@pytest.mark.parametrize("ci", ["", "true"])
@pytest.mark.parametrize("has_file", [True, False], ids=["file", "no-file"])
@pytest.mark.parametrize("line", ASKED)
def test_nothing_that_is_asked_or_refused_brings_a_value_out(
    line: str,
    has_file: bool,
    ci: str,
    project: Path,
    moved: App,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CI", ci)
    moved.set_vars({"CONFIG_LOCK_KEY": LOCK_KEY, "A$(x)": CANARY, "HEROKU_X": CANARY})
    if not has_file:
        (project / ".env.production").unlink()
    _, text = output(f"--debug {line}", capfd)
    assert text
    # The name of a var is no secret, and is repeated where it was asked for.
    assert is_clean(text.replace(f"{CANARY}_Y", "").replace(f"--only {CANARY}", ""))


def test_no_key_that_an_app_offers_is_shown(
    project: Path, app: App, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEROKU_APP", "myapp")
    app.set_vars({"CONFIG_LOCK_KEY": LOCK_KEY})
    (project / ".env.production").write_text(f"A='{CANARY} A'\n")
    code, text = output("--debug config.lock --yes", capfd)
    assert (code, "myapp has it already" in text) == (0, True)
    assert is_clean(text)


@pytest.mark.parametrize("pending_reads", ["new", "old", "404"])
@pytest.mark.parametrize("options", ["", "--no-wait", "--format json"])
def test_no_release_that_is_on_its_way_brings_a_value_out(
    options: str, pending_reads: str, app: App, capfd: pytest.CaptureFixture[str]
) -> None:
    phase = ReleasePhase(reads=20, pending_reads=pending_reads)  # type: ignore[arg-type]  # one of three
    app.release_phase = phase
    for _ in range(2):
        code, text = output(f"--debug {LINES[1]} --app myapp --no-wait", capfd)
        assert code == 0
        assert is_clean(text)
    code, text = output(f"--debug {LINES[1]} --app myapp {options}", capfd)
    assert code == 0
    assert is_clean(text)


def test_no_sum_that_is_too_large_brings_a_value_out(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / ".env.production").write_text(f"BIG={CANARY * 6_000}\n")
    code, text = output("--debug config.sync --app myapp --yes", capfd)
    assert (code, "bytes in all" in text) == (1, True)
    assert is_clean(text)


# What an env file holds that is not yet the value, or more than one.

CONTENTS = [
    *(f"A={text}\n" for text in (f"encrypted:{CANARY}", f"ENC[AES256_GCM,data:{CANARY}]")),
    *(f"A={text}\n" for text in (f"{{cipher}}{CANARY}", f"vault:v1:{CANARY}", f"sk-your-{CANARY}")),
    f"$ANSIBLE_VAULT;1.1;AES256\n{CANARY}\n",
    f'{{"data": "ENC[AES256_GCM,{CANARY}", "sops": {{}}}}\n',
    f"A=$(cat {CANARY})\nB=op://{CANARY}/i/f\nC=${{{CANARY}}}\n",
    f"A=x ${{{CANARY}}} y\nB=x ${{{CANARY}}} z\n",
    f'A="{{{{ {CANARY} }}}}"\n',
    f"A=postgres://user:your_{CANARY}@host/db\n",
    f"STAGE={CANARY} B_TOKEN={CANARY};C_URL={CANARY}\n",
    f"STAGE={CANARY} B={CANARY} A={CANARY}\n",
    f"A={CANARY}#{CANARY}\nB=#{CANARY}\nC=   # {CANARY}\n",
    f"A=`{CANARY}\nB=\u201c{CANARY}\u201d\nC={CANARY}\u200e\nD={CANARY}\ufffd\n",
    f"A=`{CANARY}\n{CANARY}`\n",
    f'A="C:\\temp\\{CANARY}"\nB="\\a{CANARY}"\n',
    f"A=-----BEGIN KEY-----\n{CANARY}\n-----END KEY-----\n",
    f'A={{\n "x": "{CANARY}"\n}}\n',
    f'{{"A": "{CANARY}"}}\n',
    f"A: {CANARY}\nB: {CANARY}\n",
    f"[x]\na = {CANARY}\nb = {CANARY}\n",
    f"#!/bin/sh\nif true; then\n  export A={CANARY}\nfi\n",
    f"<html>{CANARY}</html>\n",
    f"A={CANARY}\nA={CANARY}\n",
    f"PATH={CANARY}\nPORT={CANARY}\nLD_PRELOAD={CANARY}\n",
]


@pytest.mark.sampled(25)
@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
@pytest.mark.parametrize(
    "line",
    [
        "config.diff --app myapp",
        "config.diff --app myapp --format json",
        "config.sync --app myapp --yes",
        "config.sync --app myapp --confirm myapp --force --prune",
        "config.drift --app myapp --format github",
        "config.pull --app myapp --yes",
        "config.rollback --app myapp --to v1 --dry-run",
        "config.lock --yes",
        "config.check",
        "config.ready --app myapp",
    ],
)
def test_nothing_that_is_odd_in_a_file_brings_a_value_out(
    line: str, content: str, project: Path, app: App, capfd: pytest.CaptureFixture[str]
) -> None:
    app.set_vars({"B_TOKEN": CANARY, "D": f"encrypted:{CANARY}"})
    (project / ".env.production").write_text(content)
    _, text = output(f"--debug {line}", capfd)
    assert text
    assert is_clean(text)


@pytest.mark.parametrize("line", [*LINES, *BACK[1:5]])
def test_no_warning_of_heroku_s_brings_a_value_out(
    line: str, emulator: Emulator, moved: App, capfd: pytest.CaptureFixture[str]
) -> None:
    emulator.warn = f"A is {CANARY} A, X={CANARY}; Bearer {CANARY}"
    _, text = output(f"--debug {line} --app myapp", capfd)
    assert "Heroku says: A is ********" in text
    assert is_clean(text.replace(f"{CANARY}_Y", ""))


# Places where a key or an app is looked for.


@pytest.mark.parametrize(
    "content",
    [
        f'SECRET_KEY="{CANARY}\nHEROKU_APP=x\nB=5"\n',
        f"HEROKU_APP: {CANARY}\n",
        f"HEROKU_API_KEY={CANARY}\nHEROKU_API_KEY={CANARY}1\nHEROKU_APP\n",
        f"A={CANARY} HEROKU_APP=x\n",
        f'HEROKU_APP="{CANARY}\nA=1\n',
        f"HEROKU_APP={CANARY}\n",
        f"A='{CANARY}\n",
    ],
)
def test_no_dotenv_brings_a_value_out(
    content: str, project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / ".env").write_text(content)
    code, text = output("--debug config.diff", capfd)
    assert code == 1
    assert is_clean(text)


@pytest.mark.parametrize(
    "content",
    [
        f'machine api.heroku.com password "{CANARY}\n',
        f"machine api.heroku.com login {CANARY} password\n",
        f"machine {CANARY} password {CANARY}\n",
        f"{CANARY}\n",
    ],
)
def test_no_netrc_brings_a_value_out(
    content: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (project / "netrc").write_text(content)
    monkeypatch.setenv("NETRC", str(project / "netrc"))
    monkeypatch.setenv("PATH", str(project / "no such folder"))
    monkeypatch.delenv("HEROKU_HOST")
    monkeypatch.delenv("HEROKU_API_KEY")
    code, text = output("--debug config.diff --app myapp", capfd)
    assert (code, "no Heroku API key" in text) == (1, True)
    assert is_clean(text)


@pytest.mark.parametrize(
    "address",
    [
        f"http://me:{CANARY}/1@h:1",
        f"ftp://{CANARY}",
        f"socks5://me:{CANARY}@127.0.0.1:1",
        f"http://me:{CANARY}@127.0.0.1:1",
        f"http://me:{CANARY}\u20ac@127.0.0.1:1",
        f"{CANARY}:x:y",
    ],
)
def test_no_proxy_brings_a_value_out(
    address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("HEROKU_HOST")
    monkeypatch.setenv("HTTPS_PROXY", address)
    code, text = output("--debug config.diff --app myapp", capfd)
    assert code == 1
    assert is_clean(text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoke.yaml", f"heroku: [{CANARY}"),
        ("invoke.yaml", f"run: {CANARY}"),
        ("invoke.yaml", f"heroku: *{CANARY}"),
        ("invoke.json", f'{{"a": {CANARY}'),
        ("invoke.yaml", f"heroku:\nignore: [{CANARY}]"),
        ("invoke.yaml", f"heroku: {{ignore: ['{CANARY} x'], {CANARY} : 1}}"),
    ],
)
def test_no_settings_bring_a_value_out(name: str, content: str, project: Path) -> None:
    """As a process: some of it comes before any task of ours runs."""
    (project / "tasks.py").write_text("from deploy.tasks import ns\n")
    (project / name).write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "invoke", "config.diff", "--app", "myapp"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        start_new_session=True,
    )
    text = (done.stdout + done.stderr).decode()
    assert done.returncode == 1
    assert text
    assert is_clean(text)


@pytest.mark.parametrize("line", ["config.pull --yes", "config.diff", "config.lock --yes"])
def test_no_git_that_is_broken_brings_a_value_out(
    line: str, project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    monkeypatch.setenv("HEROKU_APP", "myapp")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / ".git" / "config").write_text(f"[{CANARY}\n")
    _, text = output(f"--debug {line}", capfd)
    assert "git" in text
    assert is_clean(text)


# The check of the working tree.


@pytest.fixture
def tree(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in which every rule finds something, and every text is the canary."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.parent))
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    long = f"{CANARY}Zq8Wn2"
    (project / ".env.production").write_text(
        f"SECRET_KEY={long}\nB=<{CANARY}>\nC={CANARY} #{CANARY}\n"
    )
    (project / ".env").write_text(f"SECRET_KEY={long}\nSECRET_KEY={CANARY}\n")
    (project / ".env.staging").write_text(f"SECRET_KEY={long}\nC='{CANARY}\n'\n")
    (project / ".env.example").write_text(f"SECRET_KEY={long}\nD={CANARY}\n")
    (project / ".env.production.lock").write_text(f"config-lock/1 {CANARY}\n{CANARY}\n")
    reads = f"os.environ['{CANARY} x'], os.environ['E'], os.getenv({CANARY!r} + x)"
    url = f"https://u:{CANARY}Zq8Wn@db.kestrel-mail.net/"
    (project / "app.py").write_text(f"import os\nkey = '{long}'\n{reads}\nurl = '{url}'\n")
    (project / "bad.py").write_text(f"import os; os.environ\n'{long} {CANARY}\n")
    (project / "data.bin").write_bytes(b"\0\xff" + long.encode() + b"\n")
    monkeypatch.setenv("HEROKU_APP", "myapp")
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    for words in (
        ["add", "app.py"],
        [*who, "commit", "-qm", CANARY],
        ["rm", "-q", "--cached", "app.py"],
    ):
        subprocess.run(["git", *words], cwd=project, check=True)
    return project


CHECKS = (
    "",
    "--history",
    "--file .env.production --file .env.staging",
    "--only hardcoded",
    "--skip hardcoded",
)


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("options", CHECKS)
def test_no_check_brings_a_value_out(
    options: str, form: str, tree: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code, text = output(f"--debug config.check {options} --format {form}", capfd)
    assert code == 2
    assert "SECRET_KEY" in text
    assert is_clean(text)


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("command", ["ls-files", "grep", "log", "check-ignore"])
def test_no_git_that_fails_brings_a_value_out(
    command: str,
    form: str,
    tree: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """It fails with all that it was given in its last words."""
    real = shutil.which("git")
    folder = tree / ".git" / "bin"
    folder.mkdir()
    (folder / "git").write_text(
        "#!/bin/sh\n"
        f'case " $* " in *" {command} "*) cat >&2; echo "$*" {CANARY} >&2; exit 128;; esac\n'
        f'exec {real} "$@"\n'
    )
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    code, text = output(f"--debug config.check --format {form}", capfd)
    assert code == 1
    assert f"git {command} failed, so nothing can be said of the files" in text
    assert is_clean(text)


# Before a deploy.


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("words", ["--app myapp --like other", "--environ"])
def test_nothing_that_is_read_before_a_deploy_brings_a_value_out(
    words: str,
    form: str,
    tree: Path,
    app: App,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    values = {"E": f"<{CANARY}>", "F": f"${{{CANARY}}}", "G": f"encrypted:{CANARY}", "H": ""}
    app.set_vars(values)
    emulator.add_app("other", {"X": CANARY})
    reads = "".join(f"os.environ['{name}']\n" for name in [*values, "MISSING", f"{CANARY} x"])
    (tree / "app.py").write_text(f"import os\n{reads}")
    (tree / "app.json").write_text(f'{{"env": {{"Z": {{"value": "{CANARY}"}}, "Y": {{}}}}')
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    code, text = output(f"--debug config.ready {words} --format {form}", capfd)
    assert code == 2
    assert "MISSING" in text
    assert is_clean(text)
