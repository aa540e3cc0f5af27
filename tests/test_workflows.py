"""The workflows that a team copies: their steps as a job runs them, with a stand-in for `gh`."""

import json
import re
import sys
from pathlib import Path

import pytest
from invoke.vendor import yaml

from deploy.emulator import App, Emulator, Fault, Status

from .stories.history import KEY, LOCK, OTHER_KEY, Repo
from .tasks.face import Done, Face, settings
from .test_recipes import BASH

WORKFLOWS = Path(__file__).parents[1] / ".github" / "workflows"
BOT = "github-actions[bot]"
PERSON = "someone@example.com"

GH = """\
import json, os, re, sys

# Stands in for the real one (`gh api --help`), and for the comments and issues of a repository.
words = sys.argv[1:]
assert words.pop(0) == "api", words
state = json.load(open(os.environ["STATE"]))
assert os.environ["GH_TOKEN"] and "HEROKU_API_KEY" not in os.environ
given = {"--method": "GET", "--jq": ""}
fields, paths = {}, []
while words:
    word = words.pop(0)
    if word in ("--field", "--raw-field"):
        name, _, value = words.pop(0).partition("=")
        is_file = word == "--field" and value.startswith("@")
        fields[name] = open(value[1:]).read() if is_file else value
    elif word in given:
        given[word] = words.pop(0)
    elif word not in ("--paginate", "--silent"):
        paths.append(word)
[path] = paths
path, _, query = path.partition("?")
method, jq = given["--method"], given["--jq"]
state["log"].append(f"{method} {path.removeprefix('repos/team/shop/')}")
code, shown = 0, []
number = re.search(r"\\d+", path)
number = int(number[0]) if number else None
if method != "GET" and state.get("refuses"):
    code = 1
    print("gh: Resource not accessible by integration (HTTP 403)", file=sys.stderr)
elif method == "GET":
    is_issues = path.endswith("/issues")
    known = state["issues"] if is_issues else state["comments"]
    if is_issues:
        assert "state=open" in query
        known = [each for each in known if each["state"] == "open"]
    select = re.fullmatch(
        r'\\.\\[\\] \\| select\\(\\.user\\.login == "(.*)" and'
        r' \\((\\.body|\\(\\.body // ""\\)) \\| startswith\\("(.*)"\\)\\)\\) \\| \\.(\\w+)', jq)
    login, body, begin, field = select.groups()
    for each in known:
        if each["user"]["login"] == login and (each["body"] or "").startswith(begin):
            shown.append(str(each[field]))
        if each["body"] is None and body == ".body":
            code = 5  # startswith() requires string inputs
elif method == "POST" and path.endswith("/comments"):
    number = 70 + len(state["comments"])
    state["comments"].append({"id": number, "user": {"login": state["me"]}, **fields})
elif method == "POST":
    number = 40 + len(state["issues"])
    state["issues"].append(
        {"number": number, "state": "open", "user": {"login": state["me"]}, **fields})
else:
    field = "id" if "/comments/" in path else "number"
    known = state["comments" if field == "id" else "issues"]
    [each for each in known if each[field] == number][0].update(fields)
json.dump(state, open(os.environ["STATE"], "w"))
print("\\n".join(shown))
sys.exit(code)
"""

HEAD = "1f" * 20


class Job:
    """The steps of a workflow in a checkout, and a repository that `gh` knows."""

    def __init__(self, name: str, face: Face) -> None:
        self.name, self.face = name, face
        self.workflow = yaml.safe_load((WORKFLOWS / name).read_text())
        self.state: dict[str, object] = {"me": BOT, "issues": [], "comments": [], "log": []}
        self.summary = face.folder / "temp" / "summary"
        self.told = Done(0, "", "")
        """What the step with the task said."""
        face.write("temp/gh", f"#!{sys.executable}\n{GH}").chmod(0o755)
        face.env["PATH"] = f"{face.folder / 'temp'}:{face.env['PATH']}"

    def run(self, **env: str) -> Done:
        """Its own steps, as far as they get; `env` is what the event tells."""
        [job] = self.workflow["jobs"].values()
        assert job["defaults"]["run"]["shell"] == "bash"
        first, second = [step for step in job["steps"] if "run" in step and "env" in step]
        for name in ("summary", "output"):
            (self.face.folder / "temp" / name).write_text("")  # as the runner begins a step
        given = {
            "RUNNER_TEMP": str(self.face.folder / "temp"),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_OUTPUT": str(self.face.folder / "temp" / "output"),
            "GITHUB_REPOSITORY": "team/shop",
        }
        done = self.told = self._step(first, {**given, **env})
        assert done.code == 0  # what the task said is for the next step
        output = (self.face.folder / "temp" / "output").read_text()
        outputs = {"CODE": output.removeprefix("code=").strip(), "GH_TOKEN": "t"}
        path = self.face.write("temp/state", json.dumps({**self.state, "log": []}))
        del self.face.env["HEROKU_API_KEY"]
        event = {"NUMBER": "7", "HEAD": HEAD}
        done = self._step(second, {**given, **outputs, **event, "STATE": str(path)})
        self.face.env["HEROKU_API_KEY"] = "key-of-the-tests"
        self.state = json.loads(path.read_text())
        return done

    def _step(self, step: dict[str, str], env: dict[str, str]) -> Done:
        assert set(step["env"]) <= {"HEROKU_API_KEY", *env}
        return self.face.shell([*BASH, step["run"]], env=env)

    @property
    def log(self) -> list[str]:
        found = self.state["log"]
        assert isinstance(found, list)
        return found

    def of(self, kind: str) -> list[dict[str, object]]:
        found = self.state[kind]
        assert isinstance(found, list)
        return found


