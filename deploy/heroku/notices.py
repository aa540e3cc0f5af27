"""What a person is told while requests are under way: each sentence once.

Where many apps are asked, what Heroku says of one is kept until all were: what it says of all of
them is one sentence then, and anything else names its apps.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..names import apps_listed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from .masking import SecretMasker

MOST = 3
"""Apps among many of which it is said that they are tried again; an outage is one of all."""


class Notices:
    """Safe to use from several threads."""

    def __init__(self, tell: Callable[[str], None], masker: SecretMasker) -> None:
        self._tell = tell
        self._masker = masker
        self._lock = threading.Lock()
        self._said: set[str] = set()
        self._is_gathering = False
        self._heard: dict[str, set[str]] = {}
        """Warnings that are kept, as they came, and of which apps."""
        self._told: dict[str, set[str]] = {}
        """Warnings of which apps were told, as they were shown."""
        self._retried: set[str] = set()

    def say(self, text: str) -> None:
        with self._lock:
            if text in self._said:
                return
            self._said.add(text)
        self._tell(text)

    def retrying(self, app: str, why: object, seconds: float) -> None:
        """Say that a request is sent again; `app` is empty where that is about all of them."""
        if self._is_one_of_many(app):
            self.say(f"more apps: Heroku gives no answer yet ({why}): trying each again")
            return
        whose = f"{app}: " if app else ""
        self.say(f"{whose}Heroku gives no answer yet ({why}): trying again in {seconds:g} s")

    def pass_on(self, app: str, warnings: Iterable[str], *, is_read: bool = True) -> None:
        """Say what Heroku wants a person to know; `app` is empty where that is about no app.

        What it says of a write is about right now: where many are written to, the first app of
        which it is said is told at once.
        """
        for warning in warnings:
            if not self._is_gathering:
                self.say(f"Heroku says: {self._masker.masked(warning)}")
                continue
            with self._lock:
                self._heard.setdefault(warning, set()).add(app)
            if not is_read and self._masker.masked(warning) not in self._told:
                self._tell_heard()

    @contextmanager
    def gathering(self, apps: Collection[str]) -> Iterator[None]:
        """Meanwhile keep what Heroku says of each of many apps; it is told at the end."""
        self._is_gathering = True
        try:
            yield
        finally:
            self._is_gathering = False
            self._tell_heard(frozenset(apps))

    def _is_one_of_many(self, app: str) -> bool:
        """Whether enough others were named."""
        if not (app and self._is_gathering):
            return False
        with self._lock:
            if len(self._retried) < MOST:
                self._retried.add(app)
            return app not in self._retried

    def _tell_heard(self, apps: frozenset[str] | None = None) -> None:
        """Say what was kept; `apps` are all of them, once all were asked."""
        with self._lock:
            heard, self._heard = self._heard, {}
            found: dict[str, set[str]] = {}
            for warning, of in heard.items():
                found.setdefault(self._masker.masked(warning), set()).update(of)
            texts = [self._of(text, of, apps) for text, of in found.items()]
        for text in filter(None, texts):
            self.say(text)

    def _of(self, text: str, of: set[str], apps: frozenset[str] | None) -> str:
        """The sentence about the apps of which it was not told yet; empty where there are none."""
        told = self._told.setdefault(text, set())
        new = of - told
        told |= of
        is_of_all = "" in of or (apps is not None and of >= apps)
        whose = "" if is_of_all else f"{apps_listed(new)}: "
        return f"{whose}Heroku says: {text}" if new else ""
