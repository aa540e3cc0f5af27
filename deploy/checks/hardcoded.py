"""A real value stands in a file that a commit holds, or could hold.

Two pure halves, since the files are searched in between by somebody else: the needles, and the
confirmation of the lines that hold one. A needle is the part of a value that all its spellings
share, where there is one, so that one pass finds the value as it is, URL-quoted and JSON-escaped;
base64 needs three, for it depends on what stands before. Of a value of several lines the longest
are looked for.
"""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, quote_plus

from ..envfile.parser import Entry
from ..project.facts import Env, Project
from ..project.lines import Line
from ..project.settings import EXAMPLE
from .finding import Finding

NAME = "hardcoded"
SHORTEST = 8
"""Characters; what is shorter stands in a tree by chance."""
LINES = 3
"""How many lines of a value that has several are looked for."""
_LONG_LINE = 16
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]+")
"""What neither a URL nor JSON writes in another way."""
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")


class Spelling(NamedTuple):
    """One way in which a value can stand in a file, and what to call it."""

    text: bytes
    word: str = ""

    def __repr__(self) -> str:
        return f"Spelling({self.word})"


class Needle(NamedTuple):
    """One value to look for: whose it is, what the search is told, and what then confirms it."""

    name: str
    env: str
    searched: frozenset[bytes]
    spellings: tuple[Spelling, ...]
    lines: int

    def __repr__(self) -> str:
        return f"Needle({self.name} of {self.env})"


class Needles(NamedTuple):
    """What is looked for; `left_out` counts, for each env file, the values that are not."""

    needles: tuple[Needle, ...]
    left_out: dict[str, int]

    @property
    def searched(self) -> list[bytes]:
        return sorted({text for needle in self.needles for text in needle.searched})


def needles(project: Project) -> Needles:
    """The secrets of all env files; equal ones are looked for under the first name."""
    found: dict[tuple[Spelling, ...], Needle] = {}
    left_out: dict[str, int] = {}
    for env in project.envs:
        for entry in env.entries:
            made = _needle(entry, env)
            if made and (made.spellings in found or entry.value.is_secretlike(entry.name)):
                found.setdefault(made.spellings, made)
            else:
                left_out[env.path] = left_out.get(env.path, 0) + 1
    return Needles(tuple(found.values()), left_out)


def confirm(asked: Needles, lines: Iterable[Line], project: Project) -> Iterator[Finding]:
    """The lines that do hold a value, one finding for each value and place.

    Env files and `.env.example` are left to the rules that are about them. A value that is a part
    of another one is not found where that other one stands.
    """
    passed = {env.path for env in project.envs} | {EXAMPLE}
    last: dict[tuple[str, str, str], int] = {}
    for line in sorted(lines, key=lambda line: (line.path, line.number)):
        if line.path in passed:
            continue
        for needle, spelling in _held(asked.needles, line.text):
            place = (line.path, needle.name, needle.env)
            before = last.get(place)
            if before is not None and line.number - before < needle.lines:
                continue
            last[place] = line.number
            yield Finding(line.path, line.number, NAME, _message(needle, spelling))


def notes(asked: Needles) -> Iterator[Finding]:
    """How many values were not looked for."""
    for path, count in asked.left_out.items():
        what = f"{count} value is" if count == 1 else f"{count} values are"
        reason = f"{what} not looked for: no secrets, or too short"
        yield Finding(path, 0, NAME, reason, is_note=True)


def _message(needle: Needle, spelling: Spelling) -> str:
    how = f" ({spelling.word})" if spelling.word else ""
    what = f"holds the value of {needle.name} of {needle.env}{how}"
    return f'{what}: write os.environ["{needle.name}"], and change the value'


def _held(asked: Iterable[Needle], text: bytes) -> Iterator[tuple[Needle, Spelling]]:
    """The values that stand in a line, but for those inside a longer one."""
    spans = [
        (match.start(), match.end(), needle, spelling)
        for needle in asked
        if any(searched in text for searched in needle.searched)
        for spelling in needle.spellings
        for match in re.finditer(re.escape(spelling.text), text)
    ]
    return _outermost(spans)


