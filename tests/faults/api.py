"""What Heroku is believed to hold, at each moment: releases, add-ons, and what follows from them.

Nothing is forgotten, so that every answer can be given as of some seconds ago, and every sentence
of a run can be held against what was true when it was said.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

OURS = "ours@example.com"
THEIRS = "colleague@example.com"
ADDON = "heroku-postgresql@addons.heroku.com"

Vars = dict[str, str | None]
"""By the schema a value is a string or null."""


@dataclass(frozen=True)
class Release:
    """`by` is the run whose PATCH made it, None for everybody else's."""

    version: int
    vars: Vars
    user: str
    made: float
    ends: float
    end: str = "succeeded"
    by: int | None = None
    changes: Vars = field(default_factory=dict)

    def status(self, at: float) -> str:
        return self.end if at >= self.ends else "pending"


@dataclass(frozen=True)
class Attachment:
    name: str
    names: tuple[str, ...]
    owner: str
    since: float
    until: float = math.inf

    def is_there(self, at: float) -> bool:
        return self.since <= at < self.until


class Owned(Exception):
    """A PATCH that would change what an add-on controls."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass
class Phase:
    """The release phase of a person's changes."""

    seconds: float
    end: str


@dataclass
class Switches:
    """What no source settles, one way or the other; a story sets them."""

    phase: Phase | None = None
    pending_shows: str = "new"
    """`new`, `old`, or `404`: the vars of a pending release."""
    failed: str = "reverted"
    """`reverted`: a failed change is gone; `carried`: the next release has it; `shown`: and
    `GET config-vars` shows it at once."""
    pending_is_carried: bool = True
    nothing_is_released: bool = True
    """Whether a PATCH without effect makes a release."""
    names_in_attachments: bool = True
    has_settings: bool = False
    tells_account: bool = True


class App:
    """One app; times are those of the clock, and none of a change lies before the last one."""

    def __init__(self, name: str, switches: Switches) -> None:
        self.name = name
        self.switches = switches
        self.releases: list[Release] = []
        self.attachments: list[Attachment] = []
        self.rotated: list[tuple[float, str, str]] = []

    # What is true.

    def live(self, at: float) -> Vars:
        """What the app runs with: the newest release that succeeded."""
        found = [r for r in self.releases if r.made <= at and r.status(at) == "succeeded"]
        return self._with_rotations(found[-1] if found else None, at)

    def shown(self, at: float) -> Vars:
        """What `GET config-vars` answers."""
        if self.switches.failed != "shown":
            return self.live(at)
        found = [r for r in self.releases if r.made <= at and r.status(at) != "pending"]
        return self._with_rotations(found[-1] if found else None, at)

    def _with_rotations(self, release: Release | None, at: float) -> Vars:
        found = dict(release.vars) if release else {}
        for when, name, value in self.rotated:
            if release and release.made <= when <= at and name in found:
                found[name] = value
        return found

    def owned(self, at: float) -> frozenset[str]:
        there = (each for each in self.attachments if each.is_there(at))
        return frozenset(name for each in there for name in each.names)

    def release(self, version: int) -> Release | None:
        return next((r for r in self.releases if r.version == version), None)

    def moments(self, start: float, end: float) -> Iterator[float]:
        """Each moment at which something may have become another, and the start."""
        yield start
        for release in self.releases:
            yield from (t for t in (release.made, release.ends) if start < t <= end)
        yield from (when for when, _, _ in self.rotated if start < when <= end)
        for each in self.attachments:
            yield from (t for t in (each.since, each.until) if start < t <= end)

    # What happens.

    def change(
        self,
        changes: Mapping[str, str | None],
        *,
        user: str,
        at: float,
        by: int | None = None,
        phase: Phase | None = None,
    ) -> Release | None:
        """A PATCH that arrives, or a deploy where nothing changes; raises Owned."""
        base, owned = self._base(at), self.owned(at)
        if taken := sorted(n for n in changes.keys() & owned if changes[n] != base.get(n)):
            raise Owned(taken)
        after = {**base, **changes}
        after = {n: v for n, v in after.items() if v is not None or n not in changes}
        is_nothing = bool(changes) and after == base
        if is_nothing and not self.switches.nothing_is_released:
            return None
        return self._released(after, user, at, by, phase, dict(changes))

    def _base(self, at: float) -> Vars:
        """What a change is made to: the newest config, with what is on its way in it or not."""
        left_out = set()
        if self.switches.failed == "reverted":
            left_out |= {"failed", "expired"}
        if not self.switches.pending_is_carried:
            left_out.add("pending")
        found = [r for r in self.releases if r.made <= at and r.status(at) not in left_out]
        return self._with_rotations(found[-1] if found else None, at)

    def _released(
        self, after: Vars, user: str, at: float, by: int | None, phase: Phase | None, changes: Vars
    ) -> Release:
        version = self.releases[-1].version + 1 if self.releases else 1
        ends, end = (at + phase.seconds, phase.end) if phase else (at, "succeeded")
        self.releases.append(Release(version, after, user, at, ends, end, by, changes))
        return self.releases[-1]

    def attach(self, name: str, vars_: Mapping[str, str], *, at: float, owner: str = "") -> None:
        self.attachments.append(Attachment(name, tuple(vars_), owner or self.name, at))
        self._released({**self._base(at), **vars_}, ADDON, at, None, None, dict(vars_))

    def detach(self, at: float) -> None:
        """The newest add-on goes, and takes its vars along."""
        there = [each for each in self.attachments if each.is_there(at)]
        if not there:
            return
        gone = there[-1]
        self.attachments[self.attachments.index(gone)] = replace(gone, until=at)
        after = {n: v for n, v in self._base(at).items() if n not in gone.names}
        self._released(after, ADDON, at, None, None, dict.fromkeys(gone.names))

    def rotate(self, value: str, at: float) -> None:
        """An add-on's provider changes a value, without a release."""
        if owned := sorted(self.owned(at)):
            self.rotated.append((at, owned[0], value))

    def end_phases(self, at: float) -> None:
        """Whatever is pending has ended; what would be so for ever expired."""
        for place, release in enumerate(self.releases):
            if release.status(at) == "pending":
                end = "expired" if math.isinf(release.ends) else release.end
                self.releases[place] = replace(release, ends=at, end=end)
