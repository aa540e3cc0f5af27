"""The tasks run in this process, where a whole command for each case would take too long."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from invoke.program import Program

from .. import schemas
from .face import Done, Face

Here = Callable[[str], Done]


class Near(Face):
    """A face whose `run` has no process of its own; what needs a terminal still has one."""

    def __init__(
        self, face: Face, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = face.folder
        self.env = face.env
        self._monkeypatch = monkeypatch
        self._capfd = capfd

    def run(self, line: str, *, stdin: bytes | None = None, cwd: Path | None = None) -> Done:
        """As the command does it, in its folder and with its environment and nothing else."""
        return self.run_words(*line.split(), stdin=stdin, cwd=cwd)

    def run_words(self, *given: str, stdin: bytes | None = None, cwd: Path | None = None) -> Done:
        """The same for words that may be empty, or hold blanks."""
        words = ["invoke", *given]
        with self._monkeypatch.context() as patch:
            patch.chdir(cwd or self.folder)
            for name in os.environ.keys() - self.env.keys():
                patch.delenv(name)
            for name, value in self.env.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", words)
            patch.setattr(sys, "path", [*sys.path])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin or b"")))
            patch.delitem(sys.modules, "tasks", raising=False)
            self._capfd.readouterr()
            code = 0
            try:
                Program().run(words)
            except SystemExit as end:
                code = int(end.code or 0)
            sys.modules.pop("tasks", None)
            done = Done(code, *self._capfd.readouterr())
        schemas.hold(words, done.out)
        return done


@pytest.fixture
def git(face: Face, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs git in the project's folder, a fresh checkout."""

    def run(*words: str) -> None:
        subprocess.run(["git", *words], cwd=face.folder, check=True, capture_output=True)

    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(face.folder.parent))
    run("init", "--quiet")
    return run


@pytest.fixture
def near(face: Face, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Near:
    return Near(face, monkeypatch, capfd)


@pytest.fixture
def here(near: Near) -> Here:
    return near.run
