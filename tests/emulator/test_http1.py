"""What is said on the wire, over plain sockets."""

import json
import socket
from collections.abc import Iterator

import pytest

from deploy.emulator import App, Emulator

from .client import CONFIG, Client, connect

AUTHORIZED = {"Authorization": "Bearer any"}
END = b"Authorization: Bearer any\r\nConnection: close\r\n\r\n"


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
    raw.sendall(request_line + b"Authorization: Bearer any\r\n\r\n")
    assert everything(raw).endswith(b"\r\n\r\n[]")


def test_every_answer_has_an_id_of_its_own_and_the_rate_limit(
    emulator: Emulator, demo: App, client: Client
) -> None:
    replies = [client.get(CONFIG), client.get("/nowhere"), client.get(CONFIG, Authorization="")]
    assert len({reply.headers["Request-Id"] for reply in replies}) == 3
    assert all(reply.headers["RateLimit-Remaining"] for reply in replies)
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
        (b"GET /apps HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"PATCH / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"PATCH / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (b"PATCH / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", 413),
        (b"GET /" + b"x" * 16 * 1024, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100, 431),
    ],
    ids=["words", "protocol", "header", "size", "chunked", "large", "long line", "many headers"],
)
def test_what_is_no_request_is_answered_and_the_connection_ends(
    emulator: Emulator, raw: socket.socket, data: bytes, status: int
) -> None:
    raw.sendall(data)
    assert everything(raw).startswith(f"HTTP/1.1 {status} ".encode())
    assert emulator.requests == []


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET /apps HTTP/1.1\r\nAccept: x\r\n",
        b"PATCH /apps HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf",
    ],
    ids=["at once", "in the headers", "in the body"],
)
def test_a_client_that_leaves_early_gets_no_answer(
    emulator: Emulator, raw: socket.socket, data: bytes
) -> None:
    raw.sendall(data)
    raw.shutdown(socket.SHUT_WR)
    assert everything(raw) == b""
    assert emulator.requests == []


def test_the_answer_to_head_has_no_body(raw: socket.socket) -> None:
    raw.sendall(b"HEAD /apps HTTP/1.1\r\n" + END)
    answer = everything(raw)
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.endswith(b"\r\n\r\n")


def test_a_percent_encoded_path_is_decoded(demo: App, client: Client) -> None:
    assert client.get("/apps/d%65mo/config-vars").status == 200
