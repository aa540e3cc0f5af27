"""config.lock: the lock of an env file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .command import command

if TYPE_CHECKING:
    from pathlib import Path

    from ..envfile.parser import EnvFile
    from ..project.target import Source
    from .lock_key import Key
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace

STALE = 2
"""The exit code for a lock that no longer matches its file."""


@command(
    help={
        "check": "Write nothing; exit with 2 where the lock does not match the file.",
        "yes": "Append a missing CONFIG_LOCK_KEY without asking; the app's own, if it has one.",
    },
)
def lock(run: Run, *, file: str | None = None, check: bool = False, yes: bool = False) -> int:
    """Write the lock of an env file, which CI can compare with Heroku.

    A lock holds names and keyed digests, and is meant to be committed. Its
    key is the entry CONFIG_LOCK_KEY of the env file, which config.sync takes
    to the app; so config.drift needs no secrets but an API key.

      invoke config.lock
      invoke config.lock --check
    """
    from ..project.safe_write import check_regular
    from ..report.result import locked
    from ..stories.lock import check_place, write
    from .lock_key import append
    from .workspace import Workspace

    at = Workspace.of(run)
    sources = _sources(at, file)
    if not check:
        step = "hand it over on standard input: --file -"
        for source, _ in sources:
            if source.path:
                check_regular(source.path, shown=source.shown, next_step=step)
    files = [_read(source, path, at) for source, path in sources]
    if check:
        return max([_check(each, run.terminal) for each in files])
    for each in files:
        check_place(each.path, at.root)
    if run.is_dry:
        for each in files:
            run.terminal.report(f"Dry run: {each.called} was not written.")
        return 0
    # Whatever can stand in the way does so before the first file is written.
    keys = _keys(files, at, yes=yes)
    for each in files:
        run.terminal.if_stopped = "; run config.lock again"
        key = keys.get(each.path)
        found = append(each.source, key, at) if key else each.found
        done = write(each.path, found.vars, each.source.shown, root=at.root)
        run.terminal.result(locked(done, each.called))
    return 0


class _File(NamedTuple):
    """An env file and its lock, and what messages call the lock."""

    source: Source
    path: Path
    found: EnvFile
    called: str


def _sources(at: Workspace, option: str | None) -> list[tuple[Source, Path]]:
    """The env files to lock, each with its lock."""
    from ..errors import WrongFile
    from ..project.target import STDIN, Source, with_lock

    if option is not None and option != STDIN:
        found = [at.file(option, "")]
    else:
        apps = {file: app for app, file in at.settings.apps.items()} or {"": ""}
        found = [at.file(None, apps[file]) for file in sorted(apps)]
    locked = [(source, with_lock(source.path)) for source in found if source.path]
    if option != STDIN:
        return locked
    if len(locked) > 1:
        raise WrongFile(
            "the settings list several files, and standard input stands for one of them",
            next_step="name the file with --file",
        )
    return [(Source(None, "standard input"), locked[0][1])]


def _read(source: Source, path: Path, at: Workspace) -> _File:
    """An env file, once it is sure that no open quote swallowed a name of the lock."""
    from ..envfile.swallowed import check_swallowed
    from ..errors import DeployError
    from ..project.settings import DEFAULT_FILE
    from ..project.target import LOCK_SUFFIX
    from .workspace import first_pull

    def missing() -> str:
        """What to do about a file that is not there; the app may not be known, and need not be."""
        try:
            app = at.app_of(source)
        except DeployError:
            app = None
        is_declared = source.shown in (*at.settings.apps.values(), DEFAULT_FILE)
        return f"make it: {first_pull(app, None if is_declared else source.shown)}"

    found = at.declared(source, missing)
    at.warn(source.shown, found.warnings)
    check_swallowed(found.suspects, found.vars, (), at.examples(path), source.shown)
    called = source.shown + LOCK_SUFFIX if source.path else path.name
    return _File(source, path, found, called)


def _keys(files: list[_File], at: Workspace, *, yes: bool) -> dict[Path, Key]:
    """What is to be appended to the files that declare no key; the other ones' keys must do."""
    from ..envfile.lock import make
    from ..names import LOCK_KEY
    from .lock_key import missing_key

    keys = {}
    for each in files:
        if LOCK_KEY in each.found.vars:
            make(each.found.vars, source=each.source.shown)
        else:
            keys[each.path] = missing_key(each.source, each.path, at, yes=yes)
    return keys


def _check(file: _File, terminal: Terminal) -> int:
    from ..envfile.lock import make
    from ..errors import FileUnreadable
    from ..names import LOCK_KEY
    from ..project.files import is_there
    from ..report.layout import printable
    from ..stories.lock import read_lock

    made = make(file.found.vars, source=file.source.shown)
    try:
        there = read_lock(file.path, file.called)
    except FileUnreadable as error:
        if not is_there(file.path):
            error.next_step = "make it: invoke config.lock"
        raise
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
