"""A listening socket on loopback, a thread for each connection, and a prompt end to both.

What is said over a connection is `conversation`'s business.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

HOST = "127.0.0.1"
_GOODBYE = 1.0  # seconds for threads that were told to end; a writer's callback may be slow


class Server:
    """Calls `converse` in a thread of its own for each connection, and closes it afterwards."""

    def __init__(
        self,
        port: int,
        converse: Callable[[socket.socket], object],
        *,
        stopping: threading.Event,
    ) -> None:
        self._stopping = stopping
        self._converse = converse
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._listener = _listener(port)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, name="emulator", daemon=True)
        self._acceptor.start()

    def stop(self) -> None:
        """Close the port and every connection; a handler that waits on `stopping` wakes."""
        self._stopping.set()
        with socket.create_connection((HOST, self.port)):
            self._acceptor.join()  # shutdown() of a listening socket wakes accept on Linux only
        self._listener.close()
        with self._lock:
            still_open = dict(self._open)
        for connection in still_open.values():
            _shut(connection)
        for thread in still_open:
            thread.join(_GOODBYE)

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stopping.is_set():
                connection.close()
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(
                target=self._serve, args=(connection,), name="emulator-connection", daemon=True
            )
            with self._lock:
                self._open[thread] = connection
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with suppress(OSError):  # the client went away
                self._converse(connection)
        finally:
            with self._lock:
                del self._open[threading.current_thread()]
                connection.close()


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except BaseException:
        listener.close()
        raise
    return listener


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RDWR)
