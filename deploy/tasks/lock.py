"""config.lock: the lock of an env file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .command import FOUND, command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..envfile.declaration import Declaration
    from ..project.target import Source, Sources
    from .lock_key import Key
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace


@command(
    file="The env file; - reads standard input, for the lock of the declared file. Otherwise: every"
    " env file of the settings, or .env.production.",
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
    from .lock_key import append
    from .workspace import Workspace

    workspace, terminal = Workspace.of(run), run.terminal
    found = _sources(workspace, file)
    if not check:
        step = "hand it over on standard input: --file -"
        for source in (each for sources, _ in found for each in sources.layers):
            if source.path:
                check_regular(source.path, shown=source.shown, next_step=step)
    workspace.run_programs(sources for sources, _ in found)
    files = [_read(sources, path, workspace) for sources, path in found]
    if check:
        return max([_check(each, terminal) for each in files])
    for each in files:
        check_place(each.lock, workspace.root)
    if run.is_dry:
        for each in files:
            terminal.report(f"Dry run: {each.lock_shown} was not written.")
        return 0
    # Whatever can stand in the way does so before the first file is written.
    keys = _keys(files, workspace, yes=yes)
    for each in files:
        key = keys.get(each.lock)
        terminal.if_stopped = "; run config.lock again"
        declared = append(each.sources, each.declared, key, workspace) if key else each.declared
        done = write(each.lock, declared.vars, each.sources.shown, root=workspace.root)
        terminal.result(locked(done, each.lock_shown))
    if any(key.app is None for key in keys.values()):
        from .next_step import SYNC, tell

        tell(terminal, SYNC)
    return 0


class _File(NamedTuple):
    """What an app is declared by, its lock, and what messages call that."""

    sources: Sources
    lock: Path
    declared: Declaration
    lock_shown: str


def _sources(workspace: Workspace, option: str | None) -> list[tuple[Sources, Path]]:
    """What is to be locked, each with its lock."""
    from ..errors import WrongFile
    from ..project.target import STDIN
    from .targets import declared

    if option is not None and option != STDIN:
        return [_named(workspace, option)]
    # Apps that are declared alike have one lock.
    targets = workspace.settings.targets
    apps = {targets.get(each, ()): each for each in declared(workspace)}
    found = [(workspace.sources(None, app), workspace.lock_path(app)) for app in apps.values()]
    found.sort(key=lambda each: each[0].shown)
    if option != STDIN:
        return found
    if len(found) > 1:
        raise WrongFile(
            "the settings list several files, and standard input stands for one of them",
            next_step="name the file with --file",
        )
    return [(workspace.sources(STDIN, ""), found[0][1])]


def _named(workspace: Workspace, option: str) -> tuple[Sources, Path]:
    """A file that was named, and the lock beside it; raises WrongFile for a layer of an app."""
    from ..errors import WrongFile
    from ..project.target import with_lock

    sources = workspace.sources(option, "")
    source = sources.top
    assert source.path is not None  # noqa: S101  # for the type checker: it is no standard input
    for app in workspace.owners(source):
        if len(workspace.settings.targets[app]) > 1:
            raise WrongFile(
                f"{option} is one layer of {app} in the settings, and a lock is of all of them",
                next_step="leave --file out",
            )
    return sources, with_lock(source.path)


def _read(sources: Sources, lock: Path, workspace: Workspace) -> _File:
    """What is declared, once it is sure that no open quote swallowed a name of the lock."""
    from ..errors import DeployError
    from ..project.layers import DEFAULT_FILE
    from .missing import pull_command

    def if_missing(source: Source) -> str:
        """What to do about a file that is not there; the app may not be known, and need not be."""
        try:
            app = workspace.app_of(source)
        except DeployError:
            app = None
        is_declared = bool(workspace.owners(source)) or source.shown == DEFAULT_FILE
        return f"make it: {pull_command(app, None if is_declared else source.shown)}"

    declared = workspace.declared(sources, if_missing)
    workspace.warn(declared.warnings_about(declared.vars))
    declared.check_swallowed((), workspace.examples(lock))
    return _File(sources, lock, declared, sources.lock_shown(lock))


def _keys(files: Sequence[_File], workspace: Workspace, *, yes: bool) -> dict[Path, Key]:
    """The key to append for each lock whose file lacks one; asks whether it may be."""
    from .lock_key import ask_apps, key_to_append, lacks_key

    lacking = [each for each in files if lacks_key(each.sources, each.declared)]
    answers = ask_apps([each.sources.top for each in lacking], workspace)
    return {
        each.lock: key_to_append(each.sources, each.lock, answer, workspace, yes=yes)
        for each, answer in zip(lacking, answers, strict=True)
    }


def _check(file: _File, terminal: Terminal) -> int:
    """Say whether a lock matches its file; the exit code."""
    from ..envfile.lock import make
    from ..errors import FileUnreadable
    from ..names import LOCK_KEY
    from ..project.files import is_there
    from ..report.layout import printable
    from ..stories.lock import read_lock

    made = make(file.declared.vars, source=file.sources.shown)
    try:
        there = read_lock(file.lock, file.lock_shown)
    except FileUnreadable as error:
        if not is_there(file.lock):
            error.next_step = "make it: invoke config.lock"
        raise
    lock, source = (printable(name, keep="") for name in (file.lock_shown, file.sources.shown))
    names = sorted(dict(made.digests.items() ^ there.digests.items()))
    if made.fingerprint != there.fingerprint:
        terminal.report(f"{lock} was made with another {LOCK_KEY} than {source} has.")
    elif names:
        terminal.report(f"{lock} does not match {source}: {', '.join(names)}.")
    else:
        terminal.report(f"{lock} matches {source}: {len(made.digests)} names.")
        return 0
    return FOUND
