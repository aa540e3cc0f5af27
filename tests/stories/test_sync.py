"""One PATCH, and the truth about what became of it, whatever happens on the way."""

import json
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING, Literal

import pytest

from deploy import signals
from deploy.emulator import (
    App,
    Body,
    Emulator,
    Fault,
    Latency,
    ReleasePhase,
    Reset,
    Status,
    Truncated,
    When,
    Writer,
)
from deploy.errors import (
    ApiError,
    DeployError,
    NotApplied,
    OwnedByAddon,
    Stopped,
    Terminated,
    Unauthorized,
)
from deploy.heroku.client import Heroku
from deploy.heroku.facts import PHASE_MINUTES, Release
from deploy.plan.change import Action
from deploy.plan.outcome import State, Synced
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.stories import sync
from deploy.stories.diff import diff
from deploy.stories.sync import apply

from ..support import CANARY, HASTY, KEY, FakeClock, at_the_same_time, declared, heroku_at, said_by

if TYPE_CHECKING:
    from _typeshed import TraceFunction

CONFIG = "/apps/demo/config-vars"
RELEASES = "/apps/demo/releases"
BEFORE = {"KEEP": "by hand", "LEVEL": "info", "OLD": "old"}
AFTER = {"KEEP": "by hand", "LEVEL": CANARY, "NEW": CANARY}
DECLARED = f"KEEP=by hand\nLEVEL={CANARY}\nNEW={CANARY}\n"
"""With a prune: sets NEW, changes LEVEL, removes OLD."""

LOOK = "run config.diff --app demo"
PAGE = f"<html>{CANARY} {KEY}</html>"
MINUTE = 60.0


@dataclass
class Shop:
    """The app `demo`, a plan for it, and how the plan is carried out."""

    emulator: Emulator
    app: App
    heroku: Heroku
    clock: FakeClock = field(default_factory=FakeClock)
    notices: list[str] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)

    def plan(self, text: str = DECLARED, *, prune: bool = True) -> Plan:
        found = diff(self.heroku, "demo", declared(text), policy=Policy(), prune=prune)
        return found.plan

    def apply(
        self,
        plan: Plan,
        *,
        wait: int = PHASE_MINUTES,
        waiting: Callable[[int, float], None] | None = None,
        heroku: Heroku | None = None,
        releases: Sequence[Release] | None = None,
    ) -> Synced:
        heroku = heroku or self.heroku
        return apply(
            heroku,
            "demo",
            plan,
            heroku.newest_releases("demo") if releases is None else releases,
            clock=self.clock,
            waiting=waiting or self.note,
            wait=wait,
        )

    def note(self, version: int, seconds: float) -> None:
        """Once a release, as a person is told."""
        if seconds == 0:
            self.waited.append(version)

    def failure(
        self, plan: Plan, *, wait: int = PHASE_MINUTES, heroku: Heroku | None = None
    ) -> DeployError:
        with pytest.raises(DeployError) as caught:
            self.apply(plan, wait=wait, heroku=heroku)
        assert "canary" not in said_by(caught.value)
        return caught.value

    def stopped(
        self,
        plan: Plan,
        *,
        waiting: Callable[[int, float], None] | None = None,
        wait: int = PHASE_MINUTES,
    ) -> Stopped:
        """How a run ends that is interrupted; a bare KeyboardInterrupt would say nothing true."""
        found: Stopped | None = None
        try:
            self.apply(plan, waiting=waiting, wait=wait)
        except Stopped as stopped:
            found = stopped
        except KeyboardInterrupt:
            pytest.fail("the interruption came through without a word on what is true")
        assert found, "nothing was interrupted"
        assert "canary" not in said_by(found)
        return found

    def inject(self, *faults: Fault) -> None:
        for fault in faults:
            self.emulator.inject(fault)

    def meanwhile(
        self, act: Callable[[], object], *, method: str = "PATCH", path: str = "*", after: int = 0
    ) -> None:
        """Somebody else acts just before a request."""
        self.inject(Fault(what=Writer(act), method=method, path=path, after=after))

    @property
    def patches(self) -> int:
        return sum(request.method == "PATCH" for request in self.emulator.requests)

    @property
    def writes(self) -> list[tuple[str, ...]]:
        """The names of each PATCH."""
        return [request.names for request in self.emulator.requests if request.method == "PATCH"]


@contextmanager
def open_shop() -> Iterator[Shop]:
    clock = FakeClock()
    notices: list[str] = []
    with Emulator() as emulator, heroku_at(emulator.url, clock, notice=notices.append) as heroku:
        yield Shop(emulator, emulator.add_app("demo", BEFORE), heroku, clock, notices)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop() as opened:
        yield opened


@pytest.fixture
def plan(shop: Shop) -> Plan:
    return shop.plan()


def patched(what: Status | Reset | Truncated | Body | Latency) -> Fault:
    return Fault(what=what, method="PATCH")


# What a sync does when all goes well.


def test_a_plan_is_one_patch_and_one_release(shop: Shop, plan: Plan) -> None:
    done = shop.apply(plan)
    assert shop.app.vars == AFTER
    assert shop.writes == [("LEVEL", "NEW", "OLD")]
    assert len(shop.app.releases) == 3
    assert done == Synced("demo", plan, State.APPLIED, version=3, previous=2)
    assert [done.plan.number_of(action) for action in Action] == [1, 1, 1]
    assert shop.clock.slept == []
    assert shop.waited == []


def test_unmanaged_vars_stay_without_a_prune(shop: Shop) -> None:
    shop.apply(shop.plan(prune=False))
    assert shop.app.vars == {**AFTER, "OLD": "old"}
    assert shop.writes == [("LEVEL", "NEW")]


def test_an_empty_value_is_kept_as_one(shop: Shop) -> None:
    shop.apply(shop.plan("KEEP=by hand\nLEVEL=\nOLD=old\n"))
    assert shop.app.vars == {**BEFORE, "LEVEL": ""}


def test_what_was_done_does_not_show_its_values(shop: Shop, plan: Plan) -> None:
    done = shop.apply(plan)
    assert CANARY not in repr(done)
    assert CANARY not in str(done)


def test_a_second_sync_has_nothing_to_do(shop: Shop, plan: Plan) -> None:
    shop.apply(plan)
    assert shop.plan().is_empty


# Which release is ours, and which to go back to.


def test_a_deploy_that_comes_first_is_what_to_go_back_to(shop: Shop, plan: Plan) -> None:
    shop.meanwhile(lambda: [shop.app.deploy(), shop.app.set_vars({"OTHER": "1"})])
    done = shop.apply(plan)
    assert (done.version, done.previous) == (5, 4)


def test_a_deploy_that_comes_afterwards_is_not_ours(shop: Shop, plan: Plan) -> None:
    shop.meanwhile(shop.app.deploy, method="GET", path=RELEASES, after=1)
    done = shop.apply(plan)
    assert (done.state, done.version, done.previous) == (State.APPLIED, 3, 2)
    assert len(shop.app.releases) == 4


