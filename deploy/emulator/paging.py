"""`Range` and `Next-Range`: how the Platform API sorts a list and cuts it into pages.

`Range: version 5..; order=desc,max=10` asks for at most ten, walking down from 5. The walk
begins at the first bound in either order; `]5` leaves 5 itself out, which is how `Next-Range`
goes on. See https://devcenter.heroku.com/articles/platform-api-reference#ranges

A `;` may end it: Heroku's own paginator sends `id ..; max=200;` (heroku/cli, `utils/paginator.ts`),
heroku3 `version ..; ;` where it wants no more than an order. The CLI also sends an empty header.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from .answers import Answer, as_json, bad_request

Item = TypeVar("Item")
Keys = Mapping[str, Callable[[Item], int | str]]
_Place = tuple[int, str]

PAGE = 200
LARGEST_PAGE = 1000
_RANGE = re.compile(
    r"(?P<field>\w+)\s*(?P<after>\]?)(?P<first>[^;\s]*?)\.\.(?P<last>[^;\s]*)\s*"
    r"(?:;(?P<options>[^;]*);?)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What part of a list is wanted, and in which order."""

    field: str
    first: str = ""
    after: bool = False
    last: str = ""
    descending: bool = False
    size: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """The items of one answer, and the status and headers that go with them."""

    items: Sequence[Item]
    status: int
    headers: Mapping[str, str]

    def answer(self, shape: Callable[[Item], object]) -> Answer:
        return as_json(list(map(shape, self.items)), status=self.status, headers=self.headers)


def page(items: Sequence[Item], header: str | None, keys: Keys[Item]) -> Page[Item]:
    """The part of a list that a Range header asks for; `keys` are the fields it may name.

    The first of them is the default order. Raises 400 for a header Heroku would refuse.
    """
    wanted = parse(header, tuple(keys))
    key = keys[wanted.field]
    ordered = _walk(items, wanted, key)
    cut = ordered[: wanted.size]
    headers = {"Accept-Ranges": ", ".join(keys)}
    if cut:
        headers["Content-Range"] = f"{wanted.field} {key(cut[0])}..{key(cut[-1])}"
    if len(cut) < len(ordered):
        rest = replace(wanted, first=str(key(cut[-1])), after=True)
        headers["Next-Range"] = _text(rest)
    return Page(items=cut, status=200 if cut == ordered else 206, headers=headers)


def parse(header: str | None, fields: Sequence[str]) -> Range:
    """Read a Range header; without one, or with an empty one, the first field from the start."""
    text = (header or "").strip()
    if not text:
        return Range(field=fields[0])
    match = _RANGE.fullmatch(text)
    if match is None or match["field"] not in fields:
        raise bad_request("Invalid Range header.")
    wanted = Range(
        field=match["field"],
        first=match["first"],
        after=bool(match["after"]),
        last=match["last"],
    )
    for option in filter(None, map(str.strip, (match["options"] or "").split(","))):
        wanted = _with_option(wanted, option)
    return wanted


def _with_option(wanted: Range, option: str) -> Range:
    name, _, value = option.partition("=")
    if name == "order" and value in {"asc", "desc"}:
        return replace(wanted, descending=value == "desc")
    if name == "max" and value.isdecimal() and int(value) > 0:
        return replace(wanted, size=min(int(value), LARGEST_PAGE))
    raise bad_request("Invalid Range option.")


def _walk(items: Sequence[Item], wanted: Range, key: Callable[[Item], int | str]) -> Sequence[Item]:
    """The items between the bounds, in the order of the walk."""
    numeric = bool(items) and isinstance(key(items[0]), int)
    first, last = (_bound(text, numeric=numeric) for text in (wanted.first, wanted.last))
    earlier = operator.gt if wanted.descending else operator.lt
    met = []
    for item in sorted(items, key=lambda each: _place(key(each)), reverse=wanted.descending):
        here = _place(key(item))
        too_early = first and (earlier(here, first) or (wanted.after and here == first))
        too_late = last and earlier(last, here)
        if not (too_early or too_late):
            met.append(item)
    return met


def _place(value: int | str) -> _Place:
    """A value that compares with every other of its field."""
    return (value, "") if isinstance(value, int) else (0, value)


def _bound(text: str, *, numeric: bool) -> _Place | None:
    if not text:
        return None
    if not numeric:
        return _place(text)
    if not text.isdecimal():
        raise bad_request("Invalid Range header.")
    return _place(int(text))


def _text(wanted: Range) -> str:
    order = "desc" if wanted.descending else "asc"
    start = "]" * wanted.after + wanted.first
    return f"{wanted.field} {start}..{wanted.last}; order={order},max={wanted.size}"
