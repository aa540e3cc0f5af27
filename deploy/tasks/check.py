"""config.check: secrets stay out of the code, and the code finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FOUND, command

if TYPE_CHECKING:
    from .run import Run


@command(
    file="An env file to check; may be repeated. Otherwise: all of the settings, or"
    " .env.production; and .env.",
    format="text (the default), json or github.",
    only="Ask this rule alone; may be repeated.",
    skip="Leave this rule out; may be repeated.",
)
def check(
    run: Run,
    *,
    file: list[str] | None = None,
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
    """
    from .. import workers
    from ..project.settings import RULES
    from ..project.tree import Tree
    from ..stories.check import check as check_tree
    from ..stories.check import files_of
    from .options import check_format, check_rules
    from .workspace import read_settings

    check_format(format, "github")
    check_rules("--only", only, RULES)
    check_rules("--skip", skip, RULES)
    root, settings = read_settings(run.context)
    tree, files = Tree(root), files_of(root, settings, file or ())
    rules = [rule for rule in only or RULES if rule not in (skip or ())]
    found = workers.wait_for(  # it may take long, and only reads
        lambda: check_tree(tree, files, rules, policy=settings.policy, accept=settings.accept)
    )
    if format == "json":
        from ..report import json

        run.terminal.report(json.checked(found))
    elif format == "github":
        from ..report import github

        run.terminal.report(github.checked(found))
    else:
        from ..report import tables

        run.terminal.report(tables.checked(found, width=run.terminal.width))
    return FOUND if found.faults else 0
