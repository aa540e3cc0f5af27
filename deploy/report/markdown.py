"""Outcomes as Markdown: a comment, an issue, or the summary of a job.

They are widely read: no value is in one, revealed or not, and no person.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from ..names import apps_listed, kinds_of, shown
from ..plan.drift import Drift, Unchecked
from ..plan.review import Unreviewed
from . import review_words
from .github import UNREADABLE, WORDS, reason, since
from .layout import one_line, printable
from .text_drift import next_steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..errors import DeployError
    from ..plan.drift import Row as DriftRow
    from ..plan.review import Review
    from ..plan.review import Row as ReviewRow

LIMIT = 60_000
"""Characters; GitHub takes no comment and no issue of more than 65,536."""


def drift(rows: Sequence[DriftRow], stopped: DeployError | None = None) -> str:
    """The table, and the commands that end a drift."""
    return summary(rows, stopped, limit=LIMIT) + _code(next_steps(rows))


def summary(
    rows: Sequence[DriftRow], stopped: DeployError | None = None, *, limit: int | None = None
) -> str:
    """A line for each app that is not in sync; `stopped` if some are missing."""
    in_sync = sum(isinstance(row, Drift) and not row.drifted for row in rows)
    total = f"{len(rows)} {kinds_of(row.app for row in rows)}"
    head = f"### Config drift: {in_sync} of {total} in sync\n"
    if stopped is not None:
        head += f"\n{cell(str(stopped))}\n"
    cells = (each for row in rows for each in _drifted(row))
    return head + _table(("app", "var", "what", "since"), cells, limit)


def review(found: Review) -> str:
    """A line for each name that merging changes; apps that it leaves alone are counted."""
    head = f"### Config review\n\n{cell(review_words.verdict(found))}\n"
    head += "".join(f"\n{cell(note)}\n" for note in found.notes)
    if found.changing and not found.is_asked:
        head += f"\n{review_words.NOT_ASKED}\n"
    columns = ("app", "var", "what", *(("live",) if found.is_asked else ()))
    cells = (each[: len(columns)] for row in found.rows for each in _reviewed(row, found.base))
    steps = list(review_words.steps(found))
    return head + _table(columns, cells, LIMIT) + _code(steps)


def error(failure: DeployError, *, task: str) -> str:
    """What ended the task."""
    step = f"\n\n{cell(failure.next_step)}" if failure.next_step else ""
    return f"### {cell(task)} could not be carried out\n\n{cell(str(failure))}{step}"


def _drifted(row: DriftRow) -> Iterator[tuple[str, ...]]:
    if isinstance(row, Unchecked):
        yield row.app, "", reason(row), ""
        return
    for each in row.drifted:
        yield row.app, shown(each.name), WORDS[each.kind], since(each.origin)
    for name in row.unreadable:
        yield row.app, shown(name), UNREADABLE, ""


def _reviewed(row: ReviewRow, base: str) -> Iterator[tuple[str, ...]]:
    if isinstance(row, Unreviewed):
        step = f"; {row.failure.next_step}" if row.failure.next_step else ""
        yield row.shown, "", f"cannot be told: {row.failure}{step}", ""
        return
    if row.is_changing or row.moved_from:
        yield row.shown, "", review_words.head(row), ""
    for remark in review_words.remarks(row, base):
        yield row.shown, "", remark, ""
    for each in row.told:
        yield row.shown, shown(each.name), review_words.what(each), review_words.live(each)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], limit: int | None) -> str:
    """A table of so many characters at most; nothing where there is no row."""
    rows = list(rows)
    lines = [f"| {' | '.join(map(cell, row))} |\n" for row in rows]
    if not lines:
        return ""
    ends = accumulate(map(len, lines))
    kept = sum(limit is None or end <= limit for end in ends)
    left = len(lines) - kept
    unseen = {row[0] for row in rows[kept:]} - {row[0] for row in rows[:kept]}
    whose = f", all of {cell(apps_listed(unseen))}" if unseen else ""
    rest = f"\n{left} more lines have no room here{whose}: ask with --format text\n" if left else ""
    head = f"\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    return head + "".join(lines[:kept]) + rest


def _code(lines: Iterable[str]) -> str:
    """Lines to copy: indented, since no text can end that."""
    found = "".join(f"    {one_line(line)}\n" for line in lines)
    return f"\n{found}" if found else ""


def cell(text: str) -> str:
    """Text that can neither end a cell nor be Markdown or HTML, nor become a link.

    GitHub looks for addresses after escapes were read, too, and not across a comment (the readme of
    micromark-extension-gfm-autolink-literal).
    """
    flat = " ".join(printable(text).split())
    plain = "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-!|~&" else char for char in flat)
    return re.sub(r"www(?=\.)|:(?=/)|@", r"\g<0><!-- -->", plain, flags=re.IGNORECASE)
