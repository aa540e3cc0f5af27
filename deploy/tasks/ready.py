"""config.ready: whether an app holds what this commit needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FAILED, FOUND, command

if TYPE_CHECKING:
    from ..plan.readiness import Readiness
    from .run import Run
    from .terminal import Terminal


@command(
    environ="Judge the environment of this process, as in a release phase; no API key is needed.",
    format="text (the default), json or github: annotations on the lines that read what is"
    " missing.",
    like="Also name what this app has and the other one lacks.",
)
def ready(
    run: Run,
    *,
    app: str | None = None,
    like: str | None = None,
    environ: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Check that an app has every var that the code here needs.

    Reads the code, app.json and .env.example, and the app's live vars; needs
    no env file and no lock, and writes nothing. Exits with 0 where the app is
    ready, 2 where a var is missing or a value cannot be right, and 1 where
    it could not tell.

      invoke config.ready --app myapp
      invoke config.ready --app myapp --like myapp-staging --format github
      invoke config.ready --environ
    """
    import os

    from .. import workers
    from ..errors import BadOption
    from ..project.target import checked_app
    from ..project.tree import Tree
    from ..stories import ready as story
    from .options import check_format
    from .workspace import Workspace, read_settings

    check_format(format, "github")
    if environ and (app is not None or like is not None):
        raise BadOption("--environ asks no app", next_step="leave --app and --like out")
    if like is not None:
        like = checked_app(like, "--like")
    if environ:
        root, settings = read_settings(run.context)
    else:
        workspace = Workspace.of(run)
        root, settings = workspace.root, workspace.settings
        name, other = workspace.app(app).name, like and workspace.app_name(like)
        if name == other:
            raise BadOption(f"--like is {name} too", next_step="name another app")
        heroku = workspace.heroku()
    tree, policy = Tree(root), settings.policy
    needed = workers.wait_for(lambda: story.needed(tree, settings.accept))  # it may take long
    if environ:
        found = story.ready_here(os.environ, needed, policy=policy)
    else:
        found = story.ready(heroku, name, needed, policy=policy, like=other)
    _show(found, format, run.terminal, below=tree.below)
    if found.missing or found.unfit:
        return FOUND
    return 0 if found.is_ready else FAILED


def _show(found: Readiness, format_: str, terminal: Terminal, *, below: str) -> None:
    if format_ == "json":
        from ..report import json

        terminal.report(json.ready(found))
    elif format_ == "github":
        from ..report import github

        terminal.report(github.ready(found, below=below))
    else:
        from ..report import text_ready

        terminal.report(text_ready.ready(found, color=terminal.has_color, width=terminal.width))
