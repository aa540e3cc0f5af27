"""A bare stand-in for Heroku's Platform API, in a process of its own, as cheap as one can be.

It answers what a diff, a drift, a history, a pull and a sync ask for, in Heroku's shapes, from
bytes that are made once. An app's name says what it holds: `vars-60` has so many vars, and
`vars-60-007` too, and what is changed is its third release; `releases-100` has so many releases,
each of which changed one. Answers leave after `latency`.
`GET /requests` is of its own: how many were answered before.
"""

import asyncio
import json
import re
import ssl
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import NamedTuple, TypeAlias

ROOT = Path(__file__).parents[2]
_APP = re.compile(r"/apps/((vars|releases)-(\d+)[-\d]*)(/.*)?")
_RANGE = re.compile(rb"(?im)^range: *version (?:\](\d+))?\.\.; order=desc,max=(\d+)\r?$")
_LENGTH = re.compile(rb"(?im)^content-length: *(\d+)\r?$")
_LARGEST_PAGE = 1000
_TIME = "2026-01-01T12:00:00Z"
_ID = "01234567-89ab-4def-8123-456789abcdef"
_HEADERS = f"Content-Type: application/json\r\nRequest-Id: {_ID}\r\nRateLimit-Remaining: 4500\r\n"


def values(count: int) -> dict[str, str]:
    """What an app `vars-…` holds, beside what its add-on gave it."""
    return {f"NAME_{number}": f"value {number}" for number in range(count)}


Changes: TypeAlias = "tuple[tuple[str, str | None], ...]"


class Answers:
    """What was changed, and so what is answered."""

    def __init__(self) -> None:
        self._changes: dict[str, Changes] = {}

    def to(self, head: bytes, body: bytes = b"") -> bytes:
        """A whole answer, from the lines of a request's head and its body."""
        method, path = head.decode().split(" ", 2)[:2]
        app = match[1] if (match := _APP.fullmatch(path)) else ""
        if method == "PATCH" and path.endswith("/config-vars"):
            changes = {**dict(self._changes.get(app, ())), **json.loads(body)}
            self._changes[app] = tuple(changes.items())
        found = _RANGE.search(head)
        below, most = (int(found[1] or 0), int(found[2])) if found else (0, 0)
        return _answer(path, below, most, self._changes.get(app, ()))


@cache
def _answer(path: str, below: int, most: int, changes: Changes) -> bytes:
    match = _APP.fullmatch(path)
    if path == "/account":
        return _http(200, {"email": "you@example.com", "id": _ID})
    if match is None:
        return _http(404, {"id": "not_found", "message": "Couldn't find that app."})
    name, kind, count, rest = match[1], match[2], int(match[3]), match[4] or ""
    newest = count if kind == "releases" else 2 + bool(changes)
    version = re.fullmatch(r"/releases/(\d+)(/config-vars)?", rest)
    if rest == "/releases":
        return _releases(name, newest, below, most)
    if version:
        number = int(version[1])
        then = _vars(kind, count, number, changes)
        return _http(200, then if version[2] else _release(name, number))
    held = _vars(kind, count, newest, changes)
    found = {
        "/config-vars": held,
        "/config-vars-settings": _settings(held),
        "/addon-attachments": [_attachment(name)],
    }
    if rest not in found:
        return _http(404, {"id": "not_found", "message": "Not found."})
    return _http(200, found[rest])


def _vars(kind: str, count: int, version: int, changes: Changes) -> dict[str, str]:
    mine = values(count) if kind == "vars" else {**values(10), "VERSION": str(version)}
    held = {**mine, "DATABASE_URL": "postgres://db.example.com/db"}
    new = {**held, **dict(changes)} if version > 2 else held  # a PATCH is the third
    return {name: value for name, value in new.items() if value is not None}


