"""The body of config.diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .options import Options
from .output import form
from .workspace import compared, prepare

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invoke.context import Context

    from .terminal import Terminal

DIFFERS = 2
"""The exit code for a difference, where one was asked for."""


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = Options(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    if options.release is None:
        work = prepare(c, options, terminal, writes=False)
        found, reveal = compared(work, options), work.reveal
    else:
        from .rollback import against_release  # noqa: PLC0415  # rarely needed

        found, reveal = against_release(c, options, options.release, terminal)
    shown = form(options.format, terminal)
    shown.plan(found, reveal)
    shown.end(found, reveal)
    return DIFFERS if options.exit_code and not found.is_in_sync else 0