_Span = tuple[int, int, Needle, Spelling]
"""Where a spelling of a needle begins and ends."""


def _outermost(spans: list[_Span]) -> Iterator[tuple[Needle, Spelling]]:
    """Those that lie in no longer one of another needle, in one pass from the left."""
    # Of two needles, how far the one that reaches furthest reaches, and since where.
    furthest: list[tuple[int, int, Needle]] = []
    for start, end, needle, spelling in sorted(spans, key=lambda span: (span[0], -span[1])):
        others = ((last, first) for last, first, other in furthest if other is not needle)
        last, first = max(others, default=(-1, 0), key=lambda each: each[0])
        if last < end or (last == end and first == start):
            yield needle, spelling
        mine = [each for each in furthest if each[2] is needle]
        if not mine or mine[0][0] < end:
            rest = [each for each in furthest if each[2] is not needle]
            furthest = sorted([*rest, (end, start, needle)], key=lambda each: -each[0])[:2]


def _needle(entry: Entry, env: Env) -> Needle | None:
    """What to look for; None where nothing of the value is long enough."""
    value = entry.value.reveal()
    pieces = _pieces(value)
    if not pieces:
        return None
    # A text, what of it is the same in each of its spellings, and these.
    ways = [(piece, _UNRESERVED, _plain(piece)) for piece in pieces]
    for text in dict.fromkeys([value, *pieces]):
        ways += ((part, _ALPHANUMERIC, spelled) for part, spelled in _base64(text))
    searched: set[bytes] = set()
    spellings: dict[bytes, Spelling] = {}
    for text, alike, spelled in ways:
        core = max(alike.findall(text), key=len, default="").encode()
        searched |= {core} if len(core) >= SHORTEST else {each.text for each in spelled}
        spellings |= {each.text: each for each in spelled}
    return Needle(
        name=entry.name,
        env=env.path,
        searched=frozenset(searched),
        spellings=tuple(spellings.values()),
        lines=value.strip("\r\n").count("\n") + 1,
    )


def _pieces(value: str) -> list[str]:
    """The value, or its longest lines; the frame of a PEM key is the same in all."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", value.strip("\r\n"))]
    if len(lines) == 1:
        return [value.strip("\r\n")] if len(lines[0]) >= SHORTEST else []
    long = [line for line in lines if len(line) >= _LONG_LINE and not line.startswith("-----")]
    return sorted(dict.fromkeys(long), key=lambda line: -len(line))[:LINES]


def _plain(piece: str) -> list[Spelling]:
    """As it is, JSON-escaped and URL-quoted."""
    quoted = {quote(piece, safe=""), quote(piece), quote_plus(piece)}
    quoted |= {re.sub("%..", lambda match: match[0].lower(), each) for each in quoted}
    escaped = {json.dumps(piece)[1:-1], json.dumps(piece, ensure_ascii=False)[1:-1]}
    escaped |= {each.replace("/", r"\/") for each in escaped}
    found = {piece: ""}
    for texts, word in ((escaped, "JSON-escaped"), (quoted, "URL-quoted")):
        for text in sorted(texts):
            found.setdefault(text, word)
    return [Spelling(text.encode(), word) for text, word in found.items()]


def _base64(text: str) -> Iterator[tuple[str, list[Spelling]]]:
    """What of its base64 depends on nothing else, for each place that it can begin at."""
    data = text.encode()
    for before in range(3):
        coded = b64encode(b"\0" * before + data).decode()
        first, last = -(-before * 8 // 6), (before + len(data)) * 8 // 6
        if last - first >= SHORTEST:
            part = coded[first:last]
            both = {part, part.replace("+", "-").replace("/", "_")}  # RFC 4648, sections 4 and 5
            yield part, [Spelling(each.encode(), "base64") for each in sorted(both)]
