"""One wrapper around each task: options in, an exit code out, and nothing else escapes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from invoke.context import Context

from ..errors import DeployError, Stopped, Unforeseen
from .options import check_lists, check_shown
from .output import error_form
from .terminal import Terminal

if TYPE_CHECKING:
    from ..signals import Hearing

LAST_WORDS = b"error: unforeseen, and it cannot be told; config.diff shows what is true on Heroku\n"
"""Said where telling an error has failed."""

Body = Callable[[Context, Mapping[str, object], Terminal], int]


def run(body: Body, c: Context, options: Mapping[str, object], hearing: Hearing) -> int:
    """Run a task's body and say what became of it; the exit code."""
    try:
        return _carry_out(body, c, options, hearing)
    except Exception:  # it came while another was told; a traceback would hold the text of both
        with suppress(Exception):  # there may be no standard error
            os.write(sys.stderr.fileno(), LAST_WORDS)
        return 1


def _carry_out(body: Body, c: Context, options: Mapping[str, object], hearing: Hearing) -> int:
    terminal = Terminal(os.environ)
    hearing.tick, hearing.truth = terminal.tick, lambda: terminal.if_stopped
    try:
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
