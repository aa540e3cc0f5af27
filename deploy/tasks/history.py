"""The body of config.history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..stories.history import recount
from .options import HistoryOptions
from .workspace import ground

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invoke.context import Context

    from .terminal import Terminal


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = HistoryOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    options.check()
    where = ground(c)
    app = where.app(options.app, terminal).name
    found = recount(where.heroku(terminal), app, names=options.name, limit=int(options.limit))
    if options.format == "json":
        from ..report import json  # noqa: PLC0415  # not needed for text

        terminal.report(json.history(found))
    else:
        from ..report import tables  # noqa: PLC0415  # not needed for JSON

        terminal.report(tables.history(found, width=terminal.width))
    return 0
