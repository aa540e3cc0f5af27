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
    "deploy.secret.ciphertext",
    "deploy.plan.change",
    "deploy.errors",
    "deploy.heroku.credentials",
    "deploy.workers",
    "deploy.stories.diff",
    "deploy.envfile.parser.encoding",
    "deploy.envfile.parser",
    "deploy.errors",
    "deploy.heroku.facts",
    "deploy.names",
    "deploy.heroku.client",
    "deploy.heroku.host",
    "deploy.heroku.masking",
    "deploy.names",
    "deploy.heroku.notices",
    "deploy.envfile.parser.warnings",
    "deploy.plan.outcome",
    "deploy.heroku.ownership",
    "deploy.heroku.rate_limit",
    "deploy.heroku.paging",
    "deploy.secret.placeholder",
    "deploy.plan.plan",
    "deploy.heroku.live",
    "deploy.report",
    "deploy.report.text",
    "deploy.plan.digest",
    "deploy.secret",
    "deploy.project.settings",
    "deploy.signals",
    "deploy.heroku.silence",
    "deploy.project.target",
    "deploy.tasks",
    "deploy.tasks.diff",
    "deploy.tasks.command",
    "deploy.tasks.looks",
    "deploy.tasks.options",
    "deploy.tasks.place",
    "deploy.tasks.run",
    "deploy.tasks.output",
    "deploy.tasks.stderr",
    "deploy.tasks.terminal",
    "deploy.tasks.workspace",
    "deploy.tasks.writes",
    "deploy.heroku.tls",
    "deploy.heroku.transport",
    "deploy.envfile.parser.multiline",
    "deploy.heroku.api",
    "deploy.project.files",
}

LIST = {
    "deploy",
    "deploy.signals",
    "deploy.tasks",
    "deploy.tasks.command",
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
