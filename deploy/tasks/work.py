"""What a task works on: its app, its env file, its settings and its way to Heroku."""

from __future__ import annotations

import os
import sys
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from invoke.config import Config, DataProxy

from deploy import credentials, envfile, host, settings, target, worktree
from deploy.diff import compare
from deploy.errors import FileUnreadable, WrongFile
from deploy.heroku import Heroku
from deploy.report import Reveal
from deploy.transport import Transport

if TYPE_CHECKING:
    from invoke.context import Context

    from deploy.envfile import EnvFile
    from deploy.outcome import Comparison
    from deploy.settings import Settings
    from deploy.target import App, Source
    from deploy.tasks.options import Options
    from deploy.tasks.terminal import Terminal


class Work(NamedTuple):
    """Everything that is known before Heroku is asked."""

    app: App
    source: Source
    declared: EnvFile
    settings: Settings
    root: Path
    heroku: Heroku
    reveal: Reveal

    @property
    def reads_stdin(self) -> bool:
        return self.source.path is None


def prepare(c: Context, options: Options, terminal: Terminal, *, writes: bool) -> Work:
    """Find and read everything that lies on this machine, before anything is sent.

    Raises the DeployError of whatever does not hold up.
    """
    options.check()
    root = _root(c)
    found = settings.read(_plain(c.config), known=Config.global_defaults().keys())
    where = host.parse(os.environ.get("HEROKU_HOST"))
    dotenv = cache(lambda: credentials.read_dotenv(root / ".env"))
    app = target.resolve_app(
        option=options.app,
        environ=os.environ.get(credentials.APP_VARIABLE),
        dotenv=lambda: dotenv().app,
        settings=found,
        remotes=lambda: worktree.remotes(root),
    )
    source = target.resolve_file(option=options.file, app=app.name, settings=found, root=root)
    _mind_owner(source, app, options, terminal, writes=writes)
    declared = envfile.parse(_read(source, terminal), source=source.shown)
    key = credentials.find(os.environ, dotenv, is_loopback=where.is_loopback)
    transport = Transport(where, key.secret)
    return Work(
        app=app,
        source=source,
        declared=declared,
        settings=found,
        root=root,
        heroku=Heroku(transport, key_source=key.source, clock=time, notice=terminal.note),
        reveal=_reveal(options, found, terminal),
    )


def compared(work: Work, options: Options, terminal: Terminal) -> Comparison:
    """The plan, after a word on what is odd about the env file."""
    for warning in work.declared.warnings:
        terminal.note(f"warning: {work.source.shown}: {warning}")
    return compare(
        work.heroku,
        work.app.name,
        work.declared,
        source=work.source.shown,
        policy=work.settings.policy,
        prune=options.prune,
        only=frozenset(options.only) or None,
        examples=lambda: worktree.example_names(work.root),
    )


def _root(c: Context) -> Path:
    """The folder of `tasks.py`, where Invoke looked for `invoke.yaml`; it offers no public way."""
    prefix = getattr(c.config, "_project_prefix", None)
    return Path(prefix) if prefix else Path.cwd()


def _plain(value: DataProxy | dict[str, object]) -> dict[str, object]:
    """Invoke's proxies as plain mappings, all the way down."""
    return {
        key: _plain(item) if isinstance(item, DataProxy | dict) else item
        for key, item in value.items()
    }


def _mind_owner(
    source: Source, app: App, options: Options, terminal: Terminal, *, writes: bool
) -> None:
    """Stop a write, and remark on a look, where the file is another app's."""
    if not source.belongs_to or options.force:
        return
    problem = f"{source.shown} is the file of {source.belongs_to} in the settings, not {app.name}'s"
    if writes:
        raise WrongFile(
            f"{problem}; nothing was written", next_step="leave --file out, or add --force"
        )
    terminal.note(f"warning: {problem}")


def _read(source: Source, terminal: Terminal) -> bytes:
    if source.path is not None:
        return worktree.read_file(source.path, shown=source.shown)
    if sys.stdin is None:
        raise FileUnreadable(source.shown, "is closed", next_step="pipe the env file into it")
    if sys.stdin.isatty():
        terminal.note("reading the env file from the terminal; end it with Ctrl-D")
    return worktree.read_stream(sys.stdin.buffer)


def _reveal(options: Options, found: Settings, terminal: Terminal) -> Reveal:
    in_ci = bool(os.environ.get("CI"))
    patterns = [name for name in options.reveal if set(name) & set("*?")]
    if in_ci and patterns:
        terminal.note("warning: in CI --reveal takes exact names alone; patterns show nothing")
    return Reveal((*found.reveal, *options.reveal), exact_only=in_ci)
