"""The env file: bytes to entries, every complaint at once.

The grammar is python-dotenv's parser; the rules around it are ours, because that parser is made to
carry on where we must stop. It reads `A="x` / `B="` / `C=1` as two entries and no `B`; it gives a
bare `KEY` the value None, which Heroku would take as "delete"; it reports an entry's line as that
of the blank lines above it; and a long run of blanks in an unquoted value takes it seconds. So
the text is bounded and normalised first, and each binding is judged by its own written form.

What is printed of a line that is refused is its number, and a name only where it can be nothing
else: the line may be the middle of a key.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

from dotenv.parser import parse_stream

from ..errors import BadEnvFile, Complaint, first
from ..names import VAR_NAME
from ..secret import Secret, ciphertext
from . import encoding, warnings
from .multiline import Unquoted
from .swallowed import ASSIGNMENT, sure_name, suspects_in_line, suspects_in_quotes, unparsed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from dotenv.parser import Binding

    from .swallowed import Suspect

MASKED = "is a mask, as this program prints it, and not a value"
"""The reason of a complaint that a rule of its own is about."""
NO_NAME = "a name must be letters, digits and underscores, and not begin with a digit"
CONFIG_LIMIT = 64 * 1024
"""Bytes that all names and values of an app may have together (Dev Center, "Config Vars")."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Entry(NamedTuple):
    """One declared name, its value, the line of the name, and the value's last; in JSON both 0."""

    name: str
    value: Secret
    line: int
    last_line: int


