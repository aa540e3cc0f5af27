"""One request: as it came, and as the endpoints see it, authenticated and taken apart."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from .answers import bad_request, invalid
from .app import App
from .state import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came; header names are lower case, and `path` has no `query`."""

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    query: str = ""

    @property
    def scheme(self) -> str | None:
        """How the key came, if in one of Heroku's two ways; anything else could be a key."""
        scheme = self._authorization[0]
        return scheme if scheme in {"Basic", "Bearer"} else None

    @property
    def key(self) -> str | None:
        """The API key, if one came: Bearer's, or Basic's password whatever the user is.

        Heroku takes both, and clients of this field send either: Terraform's provider an address
        and the key, heroku3 and heroku-client no user at all.
        """
        credentials = self._authorization[1]
        if self.scheme == "Basic":
            return _password(credentials)
        return credentials or None if self.scheme else None

    @property
    def _authorization(self) -> tuple[str, str]:
        """The scheme, whose case means nothing, and what follows it."""
        scheme, _, credentials = self.headers.get("authorization", "").partition(" ")
        return scheme.capitalize(), credentials.strip()


def _password(pair: str) -> str | None:
    """The password of a `user:password` in base64, if that is what it is and it has one."""
    try:
        decoded = b64decode(pair, validate=True).decode()
    except ValueError:
        return None
    return decoded.partition(":")[2] or None


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

    def equal(self, name: str) -> str | None:
        """What `?eq[NAME]=` asks for, as Heroku's CLI does where it looks for a name."""
        return next(iter(parse_qs(self.incoming.query).get(f"eq[{name}]", [])), None)

    @property
    def included(self) -> frozenset[str]:
        """What Accept-Inclusion asks for: only heard with `version=3.sdk`."""
        headers = self.incoming.headers
        if not self.platform.inclusion or "version=3.sdk" not in headers.get("accept", ""):
            return frozenset()
        asked = headers.get("accept-inclusion", "").split(",")
        return frozenset(map(str.strip, asked))

    def text(self, name: str) -> str | None:
        """A string in the body, None where there is none. Raises 422 for anything else."""
        found = self.data().get(name)
        if isinstance(found, str | None):
            return found
        raise invalid(f"{name} must be a string.")

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
