"""Standard error at a terminal: what is written to it, byte for byte, and what stays."""

import fcntl
import os
import struct
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from deploy.tasks.stderr import Stderr, width

ERASED = "\r         \r"
"""What takes `3/10 apps` away."""


class Tty:
    """A terminal that can take the place of standard error."""

    def __init__(self, stream: TextIO, ours: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stream = stream
        self._ours = ours
        self._monkeypatch = monkeypatch

    def stderr(self, **environ: str) -> Stderr:
        """Ours, on this terminal; pytest gives a test its own `sys.stderr` when it begins."""
        self._monkeypatch.setattr(sys, "stderr", self.stream)
        return Stderr(environ)

    def seen(self) -> str:
        """All that was written since the last look."""
        os.write(self.stream.fileno(), b"\0")
        found = b""
        while not found.endswith(b"\0"):
            found += os.read(self._ours, 65536)
        return found[:-1].decode().replace("\r\n", "\n")


@pytest.fixture
def tty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tty]:
    ours, theirs = os.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream:
        yield Tty(stream, ours, monkeypatch)
        monkeypatch.undo()
    os.close(ours)


def test_the_line_comes_back_below_a_note(tty: Tty) -> None:
    stderr = tty.stderr()
    stderr.progress("3/10 apps")
    stderr.note("app-007: odd")
    assert tty.seen() == f"3/10 apps{ERASED}app-007: odd\n3/10 apps"


def test_a_line_takes_the_place_of_the_last_one_and_nothing_takes_it_away(tty: Tty) -> None:
    stderr = tty.stderr()
    stderr.progress("3/10 apps")
    stderr.progress("4/10 apps")
    stderr.progress("4/10 apps")
    stderr.progress("")
    assert tty.seen() == f"3/10 apps{ERASED}4/10 apps{ERASED}"


def test_a_silence_of_two_seconds_is_told_for_as_long_as_it_lasts(tty: Tty) -> None:
    stderr = tty.stderr()
    seen = []
    for seconds in (0.0, 1.9, 2.0, 2.2, 3.0, 0.0):
        stderr.silence = lambda: seconds  # noqa: B023  # asked at once
        stderr.tick()
        seen.append(tty.seen())
    erased = f"\r{' ' * len('waiting for Heroku: 2 s')}\r"
    assert seen == [
        *("", "", "waiting for Heroku: 2 s", ""),
        *(f"{erased}waiting for Heroku: 3 s", erased),
    ]


def test_a_silence_stands_behind_how_far_things_are(tty: Tty) -> None:
    stderr = tty.stderr()
    stderr.progress("3/10 apps")
    stderr.silence = lambda: 65.5
    stderr.tick()
    assert tty.seen() == f"3/10 apps{ERASED}3/10 apps; waiting for Heroku: 65 s"
    stderr.note("odd")
    assert tty.seen().endswith("\rodd\n3/10 apps; waiting for Heroku: 65 s")
    stderr.silence = lambda: 0.0
    stderr.tick()
    assert tty.seen().endswith("\r3/10 apps")


def test_in_a_pipe_there_are_notes_and_nothing_else(capfd: pytest.CaptureFixture[str]) -> None:
    stderr = Stderr({"COLUMNS": "20"})
    stderr.silence = lambda: 9.0
    stderr.progress("3/10 apps")
    stderr.tick()
    stderr.note("warning: A, B, C, D, E, F, G and H are odd")
    stderr.progress("")
    assert capfd.readouterr().err == "warning: A, B, C, D, E, F, G and H are odd\n"


def test_at_a_terminal_a_sentence_breaks_between_names_and_a_layout_stays(tty: Tty) -> None:
    stderr = tty.stderr(COLUMNS="20")
    stderr.note("warning: FIRST_NAME, SECOND_NAME are odd")
    assert tty.seen() == "warning: FIRST_NAME,\n  SECOND_NAME are\n  odd\n"
    stderr.note("  ~ A  ******** -> ********\n  ~ B  ******** -> ********")
    assert tty.seen() == "  ~ A  ******** -> ********\n  ~ B  ******** -> ********\n"


def test_the_line_is_no_wider_than_can_be_taken_away(tty: Tty) -> None:
    stderr = tty.stderr(COLUMNS="9")
    stderr.progress("v4 is pending: 1:03 gone by")
    stderr.progress("")
    assert tty.seen() == "v4 is pe\r        \r"


@pytest.mark.parametrize(
    ("columns", "found"),
    [("40", 40), ("", 97), ("0", 97), ("-3", 97), ("wide", 97)],
)
def test_columns_goes_before_what_the_terminal_says(tty: Tty, columns: str, found: int) -> None:
    fcntl.ioctl(tty.stream, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 97, 0, 0))
    assert width(tty.stream, {"COLUMNS": columns}) == found


def test_a_terminal_that_does_not_say_and_a_pipe_have_no_width(tty: Tty) -> None:
    assert width(tty.stream, {}) is None
    with Path(os.devnull).open("w", encoding="utf-8") as stream:
        assert width(stream, {"COLUMNS": "40"}) is None
    assert width(None, {}) is None
