"""The releases of one app: how they are numbered, and which of them is the current one.

Why there is one, and what it does to the config vars, `app` knows. The caller holds the lock.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from .facts import Release, Status, identifier


class Ledger:
    """Every release, oldest first. None ever goes away; its status and being current may change."""

    def __init__(self, app: str, clock: Callable[[], str]) -> None:
        self._app = app
        self._clock = clock
        self._releases: list[Release] = []

    @property
    def all(self) -> tuple[Release, ...]:
        return tuple(self._releases)

    def of(self, version: int) -> Release:
        return self._releases[version - 1]

    def add(
        self,
        description: str,
        user: str,
        vars: Mapping[str, str],  # noqa: A002 - the domain's word
        status: Status = "succeeded",
    ) -> Release:
        version = len(self._releases) + 1
        self._releases.append(
            Release(
                version=version,
                id=identifier("release", self._app, version),
                status=status,
                description=description,
                user=user,
                created_at=self._clock(),
                vars=dict(vars),
            )
        )
        if status == "succeeded":
            self._make_current(version)
        return self.of(version)

    def end(self, version: int, status: Status) -> None:
        """Give a release its last status; one that succeeded becomes the current one."""
        self._releases[version - 1] = replace(self.of(version), status=status)
        if status == "succeeded":
            self._make_current(version)

    def _make_current(self, version: int) -> None:
        """Mark it, unless a newer release already is the current one."""
        if any(release.current and release.version > version for release in self._releases):
            return
        self._releases = [
            replace(release, current=release.version == version)
            if release.current or release.version == version
            else release
            for release in self._releases
        ]
