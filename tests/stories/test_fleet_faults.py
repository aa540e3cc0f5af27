"""Each fault of the emulator at each place of the order: what is told of an app is what is live.

The emulator itself says what is live, and whether a PATCH took effect: an app has a release more.
"""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from deploy.emulator import Body, Emulator, Fault, Redirect, Reset, Status, Truncated, When, Writer
from deploy.emulator.facts import OWNER
from deploy.emulator.faults import Faults, Replacement
from deploy.heroku.client import Heroku
from deploy.plan.fleet import Planned
from deploy.plan.fleet_outcome import GOOD, State
from deploy.plan.outcome import Diff
from deploy.project.policy import Policy
from deploy.stories.diff import diff
from deploy.stories.fleet import Applied, Job, apply_all, read

from ..support import FakeClock, declared, heroku_at

DECLARED = declared("LEVEL=debug\nTOKEN=t0ken\nNEW=n\n", source=".env")
BEFORE = {"LEVEL": "info", "TOKEN": "t0ken"}
AFTER = {"LEVEL": "debug", "TOKEN": "t0ken", "NEW": "n"}
MANY = 300
COUNT = int(os.environ.get("APPS", "6"))
"""How many apps have each fault at each place; 300 take an hour and more."""
WORKERS = 2 + COUNT // 20
FOREVER = 99

PAGE = "<html>down for maintenance</html>"
ANSWERS: dict[str, Replacement] = {
    **{f"{status}": Status(status) for status in (400, 401, 403, 404, 408, 422, 429, 500, 503)},
    **{f"{status}-after": Status(status, When.AFTER) for status in (408, 500, 502, 504)},
    "page": Status(503, When.AFTER, body=PAGE),
    "redirect": Redirect("/elsewhere"),
    "no-json": Body(PAGE),
    "other-json": Body("[]"),
    "truncated": Truncated(),
    "head": Truncated(""),
    "empty": Body(""),
    "reset": Reset(),
    "reset-after": Reset(When.AFTER),
}
"""None is a 4xx that was carried out all the same: Heroku answers that in place of acting."""
PLACES = {
    "patch": ("PATCH", "config-vars", 0),
    "vars": ("GET", "config-vars", 0),
    "owners": ("GET", "addon-attachments", 0),
    "settings": ("GET", "config-vars-settings", 0),
    "releases": ("GET", "releases", 0),
    "vars-after": ("GET", "config-vars", 1),
    "releases-after": ("GET", "releases", 1),
    "release-after": ("GET", "releases/3/config-vars", 0),
}
"""A request of an app, and how many of its kind go before it."""
POSITIONS = {"first": 0, "middle": 0.5, "last": 1, "canary": None}


class World(NamedTuple):
    """So many apps, each of which differs."""

    emulator: Emulator
    heroku: Heroku
    clock: FakeClock
    apps: list[str]

    def at(self, position: str) -> str:
        share = POSITIONS[position]
        return self.apps[2 if share is None else round(share * (len(self.apps) - 1))]

    def sync(self, *, first: str | None = None, workers: int = 2) -> Applied:
        """As `config.sync --all --keep-going` does it: the others do not pay for one."""

        def job(app: str) -> Job:
            return Job(app, lambda: self.diff(app))

        jobs = [job(app) for app in self.apps]
        planned = read(jobs, workers=workers, clock=self.clock, progress=lambda _: None)
        return self.apply(planned, first=first, workers=workers)

    def diff(self, app: str) -> Diff:
        policy = Policy()
        return diff(self.heroku, app, DECLARED, policy=policy, among_many=True)

    def apply(self, planned: list[Planned], *, first: str | None, workers: int) -> Applied:
        return apply_all(
            *(self.heroku, planned),
            refused={each.app: each.failure for each in planned if each.failure},
            first=first,
            workers=workers,
            keep_going=True,
            wait=65,
            clock=self.clock,
            waiting=lambda _app, _version, _seconds: None,
            progress=lambda _: None,
            end_waits=lambda _: None,
        )

    def is_written(self, app: str) -> bool:
        """Whether a PATCH of ours took effect, whatever others did."""
        releases = self.emulator.app(app).releases
        return any(each.version > 2 and each.user == OWNER for each in releases)

    def is_live(self, app: str) -> bool:
        return dict(self.emulator.app(app).vars) == AFTER

    def patched(self) -> set[str]:
        return {
            each.path.split("/")[2] for each in self.emulator.requests if each.method == "PATCH"
        }


