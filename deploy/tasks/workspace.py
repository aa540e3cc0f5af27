"""What a task works on: its app, its env file, its settings and its way to Heroku."""

from __future__ import annotations

import os
import sys
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from ..envfile import parser
from ..envfile.warnings import joined
from ..errors import FileUnreadable, WrongFile
from ..heroku import credentials, host
from ..heroku.client import Heroku
from ..heroku.masking import Known
from ..heroku.transport import Transport
from ..names import APP_ID
from ..project import files, target
from ..report.layout import printable
from ..report.reveal import Reveal
from ..signals import Clock
from ..stories.diff import compare
from .place import settled, tasks_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from invoke.context import Context

    from ..envfile.parser import EnvFile
    from ..errors import Complaint
    from ..heroku.credentials import DotEnv
    from ..heroku.host import Host
    from ..plan.outcome import Comparison
    from ..project.remotes import Remotes
    from ..project.settings import Settings
    from ..project.target import App, Source
    from .options import Options
    from .terminal import Terminal


class Ground(NamedTuple):
    """What every task stands on: the folder of `tasks.py`, the settings, and where the API is."""

    root: Path
    settings: Settings
    where: Host
    dotenv: Callable[[], DotEnv]

    def heroku(self, terminal: Terminal) -> Heroku:
        """The way to Heroku; raises NoKey or BadKey."""
        is_loopback = self.where.is_loopback
        key = credentials.find(os.environ, self.dotenv, is_loopback=is_loopback)
        transport = Transport(self.where, key.secret)
        heroku = Heroku(
            transport,
            key_source=key.source,
            clock=Clock,
            notice=terminal.note,
            another_key=partial(credentials.another, os.environ, key),
            known=Known(key.secret),
        )
        terminal.watch(heroku.silence)
        return heroku

    def app(self, option: str | None, terminal: Terminal) -> App:
        """The app, by its name: files, locks and settings know no other."""
        found = target.resolve_app(
            option=option,
            environ=os.environ.get(credentials.APP_VARIABLE),
            dotenv=lambda: self.dotenv().app,
            settings=self.settings,
            remotes=self._remotes,
        )
        return found._replace(name=self.named(found.name, terminal))

    def named(self, app: str, terminal: Terminal) -> str:
        """The name of an app that was given by its id, which takes a request; or what was given."""
        if not APP_ID.fullmatch(app):
            return app
        name = self.heroku(terminal).app_name(app)
        terminal.note(f"{app} is {name}")
        return name

    def _remotes(self) -> Remotes:
        from ..project.remotes import remotes  # noqa: PLC0415  # the last place looked at

        return remotes(self.root)


class Work(NamedTuple):
    """Everything that diff and sync know before Heroku is asked."""

    app: App
    source: Source
    lock: Path | None
    """Where the lock of this env file is, if there is one."""
    declared: EnvFile
    settings: Settings
    root: Path
    heroku: Heroku
    reveal: Reveal
    terminal: Terminal


def ground(c: Context) -> Ground:
    """Read the settings and HEROKU_HOST; raises BadSettings or BadHost."""
    root = tasks_folder(c)
    return Ground(
        root=root,
        settings=settled(c),
        where=host.parse(os.environ.get("HEROKU_HOST")),
        dotenv=cache(lambda: credentials.read_dotenv(root / ".env")),
    )


