"""How one request is sent: in its turn, again where that may help, with another key if need be.

Prints nothing: what a person should know meanwhile goes to `notice`.
"""

from __future__ import annotations

import threading
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from .. import workers
from ..errors import DeployError, Stopped, Unauthorized, Unreachable
from ..secret import Secret
from . import api
from .masking import SecretMasker
from .notices import Notices
from .rate_limit import RateLimit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from contextlib import AbstractContextManager

    from .credentials import Key
    from .transport import Transport


class Clock(Protocol):
    """Time as far as we need it; see `signals.Clock`."""

    def monotonic(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...


class Sender:
    """One account's requests; safe to use from several threads."""

    def __init__(
        self,
        transport: Transport,
        key: Key,
        *,
        clock: Clock,
        notice: Callable[[str], None],
        another_key: Callable[[], Key | None] | None = None,
    ) -> None:
        """`another_key` is asked once, where Heroku refuses the key that there is."""
        self._transport = transport
        self._key = key
        self._key_lock = threading.Lock()
        self._another_key = another_key
        self._clock = clock
        self._masker = SecretMasker(key.secret)
        self._notices = Notices(notice, self._masker)
        self._rate_limit = RateLimit()
        self._in_flight = InFlight()
        self._stop: KeyboardInterrupt | None = None
        """What somebody waits to leave for."""

    def seconds_waiting(self) -> float:
        """How long nothing has come from Heroku while an answer is due."""
        return self._in_flight.seconds_waiting(self._clock.monotonic())

    @property
    def remaining(self) -> int | None:
        """How many requests the account has left, by the newest answer that said so."""
        return self._rate_limit.remaining

    def hurry(self, stop: KeyboardInterrupt) -> None:
        """From now on try nothing twice, and write nothing: somebody waits to leave."""
        self._stop = stop

    def mask(self, values: Iterable[Secret | None]) -> None:
        """Let no warning of Heroku's show these; those that are read or sent are masked anyway."""
        self._masker.add(values)

    def gathering(self, apps: Collection[str]) -> AbstractContextManager[None]:
        """While many apps are asked; see `notices`."""
        return self._notices.gathering(apps)

    def _send(self, request: api.Request) -> api.Response:
        """The answer to a request, once it is a success; raises what it is otherwise."""
        attempt = 1
        while True:
            key = self._key
            response: api.Response | None = None
            try:
                response = self._attempt(request)
            except DeployError as failure:
                error = failure
            else:
                if response.is_success:
                    return response
                from . import refusals  # noqa: PLC0415  # most runs meet none

                error = refusals.refusal(request, response, key_source=self._key.source)
            if isinstance(error, Unauthorized) and self._takes_another_key(key):
                continue
            if not self._waits_to_retry(request, response, error, attempt):
                raise error
            attempt += 1

    def _attempt(self, request: api.Request) -> api.Response:
        """One try: the answer, whatever its status, without a reference that repeats a secret."""
        self._wait_turn(request)
        self._in_flight.begin(self._clock.monotonic())
        try:
            response = workers.wait_for(partial(self._transport.send, request))
        finally:
            self._in_flight.end(self._clock.monotonic())
        self._rate_limit.update(response.remaining)
        self._pass_on_warnings(request, response)
        if response.request_id and self._masker.is_repeated_in(response.request_id):
            kept = {name: text for name, text in response.headers.items() if name != "request-id"}
            return response._replace(headers=kept)
        return response

    def _wait_turn(self, request: api.Request) -> None:
        """Wait as long as the account's rate limit wants; a hold may grow meanwhile."""
        if self._stop:
            if request.is_read:
                return
            raise _unwritten(self._stop)
        wait = self._rate_limit.turn(self._clock.monotonic())
        while wait > 0:
            if self._rate_limit.is_low:
                self._notices.say("Heroku's rate limit is nearly used up: slowing down")
            self._sleep(request, wait)
            now = self._clock.monotonic()
            wait = self._rate_limit.turn(now) if self._rate_limit.is_held(now) else 0

    def _sleep(self, request: api.Request, seconds: float) -> None:
        """Wait before a request is sent; raises Stopped for a write, of which nothing was done."""
        try:
            self._clock.sleep(seconds)
        except KeyboardInterrupt as stop:
            if request.is_read:
                raise
            raise _unwritten(stop) from None

    def _pass_on_warnings(self, request: api.Request, response: api.Response) -> None:
        warnings = api.warnings(response)
        if warnings and request.path.endswith("/config-vars"):
            # They may repeat what just came, though it may be no answer that can be read as vars.
            found = api.json_of(response)
            values = found.values() if isinstance(found, dict) else ()
            self.mask(Secret(value) for value in values if isinstance(value, str))
        self._notices.pass_on(request.app, warnings, is_read=request.is_read)

    def _takes_another_key(self, refused: Key) -> bool:
        """Whether there is another key to send the request with: nothing was done with this one.

        Many requests may have gone out with the same key: the first that is back asks for all.
        """
        if self._stop:
            return False
        with self._key_lock:
            if self._key is not refused:
                return True
            ask, self._another_key = self._another_key, None
            key = ask() if ask else None
            if key is None:
                return False
            self._masker.add_key(key.secret)
            self._transport.take_key(key.secret)
            self._key = key  # last: who sees it sends it
        self._notices.say(
            f"warning: Heroku refuses the API key from {refused.source}: using {key.source}'s"
        )
        return True

    def _waits_to_retry(
        self, request: api.Request, response: api.Response | None, error: DeployError, attempt: int
    ) -> bool:
        """Wait until a request may be sent again; False where it must not be."""
        from . import retry  # noqa: PLC0415  # most runs meet none

        may_pass = response is not None or (isinstance(error, Unreachable) and error.may_pass)
        may_try = may_pass and not self._stop
        pause = retry.pause(request, response, attempt) if may_try else None
        if pause is None:
            return False
        why = response.status if response else "no connection"
        is_limit = why == HTTPStatus.TOO_MANY_REQUESTS
        # A rate limit is the account's, and all its apps wait.
        self._notices.retrying("" if is_limit else request.app, why, pause)
        if is_limit:
            self._rate_limit.hold(self._clock.monotonic() + pause)
        else:
            self._sleep(request, pause)
        return True


def _unwritten(stop: KeyboardInterrupt) -> Stopped:
    return Stopped(stop, "; nothing was written")


class InFlight:
    """Since when nothing has come of the requests in flight; told by several threads.

    Times are seconds on any one clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._since: float | None = None

    def begin(self, now: float) -> None:
        with self._lock:
            self._count += 1
            self._since = now if self._since is None else self._since

    def end(self, now: float) -> None:
        """An answer came, or will not come; any other request may go on from here."""
        with self._lock:
            self._count -= 1
            self._since = now if self._count else None

    def seconds_waiting(self, now: float) -> float:
        """0 where no request is in flight."""
        since = self._since
        return 0.0 if since is None else now - since
