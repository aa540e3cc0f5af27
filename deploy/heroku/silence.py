"""Since when nothing was heard of requests that are under way."""

from __future__ import annotations

import threading


class Silence:
    """The moment of the last answer, or of the first request since; told by several threads.

    Times are seconds on any one clock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way = 0
        self._since: float | None = None

    def asked(self, now: float) -> None:
        with self._lock:
            self._under_way += 1
            self._since = now if self._since is None else self._since

    def heard(self, now: float) -> None:
        """An answer came, or will not come; any other request may go on from here."""
        with self._lock:
            self._under_way -= 1
            self._since = now if self._under_way else None

    def lasts(self, now: float) -> float:
        """How long it has lasted; 0 where nothing is under way."""
        since = self._since
        return 0.0 if since is None else now - since
