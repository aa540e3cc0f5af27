"""The releases of one app: their versions, how they end, and which one is current."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from .facts import Release, Status, identifier


class Releases:
    """Oldest first; a version is a place in the list, and begins with 1."""

    def __init__(self, app: str, clock: Callable[[], str]) -> None:
        self._app = app
        self._clock = clock
        self._all: list[Release] = []

    @property
    def all(self) -> tuple[Release, ...]:
        return tuple(self._all)

    def vars_of(self, version: int) -> Mapping[str, str]:
        return self._all[version - 1].vars

    def add(
        self,
        description: str,
        user: str,
        vars: Mapping[str, str],  # noqa: A002 - the domain's word
        status: Status = "succeeded",
    ) -> Release:
        version = len(self._all) + 1
        self._all.append(
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
        return self._all[-1]

    def end(self, version: int, status: Status) -> None:
        self._all[version - 1] = replace(self._all[version - 1], status=status)
        if status == "succeeded":
            self._make_current(version)

    def _make_current(self, version: int) -> None:
        """Mark it, unless a newer release already is the current one."""
        if any(release.current and release.version > version for release in self._all):
            return
        self._all = [
            replace(release, current=release.version == version)
            if release.current or release.version == version
            else release
            for release in self._all
        ]
