"""The emulator as its users hold it: a platform, served on loopback while it is open."""

import threading
from datetime import datetime
from types import TracebackType
from typing import TextIO

from .conversation import Host, converse
from .faults import Fault, Faults
from .journal import Request, line_of
from .server import HOST, Server
from .state import Platform


class Emulator(Platform):
    """Heroku's Platform API on a port of 127.0.0.1, while the context is open.

    Port 0 takes any free port. `log` gets a line for each request. `requests` has every
    request in the order of arrival; `latency` is what each of them waits, in seconds. The
    state outlives the context and may be served again.
    """

    def __init__(self, *, port: int = 0, log: TextIO | None = None) -> None:
        super().__init__()
        self.latency = 0.0
        self.requests: list[Request] = []
        self._port = port
        self._log = log
        self._log_lock = threading.Lock()
        self._faults = Faults()
        self._server: Server | None = None

    def __enter__(self) -> "Emulator":
        """Start to serve. Raises OSError where the port is taken."""
        if self._server is not None:
            raise RuntimeError("the emulator is open already")
        stopping = threading.Event()
        host = Host(
            platform=self,
            faults=self._faults,
            stopping=stopping,
            latency=lambda: self.latency,
            arrived=self._note,
            left=self._write,
        )
        self._server = Server(
            self._port, lambda connection: converse(connection, host), stopping=stopping
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None

    @property
    def url(self) -> str:
        if self._server is None:
            raise RuntimeError("the emulator has an address only while it is open")
        return f"http://{HOST}:{self._server.port}"

    def inject(self, fault: Fault) -> None:
        """Let something go wrong with requests to come; see `Fault`."""
        self._faults.add(fault)

    def _note(self, request: Request) -> None:
        self.requests.append(request)

    def _write(self, request: Request) -> None:
        """One line to the log, as long as somebody reads it."""
        if self._log is None:
            return
        line = line_of(request, datetime.now().astimezone())
        with self._log_lock:
            try:
                self._log.write(line + "\n")
                self._log.flush()
            except (OSError, ValueError):
                self._log = None
