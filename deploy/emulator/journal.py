"""The record of what was asked. It keeps names and never a value, a key, or a whole body."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .call import Incoming, parse_json

KEPT_HEADERS = (
    "Accept",
    "Accept-Inclusion",
    "Content-Type",
    "Range",
    "Request-Id",
    "User-Agent",
)
_PLAIN = re.compile(r"\w+", re.ASCII)


@dataclass(slots=True)
class Request:
    """A request that arrived. `status` is None until it is answered, and if it never is.

    `names` are those in the body of a PATCH. `headers` has `KEPT_HEADERS`, spelt so. `scheme` is
    how the key came: Bearer, or Basic, which is a client's own choice or what a netrc made of it.
    """

    method: str
    path: str
    status: int | None
    headers: Mapping[str, str]
    names: tuple[str, ...]
    scheme: str | None


def request_of(incoming: Incoming) -> Request:
    headers = {
        name: incoming.headers[name.lower()]
        for name in KEPT_HEADERS
        if name.lower() in incoming.headers
    }
    return Request(incoming.method, incoming.path, None, headers, _names(incoming), incoming.scheme)


def line_of(request: Request, at: datetime) -> str:
    """A line for a terminal: a name that is not a plain word could be anything, so it is masked."""
    path = "".join(each if each.isascii() and each.isprintable() else "?" for each in request.path)
    names = ",".join(name if _PLAIN.fullmatch(name) else "?" for name in request.names)
    words = [f"{at:%H:%M:%S}", request.method, path, names, str(request.status or "no answer")]
    return " ".join(filter(None, words))


def _names(incoming: Incoming) -> tuple[str, ...]:
    if incoming.method != "PATCH":
        return ()
    parsed = parse_json(incoming.body)
    return tuple(parsed.value) if parsed and isinstance(parsed.value, dict) else ()
