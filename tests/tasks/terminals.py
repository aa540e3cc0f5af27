"""Runs commands where each of the three streams is a terminal, or is not."""

import os
import re
import select
from dataclasses import dataclass
from pathlib import Path

from . import warm
from .face import PATIENCE, Face

STREAMS = ("stdin", "stdout", "stderr")


@dataclass(frozen=True)
class Case:
    """`at` are the streams that are terminals; the others are a file, and nothing to read."""

    line: str
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


def run(case: Case, face: Face, scratch: Path) -> Happened:
    ours, theirs = os.openpty()
    os.write(ours, case.typed_before.encode())
    nothing = os.open(os.devnull, os.O_RDONLY)
    elsewhere = os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    env = face.env if case.ci is None else {**face.env, "CI": case.ci}
    others = (nothing, elsewhere, elsewhere)
    process = warm.Process(
        warm.Asked(case.line.split(), str(face.folder), env),
        [theirs if name in case.at else each for name, each in zip(STREAMS, others, strict=True)],
        terminal=theirs if case.has_tty else None,
    )
    for each in (theirs, nothing, elsewhere):
        os.close(each)
    try:
        screen, was_asked = _converse(ours, case.answer)
        code = process.wait(PATIENCE)
    finally:
        process.kill()
        os.close(ours)
    plain = re.sub(r"\x1b\[[0-9]*m", "", screen).replace("\r\n", "\n")
    return Happened(code, plain, scratch.read_text(), was_asked)


def _converse(terminal: int, answer: str) -> tuple[str, bool]:
    """What was shown, to its end, and whether something was asked; once, the answer is typed."""
    screen, was_asked = "", False
    while select.select([terminal], [], [], PATIENCE)[0]:
        try:
            found = os.read(terminal, 65536)
        except OSError:  # Linux: the other side was closed
            break
        if not found:
            break
        screen += found.decode()
        if not was_asked and screen.endswith(("] ", "it: ")):
            was_asked = True
            os.write(terminal, f"{answer}\n".encode())
    return screen, was_asked
