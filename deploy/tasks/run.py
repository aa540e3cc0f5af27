"""One run of a task: options in, an exit code out, and nothing else escapes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ..errors import DeployError, Stopped, Unforeseen
from .options import check_invoke_flags, check_repeated
from .output import show_error
from .terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from invoke.context import Context

    from ..signals import Listener

LAST_WORDS = b"error: unforeseen, and it cannot be told; config.diff shows what is true on Heroku\n"
"""Said where telling an error has failed."""


class Run(NamedTuple):
    """What a task is given besides its options."""

    context: Context
    terminal: Terminal

    @property
    def is_dry(self) -> bool:
        """Whether Invoke's own `--dry` was given."""
        return bool(self.context.config.run.dry)


def run(
    body: Callable[..., int], c: Context, options: Mapping[str, object], listener: Listener
) -> int:
    """Run a task's body and say what became of it; the exit code."""
    try:
        return _carry_out(body, c, options, listener)
    except Exception:  # it came while another was told; a traceback would hold the text of both
        with suppress(Exception):  # there may be no standard error
            os.write(sys.stderr.fileno(), LAST_WORDS)
        return 1


def _carry_out(
    body: Callable[..., int], c: Context, options: Mapping[str, object], listener: Listener
) -> int:
    terminal = Terminal(os.environ)
    listener.tick, listener.if_stopped = terminal.tick, lambda: terminal.if_stopped

    def fail(error: DeployError) -> int:
        """Tell an error in its form, or in plain words where that fails; its exit code."""
        try:
            show_error(error, terminal, task=body.__name__, format_=options.get("format"))
        except Exception:
            terminal.error(error)
        return error.exit_code

    try:
        check_invoke_flags(sys.argv)
        check_repeated(options, sys.argv)
        code = body(Run(c, terminal), **options)
        terminal.progress("")
    except DeployError as error:
        return fail(error)
    except KeyboardInterrupt as stop:
        return fail(Stopped(stop, terminal.if_stopped))
    except Exception as error:
        return fail(Unforeseen(error))
    return code
