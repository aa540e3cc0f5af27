"""Carries requests over one adapter of requests; no module but this and `tls` knows that library.

There is no Session: it takes half as long as all the rest to prepare a request anew each time, and
what it adds must not be there. It follows redirects, keeps cookies, and takes from the environment
what it finds: a `~/.netrc` entry would replace our header (psf/requests#2062), and
REQUESTS_CA_BUNDLE would override the shared SSLContext. Proxies and the CA bundle are looked up
here, once, and a loopback address has no proxy.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import requests
from requests import exceptions
from requests.utils import default_headers, get_environ_proxies, select_proxy
from urllib3.exceptions import NewConnectionError

from .. import __version__
from ..errors import AnswerLost, DeployError, TimedOut, Unreachable
from . import api
from .deadlines import Deadlines
from .tls import SharedContext

if TYPE_CHECKING:
    from ..secret import Secret
    from .host import Host

TIMEOUTS = (5.0, 30.0)
"""Seconds to connect, and between two bytes of an answer; Heroku's router gives up at 30."""
MAX_SECONDS = 60.0
"""For the whole body of an answer, however its bytes come."""
MAX_BODY = 8 << 20
"""Bytes; an app's vars are 64 kB at most, a page of releases some hundred kB."""

# Its debug lines would tell the length of every body (`invoke --debug` turns them on), and its
# warnings repeat a header that does not parse.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class Transport:
    """One API, one key, one pool of connections; safe to use from several threads."""

    def __init__(
        self,
        host: Host,
        key: Secret,
        *,
        timeouts: tuple[float, float] = TIMEOUTS,
        at_most: float = MAX_SECONDS,
    ) -> None:
        self._host = host
        self._timeouts = timeouts
        self._deadlines = Deadlines(at_most)
        self._adapter = SharedContext()
        self._headers = {
            **default_headers(),
            "User-Agent": f"heroku-config-tasks/{__version__}",
        }
        self._proxies: dict[str, str] = {}
        if not host.is_loopback and (told := select_proxy(host.url, get_environ_proxies(host.url))):
            from . import proxy  # noqa: PLC0415  # most have none

            self._proxies = {"https": proxy.checked(told, api=host.url)}
        self._key = key

    def take_key(self, key: Secret) -> None:
        """Send this key from now on; a request that is on its way keeps the one it has."""
        self._key = key

    def send(self, request: api.Request) -> api.Response:
        """The answer, whatever its status, its body read whole.

        Raises AnswerLost where a write went out and no whole answer came back; otherwise
        Unreachable or TimedOut, and then nothing was written.
        """
        data = request.body()
        body = None if data is None else io.BytesIO(data)
        try:
            with self._adapter.send(
                self._prepared(request, body),
                stream=True,
                timeout=self._timeouts,
                proxies=self._proxies,
            ) as answer:
                names = {name.lower(): value for name, value in answer.headers.items()}
                return api.Response(answer.status_code, names, self._read(answer))
        except Exception as error:
            # Not `from error`: it holds the request, and that holds the key and the values.
            # A body of which nothing was read cannot have been applied, whatever failed; once some
            # of it was, any failure leaves that open, be it a bug in a library.
            if body and body.tell() > 0:
                raise AnswerLost(_cause(error)) from None
            if isinstance(error, requests.RequestException):
                raise _failure(error, self._host) from None
            raise

    def _prepared(self, request: api.Request, body: io.BytesIO | None) -> requests.PreparedRequest:
        """The request as it goes out; raises an exception of requests for an odd header."""
        prepared = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = self._host.url + request.path
        prepared.prepare_headers({**self._headers, **request.headers})
        prepared.headers["Authorization"] = api.authorization(self._key)
        if body:
            prepared.headers["Content-Type"] = "application/json"
            prepared.prepare_body(body, files=None)
        return prepared

    def _read(self, answer: requests.Response) -> bytes:
        """The body; raises an exception of requests where it is too long, or takes too long."""
        found = bytearray()
        with self._deadlines.limit(answer.raw.shutdown) as deadline:
            try:
                for chunk in answer.iter_content(1 << 16):
                    found += chunk
                    if len(found) > MAX_BODY:
                        raise exceptions.ContentDecodingError("too long")
            except requests.RequestException:
                if not deadline.is_over:
                    raise
        if deadline.is_over:
            raise exceptions.ReadTimeout
        return bytes(found)


def _cause(error: Exception) -> str:
    """What failed, in our words: an exception's own text can hold anything."""
    if not isinstance(error, requests.RequestException):
        return "the answer cannot be read"
    other = "the connection broke" if _was_connected(error) else "no connection"
    return next((words for kind, words in _CAUSES.items() if isinstance(error, kind)), other)


_CAUSES = {
    exceptions.ConnectTimeout: "no connection in time",
    exceptions.Timeout: "no answer in time",
    exceptions.ProxyError: "the proxy refused or failed",
    exceptions.SSLError: "TLS failed",
    exceptions.ContentDecodingError: "the answer cannot be decoded, or never ends",
}


def _failure(error: requests.RequestException, host: Host) -> DeployError:
    """The error for a write of which nothing was read, or for a read."""
    cause = f"{host.url}: {_cause(error)}"
    match error:
        case exceptions.ProxyError():
            return Unreachable(cause, next_step="check HTTPS_PROXY, or set NO_PROXY=.heroku.com")
        case exceptions.SSLError():
            return Unreachable(cause, next_step=_tls_step(error, host))
        case exceptions.ReadTimeout():
            return TimedOut(cause, next_step="look at Heroku's status page, and try again")
        case exceptions.ConnectionError() if host.is_loopback:
            step = "is the emulator running on that port? unset HEROKU_HOST to reach Heroku"
            return Unreachable(cause, may_pass=_was_connected(error), next_step=step)
        case exceptions.ConnectionError() | exceptions.ChunkedEncodingError():
            return Unreachable(cause, may_pass=True, next_step="check the network, and try again")
        case _:
            return Unreachable(cause, next_step="check HEROKU_HOST and the proxy")


def _was_connected(error: requests.RequestException) -> bool:
    """Whether a connection stood before it broke; only a service that is there can come back."""
    return not isinstance(_reason(error), NewConnectionError)


def _tls_step(error: requests.RequestException, host: Host) -> str:
    import ssl  # noqa: PLC0415  # loaded already, where TLS failed

    reason = _reason(error)
    is_spoken = isinstance(reason and reason.args and reason.args[0], ssl.CertificateError)
    if host.is_loopback and not is_spoken:
        return f"the emulator speaks plain http: HEROKU_HOST=http{host.url.removeprefix('https')}"
    return "if a proxy re-signs TLS here, name its CA file in REQUESTS_CA_BUNDLE"


def _reason(error: requests.RequestException) -> Exception | None:
    """What urllib3 says of a failure that requests wrapped."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return reason if isinstance(reason, Exception) else None
