"""config.review: what merging this branch changes in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FAILED, command

if TYPE_CHECKING:
    from ..heroku.client import Heroku
    from ..plan.review import Review
    from ..project.git import Checkout
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace


@command(
    base="What this branch is merged into, as git names it; origin/main is the default.",
    format="text (the default), json, github or markdown: github makes annotations at the lines of"
    " the lock, and a table in the job's summary; markdown is that table, for a comment.",
)
def review(
    run: Run,
    *,
    base: str = "origin/main",
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Say what merging this branch changes in production, from its locks.

    For each app the names that are added, changed or removed. Needs no env
    file and no secret; with an API key at hand it also says what is live.
    Exits with 0, also where something changes, and 1 where it cannot tell.

      invoke config.review
      invoke config.review --base origin/main --format markdown
    """
    from functools import partial

    from ..errors import DeployError
    from ..project.commits import checked_ref
    from ..stories.lock_places import Project
    from ..stories.review import review as compare
    from .options import check_format
    from .settings_text import parse
    from .workspace import Workspace

    check_format(format, "github", "markdown")
    base = checked_ref(base)
    workspace = Workspace.of(run)
    checkout = _checkout(workspace)
    app = None
    if not workspace.settings.apps:
        try:
            app = workspace.app(None).name
        except DeployError:
            app = None  # the locks can be told of without a name
    found = compare(
        Project(workspace.root, checkout, workspace.settings, parse, app),
        base,
        way=partial(_heroku, workspace),
        progress=run.terminal.progress,
    )
    _show(found, format, run.terminal)
    return 0 if found.is_whole else FAILED


def _checkout(workspace: Workspace) -> Checkout:
    from ..project import files
    from ..project.commits import NoCommit
    from ..project.git import Checkout

    found = files.checkout(workspace.root)
    if found is None:
        step = "run this in a clone of the repository that the locks are committed to"
        raise NoCommit("there is no git repository here, and so no base", next_step=step)
    return Checkout(*found)


def _heroku(workspace: Workspace) -> Heroku | None:
    """The way to Heroku; None without a key, as in a pull request from a fork."""
    from ..errors import NoKey

    try:
        return workspace.heroku()
    except NoKey:
        return None


def _show(found: Review, format_: str, terminal: Terminal) -> None:
    if format_ == "json":
        from ..report import json_review

        terminal.report(json_review.review(found))
    elif format_ == "github":
        from ..report import github_review, markdown
        from .output import append_to_summary

        terminal.report(github_review.review(found))
        append_to_summary(markdown.review(found), terminal)
    elif format_ == "markdown":
        from ..report import markdown

        terminal.report(markdown.review(found).rstrip("\n"))
    else:
        from ..report import text_review

        color, width = terminal.has_color, terminal.width
        terminal.report(text_review.review(found, color=color, width=width))
