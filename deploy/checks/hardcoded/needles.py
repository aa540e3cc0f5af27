"""What is looked for of the env files: needles, each a value in all its spellings.

A needle is the part of a value that all its spellings share, where there is one, so that one pass
finds all of them; base64 needs three, for it depends on what stands before.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ...envfile.parser import Entry
from ...project.facts import Env, Project
from ...secret import Secret, escapes
from ...secret.parts import Piece, lines_in_base64, lines_of, pieces
from ...secret.secretlike import Secrecy
from ...secret.spellings import SHORTEST, Spelling, in_base64, spelled

_UNRESERVED = re.compile(rb"[A-Za-z0-9_.~-]+")
"""What neither a URL nor JSON writes in another way."""
_ALPHANUMERIC = re.compile(rb"[A-Za-z0-9]+")
_TELLING = re.compile(rb"(?=.*[0-9])(?=.*[A-Za-z]).{5,}")
"""Of what is shorter than all that is looked for: no word, and so in few lines by chance."""

_SURELY = 16
"""Characters that stand in no line by chance; then `.` and `-` may be written as escapes too."""


class Needle(NamedTuple):
    """One value to look for: whose it is, what the search is told, and what then confirms it."""

    name: str
    env: str
    searched: frozenset[bytes]
    spellings: tuple[Spelling, ...]
    escaped: tuple[bytes, ...]
    """Patterns of all other ways to write it."""
    lines: int
    """How many lines the whole of it can have in a file."""
    coded_lines: int
    """And in base64."""

    def __repr__(self) -> str:
        return f"Needle({self.name} of {self.env})"


class Needles(NamedTuple):
    """What is looked for, and for each env file what is not.

    `left_out` counts values, `weak` has the names of those that read as ordinary words.
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
        for entry in env.searched:
            made = _needle(entry, env)
            secrecy = entry.value.secrecy(entry.name)
            if made and (made.spellings in found or secrecy is Secrecy.SECRET):
                found.setdefault(made.spellings, made)
            elif secrecy is Secrecy.WEAK:
                weak.setdefault(env.path, []).append(entry.name)
            else:
                left_out[env.path] = left_out.get(env.path, 0) + 1
    return Needles(tuple(found.values()), left_out, weak)


def _needle(entry: Entry, env: Env) -> Needle | None:
    """What to look for; None where nothing of the value is long enough."""
    value = entry.value.reveal()
    parts = pieces(value, is_secret=_is_secret)
    if not parts:
        return None
    searched: set[bytes] = set()
    spellings: dict[bytes, Spelling] = {}
    for alike, spelled_so in (*_plain(parts), *_coded(parts)):
        first = _longest(spelled_so[0].text, alike)
        searched |= {first} if len(first) >= SHORTEST or _TELLING.fullmatch(first) else set()
        for each in spelled_so:
            spellings.setdefault(each.text, each)
            if not any(found in each.text for found in searched):
                longest = _longest(each.text, alike)
                searched.add(longest if len(longest) >= SHORTEST else each.text)
    return Needle(
        name=entry.name,
        env=env.path,
        searched=frozenset(searched),
        spellings=tuple(spellings.values()),
        escaped=tuple(filter(None, (escapes.pattern_of(piece.text) for piece in parts))),
        lines=lines_of(value),
        coded_lines=lines_in_base64(value),
    )


def _longest(text: bytes, alike: re.Pattern[bytes]) -> bytes:
    """What most spellings of it have too."""
    return max(alike.findall(text), key=len, default=b"")


def _is_secret(text: str, name: str) -> bool:
    return Secret(text).is_secretlike(name)


_Way = tuple[re.Pattern[bytes], list[Spelling]]
"""Of what characters is that which most spellings of a text share, and these; itself first."""


def _plain(parts: Iterable[Piece]) -> Iterator[_Way]:
    for piece in parts:
        found = [
            Spelling(each.text, ", ".join(filter(None, (piece.word, each.word))))
            for each in spelled(piece.text)
        ]
        runs = _ALPHANUMERIC.findall(piece.text.encode())
        is_enough = any(len(run) >= _SURELY and _TELLING.fullmatch(run) for run in runs)
        yield _ALPHANUMERIC if is_enough else _UNRESERVED, found


def _coded(parts: Iterable[Piece]) -> Iterator[_Way]:
    for piece in parts:
        for text in in_base64(piece.text, is_random=piece.is_random):
            both = {text, text.replace("+", "-").replace("/", "_")}  # RFC 4648, sections 4 and 5
            yield _ALPHANUMERIC, [Spelling(each.encode(), "base64") for each in sorted(both)]
