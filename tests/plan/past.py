"""Releases and what they held, for whoever tells from them what happened."""

from collections.abc import Mapping

from hypothesis import strategies as st

from deploy.heroku.facts import Held, Release, Status
from deploy.plan.blame import DEPTH, Origin, origins
from deploy.secret import Secret

Vars = dict[str, str]
UNREADABLE = "\0"
"""Stands for a value that Heroku does not tell."""

FATES = [status for status in Status if status is not Status.SUCCEEDED]


def release(version: int, status: Status = Status.SUCCEEDED) -> Release:
    return Release(version, status, user=f"{version}@example.com", created_at=f"at {version}")


class Past:
    """Versions and what they held, oldest first from v1; None cannot be read."""

    def __init__(self, *held: Vars | None, became: Mapping[int, Status] | None = None) -> None:
        self.held = dict(enumerate(held, start=1))
        self.became = became or {}
        self.read: list[int] = []

    def at(self, version: int) -> Held | None:
        self.read.append(version)
        found = self.held[version]
        if found is None:
            return None
        values = {name: Secret(value) for name, value in found.items() if value != UNREADABLE}
        return Held(values, frozenset(found.keys() - values.keys()))

    @property
    def releases(self) -> list[Release]:
        return [
            release(version, self.became.get(version, Status.SUCCEEDED)) for version in self.held
        ]

    def origins(self, **live: str | None) -> dict[str, Origin]:
        values = {name: None if value is None else Secret(value) for name, value in live.items()}
        return origins(values, self.releases, self.at)

    def origin(self, value: str | None) -> Origin:
        return self.origins(A=value)["A"]


def held(*values: str | None) -> list[Vars | None]:
    """What releases held where only A is of interest."""
    return [{} if value is None else {"A": value} for value in values]


READABLE = st.sampled_from([None, "x", "y"]).map(lambda value: held(value)[0])
RELEASES = st.lists(
    st.tuples(
        READABLE | READABLE | READABLE | st.none(),
        st.sampled_from([Status.SUCCEEDED] * 5 + FATES),
    ),
    max_size=12,
)


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Short and varied, with a long even stretch put in somewhere."""
    found = draw(RELEASES)
    place = draw(st.integers(0, len(found)))
    stretch = draw(st.integers(0, 2 * DEPTH)) if draw(st.booleans()) else 0
    found[place:place] = [(draw(READABLE), Status.SUCCEEDED)] * stretch
    became = {version: status for version, (_, status) in enumerate(found, start=1)}
    return Past(*(vars_ for vars_, _ in found), became=became)