@pytest.mark.parametrize("others", [9, 10, 11, 25])
def test_ours_is_found_behind_any_number_of_deploys(shop: Shop, plan: Plan, others: int) -> None:
    shop.meanwhile(lambda: [shop.app.deploy() for _ in range(others)])
    shop.meanwhile(
        lambda: [shop.app.deploy() for _ in range(others)], method="GET", path=RELEASES, after=1
    )
    done = shop.apply(plan)
    assert (done.version, done.previous) == (3 + others, 2 + others)


def fail_a_release(app: App, changes: Mapping[str, str | None]) -> None:
    app.release_phase = ReleasePhase(reads=0, outcome="failed")
    app.patch(changes, user="someone@example.com", even_without_effect=True)
    app.release_phase = None


def test_a_release_that_failed_is_nothing_to_go_back_to(shop: Shop, plan: Plan) -> None:
    fail_a_release(shop.app, {"OTHER": "1"})
    shop.meanwhile(lambda: fail_a_release(shop.app, {"OTHER": "2"}))
    done = shop.apply(plan)
    assert (done.version, done.previous) == (5, 2)


def test_a_release_that_was_pending_when_we_looked_may_be_what_to_go_back_to(
    shop: Shop, plan: Plan
) -> None:
    """Going back further would undo what somebody else has released meanwhile."""
    shop.app.release_phase = ReleasePhase()
    shop.app.patch({"OTHER": "1"}, user="someone@example.com", even_without_effect=True)

    def end() -> None:
        shop.app.finish_release("succeeded")
        shop.app.release_phase = None

    shop.meanwhile(end)
    done = shop.apply(plan)
    assert (done.version, done.previous) == (4, 3)


def test_the_newest_release_is_looked_up_before_the_patch(shop: Shop, plan: Plan) -> None:
    shop.emulator.requests.clear()
    shop.apply(plan)
    asked = [f"{request.method} {request.path}" for request in shop.emulator.requests]
    assert asked[:2] == [f"GET {RELEASES}", f"PATCH {CONFIG}"]
    assert sorted(asked[2:]) == sorted(
        ["GET /account", f"GET {CONFIG}", f"GET {RELEASES}", f"GET {RELEASES}/3/config-vars"]
    )


def test_all_that_is_asked_after_the_patch_is_asked_at_once(shop: Shop, plan: Plan) -> None:
    """One round trip to find the release, what it holds, and what the app holds."""
    releases = shop.heroku.newest_releases("demo")
    at_the_same_time(shop.emulator, CONFIG, RELEASES, f"{RELEASES}/3/config-vars")
    done = shop.apply(plan, releases=releases)
    assert done == Synced("demo", plan, State.APPLIED, version=3, previous=2)
    assert len(shop.emulator.requests) == 4 + 1 + 1 + 4


def test_a_release_that_another_came_before_is_found_all_the_same(shop: Shop, plan: Plan) -> None:
    shop.meanwhile(lambda: shop.app.set_vars({"THEIRS": "theirs"}))
    done = shop.apply(plan)
    assert (done.state, done.version, done.previous) == (State.APPLIED, 4, 3)


def test_vars_that_were_read_before_the_release_was_through_are_read_again(
    shop: Shop, plan: Plan
) -> None:
    """They are asked for together with the list of releases, and may be answered before it."""
    old = json.dumps(BEFORE)
    shop.inject(Fault(what=Body(old), method="GET", path=CONFIG))
    assert shop.apply(plan).state is State.APPLIED


def test_what_a_release_held_before_it_was_through_is_read_again(shop: Shop, plan: Plan) -> None:
    """A pending release may show the old vars, and be through when the list is made."""
    old = json.dumps(BEFORE)
    shop.inject(Fault(what=Body(old), path=f"{RELEASES}/3/config-vars"))
    assert shop.apply(plan).version == 3


# Release phases.


@pytest.mark.parametrize("polls", [1, 2, 7])
def test_a_pending_release_is_polled_every_three_seconds(
    shop: Shop, plan: Plan, polls: int
) -> None:
    shop.app.release_phase = ReleasePhase(reads=polls)
    done = shop.apply(plan)
    assert done == Synced("demo", plan, State.APPLIED, version=3, previous=2)
    assert shop.app.vars == AFTER
    assert shop.clock.slept == [3.0] * polls
    assert shop.waited == [3]
    assert shop.patches == 1