class EnvFile(NamedTuple):
    """What an env file declares, and what is odd about it."""

    entries: tuple[Entry, ...]
    warnings: tuple[Complaint, ...] = ()
    suspects: tuple[Suspect, ...] = ()

    def warnings_about(self, names: Collection[str]) -> tuple[Complaint, ...]:
        """The warnings about these entries; those about the whole file go with any of them.

        One about a swallowed name is about the entry that holds it, in one of its lines.
        """
        owners = {
            line: entry.name
            for entry in self.entries
            for line in range(max(1, entry.line), entry.last_line + 1)
        }
        return tuple(
            warning
            for warning in self.warnings
            if (
                owners.get(warning.line or 0, warning.name) in names
                if warning.line or warning.name
                else names
            )
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
    reader = _read(text, encrypted)
    if reader.complaints:
        from .other_formats import format_of  # noqa: PLC0415  # not for a file that parses

        complaints = first(reader.complaints)
        if other := format_of(text):
            complaints = [Complaint(f"is {other}, and no env file")]
        step = ciphertext.how_to_decrypt(reader.tools, source) if reader.tools else None
        raise BadEnvFile(source, complaints, next_step=step)
    if not reader.entries and not may_be_empty:
        raise BadEnvFile(source, [Complaint("declares nothing: it holds comments alone")])
    return reader.finish()


def legible(data: bytes) -> tuple[Entry, ...]:
    """What can be read of a file that `parse` refuses; for a look at its values alone.

    A name that is declared again is there each time, and behind a quote that is left open a value
    may be the rest of the file. Nothing where the bytes are no text.
    """
    try:
        text = encoding.decode(data, "")
    except BadEnvFile:
        return ()
    return tuple(_read(text, ()).read)


def _read(text: str, encrypted: Collection[str]) -> _Reader:
    reader = _Reader(encrypted)
    for binding in parse_stream(io.StringIO(text)):
        reader.take(binding)
    return reader


class _Reader:
    """Judges one binding after the other, and keeps what the later ones are judged by."""

    def __init__(self, encrypted: Collection[str]) -> None:
        self.encrypted = encrypted
        self.tools: list[ciphertext.Tool] = []
        """What encrypted a line, for each of those lines."""
        self.is_broken = False
        """Whether a line was refused, for another reason than that it is encrypted."""
        self.is_misquoted = False
        """Whether a quote may be left open: what reads as a name may be the middle of a key."""
        self.sure: set[str] = set()
        """The names that were declared before that."""
        self.unquoted = Unquoted()
        self.entries: dict[str, Entry] = {}
        self.read: list[Entry] = []
        """The same, and those that were declared again."""
        self.complaints: list[Complaint] = []
        self.warnings: list[Complaint] = []
        self.suspects: list[Suspect] = []

    def take(self, binding: Binding) -> None:
        text = binding.original.string.lstrip()
        line = binding.original.line + binding.original.string.removesuffix(text).count("\n")
        name, value = binding.key, binding.value
        has_quote = "'" in text or '"' in text
        is_inside, complaint = self.unquoted.take(
            binding.original.string,
            is_odd=binding.error or (name is not None and value is None),
        )
        if complaint and is_inside:
            self._complain(*complaint)
        elif complaint:
            self.warnings.append(complaint)
        if is_inside:
            # A line of JSON opens and closes its quotes.
            is_json = self.unquoted.is_json and text.startswith(('"', "{", "}", "[", "]"))
            self.is_misquoted |= has_quote and (not is_json or "\n" in text.rstrip())
            return
        if binding.error:
            self._complain(*unparsed(text, line))
        elif name is None:
            return
        elif not VAR_NAME.fullmatch(name):
            self._complain(NO_NAME, line)
        elif value is None:
            self._complain("a name without =", line, sure_name(name))
        else:
            self._take_entry(name, value, text, line)
            return
        self.is_misquoted |= has_quote

    def _take_entry(self, name: str, value: str, text: str, line: int) -> None:
        if not self.is_misquoted:
            self.sure.add(name)
        written = ASSIGNMENT.match(text)
        quote, rest = written.group("quote", "rest") if written else ("", "")
        secret = Secret(value, is_literal=quote == "'")
        entry = Entry(name, secret, line, line + text.rstrip("\n").count("\n"))
        self.read.append(entry)
        self._refuse(entry, value, text)
        earlier = self.entries.setdefault(name, entry)
        if earlier is not entry:
            again = f"is declared again, with the same value (first on line {earlier.line})"
            self.warnings.append(Complaint(again, line, name))
        if quote:
            within = tuple(suspects_in_quotes(text, line))
            # Its quotes may be those of two values.
            self.is_misquoted |= bool(within)
            self.suspects += within
        else:
            self.suspects += suspects_in_line(value, line)
            if complaint := self.unquoted.begin(name, value, line):
                self._complain(*complaint)
        found = warnings.reasons(name, secret, value, quote, rest)
        self.warnings += (Complaint(reason, line, name) for reason in found)

    def _refuse(self, entry: Entry, value: str, text: str) -> None:
        name, line, earlier = entry.name, entry.line, self.entries.get(entry.name)
        if earlier and earlier.value != entry.value:
            self._complain(f"is declared again (first on line {earlier.line})", line, name)
        # Of an unquoted value the parser strips some control characters, as if they were blanks.
        if CONTROL.search(text):
            self._complain("holds a control character", line, name)
        elif CONTROL.search(value):
            self._complain(f"holds a control character: {warnings.ESCAPE}", line, name)
        if entry.value.is_mask:
            self._complain(MASKED, line, name)
        if tool := ciphertext.of_entry(name, value, expected=self.encrypted):
            self.tools.append(tool)
            reason = f"is encrypted by {tool.name}"
            self.complaints.append(Complaint(reason, line, self._shown(name)))

    def _complain(self, reason: str, line: int | None, name: str | None = None) -> None:
        self.complaints.append(Complaint(reason, line, self._shown(name)))
        self.is_broken = True

    def _shown(self, name: str | None) -> str | None:
        """Below a line that was refused, what reads as a name may be the middle of a key."""
        if self.is_misquoted:
            return name if name in self.sure else None
        return sure_name(name) if self.is_broken else name

    def finish(self) -> EnvFile:
        for suspect in self.suspects:
            if not suspect.is_quiet:
                reason = warnings.INSIDE_QUOTES if suspect.is_quoted else warnings.INSIDE_LINE
                self.warnings.append(Complaint(reason, suspect.line, sure_name(suspect.name)))
        entries = tuple(self.entries.values())
        self.warnings += above_the_limit(entries)
        return EnvFile(entries, tuple(self.warnings), tuple(self.suspects))


def above_the_limit(entries: Iterable[Entry]) -> Iterator[Complaint]:
    if sum(len(entry.name) + entry.value.size for entry in entries) > CONFIG_LIMIT:
        yield Complaint(warnings.TOO_LARGE)
