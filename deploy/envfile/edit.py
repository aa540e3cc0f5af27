"""An env file with other values, amended in place.

What does not change stays byte for byte: comments, blank lines, the order, the line ends, and how
an entry is written. A value is written on one line, whatever it holds: behind a raw line end in
quotes, a text that reads `NAME=` would be taken for a name that the quote swallowed.

The new file is read back before it is handed out, so that none is written that says anything else
than was meant.
"""

from __future__ import annotations

import codecs
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BadEnvFile, Complaint
from ..names import VAR_NAME
from ..secret import MASK
from .encoding import LONG_BLANKS, MAX_BYTES
from .parser import CONTROL, parse
from .swallowed import suspects_in_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from ..secret import Secret
    from .parser import Entry, EnvFile

_LINE_END = re.compile(r"\r\n|\n|\r")
_LINE = re.compile(rf"[^\r\n]*(?:{_LINE_END.pattern})|[^\r\n]+")
"""A line as the parser counts them: not splitlines, which ends one at U+2028 too."""

_ENTRY = re.compile(
    r"""
    (?P<head>
        \s* (?:export[^\S\r\n]+)? (?:'[^']+'|[^=\#\s]+) [^\S\r\n]* =
        (?: (?![^\S\r\n]+\#) [^\S\r\n]* )?    # in `A= # x` the blank belongs to the comment
    )
    (?: '[^'\\]*(?:\\.[^'\\]*)*' | "[^"\\]*(?:\\.[^"\\]*)*"
      | \S+(?:[^\S\r\n]+(?![\#\s])\S+)*       # unquoted, it ends before " #"
    )?
    (?P<behind>[^\r\n]*)
    """,
    re.VERBOSE | re.DOTALL,
)
"""An entry that has been parsed, in parts; between head and behind stands the value."""

_RAW = re.compile(r"[A-Za-z0-9_./:@%+,=-]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_IN_SINGLE_QUOTES = re.compile(r"'|\\\\|\\$")
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r"})


class Amended(NamedTuple):
    """The new file, and the names whose new value it could not carry, sorted."""

    data: bytes
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Amended({MASK}, left_out={self.left_out})"


def amend(
    data: bytes,
    changes: Mapping[str, Secret | None],
    *,
    source: str,
    encrypted: Collection[str] = (),
) -> Amended:
    """Give names of an env file new values, or take them out with None.

    A new name is appended. One whose value cannot be carried is left out, and an entry that it has
    stays as it is. The file may declare nothing, before and after. Raises BadEnvFile where `data`
    does not parse, or the new file would be too large or would not read back as meant.
    Ciphertext is carried for the names, or patterns, in `encrypted` alone.
    """
    read = partial(parse, source=source, may_be_empty=True, encrypted=encrypted)
    entries = read(data).entries
    ciphers = {
        name
        for name, value in changes.items()
        if value and value.is_encrypted(name, expected=encrypted)
    }
    changes = {name: changes[name] for name in changes.keys() - ciphers}
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = data[len(mark) :].decode()
    held = {entry.name: entry.value for entry in entries}
    new = {name: changes[name] for name in sorted(changes.keys() - held.keys())}
    kept, stuck = _kept(_LINE.findall(text), entries, changes)
    added, left_out = _added(new, _usual_end(text))
    if added and kept and not kept.endswith(("\n", "\r")):
        added = _usual_end(text) + added
    amended = Amended(mark + (kept + added).encode(), tuple(sorted({*stuck, *left_out, *ciphers})))
    meant = {**held, **{name: changes[name] for name in changes.keys() - {*amended.left_out}}}
    _check(amended.data, meant, source, read)
    return amended


def _kept(
    lines: list[str], entries: Iterable[Entry], changes: Mapping[str, Secret | None]
) -> tuple[str, list[str]]:
    """The text as it was but for the entries that change, and the names that cannot."""
    left_out = []
    for entry in entries:
        if entry.name not in changes:
            continue
        span = slice(entry.line - 1, entry.last_line)
        text = _rewritten("".join(lines[span]), changes[entry.name])
        if text is None:
            left_out.append(entry.name)
            continue
        # As many as before: the next entries stand on the lines that the parser counted.
        lines[span] = [text, *[""] * (entry.last_line - entry.line)]
    return "".join(lines), left_out


def _rewritten(text: str, value: Secret | None) -> str | None:
    """An entry with another value, or without any; None where it cannot be carried."""
    if value is None:
        return ""
    body = text.rstrip("\r\n")
    match = _ENTRY.fullmatch(body)
    written = _written(value, match["behind"]) if match else None
    if match is None or written is None:
        return None
    return f"{match['head']}{written}{match['behind']}{text[len(body) :]}"


def _added(new: Mapping[str, Secret | None], end: str) -> tuple[str, list[str]]:
    """The lines of new entries, and the names that no line can carry."""
    lines, left_out = [], []
    for name, value in new.items():
        if value is None:
            continue
        written = _written(value, "") if VAR_NAME.fullmatch(name) else None
        if written is None:
            left_out.append(name)
        else:
            lines.append(f"{name}={written}{end}")
    return "".join(lines), left_out


def _written(value: Secret, behind: str) -> str | None:
    """A value as it stands in a file before the text behind it; None if it cannot."""
    text = value.reveal()
    if value.is_mask or CONTROL.search(text) or _SURROGATE.search(text):
        return None
    if not text:
        return '""' if behind.strip() else ""
    is_odd = value.is_unresolved or any(suspects_in_line(text, 0))
    if _RAW.fullmatch(text) and not behind.startswith("#") and not is_odd:
        return text
    written = _quoted(text, is_literal="${" in text or value.is_unresolved)
    return None if LONG_BLANKS.search(written) else written


def _quoted(text: str, *, is_literal: bool) -> str:
    """In single quotes as it stands, where every reader of env files takes it so.

    They differ on a backslash: python-dotenv takes one before another, and before a quote, for an
    escape. What reads like a reference is literal in single quotes alone.
    """
    is_one_line = set(text).isdisjoint("\n\r")
    if is_one_line and not _ESCAPED_IN_SINGLE_QUOTES.search(text):
        return f"'{text}'"
    if is_one_line and is_literal:
        return "'" + text.replace("\\", r"\\").replace("'", r"\'") + "'"
    return f'"{text.translate(_ESCAPES)}"'


def _usual_end(text: str) -> str:
    """How the last line that has an end ends."""
    ends = _LINE_END.findall(text)
    return ends[-1] if ends else "\n"


def _check(
    data: bytes,
    meant: Mapping[str, Secret | None],
    source: str,
    read: Callable[[bytes], EnvFile],
) -> None:
    if len(data) > MAX_BYTES:
        raise BadEnvFile(source, [Complaint(f"would be larger than {MAX_BYTES:,} bytes")])
    found = read(data).vars
    if found != {name: value for name, value in meant.items() if value is not None}:
        raise BadEnvFile(source, [Complaint("would not read back as it was meant")])
