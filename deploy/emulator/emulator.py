"""The emulator as its users hold it: a platform, served on loopback while it is open.

Here a request is recorded and meets its faults.
"""

import threading
import uuid
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import TextIO

from .answers import Answer
from .call import Incoming
from .faults import Disturbance, Fault, Faults, Latency, When, replaced
from .journal import Request, line_of, request_of
from .routes import respond
from .server import HOST, Server
from .state import Platform

_HOPS = 4  # the services that a request goes through; each adds an id of its own


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
        self._stopping = threading.Event()
        self._server: Server | None = None

    def __enter__(self) -> "Emulator":
        """Start to serve. Raises OSError where the port is taken."""
        if self._server is not None:
            raise RuntimeError("the emulator is open already")
        self._stopping = threading.Event()
        self._server = Server(self._port, self._answer, stopping=self._stopping)
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

    def _answer(self, incoming: Incoming) -> Answer | None:
        """The answer to a request, which is recorded; None stands for a reset."""
        request = request_of(incoming)
        self.requests.append(request)
        answer = self._handle(incoming)
        request.status = answer.status if answer else None
        self._write(request)
        return replace(answer, headers={**self._headers(), **answer.headers}) if answer else None

    def _handle(self, incoming: Incoming) -> Answer | None:
        """The request's effect and answer, with the faults it meets."""
        met = self._faults.take(incoming.method, incoming.path)
        self._wait(self.latency)
        self._disturb(met.disturbances, When.BEFORE)
        by, answer = met.replacement, None
        if by is None or by.when is When.AFTER:
            answer = respond(self, incoming)
            self._disturb(met.disturbances, When.AFTER)
        return answer if by is None else replaced(by, answer)

    def _disturb(self, disturbances: tuple[Disturbance, ...], when: When) -> None:
        for each in disturbances:
            if each.when is not when:
                continue
            if isinstance(each, Latency):
                self._wait(each.seconds)
            else:
                each.act()

    def _wait(self, seconds: float) -> None:
        """Raises ConnectionAbortedError where the emulator stops meanwhile."""
        if seconds > 0 and self._stopping.wait(seconds):
            raise ConnectionAbortedError

    def _headers(self) -> dict[str, str]:
        """What every answer has, beside its own headers.

        As logged in https://github.com/heroku/terraform-provider-heroku/pull/135
        """
        headers = {
            "Request-Id": ",".join(str(uuid.uuid4()) for _ in range(_HOPS)),
            "RateLimit-Multiplier": "1",
            "RateLimit-Remaining": str(self.rate_limit_remaining),
        }
        return headers if self.warn is None else {**headers, "Warning-Message": self.warn}

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
