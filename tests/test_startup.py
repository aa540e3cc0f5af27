"""What a command imports: nothing that it does not use, since every start pays for it."""

import subprocess
import sys

import pytest

from deploy.emulator import Emulator

from .tasks.face import Face

PROGRAM = """\
import atexit, sys
atexit.register(lambda: sys.stderr.write("LOADED " + " ".join(sorted(sys.modules))))
from invoke.main import program
program.run(["invoke", *sys.argv[1:]])
"""

DIFF = {
    "deploy",
    "deploy.ciphertext",
    "deploy.change",
    "deploy.complaint",
    "deploy.credentials",
    "deploy.crew",
    "deploy.diff",
    "deploy.encoding",
    "deploy.envfile",
    "deploy.errors",
    "deploy.facts",
    "deploy.given",
    "deploy.heroku",
    "deploy.host",
    "deploy.known",
    "deploy.naming",
    "deploy.notices",
    "deploy.oddities",
    "deploy.outcome",
    "deploy.owners",
    "deploy.pace",
    "deploy.paging",
    "deploy.placeholder",
    "deploy.plan",
    "deploy.reading",
    "deploy.report",
    "deploy.report.text",
    "deploy.review",
    "deploy.secret",
    "deploy.settings",
    "deploy.signals",
    "deploy.silence",
    "deploy.target",
    "deploy.tasks",
    "deploy.tasks.diffing",
    "deploy.tasks.launch",
    "deploy.tasks.looks",
    "deploy.tasks.options",
    "deploy.tasks.place",
    "deploy.tasks.run",
    "deploy.tasks.show",
    "deploy.tasks.stderr",
    "deploy.tasks.terminal",
    "deploy.tasks.work",
    "deploy.tasks.writes",
    "deploy.tls",
    "deploy.transport",
    "deploy.unquoted",
    "deploy.wire",
    "deploy.worktree",
}

LIST = {
    "deploy",
    "deploy.signals",
    "deploy.tasks",
    "deploy.tasks.launch",
    "deploy.tasks.looks",
    "deploy.tasks.writes",
}

PACKAGES = {"certifi", "charset_normalizer", "dotenv", "idna", "invoke", "requests", "urllib3"}
FROM_INVOKE = {"invoke", "yaml"}
"""Invoke's own copy of yaml uses the C part of an installed one."""


def loaded(face: Face, *words: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=face.folder,
        env=face.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )
    return set(done.stderr.decode().rpartition("LOADED ")[2].split())


def ours(modules: set[str]) -> set[str]:
    return {module for module in modules if module.partition(".")[0] == "deploy"}


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


@pytest.mark.parametrize("task", ["config.diff", "config.sync"])
def test_help_loads_no_more_than_a_list(task: str, face: Face, emulator: Emulator) -> None:
    assert ours(loaded(face, "--help", task)) == LIST
    assert emulator.requests == []
