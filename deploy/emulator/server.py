"""HTTP on loopback by the standard library's server: quiet, prompt to stop, one send an answer.

It knows connections and how a request and an answer travel; what is answered, its user does.
"""

import socket
import struct
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import TypeAlias, cast

from .answers import Answer, unheard
from .call import Incoming

HOST = "127.0.0.1"
BODY_LIMIT = 1024 * 1024
_GOODBYE = 1.0  # seconds for threads that were told to end; a writer's callback may be slow

_Connection: TypeAlias = "socket.socket | tuple[bytes, socket.socket]"
"""What socketserver calls a request; over TCP it is always the socket."""


class Server(ThreadingTCPServer):
    """Serves from its making until `stop`, a thread for each connection.

    `handle` answers a request; None resets the connection. What it raises ends the connection,
    an OSError silently. It is not an HTTPServer, which asks the DNS for its own name.
    """

    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        port: int,
        handle: Callable[[Incoming], Answer | None],
        *,
        stopping: threading.Event,
    ) -> None:
        super().__init__((HOST, port), _Handler)
        self.handle = handle
        self.port: int = self.server_address[1]
        self._stopping = stopping
        self._open: dict[threading.Thread, socket.socket] = {}
        self._acceptor = threading.Thread(target=self._accept, name="emulator", daemon=True)
        self._acceptor.start()

    def stop(self) -> None:
        """Close the port and every connection; a handler that waits on `stopping` wakes."""
        self._stopping.set()
        with socket.create_connection((HOST, self.port)):
            self._acceptor.join()
        self.server_close()
        for connection in self._open.values():
            with suppress(OSError):  # it is closed already
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._open:
            thread.join(_GOODBYE)

    def verify_request(self, request: _Connection, client_address: object) -> bool:  # noqa: ARG002  # the library's signature
        """Whether a connection is served: the one that tells the acceptor to stop is not."""
        return not self._stopping.is_set()

    def process_request(self, request: _Connection, client_address: object) -> None:
        """As the library does it, but the thread is known, so that `stop` can end and join it."""
        self._open = {thread: each for thread, each in self._open.items() if thread.is_alive()}
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="emulator-connection",
            daemon=True,
        )
        thread.start()
        self._open[thread] = cast("socket.socket", request)  # see _Connection

    def handle_error(self, request: _Connection, client_address: object) -> None:  # noqa: ARG002  # the library's signature
        """Called in an except block. That a client went away is nothing to tell; all else is."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            raise error

    def _accept(self) -> None:
        """Not `serve_forever`, which looks only now and then whether it shall stop."""
        while not self._stopping.is_set():
            self.handle_request()


class _Handler(BaseHTTPRequestHandler):
    """One connection. Requests that are none are answered here, and known to nobody."""

    protocol_version = "HTTP/1.1"
    default_request_version = protocol_version  # so that a malformed one gets a status line too
    disable_nagle_algorithm = True
    wbufsize = BODY_LIMIT  # an answer leaves in one piece, when the library flushes after it
    server: Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        """`do_PATCH` and so on: every method, a made-up one too, is answered in one place."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        super().handle_expect_100()
        self.wfile.flush()
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002  # the library's signature
        """As the library does it, which calls this too, but in the shape of Heroku's errors."""
        self.close_connection = True
        self._send(unheard(int(code)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Say nothing; the emulator has a log of its own."""

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        size = headers.get("content-length", "0")
        if "transfer-encoding" in headers:
            return self.send_error(411)
        if not (size.isascii() and size.isdecimal()):
            return self.send_error(400)
        if int(size) > BODY_LIMIT:
            return self.send_error(413)
        body = self.rfile.read(int(size))
        if len(body) < int(size):
            raise ConnectionAbortedError  # the client has gone
        path, _, query = self.path.partition("?")
        answer = self.server.handle(
            Incoming(method=self.command, path=path, query=query, headers=headers, body=body)
        )
        return self._reset() if answer is None else self._send(answer)

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", answer.content_type)
            # Were all there that is promised, a client would keep a connection that closes, and the
            # next request, of another app perhaps, could meet what was meant for this one.
            size = len(answer.body) or int(not answer.whole)
            self.send_header("Content-Length", str(size))
        for name, value in answer.headers.items():
            self.send_header(name, value.encode("latin-1", "replace").decode("latin-1"))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body if answer.whole else answer.body[: len(answer.body) // 2])
        self.close_connection = self.close_connection or not answer.whole

    def _reset(self) -> None:
        """Closing with a linger of zero seconds makes the kernel send RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()  # takes effect with the last file on it, before a FIN is tried
        self.close_connection = True
