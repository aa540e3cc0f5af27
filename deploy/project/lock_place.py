"""Where the lock of an app, or of a stage, belongs."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from .files import expanded
from .layers import DEFAULT_FILE, Program
from .target import DOTENV, layers_of, source_of, text_of, with_lock

if TYPE_CHECKING:
    from pathlib import Path

    from .layers import Layer
    from .settings import Settings
    from .target import Sources


_UNLISTED = "app"
"""For the name of an app that the settings do not list: config.lock need not know it."""


def lock_of(sources: Sources, app: str, settings: Settings, root: Path) -> Path | None:
    """Where the lock of these sources is: an app's declared ones alone have one.

    Standard input stands for them, decrypted. None where another file was named, and for an app
    that the settings do not list: the default file is then another app's, or nobody's.
    """
    return lock_path(app, settings, root) if has_lock(sources, app, settings, root) else None


def has_lock(sources: Sources, app: str, settings: Settings, root: Path) -> bool:
    """Whether these sources can have a lock; see `lock_of`."""
    declared = tuple(source_of(layer, root) for layer in layers_of(app, settings))
    if not declared or sources.is_stdin or declared == sources.layers:
        return bool(declared)
    return [*map(text_of, declared)] == [*map(text_of, sources.layers)]


def lock_paths(settings: Settings, root: Path) -> dict[str, Path]:
    """Where the lock of each app and stage of the settings belongs."""
    wanted = frozenset(settings.targets.values())
    first: dict[tuple[Layer, ...], str] = {}
    for name, layers in settings.targets.items():
        first.setdefault(layers, name)
    return {
        name: _lock_path(layers, first[layers], wanted, root)
        for name, layers in settings.targets.items()
    }


def lock_path(app: str, settings: Settings, root: Path) -> Path:
    """Beside the topmost file, where that is nobody else's.

    Else it has the name of the app, or of the first one that is declared alike: two apps that
    differ below may end in the same file, and what a program prints has no place.
    """
    layers = layers_of(app, settings) or (DEFAULT_FILE,)
    alike = (name for name, each in settings.targets.items() if each == layers)
    declared = frozenset({layers, *settings.targets.values()})
    return _lock_path(layers, next(alike, _UNLISTED), declared, root)


def _lock_path(
    layers: tuple[Layer, ...], first: str, declared: frozenset[tuple[Layer, ...]], root: Path
) -> Path:
    """`first` is the first of those that are declared alike, which are one."""
    beside, wanted = _beside(layers, root), _wanted(declared, root)
    if beside and wanted[beside] == 1:
        return beside
    lock = with_lock(root / f"{DOTENV}.{first.replace('/', '.')}")
    return with_lock(lock) if wanted[lock] == 1 else lock


@lru_cache(maxsize=1)
def _wanted(declared: frozenset[tuple[Layer, ...]], root: Path) -> Counter[Path | None]:
    """How many declarations would have their lock at a place; kept, for many apps ask for it."""
    return Counter(_beside(each, root) for each in declared)


def _beside(layers: tuple[Layer, ...], root: Path) -> Path | None:
    """Where the lock would be beside the topmost layer; None for a program."""
    top = layers[-1]
    if isinstance(top, Program):
        return None
    return with_lock(root / expanded(top))
