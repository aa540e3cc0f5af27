"""What is said on the wire, over plain sockets."""

import json
import socket
import struct
import threading
from collections.abc import Iterator
from typing import NoReturn
from uuid import UUID

import pytest

from deploy.emulator import App, Emulator, Fault, Writer

from .client import AUTHORIZED, CONFIG, Client, connect

SENT = "".join(f"{name}: {value}\r\n" for name, value in AUTHORIZED.items()).encode()
END = SENT + b"Connection: close\r\n\r\n"


@pytest.fixture
def raw(emulator: Emulator) -> Iterator[socket.socket]:
    port = int(emulator.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as opened:
        yield opened


def everything(raw: socket.socket) -> bytes:
    parts = []
    while part := raw.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_a_connection_serves_one_request_after_the_other(emulator: Emulator, demo: App) -> None:
    connection = connect(emulator)
    sources = set()
    for _ in range(3):
        connection.request("GET", CONFIG, headers=AUTHORIZED)
        assert connection.getresponse().read()
        sources.add(connection.sock.getsockname())
    connection.close()
    assert len(sources) == 1


@pytest.mark.parametrize(
    "request_line",
    [b"GET /apps HTTP/1.0\r\n", b"GET /apps HTTP/1.1\r\nconnection: Close\r\n"],
    ids=["1.0", "close"],
)
def test_a_connection_ends_where_the_client_wants_that(
    raw: socket.socket, request_line: bytes
) -> None:
    raw.sendall(request_line + SENT + b"\r\n")
    assert everything(raw).endswith(b"\r\n\r\n[]")


def test_every_answer_has_ids_of_its_own_and_the_rate_limit(
    emulator: Emulator, demo: App, client: Client
) -> None:
    replies = [client.get(CONFIG), client.get("/nowhere"), client.get(CONFIG, Authorization="")]
    ids = [each for reply in replies for each in reply.headers["Request-Id"].split(",")]
    assert [str(UUID(each)) for each in ids] == ids
    assert len(set(ids)) == len(ids) > len(replies)
    assert all(reply.headers["RateLimit-Remaining"] for reply in replies)
    assert {reply.headers["RateLimit-Multiplier"] for reply in replies} == {"1"}
    assert {reply.headers["Content-Type"] for reply in replies} == {"application/json"}


def test_a_warning_goes_out_with_every_answer_while_it_is_set(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.warn = "Read this."
    assert client.get(CONFIG).headers["Warning-Message"] == "Read this."
    emulator.warn = None
    assert "Warning-Message" not in client.get(CONFIG).headers


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(
    demo: App, raw: socket.socket
) -> None:
    body = json.dumps({"A": "3"}).encode()
    size = f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n".encode()
    raw.sendall(b"PATCH " + CONFIG.encode() + b" HTTP/1.1\r\n" + size + END)
    assert raw.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    raw.sendall(body)
    assert everything(raw).startswith(b"HTTP/1.1 200 OK\r\n")
    assert demo.vars["A"] == "3"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /apps SPDY/3\r\n\r\n", 400),
        (b"GET /apps HTTP/2.0\r\n\r\n", 505),
        (b"PATCH / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"PATCH / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"PATCH / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", 413),
        (b"GET /".ljust(64 * 1024 + 1, b"x"), 414),
        (b"GET / HTTP/1.1\r\n" + b"X: ".ljust(64 * 1024 + 1, b"x"), 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 101, 431),
    ],
    ids=[
        "words",
        "protocol",
        "version",
        "size",
        "chunked",
        "large",
        "long line",
        "long header",
        "many headers",
    ],
)
def test_what_is_no_request_is_answered_and_the_connection_ends(
    emulator: Emulator,
    raw: socket.socket,
    capfd: pytest.CaptureFixture[str],
    data: bytes,
    status: int,
) -> None:
    raw.sendall(data)
    head, _, body = everything(raw).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"\r\nContent-Type: application/json\r\n" in head
    assert json.loads(body).keys() == {"id", "message"}
    assert emulator.requests == []
    assert capfd.readouterr() == ("", "")


def test_a_body_above_a_mebibyte_is_refused_as_json(demo: App, raw: socket.socket) -> None:
    raw.sendall(b"PATCH / HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n")
    head, _, body = everything(raw).partition(b"\r\n\r\n")
    assert head.splitlines()[1:] == [
        b"Content-Type: application/json",
        b"Content-Length: " + str(len(body)).encode(),
        b"Connection: close",
    ]
    assert json.loads(body) == {
        "id": "request_entity_too_large",
        "message": "The request was refused before the API has seen it (413).",
    }


def test_a_body_of_a_mebibyte_is_read(demo: App, client: Client) -> None:
    body = json.dumps({"A": "3"}).encode().ljust(1024 * 1024)
    assert client.send("PATCH", CONFIG, body=body).status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PATCH /apps HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf",
    ],
    ids=["at once", "in the body"],
)
def test_a_client_that_leaves_early_gets_no_answer(
    emulator: Emulator, raw: socket.socket, data: bytes
) -> None:
    raw.sendall(data)
    raw.shutdown(socket.SHUT_WR)
    assert everything(raw) == b""
    assert emulator.requests == []


def test_a_client_that_breaks_off_is_nothing_to_tell(
    emulator: Emulator, demo: App, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", int(emulator.url.rpartition(":")[2]))) as rude:
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        rude.sendall(b"GET /apps HTTP/1.1\r\n")
    assert client.get(CONFIG).status == 200
    emulator.__exit__(None, None, None)
    assert capfd.readouterr() == ("", "")


def test_a_bug_in_a_writer_is_not_hidden(
    emulator: Emulator, demo: App, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> NoReturn:
        raise LookupError("mine")

    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda hooked: told.append(hooked.exc_type))
    emulator.inject(Fault(what=Writer(fail)))
    with pytest.raises(ConnectionResetError):
        client.get(CONFIG)
    emulator.__exit__(None, None, None)
    assert told == [LookupError]


def test_a_small_and_a_large_answer_each_leave_in_one_piece(
    emulator: Emulator, demo: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    write = socket.SocketIO.write

    def counted(stream: socket.SocketIO, data: bytes) -> int | None:
        sizes.append(len(data))
        return write(stream, data)

    monkeypatch.setattr(socket.SocketIO, "write", counted)
    demo.set_vars({"A": "x" * 60_000})
    for path in ("/apps/none", CONFIG):
        assert Client(emulator).get(path).text
    assert len(sizes) == 2


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "MADE-UP"])
def test_a_method_that_is_not_there_is_refused_in_herokus_words(
    demo: App, client: Client, method: str
) -> None:
    reply = client.send(method, CONFIG)
    assert reply.error == (405, "method_not_allowed")
    assert reply.headers["Allow"] == "GET, PATCH"


def test_the_answer_to_head_has_no_body(raw: socket.socket) -> None:
    raw.sendall(b"HEAD /apps HTTP/1.1\r\n" + END)
    answer = everything(raw)
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.endswith(b"\r\n\r\n")


def test_a_percent_encoded_path_is_decoded(demo: App, client: Client) -> None:
    assert client.get("/apps/d%65mo/config-vars").status == 200
