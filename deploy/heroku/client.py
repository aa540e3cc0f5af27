"""What the stories read from Heroku and write to it; over `transport`, judged by `refusals`.

Prints nothing: what a person should know meanwhile goes to `notice`.
"""

from __future__ import annotations

import threading
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING, Protocol, TypeVar

from .. import workers
from ..errors import AnswerLost, ApiError, DeployError, Unauthorized, Unreachable
from . import api, ownership, paging
from .facts import Status
from .masking import Known
from .notices import Notices
from .rate_limit import Pace
from .silence import Silence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..secret import Secret
    from .credentials import Key
    from .facts import Attachment, Held, Release, Setting
    from .transport import Transport

    Reader = Callable[[api.Response], list["Item"]]

Item = TypeVar("Item")

NEWEST = 10
"""How many releases are looked through for the last one that succeeded."""


class Clock(paging.Clock, Protocol):
    """Time as far as we need it; see `signals.Clock`."""

    def sleep(self, seconds: float, /) -> None: ...


class Heroku:
    """The Platform API; safe to use from several threads."""

    def __init__(
        self,
        transport: Transport,
        *,
        key_source: str,
        clock: Clock,
        notice: Callable[[str], None],
        another_key: Callable[[], Key | None] | None = None,
        known: Known | None = None,
    ) -> None:
        """`another_key` is asked once, where Heroku refuses the key that there is.

        `known` holds what must not be shown before anything is read: the key.
        """
        self._transport = transport
        self._key_source = key_source
        self._another_key = another_key
        self._keys_refused = 0
        self._key_lock = threading.Lock()
        self._clock = clock
        self._known = known or Known()
        self._notices = Notices(notice, self._known)
        self._pace = Pace()
        self._silence = Silence()
        self._is_hurried = False

    def silence(self) -> float:
        """Seconds since anything was heard, while an answer is due."""
        return self._silence.lasts(self._clock.monotonic())

    def hurry(self) -> None:
        """From now on try nothing twice: somebody waits to leave."""
        self._is_hurried = True

    def learn(self, values: Iterable[Secret]) -> None:
        """Values that no warning of Heroku's may repeat; those that are read or sent are known."""
        self._known.learn(values)

    def app_name(self, app: str) -> str:
        return api.read_app_name(self._call(api.get(app)))

    def vars(self, app: str) -> Held:
        return self._held(api.get_vars(app))

    def attachments(self, app: str) -> list[Attachment]:
        read = partial(ownership.read_attachments, app=app)
        return self._all(ownership.get_attachments(app), read)

    def addon_vars(self, app: str) -> list[str]:
        return self._all(ownership.get_addons(app), ownership.read_addon_vars)

    def settings(self, app: str) -> list[Setting] | None:
        """What the newer list says of each var; None where there is none to be had."""
        try:
            found = self._all(ownership.get_settings(app), ownership.read_settings)
        except ApiError:
            return None
        self._known.learn(each.value for each in found)
        return found

    def write(self, app: str, changes: Mapping[str, Secret | None]) -> None:
        """Send one PATCH, and once only; raises AnswerLost where its effect is unknown."""
        request = api.patch_vars(app, changes)
        self._known.learn(changes.values())
        response = self._call(request)
        try:
            self._known.learn(api.read_vars(response).vars.values())
        except DeployError as error:
            raise AnswerLost(str(error)) from None

    def newest_releases(self, app: str) -> list[Release]:
        """Enough of them, newest first, to find the last one that succeeded."""
        response = self._call(api.get_releases(app, newest=NEWEST))
        return sorted(api.read_releases(response), key=lambda release: -release.version)

    def releases_after(self, app: str, version: int) -> list[Release]:
        """All releases later than `version`, oldest first, over as many pages as it takes."""
        found: list[Release] = []
        for page in self._pages(api.get_releases(app, newest=10), api.read_releases):
            found += (release for release in page if release.version > version)
            if any(release.version <= version for release in page):
                break
        return sorted(found, key=lambda release: release.version)

    def succeeded_releases(self, app: str, count: int) -> list[Release]:
        """The newest releases, until `count` of them succeeded or there are no more."""
        found: list[Release] = []
        for page in self._pages(api.get_releases(app, newest=2 * count), api.read_releases):
            found += page
            if sum(release.status is Status.SUCCEEDED for release in found) >= count:
                break
        return found

    def releases(self, app: str, page: int) -> Iterator[Release]:
        """All releases, newest first, read in pages as they are wanted."""
        for found in self._pages(api.get_releases(app, newest=page), api.read_releases):
            yield from sorted(found, key=lambda release: -release.version)

    def release(self, app: str, version: int) -> Release:
        return api.read_release(self._call(api.get_release(app, version)))

    def release_vars(self, app: str, version: int) -> Held:
        return self._held(api.get_release_vars(app, version))

    def _held(self, request: api.Request) -> Held:
        found = api.read_vars(self._call(request))
        self._known.learn(found.vars.values())
        return found

    def account(self) -> str | None:
        return api.read_account(self._call(api.get_account()))

    # How a request is carried.

    def _all(self, request: api.Request, read: Reader[Item]) -> list[Item]:
        return [*chain.from_iterable(self._pages(request, read))]

    def _pages(self, request: api.Request, read: Reader[Item]) -> Iterator[list[Item]]:
        return paging.pages(request, self._call, read, self._clock)

    def _call(self, request: api.Request) -> api.Response:
        """The answer to a request, once it is a yes; raises what it is otherwise."""
        attempt = 1
        while True:
            refused = self._keys_refused
            response, error = self._attempt(request)
            if response is not None and error is None:
                return response
            if isinstance(error, Unauthorized) and self._takes_another_key(refused):
                continue
            from . import retry  # noqa: PLC0415  # most runs meet none

            may_pass = response is not None or (isinstance(error, Unreachable) and error.may_pass)
            may_try = may_pass and not self._is_hurried
            pause = retry.pause(request, response, attempt) if may_try else None
            if pause is None:
                raise error or Unreachable("no answer")
            is_limit = response and response.status == HTTPStatus.TOO_MANY_REQUESTS
            why = response.status if response else "no connection"
            # A rate limit is the account's, and all its apps wait.
            whose = f"{request.app}: " if request.app and not is_limit else ""
            again = f"trying again in {pause:g} s"
            self._notices.say(f"{whose}Heroku gives no answer yet ({why}): {again}")
            if is_limit:
                self._pace.hold(self._clock.monotonic() + pause)
            else:
                self._clock.sleep(pause)
            attempt += 1

    def _takes_another_key(self, refused: int) -> bool:
        """Whether there is another key to send the request with: nothing was done with this one.

        `refused` is how many keys had been refused before it: many requests may have gone out with
        the same key, and the first one that is back asks for all of them.
        """
        if self._is_hurried:
            return False
        with self._key_lock:
            if self._keys_refused > refused:
                return True
            ask, self._another_key = self._another_key, None
            key = ask() if ask else None
            if key is None:
                return False
            before, self._key_source = self._key_source, key.source
            self._known.learn_key(key.secret)
            self._transport.take_key(key.secret)
            self._keys_refused += 1
        self._notices.say(
            f"warning: Heroku refuses the API key from {before}: using {key.source}'s"
        )
        return True

    def _attempt(self, request: api.Request) -> tuple[api.Response | None, DeployError | None]:
        """One try: what came back, if anything did, and the error that this is, if it is one."""
        if not self._is_hurried:
            self._wait_turn()
        self._silence.asked(self._clock.monotonic())
        try:
            response = workers.wait_for(partial(self._transport.send, request))
        except DeployError as error:
            return None, error
        finally:
            self._silence.heard(self._clock.monotonic())
        self._pace.heard(response.remaining)
        response = self._notices.hear(request, response)
        if response.is_success:
            return response, None
        from . import refusals, retry  # noqa: PLC0415  # most runs meet none

        if retry.is_lost(request, response):
            return response, AnswerLost(f"Heroku answered {response.status}")
        return response, refusals.refusal(request, response, key_source=self._key_source)

    def _wait_turn(self) -> None:
        """Wait as long as the account's pace wants; a hold may grow meanwhile."""
        wait = self._pace.turn(self._clock.monotonic())
        while wait > 0:
            if self._pace.is_low:
                self._notices.say("Heroku's rate limit is nearly used up: slowing down")
            self._clock.sleep(wait)
            now = self._clock.monotonic()
            wait = self._pace.turn(now) if self._pace.is_held(now) else 0
