"""An env file with other values, edited in place.

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
    from collections.abc import Collection, Iterable, Mapping

    from ..secret import Secret
    from .parser import Entry

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


class Edited(NamedTuple):
    """The new file, and the names whose new value no env file can hold, sorted."""

    data: bytes
    left_out: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Edited({MASK}, left_out={self.left_out})"


def edit(
    data: bytes,
    changes: Mapping[str, Secret | None],
    *,
    source: str,
    encrypted: Collection[str] = (),
) -> Edited:
    """Give names of an env file new values, or take them out with None.

    A new name is appended. One whose value no file can hold is left out, and an entry that it has
    stays as it is. The file may declare nothing, before and after. Raises BadEnvFile where `data`
    does not parse, or the new file would be too large or would not read back as meant.
    Ciphertext is taken for the names, or patterns, in `encrypted` alone.
    """
    read = partial(parse, source=source, may_be_empty=True, encrypted=encrypted)
    before = read(data)
    codec = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8"
    plain = {
        name: value
        for name, value in changes.items()
        if value is None or not value.is_encrypted(name, expected=encrypted)
    }
    text, unfit = _edited(data.decode(codec), before.entries, plain)
    left_out = {*unfit, *(changes.keys() - plain.keys())}
    edited = Edited(text.encode(codec), tuple(sorted(left_out)))
    if len(edited.data) > MAX_BYTES:
        raise BadEnvFile(source, [Complaint(f"would be larger than {MAX_BYTES:,} bytes")])
    wanted = {name: changes[name] for name in changes.keys() - left_out}
    meant = {name: value for name, value in {**before.vars, **wanted}.items() if value is not None}
    if read(edited.data).vars != meant:
        raise BadEnvFile(source, [Complaint("would not read back as it was meant")])
    return edited


def _edited(
    text: str, entries: Iterable[Entry], changes: Mapping[str, Secret | None]
) -> tuple[str, list[str]]:
    """The text with the changes in it, and the names whose change it cannot hold."""
    lines, left_out = _LINE.findall(text), []
    for entry in entries:
        if entry.name in changes:
            span = slice(entry.line - 1, entry.last_line)
            changed = _rewritten("".join(lines[span]), changes[entry.name])
            if changed is None:
                left_out.append(entry.name)
            else:
                # As many as before: the next entries stand on the lines that the parser counted.
                lines[span] = [changed, *[""] * (entry.last_line - entry.line)]
    kept, added = "".join(lines), ""
    end = (_LINE_END.findall(text) or ["\n"])[-1]
    for name in sorted(changes.keys() - {entry.name for entry in entries}):
        if changes[name] is not None:
            line = _rewritten(f"{name}={end}", changes[name]) if VAR_NAME.fullmatch(name) else None
            if line is None:
                left_out.append(name)
            added += line or ""
    if added and kept and not kept.endswith(("\n", "\r")):
        added = end + added
    return kept + added, left_out


def _rewritten(text: str, value: Secret | None) -> str | None:
    """An entry with another value, or without any; None where it cannot hold it."""
    if value is None:
        return ""
    body = text.rstrip("\r\n")
    match = _ENTRY.fullmatch(body)
    written = _written(value, match["behind"]) if match else None
    if match is None or written is None:
        return None
    return f"{match['head']}{written}{match['behind']}{text[len(body) :]}"


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
