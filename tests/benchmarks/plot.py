"""The rows that have a goal as bars, as an SVG: how much of its goal each took up."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from .row import Row

_LEFT, _GOAL, _MOST, _RIGHT = 150, 240, 2, 240
"""Pixels for the names, for a whole goal, as many goals as a bar has at most, and the figures."""
_LINE, _TOP = 24, 30
_STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #24292f }
.met { fill: #2da44e } .missed { fill: #d4582a } .goal { stroke: #57606a; stroke-dasharray: 4 3 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .met { fill: #3fb950 } .missed { fill: #f0883e } .goal { stroke: #8b949e }
}"""


def plot(rows: Sequence[Row]) -> str:
    """A bar a row; one that ends behind the line missed its goal, and what is longer is cut."""
    chosen = [row for row in rows if row.goal]
    width, height = _LEFT + _GOAL * _MOST + _RIGHT, _TOP + _LINE * len(chosen) + 10
    at = _LEFT + _GOAL
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>',
        "<title>Each figure as a part of its goal</title>",
        f"<style>{_STYLE}</style>",
        f'<text x="{at}" y="16" text-anchor="middle">goal</text>',
        *(line for number, row in enumerate(chosen) for line in _bar(row, _TOP + _LINE * number)),
        f'<line class="goal" x1="{at}" y1="22" x2="{at}" y2="{height - 6}"/>',
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _bar(row: Row, top: int) -> list[str]:
    length = round(_GOAL * min(max(row.share, 0), _MOST))
    figures = escape(f"{row.shown} ({row.shown_goal}), {row.verdict}")
    text, behind = top + 14, _LEFT + max(length, _GOAL) + 8
    return [
        f'<text x="{_LEFT - 8}" y="{text}" text-anchor="end">{escape(row.name)}</text>',
        f'<rect class="{row.verdict}" x="{_LEFT}" y="{top + 2}" width="{length}" height="16"/>',
        f'<text x="{behind}" y="{text}">{figures}</text>',
    ]
