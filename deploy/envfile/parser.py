"""The env file: bytes to entries, every complaint at once.

The grammar is python-dotenv's parser; the rules around it are ours, because that parser is made to
carry on where we must stop. It reads `A="x` / `B="` / `C=1` as two entries and no `B`; it gives a
bare `KEY` the value None, which Heroku would take as "delete"; it reports an entry's line as that
of the blank lines above it; and a long run of blanks in an unquoted value takes it seconds. So
the text is bounded and normalised first, and each binding is judged by its own written form.

What is printed of a line that does not hold up is its number, and a name only where it can be
nothing else: the line may be the middle of a key.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotenv.parser import parse_stream

from ..errors import BadEnvFile, Complaint
from ..names import VAR_NAME
from ..secret import Secret, ciphertext
from . import encoding, swallowed, warnings
from .multiline import Unquoted
from .swallowed import ASSIGNMENT

if TYPE_CHECKING:
    from collections.abc import Collection

    from dotenv.parser import Binding

    from .swallowed import Suspect
    from .warnings import Written

MASKED = "is a mask, as this program prints it, and not a value"
"""The reason of a complaint that a rule of its own is about."""
CONFIG_LIMIT = 64 * 1024
"""Bytes that all names and values of an app may have together (Dev Center, "Config Vars")."""
_SURELY_A_NAME = re.compile(r"[A-Z]{1,12}|[A-Z]+(?:_[A-Z0-9]+)+")
"""A bare word that can be shown: it reads as a name, and as no part of a key or a token."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared name, its value, the line that holds the name, and the last one of the value."""

    name: str
    value: Secret
    line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What an env file declares, and what is odd about it."""

    entries: tuple[Entry, ...]
    warnings: tuple[Complaint, ...] = ()
    suspects: tuple[Suspect, ...] = ()

    def warnings_about(self, names: Collection[str]) -> tuple[Complaint, ...]:
        """The warnings about these entries; those about the whole file go with any of them."""
        starts = [entry.line for entry in self.entries]

        def owner(warning: Complaint) -> str | None:
            """The entry that a warning is about: a swallowed name stands in another's value."""
            line = warning.line or 0
            place = bisect_right(starts, line) - 1
            if place >= 0 and line <= self.entries[place].last_line:
                return self.entries[place].name
            return warning.name

        return tuple(
            warning
            for warning in self.warnings
            if (names if warning.line is None else owner(warning) in names)
        )

    @property
    def vars(self) -> dict[str, Secret]:
        return {entry.name: entry.value for entry in self.entries}


def parse(
    data: bytes, *, source: str, may_be_empty: bool = False, encrypted: Collection[str] = ()
) -> EnvFile:
    """Read a whole env file; `source` is what messages call it.

    `encrypted` are the names, or patterns, of vars that the app decrypts itself.

    A byte-order mark is allowed, and CRLF and CR count as line ends. Raises BadEnvFile with every
    complaint, and for a file that declares nothing, unless it may be empty: that is never taken as
    an empty declaration.
    """
    text = encoding.decode(data, source)
    if not text.strip() and not may_be_empty:
        raise BadEnvFile(source, [Complaint("is empty: it declares nothing")])
    reader = _Reader(encrypted)
    for binding in parse_stream(io.StringIO(text)):
        reader.take(binding)
    if reader.complaints:
        from .other_formats import told  # noqa: PLC0415  # not for a file that parses

        step = ciphertext.way_out(reader.tools, source) if reader.tools else None
        raise BadEnvFile(source, told(text, reader.complaints), next_step=step)
    if not reader.entries and not may_be_empty:
        raise BadEnvFile(source, [Complaint("declares nothing: it holds comments alone")])
    return reader.finish()


