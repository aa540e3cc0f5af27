"""A configuration that Invoke cannot take, in a line; Invoke itself shows 45, and its text."""

from __future__ import annotations

import os
import re
from itertools import takewhile
from traceback import walk_tb
from typing import TYPE_CHECKING

from ..report.layout import printable

if TYPE_CHECKING:
    from types import TracebackType


def explain(error: Exception, trace: TracebackType | None) -> str | None:
    """What is wrong with the file that Invoke was loading; None where it was loading none.

    Nothing of the file is shown: YAML's own words for an error hold some of it. An `invoke.py` is
    a program, and fails as such. Once all is loaded Invoke looks for an environment variable for
    each key, and takes none that is no text, nor two that are one in capitals.
    """
    if (keys := _naming(trace)) is not None:
        where = ".".join(takewhile(_is_word, keys))
        return f"error: settings: {where}: {_KEYS.get(type(error).__name__, _reason(error))}"
    path = _loading(trace)
    if path is None or path.endswith(".py"):
        return None
    below = os.path.relpath(path)
    shown = printable(path if below.startswith("..") else below, keep="")
    return f"error: {shown}: {_reason(error)}"


def has_lost_its_reader(error: BaseException, trace: TracebackType | None) -> bool:
    """Whether Invoke was printing its list, or a help, to somebody who has left."""
    where = [frame.f_globals.get("__name__") for frame, _ in walk_tb(trace)]
    return isinstance(error, BrokenPipeError) and where[-1:] == ["invoke.program"]


def _loading(trace: TracebackType | None) -> str | None:
    """The path that Invoke's `Config._load_file` was at work on."""
    found = None
    for frame, _ in walk_tb(trace):
        if frame.f_globals.get("__name__") == "invoke.config":
            found = frame.f_locals.get("filepath", found)
    return found if isinstance(found, str) else None


def _is_word(key: object) -> bool:
    """Whether it may be shown: somebody may have put a value where a name belongs."""
    return isinstance(key, str) and re.fullmatch(r"[A-Za-z_-]{1,30}", key) is not None


def _naming(trace: TracebackType | None) -> list[str] | None:
    """The path of the key for which Invoke was naming an environment variable."""
    found = None
    for frame, _ in walk_tb(trace):
        if frame.f_globals.get("__name__") == "invoke.env":
            found = frame.f_locals.get("key_path", found)
    return [*found] if isinstance(found, list) else None


def _reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is not None:  # YAML counts from 0
        return f"line {mark.line + 1}, column {mark.column + 1}: does not parse as YAML"
    if hasattr(error, "lineno") and hasattr(error, "colno"):
        return f"line {error.lineno}, column {error.colno}: does not parse as JSON"
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    kind = type(error).__name__
    return _REASONS.get(kind, f"cannot be loaded ({kind})")


_KEYS = {
    "AmbiguousEnvVar": "two keys in it are the same but for their case",
    "TypeError": "a key in it is no text, such as on, 12 or a date: put it in quotes",
}
_REASONS = {
    "AmbiguousMergeError": "gives one of Invoke's own settings another shape than it has",
    "AttributeError": "must be a mapping of settings, at its top level",
    "ReaderError": "holds a character that YAML does not allow",
    "UnicodeDecodeError": "is not UTF-8",
    "UnknownFileType": "must end in .yaml, .yml, .json or .py",
}
"""By the name alone: none of these classes is worth an import."""
