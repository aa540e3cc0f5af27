"""What was measured: figures, what they are held against, and how that reads."""

import os
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple


class Goal(NamedTuple):
    """The most that a figure should be; with `is_least` the least."""

    value: float
    is_least: bool = False

    def share(self, figure: float) -> float:
        """How much of what it may cost a figure does: above 1 the goal is missed."""
        return self.value / figure if self.is_least else figure / self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure; `figures` has one for each pair of runs, or for each run."""

    name: str
    what: str
    figures: tuple[float, ...]
    goal: Goal | None = None
    unit: str = ""
    beside: str = ""
    """What the figures are ratios of: medians, with their units."""
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    """The load average of the last minute, at the end."""

    @property
    def median(self) -> float:
        return median(self.figures)

    @property
    def spread(self) -> str:
        return f"{shown(min(self.figures))} … {shown(max(self.figures))}"

    @property
    def share(self) -> float:
        """The median as a share of the goal; see `Goal.share`. Only for a row that has one."""
        assert self.goal
        return self.goal.share(self.median)

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.share <= 1 else "missed"

    @property
    def shown(self) -> str:
        return f"{shown(self.median)}{self.unit}"

    @property
    def shown_goal(self) -> str:
        if self.goal is None:
            return ""
        return f"{'≥' if self.goal.is_least else '≤'} {shown(self.goal.value)}{self.unit}"

    def __str__(self) -> str:
        what = f"{self.what}{f'; {self.beside}' if self.beside else ''}"
        count = len(self.figures)
        return (
            f"{self.name:30} {self.shown:>10}  {self.spread:>15}  {self.shown_goal:10}"
            f" {self.verdict:6}  load {self.load:.1f}  {what}; {count} run{'s' * (count != 1)}"
        )


class Missing(NamedTuple):
    """A benchmark that could not be run, and why."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{self.name:30} not measured: {self.why}"


class NotMeasured(Exception):
    """What a benchmark needs is not to be had, or what it ran failed."""


def shown(figure: float) -> str:
    """Three digits, or what stands before the point."""
    size = abs(figure)
    return f"{figure:.2f}" if size < 10 else f"{figure:.1f}" if size < 100 else f"{figure:,.0f}"
