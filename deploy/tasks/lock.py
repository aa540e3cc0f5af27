"""The body of config.lock, and what config.sync does about a lock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..envfile import lock, parser
from ..envfile.edit import amend
from ..envfile.swallowed import check_swallowed
from ..errors import DeployError, FileUnreadable, FileUnwritten, WrongFile
from ..names import LOCK_KEY
from ..project import files, safe_write, target
from ..project.settings import DEFAULT_FILE
from ..project.target import STDIN, Source
from ..report.layout import printable
from .lock_key import is_anew, missing_key
from .options import LockOptions
from .workspace import declared, first_pull, ground, warn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from invoke.context import Context

    from ..envfile.parser import EnvFile
    from .lock_key import Key
    from .terminal import Terminal
    from .workspace import Ground

STALE = 2
"""The exit code for a lock that no longer matches its file."""


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = LockOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    where = ground(c)
    sources = _sources(where, options.file)
    if not options.check:
        _check_regular(source for source, _ in sources)
    files = [_read(source, path, where, terminal) for source, path in sources]
    if options.check:
        return max([_check(file, terminal) for file in files])
    for file in files:
        check_place(file.path, where.root)
    if c.config.run.dry:
        for file in files:
            terminal.report(f"Dry run: {file.called} was not written.")
        return 0
    # Whatever can stand in the way does so before the first file is written.
    keys: dict[Path, Key] = {}
    for file in files:
        if LOCK_KEY in file.found.vars:
            lock.make(file.found.vars, source=file.source.shown)
        else:
            keys[file.path] = missing_key(file.source, file.path, where, terminal, yes=options.yes)
    encrypted = where.settings.policy.encrypted
    for file in files:
        terminal.if_stopped = "; run config.lock again"
        key = keys.get(file.path)
        found = _with_key(file.source, key, encrypted, terminal) if key else file.found
        terminal.result(
            write(file.path, found, file.source.shown, root=where.root, called=file.called)
        )
    return 0


def _check_regular(sources: Iterable[Source]) -> None:
    for source in sources:
        if source.path:
            step = "hand it over on standard input: --file -"
            safe_write.check_regular(source.path, shown=source.shown, next_step=step)


class _File(NamedTuple):
    """An env file and its lock, and what messages call the lock."""

    source: Source
    path: Path
    found: EnvFile
    called: str


def _read(source: Source, path: Path, where: Ground, terminal: Terminal) -> _File:
    """An env file, once it is sure that no open quote swallowed a name of the lock."""
    found = declared(
        source, where.settings, terminal, partial(_how_to_make, source, where, terminal)
    )
    warn(source.shown, found.warnings, terminal)
    check_swallowed(
        found.suspects, found.vars, (), partial(files.example_names, where.root, path), source.shown
    )
    called = source.shown + target.LOCK_SUFFIX if source.path else path.name
    return _File(source, path, found, called)


def _how_to_make(source: Source, where: Ground, terminal: Terminal) -> str:
    """What to do about an env file that is not there; the app may not be known, and need not be."""
    owners = [app for app, file in where.settings.apps.items() if file == source.shown]
    try:
        app = owners[0] if owners else where.app(None, terminal).name
    except DeployError:
        app = None
    is_declared = source.shown in where.settings.apps.values() or source.shown == DEFAULT_FILE
    return f"make it: {first_pull(app, None if is_declared else source.shown)}"


def is_stale(path: Path, found: EnvFile, shown: str) -> bool:
    """Whether a lock says something else than its file; one that cannot be made is stale too."""
    try:
        there = lock.parse(files.read_regular(path, shown=path.name), source=path.name)
        return there != lock.make(found.vars, source=shown)
    except DeployError:
        return True


def check_place(path: Path, root: Path) -> None:
    """Raise FileUnwritten where something else than a lock stands, or outside the project.

    A branch can name the env file, and bring a link in its lock's place: a shell's start-up file
    was replaced so.
    """
    safe_write.check_within(path, root)
    reason = "what stands there is no lock"
    try:
        data = files.read_regular(path, shown=path.name)
        if not data.strip() or lock.is_one(data):
            return
    except FileUnreadable as error:
        if error.reason == files.MISSING:
            return
        reason = f"what stands there {error.reason}"
    refused = FileUnwritten(path.name, reason)
    refused.next_step = "move it away, or remove it, and run config.lock"
    raise refused


def write(path: Path, found: EnvFile, shown: str, *, root: Path, called: str = "") -> str:
    """Write the lock of a file, and say so; raises what stands in the way."""
    made = lock.make(found.vars, source=shown)
    check_place(path, root)
    anew = f" It was made with another {LOCK_KEY} before." if is_anew(path, made) else ""
    safe_write.write_whole(path, made.text().encode(), mode=0o644)
    called = printable(called or path.name, keep="")
    return f"Wrote {called}: {len(made.digests)} names. Commit it.{anew}"


def _check(file: _File, terminal: Terminal) -> int:
    made = lock.make(file.found.vars, source=file.source.shown)
    try:
        data = files.read_regular(file.path, shown=file.called)
    except FileUnreadable as error:
        if not files.is_there(file.path):
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


def _with_key(source: Source, key: Key, encrypted: Sequence[str], terminal: Terminal) -> EnvFile:
    """Append a key to the env file, as it is now: it may have changed while we asked."""
    data = files.read_file(_path(source), shown=source.shown)
    found = parser.parse(data, source=source.shown, encrypted=encrypted)
    if LOCK_KEY in found.vars:
        return found
    data = amend(data, {LOCK_KEY: key.secret}, source=source.shown, encrypted=encrypted).data
    found = parser.parse(data, source=source.shown, encrypted=encrypted)
    safe_write.write_whole(_path(source), data, mode=0o600)
    rest = f"{key.app} has it already" if key.app else "config.sync takes it to the app"
    terminal.note(f"Appended {LOCK_KEY} to {source.shown}; {rest}.")
    return found
