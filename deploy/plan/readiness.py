"""Whether an app has the vars that its code needs, and whether those can be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..names import DYNO, LOADER, PLATFORM_PREFIX, PROFILE, SHELL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from ..project.code.needs import Need, Obstacle
    from ..project.policy import Policy
    from ..secret import Secret

_GIVEN = DYNO | SHELL | LOADER | PROFILE
"""By itself a dyno has these; what a job or a terminal has besides (`CI`, `TZ`) it may lack."""
_EMPTY = "is empty"
_PLACEHOLDER = "looks like a placeholder that nobody filled in"
_UNRESOLVED = "looks like a reference or a template that nobody resolved"
_ENCRYPTED = "is ciphertext that nobody decrypted"


class Missing(NamedTuple):
    """A name that is needed and not there, and where the code says so."""

    name: str
    places: tuple[Need, ...]


class Unfit(NamedTuple):
    """A var whose value cannot be meant."""

    name: str
    reason: str


class Readiness(NamedTuple):
    """What was found of one app, or of the environment of this process."""

    where: str
    needed: int
    """How many names are."""
    is_of_app: bool = True
    missing: tuple[Missing, ...] = ()
    unfit: tuple[Unfit, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    """What could not be looked at, so that more may be needed."""
    like: str | None = None
    """Another app that it was held against."""
    lacking: tuple[str, ...] = ()
    """What that one has, and this one does not."""

    @property
    def is_ready(self) -> bool:
        return not self.missing and not self.unfit and self.is_certain

    @property
    def is_certain(self) -> bool:
        """Whether every file was looked at; of a place in one, another says what it reads."""
        return not any(each.is_whole_file for each in self.obstacles)


def judged(
    where: str,
    needs: Iterable[Need],
    values: Mapping[str, Secret],
    *,
    names: Collection[str],
    policy: Policy,
    obstacles: Iterable[Obstacle] = (),
    like: tuple[str, Collection[str]] | None = None,
    is_of_app: bool = True,
) -> Readiness:
    """Hold what is needed against what is there.

    `names` are all that are there, of which not every value can be read. What the settings ignore,
    and what a dyno has by itself, is not asked for.
    """
    wanted: dict[str, list[Need]] = {}
    for need in needs:
        if not _is_given(need.name) and not policy.ignores(need.name):
            wanted.setdefault(need.name, []).append(need)
    missing = (
        Missing(name, tuple(sorted(places)))
        for name, places in sorted(wanted.items())
        if name not in names and any(not set(need.instead) & set(names) for need in places)
    )
    unfit = (
        Unfit(name, reason)
        for name, value in sorted(values.items())
        if not policy.ignores(name) and (reason := _unfit(name, value, policy))
    )
    other, others = like or (None, ())
    return Readiness(
        where,
        len(wanted),
        is_of_app,
        tuple(missing),
        tuple(unfit),
        tuple(dict.fromkeys(obstacles)),
        other,
        tuple(sorted(name for name in {*others} - {*names} if not policy.ignores(name))),
    )


def _is_given(name: str) -> bool:
    return name in _GIVEN or name.startswith(PLATFORM_PREFIX)


def _unfit(name: str, value: Secret, policy: Policy) -> str | None:
    """What is wrong with a value."""
    if value.is_empty:
        return _EMPTY
    if value.is_placeholder:
        return _PLACEHOLDER
    if value.is_unresolved:
        return _UNRESOLVED
    is_cipher = value.is_encrypted(name, expected=policy.encrypted)
    return _ENCRYPTED if is_cipher else None
