"""What a task says and asks: the report on standard output, all else on standard error."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, TextIO

from deploy.errors import DeployError
from deploy.report import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNTRUE = {"", "0", "false", "no", "off"}
"""What `CI` holds where this is no job; continuous-integration services set it to true or 1."""


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
        self._is_left = False
        self._progress = ""
        self._lock = threading.RLock()
        self.if_stopped = "; nothing was written"
        """What is true if Ctrl-C or SIGTERM comes now; whoever begins to write changes it."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                # A name in the terminal's wrong encoding is no reason to fail.
                stream.reconfigure(errors="backslashreplace")

    @property
    def has_color(self) -> bool:
        is_dumb = self._environ.get("TERM", "dumb") == "dumb"
        return _is_terminal(sys.stdout) and not self._environ.get("NO_COLOR") and not is_dumb

    @property
    def in_ci(self) -> bool:
        """Whether `CI` says that this is a job, whose log is widely read."""
        return self._environ.get("CI", "").strip().lower() not in _UNTRUE

    @property
    def can_ask(self) -> bool:
        """Whether a person is there; never in CI, where some services give a job a terminal."""
        from deploy.tasks.prompt import is_possible  # noqa: PLC0415  # whoever only looks asks nothing

        return not self.in_ci and is_possible()

    @property
    def is_seen(self) -> bool:
        """Whether the report stands where a question will."""
        from deploy.tasks.prompt import stands_there  # noqa: PLC0415  # whoever only looks asks nothing

        return sys.stdout is not None and stands_there(sys.stdout)

    def report(self, text: str) -> None:
        """Part of the report; already free of what could steer a terminal."""
        self.progress("")
        if self._is_left:
            return
        try:
            print(text, flush=True)
        except BrokenPipeError:
            self._is_left = True
            _mute(sys.stdout)
        except OSError as error:
            self._is_left = True
            _mute(sys.stdout)
            raise CannotReport(error) from None

    def result(self, text: str) -> None:
        """A line of the report that must be known: what was done."""
        try:
            self.report(text)
        finally:
            if self._is_left:
                self.note(text)

    def note(self, text: str) -> None:
        with self._lock:
            self._write(f"{self._erasure()}{printable(text)}\n")

    def progress(self, text: str) -> None:
        """A line that the next one takes the place of, at a terminal; elsewhere nothing."""
        if not _is_terminal(sys.stderr):
            return
        with self._lock:
            erasure = self._erasure()
            self._progress = printable(text, keep="")
            self._write(erasure + self._progress)

    def _erasure(self) -> str:
        """What takes the progress line away; plain blanks, for terminals that know no more."""
        width, self._progress = len(self._progress), ""
        return f"\r{' ' * width}\r" if width else ""

    def _write(self, text: str) -> None:
        try:
            print(text, end="", file=sys.stderr, flush=True)
        except OSError:
            _mute(sys.stderr)

    def error(self, failure: DeployError) -> None:
        for line in str(failure).splitlines():
            self.note(f"error: {line}")
        if failure.next_step:
            self.note(f"  {failure.next_step}")

    def ask(self, question: str, *, above: str = "") -> str:
        """The answer, stripped; empty at the end of input. See `prompt.ask`."""
        self.progress("")
        from deploy.tasks.prompt import ask  # noqa: PLC0415  # whoever only looks asks nothing

        return ask(printable(question), above=printable(above))


def _mute(stream: TextIO) -> None:
    """Or the interpreter would fail once more when it flushes the stream at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is one; Python has None for one that was closed before it began."""
    return stream is not None and not stream.closed and stream.isatty()
