"""A list that comes in pages, followed within limits.

Heroku cuts a list and names the rest in `Next-Range`. Nothing promises an end: pages that name each
other as the rest, or that count up and hold nothing, would be followed for ever.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from . import api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .sender import Clock

MAX_PAGES = 100
MAX_ITEMS = 20_000
"""No app has so many releases or add-ons that are looked through."""
MAX_BYTES = 32 << 20
MAX_EMPTY = 3
"""Pages that hold nothing, and yet name another one."""
MAX_SECONDS = 600.0

Item = TypeVar("Item")


def pages(
    request: api.Request,
    call: Callable[[api.Request], api.Response],
    read: Callable[[api.Response], list[Item]],
    clock: Clock,
) -> Iterator[list[Item]]:
    """The items of each page, each asked for when it is wanted; raises BadResponse for no end.

    A page that names itself as the next one is the last.
    """
    until = clock.monotonic() + MAX_SECONDS
    asked = {request.headers.get("Range")}
    empty = items = size = 0
    while True:
        response = call(request)
        page = read(response)
        empty, items, size = empty + (not page), items + len(page), size + len(response.body)
        if items > MAX_ITEMS or size > MAX_BYTES:
            raise api.unreadable(response, f"a list of {MAX_ITEMS:,} items at most")
        yield page
        rest = response.headers.get("next-range")
        is_cut = response.status == HTTPStatus.PARTIAL_CONTENT
        if not is_cut or not rest or rest == request.headers.get("Range"):
            return
        if rest in asked or empty >= MAX_EMPTY or len(asked) >= MAX_PAGES:
            raise api.unreadable(response, "a list that ends")
        if clock.monotonic() > until:
            raise api.unreadable(response, f"a list that ends within {MAX_SECONDS:.0f} seconds")
        asked.add(rest)
        request = request._replace(headers={**request.headers, "Range": rest})
