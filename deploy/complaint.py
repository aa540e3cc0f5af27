"""What is wrong with a text that people write, said so that it can be mended."""

from __future__ import annotations

from typing import NamedTuple

MOST = 20
"""How many complaints somebody reads."""


class Complaint(NamedTuple):
    """One thing that is wrong with a text, and where."""

    reason: str
    line: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        return ": ".join([*where, *([self.name] if self.name else []), self.reason])


def first(complaints: list[Complaint]) -> list[Complaint]:
    """The first of many complaints, and how many more there are."""
    more = len(complaints) - MOST
    rest = [Complaint(f"and {more:,} more complaints")] if more > 0 else []
    return [*complaints[:MOST], *rest]
