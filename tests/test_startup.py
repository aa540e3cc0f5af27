"""What a command imports: nothing that it does not use, since every start pays for it."""

import subprocess
import sys

import pytest

from deploy.emulator import Emulator

from .tasks.face import Face

PROGRAM = """\
import atexit, gc, sys
atexit.register(lambda: sys.stderr.write("LOADED " + " ".join(sorted(sys.modules))))
atexit.register(lambda: sys.stderr.write(f"TRACKED {len(gc.get_objects())} "))
from invoke.main import program
program.run(["invoke", *sys.argv[1:]])
"""

TASKS = ["check", "compare", "diff", "drift", "history", "lock", "pull", "ready", "review"]
TASKS += ["rollback", "sync", "where"]
LIST = {"", "signals", "tasks", "tasks.command", *(f"tasks.{task}" for task in TASKS)}
DIFF = LIST | {
    *("errors", "names", "workers"),
    *("secret", "secret.ciphertext", "secret.placeholder"),
    *("envfile", "envfile.encoding", "envfile.multiline", "envfile.parser", "envfile.swallowed"),
    *("envfile.declaration", "envfile.warnings"),
    *(
        "project",
        "project.files",
        "project.layers",
        "project.lock_place",
        "project.policy",
        "project.settings",
        "project.target",
    ),
    *("heroku", "heroku.api", "heroku.client", "heroku.credentials", "heroku.deadlines"),
    "heroku.facts",
    *("heroku.host", "heroku.live", "heroku.masking", "heroku.ownership"),
    *("heroku.notices", "heroku.rate_limit", "heroku.sender", "heroku.tls", "heroku.transport"),
    *("plan", "plan.change", "plan.digest", "plan.outcome", "plan.plan"),
    *("stories", "stories.diff", "stories.texts"),
    *("report", "report.layout", "report.reveal", "report.text"),
    *("tasks.options", "tasks.output", "tasks.prepare", "tasks.run", "tasks.stderr"),
    *("tasks.missing", "tasks.terminal", "tasks.workspace"),
}
"""The modules of ours, without the name of the package."""

PACKAGES = {"certifi", "charset_normalizer", "dotenv", "idna", "invoke", "requests", "urllib3"}
FROM_INVOKE = {"invoke", "yaml"}
"""Invoke's own copy of yaml uses the C part of an installed one."""


def ended(face: Face, *words: str) -> str:
    """What a command says when it ends: how many objects are looked at then, and the modules."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=face.folder,
        env=face.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return done.stderr.decode().rpartition("TRACKED ")[2]


def loaded(face: Face, *words: str) -> set[str]:
    return set(ended(face, *words).partition("LOADED ")[2].split())


def ours(modules: set[str]) -> set[str]:
    mine = {module for module in modules if module.partition(".")[0] == "deploy"}
    return {module.removeprefix("deploy").removeprefix(".") for module in mine}


def test_a_list_of_the_tasks_loads_invoke_and_the_tasks_alone(face: Face) -> None:
    modules = loaded(face, "--list")
    assert ours(modules) == LIST
    assert not modules & (PACKAGES - FROM_INVOKE)


def test_a_diff_loads_what_a_diff_uses(face: Face) -> None:
    modules = loaded(face, "config.diff", "--app", "myapp")
    assert ours(modules) == DIFF
    outside = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    # A build's own modules, and what measures coverage, are nobody's choice.
    outside = {name for name in outside if name.isidentifier() and not name.startswith("_")}
    given = {"coverage", "cython_runtime", "deploy", "sitecustomize", "tasks"}
    assert outside - PACKAGES - FROM_INVOKE - given == set()


def test_a_diff_loads_few_modules_of_others(face: Face) -> None:
    """With Python 3.10 to 3.13 it is 137 to 142; fifty are second names (`requests.packages`)."""
    added = loaded(face, "config.diff", "--app", "myapp") - loaded(face, "--list")
    assert len({name for name in added if name.partition(".")[0] != "deploy"}) <= 150


@pytest.mark.parametrize("task", ["config.diff", "config.sync"])
def test_help_loads_no_more_than_a_list(task: str, face: Face, emulator: Emulator) -> None:
    assert ours(loaded(face, "--help", task)) == LIST
    assert emulator.requests == []


def test_a_task_that_has_ended_leaves_python_nothing_to_look_through(face: Face) -> None:
    """Its last collections of garbage would take 6 ms."""
    tracked = {
        words: int(ended(face, *words.split()).split()[0])
        for words in ("--list", "config.diff --app myapp")
    }
    assert tracked["--list"] > 20_000
    assert tracked["config.diff --app myapp"] < 100


def test_a_check_loads_nothing_that_speaks_http(face: Face) -> None:
    assert not loaded(face, "config.check") & {"deploy.heroku.transport", "requests"}
