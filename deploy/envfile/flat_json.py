"""What a program prints in an env file's place: an env file's text, or a flat JSON object.

Of JSON an object of names and strings is taken, as these print it: `doppler secrets download
--no-file --format json` (DopplerHQ/cli, `pkg/cmd/secrets.go`), `chamber export --format json`
(segmentio/chamber, `cmd/export.go`: names in small letters, as they are stored), `dotenvx get`
(dotenvx/dotenvx, `src/cli/actions/get.js`) and `sops decrypt --output-type json`. `infisical
export --format=json` prints a list of objects (Infisical/cli, `packages/cmd/export.go`).

A file in JSON stays refused: it would be the only one that nobody can comment.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from ..errors import BadEnvFile, Complaint, first
from ..names import VAR_NAME, shown
from ..secret import MASK, Secret, ciphertext
from . import encoding, parser, warnings
from .parser import CONTROL, MASKED, NO_NAME, Entry, EnvFile, above_the_limit
from .swallowed import ASSIGNMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ESCAPED = (
    "a backslash before $, ! or ` in double quotes is part of the value here: let the program print"
    " JSON, or single quotes"
)
"""What the shell and Ruby's dotenv take for an escape, and `chamber export --format dotenv` writes.

(segmentio/chamber, `cmd/env.go`, `doubleQuoteEscape`; bkeepers/dotenv#214.)
"""
TWO_BACKSLASHES = "two backslashes in single quotes are one here: let the program print JSON"
"""In the shell they are two, and `infisical export` and `chamber env` escape none."""

_DECRYPT = "let the program print it decrypted"
_DECRYPT_OR_EXPECT = f"{_DECRYPT}; or {ciphertext.IF_APP_DECRYPTS}"
_DEEPEST = 5
"""Names that are shown of a path."""
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Object(NamedTuple):
    """An object as it is written: a name may stand in it twice."""

    pairs: list[tuple[str, object]]


def parse_output(data: bytes, *, source: str, encrypted: Collection[str] = ()) -> EnvFile:
    """Read what a program printed; `source` is what messages call it, `encrypted` as in `parser`.

    Raises BadEnvFile.
    """
    try:
        text = encoding.decode(data, source)
    except BadEnvFile as error:
        raise _restated(error, source, _DECRYPT) from None
    if text.lstrip().startswith("{"):
        return parse(text, source=source, encrypted=encrypted)
    if _is_list(text):
        step = "let it print an env file: infisical export --format=dotenv"
        raise BadEnvFile(source, [Complaint("is a list in JSON, and no object")], next_step=step)
    try:
        found = parser.parse(data, source=source, encrypted=encrypted)
    except BadEnvFile as error:
        raise _restated(error, source, _DECRYPT_OR_EXPECT) from None
    return found._replace(warnings=(*found.warnings, *_of_escapes(text, found)))


def parse(text: str, *, source: str, encrypted: Collection[str] = ()) -> EnvFile:
    """Read a flat JSON object of strings; raises BadEnvFile with every complaint.

    An empty one is never taken as an empty declaration.
    """
    reader = _Reader(encrypted)
    for name, value in _top(text, source).pairs:
        reader.take(name, value)
    if reader.complaints:
        step = _DECRYPT_OR_EXPECT if reader.has_ciphertext else None
        raise BadEnvFile(source, first(reader.complaints), next_step=step)
    if not reader.entries:
        raise BadEnvFile(source, [Complaint("is an empty object: it declares nothing")])
    entries = tuple(reader.entries.values())
    return EnvFile(entries, (*reader.warnings, *above_the_limit(entries)))


def _restated(error: BadEnvFile, source: str, step: str) -> BadEnvFile:
    """The same complaints; a next step of the parser names a file that could be decrypted."""
    return BadEnvFile(source, error.complaints, next_step=step if error.next_step else None)


def _top(text: str, source: str) -> _Object:
    def refuse(reason: str, line: int | None = None) -> NoReturn:
        # Never `from` the error: it holds the whole text.
        raise BadEnvFile(source, [Complaint(reason, line)]) from None

    try:
        found = _loaded(text)
    except json.JSONDecodeError as odd:
        where = f"from column {odd.colno} on"
        if odd.msg == "Extra data":
            refuse(f"other text follows the JSON object, {where}", odd.lineno)
        refuse(f"does not parse as JSON, {where}", odd.lineno)
    except RecursionError:
        refuse("is nested too deeply, and no flat JSON object")
    return found if isinstance(found, _Object) else refuse("is no object in JSON")


def _loaded(text: str) -> object:
    """Numbers as 0, whatever they are: none is taken, and one may be too long to be read."""
    zero = lambda _: 0  # noqa: E731
    return json.loads(
        text, object_pairs_hook=_Object, parse_int=zero, parse_float=zero, parse_constant=zero
    )


def _is_list(text: str) -> bool:
    """Whether this is JSON; a banner may begin with a bracket, too."""
    try:
        return text.lstrip().startswith("[") and isinstance(_loaded(text), list)
    except (ValueError, RecursionError):
        return False


class _Reader:
    """Judges one name after the other, as the parser of env files does."""

    def __init__(self, encrypted: Collection[str]) -> None:
        self.encrypted = encrypted
        self.has_ciphertext = False
        self.entries: dict[str, Entry] = {}
        self.complaints: list[Complaint] = []
        self.warnings: list[Complaint] = []

    def take(self, name: str, value: object) -> None:
        if isinstance(value, _Object | list):
            kind = "a list" if isinstance(value, list) else "an object"
            path = _path(name, value)
            reason = f"stands in {kind} of its own: only a flat JSON object is taken"
            if path == _shown(name):
                reason = f"is {kind}, and not a string"
            self.complaints.append(Complaint(reason, name=path))
            return
        if not VAR_NAME.fullmatch(name):
            self._complain(name, NO_NAME)
        if not isinstance(value, str):
            self._complain(name, f"is {_kind(value)}, and not a string")
        elif VAR_NAME.fullmatch(name):
            self._take_string(name, value)

    def _take_string(self, name: str, value: str) -> None:
        entry = Entry(name, Secret(value), 0, 0)
        earlier = self.entries.setdefault(name, entry)
        for reason in self._refusals(entry, value, earlier):
            self._complain(name, reason)
        if earlier is not entry:
            self._warn(name, "is declared again, with the same value")
        # In an env file it would stand in double quotes.
        for reason in warnings.reasons(name, entry.value, value, '"', ""):
            self._warn(name, reason)

    def _refusals(self, entry: Entry, value: str, earlier: Entry) -> Iterator[str]:
        if earlier.value != entry.value:
            yield "is declared again, with another value"
        if _SURROGATE.search(value):
            yield "holds half a character (a surrogate without the other)"
        if CONTROL.search(value):
            yield "holds a control character"
        if entry.value.is_mask:
            yield MASKED
        if tool := ciphertext.of_entry(entry.name, value, expected=self.encrypted):
            self.has_ciphertext = True
            yield f"is encrypted by {tool.name}"

    def _complain(self, name: str, reason: str) -> None:
        self.complaints.append(Complaint(reason, name=_shown(name)))

    def _warn(self, name: str, reason: str) -> None:
        self.warnings.append(Complaint(reason, name=name))


def _kind(value: object) -> str:
    if value is None:
        return "null, which would delete it"
    return "true or false" if isinstance(value, bool) else "a number"


def _path(name: str, value: object) -> str:
    """The way to the first thing that an object or a list holds, as far as it is shown."""
    path = [_shown(name)]
    while len(path) < _DEEPEST and (
        inner := value.pairs if isinstance(value, _Object) else isinstance(value, list) and value
    ):
        name, value = ("0", inner[0]) if isinstance(value, list) else inner[0]
        path.append(_shown(name))
    return ".".join(path)


def _shown(name: str) -> str:
    """A name as it may be printed: someone may have put a value where it belongs."""
    return MASK if Secret(name).is_secretlike("") else shown(name)


def _of_escapes(text: str, found: EnvFile) -> Iterator[Complaint]:
    """What the program may have escaped in another way than it is read here."""
    lines = text.split("\n")
    for entry in found.entries:
        written = "\n".join(lines[entry.line - 1 : entry.last_line])
        match = ASSIGNMENT.match(written)
        quote = match["quote"] if match else ""
        if quote == '"' and re.search(r"(?<!\\)(?:\\\\)*\\[$!`]", written):
            yield Complaint(ESCAPED, entry.line, entry.name)
        elif quote == "'" and r"\\" in written:
            yield Complaint(TWO_BACKSLASHES, entry.line, entry.name)
