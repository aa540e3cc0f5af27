"""The body of config.compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import workers
from ..errors import BadOption
from ..plan import comparison
from ..project import target
from .options import CompareOptions
from .workspace import ground, mind_reveal, reveal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invoke.context import Context

    from .terminal import Terminal


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = CompareOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    options.check()
    if options.with_ is None:
        raise BadOption("no second app is named", next_step="name it with --with")
    there = target.checked_app(options.with_, "--with")
    where = ground(c)
    there = where.named(there, terminal)
    here = where.app(options.app, terminal).name
    if here == there:
        raise BadOption(f"--with is {here} too", next_step="name another app")
    chosen = reveal(options.reveal, where.settings, terminal)
    heroku = where.heroku(terminal)
    other = workers.start(lambda: heroku.vars(there))
    ours, theirs = heroku.vars(here), other()
    found = comparison.make(here, there, ours, theirs, where.settings.policy)
    mind_reveal(options.reveal, ours.names | theirs.names, terminal)
    if options.format == "json":
        from ..report import json  # noqa: PLC0415  # not needed for text

        terminal.report(json.pair(found, chosen))
    else:
        from ..report import tables  # noqa: PLC0415  # not needed for JSON

        terminal.report(tables.pair(found, chosen, width=terminal.width))
    return 0
