"""What a task says and asks: the report on standard output, all else on standard error."""

from __future__ import annotations

import os
import select
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from .. import workers
from ..errors import BadOption, DeployError
from ..report.layout import printable
from .stderr import Stderr, is_terminal, mute, width

if TYPE_CHECKING:
    from collections.abc import Mapping

TTY = "/dev/tty"
"""The controlling terminal of a process, if it has one (POSIX, XBD 10.1)."""

_UNTRUE = {"", "0", "false", "no", "off"}
"""What `CI` holds where this is no job; continuous-integration services set it to true or 1."""


_LONGEST_LINE = 4095 if sys.platform == "linux" else 1023
"""Bytes that a terminal takes of a line, and drops what is more (termios(3), "Canonical mode")."""
_PASTE = 0.1
"""Seconds in which the next line of what is pasted would be there."""


class CannotReport(DeployError):
    """Standard output takes nothing, for another reason than that its reader left."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"standard output cannot be written ({error.strerror})")


class Terminal:
    """The three streams of this process.

    A reader of standard output who leaves (`| head -1`) ends nothing: what was begun goes on, and
    what must be known then goes to standard error.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._is_reader_gone = sys.stdout is None  # closed before we began
        self._is_asking = False
        self.stderr = Stderr(environ)
        self.if_stopped = "; nothing was written"
        """What is true if Ctrl-C or SIGTERM comes now; whoever begins to write changes it."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                # A name in the terminal's wrong encoding is no reason to fail.
                stream.reconfigure(errors="backslashreplace")

    @property
    def has_color(self) -> bool:
        is_dumb = self._environ.get("TERM", "dumb") == "dumb"
        return is_terminal(sys.stdout) and not self._environ.get("NO_COLOR") and not is_dumb

    @property
    def width(self) -> int | None:
        """How wide a report may be; None where it goes into a pipe or a file."""
        return width(sys.stdout, self._environ)

    @property
    def in_ci(self) -> bool:
        """Whether `CI` says that this is a job, whose log is widely read."""
        return self._environ.get("CI", "").strip().lower() not in _UNTRUE

    @property
    def can_ask(self) -> bool:
        """Whether a person is there: never in CI, where some services give a job a terminal.

        A process in the background may not read from its terminal (`&`, and `timeout`, which makes
        a process group of its own): the system would stop it without a word.
        """
        if not self.in_ci:
            with suppress(OSError):
                terminal = os.open(TTY, os.O_RDWR | os.O_NOCTTY)
                try:
                    return os.tcgetpgrp(terminal) == os.getpgrp()
                finally:
                    os.close(terminal)
        return False

    @property
    def is_showing_report(self) -> bool:
        """Whether the report stands on the controlling terminal, where a question will."""
        try:
            os.tcgetpgrp(sys.stdout.fileno())  # fails for a file, and for any other terminal
        except (AttributeError, OSError, ValueError):  # there is none, or it is closed
            return False
        return True

    @property
    def question_width(self) -> int | None:
        """How wide a plan above a question may be; None where the terminal does not say."""
        with suppress(OSError), open(TTY, encoding="utf-8") as screen:  # noqa: PTH123  # a device
            return os.get_terminal_size(screen.fileno()).columns or None
        return None

    def report(self, text: str) -> None:
        """Part of the report; already free of what could steer a terminal."""
        self.progress("")
        if self._is_reader_gone:
            return
        try:
            with self.stderr.lock:
                print(text, flush=True)
        except OSError as error:
            self._is_reader_gone = True
            mute(sys.stdout)
            if not isinstance(error, BrokenPipeError):
                raise CannotReport(error) from None

    def result(self, text: str) -> None:
        """A line of the report that must be known: what was done."""
        try:
            self.report(text)
        finally:
            if self._is_reader_gone:
                self.note(text)

    def note(self, text: str) -> None:
        """A sentence, or text that is laid out already, on standard error."""
        self.stderr.note(text)

    def plan(self, text: str) -> None:
        """A plan for whoever is asked, where the report has another form."""
        self.progress("")
        self.stderr.verbatim(text)

    @property
    def note_width(self) -> int | None:
        """How wide a plan may be."""
        return width(sys.stderr, self._environ)

    def progress(self, text: str) -> None:
        """A line that the next one takes the place of, at a terminal; elsewhere nothing."""
        self.stderr.progress(text)

    def tick(self) -> None:
        """Say at a terminal that an answer takes long."""
        if not self._is_asking:
            self.stderr.tick()

    def error(self, failure: DeployError) -> None:
        self.progress("")
        for line in str(failure).splitlines():
            self.note(f"error: {line}")
        for line in (failure.next_step or "").splitlines():
            self.stderr.verbatim(f"  {line}")

    def ask(self, question: str, *, above: str = "", is_hidden: bool = False) -> str:
        """The answer, stripped; empty at the end of input.

        Whatever is redirected, a person sits at the controlling terminal. `above` is what must be
        seen before the question. What is typed is not seen where it `is_hidden`; raises BadOption
        then where more was typed than a line takes, of which nobody else is to get the rest.
        """
        self.progress("")
        self._is_asking = True
        try:
            asked = "\n".join(printable(text) for text in (above, question) if text)
            return _ask(asked, is_hidden=is_hidden)
        finally:
            self._is_asking = False


def _ask(question: str, *, is_hidden: bool) -> str:
    import termios  # noqa: PLC0415  # whoever only looks asks nothing

    keys = os.open(TTY, os.O_RDONLY | os.O_NOCTTY)
    try:
        with open(TTY, "w", encoding="utf-8", errors="backslashreplace") as screen:  # noqa: PTH123
            answer = ""
            before = termios.tcgetattr(keys)
            try:
                if is_hidden:
                    echoless = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
                    termios.tcsetattr(keys, termios.TCSANOW, echoless)
                termios.tcflush(keys, termios.TCIFLUSH)  # what was typed before is no answer
                screen.write(f"{question} ")
                screen.flush()
                answer = workers.wait_for(lambda: _line(keys))
                if is_hidden:
                    _check_whole(answer, keys)
            finally:
                # A value that was pasted may go on: the rest is not for the shell.
                when = termios.TCSAFLUSH if is_hidden else termios.TCSANOW
                termios.tcsetattr(keys, when, before)
                if is_hidden or not answer.endswith(
                    "\n"
                ):  # Ctrl-C or Ctrl-D: what comes next begins a line
                    screen.write("\n")
            return answer.strip()
    finally:
        os.close(keys)


def _check_whole(answer: str, keys: int) -> None:
    """Raise BadOption where this is not all that was typed."""
    is_long = len(answer.encode()) > _LONGEST_LINE
    if is_long or select.select([keys], [], [], _PASTE)[0]:
        reason = "a value of several lines, or a very long one, cannot be typed whole"
        raise BadOption(reason, next_step="pipe it: config.where --value-from - < FILE")


def _line(keys: int) -> str:
    """A line, or what was typed before the end of input; the terminal itself edits it."""
    typed = b""
    while not typed.endswith(b"\n") and (more := os.read(keys, 1024)):
        typed += more
    return typed.decode(errors="replace")