def _releases(app: str, newest: int, below: int, most: int) -> bytes:
    """A page of the list, from the newest down, or from the one below `below`."""
    first = below - 1 if below else newest
    last = max(1, first - min(most or _LARGEST_PAGE, _LARGEST_PAGE) + 1)
    shapes = [_release(app, version) for version in range(first, last - 1, -1)]
    if last == 1:
        return _http(200, shapes)
    return _http(206, shapes, f"Next-Range: version ]{last}..; order=desc,max={most}\r\n")


def _release(app: str, version: int) -> object:
    return {
        "addon_plan_names": ["heroku-postgresql:essential-0"],
        "app": {"id": _ID, "name": app},
        "artifacts": [],
        "created_at": _TIME,
        "current": False,
        "description": "Set VERSION config vars",
        "eligible_for_rollback": True,
        "id": _ID,
        "output_stream_url": None,
        "slug": None,
        "status": "succeeded",
        "updated_at": _TIME,
        "user": {"email": "you@example.com", "id": _ID},
        "version": version,
    }


def _attachment(app: str) -> object:
    return {
        "addon": {"app": {"id": _ID, "name": app}, "id": _ID, "name": "postgresql-curved-12345"},
        "app": {"id": _ID, "name": app},
        "config_vars": ["DATABASE_URL"],
        "created_at": _TIME,
        "id": _ID,
        "log_input_url": None,
        "name": "DATABASE",
        "namespace": None,
        "updated_at": _TIME,
        "web_url": None,
    }


def _settings(held: dict[str, str]) -> list[object]:
    return [
        {
            "attachment": {"id": _ID} if name == "DATABASE_URL" else None,
            "key": name,
            "masked": False,
            "masking_supported": True,
            "value": value,
            "value_updated_at": _TIME,
        }
        for name, value in held.items()
    ]


def _http(status: int, body: object, more: str = "") -> bytes:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\n{_HEADERS}{more}Content-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


class _Connection(asyncio.Protocol):
    answered = 0
    latency = 0.0
    answers = Answers()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (found := _whole(self._received)) is not None:
            head, body, self._received = found
            if head.startswith(b"GET /requests "):
                self._transport.write(_http(200, _Connection.answered))
                continue
            _Connection.answered += 1
            later = asyncio.get_running_loop().call_later
            later(self.latency, self._transport.write, self.answers.to(head, body))


def _whole(received: bytes) -> tuple[bytes, bytes, bytes] | None:
    """The head and the body of the first request, and what is behind it; None for half of one."""
    head, end, rest = received.partition(b"\r\n\r\n")
    length = int(found[1]) if (found := _LENGTH.search(head)) else 0
    if not end or len(rest) < length:
        return None
    return head, rest[:length], rest[length:]


class Api(NamedTuple):
    """One that runs."""

    port: int
    certificate: Path | None

    @property
    def url(self) -> str:
        """By the name that the certificate is for."""
        return f"{'https://localhost' if self.certificate else 'http://127.0.0.1'}:{self.port}"

    @property
    def answered(self) -> int:
        """How many requests it answered so far."""
        connection = HTTPConnection("127.0.0.1", self.port)
        if self.certificate:
            context = ssl.create_default_context(cafile=self.certificate)
            connection = HTTPSConnection("localhost", self.port, context=context)
        connection.request("GET", "/requests")
        count = json.loads(connection.getresponse().read())
        connection.close()
        assert isinstance(count, int)
        return count


@contextmanager
def serving(latency: float = 0.0, certificate: Path | None = None) -> Iterator[Api]:
    """An API that runs meanwhile; `certificate` is a file with its key too, and makes it TLS."""
    words = [sys.executable, "-m", "tests.benchmarks.api", "--latency", str(latency)]
    words += ["--certificate", str(certificate)] if certificate else []
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Api(int(process.stdout.readline()), certificate)
        finally:
            process.kill()


async def _serve(latency: float, certificate: str) -> None:
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    _Connection.latency = latency
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0, ssl=context, backlog=256)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m tests.benchmarks.api", description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--certificate", default="", help="a file with a certificate and its key")
    given = parser.parse_args()
    asyncio.run(_serve(given.latency, given.certificate))
