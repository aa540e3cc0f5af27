"""config.compare: two apps side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from .run import Run


@command(
    with_="The app to compare it with, or the stage, such as my-pipeline/review.",
    only_different="Leave out the vars that are the same in both; the last line counts them.",
)
def compare(
    run: Run,
    *,
    app: str | None = None,
    pipeline: str | None = None,
    stage: str | None = None,
    with_: str | None = None,
    only_different: bool = False,
    reveal: list[str] | None = None,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Show the config vars of two apps side by side.

    Secrets that are the same in both come first: a staging app should not
    hold a key of production.

      invoke config.compare --app myapp --with myapp-staging
      invoke config.compare --app myapp --with myapp-staging --only-different
      invoke config.compare --app myapp --with my-pipeline/review
    """
    from .. import workers
    from ..errors import BadOption
    from ..plan import comparison
    from .options import check_format, check_reveal, targets
    from .workspace import Workspace

    check_format(format)
    check_reveal(reveal)
    if with_ is None:
        raise BadOption("no second app is named", next_step="name it with --with")
    named = next(iter(targets(app, pipeline, stage)), None)
    there = _checked(with_)
    workspace = Workspace.of(run)
    there = workspace.app_name(there)
    here = workspace.target(named).name
    if here == there:
        raise BadOption(f"--with is {here} too", next_step="name another app")
    shown = workspace.revealed(reveal)
    heroku = workspace.heroku()
    ours, theirs = workers.both(lambda: heroku.vars(here), lambda: heroku.vars(there))
    found = comparison.make(here, there, ours, theirs, workspace.settings.policy)
    workspace.warn_of_unmatched(shown, [*found.ignored, *(each.name for each in found.vars)])
    if format == "json":
        from ..report import json

        run.terminal.report(json.comparison(found, shown, only_different=only_different))
    else:
        from ..report import tables

        text = tables.comparison(
            found, shown, only_different=only_different, width=run.terminal.width
        )
        run.terminal.report(text)
    return 0


def _checked(with_: str) -> str:
    """An app, or a stage as messages call it; raises BadOption."""
    from ..names import is_stage
    from ..project.target import checked_app

    if not is_stage(with_):
        return checked_app(with_, "--with")
    from ..project.stage import target_of

    pipeline, _, stage = with_.rpartition("/")
    return target_of(pipeline, stage, option="--with")
