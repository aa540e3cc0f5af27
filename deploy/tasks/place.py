"""Where a task stands: the folder of `tasks.py`, and the settings beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from invoke.config import Config, DataProxy

from ..project import settings

if TYPE_CHECKING:
    from invoke.context import Context

    from ..project.settings import Settings


def tasks_folder(c: Context) -> Path:
    """The folder of `tasks.py`, where Invoke looked for `invoke.yaml`; it offers no public way."""
    prefix = getattr(c.config, "_project_prefix", None)
    return Path(prefix) if prefix else Path.cwd()


def settled(c: Context) -> Settings:
    """The settings; raises BadSettings."""
    return settings.read(_plain(c.config), known=Config.global_defaults().keys())


def _plain(value: DataProxy | dict[str, object]) -> dict[str, object]:
    """Invoke's proxies as plain mappings, all the way down."""
    return {
        key: _plain(item) if isinstance(item, DataProxy | dict) else item
        for key, item in value.items()
    }
