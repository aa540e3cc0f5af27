"""Searches what git tracks, by git itself, which does it faster than Python reads a file."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from .git import CannotSearch, Checkout
from .lines import Line

MAX_TEXT = 1_000
"""Bytes of a text that git is told as a whole; its own limit is somewhere above."""
_ANCHOR = 8
"""Bytes of a text that are looked for: as many stand in few other lines."""
_LEAST, _FEWEST = 5, 3
"""Bytes that are left of a text, and of a short one, for the sake of a rare first byte."""
_AT_ONCE = 1_000
"""Texts; PCRE takes no pattern of much more than their anchors."""
_RARE = (
    rb"""ZQ^J$@!&~XY?K%W+VHGz;|BqU79}{8MF6ODL5P4\RIj3C*NA][S2E`T#k1wx0v-=<>yb)(/:g'._h,mfu"pdcloin"""
    rb"raste"
)
"""The bytes of source code, the rarest first (counted in 80 MB of Python, JavaScript and prose)."""
_COMMON, _MOST_COMMON = 60, 60
"""The rank of a byte from which it is in every word; and how many texts git finds quickly."""
_RANKS = {byte: rank for rank, byte in enumerate(_RARE)}


class Expression(NamedTuple):
    """An extended expression, and a text that each line has which it matches."""

    extended: bytes
    text: bytes


def listed(checkout: Checkout, *words: str) -> list[str]:
    """The names that a command of git lists, relative to the folder."""
    return names_in(checkout, checkout.ask(*words, name="."))


def names_in(checkout: Checkout, answer: bytes) -> list[str]:
    return [checkout.relative(name) for name in answer.split(b"\0") if name]


def grep(
    checkout: Checkout,
    needles: Sequence[bytes],
    expression: Expression | None,
    *words: str,
    name: str | Sequence[str] = ".",
) -> Iterator[Line]:
    """The lines that hold one of these texts, and those that an expression may match; some twice.

    Told on standard input: a part of a secret is one too. A few texts of letters that are in every
    word are told as they stand: a pattern that begins with such letters takes longer. A git without
    PCRE is told all so, which takes it much longer (git-grep, `--perl-regexp`).
    """
    for start in range(0, len(needles), _AT_ONCE):
        some = needles[start : start + _AT_ONCE]
        for line in _found(checkout, some, expression, *words, name=name):
            is_held = any(needle in line.text for needle in some)
            if is_held or (expression and expression.text in line.text):
                yield line
        expression = None  # once is enough


def _found(
    checkout: Checkout,
    needles: Sequence[bytes],
    expression: Expression | None,
    *words: str,
    name: str | Sequence[str],
) -> Iterator[Line]:
    # A git with PCRE puts a fixed text between \Q and \E.
    common = [each for each in needles if _rarest(each) > _COMMON and rb"\E" not in each]
    if len(common) > _MOST_COMMON:
        common = []
    rare = [anchors(set(needles) - set(common))] if len(common) < len(needles) else []
    try:
        if patterns := [*rare, *([expression.extended] if expression else [])]:
            yield from _lines(checkout, *words, "-P", name=name, stdin=b"|".join(patterns))
    except CannotSearch:
        yield from _fixed(checkout, needles, *words, name=name)
        if expression:
            yield from _lines(checkout, *words, "-E", name=name, stdin=expression.extended)
    else:
        yield from _fixed(checkout, common, *words, name=name)


def _fixed(
    checkout: Checkout, texts: Sequence[bytes], *words: str, name: str | Sequence[str]
) -> Iterator[Line]:
    if texts:
        told = b"\n".join(text[:MAX_TEXT] for text in texts)
        yield from _lines(checkout, *words, "-F", name=name, stdin=told)


def anchors(texts: Iterable[bytes]) -> bytes:
    """A pattern that each line matches which has one of these texts, and few others.

    Of each text some bytes that begin with a rare one, and those with the same one together: so
    PCRE passes over the bytes that begin none, and is seven times as fast as git with the texts.
    """
    found: dict[int, set[bytes]] = {}
    for text in texts:
        start = min(_starts(text), key=lambda at: _RANKS.get(text[at], 0))
        found.setdefault(text[start], set()).add(text[start + 1 : start + _ANCHOR])
    return b"|".join(
        b"%s(?:%s)" % (_quoted(bytes([first])), b"|".join(map(_quoted, sorted(rest))))
        for first, rest in sorted(found.items())
    )


def _starts(text: bytes) -> range:
    left = min(_LEAST, max(_FEWEST, len(text) - 1))
    return range(max(1, len(text) - left + 1))


def _rarest(text: bytes) -> int:
    """The rank of the byte that its anchor begins with."""
    return min(_RANKS.get(text[at], 0) for at in _starts(text))


def _quoted(text: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in text)


def _lines(
    checkout: Checkout, *words: str, name: str | Sequence[str], stdin: bytes
) -> Iterator[Line]:
    found = checkout.ask(
        *("grep", "-n", "-z", "-a", "--no-color", "--no-column", "--no-textconv", *words),
        *("-f", "-"),
        name=name,
        stdin=stdin + b"\n",
        exit_codes=(0, 1),
    )
    for match in re.finditer(rb"([^\0]+)\0(\d+)\0([^\n]*)\n", found):
        yield Line(checkout.relative(match[1]), int(match[2]), match[3])
