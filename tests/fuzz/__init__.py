"""Random input, judged by what somebody else makes of it: `python -m tests.fuzz --help`.

Each subject is a module with `example`, which draws an input, and `check`, which raises an
AssertionError that says what it breaks. The draws come from a seeded `random.Random` and not from
hypothesis: a million of them take minutes and not hours, and one of them has a name, `SEED/NUMBER`,
that means the same on every machine. What hypothesis is better at, it does beside the modules:
small inputs, shrunk.
"""

from __future__ import annotations

from importlib import import_module
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("envfiles", "answers", "locks", "settings", "rewriting")
"""The subjects, each a module of this package."""


class Failure(NamedTuple):
    """An input that broke something: the name of its draw, the input, and what went wrong."""

    name: str
    seed: str
    drawn: object
    error: Exception

    def __str__(self) -> str:
        what = f"{type(self.error).__name__}: {self.error}"
        return f"{self.name} {self.seed}: {what}\n    {self.drawn!r}"


def run(name: str, *, examples: int, seed: str, first: int = 0) -> Iterator[Failure]:
    """Try so many examples; the failures, as they come."""
    # Of each subject's own type of input this knows nothing.
    subject: Any = import_module(f"tests.fuzz.{name}")
    for number in range(first, first + examples):
        drawn = subject.example(Random(f"{seed}/{number}"))
        try:
            subject.check(drawn)
        except Exception as error:
            yield Failure(name, f"{seed}/{number}", drawn, error)
