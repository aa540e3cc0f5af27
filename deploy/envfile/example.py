"""An example of an env file, for version control: its names and its comments, and no value.

People comment out an entry with its value, and note a password beside its name. So a comment stays
only where nothing in it can be a value; of an entry that is commented out, the name stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..names import LOCK_KEY, VAR_NAME
from ..secret import Secret
from .encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .declaration import Layer

_COMMENTED_OUT = re.compile(rf"#[#\s]*(?:export\s+)?({VAR_NAME.pattern})\s*=\s*(.*)")
_ASSIGNED = re.compile(r"=\s*\S|://[^\s/@]*:[^\s/@]+@")
"""A value of whatever form: behind its name, or as the password of a URL."""
_NAMED = re.compile(r".*?([A-Za-z_][\w-]*)\s*:\s+(\S+)")
"""A single word behind a name: of several words is an explanation made, not a password."""
_WORD = re.compile(r"[^\s'\"`()<>,;]{8,}")


class Example(NamedTuple):
    """The text, how many names it has, and how many comments were left out of it."""

    text: str
    names: int
    left_out: int


def example_of(layers: Sequence[tuple[Layer, bytes | None]]) -> Example:
    """The example of these layers, each with its bytes, where it has any that hold comments.

    Each name stands once, where the first layer has it; the key of a lock has no place in it.
    """
    values = [value for layer, _ in layers for value in layer.parsed.vars.values()]
    seen: set[str] = {LOCK_KEY}
    lines: list[str] = []
    left_out = 0
    for layer, data in layers:
        texts = decode(data, layer.source).split("\n") if data is not None else []
        for name, text in _lines(layer, texts, values):
            if name and name not in seen:
                seen.add(name)
                lines.append(f"{name}=")
            elif text is None:
                left_out += 1
            elif not name:
                lines.append(text)
        lines.append("")
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return Example(f"{text}\n", len(seen) - 1, left_out)


def _lines(
    layer: Layer, texts: Sequence[str], values: Sequence[Secret]
) -> Iterator[tuple[str, str | None]]:
    """From the top, a name; or the text of a comment or a blank line, None for what could tell."""
    if not texts:
        yield from ((entry.name, "") for entry in layer.parsed.entries)
        return
    entries = {entry.line: entry for entry in layer.parsed.entries}
    last = 0
    quote = ""  # what ends a value of several lines that is commented out
    for number, text in enumerate(texts, start=1):
        comment = text.strip()
        if entry := entries.get(number):
            yield entry.name, ""
            last, quote = entry.last_line, ""
        elif number <= last or (comment and not comment.startswith("#")):
            continue
        elif quote and comment:
            yield "", None
            quote = "" if quote in comment else quote
        else:
            yield "", _harmless(comment, values)
            quote = _left_open(comment)


def _left_open(comment: str) -> str:
    """The quote that an entry which is commented out has opened, and not closed."""
    match = _COMMENTED_OUT.fullmatch(comment)
    value = re.sub(r"\\.", "", match[2]) if match else ""
    is_open = value[:1] in ("'", '"', "`") and value[0] not in value[1:]
    return value[0] if is_open else ""


def _harmless(comment: str, values: Sequence[Secret]) -> str | None:
    match = _COMMENTED_OUT.fullmatch(comment)
    comment = f"# {match[1]}=" if match else comment
    if _ASSIGNED.search(comment) or any(value.stands_in(comment) for value in values):
        return None
    named = _NAMED.fullmatch(comment)
    if named and Secret(named[2]).secrecy(named[1]).name != "NONE":
        return None
    words = _WORD.findall(comment)
    return None if any(Secret(word).is_secretlike("") for word in words) else comment
