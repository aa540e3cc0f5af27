"""A list that comes in pages, followed as far as a list can go, and no further.

Heroku cuts a list and names the rest in `Next-Range`. Nothing promises an end: what names itself
as the rest, or counts up without bringing anything, would be followed for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from . import api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PAGES = 100
MAX_ITEMS = 20_000
"""No app has so many releases or add-ons that are looked through."""
MAX_BYTES = 32 << 20
MAX_EMPTY = 3
"""Pages that bring nothing, and yet name another one."""
MAX_SECONDS = 600.0

Item = TypeVar("Item")


class Clock(Protocol):
    def monotonic(self) -> float: ...


def pages(
    request: api.Request,
    call: Callable[[api.Request], api.Response],
    read: Callable[[api.Response], list[Item]],
    clock: Clock,
) -> Iterator[list[Item]]:
    """The items of each page, each asked for when it is wanted; raises BadResponse for no end."""
    until = clock.monotonic() + MAX_SECONDS
    asked = {request.headers.get("Range")}
    count = empty = items = size = 0
    more: api.Request | None = request
    while more:
        response = call(more)
        page = read(response)
        count, items, size = count + 1, items + len(page), size + len(response.body)
        empty += not page
        if items > MAX_ITEMS or size > MAX_BYTES:
            raise api.unreadable(response, f"a list of {MAX_ITEMS:,} items at most")
        yield page
        more = api.next_page(more, response)
        if more is None:
            return
        rest = more.headers["Range"]
        if rest in asked or empty >= MAX_EMPTY or count >= MAX_PAGES:
            raise api.unreadable(response, "a list that ends")
        if clock.monotonic() > until:
            raise api.unreadable(response, f"a list that ends within {MAX_SECONDS:.0f} seconds")
        asked.add(rest)