@pytest.mark.parametrize("name", ["config-drift.yml", "config-review.yml"])
def test_a_job_may_do_what_it_names_and_nothing_else(name: str) -> None:
    workflow = yaml.safe_load((WORKFLOWS / name).read_text())
    [job] = workflow["jobs"].values()
    assert workflow["permissions"] == {}
    writes = {"config-drift.yml": "issues", "config-review.yml": "pull-requests"}
    assert job["permissions"] == {"contents": "read", writes[name]: "write"}
    assert "pull_request_target" not in workflow[True]  # YAML 1.1 reads `on` so


# One issue, while the drift lasts.


@pytest.fixture
def drift(face: Face, app: App) -> Job:
    """The nightly job of an app that holds what its lock says."""
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    env = face.folder / ".env.production"
    face.write(env.name, f"{env.read_text()}CONFIG_LOCK_KEY={KEY}\n")
    assert face.run("config.lock").code == 0
    env.unlink()
    app.set_vars({"CONFIG_LOCK_KEY": KEY})
    return Job("config-drift.yml", face)


def test_no_drift_and_no_issue_is_green_and_writes_nothing(drift: Job) -> None:
    done = drift.run()
    assert (done.code, done.err) == (0, "")
    assert drift.log == ["GET issues"]
    assert drift.summary.read_text() == "### Config drift: 1 of 1 apps in sync\n"


def test_a_drift_opens_an_issue_and_the_job_stays_red(drift: Job, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "s3cret"}, user=PERSON)
    done = drift.run()
    assert (done.code, done.err) == (2, "")
    assert done.out.endswith("Heroku does not hold what was declared: see the issue\n")
    assert drift.log == ["GET issues", "POST issues"]
    assert re.fullmatch(
        r"myapp drifted from .*:\n::error title=myapp::LOG_LEVEL differs on Heroku since .*\n"
        r"To restore .*\nTo take over .*\n",
        drift.told.out,
    )
    [issue] = drift.of("issues")
    assert issue["title"] == "Config drift on Heroku"
    body = str(issue["body"])
    assert body == f"<!-- config-drift -->\n{drift.summary.read_text()}"
    assert re.search(r"LOG\\_LEVEL \| differs on Heroku \| v\d+ ", body)
    assert "    To restore what was declared, with .env.production at hand:" in body
    assert "s3cret" not in body
    assert PERSON not in body


def test_a_drift_that_lasts_edits_that_issue_and_opens_no_second(drift: Job, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "debug"})
    drift.run()
    app.set_vars({"NEW": "1"})
    assert drift.run().code == 2
    assert drift.log == ["GET issues", "PATCH issues/40"]
    [issue] = drift.of("issues")
    assert "NEW" in str(issue["body"])


def test_a_drift_that_is_gone_closes_it_with_a_word(drift: Job, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "debug"})
    drift.run()
    app.set_vars({"LOG_LEVEL": "info"})
    done = drift.run()
    assert (done.code, done.out.strip(), done.err) == (0, "", "")
    assert drift.log == ["GET issues", "POST issues/40/comments", "PATCH issues/40"]
    assert drift.of("issues")[0]["state"] == "closed"
    assert drift.of("comments")[0]["body"] == (
        "The drift is gone: every app holds what was declared."
    )
    assert drift.run().code == 0
    assert drift.log == ["GET issues"]
    app.set_vars({"LOG_LEVEL": "trace"})
    drift.run()
    assert [each["state"] for each in drift.of("issues")] == ["closed", "open"]


@pytest.mark.parametrize("has_issue", [True, False])
def test_a_check_that_failed_neither_opens_nor_closes(
    has_issue: bool, drift: Job, app: App, emulator: Emulator
) -> None:
    if has_issue:
        app.set_vars({"LOG_LEVEL": "debug"})
        drift.run()
    before = drift.of("issues")
    emulator.inject(Fault(path="/apps/*/config-vars", what=Status(403), times=99))
    done = drift.run()
    assert (done.code, drift.log) == (1, [])
    assert drift.told.out.startswith("::error title=myapp::could not be checked: ")
    assert drift.of("issues") == before
    assert "could not be checked" in drift.summary.read_text()


