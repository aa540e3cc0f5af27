"""config.where: which files and which apps hold the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FAILED, FOUND, command

if TYPE_CHECKING:
    from ..envfile.declaration import Layer
    from ..errors import DeployError
    from ..plan.whereabouts import Whereabouts
    from ..secret import Secret
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace


@command(
    "name",
    "--value-from",
    app="Ask this app; may be repeated. Otherwise: all apps and stages of the settings.",
    name="The name of a var, whose values are looked for; it may stand by itself: config.where"
    " API_KEY.",
    value_from="Look for a value in place of a name: - reads it from standard input, hidden at a"
    " terminal.",
)
def where(
    run: Run,
    *,
    name: str | None = None,
    value_from: str | None = None,
    app: list[str] | None = None,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Say which files and which apps hold the same value as a var has.

    What to know before a value is rotated: each declared file and each live
    app that has it, under any name, also within a URL. Values are compared,
    and none is shown; nothing is written. With --value-from it is the value
    of a leak that is looked for; then it exits with 2 where it is found.

      invoke config.where API_KEY
      pbpaste | invoke config.where --value-from -
    """
    from ..errors import BadOption
    from ..stories.where import where as look
    from .options import check_format, check_names
    from .workspace import Workspace

    check_format(format)
    if (name is None) == (value_from is None):
        step = "invoke config.where NAME, or invoke config.where --value-from -"
        raise BadOption("name a var, or give a value; one of the two", next_step=step)
    check_names("the name", [name] if name else [])
    workspace, terminal = Workspace.of(run), run.terminal
    apps = workspace.apps(app or ())
    value = _value(value_from, terminal) if value_from is not None else None
    heroku = workspace.heroku()
    texts, unread = _texts(workspace)
    for layer, _ in texts:
        heroku.mask(layer.parsed.vars.values())
    found = look(
        *(heroku, texts, apps),
        name=name,
        value=value,
        unread=unread,
        at_once=workspace.settings.workers,
        progress=terminal.progress,
    )
    _show(found, format, terminal)
    if value is not None and found.is_found:
        return FOUND  # whatever else was not looked through, and is told
    is_missed = name is not None and not found.is_found
    return FAILED if found.unread or is_missed else 0


def _value(value_from: str, terminal: Terminal) -> Secret:
    """The value that is looked for; raises BadOption for none."""
    import sys

    from ..errors import BadOption
    from ..project.files import read_stream, within_limit
    from ..project.target import STDIN
    from ..secret import Secret

    if value_from != STDIN:
        raise BadOption(
            "--value-from takes - alone: a value in an argument stands in the history of the shell",
            next_step="invoke config.where --value-from -",
        )
    if sys.stdin is not None and sys.stdin.isatty():
        text = terminal.ask("The value (it is not shown):", is_hidden=True)
    else:
        data = b"" if sys.stdin is None else read_stream(sys.stdin.buffer)
        try:
            text = within_limit(data, shown="standard input").decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadOption("standard input is not UTF-8", next_step="give one value") from None
        text = text.removesuffix("\n").removesuffix("\r")
    if not text.strip():
        raise BadOption("standard input holds no value", next_step="give one value")
    return Secret(text)


def _texts(
    workspace: Workspace,
) -> tuple[list[tuple[Layer, tuple[str, ...]]], list[tuple[str, DeployError]]]:
    """What is declared, each text once, with the apps that it is a layer of; and what is unread.

    Two programs may be called alike.
    """
    from ..errors import DeployError
    from .targets import declared

    sources = [workspace.sources(None, app) for app in declared(workspace)]
    workspace.run_programs(sources)
    found: list[tuple[Layer, tuple[str, ...]]] = []
    unread: list[tuple[str, DeployError]] = []
    for source in dict.fromkeys(each for one in sources for each in one.layers):
        layer = workspace.layer(source)
        if isinstance(layer, DeployError):
            unread.append((source.shown, layer))
        else:
            found.append((layer, tuple(workspace.owners(source))))
    return found, unread


def _show(found: Whereabouts, format_: str, terminal: Terminal) -> None:
    if format_ == "json":
        from ..report import json_where

        terminal.report(json_where.where(found))
    else:
        from ..report import text_where

        terminal.report(text_where.where(found, width=terminal.width))
