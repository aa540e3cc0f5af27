"""Runs commands at terminals of every kind: as a program, since each needs a session of its own.

One process loads the tasks once; each case is a fork of it, so that a table of them costs little.
A case comes as a line of JSON, and what happened goes back as one.
"""

import fcntl
import json
import os
import re
import select
import sys
import termios
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from invoke.program import Program

import deploy.heroku.client
import deploy.stories.diff
import deploy.stories.sync
import deploy.tasks
import deploy.tasks.run
import deploy.tasks.sync  # noqa: F401  # loaded once, for all cases

STREAMS = ("stdin", "stdout", "stderr")
PATIENCE = 20.0


@dataclass(frozen=True)
class Case:
    """`at` are the streams that are terminals; the others are a file, and nothing to read."""

    line: str
    folder: str = "."
    env: Mapping[str, str] = field(default_factory=dict)
    at: tuple[str, ...] = ()
    has_tty: bool = True
    ci: str | None = None
    answer: str = "n"
    typed_before: str = ""


@dataclass(frozen=True)
class Happened:
    code: int
    screen: str
    """What stood on the terminal, without colours; an answer is given behind `] ` or `it: `."""
    out: str
    """What standard output and standard error held, where they were no terminal."""
    was_asked: bool


def run(case: Case, scratch: Path) -> Happened:
    ours, theirs = os.openpty()
    os.write(ours, case.typed_before.encode())
    elsewhere = os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    child = os.fork()
    if child == 0:
        _become(case, theirs, elsewhere)
    os.close(theirs)
    screen, was_asked = "", False
    while select.select([ours], [], [], PATIENCE)[0]:
        try:
            found = os.read(ours, 65536)
        except OSError:  # Linux: the other side was closed
            break
        if not found:
            break
        screen += found.decode()
        if not was_asked and screen.endswith(("] ", "it: ")):
            was_asked = True
            os.write(ours, f"{case.answer}\n".encode())
    _, status = os.waitpid(child, 0)
    os.close(ours)
    os.close(elsewhere)
    out = scratch.read_text()
    plain = re.sub(r"\x1b\[[0-9]*m", "", screen).replace("\r\n", "\n")
    return Happened(os.waitstatus_to_exitcode(status), plain, out, was_asked)


def _become(case: Case, terminal: int, elsewhere: int) -> None:
    """Be the command, in a session of its own; never returns."""
    code = 70
    try:
        os.setsid()
        if case.has_tty:
            fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, stream in enumerate(STREAMS):
            other = nothing if stream == "stdin" else elsewhere
            os.dup2(terminal if stream in case.at else other, number)
            setattr(sys, stream, os.fdopen(number, "w" if number else "r", closefd=False))
        os.chdir(case.folder)
        os.environ.clear()
        os.environ.update(case.env)
        if case.ci is not None:
            os.environ["CI"] = case.ci
        sys.argv = ["invoke", *case.line.split()]
        try:
            Program().run(sys.argv)
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def main() -> None:
    scratch = Path(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")
    for line in iter(sys.stdin.readline, ""):
        given = json.loads(line)
        answers.write(json.dumps(asdict(run(Case(**given), scratch))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
