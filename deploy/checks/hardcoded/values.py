"""A value of an env file stands in another file.

Two pure halves, since the files are searched in between by somebody else: `needles` says what to
look for, and here the lines that hold one are confirmed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...names import listed
from ...project.facts import Project
from ...project.lines import Line
from ...project.settings import EXAMPLE
from ...secret import Secret
from ...secret.spellings import Spelling
from ..finding import Finding
from . import MANY, NAME
from .needles import Needle, Needles


class Held(NamedTuple):
    """A line that holds a value, and how it is written there."""

    line: Line
    needle: Needle
    spelling: Spelling

    @property
    def what(self) -> str:
        how = f" ({self.spelling.word})" if self.spelling.word else ""
        return f"the value of {self.needle.name} of {self.needle.env}{how}"


def confirm(asked: Needles, lines: Iterable[Line], project: Project) -> list[Held]:
    """The lines of a project that do hold a value.

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
    return list(holding(asked, others))


def holding(asked: Needles, lines: Iterable[Line]) -> Iterator[Held]:
    """Which lines hold which values, in the order of files and lines; one of several lines once.

    A value that is a part of another one is not found where that other one stands.
    """
    # Where each value was found last, and up to where that one reaches.
    last: dict[tuple[str, str, str, bool], range] = {}
    for line in sorted(lines, key=lambda line: (line.path, line.number)):
        for needle, spelling in _held(asked.needles, line.text):
            place = (line.path, needle.name, needle.env)
            is_coded = spelling.word == "base64"
            same, other = (last.get((*place, each), range(0)) for each in (is_coded, not is_coded))
            if line.number not in same and line.number not in other[:1]:
                extent = needle.coded_lines if is_coded else needle.lines
                last[(*place, is_coded)] = range(line.number, line.number + extent)
                yield Held(line, needle, spelling)


def _whole_entries(project: Project) -> set[tuple[str, int]]:
    """The lines of the example whose value is that of an env file: `parity` is about those."""
    shown = [entry.value for entry in project.shown]
    declared = (entry.value for env in project.envs for entry in env.searched)
    numbers = Secret.in_common((*shown, *declared)).numbers
    known = {*numbers[len(shown) :]}
    lines = zip(project.shown, numbers, strict=False)
    return {(EXAMPLE, entry.line) for entry, number in lines if number in known}


def find(held: Iterable[Held]) -> Iterator[Finding]:
    """One for each place of a value; of a great many, one that counts them."""
    places: dict[tuple[str, str], list[Held]] = {}
    for each in held:
        places.setdefault((each.needle.name, each.needle.env), []).append(each)
    for each_held in places.values():
        yield from _findings(each_held)


def _findings(places: list[Held]) -> Iterator[Finding]:
    if len(places) <= MANY:
        for each in places:
            yield Finding(each.line.path, each.line.number, NAME, _message(each))
        return
    first, *others = places
    more = ", ".join(f"{each.line.path}:{each.line.number}" for each in others[:2])
    message = f"{_message(first)}; in {len(places)} places, such as {more}"
    yield Finding(first.line.path, first.line.number, NAME, message)


def notes(asked: Needles) -> Iterator[Finding]:
    """What was not looked for."""
    for path, names in asked.weak.items():
        what = "reads as an ordinary word" if len(names) == 1 else "read as ordinary words"
        reason = f"{listed(names)} {what}: not looked for"
        yield Finding(path, 0, NAME, reason, is_note=True)
    for path, count in asked.left_out.items():
        what = f"{count} value is" if count == 1 else f"{count} values are"
        reason = f"{what} not looked for: no secrets, or too short"
        yield Finding(path, 0, NAME, reason, is_note=True)


def _message(held: Held) -> str:
    name, path = held.needle.name, held.line.path
    if path == EXAMPLE:
        advice = "write a placeholder"
    elif path.endswith((".py", ".ipynb")):
        advice = f'write os.environ["{name}"]'
    else:
        advice = f"read {name} from the environment"
    return f"holds {held.what}: {advice}, and change the value"


def _held(asked: Iterable[Needle], text: bytes) -> Iterator[tuple[Needle, Spelling]]:
    """The values that stand in a line, but for those inside a longer one."""
    near = (needle for needle in asked if any(each in text for each in needle.searched))
    return _outermost([span for needle in near for span in _spans(needle, text)])


_Span = tuple[int, int, Needle, Spelling]
"""Where a spelling of a needle begins and ends."""
_ESCAPED = Spelling(b"", "escaped")


def _spans(needle: Needle, text: bytes) -> list[_Span]:
    return [
        (*match.span(), needle, spelling)
        for spelling in needle.spellings
        for match in re.finditer(re.escape(spelling.text), text)
    ] or [
        (*match.span(), needle, _ESCAPED)
        for pattern in needle.escaped
        for match in re.finditer(pattern, text)
    ]


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
