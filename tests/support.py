"""What the tests of the shell and of the stories share: a clock, a bare server, a client."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, create_connection, create_server, socket
from struct import pack

from deploy.emulator import Emulator, Fault, Writer
from deploy.envfile import parser
from deploy.envfile.declaration import Declaration, Layer
from deploy.heroku.client import Heroku
from deploy.heroku.credentials import Key
from deploy.heroku.host import Host
from deploy.heroku.transport import MAX_SECONDS, Transport
from deploy.secret import Secret

DATA = Path(__file__).parent / "data"
KEY = "canary-key-4f9d"
CANARY = "canary-value-77ab"
PATIENT = (5.0, 20.0)
HASTY = (5.0, 0.4)
"""Timeouts for a test in which an answer never comes."""


def declared(*layers: str, source: str = ".env.production") -> Declaration:
    """What texts declare, the topmost last; those below it are called `.env.1`, `.env.2` …"""
    names = [*(f".env.{number}" for number in range(1, len(layers))), source]
    return Declaration(
        tuple(
            Layer(name, parser.parse(text.encode(), source=name))
            for name, text in zip(names, layers, strict=True)
        )
    )


class FakeClock:
    """Time that passes only in sleeps; `during` is called in each of them."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.during: Callable[[float], object] = lambda _: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.now += seconds
        if seconds:
            self.slept.append(seconds)
        self.during(seconds)


@contextmanager
def transport_to(
    host: Host | str,
    key: str = KEY,
    *,
    timeouts: tuple[float, float] = PATIENT,
    at_most: float = MAX_SECONDS,
) -> Iterator[Transport]:
    """A transport whose connections are closed at the end."""
    if isinstance(host, str):
        host = Host(host, is_loopback=True)
    transport = Transport(host, Secret(key), timeouts=timeouts, at_most=at_most)
    try:
        yield transport
    finally:
        transport._adapter.close()


@contextmanager
def heroku_at(
    host: Host | str,
    clock: FakeClock,
    *,
    notice: Callable[[str], None] = lambda _: None,
    key: str = KEY,
    timeouts: tuple[float, float] = PATIENT,
    another_key: Callable[[], Key | None] | None = None,
) -> Iterator[Heroku]:
    with transport_to(host, key, timeouts=timeouts) as transport:
        yield Heroku(
            transport,
            Key(Secret(key), "the test"),
            clock=clock,
            notice=notice,
            another_key=another_key,
        )


def at_the_same_time(emulator: Emulator, *paths: str, after: int = 0) -> None:
    """Hold back the answers to these reads until all of them were asked for; never answer else.

    `after` is how many times each was asked for before.
    """
    together = threading.Barrier(len(paths), timeout=10)
    for path in paths:
        emulator.inject(Fault(what=Writer(together.wait), method="GET", path=path, after=after))


def said_by(error: BaseException) -> str:
    """All that a traceback, a log or a report could show of an error and of what led to it."""
    texts = []
    todo: list[BaseException | None] = [error]
    while todo:
        if one := todo.pop():
            texts += [str(one), repr(one), repr(one.args), repr(vars(one))]
            todo += [one.__cause__, None if one.__suppress_context__ else one.__context__]
    return "\n".join(texts)


# A server that says what it is told to, byte for byte.


class Listener:
    """A TCP server on 127.0.0.1 that hands each connection to `serve`, with its number from 1."""

    def __init__(self, serve: Callable[[socket, int], None]) -> None:
        self.received: list[bytes] = []
        self._serve = serve
        self._socket = create_server(("127.0.0.1", 0))
        self._open: list[tuple[threading.Thread, socket]] = []
        self._is_closing = False
        self.port: int = self._socket.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def count(self) -> int:
        """How many connections there were."""
        return len(self._open)

    def close(self) -> None:
        self._is_closing = True
        create_connection(("127.0.0.1", self.port)).close()
        self._acceptor.join()
        self._socket.close()
        for thread, connection in self._open:
            with suppress(OSError):
                connection.shutdown(SHUT_RDWR)
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            if self._is_closing:
                connection.close()
                return
            number = len(self._open) + 1
            thread = threading.Thread(target=self._handle, args=(connection, number), daemon=True)
            self._open.append((thread, connection))
            thread.start()

    def _handle(self, connection: socket, number: int) -> None:
        with suppress(OSError), connection:
            self._serve(connection, number)


@contextmanager
def listening(serve: Callable[[socket, int], None]) -> Iterator[Listener]:
    listener = Listener(serve)
    try:
        yield listener
    finally:
        listener.close()


@contextmanager
def answering(raw: bytes, *, certificate: str | None = None) -> Iterator[Listener]:
    """A server that reads one request a connection, keeps it, and sends these bytes."""

    def serve(connection: socket, _number: int) -> None:
        with over_tls(connection, certificate) if certificate else connection as stream:
            listener.received.append(read_request(stream))
            stream.sendall(raw)

    with listening(serve) as listener:
        yield listener


def over_tls(connection: socket, certificate: str) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(DATA / certificate)
    return context.wrap_socket(connection, server_side=True)


def reset(connection: socket) -> None:
    """Close with a linger of zero seconds: the other side gets RST."""
    connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
    connection.close()


def read_request(connection: socket) -> bytes:
    """A request to its end, as its Content-Length tells it."""
    with connection.makefile("rb") as stream:
        head = b"".join(iter(stream.readline, b"\r\n"))
        length = 0
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return head + b"\r\n" + stream.read(length)


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An answer after which the connection closes."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
