"""An env file that is not there, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..names import options_of
from ..project import files
from ..report.layout import printable

if TYPE_CHECKING:
    from ..project.target import Source

MAKE_LAYER = "make it, be it empty; or take it out of the settings"
"""What to do where a layer below the top is not there."""


def is_missing(source: Source) -> bool:
    """Whether there is no such env file."""
    return source.path is not None and not files.is_there(source.path)


def pull_command(app: str | None, file: str | None) -> str:
    """The command that makes an env file; `file` is what `--file` held."""
    from shlex import quote  # noqa: PLC0415  # only where a file is missing

    whose = f" {options_of(app)}" if app else ""
    where = f" --file {quote(printable(file, keep=''))}" if file else ""
    return f"invoke config.pull{whose}{where}"
