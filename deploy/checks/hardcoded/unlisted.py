"""Secrets that no env file lists, by their form alone: a team begins with them in its code."""

from collections.abc import Collection, Iterable, Iterator

from ...project.apart import is_apart
from ...project.lines import Line
from ...secret.forms.known import found
from ..finding import Finding
from . import MANY, NAME

_ADVICE = "move it into an env file, and change it"


def find(lines: Iterable[tuple[Line, bytes]], passed: Collection[str]) -> Iterator[Finding]:
    """A finding for each secret and line; those that stand in tests and examples are one note.

    With each line goes what stands behind it, where that can be needed; `passed` are the paths of
    env files, which have rules of their own.
    """
    places: dict[tuple[bytes, str], dict[tuple[str, int], None]] = {}
    apart: dict[tuple[str, int], str] = {}
    for line, after in lines:
        if line.path in passed:
            continue
        for secret in found(line.text, after):
            where = line.path, line.number
            if is_apart(line.path):
                apart.setdefault(where, secret.words)
            else:
                held = line.text[secret.start : secret.end]
                places.setdefault((held, secret.words), {})[where] = None
    for (_, words), held_in in places.items():
        yield from _findings(words, list(held_in))
    if apart:
        yield _note(apart)


def _findings(words: str, places: list[tuple[str, int]]) -> Iterator[Finding]:
    message = f"holds {words} that no env file has: {_ADVICE}"
    if len(places) <= MANY:
        yield from (Finding(*place, NAME, message) for place in places)
        return
    first, *others = places
    more = ", ".join(f"{path}:{number}" for path, number in others[:2])
    yield Finding(*first, NAME, f"{message}; in {len(places)} places, such as {more}")


def _note(apart: dict[tuple[str, int], str]) -> Finding:
    """They are made up in most cases, so one line has to do."""
    (first, words), *others = sorted(apart.items())
    reason = f"holds what reads as {words}, in a test, an example or a document"
    if others:
        more = ", ".join(f"{path}:{number}" for (path, number), _ in others[:2])
        reason += f"; so {'does' if len(others) == 1 else 'do'} {len(others)} more: {more}"
    return Finding(*first, NAME, reason, is_note=True)