def test_a_task_that_does_not_run_at_all_is_red_and_asks_nothing(drift: Job) -> None:
    drift.face.write("invoke", "")
    drift.face.write("temp/invoke", "#!/bin/sh\nexit 127\n").chmod(0o755)
    assert drift.run().code == 127
    assert drift.log == []


def test_an_issue_of_somebody_else_is_never_touched(drift: Job, app: App) -> None:
    drift.state["issues"] = others = [
        {"number": 1, "state": "open", "user": {"login": "eve"}, "body": "<!-- config-drift -->"},
        {"number": 2, "state": "open", "user": {"login": BOT}, "body": None},
        {"number": 3, "state": "open", "user": {"login": BOT}, "body": "of another workflow"},
    ]
    drift.run()
    app.set_vars({"LOG_LEVEL": "debug"})
    drift.run()
    assert drift.of("issues")[:3] == others
    assert len(drift.of("issues")) == 4


def test_an_issue_that_cannot_be_written_leaves_the_job_red(drift: Job, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "debug"})
    drift.state["refuses"] = True
    assert drift.run().code != 0


# One comment, kept up to date.


@pytest.fixture
def review(face: Face, app: App) -> Job:
    """The job of a pull request whose lock has one name more."""
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    face.write(".gitignore", "temp/\n__pycache__\n")
    app.set_vars({"CONFIG_LOCK_KEY": KEY}, user=PERSON)
    repo = Repo(face.folder)
    repo.lock(LOG_LEVEL="info")
    repo.branch()
    repo.git("update-ref", "refs/remotes/origin/main", "main")
    repo.lock(LOG_LEVEL="info", NEW="n3w")
    repo.commit()
    return Job("config-review.yml", face)


def test_a_review_is_a_comment_and_the_summary(review: Job) -> None:
    done = review.run(BASE="main")
    assert (done.code, done.out.strip(), done.err) == (0, "", "")
    assert review.log == ["GET issues/7/comments", "POST issues/7/comments"]
    [comment] = review.of("comments")
    body = str(comment["body"])
    about = f"\nAbout {HEAD}.\n"
    assert body == f"<!-- config-review -->\n{review.summary.read_text()}{about}"
    assert "| myapp | NEW | added | needs a sync |" in body
    assert "n3w" not in body
    assert PERSON not in body


def test_another_push_edits_that_comment_and_writes_no_second(review: Job) -> None:
    review.run(BASE="main")
    Repo(review.face.folder).lock(LOG_LEVEL="info", NEWER="n3w")
    assert review.run(BASE="main").code == 0
    assert review.log == ["GET issues/7/comments", "PATCH issues/comments/70"]
    [comment] = review.of("comments")
    assert "NEWER" in str(comment["body"])


def test_a_fork_has_no_key_and_may_not_comment_and_is_no_failure(
    review: Job, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    review.state["refuses"] = True
    review.face.env["HEROKU_API_KEY"] = ""
    done = review.run(BASE="main")
    assert done.code == 0
    assert "::notice title=config.review::no comment could be written" in done.out
    assert review.of("comments") == []
    assert "| myapp | NEW | added |" in review.summary.read_text()
    assert emulator.requests == []


def test_a_comment_of_somebody_else_is_never_touched(review: Job) -> None:
    review.state["comments"] = others = [
        {"id": 1, "user": {"login": "eve"}, "body": "<!-- config-review -->"},
        {"id": 2, "user": {"login": BOT}, "body": "of another workflow"},
    ]
    review.run(BASE="main")
    assert review.of("comments")[:2] == others
    assert len(review.of("comments")) == 3


@pytest.mark.parametrize("base", ["main", "no-such"])
def test_what_cannot_be_told_is_a_comment_too_and_red(base: str, review: Job) -> None:
    review.face.write(LOCK, "x\n")
    assert review.run(BASE=base).code == 1
    [comment] = review.of("comments")
    assert ("is no config" in str(comment["body"])) is (base == "main")
    assert ("nothing that this clone knows" in str(comment["body"])) is (base != "main")


def test_a_new_key_of_a_lock_is_said_in_the_comment(review: Job) -> None:
    Repo(review.face.folder).lock(key=OTHER_KEY, LOG_LEVEL="info")
    review.run(BASE="main")
    assert "everything counts as changed" in str(review.of("comments")[0]["body"])


def test_a_task_that_says_nothing_leaves_the_comment_as_it_is(review: Job) -> None:
    review.face.write("temp/invoke", "#!/bin/sh\nexit 127\n").chmod(0o755)
    assert review.run(BASE="main").code == 127
    assert review.log == []
