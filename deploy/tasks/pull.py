"""The body of config.pull."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BadOption, DeployError, NotAllowed, WrongFile
from ..names import listed
from ..plan import consent
from ..plan.consent import Asked
from ..project import files, safe_write, target
from ..report import tables
from ..report.result import dry_run
from ..secret.ciphertext import RUNTIME
from ..stories import pull
from ..stories.diff import recheck
from .confirm import permitted
from .options import PullOptions
from .workspace import ground, reveal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invoke.context import Context

    from ..plan.outcome import Pull
    from .terminal import Terminal
    from .workspace import Ground

LEFT_OUT = 1
"""The exit code where a var could not be written into the file, though the rest was."""


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = PullOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    where = ground(c)
    app = where.app(options.app, terminal)
    path, shown = _file(app.name, options, where)
    safe_write.check_regular(path, shown=shown, next_step="name another file with --file")
    safe_write.check_ignored(path, shown=shown)
    data = _read(path, shown)
    lock = target.lock_of(target.Source(path, shown), app.name, where.settings, where.root)
    heroku = where.heroku(terminal)
    found = pull.compare(
        heroku,
        app.name,
        data,
        source=shown,
        policy=where.settings.policy,
        prune=options.prune,
        owned=options.owned,
        examples=partial(files.example_names, where.root, lock),
    )
    report = partial(tables.pull, found, reveal((), where.settings, terminal))
    terminal.report(report(color=terminal.has_color, width=terminal.width))
    asked = Asked(
        name=shown,
        kind="file",
        can_ask=terminal.can_ask,
        yes=options.yes,
        confirm=options.confirm,
        force=True,  # what looks like a mistake on an app need be none in a file
    )
    if options.dry_run or c.config.run.dry:
        needs = () if found.plan.is_empty else consent.options(found.plan, asked)
        terminal.result(dry_run(needs))
        return 0
    if found.plan.changes:
        unseen = (
            partial(str) if terminal.is_seen else partial(report, width=terminal.question_width)
        )
        if permitted(found.plan, asked, terminal, verb="write", above=unseen):
            recheck(heroku, found)
        terminal.if_stopped = f"; {shown} is whole, as it was or as it should be"
        safe_write.write_whole(
            path,
            found.amended.data,
            mode=0o600,
            at_most=0o600,
            check=partial(_check_unedited, path, shown, data),
        )
    terminal.result(tables.pulled(found))
    if found.plan.changes and lock and files.is_there(lock):
        terminal.note(f"warning: {lock.name} may be stale: run config.lock, and commit it")
    return _left_out(found, terminal)


def _file(app: str, options: PullOptions, where: Ground) -> tuple[Path, str]:
    """The file to write; raises where it may not be this one."""
    source = target.resolve_file(
        option=options.file, app=app, settings=where.settings, root=where.root
    )
    if source.path is None:
        raise BadOption("--file - is not to be written to", next_step="name a file")
    if problem := target.misplaced(source, app):
        raise WrongFile(f"{problem}; nothing was written", next_step="leave --file out")
    is_said = options.file is not None and Path(options.file).name == ".env"
    if target.is_dotenv(source.path) and not is_said:
        raise WrongFile(
            f"{source.shown} is .env, which development reads; nothing was written",
            next_step="say --file .env if production's values are meant to be there",
        )
    return source.path, source.shown


def _read(path: Path, shown: str) -> bytes:
    """The file as it is; empty where there is none."""
    return files.read_file(path, shown=shown) if files.is_there(path) else b""


def _check_unedited(path: Path, shown: str, data: bytes) -> None:
    """Raise NotAllowed where an editor saved the file while Heroku was read, or a person asked."""
    if _read(path, shown) != data:
        raise NotAllowed(f"{shown} changed meanwhile", next_step="run it again")


def _left_out(found: Pull, terminal: Terminal) -> int:
    ciphers = {
        name
        for name in found.amended.left_out
        if found.live.vars[name].is_encrypted(name, expected=found.policy.encrypted)
    }
    if ciphers:
        what = f"{listed(ciphers)}: encrypted on {found.app}; left out of {found.source}"
        terminal.error(DeployError(what, next_step=RUNTIME))
    if found.plan.unreadable:
        terminal.error(
            DeployError(
                f"{listed(found.plan.unreadable)}: cannot be read on {found.app};"
                f" left out of {found.source}",
                next_step="write it there by hand, or put it under ignore: in the settings",
            )
        )
    names = listed(set(found.amended.left_out) - ciphers)
    if not names:
        return LEFT_OUT if ciphers or found.plan.unreadable else 0
    terminal.error(
        DeployError(
            f"{names}: no env file can hold this name or its value; left out of {found.source}",
            next_step="put it under ignore: in the settings",
        )
    )
    return LEFT_OUT
