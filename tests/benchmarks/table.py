"""The rows that have a goal, as a Markdown table, in its place in the README."""

from collections.abc import Sequence

from .row import Row

START, END = "<!-- benchmarks: python -m tests.benchmarks --write -->", "<!-- /benchmarks -->"


def table(rows: Sequence[Row], *, about: str) -> str:
    """`about` is a line below it: where this was measured."""
    lines = [
        "| | | median | smallest … largest | goal | | load |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {row.name} | {row.what} | {row.shown} | {row.spread} | {row.shown_goal}"
            f" | {row.verdict} | {row.load:.1f} |"
            for row in rows
            if row.goal
        ),
        "",
        about,
    ]
    return "\n".join(lines) + "\n"


def replaced(text: str, by: str) -> str:
    """The text with another table between the comments, and no other change.

    Raises ValueError where it has not each of them once, in this order.
    """
    before, start, rest = text.partition(f"{START}\n")
    _, end, after = rest.partition(f"{END}\n")
    if not (start and end) or text.count(START) != 1 or text.count(END) != 1:
        raise ValueError(f"{START} and {END} stand there once each")
    return f"{before}{start}\n{by}\n{end}{after}"
