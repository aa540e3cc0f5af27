"""config.check: secrets stay out of the code, and the code finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FOUND, command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..checks.finding import Checked, Finding
    from ..project.facts import Project
    from ..project.git import Checkout
    from .run import Run
    from .terminal import Terminal


@command(
    file="An env file to check, which must be there; may be repeated. Otherwise: all of the"
    " settings, or .env.production; and .env.",
    format="text (the default), json or github: annotations on the lines of a pull request.",
    history="Also look for the values in all that git holds; for a nightly job. With an API key it"
    " says on which apps they are live.",
    only="Ask this rule alone; may be repeated.",
    skip="Leave this rule out; may be repeated.",
)
def check(
    run: Run,
    *,
    file: list[str] | None = None,
    history: bool = False,
    only: list[str] | None = None,
    skip: list[str] | None = None,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Check that secrets stay out of the code, and that the code finds them.

    Needs no network and no API key. The rules are syntax, placeholder,
    ignored, permissions, parity, hardcoded, references, shared and lock.
    Exits with 0 where nothing is found, 2 where something is, and 1 where
    it could not check.

      invoke config.check
      invoke config.check --only hardcoded --format github
      invoke config.check --history
    """
    from .. import workers
    from ..project.settings import RULES
    from ..project.tree import Tree
    from ..stories.check import check as check_tree
    from ..stories.env_files import files_of
    from ..stories.texts import Texts
    from .options import check_format, check_rules
    from .workspace import read_settings

    check_format(format, "github")
    check_rules("--only", only, RULES)
    check_rules("--skip", skip, RULES)
    root, settings = read_settings(run.context)
    tree, files = Tree(root), files_of(root, settings, file or ())
    rules = [rule for rule in only or RULES if rule not in (skip or ())]
    if history:
        run.terminal.progress("looking through all that git holds")
    found = workers.wait_for(  # it may take long, and only reads
        lambda: check_tree(
            *(tree, files, rules),
            policy=settings.policy,
            accept=settings.accept,
            past=_past(run) if history else None,
            texts=Texts(root, settings, run.terminal.note),
        )
    )
    run.terminal.progress("")
    _show(found, format, run.terminal)
    if found.faults:
        return FOUND
    if format == "text" and not (file or only or skip):
        from .next_step import after_check, tell

        tell(run.terminal, after_check(files))
    return 0


def _past(run: Run) -> Callable[[Checkout | None, Project], Iterator[Finding]]:
    """Looks into the past; asks Heroku of the apps of the settings, or of the one that is meant."""
    from functools import partial

    from ..errors import DeployError
    from ..stories.past import Live, past
    from .workspace import Workspace

    try:
        workspace = Workspace.of(run)
        heroku = workspace.heroku()
        apps = workspace.apps(())
    except DeployError as error:
        return partial(past, live=Live(None, reason=str(error)))
    return partial(past, live=Live(heroku, apps, at_once=workspace.settings.workers))


def _show(found: Checked, format_: str, terminal: Terminal) -> None:
    if format_ == "json":
        from ..report import json

        terminal.report(json.checked(found))
    elif format_ == "github":
        from ..report import github

        terminal.report(github.checked(found))
    else:
        from ..report import tables

        color, width = terminal.has_color, terminal.width
        terminal.report(tables.checked(found, color=color, width=width))
