"""config.compare: two apps side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from .run import Run


@command(help={"with_": "The app to compare it with."})
def compare(
    run: Run,
    *,
    app: str | None = None,
    with_: str | None = None,
    reveal: list[str] | None = None,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Show the config vars of two apps side by side.

    Secrets that are the same in both come first: a staging app should not
    hold a key of production.

      invoke config.compare --app myapp --with myapp-staging
    """
    from ..errors import BadOption
    from ..project.target import checked_app
    from ..stories.compare import compare as compare_apps
    from .options import check_format, check_reveal
    from .workspace import Workspace

    check_format(format)
    check_reveal(reveal)
    if with_ is None:
        raise BadOption("no second app is named", next_step="name it with --with")
    there = checked_app(with_, "--with")
    at = Workspace.of(run)
    there = at.named(there)
    here = at.app(app).name
    if here == there:
        raise BadOption(f"--with is {here} too", next_step="name another app")
    chosen = at.to_reveal(reveal)
    found = compare_apps(at.heroku(), here, there, at.settings.policy)
    at.warn_of_reveal(reveal, [*found.ignored, *(each.name for each in found.vars)])
    if format == "json":
        from ..report import json

        run.terminal.report(json.comparison(found, chosen))
    else:
        from ..report import tables

        run.terminal.report(tables.comparison(found, chosen, width=run.terminal.width))
    return 0
