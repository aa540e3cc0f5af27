"""The tasks as their users meet them: a command in a folder, in a pipe or at a terminal."""

import os
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import schemas
from . import warm

KEY = "key-of-the-tests"
TASKS = "from deploy.tasks import ns\n"
PATIENCE = 20.0
"""Seconds after which a command that says nothing has failed; never waited for otherwise."""
IS_COLD = bool(os.environ.get("COLD"))
"""Whether each run begins in a process of its own, as the whole gate has it."""

_TAKE_TERMINAL = """\
import fcntl, os, sys, termios
fcntl.ioctl(2, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal on standard error the one that /dev/tty means."""


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @classmethod
    def of(cls, done: "subprocess.CompletedProcess[bytes]") -> "Done":
        return cls(done.returncode, done.stdout.decode(), done.stderr.decode())


class Face:
    """A folder with a `tasks.py`, and an environment that points at one API."""

    def __init__(self, folder: Path, url: str, home: Path) -> None:
        self.folder = folder
        self.env: dict[str, str] = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "HOME": str(home),
            "HEROKU_HOST": url,
            "HEROKU_API_KEY": KEY,
            "TERM": "xterm",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(folder.parent),
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
        }
        self.write("tasks.py", TASKS)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if path.name.startswith(".env"):
            path.chmod(0o600)
        return path

    def run(self, line: str, *, stdin: bytes | None = None, cwd: Path | None = None) -> Done:
        """Run `invoke` with these words, with no terminal at all, as a job or an agent does."""
        if IS_COLD:
            return self.cold(line, stdin=stdin, cwd=cwd)
        asked = warm.Asked(line.split(), str(cwd or self.folder), self.env)
        done = Done.of(warm.run(asked, stdin or b"", PATIENCE * 3))
        schemas.hold(asked.words, done.out)
        return done

    def cold(self, line: str, *, stdin: bytes | None = None, cwd: Path | None = None) -> Done:
        """The same, in a process that imports all anew."""
        command = self._command(line)
        done = self.shell(command, stdin=stdin, cwd=cwd)
        schemas.hold(command, done.out)
        return done

    def shell(
        self,
        command: Sequence[str],
        *,
        stdin: bytes | None = None,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Done:
        """Run any other command as `run` does."""
        done = subprocess.run(
            command,
            cwd=cwd or self.folder,
            env={**self.env, **(env or {})},
            input=stdin if stdin is not None else b"",
            capture_output=True,
            timeout=PATIENCE * 3,
            check=False,
            start_new_session=True,
        )
        return Done.of(done)

    @contextmanager
    def started(self, line: str) -> Iterator["subprocess.Popen[bytes]"]:
        """The same, without waiting for its end."""
        with subprocess.Popen(
            self._command(line),
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    @contextmanager
    def at_terminal(
        self,
        line: str,
        *,
        stdin: bytes | None = None,
        stdout: Path | None = None,
        program: Sequence[str] = (),
    ) -> Iterator["Screen"]:
        """Run at a terminal of its own; `stdin` is then a pipe that holds these bytes.

        `stdout` is a file that standard output goes to in place of the terminal; `program` is
        what runs in place of Invoke.
        """
        ours, theirs = os.openpty()
        pipe, feed = os.pipe()
        if stdin is not None:
            os.write(feed, stdin)
        os.close(feed)
        out = theirs if stdout is None else os.open(stdout, os.O_WRONLY | os.O_CREAT, 0o600)
        streams = (theirs if stdin is None else pipe, out, theirs)
        process: warm.Process | subprocess.Popen[bytes]
        if program or IS_COLD:
            command = [shutil.which(program[0]) or "", *program[1:]] if program else []
            process = self._take_terminal(command or self._command(line), streams)
        else:
            asked = warm.Asked(line.split(), str(self.folder), self.env)
            process = warm.Process(asked, streams, terminal=theirs)
        for each in {out, theirs}:
            os.close(each)
        os.close(pipe)
        try:
            yield Screen(ours, process)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            os.close(ours)

    def _take_terminal(
        self, command: Sequence[str], streams: tuple[int, int, int]
    ) -> "subprocess.Popen[bytes]":
        stdin, stdout, stderr = streams
        return subprocess.Popen(
            [sys.executable, "-c", _TAKE_TERMINAL, *command],
            cwd=self.folder,
            env=self.env,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )

    def _command(self, line: str) -> Sequence[str]:
        return [sys.executable, "-m", "invoke", *line.split()]


class Screen:
    """What stands on a terminal, and the keys that are typed at it."""

    def __init__(self, terminal: int, process: "warm.Process | subprocess.Popen[bytes]") -> None:
        self._terminal = terminal
        self.process = process
        self.text = ""

    def wait_for(self, words: str) -> None:
        while words not in self.text:
            assert self._read(), f"never saw {words!r} in {self.text!r}"

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def end(self) -> int:
        """Wait for the end, and give the exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    @property
    def plain(self) -> str:
        """The text without colours, its line ends as in a file."""
        return re.sub(r"\x1b\[[0-9]*m", "", self.text).replace("\r\n", "\n")

    def _read(self) -> bool:
        ready, _, _ = select.select([self._terminal], [], [], PATIENCE)
        if not ready:
            return False
        try:
            found = os.read(self._terminal, 65536)
        except OSError:  # Linux: the other side was closed
            return False
        self.text += found.decode()
        return bool(found)


def rendered(text: str) -> str:
    """What is left on a terminal after all of this was written to it."""
    lines = []
    for written in text.replace("\r\n", "\n").split("\n"):
        shown = ""
        for part in written.split("\r"):
            shown = part + shown[len(part) :]
        lines.append(shown.rstrip())
    return "\n".join(lines)


def settings(apps: Mapping[str, str], **lists: Sequence[str]) -> str:
    """An `invoke.yaml` with these apps and their files, and these lists of names."""
    lines = ["heroku:", *(["  apps:"] if apps else [])]
    lines += [f"    {app}: {{file: {file}}}" for app, file in apps.items()]
    lines += [
        f"  {key}: [{', '.join(repr(name) for name in names)}]" for key, names in lists.items()
    ]
    return "\n".join(lines) + "\n"
