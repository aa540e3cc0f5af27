"""config.lock: the lock of an env file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .command import FOUND, command

if TYPE_CHECKING:
    from pathlib import Path

    from ..envfile.parser import EnvFile
    from ..project.target import Source
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace


@command(
    check="Write nothing; exit with 2 where the lock does not match the file.",
    yes="Append a missing CONFIG_LOCK_KEY without asking; the app's own, if it has one.",
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
    from ..report.text import locked
    from ..stories.lock import check_place, write
    from .lock_key import append, key_to_append
    from .workspace import Workspace

    workspace, terminal = Workspace.of(run), run.terminal
    sources = _sources(workspace, file)
    if not check:
        step = "hand it over on standard input: --file -"
        for source, _ in sources:
            if source.path:
                check_regular(source.path, shown=source.shown, next_step=step)
    files = [_read(source, path, workspace) for source, path in sources]
    if check:
        return max([_check(each, terminal) for each in files])
    for each in files:
        check_place(each.lock, workspace.root)
    if run.is_dry:
        for each in files:
            terminal.report(f"Dry run: {each.lock_shown} was not written.")
        return 0
    # Whatever can stand in the way does so before the first file is written.
    keys = [key_to_append(*each[:3], workspace, yes=yes) for each in files]
    for each, key in zip(files, keys, strict=True):
        terminal.if_stopped = "; run config.lock again"
        declared = append(each.source, key, workspace) if key else each.declared
        done = write(each.lock, declared.vars, each.source.shown, root=workspace.root)
        terminal.result(locked(done, each.lock_shown))
    return 0


class _File(NamedTuple):
    """An env file and its lock, and what messages call the lock."""

    source: Source
    lock: Path
    declared: EnvFile
    lock_shown: str


def _sources(workspace: Workspace, option: str | None) -> list[tuple[Source, Path]]:
    """The env files to lock, each with its lock."""
    from ..errors import WrongFile
    from ..project.target import STDIN, Source, with_lock

    if option is not None and option != STDIN:
        found = [workspace.file(option, "")]
    else:
        apps = {file: app for app, file in workspace.settings.apps.items()} or {"": ""}
        found = [workspace.file(None, apps[file]) for file in sorted(apps)]
    locked = [(source, with_lock(source.path)) for source in found if source.path]
    if option != STDIN:
        return locked
    if len(locked) > 1:
        raise WrongFile(
            "the settings list several files, and standard input stands for one of them",
            next_step="name the file with --file",
        )
    return [(Source(None, "standard input"), locked[0][1])]


def _read(source: Source, lock: Path, workspace: Workspace) -> _File:
    """An env file, once it is sure that no open quote swallowed a name of the lock."""
    from ..envfile.swallowed import check_swallowed
    from ..errors import DeployError
    from ..project.settings import DEFAULT_FILE
    from ..project.target import LOCK_SUFFIX
    from .workspace import pull_command

    def if_missing() -> str:
        """What to do about a file that is not there; the app may not be known, and need not be."""
        try:
            app = workspace.app_of(source)
        except DeployError:
            app = None
        is_declared = source.shown in (*workspace.settings.apps.values(), DEFAULT_FILE)
        return f"make it: {pull_command(app, None if is_declared else source.shown)}"

    declared = workspace.declared(source, if_missing)
    workspace.warn(source.shown, declared.warnings)
    examples = workspace.examples(lock)
    check_swallowed(declared.suspects, declared.vars, (), examples, source.shown)
    return _File(source, lock, declared, source.shown + LOCK_SUFFIX if source.path else lock.name)


def _check(file: _File, terminal: Terminal) -> int:
    """Say whether a lock matches its file; the exit code."""
    from ..envfile.lock import make
    from ..errors import FileUnreadable
    from ..names import LOCK_KEY
    from ..project.files import is_there
    from ..report.layout import printable
    from ..stories.lock import read_lock

    made = make(file.declared.vars, source=file.source.shown)
    try:
        there = read_lock(file.lock, file.lock_shown)
    except FileUnreadable as error:
        if not is_there(file.lock):
            error.next_step = "make it: invoke config.lock"
        raise
    lock, source = (printable(name, keep="") for name in (file.lock_shown, file.source.shown))
    names = sorted(dict(made.digests.items() ^ there.digests.items()))
    if made.fingerprint != there.fingerprint:
        terminal.report(f"{lock} was made with another {LOCK_KEY} than {source} has.")
    elif names:
        terminal.report(f"{lock} does not match {source}: {', '.join(names)}.")
    else:
        terminal.report(f"{lock} matches {source}: {len(made.digests)} names.")
        return 0
    return FOUND
