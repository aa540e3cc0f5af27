"""The env files that a check looks at: which there are, and what each of them holds."""

from collections.abc import Sequence
from dataclasses import replace
from os.path import normpath
from pathlib import Path
from typing import NamedTuple

from ..envfile import parser
from ..envfile.flat_json import parse_output
from ..envfile.lock import Lock
from ..errors import BadEnvFile, BadLock, BadOption, FileUnreadable
from ..names import is_stage
from ..project import files
from ..project import tree as trees
from ..project.facts import Env
from ..project.layers import Layer, Program
from ..project.lock_place import lock_of as lock_of_app
from ..project.settings import Settings
from ..project.target import (
    DOTENV,
    LOCK_SUFFIX,
    STDIN,
    checked_file,
    resolve_sources,
    with_lock,
)
from .lock import read_lock
from .texts import Texts


class File(NamedTuple):
    """An env file to look at: where it is, what messages call it, and where its lock would be.

    `layer_of` says for each declaration that it is a layer of which one that is, and how far up.
    """

    path: Path | None
    shown: str
    lock: Path | None = None
    is_declared: bool = True
    must_be_there: bool = False
    program: Program | None = None
    """What prints it, where it is no file."""
    layer_of: tuple[tuple[int, int], ...] = ()
    other_locks: tuple[tuple[int, Path], ...] = ()
    """Of further declarations that end in this text, each with its number; see `Env`."""
    is_of_stage: bool = False


def files_of(root: Path, settings: Settings, named: Sequence[str]) -> list[File]:
    """The env files: those that were named, or those of the settings; `.env` behind them."""
    if STDIN in named:
        raise BadOption("--file - is no file of this tree", next_step="name the file")
    if named:
        names = [checked_file(name) for name in named]
        paths = dict.fromkeys(Path(normpath(Path.cwd() / files.expanded(name))) for name in names)
        found = [_file(path, root, must_be_there=True) for path in paths]
    else:
        found = [*_of_settings(root, settings)]
    if root / DOTENV not in [file.path for file in found]:
        found.append(File(root / DOTENV, DOTENV, is_declared=False))
    return found


def _file(path: Path, root: Path, *, must_be_there: bool = False) -> File:
    return File(
        path,
        # As git and the findings have it: relative to `tasks.py`, where it lies below.
        str(path.relative_to(root)) if path.is_relative_to(root) else str(path),
        with_lock(path),
        is_declared=path.name != DOTENV,
        must_be_there=must_be_there,
    )


def _of_settings(root: Path, settings: Settings) -> list[File]:
    """Each text once; the lock of a declaration is that of its topmost one.

    Stages stand behind the apps, so that a file of both is an app's.
    """
    found: dict[Path | Program, File] = {}
    apps: dict[tuple[Layer, ...], str] = {}  # those that are declared alike are one
    for app, layers in settings.targets.items():
        apps.setdefault(layers, app)
    default = [] if settings.apps else [""]
    for number, app in enumerate([*default, *apps.values()]):
        sources = resolve_sources(option=None, app=app, settings=settings, root=root)
        for height, source in enumerate(sources.layers):
            path = Path(normpath(source.path)) if source.path else None
            key = source.program or path
            assert key is not None  # noqa: S101  # for the type checker: none is standard input
            file = found.get(key) or (
                _file(path, root)._replace(lock=None)
                if path
                else File(None, source.shown, program=source.program)
            )
            if len(sources.layers) > 1:
                # `.env` too says what the app should have, where it is a layer of that.
                file = file._replace(is_declared=True)
            if source == sources.top:
                file = file._replace(is_of_stage=is_stage(app) and key not in found)
            lock = lock_of_app(sources, app, settings, root) if source == sources.top else None
            if lock and file.lock:
                file = file._replace(other_locks=(*file.other_locks, (number, lock)))
            elif lock:
                file = file._replace(lock=lock)
            found[key] = file._replace(layer_of=(*file.layer_of, (number, height)))
    return [*found.values()]


def read(file: File, rules: Sequence[str], encrypted: Sequence[str], texts: Texts | None) -> Env:
    """What an env file holds; of one that a program prints and that is not to be had, why not."""
    env = Env(
        path=file.shown,
        is_declared=file.is_declared,
        locked=_locked(file.lock),
        lock_path=_lock_shown(file, file.lock),
        other_locks=tuple(
            (number, _lock_shown(file, lock), _locked(lock)) for number, lock in file.other_locks
        ),
        layer_of=file.layer_of,
        is_of_stage=file.is_of_stage,
    )
    if file.program is not None and texts is not None:
        return _printed(env, file.program, encrypted, texts)
    assert file.path is not None  # noqa: S101  # for the type checker: it is no program
    if "ignored" in rules:
        tracking, linked = trees.tracking(file.path), trees.linked(file.path)
        env = replace(env, tracking=tracking, linked=linked)
    # A link that leads nowhere is there, and cannot be read.
    if not file.must_be_there and not file.path.is_symlink() and not files.is_there(file.path):
        return replace(env, is_there=False)
    # 1Password mounts `.env` as a pipe; a declared file may be one, but this is nobody's to empty.
    if not (file.must_be_there or file.is_declared) and (kind := files.special_kind(file.path)):
        return replace(env, special_kind=kind)
    data = files.read_file(file.path, shown=file.shown)
    env = replace(env, mode=files.mode(file.path) & 0o777)
    try:
        parsed = parser.parse(
            data, source=file.shown, may_be_empty=not file.is_declared, encrypted=encrypted
        )
    except BadEnvFile as error:
        return replace(env, complaints=error.complaints, legible=parser.legible(data))
    return replace(env, parsed=parsed)


def _printed(env: Env, program: Program, encrypted: Sequence[str], texts: Texts) -> Env:
    try:
        data = texts.output_of(program)
    except FileUnreadable as error:
        step = f": {error.next_step}" if error.next_step else ""
        reason = " ".join(error.reason.split())
        return replace(env, is_there=False, obstacle=f"{reason}{step}")
    try:
        return replace(env, parsed=parse_output(data, source=env.path, encrypted=encrypted))
    except BadEnvFile as error:
        return replace(env, complaints=error.complaints, legible=parser.legible(data))


def _lock_shown(file: File, lock: Path | None) -> str:
    """Beside its file as that is called; else by its name, beside `tasks.py`."""
    is_beside = file.path is not None and lock == with_lock(file.path)
    return f"{file.shown}{LOCK_SUFFIX}" if is_beside or lock is None else lock.name


def _locked(path: Path | None) -> Lock | BadLock | None:
    if path is None or not files.is_there(path):
        return None
    try:
        return read_lock(path)
    except BadLock as error:
        return error