def test_heroku_s_word_on_a_release_phase_is_passed_on_once(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase(reads=3)
    shop.apply(plan)
    assert shop.notices == [
        (
            "Heroku says: Release command executing: this config change will not be available"
            " until the command succeeds"
        )
    ]


@pytest.mark.parametrize("shown", ["live", "failed"])
@pytest.mark.parametrize("reads", [0, 1, 5])
def test_a_release_that_fails_is_said_not_to_be_live(
    shop: Shop, plan: Plan, shown: Literal["live", "failed"], reads: int
) -> None:
    """Also where Heroku shows the failed release's vars, so that a look at them would please."""
    shop.app.release_phase = ReleasePhase(reads=reads, outcome="failed", failed_reads=shown)
    error = shop.failure(plan)
    assert isinstance(error, NotApplied)
    assert str(error) == "v3 of demo failed: the config is not live"
    assert error.next_step == "see why: heroku releases:output v3 --app demo"
    assert error.exit_code == 1
    assert shop.patches == 1


def test_the_time_gone_by_is_told_at_each_look(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase(reads=4)
    told: list[tuple[int, float]] = []
    shop.apply(plan, waiting=lambda version, seconds: told.append((version, seconds)))
    assert told == [(3, 0.0), (3, 3.0), (3, 6.0), (3, 9.0)]


# What a pending release says of its vars is not known: the new ones, the old ones, or nothing.

PENDING_READS: tuple[Literal["new", "old", "404"], ...] = ("new", "old", "404")


@pytest.mark.parametrize("pending_reads", PENDING_READS)
def test_a_change_goes_live_whatever_its_pending_release_says_of_itself(
    shop: Shop, plan: Plan, pending_reads: Literal["new", "old", "404"]
) -> None:
    shop.app.release_phase = ReleasePhase(reads=3, pending_reads=pending_reads)
    done = shop.apply(plan)
    assert (done.state, done.version, done.previous) == (State.APPLIED, 3, 2)
    assert (shop.patches, shop.app.vars) == (1, AFTER)


@pytest.mark.parametrize("pending_reads", PENDING_READS)
def test_a_change_whose_release_fails_is_not_live_whatever_that_says_of_itself(
    shop: Shop, plan: Plan, pending_reads: Literal["new", "old", "404"]
) -> None:
    shop.app.release_phase = ReleasePhase(reads=3, pending_reads=pending_reads, outcome="failed")
    assert str(shop.failure(plan)) == "v3 of demo failed: the config is not live"


@pytest.mark.parametrize("pending_reads", PENDING_READS)
def test_a_pending_release_that_is_not_waited_for_is_named_whatever_it_says_of_itself(
    shop: Shop, plan: Plan, pending_reads: Literal["new", "old", "404"]
) -> None:
    shop.app.release_phase = ReleasePhase(pending_reads=pending_reads)
    done = shop.apply(plan, wait=0)
    assert (done.state, done.version, done.was_pending) == (State.SENT, 3, False)


@pytest.mark.parametrize("pending_reads", PENDING_READS)
def test_a_colleagues_pending_release_that_fails_is_not_ours(
    shop: Shop, plan: Plan, pending_reads: Literal["new", "old", "404"]
) -> None:
    """Theirs comes behind ours, is the newest, and fails; ours succeeded before."""
    shop.app.release_phase = ReleasePhase(reads=6, pending_reads=pending_reads)
    theirs = ReleasePhase(reads=9, pending_reads=pending_reads, outcome="failed")

    def deploy() -> None:
        shop.app.release_phase = theirs
        shop.app.patch({"OTHER": "1"}, user="ben@example.com", even_without_effect=False)

    shop.inject(Fault(what=Writer(deploy, when=When.AFTER), method="PATCH"))
    done = shop.apply(plan)
    assert (done.state, done.version) == (State.APPLIED, 3)


def test_a_release_whose_status_nobody_knows_is_judged_by_the_vars(shop: Shop, plan: Plan) -> None:
    odd = Body('[{"version": 3, "status": "hatching"}, {"version": 2, "status": "succeeded"}]')
    shop.inject(Fault(what=odd, method="GET", path=RELEASES, after=1, times=9))
    done = shop.apply(plan)
    assert (done.state, done.version) == (State.APPLIED, 3)


# Answers of some seconds ago, and releases of others.


def stale(shop: Shop, times: int) -> None:
    """The first reads of the vars after the PATCH show what was there before."""
    then = Body(json.dumps(BEFORE))
    shop.inject(Fault(what=then, method="GET", path=CONFIG, times=times))


@pytest.mark.parametrize("times", [1, 4])
def test_a_read_that_shows_the_state_before_is_asked_again(
    shop: Shop, plan: Plan, times: int
) -> None:
    stale(shop, times)
    assert shop.apply(plan).state is State.APPLIED
    assert shop.patches == 1


def test_what_still_shows_the_state_before_is_said_to(shop: Shop, plan: Plan) -> None:
    stale(shop, 99)
    assert str(shop.failure(plan)) == (
        "the change was sent as v3, but demo still shows what was there before: LEVEL, NEW, OLD"
    )
    assert shop.clock.now == 15


def test_a_change_that_a_later_release_carried_is_live_though_its_own_failed(
    shop: Shop, plan: Plan
) -> None:
    """v3 is ours and fails; a deploy, v4, was built on it and succeeds."""
    shop.app.release_phase = ReleasePhase(outcome="failed", failed_reads="failed")

    def end(seconds: float) -> None:
        if seconds and shop.app.releases[-1].status == "pending":
            shop.app.finish_release("failed")
            shop.app.deploy()

    shop.clock.during = end
    done = shop.apply(plan)
    assert (done.state, done.version) == (State.APPLIED, 4)


def test_a_later_release_without_the_change_makes_it_no_less_failed(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase(outcome="failed")

    def end(seconds: float) -> None:
        if seconds and shop.app.releases[-1].status == "pending":
            shop.app.finish_release("failed")
            shop.app.deploy()

    shop.clock.during = end
    assert str(shop.failure(plan)) == "v3 of demo failed: the config is not live"


# Whose release it is.


def test_a_colleague_s_release_of_the_very_same_change_is_not_called_ours(
    shop: Shop, plan: Plan
) -> None:
    """Theirs is v3, just before ours; v4 is ours, though nothing differs in it."""
    shop.emulator.empty_patch_releases = True
    shop.meanwhile(lambda: shop.app.set_vars(changes_of(plan)))
    done = shop.apply(plan)
    assert (done.version, done.is_ours, done.is_among_others) == (4, True, False)
    assert done.previous == 3


def test_where_only_a_colleague_s_release_has_the_change_it_is_not_called_ours(
    shop: Shop, plan: Plan
) -> None:
    """Heroku may make no release of a change without effect."""
    shop.emulator.empty_patch_releases = False
    shop.meanwhile(lambda: shop.app.set_vars(changes_of(plan)))
    done = shop.apply(plan)
    assert (done.state, done.version, done.is_ours) == (State.APPLIED, 3, False)


def test_a_colleague_s_release_after_ours_that_carries_the_change_is_not_called_ours(
    shop: Shop, plan: Plan
) -> None:
    theirs = Writer(lambda: shop.app.set_vars({"OTHER": "1"}), When.AFTER)
    shop.inject(Fault(what=theirs, method="PATCH"))
    done = shop.apply(plan)
    assert (done.version, done.is_ours, done.is_among_others) == (3, True, True)


def test_where_the_key_may_not_see_its_account_two_releases_are_nobody_s(
    shop: Shop, plan: Plan
) -> None:
    theirs = Writer(lambda: shop.app.set_vars({"OTHER": "1"}), When.AFTER)
    shop.inject(
        Fault(what=theirs, method="PATCH"), Fault(what=Status(403), path="/account", times=9)
    )
    assert not shop.apply(plan).is_ours


@pytest.mark.parametrize("body", ["[]", "{}", '{"email": 7}', "<html>"])
def test_where_the_key_may_not_see_its_account_the_only_release_is_ours(
    shop: Shop, plan: Plan, body: str
) -> None:
    shop.inject(Fault(what=Body(body), path="/account"))
    done = shop.apply(plan)
    assert (done.version, done.is_ours) == (3, True)


def test_a_release_that_lands_behind_ours_is_told_so_that_the_undo_is_narrow(
    shop: Shop, plan: Plan
) -> None:
    shop.app.release_phase = ReleasePhase(reads=2)
    shop.meanwhile(shop.app.deploy, method="GET", path=f"{RELEASES}/3")
    done = shop.apply(plan)
    assert (done.version, done.previous, done.is_among_others) == (3, 2, True)


def test_where_ours_fails_one_that_carries_the_change_is_waited_for(shop: Shop, plan: Plan) -> None:
    """v3 is ours and fails; v4, a colleague's, was made on top of it, and is pending then."""
    shop.app.release_phase = ReleasePhase(reads=2, outcome="failed", failed_reads="failed")

    def carry() -> None:
        shop.app.release_phase = ReleasePhase(reads=9)
        shop.app.patch({"OTHER": "1"}, user="ben@example.com", even_without_effect=False)

    shop.inject(Fault(what=Writer(carry, When.AFTER), method="PATCH"))
    waited: set[int] = set()
    done = shop.apply(plan, waiting=lambda version, _: waited.add(version))
    assert (done.state, done.version, done.is_ours) == (State.APPLIED, 4, False)
    assert waited == {3, 4}


def test_what_another_release_made_live_is_not_waited_for_until_ours_ends(
    shop: Shop, plan: Plan
) -> None:
    """A release can stay pending for ever (heroku/cli#1272), and a later one carry its change."""
    shop.app.release_phase = ReleasePhase()

    theirs = Writer(lambda: shop.app.set_vars({**changes_of(plan), "OTHER": "1"}), When.AFTER)
    shop.inject(Fault(what=theirs, method="PATCH"))
    done = shop.apply(plan)
    assert (done.state, done.version, done.is_ours) == (State.APPLIED, 4, False)
    assert shop.clock.now == 297
    assert shop.waited == [3]


def changes_of(plan: Plan) -> dict[str, str | None]:
    return {change.name: AFTER.get(change.name) for change in plan.changes}


# A change that is on its way already.


@pytest.mark.parametrize("makes_release", [True, False], ids=["release", "no-release"])
@pytest.mark.parametrize("pending_reads", PENDING_READS)
def test_a_second_sync_waits_for_the_release_of_the_first(
    shop: Shop, plan: Plan, pending_reads: Literal["new", "old", "404"], makes_release: bool
) -> None:
    shop.emulator.empty_patch_releases = makes_release
    shop.app.release_phase = ReleasePhase(reads=8, pending_reads=pending_reads)
    assert shop.apply(plan, wait=0).state is State.SENT
    done = shop.apply(shop.plan())
    assert done.state is State.APPLIED
    assert shop.app.vars == AFTER
    is_known = pending_reads == "new"
    assert (shop.patches, done.was_pending) == ((1, True) if is_known else (2, False))
    assert done.version == (4 if makes_release and not is_known else 3)
    # Of v4 it is known that it is ours; nobody waited for v3, so it is nothing to go back to.
    assert (done.previous, done.is_among_others) == (2, not is_known)


def test_a_second_sync_that_does_not_wait_sends_nothing_and_says_what_is_pending(
    shop: Shop, plan: Plan
) -> None:
    shop.app.release_phase = ReleasePhase()
    shop.apply(plan, wait=0)
    done = shop.apply(shop.plan(), wait=0)
    assert (done.state, done.version, done.was_pending) == (State.SENT, 3, True)
    assert shop.patches == 1


def test_a_second_sync_whose_pending_release_fails_says_so(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase(reads=8, outcome="failed")
    shop.apply(plan, wait=0)
    assert str(shop.failure(shop.plan())) == "v3 of demo failed: the config is not live"
    assert shop.patches == 1


def test_another_change_is_sent_though_a_release_is_pending(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase()
    shop.apply(plan, wait=0)
    shop.clock.during = lambda seconds: seconds and shop.app.finish_release("succeeded")
    done = shop.apply(shop.plan(f"{DECLARED}MORE=1\n"))
    assert (done.state, done.was_pending, shop.patches) == (State.APPLIED, False, 2)
    assert shop.app.vars == {**AFTER, "MORE": "1"}


def test_an_interruption_while_an_earlier_release_is_waited_for_is_told(
    shop: Shop, plan: Plan
) -> None:
    shop.app.release_phase = ReleasePhase()
    shop.apply(plan, wait=0)
    shop.clock.during = interrupting(KeyboardInterrupt)
    assert str(shop.stopped(shop.plan())) == (
        "interrupted (Ctrl-C) while waiting:"
        " the change was on its way as v3 to demo, and is not verified"
    )


# Too much.


@pytest.mark.parametrize("extra", [1, 5_000])
def test_more_than_heroku_takes_is_refused_with_the_size(shop: Shop, extra: int) -> None:
    held = sum(len(name) + len(value) for name, value in BEFORE.items())
    room = 64 * 1024 - held - len("BIG")
    plan = shop.plan("BIG=" + "x" * (room + extra) + "\n", prune=False)
    error = shop.failure(plan)
    assert str(error).startswith(
        f"demo: nothing was written: its vars would have {65_536 + extra:,} bytes in all,"
        " and Heroku's limit is 65,536 (422)"
    )
    assert error.next_step == (
        "take out what the app does not need, or store the largest values elsewhere"
    )
    assert shop.app.vars == BEFORE
    assert shop.apply(shop.plan("BIG=" + "x" * room + "\n", prune=False)).state is State.APPLIED


def test_a_422_of_another_kind_is_not_told_as_a_matter_of_size(shop: Shop, plan: Plan) -> None:
    shop.inject(patched(Status(422, body='{"id": "invalid_params"}')))
    assert "bytes" not in str(shop.failure(plan))


def test_a_release_that_never_ends_is_left_alone_after_an_hour_and_more(
    shop: Shop, plan: Plan
) -> None:
    shop.app.release_phase = ReleasePhase()
    error = shop.failure(plan)
    assert isinstance(error, NotApplied)
    assert str(error) == (
        "v3 of demo is still pending after 65 minutes: the change was sent and is not verified"
    )
    assert error.next_step == LOOK
    assert set(shop.clock.slept) == {3.0}
    assert shop.clock.now == 65 * MINUTE


@pytest.mark.parametrize(("minutes", "said"), [(1, "1 minute"), (70, "70 minutes")])
def test_a_release_is_waited_for_as_long_as_was_asked_and_no_longer(
    shop: Shop, plan: Plan, minutes: int, said: str
) -> None:
    shop.app.release_phase = ReleasePhase()
    assert f"still pending after {said}: " in str(shop.failure(plan, wait=minutes))
    assert shop.clock.now == minutes * MINUTE


def test_the_minutes_are_those_of_all_releases_that_are_waited_for(shop: Shop, plan: Plan) -> None:
    """Where none says of itself that it has the change, each of them is waited for in turn."""
    shop.app.release_phase = ReleasePhase(pending_reads="404")
    theirs = {"THEIRS": "theirs"}
    shop.meanwhile(lambda: shop.app.patch(theirs, user="ana@example.com", even_without_effect=True))

    def end(_: float) -> None:
        if shop.clock.now == 4 * MINUTE:
            shop.app.finish_release("succeeded")

    shop.clock.during = end
    assert "still pending after 5 minutes: " in str(shop.failure(plan, wait=5))
    assert shop.clock.now == 5 * MINUTE


def test_a_release_that_ends_in_the_last_moment_counts(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase()

    def end(_: float) -> None:
        if shop.clock.now == 65 * MINUTE:
            shop.app.finish_release("succeeded")

    shop.clock.during = end
    assert shop.apply(plan).state is State.APPLIED


def test_without_waiting_a_pending_release_is_sent_and_not_verified(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase()
    done = shop.apply(plan, wait=0)
    assert done == Synced("demo", plan, State.SENT, version=3, previous=2)
    assert shop.clock.slept == []
    assert shop.waited == []
    assert shop.app.vars == BEFORE


def test_without_waiting_a_release_that_is_there_at_once_is_verified(
    shop: Shop, plan: Plan
) -> None:
    assert shop.apply(plan, wait=0).state is State.APPLIED


def test_without_waiting_a_release_that_failed_at_once_is_told(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase(reads=0, outcome="failed", failed_reads="failed")
    assert str(shop.failure(plan, wait=0)) == "v3 of demo failed: the config is not live"


def test_a_release_that_is_pending_while_a_later_one_is_there_is_still_waited_for(
    shop: Shop, plan: Plan
) -> None:
    shop.app.release_phase = ReleasePhase(reads=4)
    shop.clock.during = lambda _: shop.app.deploy()
    done = shop.apply(plan)
    assert (done.state, done.version) == (State.APPLIED, 3)


@pytest.mark.parametrize("fault", [Reset(), Status(503), Status(429)], ids=["reset", "503", "429"])
def test_a_poll_that_fails_once_does_not_end_the_waiting(
    shop: Shop, plan: Plan, fault: Reset | Status
) -> None:
    shop.app.release_phase = ReleasePhase(reads=5)
    shop.inject(Fault(what=fault, method="GET", path=f"{RELEASES}/3", after=1))
    assert shop.apply(plan).state is State.APPLIED


def test_a_poll_that_times_out_once_does_not_end_the_waiting(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase(reads=5)
    shop.inject(Fault(what=Latency(3600), method="GET", path=f"{RELEASES}/3", after=1))
    with heroku_at(shop.emulator.url, shop.clock, timeouts=HASTY) as hasty:
        assert shop.apply(plan, heroku=hasty).state is State.APPLIED


@pytest.mark.parametrize(
    "path", [f"{RELEASES}/3", CONFIG], ids=["while waiting", "while verifying"]
)
@pytest.mark.parametrize(
    "fault", [Status(503, body=PAGE), Status(401), Reset()], ids=["503", "401", "reset"]
)
def test_when_heroku_is_lost_from_sight_it_is_still_said_that_the_change_was_sent(
    shop: Shop, plan: Plan, path: str, fault: Status | Reset
) -> None:
    shop.app.release_phase = ReleasePhase(reads=3)
    shop.inject(Fault(what=fault, method="GET", path=path, times=10_000))
    text = str(shop.failure(plan))
    assert "sent as v3" in text
    assert "not verified" in text
    assert shop.patches == 1


# Verification.


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"LEVEL": "other"}, "LEVEL"),
        ({"NEW": None}, "NEW"),
        ({"OLD": "back"}, "OLD"),
        ({"LEVEL": "info", "NEW": "other", "OLD": "old"}, "LEVEL, NEW, OLD"),
    ],
)
def test_another_writer_right_after_us_is_told(
    shop: Shop, plan: Plan, changes: dict[str, str | None], names: str
) -> None:
    shop.meanwhile(lambda: shop.app.set_vars(changes), method="GET", path=CONFIG)
    error = shop.failure(plan)
    assert isinstance(error, NotApplied)
    assert error.exit_code == 1
    assert str(error) == (
        f"the change was sent as v3, but demo does not hold what was meant: {names}"
    )
    assert error.next_step == LOOK
    assert shop.patches == 1


def test_another_writer_right_after_us_who_touches_other_names_is_no_failure(
    shop: Shop, plan: Plan
) -> None:
    shop.meanwhile(lambda: shop.app.set_vars({"OTHER": "1"}), method="GET", path=CONFIG)
    assert shop.apply(plan).version == 3


def test_another_writer_during_our_release_phase_is_told(shop: Shop, plan: Plan) -> None:
    shop.app.release_phase = ReleasePhase(reads=2)
    shop.meanwhile(lambda: shop.app.set_vars({"LEVEL": "x"}), method="GET", path=CONFIG, after=1)
    assert str(shop.failure(plan)) == (
        "the change was sent as v3, but demo does not hold what was meant: LEVEL"
    )


# What cannot be read back.


@pytest.mark.parametrize("mask", [None, "****"])
@pytest.mark.parametrize("reads", [0, 3])
def test_what_cannot_be_read_back_is_not_verified_and_no_failure(
    shop: Shop, plan: Plan, mask: str | None, reads: int
) -> None:
    shop.app.hidden.masked["LEVEL"] = mask
    if reads:
        shop.app.release_phase = ReleasePhase(reads=reads)
    done = shop.apply(plan)
    assert (done.state, done.version, done.unverified) == (State.APPLIED, 3, ("LEVEL",))


def test_a_release_of_which_nothing_can_be_read_is_waited_for(shop: Shop) -> None:
    plan = shop.plan(f"KEEP=by hand\nLEVEL={CANARY}\nOLD=old\n")
    shop.app.hidden.masked["LEVEL"] = None
    shop.app.release_phase = ReleasePhase(reads=3)
    done = shop.apply(plan)
    assert (done.state, done.version, done.unverified) == (State.APPLIED, 3, ("LEVEL",))
    assert shop.waited == [3]


def test_a_release_of_which_nothing_can_be_read_is_not_chosen_from_several(shop: Shop) -> None:
    plan = shop.plan(f"KEEP=by hand\nLEVEL={CANARY}\nOLD=old\n")
    shop.app.hidden.masked["LEVEL"] = None
    shop.meanwhile(shop.app.deploy)
    done = shop.apply(plan)
    assert (done.state, done.version, done.unverified) == (State.APPLIED, None, ("LEVEL",))


def test_a_lost_answer_to_what_cannot_be_read_is_not_known_to_be_applied(shop: Shop) -> None:
    plan = shop.plan(f"KEEP=by hand\nLEVEL={CANARY}\nOLD=old\n")
    shop.app.hidden.masked["LEVEL"] = None
    shop.inject(patched(Reset()))
    assert str(shop.failure(plan)).endswith(
        "and whether demo holds it is unknown: LEVEL cannot be read"
    )


def test_a_removal_of_what_cannot_be_read_is_missing_where_it_is_still_there(
    shop: Shop, plan: Plan
) -> None:
    left = json.dumps({**AFTER, "OLD": None})
    shop.inject(Fault(what=Body(left), method="GET", path=CONFIG, times=9))
    assert str(shop.failure(plan)).endswith("does not hold what was meant: OLD")


# Answers that were lost.

EFFECTIVE = [
    pytest.param(Status(500, When.AFTER), id="500"),
    pytest.param(Status(502, When.AFTER, body=PAGE), id="502"),
    pytest.param(Status(503, When.AFTER, retry_after="1"), id="503"),
    pytest.param(Status(504, When.AFTER), id="504"),
    pytest.param(Status(408, When.AFTER), id="408"),
    pytest.param(Status(203, When.AFTER, body=PAGE), id="203"),
    pytest.param(Reset(When.AFTER), id="reset"),
    pytest.param(Truncated(), id="truncated"),
    pytest.param(Truncated(PAGE), id="truncated page"),
    pytest.param(Body(PAGE), id="html"),
    pytest.param(Body(""), id="nothing"),
    pytest.param(Body(f'["{CANARY}"]'), id="a list"),
]
WITHOUT_EFFECT = [
    pytest.param(Status(500), "Heroku answered 500", id="500"),
    pytest.param(Status(502, body=PAGE), "Heroku answered 502", id="502"),
    pytest.param(Status(503), "Heroku answered 503", id="503"),
    pytest.param(Reset(), "the connection broke", id="reset"),
]


@pytest.mark.parametrize("fault", EFFECTIVE)
def test_a_change_whose_answer_was_lost_is_found(
    shop: Shop, plan: Plan, fault: Status | Reset | Truncated | Body
) -> None:
    shop.inject(patched(fault))
    done = shop.apply(plan)
    assert done == Synced("demo", plan, State.APPLIED, version=3, previous=2, is_ours=False)
    assert shop.patches == 1
    assert len(shop.app.releases) == 3


@pytest.mark.parametrize("fault", EFFECTIVE)
@pytest.mark.parametrize("outcome", ["succeeded", "failed"])
def test_a_change_whose_answer_was_lost_is_followed_through_its_release_phase(
    shop: Shop,
    plan: Plan,
    fault: Status | Reset | Truncated | Body,
    outcome: Literal["succeeded", "failed"],
) -> None:
    shop.app.release_phase = ReleasePhase(reads=3, outcome=outcome)
    shop.inject(patched(fault))
    if outcome == "succeeded":
        assert shop.apply(plan).state is State.APPLIED
    else:
        assert str(shop.failure(plan)) == (
            "v3 of demo, which has the change, failed: the config is not live"
        )
    assert shop.waited == [3]
    assert shop.patches == 1


def test_without_waiting_a_change_whose_answer_was_lost_is_found_pending(
    shop: Shop, plan: Plan
) -> None:
    shop.app.release_phase = ReleasePhase()
    shop.inject(patched(Reset(When.AFTER)))
    assert shop.apply(plan, wait=0) == Synced(
        "demo", plan, State.SENT, version=3, previous=2, is_ours=False
    )


@pytest.mark.parametrize(("fault", "why"), WITHOUT_EFFECT)
def test_a_change_that_was_lost_with_its_answer_is_said_to_be_missing_after_fifteen_seconds(
    shop: Shop, plan: Plan, fault: Status | Reset, why: str
) -> None:
    shop.inject(patched(fault))
    error = shop.failure(plan)
    assert isinstance(error, NotApplied)
    assert error.exit_code == 1
    assert str(error) == (
        f"the answer was lost ({why}), and nothing has changed on demo so far; it may still arrive"
    )
    assert error.next_step == LOOK
    assert sum(shop.clock.slept) == 15
    assert shop.patches == 1
    assert shop.app.vars == BEFORE


@pytest.mark.parametrize("when", When, ids=lambda when: when.value)
def test_a_patch_that_times_out_is_not_sent_again(shop: Shop, plan: Plan, when: When) -> None:
    shop.inject(patched(Latency(3600, when)))
    with heroku_at(shop.emulator.url, shop.clock, timeouts=HASTY) as hasty:
        if when is When.AFTER:
            assert shop.apply(plan, heroku=hasty).version == 3
        else:
            assert str(shop.failure(plan, heroku=hasty)) == (
                "the answer was lost (no answer in time), and nothing has changed on demo so far;"
                " it may still arrive"
            )
    assert shop.patches == 1


@pytest.mark.parametrize("pause", [1, 2, 4, 8])
def test_a_change_that_arrives_late_is_found(shop: Shop, plan: Plan, pause: float) -> None:
    def arrive(seconds: float) -> None:
        if seconds == pause:
            shop.app.patch(
                {change.name: AFTER.get(change.name) for change in plan.changes},
                user="you@example.com",
                even_without_effect=False,
            )

    shop.clock.during = arrive
    shop.inject(patched(Reset()))
    done = shop.apply(plan)
    assert done == Synced("demo", plan, State.APPLIED, version=3, previous=2, is_ours=False)
    assert shop.patches == 1


def test_a_deploy_while_we_look_for_a_lost_change_is_not_taken_for_it(
    shop: Shop, plan: Plan
) -> None:
    shop.clock.during = lambda _: shop.app.deploy()
    shop.inject(patched(Reset()))
    assert "nothing has changed on demo so far" in str(shop.failure(plan))


def test_a_change_that_is_there_in_part_is_told_by_its_names(shop: Shop, plan: Plan) -> None:
    shop.meanwhile(lambda: shop.app.set_vars({"OLD": None}))
    shop.inject(patched(Status(503)))
    error = shop.failure(plan)
    assert isinstance(error, NotApplied)
    assert str(error) == (
        "the answer was lost (Heroku answered 503),"
        " but demo does not hold what was meant: LEVEL, NEW"
    )
    assert error.next_step == LOOK
    assert shop.patches == 1


@pytest.mark.parametrize(
    "changes",
    [{"LEVEL": "third"}, {"LEVEL": "third", "NEW": "x", "OLD": "x"}, {"LEVEL": None}],
    ids=["one", "all", "removed"],
)
def test_where_another_writer_was_nobody_is_told_that_nothing_has_changed(
    shop: Shop, plan: Plan, changes: dict[str, str | None]
) -> None:
    shop.meanwhile(lambda: shop.app.set_vars(changes))
    shop.inject(patched(Reset()))
    text = str(shop.failure(plan))
    assert "nothing has changed" not in text
    assert "LEVEL" in text
    assert shop.patches == 1


def test_a_change_whose_answer_was_lost_and_which_was_then_overwritten_is_told_as_sent(
    shop: Shop, plan: Plan
) -> None:
    shop.inject(
        patched(Reset(When.AFTER)),
        Fault(what=Writer(lambda: shop.app.set_vars({"LEVEL": "x"}), When.AFTER), method="PATCH"),
    )
    assert str(shop.failure(plan)) == (
        "the change was sent, but demo does not hold what was meant: LEVEL"
    )


@pytest.mark.parametrize("when", When, ids=lambda when: when.value)
def test_where_nothing_can_be_read_it_is_said_to_be_unknown(
    shop: Shop, plan: Plan, when: When
) -> None:
    shop.inject(
        patched(Status(502, when, body=PAGE)),
        Fault(what=Status(502, body=PAGE), method="GET", after=1, times=10_000),
    )
    error = shop.failure(plan)
    assert isinstance(error, NotApplied)
    assert re.fullmatch(
        r"the answer was lost \(Heroku answered 502\), but demo cannot be read since"
        r" \(Heroku refused GET /apps/demo/releases \(502\) \[Request-Id [0-9a-f,-]+\]\),"
        r" so whether it holds is unknown",
        str(error),
    )
    assert shop.patches == 1


def test_an_accepted_change_that_cannot_be_looked_for_is_said_to_be_accepted(
    shop: Shop, plan: Plan
) -> None:
    shop.inject(Fault(what=Reset(), method="GET", after=1, times=10_000))
    assert str(shop.failure(plan)) == (
        "Heroku accepted the change, but demo cannot be read since"
        f" ({shop.emulator.url}: the connection broke), so whether it holds is unknown"
    )
    assert shop.patches == 1


def test_an_accepted_change_that_never_shows_is_told(shop: Shop, plan: Plan) -> None:
    """A 200 that somebody else gave: nothing of it ever reaches Heroku."""
    shop.inject(patched(Status(200, body="{}")))
    error = shop.failure(plan)
    assert isinstance(error, NotApplied)
    assert str(error) == (
        "Heroku accepted the change, but demo does not hold what was meant: LEVEL, NEW, OLD"
    )
    assert sum(shop.clock.slept) == 15


def test_an_accepted_change_without_a_release_is_verified_all_the_same(
    shop: Shop, plan: Plan
) -> None:
    """Somebody else made the very same change just before us."""
    shop.meanwhile(
        lambda: shop.app.set_vars({"LEVEL": CANARY, "NEW": CANARY, "OLD": None}),
    )
    done = shop.apply(plan)
    assert done.state is State.APPLIED
    assert shop.app.vars == AFTER
    assert len(shop.app.releases) == 3


# Refusals: nothing was written, and that is what is said.


def test_a_name_that_an_addon_took_since_the_plan_refuses_the_whole(shop: Shop, plan: Plan) -> None:
    shop.app.add_addon("x:y", "taker", {"LEVEL": "theirs"}, attachment="LEVEL")
    error = shop.failure(plan)
    assert isinstance(error, OwnedByAddon)
    assert error.names == ("LEVEL",)
    assert str(error) == (
        f"demo: nothing was written: an add-on owns LEVEL (422) [Request-Id {error.request_id}]"
    )
    assert shop.app.vars == {**BEFORE, "LEVEL": "theirs"}
    assert shop.patches == 1


def test_a_patch_after_429_is_the_only_one_that_is_repeated(shop: Shop, plan: Plan) -> None:
    shop.inject(Fault(what=Status(429), method="PATCH", times=2))
    assert shop.apply(plan).version == 3
    assert shop.writes == [("LEVEL", "NEW", "OLD")] * 3
    assert shop.clock.slept == [10, 20]
    assert len(shop.app.releases) == 3


def test_a_patch_that_is_rate_limited_for_good_was_not_written(shop: Shop, plan: Plan) -> None:
    shop.inject(Fault(what=Status(429), method="PATCH", times=4))
    error = shop.failure(plan)
    assert isinstance(error, ApiError)
    assert "; nothing was written (429)" in str(error)
    assert shop.app.vars == BEFORE


def test_a_patch_that_was_lost_after_a_429_is_not_repeated(shop: Shop, plan: Plan) -> None:
    shop.inject(patched(Status(429)), patched(Reset(When.AFTER)))
    assert shop.apply(plan).version == 3
    assert shop.patches == 2
    assert len(shop.app.releases) == 3


def test_a_key_that_is_revoked_at_the_last_moment_writes_nothing(shop: Shop, plan: Plan) -> None:
    shop.inject(patched(Status(401, body=PAGE)))
    assert isinstance(shop.failure(plan), Unauthorized)
    assert shop.app.vars == BEFORE
    assert shop.patches == 1


@pytest.mark.parametrize("fault", [Status(503, body=PAGE), Reset()], ids=["503", "reset"])
def test_where_the_newest_release_cannot_be_read_nothing_is_sent(
    shop: Shop, plan: Plan, fault: Status | Reset
) -> None:
    shop.inject(Fault(what=fault, method="GET", times=4))
    shop.failure(plan)
    assert shop.patches == 0


# Ctrl-C and SIGTERM.

SIGNALS = pytest.mark.parametrize(
    ("interruption", "words", "code"),
    [
        pytest.param(KeyboardInterrupt, "interrupted (Ctrl-C)", 130, id="Ctrl-C"),
        pytest.param(Terminated, "terminated (SIGTERM)", 143, id="SIGTERM"),
    ],
)


def interrupting(
    interruption: type[KeyboardInterrupt], *, at: float | None = None
) -> Callable[[float], None]:
    """For a clock: interrupt each sleep, or those of so many seconds."""

    def during(seconds: float) -> None:
        if seconds and at in (None, seconds):
            raise interruption

    return during


@SIGNALS
def test_an_interruption_before_the_patch_writes_nothing(
    shop: Shop, plan: Plan, interruption: type[KeyboardInterrupt], words: str, code: int
) -> None:
    """It may come through as it is: nothing was sent, so there is nothing to find out."""
    shop.inject(Fault(what=Status(503), method="GET"))
    shop.clock.during = interrupting(interruption)
    with pytest.raises((interruption, Stopped)):
        shop.apply(plan)
    assert shop.patches == 0


@SIGNALS
def test_an_interruption_while_a_patch_waits_out_the_rate_limit_is_told(
    shop: Shop, plan: Plan, interruption: type[KeyboardInterrupt], words: str, code: int
) -> None:
    shop.inject(patched(Status(429)))
    shop.clock.during = interrupting(interruption, at=10)
    stopped = shop.stopped(plan)
    assert str(stopped) == f"{words}; nothing was written"
    assert (stopped.exit_code, stopped.is_sent) == (code, False)
    assert shop.app.vars == BEFORE
    assert shop.patches == 1
    assert shop.emulator.requests[-1].method == "PATCH"  # there is nothing to find out


@SIGNALS
@pytest.mark.parametrize("at", [1, 2, 4, 8])
def test_an_interruption_while_a_lost_change_is_looked_for_is_told(
    shop: Shop,
    plan: Plan,
    interruption: type[KeyboardInterrupt],
    words: str,
    code: int,
    at: float,
) -> None:
    shop.inject(patched(Reset()))
    shop.clock.during = interrupting(interruption, at=at)
    stopped = shop.stopped(plan)
    assert str(stopped) == (
        f"{words} while the change was being sent: demo has nothing of it so far,"
        " and it may still arrive"
    )
    assert (stopped.exit_code, stopped.next_step) == (code, LOOK)
    assert shop.patches == 1


def test_an_interruption_when_a_part_has_arrived_says_a_part(shop: Shop, plan: Plan) -> None:
    shop.meanwhile(lambda: shop.app.set_vars({"OLD": None}))
    shop.inject(patched(Reset()))
    shop.clock.during = interrupting(KeyboardInterrupt)
    assert str(shop.stopped(plan)) == (
        "interrupted (Ctrl-C) while the change was being sent: demo has a part of it so far,"
        " and it may still arrive"
    )


def test_an_interruption_when_the_change_has_arrived_says_so(shop: Shop, plan: Plan) -> None:
    """The releases could not be read at first, so it was still looked for."""
    shop.inject(Fault(what=Status(503), method="GET", path=RELEASES, after=1))
    shop.clock.during = interrupting(KeyboardInterrupt)
    stopped = shop.stopped(plan)
    assert str(stopped) == "interrupted (Ctrl-C) while the change was being sent: demo has it (v3)"
    assert shop.app.vars == AFTER


def test_an_interruption_never_calls_a_failed_release_arrived(shop: Shop, plan: Plan) -> None:
    """Where Heroku shows the vars of a release that failed, the vars alone do not tell."""
    shop.app.release_phase = ReleasePhase(reads=0, outcome="failed", failed_reads="failed")
    shop.inject(Fault(what=Status(503), method="GET", path=f"{RELEASES}/3/config-vars"))
    shop.clock.during = interrupting(KeyboardInterrupt)
    assert "demo has it" not in str(shop.stopped(plan))


def test_an_interruption_does_not_say_of_what_was_overwritten_that_it_is_there(
    shop: Shop, plan: Plan
) -> None:
    shop.inject(Fault(what=Status(503), method="GET", path=RELEASES, after=1))
    theirs = Writer(lambda: shop.app.set_vars({"LEVEL": "x"}), When.AFTER)
    shop.inject(Fault(what=theirs, method="PATCH"))
    shop.clock.during = interrupting(KeyboardInterrupt)
    assert str(shop.stopped(plan)) == (
        "interrupted (Ctrl-C) while the change was being sent:"
        " demo had it (v3), and lacks LEVEL now"
    )


def test_a_second_interruption_ends_the_looking(shop: Shop, plan: Plan) -> None:
    shop.inject(
        patched(Reset()), Fault(what=Status(503), method="GET", path=CONFIG, times=99, after=1)
    )
    shop.clock.during = interrupting(KeyboardInterrupt)
    stopped = shop.stopped(plan)
    assert str(stopped) == (
        "interrupted (Ctrl-C) while the change was being sent: whether demo has it is not known"
    )
    assert (stopped.exit_code, stopped.next_step) == (130, LOOK)


@SIGNALS
def test_an_interruption_while_a_release_phase_runs_is_told(
    shop: Shop, plan: Plan, interruption: type[KeyboardInterrupt], words: str, code: int
) -> None:
    shop.app.release_phase = ReleasePhase()
    shop.clock.during = interrupting(interruption, at=3)
    stopped = shop.stopped(plan)
    assert str(stopped) == (
        f"{words} while waiting: the change was sent as v3 to demo, and is not verified"
    )
    assert (stopped.exit_code, stopped.next_step) == (code, LOOK)


def test_an_interruption_while_the_waiting_is_announced_is_told(shop: Shop, plan: Plan) -> None:
    def waiting(_version: int, _seconds: float) -> None:
        raise KeyboardInterrupt

    shop.app.release_phase = ReleasePhase()
    assert "the change was sent as v3 to demo" in str(shop.stopped(plan, waiting=waiting))


@SIGNALS
def test_an_interruption_while_verifying_is_told(
    shop: Shop, plan: Plan, interruption: type[KeyboardInterrupt], words: str, code: int
) -> None:
    shop.inject(Fault(what=Status(503), method="GET", path=CONFIG))
    shop.clock.during = interrupting(interruption)
    stopped = shop.stopped(plan)
    assert str(stopped) == (
        f"{words} while waiting: the change was sent as v3 to demo, and is not verified"
    )
    assert stopped.exit_code == code


@pytest.fixture
def listening() -> Iterator[None]:
    """Signals are listened for, as the tasks arrange it."""
    with signals.listening():
        yield


REAL_SIGNALS = pytest.mark.parametrize(
    ("number", "words", "code"),
    [
        pytest.param(signal.SIGINT, "interrupted (Ctrl-C)", 130, id="SIGINT"),
        pytest.param(signal.SIGTERM, "terminated (SIGTERM)", 143, id="SIGTERM"),
    ],
)


@REAL_SIGNALS
@pytest.mark.parametrize(
    ("when", "truth"),
    [
        (When.BEFORE, "demo has nothing of it so far, and it may still arrive"),
        (When.AFTER, "demo has it (v3)"),
    ],
    ids=["before", "after"],
)
def test_a_real_signal_while_the_patch_is_under_way_is_told_with_the_truth(
    shop: Shop,
    plan: Plan,
    listening: None,
    number: signal.Signals,
    words: str,
    code: int,
    when: When,
    truth: str,
) -> None:
    us = threading.get_ident()
    looked = threading.Event()

    def strike() -> None:
        signal.pthread_kill(us, number)
        looked.wait(10)  # the answer must not come before the signal

    shop.inject(Fault(what=Writer(strike, when), method="PATCH"))
    stopped = shop.stopped(plan)
    looked.set()
    assert str(stopped) == f"{words} while the change was being sent: {truth}"
    assert stopped.exit_code == code
    assert shop.patches == 1


@REAL_SIGNALS
def test_a_real_signal_while_a_poll_is_under_way_is_told(
    shop: Shop, plan: Plan, listening: None, number: signal.Signals, words: str, code: int
) -> None:
    us = threading.get_ident()
    told = threading.Event()

    def strike() -> None:
        signal.pthread_kill(us, number)
        told.wait(10)

    shop.app.release_phase = ReleasePhase()
    shop.meanwhile(strike, method="GET", path=f"{RELEASES}/3", after=2)
    stopped = shop.stopped(plan)
    told.set()
    assert str(stopped) == (
        f"{words} while waiting: the change was sent as v3 to demo, and is not verified"
    )
    assert stopped.exit_code == code


@contextmanager
def interrupted_at(line: int) -> Iterator[None]:
    """Raise KeyboardInterrupt at so-and-so-manieth line of the story that is run, once."""
    seen = 0

    def trace(frame: FrameType, event: str, _argument: object) -> "TraceFunction | None":
        nonlocal seen
        if frame.f_code.co_filename != sync.__file__:
            return None
        seen += event == "line"
        if event == "line" and seen == line:
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def end_of(shop: Shop, plan: Plan, line: int) -> Synced | Stopped | None:
    """How a sync ends that is interrupted at a line; None where the interruption came through."""
    try:
        with interrupted_at(line):
            return shop.apply(plan)
    except Stopped as stopped:
        return stopped
    except KeyboardInterrupt:
        return None


@pytest.mark.sampled(1)
@pytest.mark.parametrize("phase", [None, ReleasePhase(reads=2)], ids=["at once", "pending"])
def test_at_no_line_does_an_interruption_hide_what_is_true(phase: ReleasePhase | None) -> None:
    """One that comes through as it is is told as "nothing was written"."""
    lies = []
    for line in range(1, 1000):
        with open_shop() as shop:
            shop.app.release_phase = phase
            end = end_of(shop, shop.plan(), line)
            if isinstance(end, Synced):
                break
            text = "nothing was written" if end is None else str(end)
            is_there = shop.app.vars == AFTER
            lies += [
                (line, text)
                for words, is_so in (
                    ("nothing was written", shop.patches == 0),
                    ("demo has it", is_there),
                    ("demo has nothing", not is_there),
                    ("sent as v3", shop.patches == 1),
                )
                if words in text and not is_so
            ]
    assert isinstance(end, Synced)
    assert lies == []


# What a caller of many apps must know without reading the words.


def test_a_failed_release_phase_is_told_from_what_is_unknown(shop: Shop) -> None:
    shop.app.release_phase = ReleasePhase(reads=1, outcome="failed")
    assert getattr(shop.failure(shop.plan()), "is_failed", None) is True


def test_a_lost_answer_is_no_failed_release(shop: Shop) -> None:
    shop.emulator.inject(Fault(what=Reset(), method="PATCH"))
    assert getattr(shop.failure(shop.plan()), "is_failed", None) is False


def test_who_is_stopped_behind_the_patch_may_have_written(shop: Shop) -> None:
    def stop(_version: int, _seconds: float) -> None:
        raise KeyboardInterrupt

    shop.app.release_phase = ReleasePhase(reads=2)
    assert shop.stopped(shop.plan(), waiting=stop).is_sent
