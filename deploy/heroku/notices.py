"""What a person is told while requests are under way: each word once, and no value in it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..secret import Secret
from . import api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .masking import Known


class Notices:
    """Safe to use from several threads."""

    def __init__(self, notice: Callable[[str], None], known: Known) -> None:
        self._notice = notice
        self._known = known
        self._said: set[str] = set()
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        with self._lock:
            if text in self._said:
                return
            self._said.add(text)
        self._notice(text)

    def hear(self, request: api.Request, response: api.Response) -> api.Response:
        """Pass on what Heroku warns of; the answer, without a reference that repeats a value."""
        if warnings := api.warnings(response):
            if request.path.endswith("/config-vars"):  # what just came may be what it repeats
                self._known.learn(_values(response))
            for warning in warnings:
                self.say(f"Heroku says: {self._known.masked(warning)}")
        reference = response.request_id
        if reference is None or not self._known.repeats(reference):
            return response
        kept = {name: text for name, text in response.headers.items() if name != "request-id"}
        return api.Response(response.status, kept, response.body)


def _values(response: api.Response) -> Iterator[Secret]:
    """Whatever can be a value in an answer, though it may not be one that can be read as vars."""
    found = api.json_of(response)
    values = found.values() if isinstance(found, dict) else ()
    yield from (Secret(value) for value in values if isinstance(value, str))