def prepare(c: Context, options: Options, terminal: Terminal, *, writes: bool) -> Work:
    """Find and read everything that lies on this machine, before anything is sent.

    Raises the DeployError of whatever does not hold up.
    """
    options.check()
    found = ground(c)
    app = found.app(options.app, terminal)

    def missing() -> str:
        return f"name another with --file, or make it: {first_pull(app.name, options.file)}"

    source = target.resolve_file(
        option=options.file, app=app.name, settings=found.settings, root=found.root
    )
    problem = None if options.force else target.misplaced(source, app.name)
    if problem and writes:
        step = "leave --file out, or add --force"
        raise WrongFile(f"{problem}; nothing was written", next_step=step)
    if problem:
        terminal.note(f"warning: {problem}")
    if source.path and (exposed := files.exposure(source.path)):
        terminal.note(f"warning: {source.shown} {exposed}: see config.check")
    entries = declared(source, found.settings, terminal, missing)
    heroku = found.heroku(terminal)
    heroku.learn(entries.vars.values())
    return Work(
        app=app,
        source=source,
        lock=target.lock_of(source, app.name, found.settings, found.root),
        declared=entries,
        settings=found.settings,
        root=found.root,
        heroku=heroku,
        reveal=reveal(options.reveal, found.settings, terminal),
        terminal=terminal,
    )


def declared(
    source: Source,
    settings: Settings,
    terminal: Terminal,
    missing: Callable[[], str] | None = None,
) -> EnvFile:
    """The env file, read. What is odd about it is said where it is known to matter.

    `missing` says what to do where there is no such file.
    """
    try:
        data = read(source, terminal)
    except FileUnreadable as error:
        if missing and source.path and not files.is_there(source.path):
            error.next_step = missing()
        raise
    return parser.parse(data, source=source.shown, encrypted=settings.policy.encrypted)


def first_pull(app: str | None, named: str | None) -> str:
    """The command that makes an env file; `named` is what `--file` held."""
    from shlex import quote  # noqa: PLC0415  # only where a file is missing

    whose = f" --app {app}" if app else ""
    where = f" --file {quote(printable(named, keep=''))}" if named else ""
    return f"invoke config.pull{whose}{where}"


def warn(source: str, warnings: Iterable[Complaint], terminal: Terminal) -> None:
    for warning in joined(warnings):
        terminal.note(f"warning: {source}: {warning}")


def compared(work: Work, options: Options) -> Comparison:
    """What differs, after a word on what is odd about the entries that do."""
    found = compare(
        work.heroku,
        work.app.name,
        work.declared,
        source=work.source.shown,
        policy=work.settings.policy,
        prune=options.prune,
        only=frozenset(options.only) or None,
        examples=lambda: files.example_names(work.root, work.lock),
        # A plan that was reviewed is one of config.diff's, which leaves alone what it cannot read.
        over_unreadable=options.force and options.expect is None,
    )
    mind_reveal(options.reveal, {*work.declared.vars, *found.live.names}, work.terminal)
    warn(work.source.shown, found.warnings, work.terminal)
    return found


def read(source: Source, terminal: Terminal) -> bytes:
    if source.path is not None:
        return files.read_file(source.path, shown=source.shown)
    if sys.stdin is None:
        raise FileUnreadable(source.shown, "is closed", next_step="pipe the env file into it")
    if sys.stdin.isatty():
        terminal.note("reading the env file from the terminal; end it with Ctrl-D")
    return files.read_stream(sys.stdin.buffer)


def reveal(chosen: Sequence[str], found: Settings, terminal: Terminal) -> Reveal:
    """Which values are shown, by `--reveal` and the settings; never by a pattern in CI."""
    in_ci = terminal.in_ci
    if in_ci and any(set(name) & set("*?") for name in chosen):
        terminal.note("warning: in CI --reveal takes exact names alone; patterns show nothing")
    return Reveal((*found.reveal, *chosen), exact_only=in_ci)


def mind_reveal(chosen: Sequence[str], names: Collection[str], terminal: Terminal) -> None:
    """Say which `--reveal` shows nothing, since no var is called so."""
    for pattern in chosen:
        if not any(Reveal((pattern,)).chooses(name) for name in names):
            # What is no name, nor a pattern of one, may be a value that landed here.
            is_name = all(char.isupper() or char in "_*?" for char in pattern)
            terminal.note(f"warning: --reveal{f' {pattern}' if is_name else ''} matches no var")
