"""What is wrong with a text that people write, said so that it can be mended."""

from __future__ import annotations

from typing import NamedTuple


class Complaint(NamedTuple):
    """One thing that is wrong with a text, and where."""

    reason: str
    line: int | None = None
    name: str | None = None

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        return ": ".join([*where, *([self.name] if self.name else []), self.reason])
