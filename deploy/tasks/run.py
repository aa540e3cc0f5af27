"""One wrapper around each task: options in, an exit code out, and nothing else escapes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from invoke.context import Context
from invoke.exceptions import Exit

from deploy.errors import DeployError, Stopped, Terminated, Unforeseen
from deploy.tasks.options import check_lists, check_shown
from deploy.tasks.show import error_form
from deploy.tasks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


WAKE = 0.2
"""Seconds between two looks at whether a signal came."""

LAST_WORDS = b"error: unforeseen, and it cannot be told; config.diff shows what is true on Heroku\n"
"""Said where telling an error has failed."""

Body = Callable[[Context, Mapping[str, object], Terminal], int]


def run(body: Body, c: Context, options: Mapping[str, object]) -> None:
    """Run a task's body; raises Invoke's Exit where the code is not 0, for it ignores a return."""
    try:
        code = _carry_out(body, c, options)
    except Exception:  # it came while another was told; a traceback would hold the text of both
        code = 1
        with suppress(Exception):  # there may be no standard error
            os.write(sys.stderr.fileno(), LAST_WORDS)
    if code:
        raise Exit(code=code)


def _carry_out(body: Body, c: Context, options: Mapping[str, object]) -> int:
    terminal = Terminal(os.environ)
    try:
        with _sigterm(), _wakeful(terminal):
            check_shown(sys.argv)
            check_lists(options, sys.argv)
            code = body(c, options, terminal)
        terminal.progress("")
    except DeployError as error:
        return _fail(error, terminal, options)
    except KeyboardInterrupt as stop:
        return _fail(Stopped(stop, terminal.if_stopped), terminal, options)
    except Exception as error:
        return _fail(Unforeseen(error), terminal, options)
    return code


def _fail(error: DeployError, terminal: Terminal, options: Mapping[str, object]) -> int:
    """Tell an error in its form, or in plain words where that fails; its exit code."""
    try:
        error_form(options, terminal).error(error)
    except Exception:
        terminal.error(error)
    return error.exit_code


@contextmanager
def _sigterm() -> Iterator[None]:
    """Let SIGTERM arrive as an exception, where Ctrl-C would."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


@contextmanager
def _wakeful(terminal: Terminal) -> Iterator[None]:
    """Let no signal wait for a call that blocks.

    Python runs a handler between two steps of its own. A signal that comes just before the main
    thread waits for a lock or a socket, or that the system gives to another thread, ends no wait:
    a Ctrl-C was lost so in one run of two hundred. A timer's signal ends it soon; and a person who
    waits for an answer is told.
    """
    before = signal.signal(signal.SIGALRM, lambda _signal, _frame: terminal.tick())
    signal.setitimer(signal.ITIMER_REAL, WAKE, WAKE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before or signal.SIG_DFL)
