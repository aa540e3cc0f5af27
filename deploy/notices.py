"""What a person is told while requests are under way: each word once, and no value in it."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from deploy import wire
from deploy.errors import DeployError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.known import Known


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

    def hear(self, request: wire.Request, response: wire.Response) -> wire.Response:
        """Pass on what Heroku warns of; the answer, without a reference that repeats a value."""
        if warnings := wire.warnings(response):
            # What was just sent, and what just came, may be what it repeats.
            self._known.learn((request.changes or {}).values())
            with suppress(DeployError):  # it holds no vars
                self._known.learn(wire.read_vars(response).vars.values())
            for warning in warnings:
                self.say(f"Heroku says: {self._known.masked(warning)}")
        reference = response.request_id
        # Of a yes it is hardly ever shown, and there are many.
        if reference is None or not self._known.repeats(reference, values=not response.is_success):
            return response
        kept = {name: text for name, text in response.headers.items() if name != "request-id"}
        return wire.Response(response.status, kept, response.body)