@pytest.fixture
def world(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[World]:
    apps = [f"app-{number:03}" for number in range(getattr(request, "param", COUNT))]
    for app in apps:
        emulator.add_app(app, BEFORE)
    emulator.rate_limit_remaining = 10**6  # two runs over 300 apps may take more than an hour has
    clock = FakeClock()
    with heroku_at(emulator.url, clock) as heroku:
        yield World(emulator, heroku, clock, apps)


def check(world: World, done: Applied) -> None:
    """The table and the emulator say the same."""
    assert [row.app for row in done.rows] == world.apps
    patched = world.patched()
    for row in done.rows:
        live, written = world.is_live(row.app), world.is_written(row.app)
        match row.state:
            case State.APPLIED:
                assert (live, written) == (True, True), row
                newest = world.emulator.app(row.app).releases[-1].version
                assert row.version in (newest, None), row  # its release may be kept from us
            case State.REFUSED:
                assert not written, row
                assert row.failure, row
            case State.NOT_BEGUN:
                assert row.app not in patched, row
            case State.UNKNOWN:
                assert row.app in patched, row
                assert row.failure, row
                assert f"config.diff --app {row.app}" in str(row.failure.next_step)
            case _:
                pytest.fail(f"{row} has no reason")


def lived_through(
    world: World,
    position: str,
    place: str,
    what: Replacement,
    times: int,
    workers: int,
) -> dict[str, State]:
    """A run in which it happens, and one behind it in which all is well; how the first ended."""
    struck = world.at(position)
    method, path, after = PLACES[place]
    world.emulator.inject(
        Fault(what=what, method=method, path=f"/apps/{struck}/{path}", after=after, times=times)
    )
    done = world.sync(first=struck if position == "canary" else None, workers=workers)
    check(world, done)
    states = {row.app: row.state for row in done.rows}
    others = {state for app, state in states.items() if app != struck}
    if position == "canary" and states[struck] is not State.APPLIED and struck in world.patched():
        assert others == {State.NOT_BEGUN}
    else:
        assert others == {State.APPLIED}
    world.emulator._faults = Faults()
    again = world.sync(workers=workers)
    assert {row.state for row in again.rows} <= {State.APPLIED, State.IN_SYNC}
    assert all(map(world.is_live, world.apps))
    return states


@pytest.mark.sampled(30)
@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "for-good"])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("position", POSITIONS)
def test_the_table_is_the_truth_wherever_a_fault_strikes(
    position: str, place: str, answer: str, times: int, world: World
) -> None:
    lived_through(world, position, place, ANSWERS[answer], times, workers=WORKERS)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("when", When)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("position", POSITIONS)
def test_the_table_is_the_truth_wherever_somebody_else_writes(
    position: str, place: str, when: When, world: World
) -> None:
    app = world.emulator.app(world.at(position))
    writes: Callable[[], object] = lambda: app.set_vars({"LEVEL": "theirs"})  # noqa: E731
    method, path, after = PLACES[place]
    fault = Fault(
        what=Writer(writes, when), method=method, path=f"/apps/{app.name}/{path}", after=after
    )
    world.emulator.inject(fault)
    done = world.sync(first=app.name if position == "canary" else None)
    for row in done.rows:
        # What somebody overwrites behind all looks was applied, and is so no more.
        assert row.state not in GOOD or world.is_written(row.app), row
        assert row.state is not State.REFUSED or not world.is_written(row.app), row
    world.sync()
    assert all(map(world.is_live, world.apps))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("world", [MANY], indirect=True)
@pytest.mark.parametrize("answer", ["reset", "reset-after", "503", "403", "truncated"])
@pytest.mark.parametrize("position", POSITIONS)
def test_the_table_of_300_apps_is_the_truth(position: str, answer: str, world: World) -> None:
    found = lived_through(world, position, "patch", ANSWERS[answer], 1, workers=16)
    assert len(found) == MANY
