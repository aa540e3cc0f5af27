"""Many apps read and written side by side, and the truth about each of them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from deploy.emulator import Emulator, Fault, ReleasePhase, Reset, Status, When, Writer
from deploy.errors import ChangedMeanwhile, DeployError, Stopped, Terminated, Unforeseen
from deploy.heroku.client import Heroku
from deploy.plan import fleet as planning
from deploy.plan.fleet import Planned
from deploy.plan.fleet_outcome import AppsRefused, State
from deploy.plan.outcome import Diff
from deploy.project.policy import Policy
from deploy.stories.diff import diff
from deploy.stories.fleet import Applied, Job, apply_all, read, read_all_again

from ..support import FakeClock, declared, heroku_at

NAMES = ["shop", "admin", "worker", "api", "mail"]
DECLARED = declared("LEVEL=debug\nTOKEN=t0ken\nNEW=n\n", source=".env")
LIVE = {"LEVEL": "info", "TOKEN": "t0ken"}
AFTER = {"LEVEL": "debug", "TOKEN": "t0ken", "NEW": "n"}


@dataclass
class Fleet:
    """These apps on an emulator, of which each differs from one declaration."""

    emulator: Emulator
    heroku: Heroku
    clock: FakeClock
    names: Sequence[str] = field(default_factory=lambda: [*NAMES])
    progress: list[str] = field(default_factory=list)
    ended: list[type[KeyboardInterrupt]] = field(default_factory=list)
    during: Callable[[str], object] = lambda _: None

    def note(self, text: str) -> None:
        self.progress.append(text)
        self.during(text)

    def diff(self, app: str) -> Diff:
        return diff(self.heroku, app, DECLARED, policy=Policy(), among_many=True)

    def jobs(self) -> list[Job]:
        return [Job(app, lambda app=app: self.diff(app)) for app in self.names]  # type: ignore[misc]

    def read(self, jobs: Sequence[Job] | None = None, *, workers: int = 4) -> list[Planned]:
        return read(
            self.jobs() if jobs is None else jobs,
            workers=workers,
            clock=self.clock,
            progress=self.note,
        )

    def read_again(self, planned: Sequence[Planned]) -> list[Planned]:
        return read_all_again(self.heroku, planned, workers=4, clock=self.clock, progress=self.note)

    def apply(
        self,
        planned: Sequence[Planned],
        *,
        first: str | None = None,
        workers: int = 1,
        keep_going: bool = False,
        refused: dict[str, DeployError] | None = None,
        wait: int = 65,
        end_waits: Callable[[KeyboardInterrupt], None] | None = None,
    ) -> Applied:
        return apply_all(
            self.heroku,
            planned,
            refused=refused or {},
            first=first,
            workers=workers,
            keep_going=keep_going,
            wait=wait,
            clock=self.clock,
            waiting=lambda _app, _version, _seconds: None,
            progress=self.note,
            end_waits=end_waits or (lambda stop: self.ended.append(type(stop))),
        )

    def patched(self) -> list[str]:
        """The apps that a PATCH came to, in its order."""
        return [
            each.path.split("/")[2] for each in self.emulator.requests if each.method == "PATCH"
        ]

    def holding(self) -> set[str]:
        return {app for app in self.names if dict(self.emulator.app(app).vars) == AFTER}


@pytest.fixture
def fleet(emulator: Emulator) -> Iterator[Fleet]:
    for app in NAMES:
        emulator.add_app(app, LIVE)
    clock = FakeClock()
    with heroku_at(emulator.url, clock) as heroku:
        yield Fleet(emulator, heroku, clock)


def states(done: Applied) -> dict[str, State]:
    return {row.app: row.state for row in done.rows}


def config(app: str) -> str:
    return f"/apps/{app}/config-vars"


# Reading.


def test_each_app_is_read_in_turn_and_told_in_the_order_given(fleet: Fleet) -> None:
    found = fleet.read()
    assert [each.app for each in found] == NAMES
    assert all(each.differs for each in found)
    assert fleet.progress == [f"{count}/5 apps" for count in range(1, 6)]
    assert fleet.heroku.remaining is not None


def test_what_cannot_be_read_or_declared_is_told_and_the_others_are_read(fleet: Fleet) -> None:
    fleet.emulator.inject(Fault(what=Status(403), path=config("admin"), times=9))
    why = DeployError(".env.worker: there is no such file")
    jobs = [Job(job.app, why) if job.app == "worker" else job for job in fleet.jobs()]
    jobs.append(Job("broken", lambda: 1 // 0))  # type: ignore[arg-type, return-value]
    found = {each.app: each for each in fleet.read(jobs)}
    assert found["worker"].failure is why
    assert isinstance(found["broken"].failure, Unforeseen)
    assert "403" in str(found["admin"].failure)
    assert [app for app, each in found.items() if each.differs] == ["shop", "api", "mail"]


def test_who_stops_the_reading_is_told_that_nothing_was_written(fleet: Fleet) -> None:
    def stop(_text: str) -> None:
        raise Terminated

    fleet.during = stop
    with pytest.raises(Stopped) as caught:
        fleet.read()
    assert str(caught.value) == "terminated (SIGTERM); nothing was written"
    assert not caught.value.is_sent


def test_after_a_question_all_that_moved_is_told_and_nothing_is_written(fleet: Fleet) -> None:
    planned = fleet.read()
    fleet.emulator.app("shop").set_vars({"LEVEL": "warn"})
    fleet.emulator.app("mail").set_vars({"NEW": "x", "TOKEN": "other"})
    with pytest.raises(AppsRefused) as caught:
        fleet.read_again(planned)
    assert str(caught.value) == (
        "shop: LEVEL changed while we asked; nothing was written\n"
        "mail: NEW, TOKEN changed while we asked; nothing was written\n"
        "nothing was written to any app"
    )


def test_what_did_not_move_is_as_good_as_new(fleet: Fleet) -> None:
    planned = fleet.read()
    fleet.clock.now += 60
    fleet.emulator.app("shop").deploy()  # another release, and the same vars
    again = fleet.read_again(planned)
    assert [each.read_at for each in again] == [60.0] * 5
    done = fleet.apply(again)
    assert set(states(done).values()) == {State.APPLIED}
    assert done.rows[0].done
    assert done.rows[0].done.previous == 3


# Writing.


def test_apps_are_written_in_their_order_and_each_is_verified(fleet: Fleet) -> None:
    done = fleet.apply(fleet.read())
    assert fleet.patched() == NAMES
    assert fleet.holding() == {*NAMES}
    assert [(row.app, row.state, row.version) for row in done.rows] == [
        (app, State.APPLIED, 3) for app in NAMES
    ]
    assert done.stopped is None


def test_the_first_one_is_written_ahead_of_the_others(fleet: Fleet) -> None:
    done = fleet.apply(fleet.read(), first="api")
    assert fleet.patched() == ["api", "shop", "admin", "worker", "mail"]
    assert [row.app for row in done.rows] == NAMES


def test_nothing_else_begins_before_the_first_one_is_verified(fleet: Fleet) -> None:
    """Its release phase takes long; the others could be written meanwhile."""
    api = fleet.emulator.app("api")
    api.release_phase = ReleasePhase(reads=5)
    seen: list[list[str]] = []
    fleet.clock.during = lambda _: seen.append(fleet.patched())
    done = fleet.apply(fleet.read(), first="api", workers=16)
    assert len(seen) >= 5
    assert all(each == ["api"] for each in seen[:4])
    assert set(states(done).values()) == {State.APPLIED}


@pytest.mark.parametrize("keep_going", [False, True])
def test_a_first_one_that_fails_is_the_only_one(keep_going: bool, fleet: Fleet) -> None:
    fleet.emulator.app("api").release_phase = ReleasePhase(reads=1, outcome="failed")
    done = fleet.apply(fleet.read(), first="api", keep_going=keep_going)
    assert fleet.patched() == ["api"]
    expected = dict.fromkeys(NAMES, State.NOT_BEGUN) | {"api": State.FAILED}
    assert states(done) == expected


def test_a_first_one_that_is_not_verified_to_its_last_var_is_the_only_one(fleet: Fleet) -> None:
    planned = fleet.read()
    fleet.emulator.app("api").hidden.masked["LEVEL"] = None
    done = fleet.apply(planned, first="api", keep_going=True)
    assert states(done) == dict.fromkeys(NAMES, State.NOT_BEGUN) | {"api": State.APPLIED}
    assert done.rows[3].done
    assert done.rows[3].done.unverified == ("LEVEL",)
    assert fleet.patched() == ["api"]


def test_a_first_one_that_is_in_sync_holds_up_nobody(fleet: Fleet) -> None:
    fleet.emulator.app("api").set_vars(AFTER)
    done = fleet.apply(fleet.read(), first="api")
    assert states(done) == dict.fromkeys(NAMES, State.APPLIED) | {"api": State.IN_SYNC}


def test_apps_are_written_side_by_side(fleet: Fleet) -> None:
    """Each PATCH waits for all the others: were there fewer at once, none would end."""
    together = threading.Barrier(len(NAMES), timeout=10)
    planned = fleet.read()
    for app in NAMES:
        fleet.emulator.inject(Fault(what=Writer(together.wait), method="PATCH", path=config(app)))
    assert set(states(fleet.apply(planned, workers=5)).values()) == {State.APPLIED}


def test_after_one_that_is_refused_nothing_new_begins(fleet: Fleet) -> None:
    planned = fleet.read()
    fleet.emulator.inject(Fault(what=Status(403), method="PATCH", path=config("admin")))
    done = fleet.apply(planned)
    assert states(done) == {
        "shop": State.APPLIED,
        "admin": State.REFUSED,
        "worker": State.NOT_BEGUN,
        "api": State.NOT_BEGUN,
        "mail": State.NOT_BEGUN,
    }
    assert fleet.holding() == {"shop"}
    assert fleet.patched() == ["shop", "admin"]


def test_with_keep_going_only_what_fails_is_left_out(fleet: Fleet) -> None:
    planned = fleet.read()
    why = DeployError("no")
    fleet.emulator.inject(Fault(what=Reset(When.BEFORE), method="PATCH", path=config("admin")))
    done = fleet.apply(planned, keep_going=True, refused={"worker": why})
    assert states(done) == dict.fromkeys(NAMES, State.APPLIED) | {
        "admin": State.UNKNOWN,
        "worker": State.REFUSED,
    }
    assert done.rows[2].failure is why
    assert fleet.holding() == {"shop", "api", "mail"}


def test_what_nobody_foresaw_is_unknown(fleet: Fleet) -> None:
    planned = fleet.read()
    broken = planned[1].diff
    assert broken
    planned[1] = planned[1]._replace(found=broken._replace(releases=None))  # type: ignore[arg-type]
    done = fleet.apply(planned)
    assert states(done)["admin"] is State.UNKNOWN
    assert isinstance(done.rows[1].failure, Unforeseen)
    assert states(done)["worker"] is State.NOT_BEGUN


def test_without_a_wait_a_pending_release_is_sent_and_the_next_begins(fleet: Fleet) -> None:
    fleet.emulator.app("shop").release_phase = ReleasePhase(reads=9)
    done = fleet.apply(fleet.read(), wait=0)
    assert states(done) == dict.fromkeys(NAMES, State.APPLIED) | {"shop": State.SENT}


def test_an_old_reading_is_made_anew_and_refused_where_it_moved(fleet: Fleet) -> None:
    planned = fleet.read()
    fleet.clock.now += 11
    fleet.emulator.app("worker").set_vars({"LEVEL": "warn"})
    before = len(fleet.emulator.requests)
    done = fleet.apply(planned, keep_going=True)
    assert states(done) == dict.fromkeys(NAMES, State.APPLIED) | {"worker": State.REFUSED}
    assert isinstance(done.rows[2].failure, ChangedMeanwhile)
    assert fleet.emulator.app("worker").vars["LEVEL"] == "warn"
    reads = [each.path for each in fleet.emulator.requests[before:] if each.method == "GET"]
    assert sum(path.endswith("/addon-attachments") for path in reads) == 5


def test_a_fresh_reading_is_written_after_without_another(fleet: Fleet) -> None:
    planned = fleet.read()
    fleet.clock.now += 10
    before = len(fleet.emulator.requests)
    fleet.apply(planned)
    paths = [each.path for each in fleet.emulator.requests[before:]]
    assert not any(path.endswith("/addon-attachments") for path in paths)


# What it takes.


@pytest.mark.parametrize("is_old", [False, True])
def test_a_plan_takes_no_more_requests_than_it_says(is_old: bool, fleet: Fleet) -> None:
    fleet.emulator.app("api").set_vars(AFTER)
    planned = fleet.read()
    planned = fleet.read_again(planned)
    fleet.clock.now += 11 if is_old else 0
    reading = len(fleet.emulator.requests)
    assert reading <= 9 * planning.READS
    fleet.apply(planned)
    taken = len(fleet.emulator.requests)
    most = planning.requests(planned, is_read=False, is_asked=True)
    assert taken <= most
    assert taken - reading <= 4 * (planning.READS + planning.WRITES)
    # Where the readings are old it is that; but the app in sync lacks no name.
    assert (taken == most - 1) == is_old


# Ctrl-C.


def test_who_stops_it_is_told_of_all_that_was_in_flight(fleet: Fleet) -> None:
    planned = fleet.read()
    in_flight, go = threading.Barrier(3, timeout=10), threading.Event()
    for app in ("admin", "worker"):
        there = Writer(lambda: (in_flight.wait(), go.wait(10)))
        fleet.emulator.inject(Fault(what=there, method="PATCH", path=config(app)))

    def stop(_text: str) -> None:
        in_flight.wait()  # the first one has ended, and the two behind it are in flight
        raise KeyboardInterrupt

    def end_waits(stop: KeyboardInterrupt) -> None:
        fleet.ended.append(type(stop))
        go.set()

    fleet.during = stop
    done = fleet.apply(planned, workers=2, end_waits=end_waits)
    assert states(done) == {
        "shop": State.APPLIED,
        "admin": State.APPLIED,
        "worker": State.APPLIED,
        "api": State.NOT_BEGUN,
        "mail": State.NOT_BEGUN,
    }
    assert fleet.ended == [KeyboardInterrupt]
    assert fleet.holding() == {*fleet.patched()} == {"shop", "admin", "worker"}
    assert done.stopped
    assert done.stopped.exit_code == 130
    assert str(done.stopped) == "interrupted (Ctrl-C) when 3 of 5 apps were begun"


def test_one_that_waits_when_it_is_stopped_says_what_is_true(fleet: Fleet) -> None:
    """As `signals.Clock` does: each sleep of another thread raises from then on."""
    planned = fleet.read()
    fleet.emulator.app("shop").release_phase = ReleasePhase(reads=99)
    is_stopped, waits = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        if seconds:
            waits.set()
            assert is_stopped.wait(10)
            raise Terminated

    def stop(_text: str) -> None:
        waits.wait(10)
        raise Terminated

    fleet.clock.during, fleet.during = sleep, stop
    done = fleet.apply(planned, workers=2, end_waits=lambda _: is_stopped.set())
    assert states(done)["shop"] is State.UNKNOWN
    assert str(done.rows[0].failure) == (
        "terminated (SIGTERM) while waiting: the change was sent as v3 to shop, and is not verified"
    )
    assert done.stopped
    assert done.stopped.exit_code == 143


def test_one_that_waits_for_its_turn_when_it_is_stopped_is_not_begun(fleet: Fleet) -> None:
    """The first is in flight; the PATCH behind it was told to wait, and nothing came of it."""
    planned = fleet.read()
    waits, is_stopped = threading.Event(), threading.Event()
    fleet.emulator.inject(Fault(what=Status(429), method="PATCH", path=config("admin")))
    there = Writer(lambda: waits.wait(10))
    fleet.emulator.inject(Fault(what=there, method="PATCH", path=config("shop")))

    def sleep(seconds: float) -> None:
        if seconds:
            waits.set()
            assert is_stopped.wait(10)
            raise KeyboardInterrupt

    def stop(_text: str) -> None:
        raise KeyboardInterrupt

    fleet.clock.during, fleet.during = sleep, stop
    done = fleet.apply(planned, workers=2, end_waits=lambda _: is_stopped.set())
    assert states(done)["admin"] is State.NOT_BEGUN
    assert str(done.rows[1].failure) == "interrupted (Ctrl-C); nothing was written"
    assert fleet.emulator.app("admin").vars == LIVE
    assert done.stopped
    begun = sum(state is not State.NOT_BEGUN for state in states(done).values())
    assert str(done.stopped) == f"interrupted (Ctrl-C) when {begun} of 5 apps were begun"


def test_one_that_is_about_to_be_written_to_when_it_is_stopped_is_not_begun(fleet: Fleet) -> None:
    """Its reading has become old, and is made anew: no PATCH goes out behind that any more."""
    planned = fleet.read()
    fleet.clock.now += 60
    reads, is_stopped = threading.Event(), threading.Event()
    there = Writer(lambda: (reads.set(), is_stopped.wait(10)))
    fleet.emulator.inject(Fault(what=there, method="GET", path=config("admin")))

    def stop(_text: str) -> None:
        assert reads.wait(10)
        raise KeyboardInterrupt

    fleet.during = stop
    done = fleet.apply(planned, workers=2, end_waits=lambda _: is_stopped.set())
    assert "admin" not in fleet.patched()
    assert states(done)["admin"] is State.NOT_BEGUN
