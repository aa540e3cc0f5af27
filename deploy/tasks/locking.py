"""The body of config.lock, and what config.sync does about a lock."""

from __future__ import annotations

import secrets
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from deploy import envfile, lock, target, worktree
from deploy.amend import amend
from deploy.diff import check_swallowed
from deploy.errors import Declined, DeployError, FileUnreadable, NotAllowed, WrongFile
from deploy.plan import LOCK_KEY
from deploy.report import printable
from deploy.secret import Secret
from deploy.settings import DEFAULT_FILE
from deploy.target import STDIN, Source
from deploy.tasks.options import LockOptions
from deploy.tasks.work import declared, ground, warn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from invoke.context import Context

    from deploy.envfile import EnvFile
    from deploy.tasks.terminal import Terminal
    from deploy.tasks.work import Ground

STALE = 2
"""The exit code for a lock that no longer matches its file."""


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = LockOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    where = ground(c)
    files = [_read(source, path, where, terminal) for source, path in _sources(where, options.file)]
    if options.check:
        return max([_check(file, terminal) for file in files])
    if c.config.run.dry:
        for file in files:
            terminal.report(f"Dry run: {file.called} was not written.")
        return 0
    # Whatever can stand in the way does so before the first file is written.
    for file in files:
        if LOCK_KEY in file.found.vars:
            lock.make(file.found.vars, source=file.source.shown)
        else:
            _permit_key(file.source, terminal, yes=options.yes)
    encrypted = where.settings.policy.encrypted
    for file in files:
        terminal.if_stopped = "; run config.lock again"
        found = file.found
        if LOCK_KEY not in found.vars:
            found = _with_key(file.source, encrypted, terminal)
        terminal.result(write(file.path, found, file.source.shown, called=file.called))
    return 0


class _File(NamedTuple):
    """An env file and its lock, and what messages call the lock."""

    source: Source
    path: Path
    found: EnvFile
    called: str


def _read(source: Source, path: Path, where: Ground, terminal: Terminal) -> _File:
    """An env file, once it is sure that no open quote swallowed a name of the lock."""
    found = declared(source, where.settings, terminal)
    warn(source.shown, found.warnings, terminal)
    check_swallowed(found, {}, partial(worktree.example_names, where.root, path), source.shown)
    called = source.shown + target.LOCK_SUFFIX if source.path else path.name
    return _File(source, path, found, called)


def is_stale(path: Path, found: EnvFile, shown: str) -> bool:
    """Whether a lock says something else than its file; one that cannot be made is stale too."""
    try:
        there = lock.parse(worktree.read_file(path, shown=path.name), source=path.name)
        return there != lock.make(found.vars, source=shown)
    except DeployError:
        return True


def write(path: Path, found: EnvFile, shown: str, *, called: str = "") -> str:
    """Write the lock of a file, and say so; raises what stands in the way."""
    made = lock.make(found.vars, source=shown)
    worktree.write_whole(path, made.text().encode(), mode=0o644)
    called = printable(called or path.name, keep="")
    return f"Wrote {called}: {len(made.digests)} names. Commit it."


def _check(file: _File, terminal: Terminal) -> int:
    made = lock.make(file.found.vars, source=file.source.shown)
    try:
        data = worktree.read_file(file.path, shown=file.called)
    except FileUnreadable as error:
        error.next_step = "make it: invoke config.lock"
        raise
    there = lock.parse(data, source=file.called)
    called, shown = (printable(name, keep="") for name in (file.called, file.source.shown))
    names = sorted(dict(made.digests.items() ^ there.digests.items()))
    if made.fingerprint != there.fingerprint:
        terminal.report(f"{called} was made with another {LOCK_KEY} than {shown} has.")
    elif names:
        terminal.report(f"{called} does not match {shown}: {', '.join(names)}.")
    else:
        terminal.report(f"{called} matches {shown}: {len(made.digests)} names.")
        return 0
    return STALE


def _sources(found: Ground, option: str | None) -> list[tuple[Source, Path]]:
    """The env files to lock, each with its lock."""
    shown = sorted(set(found.settings.apps.values())) or [DEFAULT_FILE]
    sources = [
        target.resolve_file(option=None, app=app, settings=found.settings, root=found.root)
        for app in _an_app_of_each(found, shown)
    ]
    if option is None:
        return [(source, target.with_lock(_path(source))) for source in sources]
    if option != STDIN:
        source = target.resolve_file(
            option=option, app="", settings=found.settings, root=found.root
        )
        return [(source, target.with_lock(_path(source)))]
    if len(sources) > 1:
        raise WrongFile(
            "the settings list several files, and standard input stands for one of them",
            next_step="name the file with --file",
        )
    return [(Source(None, "standard input"), target.with_lock(_path(sources[0])))]


def _an_app_of_each(found: Ground, files: list[str]) -> list[str]:
    if not found.settings.apps:
        return [""]
    owners = {file: app for app, file in found.settings.apps.items()}
    return [owners[file] for file in files]


def _path(source: Source) -> Path:
    assert source.path is not None  # noqa: S101  # for the type checker: a declared file has one
    return source.path


def _permit_key(source: Source, terminal: Terminal, *, yes: bool) -> None:
    """Ask whether the env file may have a key; raises where it may not."""
    if source.path is None:
        raise WrongFile(
            f"{LOCK_KEY} is not on standard input, and cannot be added there",
            next_step=f"add an entry {LOCK_KEY} of 64 lowercase hex digits (openssl rand -hex 32)",
        )
    if not yes:
        if not terminal.can_ask(stdin_is_taken=False):
            raise NotAllowed(
                f"{source.shown} declares no {LOCK_KEY}", next_step="add --yes to append a new one"
            )
        question = f"{source.shown} declares no {LOCK_KEY}. Append a new one? [y/N]"
        if terminal.ask(question, stdin_is_taken=False).lower() not in ("y", "yes"):
            raise Declined


def _with_key(source: Source, encrypted: Sequence[str], terminal: Terminal) -> EnvFile:
    """Append a key to the env file, as it is now: it may have changed while we asked."""
    data = worktree.read_file(_path(source), shown=source.shown)
    found = envfile.parse(data, source=source.shown, encrypted=encrypted)
    if LOCK_KEY in found.vars:
        return found
    key = Secret(secrets.token_hex(32))
    data = amend(data, {LOCK_KEY: key}, source=source.shown, encrypted=encrypted).data
    found = envfile.parse(data, source=source.shown, encrypted=encrypted)
    worktree.write_whole(_path(source), data, mode=0o600)
    terminal.note(f"Appended {LOCK_KEY} to {source.shown}; config.sync takes it to the app.")
    return found
