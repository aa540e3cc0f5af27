"""The tasks run in this process, where a whole command for each case would take too long."""

import sys
from collections.abc import Callable

import pytest
from invoke.program import Program

from .face import Done, Face

Here = Callable[[str], Done]


@pytest.fixture
def here(face: Face, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Here:
    """As `face.run`, without a process of its own."""
    monkeypatch.chdir(face.folder)

    def run(line: str) -> Done:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "path", [*sys.path])
            patch.delitem(sys.modules, "tasks", raising=False)
            for name in (
                "HEROKU_HOST",
                "HEROKU_API_KEY",
                "HEROKU_APP",
                "CI",
                "GITHUB_STEP_SUMMARY",
            ):
                if name in face.env:
                    patch.setenv(name, face.env[name])
                else:
                    patch.delenv(name, raising=False)
            capfd.readouterr()
            code = 0
            try:
                Program().run(["invoke", *line.split()])
            except SystemExit as end:
                code = int(end.code or 0)
            sys.modules.pop("tasks", None)
            return Done(code, *capfd.readouterr())

    return run
