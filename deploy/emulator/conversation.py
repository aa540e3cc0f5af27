"""What is said over one connection: requests in, faults met, answers out, each recorded."""

import socket
import struct
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from .answers import Answer, of_status
from .faults import Disturbance, Faults, Latency, Reset, Truncated, When, replaced
from .http1 import Incoming, MalformedError, read_request, render
from .journal import Request, request_of
from .routes import respond
from .state import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What a conversation needs of the emulator around it."""

    platform: Platform
    faults: Faults
    stopping: threading.Event
    latency: Callable[[], float]
    arrived: Callable[[Request], object]
    left: Callable[[Request], object]


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """An answer on its way; None stands for a reset, `whole` False for one to be cut."""

    answer: Answer | None
    whole: bool = True


class _StoppingError(Exception):
    """The emulator stops while a request waits."""


def converse(connection: socket.socket, host: Host) -> None:
    """Answer the requests of one connection until either side ends it."""
    with connection.makefile("rb") as stream:
        while True:
            try:
                incoming = read_request(
                    stream, lambda: connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                )
            except MalformedError as error:
                connection.sendall(_bytes(of_status(error.status), host))
                return
            if incoming is None or not _exchange(connection, incoming, host):
                return


def _exchange(connection: socket.socket, incoming: Incoming, host: Host) -> bool:
    """One request and its answer; False where the connection is to be closed then."""
    request = request_of(incoming)
    host.arrived(request)
    try:
        outgoing = _handle(incoming, host)
    except _StoppingError:
        return False
    answer = outgoing.answer
    request.status = answer.status if answer else None
    host.left(request)
    if answer is None:
        # Closing with a linger of zero seconds makes the kernel send RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
    data = _bytes(answer, host, method=incoming.method)
    if not outgoing.whole:
        data = data[: len(data) - (len(answer.body) + 1) // 2]
    connection.sendall(data)
    return outgoing.whole and incoming.keeps_alive


def _handle(incoming: Incoming, host: Host) -> _Outgoing:
    """The request's effect and answer, with the faults it meets."""
    met = host.faults.take(incoming.method, incoming.path)
    _wait(host.latency(), host)
    _disturb(met.disturbances, When.BEFORE, host)
    by = met.replacement
    answer = None
    if by is None or by.when is When.AFTER:
        answer = respond(
            host.platform, incoming.method, incoming.path, incoming.headers, incoming.body
        )
        _disturb(met.disturbances, When.AFTER, host)
    if by is None:
        return _Outgoing(answer)
    if isinstance(by, Reset):
        return _Outgoing(None)
    return _Outgoing(replaced(by, answer), whole=not isinstance(by, Truncated))


def _disturb(disturbances: tuple[Disturbance, ...], when: When, host: Host) -> None:
    for each in disturbances:
        if each.when is not when:
            continue
        if isinstance(each, Latency):
            _wait(each.seconds, host)
        else:
            each.act()


def _wait(seconds: float, host: Host) -> None:
    if seconds > 0 and host.stopping.wait(seconds):
        raise _StoppingError


def _bytes(answer: Answer, host: Host, *, method: str = "GET") -> bytes:
    headers = {
        "Request-Id": str(uuid.uuid4()),
        "RateLimit-Remaining": str(host.platform.rate_limit_remaining),
    }
    if host.platform.warn is not None:
        headers["Warning-Message"] = host.platform.warn
    return render(answer, headers, method=method)
