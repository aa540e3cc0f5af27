"""One request: as it came, and as the endpoints see it, authenticated and taken apart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from .answers import bad_request, invalid
from .app import App
from .state import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came; header names are lower case, `path` has no query."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an endpoint may look at; `parts` are those of the path that vary."""

    platform: Platform
    key: str = field(repr=False)
    incoming: Incoming
    parts: tuple[str, ...]

    @property
    def app(self) -> App:
        """The app that the first variable part of the path names. Raises 403 or 404."""
        return self.platform.reach(self.key, self.parts[0])

    @property
    def range(self) -> str | None:
        return self.incoming.headers.get("range")

    @property
    def included(self) -> frozenset[str]:
        """What Accept-Inclusion asks for: only heard with `version=3.sdk`."""
        headers = self.incoming.headers
        if not self.platform.inclusion or "version=3.sdk" not in headers.get("accept", ""):
            return frozenset()
        asked = headers.get("accept-inclusion", "").split(",")
        return frozenset(map(str.strip, asked))

    def data(self) -> dict[str, object]:
        """The body as a JSON object. Raises 400 where it is not JSON, 422 where not an object."""
        parsed = parse_json(self.incoming.body)
        if parsed is None:
            raise bad_request("Unable to parse the JSON of the request's body.")
        if not isinstance(parsed.value, dict):
            raise invalid("The request's body must be a JSON object.")
        return parsed.value


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value, which may be null."""

    value: object = field(repr=False)


def parse_json(body: bytes) -> Parsed | None:
    """None where the body is not JSON."""
    try:
        return Parsed(json.loads(body))
    except (ValueError, RecursionError):
        return None