class _Reader:
    """Judges one binding after the other, and keeps what the later ones are judged by."""

    def __init__(self, encrypted: Collection[str] = ()) -> None:
        self.encrypted = encrypted
        self.tools: list[ciphertext.Tool] = []
        """What encrypted a line, for each of those lines."""
        self.is_broken = False
        self.is_disturbed = False
        """Whether the quotes are out of step: what reads as a name may be the middle of a key."""
        self.sure: set[str] = set()
        """The names that were declared before."""
        self.unquoted = Unquoted()
        self.entries: dict[str, Entry] = {}
        self.complaints: list[Complaint] = []
        self.warnings: list[Complaint] = []
        self.suspects: list[Suspect] = []
        self.bytes = 0

    def take(self, binding: Binding) -> None:
        written = binding.original.string.lstrip()
        skipped = len(binding.original.string) - len(written)
        line = binding.original.line + binding.original.string.count("\n", 0, skipped)
        is_passed_over, complaint = self.unquoted.holds(
            binding.original.string,
            is_odd=binding.error or (binding.key is not None and binding.value is None),
        )
        if complaint:
            self._complain(complaint)
        if self.unquoted.doubt:
            self.warnings.append(self.unquoted.doubt)
        has_quote = "'" in written or '"' in written
        if is_passed_over:
            is_of_json = self.unquoted.is_json and written[:1] in ('"', "{", "}", "[", "]")
            self.is_disturbed |= has_quote and (not is_of_json or "\n" in written.rstrip())
            return
        if binding.error:
            self._complain(_unparsed(written, line))
        elif binding.key is None:
            return
        elif binding.value is not None and VAR_NAME.fullmatch(binding.key):
            self._take_entry(binding.key, binding.value, written, line)
            return
        elif not VAR_NAME.fullmatch(binding.key):
            reason = "a name must be letters, digits and underscores, and not begin with a digit"
            self._complain(Complaint(reason, line=line))
        else:
            name = binding.key if _SURELY_A_NAME.fullmatch(binding.key) else None
            self._complain(Complaint("a name without =", line=line, name=name))
        self.is_disturbed |= has_quote

    def _take_entry(self, name: str, value: str, text: str, line: int) -> None:
        if not self.is_disturbed:
            self.sure.add(name)
        how = warnings.written(text)
        secret = Secret(value, is_literal=how.quote == "'")
        entry = Entry(name, secret, line, line + text.rstrip("\n").count("\n"))
        self._refuse(entry, value, text, how)
        if first := self.entries.get(name):
            again = f"is declared again, with the same value (first on line {first.line})"
            self.warnings.append(Complaint(again, line=line, name=name))
        else:
            self.entries[name] = entry
            self.bytes += len(name) + len(value.encode())
        within = tuple(swallowed.swallowed(text, line))
        # Its quotes may be those of two values, as if one further up were left open.
        self.is_disturbed |= bool(within)
        self.suspects += within
        if not how.quote:
            self.suspects += swallowed.swallowed_inside(value, line)
        self.warnings += (
            Complaint(reason, line=line, name=name)
            for reason in warnings.found(name, secret, value, how)
        )

    def _refuse(self, entry: Entry, value: str, text: str, how: Written) -> None:
        name, line, first = entry.name, entry.line, self.entries.get(entry.name)
        if first and first.value != entry.value:
            reason = f"is declared again (first on line {first.line})"
            self._complain(Complaint(reason, line=line, name=name))
        # Of an unquoted value the parser strips some control characters, as if they were blanks.
        if CONTROL.search(text):
            self._complain(Complaint("holds a control character", line=line, name=name))
        elif CONTROL.search(value):
            reason = f"holds a control character: {warnings.ESCAPE}"
            self._complain(Complaint(reason, line=line, name=name))
        if entry.value.is_mask:
            self._complain(Complaint(MASKED, line=line, name=name))
        if tool := ciphertext.of_entry(name, value, expected=self.encrypted):
            self.tools.append(tool)
            shown = self._shown(name)
            self.complaints.append(Complaint(f"is encrypted by {tool.name}", line, shown))
        if not how.quote and (complaint := self.unquoted.begins(name, value, line)):
            self._complain(complaint)

    def _complain(self, complaint: Complaint) -> None:
        self.complaints.append(complaint._replace(name=self._shown(complaint.name)))
        self.is_broken = True

    def _shown(self, name: str | None) -> str | None:
        """Once a line did not hold up, what reads as a name may be the middle of a key."""
        if self.is_disturbed:
            return name if name in self.sure else None
        return name if not self.is_broken or _SURELY_A_NAME.fullmatch(name or "") else None

    def finish(self) -> EnvFile:
        for suspect in self.suspects:
            if suspect.is_quiet:
                continue
            reason = warnings.INSIDE_QUOTES if suspect.is_quoted else warnings.INSIDE_LINE
            name = suspect.name if _SURELY_A_NAME.fullmatch(suspect.name) else None
            self.warnings.append(Complaint(reason, line=suspect.line, name=name))
        if self.bytes > CONFIG_LIMIT:
            reason = "all names and values together are above Heroku's limit of 64 kB"
            self.warnings.append(Complaint(reason))
        return EnvFile(tuple(self.entries.values()), tuple(self.warnings), tuple(self.suspects))


def _unparsed(written: str, line: int) -> Complaint:
    match = ASSIGNMENT.match(written)
    if match is None:
        return Complaint("does not parse as NAME=value", line=line)
    is_quoted = match["rest"].lstrip().startswith(("'", '"'))
    reason = "a quote is left open, or text follows the closing one" if is_quoted else "not parsed"
    return Complaint(reason, line=line, name=match["name"])
