"""One wrapper around each task: options in, an exit code out, and nothing else escapes."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from invoke.context import Context
from invoke.exceptions import Exit

from deploy.errors import DeployError, Stopped, Terminated
from deploy.tasks.options import Options
from deploy.tasks.show import form
from deploy.tasks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType


class Unforeseen(DeployError):
    """A bug of ours. Its text is not shown: it could hold anything."""

    def __init__(self, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        super().__init__(
            f"unforeseen {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}",
            next_step="please report this line; config.diff shows what is true on Heroku",
        )


Body = Callable[[Context, Options, Terminal], int]


def run(body: Body, c: Context, options: Mapping[str, object]) -> None:
    """Run a task's body; raises Invoke's Exit where the code is not 0, for it ignores a return."""
    terminal = Terminal(os.environ)
    try:
        with _sigterm():
            given = Options(**options)  # type: ignore[arg-type]  # as Invoke parsed them
            code = body(c, given, terminal)
    except DeployError as error:
        code = _fail(error, terminal, options)
    except KeyboardInterrupt as stop:
        code = _fail(Stopped(stop, terminal.if_stopped), terminal, options)
    except Exception as error:
        code = _fail(Unforeseen(error), terminal, options)
    if code:
        raise Exit(code=code)


def _fail(error: DeployError, terminal: Terminal, options: Mapping[str, object]) -> int:
    form(options["format"], terminal).error(error)
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
