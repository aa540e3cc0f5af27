"""config.history: which releases changed an app's config."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from .run import Run


@command(
    limit="How many releases to show; 20 is the default.",
    name="Only the releases that changed this name; may be repeated.",
)
def history(
    run: Run,
    *,
    app: str | None = None,
    pipeline: str | None = None,
    stage: str | None = None,
    name: list[str] | None = None,
    limit: str = "20",
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Show which releases changed an app's config, when, and by whom.

    Computed from what the releases hold, not from what they say; deploys
    that changed no config are left out.

      invoke config.history --app myapp --name LOG_LEVEL
    """
    from ..stories.history import history as read_history
    from .options import check_format, check_has_releases, check_names, release_count
    from .workspace import Workspace

    check_format(format)
    check_has_releases(pipeline, stage, "no history")
    check_names("--name", name)
    count = release_count(limit)
    workspace = Workspace.of(run)
    app_name = workspace.app(app).name
    found = read_history(workspace.heroku(), app_name, names=name or (), limit=count)
    if format == "json":
        from ..report import json

        run.terminal.report(json.history(found))
    else:
        from ..report import tables

        run.terminal.report(tables.history(found, width=run.terminal.width))
    return 0
