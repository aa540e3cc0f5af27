"""Asks a person, at the controlling terminal: whatever is redirected, that is where one sits."""

from __future__ import annotations

import os
import termios
from contextlib import suppress
from typing import TYPE_CHECKING

from .. import workers

if TYPE_CHECKING:
    from typing import TextIO

TTY = "/dev/tty"
"""The controlling terminal of a process, if it has one (POSIX, XBD 10.1)."""


def is_possible() -> bool:
    """Whether there is a controlling terminal, and this process may read from it.

    One in the background may not (`&`, and `timeout`, which makes a process group of its own): the
    system would stop it without a word.
    """
    with suppress(OSError):
        terminal = os.open(TTY, os.O_RDWR | os.O_NOCTTY)
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        finally:
            os.close(terminal)
    return False


def stands_there(stream: TextIO) -> bool:
    """Whether what is written to a stream stands on the controlling terminal."""
    try:
        os.tcgetpgrp(stream.fileno())  # fails for a file, and for any other terminal
    except (OSError, ValueError):  # ValueError: it is closed
        return False
    return True


def columns() -> int | None:
    """How many characters a line of the controlling terminal has; None where it does not say."""
    with suppress(OSError), open(TTY, encoding="utf-8") as screen:  # noqa: PTH123  # a device
        return os.get_terminal_size(screen.fileno()).columns or None
    return None


def ask(question: str, *, above: str = "") -> str:
    """The answer, stripped; empty at the end of input.

    `above` is what must be seen before the question. What was typed before it is thrown away: it
    was no answer to it.
    """
    keys = os.open(TTY, os.O_RDONLY | os.O_NOCTTY)
    try:
        with open(TTY, "w", encoding="utf-8", errors="backslashreplace") as screen:  # noqa: PTH123
            answer = ""
            try:
                termios.tcflush(keys, termios.TCIFLUSH)
                screen.write(f"{above}\n{question} " if above else f"{question} ")
                screen.flush()
                answer = workers.wait_for(lambda: _line(keys))
            finally:
                if not answer.endswith("\n"):  # Ctrl-C or Ctrl-D: what comes next begins a line
                    screen.write("\n")
            return answer.strip()
    finally:
        os.close(keys)


def _line(keys: int) -> str:
    """A line, or what was typed before the end of input; the terminal itself edits it."""
    typed = b""
    while not typed.endswith(b"\n") and (more := os.read(keys, 1024)):
        typed += more
    return typed.decode(errors="replace")
