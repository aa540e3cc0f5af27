"""A value of an env file stands in another file.

Two pure halves, since the files are searched in between by somebody else: the needles, and the
confirmation of the lines that hold one. A needle is the part of a value that all its spellings
share, where there is one, so that one pass finds all of them; base64 needs three, for it depends on
what stands before. See `spellings`.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...envfile.parser import Entry
from ...names import listed
from ...project.facts import Env, Project
from ...project.lines import Line
from ...project.settings import EXAMPLE
from ...secret import Secret
from ...secret.secretlike import Secrecy
from ...secret.spellings import SHORTEST, Piece, Spelling, in_base64, pieces, spelled
from ..finding import Finding
from . import MANY, NAME

_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]+")
"""What neither a URL nor JSON writes in another way."""
_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+")


class Needle(NamedTuple):
    """One value to look for: whose it is, what the search is told, and what then confirms it."""

    name: str
    env: str
    searched: frozenset[bytes]
    spellings: tuple[Spelling, ...]
    lines: int

    def __repr__(self) -> str:
        return f"Needle({self.name} of {self.env})"


class Held(NamedTuple):
    """A line that holds a value, and how it is written there."""

    line: Line
    needle: Needle
    spelling: Spelling

    @property
    def what(self) -> str:
        how = f" ({self.spelling.word})" if self.spelling.word else ""
        return f"the value of {self.needle.name} of {self.needle.env}{how}"


class Needles(NamedTuple):
    """What is looked for, and for each env file what is not.

    `left_out` counts values, `weak` has the names of those that are ordinary words.
    """

    needles: tuple[Needle, ...]
    left_out: dict[str, int]
    weak: dict[str, list[str]]

    @property
    def searched(self) -> list[bytes]:
        return sorted({text for needle in self.needles for text in needle.searched})


def needles(project: Project) -> Needles:
    """The secrets of all env files; equal ones are looked for under the first name."""
    found: dict[tuple[Spelling, ...], Needle] = {}
    left_out: dict[str, int] = {}
    weak: dict[str, list[str]] = {}
    for env in project.envs:
        for entry in env.entries:
            made = _needle(entry, env)
            secrecy = entry.value.secrecy(entry.name)
            if made and (made.spellings in found or secrecy is Secrecy.SECRET):
                found.setdefault(made.spellings, made)
            elif secrecy is Secrecy.WEAK:
                weak.setdefault(env.path, []).append(entry.name)
            else:
                left_out[env.path] = left_out.get(env.path, 0) + 1
    return Needles(tuple(found.values()), left_out, weak)


def confirm(asked: Needles, lines: Iterable[Line], project: Project) -> Iterator[Finding]:
    """The lines that do hold a value, one finding for each value and place.

    Env files are left to the rules that are about them, and so are the entries of `.env.example`
    that are such a value as a whole.
    """
    passed = {env.path for env in project.envs}
    entries = _whole_entries(project)
    others = (
        line
        for line in lines
        if line.path not in passed and (line.path, line.number) not in entries
    )
    places: dict[tuple[str, str], list[Held]] = {}
    for each in holding(asked, others):
        places.setdefault((each.needle.name, each.needle.env), []).append(each)
    for held in places.values():
        yield from _findings(held)


def holding(asked: Needles, lines: Iterable[Line]) -> Iterator[Held]:
    """Which lines hold which values, in the order of files and lines; one of several lines once.

    A value that is a part of another one is not found where that other one stands.
    """
    last: dict[tuple[str, str, str], int] = {}
    for line in sorted(lines, key=lambda line: (line.path, line.number)):
        for needle, spelling in _held(asked.needles, line.text):
            place = (line.path, needle.name, needle.env)
            before = last.get(place)
            if before is None or line.number - before >= needle.lines:
                last[place] = line.number
                yield Held(line, needle, spelling)


def _whole_entries(project: Project) -> set[tuple[str, int]]:
    """The lines of the example whose value is that of an env file: `parity` is about those."""
    values = [entry.value for env in project.envs for entry in env.entries]
    entries = project.example.entries if project.example else ()
    return {(EXAMPLE, entry.line) for entry in entries if entry.value in values}


def _findings(places: list[Held]) -> Iterator[Finding]:
    """One for each place of a value; of a great many, one that counts them."""
    if len(places) <= MANY:
        for each in places:
            yield Finding(each.line.path, each.line.number, NAME, _message(each))
        return
    first, *others = places
    more = ", ".join(f"{line.path}:{line.number}" for line, *_ in others[:2])
    message = f"{_message(first)}; in {len(places)} places, such as {more}"
    yield Finding(first.line.path, first.line.number, NAME, message)


def notes(asked: Needles) -> Iterator[Finding]:
    """What was not looked for."""
    for path, names in asked.weak.items():
        what = "is an ordinary word" if len(names) == 1 else "are ordinary words"
        reason = f"{listed(names)} {what}: not looked for"
        yield Finding(path, 0, NAME, reason, is_note=True)
    for path, count in asked.left_out.items():
        what = f"{count} value is" if count == 1 else f"{count} values are"
        reason = f"{what} not looked for: no secrets, or too short"
        yield Finding(path, 0, NAME, reason, is_note=True)


def _message(held: Held) -> str:
    is_example = held.line.path == EXAMPLE
    instead = "a placeholder" if is_example else f'os.environ["{held.needle.name}"]'
    return f"holds {held.what}: write {instead}, and change the value"


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
    """Those that lie in no longer one of another needle, in one pass from the left.

    Where two are the same, the one that is a whole value is meant, and not a part of another.
    """
    # Of two needles, how far the one that reaches furthest reaches, and since where.
    furthest: list[tuple[int, int, Needle]] = []
    seen: set[tuple[int, int]] = set()
    order = sorted(spans, key=lambda span: (span[0], -span[1], span[3].word.startswith(_PART)))
    for start, end, needle, spelling in order:
        others = ((last, first) for last, first, other in furthest if other is not needle)
        last, first = max(others, default=(-1, 0), key=lambda each: each[0])
        if (last < end or (last == end and first == start)) and (start, end) not in seen:
            seen.add((start, end))
            yield needle, spelling
        mine = [each for each in furthest if each[2] is needle]
        if not mine or mine[0][0] < end:
            rest = [each for each in furthest if each[2] is not needle]
            furthest = sorted([*rest, (end, start, needle)], key=lambda each: -each[0])[:2]


_PART = ("the ", "a part")
"""How the word of a piece begins that is no whole value."""


def _needle(entry: Entry, env: Env) -> Needle | None:
    """What to look for; None where nothing of the value is long enough."""
    value = entry.value.reveal()
    parts = pieces(value, is_secret=_is_secret)
    if not parts:
        return None
    searched: set[bytes] = set()
    spellings: dict[bytes, Spelling] = {}
    for text, alike, spelled_so in (*_plain(parts), *_coded(value, parts)):
        core = max(alike.findall(text), key=len, default="").encode()
        searched |= {core} if len(core) >= SHORTEST else {each.text for each in spelled_so}
        for each in spelled_so:
            spellings.setdefault(each.text, each)
    return Needle(
        name=entry.name,
        env=env.path,
        searched=frozenset(searched),
        spellings=tuple(spellings.values()),
        lines=value.strip("\r\n").count("\n") + 1,
    )


def _is_secret(text: str, name: str) -> bool:
    return Secret(text).is_secretlike(name)


_Way = tuple[str, re.Pattern[str], list[Spelling]]
"""A text, what of it is the same in each of its spellings, and these."""


def _plain(parts: Iterable[Piece]) -> Iterator[_Way]:
    for piece in parts:
        found = [
            Spelling(each.text, ", ".join(filter(None, (piece.word, each.word))))
            for each in spelled(piece.text)
        ]
        yield piece.text, _UNRESERVED, found


def _coded(value: str, parts: Iterable[Piece]) -> Iterator[_Way]:
    for text in in_base64([value, *(piece.text for piece in parts)]):
        both = {text, text.replace("+", "-").replace("/", "_")}  # RFC 4648, sections 4 and 5
        yield text, _ALPHANUMERIC, [Spelling(each.encode(), "base64") for each in sorted(both)]
