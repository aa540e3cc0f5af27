"""A bare HTTP client for these tests: it follows nothing, retries nothing, hides nothing."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from deploy.emulator import Emulator

from .schema import check

CONFIG = "/apps/demo/config-vars"
RELEASES = "/apps/demo/releases"
KEY = "any-key"
AUTHORIZED = {
    "Authorization": f"Bearer {KEY}",
    "Accept": "application/vnd.heroku+json; version=3",
}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def json(self) -> object:
        return json.loads(self.text)

    @property
    def items(self) -> list[dict[str, object]]:
        items = self.json
        assert isinstance(items, list)
        return items

    @property
    def item(self) -> dict[str, object]:
        item = self.json
        assert isinstance(item, dict)
        return item

    @property
    def error(self) -> tuple[int, object]:
        return self.status, self.item["id"]


@dataclass(frozen=True)
class Client:
    """Sends each request over a connection of its own, and holds each answer against the schema.

    An answer that a fault makes up need not be Heroku's: `is_checked` False lets it pass.
    """

    emulator: Emulator
    key: str = KEY
    is_checked: bool = True

    def get(self, path: str, **headers: str) -> Reply:
        return self.send("GET", path, headers=headers)

    def patch(self, changes: object, path: str = CONFIG) -> Reply:
        return self.send("PATCH", path, body=json.dumps(changes).encode())

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Header names may be written with underscores."""
        named = AUTHORIZED | {"Authorization": f"Bearer {self.key}"}
        named |= {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        connection = connect(self.emulator)
        try:
            connection.request(method, path, body=body, headers=named)
            response = connection.getresponse()
            reply = Reply(response.status, response.headers, response.read().decode())
        finally:
            connection.close()
        if self.is_checked:
            accept = named["Accept"]
            plain = unquote(path.partition("?")[0])
            check(method, plain, accept=accept, status=reply.status, text=reply.text)
        return reply


def connect(emulator: Emulator) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(emulator.url.removeprefix("http://"), timeout=10)
