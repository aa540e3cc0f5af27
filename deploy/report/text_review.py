"""What merging a branch changes, for a person: a line an app, and a row for each name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plan.review import State, Unreviewed
from . import review_words
from .layout import counts, marked_rows, one_line, words, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..plan.review import Effect, Review, Reviewed, Row


def review(found: Review, *, color: bool = False, width: int | None = None) -> str:
    """What each app's lock becomes, what that changes, and the commands that take it to Heroku."""
    lines = [wrap(words(one_line(f"Note: {note}")), width) for note in found.notes]
    for row in found.rows:
        lines += _row(row, found.base, color=color, width=width)
    if len(found.rows) > 1:
        lines.append(wrap(words(one_line(review_words.verdict(found))), width))
    if found.changing and not found.is_asked:
        lines.append(wrap(words(review_words.NOT_ASKED), width))
    return "\n".join([*lines, *review_words.steps(found)])


def _row(row: Row, base: str, *, color: bool, width: int | None) -> Iterator[str]:
    if isinstance(row, Unreviewed):
        yield from _unreviewed(row, width)
        return
    lead, _, counted = one_line(_head(row)).rpartition(": ")
    yield counts(f"{lead}:", counted, width) if lead else wrap(words(counted), width)
    for remark in review_words.remarks(row, base):
        yield wrap(["  ", *words(one_line(remark))], width, indent=4)
    rows = [(each.kind.value, each.name, _what(each)) for each in row.told]
    yield from marked_rows(rows, color=color, width=width)


def _head(row: Reviewed) -> str:
    head = review_words.head(row)
    if row.app is None and row.state is State.NO_LOCK:
        return f"There is no lock ({row.lock}); config.lock makes one."
    if row.app is None:
        return f"{head[0].upper()}{head[1:]}."
    is_verb = head.startswith(("is ", "has "))
    return f"{row.shown}{' ' if is_verb else ': '}{head}."


def _what(effect: Effect) -> list[str]:
    live = review_words.live(effect)
    return words(f"  {one_line(review_words.what(effect))}{': ' if live else ''}{live}")


def _unreviewed(row: Unreviewed, width: int | None) -> Iterator[str]:
    first, *more = map(one_line, str(row.failure).split("\n"))
    yield wrap(words(one_line(f"{row.shown} cannot be told: {first}")), width)
    for line in more:
        yield wrap(["  ", *words(line)], width, indent=4)
    if row.failure.next_step:
        yield f"  {one_line(row.failure.next_step)}"
