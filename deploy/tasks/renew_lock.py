"""After a sync: the lock made anew, or a word that it is stale."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..secret import Secret
    from .terminal import Terminal


def renew_lock(
    lock: Path | None,
    declared: Mapping[str, Secret],
    shown: str,
    *,
    root: Path,
    terminal: Terminal,
) -> int:
    """Make it anew where a person is there to commit it, or say that it is stale; the exit code."""
    from ..errors import DeployError  # noqa: PLC0415  # where there is a lock
    from ..project.files import is_there  # noqa: PLC0415

    if lock is None or not is_there(lock):
        return 0
    from ..report.text import locked  # noqa: PLC0415
    from ..stories.lock import is_stale, write  # noqa: PLC0415

    called = os.path.relpath(lock, root)
    try:
        if not is_stale(lock, declared, shown):
            return 0
        if terminal.can_ask:
            done = write(lock, declared, shown, root=root)
            terminal.note(locked(done, called))
        else:
            terminal.note(f"warning: {called} is stale: run config.lock, and commit it")
    except DeployError as error:
        terminal.error(error)  # the report stands already, and JSON is one document
        return error.exit_code
    return 0
