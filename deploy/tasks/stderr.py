"""Standard error: notes, and at a terminal a line below them that changes.

Notes may come from several threads.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, TextIO

from ..report.layout import printable, words, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PATIENCE = 2.0
"""Seconds of silence after which the line says that an answer is waited for."""


class Stderr:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.lock = threading.Lock()
        """Who has it writes alone."""
        self._progress = ""
        self._waiting = ""
        self._shown = ""
        """What stands on the line."""
        self.silence: Callable[[], float] = lambda: 0.0
        """How many seconds an answer has been waited for."""

    def note(self, text: str) -> None:
        """Text above the line. One that is a line is a sentence, and breaks between words."""
        text = printable(text)
        if "\n" not in text:
            text = wrap(words(text), width(sys.stderr, self._environ))
        self.verbatim(text)

    def verbatim(self, text: str) -> None:
        """Text that is laid out already, or is to be copied whole."""
        with self.lock:
            erasure = self._erasure()
            self._shown = self._line()
            self._write(f"{erasure}{printable(text)}\n{self._shown}")

    def progress(self, text: str) -> None:
        """Say how far things are, in place of what was said before; at a terminal alone."""
        with self.lock:
            self._progress = printable(text, keep="")
            self._waiting = self._waiting if text else ""
            self._redraw()

    def tick(self) -> None:
        """Say what is waited for, or no longer."""
        seconds = self.silence()
        waiting = f"waiting for Heroku: {int(seconds)} s" if seconds >= PATIENCE else ""
        if waiting == self._waiting:
            return
        with self.lock:
            self._waiting = waiting
            self._redraw()

    def _redraw(self) -> None:
        line = self._line()
        if line != self._shown:
            erasure, self._shown = self._erasure(), line
            self._write(erasure + line)

    def _line(self) -> str:
        """What should stand there, no wider than what one erasure reaches."""
        if not is_terminal(sys.stderr):
            return ""
        line = "; ".join(filter(None, (self._progress, self._waiting)))
        room = width(sys.stderr, self._environ)
        return line[: room - 1] if room else line

    def _erasure(self) -> str:
        """What takes the line away; plain blanks, for terminals that know no more."""
        return f"\r{' ' * len(self._shown)}\r" if self._shown else ""

    def _write(self, text: str) -> None:
        if sys.stderr is None:  # closed before we began; `print` would take standard output
            return
        try:
            print(text, end="", file=sys.stderr, flush=True)
        except OSError:
            mute(sys.stderr)


def mute(stream: TextIO) -> None:
    """Or the interpreter would fail once more when it flushes the stream at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is one; Python has None for one that was closed before it began."""
    return stream is not None and not stream.closed and stream.isatty()


def width(stream: TextIO | None, environ: Mapping[str, str]) -> int | None:
    """How many characters a line has; COLUMNS goes before what the terminal says.

    None where there is no terminal, or it does not say.
    """
    if stream is None or not is_terminal(stream):
        return None
    told = environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except OSError:
        return None
