"""A stage of a pipeline: each fault of a write told as it is, and the secrets of production."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from deploy.emulator import App, Body, Emulator, Fault, Redirect, Reset, Status, Truncated, When
from deploy.emulator.faults import Faults, Replacement, Writer
from deploy.emulator.pipelines import Pipeline
from deploy.envfile import lock
from deploy.errors import ChangedMeanwhile, DeployError, Forbidden, NotApplied, Stopped
from deploy.heroku.client import Heroku
from deploy.heroku.facts import PHASE_MINUTES
from deploy.names import LOCK_KEY
from deploy.plan.drift import Drift
from deploy.plan.outcome import Diff, State, Synced
from deploy.project.policy import Policy
from deploy.stories import drift
from deploy.stories.diff import read_again
from deploy.stories.stage import diff_of_stage, is_undone_by
from deploy.stories.sync import PAUSES, apply

from ..support import CANARY, KEY, FakeClock, at_the_same_time, declared, heroku_at, said_by

REVIEW = "my-pipeline/review"
BEFORE = {"KEEP": "by hand", "LEVEL": f"info {CANARY}", "OLD": f"old {CANARY}"}
AFTER = {"KEEP": "by hand", "LEVEL": CANARY, "NEW": CANARY}
DECLARED = f"KEEP=by hand\nLEVEL={CANARY}\nNEW={CANARY}\n"
"""With a prune: sets NEW, changes LEVEL, removes OLD."""
LOOK = "run config.diff --pipeline my-pipeline --stage review"
PAGE = f"<html>{CANARY} {KEY}</html>"
FOREVER = 99


@dataclass
class World:
    """A pipeline with an app in production, and how its review stage is written to."""

    emulator: Emulator
    pipeline: Pipeline
    shop: App
    heroku: Heroku
    clock: FakeClock = field(default_factory=FakeClock)
    notices: list[str] = field(default_factory=list)

    @property
    def live(self) -> dict[str, str]:
        return self.pipeline.vars["review"]

    @property
    def path(self) -> str:
        return f"/pipelines/{self.pipeline.id}/stage/review/config-vars"

    def diff(self, text: str = DECLARED, *, ignore: str = "NONE") -> Diff:
        return diff_of_stage(
            *(self.heroku, REVIEW, declared(text)), policy=Policy(ignore=(ignore,)), prune=True
        )

    def apply(self, found: Diff, *, wait: int = PHASE_MINUTES) -> Synced:
        return apply(
            *(self.heroku, REVIEW, found.plan, found.releases),
            clock=self.clock,
            waiting=lambda _version, _seconds: pytest.fail("there is nothing to wait for"),
            wait=wait,
        )

    def asked(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.emulator.requests]


@pytest.fixture
def world(emulator: Emulator) -> Iterator[World]:
    pipeline = emulator.add_pipeline("my-pipeline")
    pipeline.vars["review"] = dict(BEFORE)
    shop = emulator.add_app("shop", {"API_KEY": CANARY, "LEVEL": "info"})
    pipeline.couple(shop, "production")
    clock = FakeClock()
    notices: list[str] = []
    with heroku_at(emulator.url, clock, notice=notices.append) as heroku:
        yield World(emulator, pipeline, shop, heroku, clock, notices)
    assert not any("canary" in notice for notice in notices)


# All goes well.


def test_a_plan_is_one_patch_and_is_verified_by_reading_back(world: World) -> None:
    found = world.diff()
    world.emulator.requests.clear()
    done = world.apply(found)
    assert world.live == AFTER
    assert done == Synced(REVIEW, found.plan, State.APPLIED)
    assert (done.version, done.previous) == (None, None)
    assert world.asked() == [f"PATCH {world.path}", f"GET {world.path}"]
    assert world.clock.slept == []


@pytest.mark.parametrize("wait", [0, 1])
def test_how_long_a_release_phase_is_waited_for_means_nothing(wait: int, world: World) -> None:
    assert world.apply(world.diff(), wait=wait).state is State.APPLIED


def test_a_second_sync_has_nothing_to_do(world: World) -> None:
    world.apply(world.diff())
    again = world.diff()
    assert again.is_in_sync
    assert again.digest is None


def test_what_stands_in_production_is_asked_beside_the_vars(world: World) -> None:
    """The name once, ahead of both; then the vars of the stage, and which apps are where."""
    couplings = f"/pipelines/{world.pipeline.id}/pipeline-couplings"
    at_the_same_time(world.emulator, world.path, couplings)
    world.diff()
    assert sorted(world.asked()) == sorted(
        [
            "GET /pipelines",
            f"GET {world.path}",
            f"GET {couplings}",
            f"GET /apps/{world.shop.id}/config-vars",
        ]
    )


def test_the_digest_is_of_this_pipeline_and_this_stage(world: World) -> None:
    digest = world.diff().digest
    assert digest == world.diff().digest
    world.pipeline.vars["test"] = dict(BEFORE)
    test = diff_of_stage(
        *(world.heroku, "my-pipeline/test", declared(DECLARED)), policy=Policy(), prune=True
    )
    by_id = diff_of_stage(
        *(world.heroku, f"{world.pipeline.id}/review", declared(DECLARED)),
        policy=Policy(),
        prune=True,
    )
    world.pipeline.name = "other"
    other = world.emulator.add_pipeline("my-pipeline")
    other.id = "01234567-89ab-cdef-0123-456789abcdef"
    other.vars["review"] = dict(BEFORE)
    world.heroku.pipelines.clear()
    assert by_id.digest == digest
    assert len({digest, test.digest, world.diff().digest}) == 3


def test_nothing_is_written_where_somebody_else_wrote_after_a_question(world: World) -> None:
    found = world.diff()
    world.live["LEVEL"] = "theirs"
    with pytest.raises(ChangedMeanwhile) as caught:
        read_again(world.heroku, found)
    assert caught.value.names == ("LEVEL",)


# Every fault of a write, before and after its effect.

ANSWERS: dict[str, Replacement] = {
    **{f"{status}": Status(status) for status in (400, 401, 402, 403, 404, 409, 422, 423)},
    **{f"{status}-page": Status(status, body=PAGE) for status in (403, 408, 429, 500, 502, 503)},
    **{f"{status}-after": Status(status, When.AFTER, body=PAGE) for status in (408, 500, 502, 504)},
    "redirect": Redirect("/elsewhere", body=PAGE),
    "no-json": Body(PAGE),
    "other-json": Body(f'["{CANARY}"]'),
    "truncated": Truncated(),
    "head": Truncated(""),
    "empty": Body(""),
    "reset": Reset(),
    "reset-after": Reset(When.AFTER),
}
PLACES = {
    "patch": ("PATCH", "/pipelines/*/stage/review/config-vars", 0),
    "vars": ("GET", "/pipelines/*/stage/review/config-vars", 0),
    "vars-after": ("GET", "/pipelines/*/stage/review/config-vars", 1),
    "pipelines": ("GET", "/pipelines", 0),
    "couplings": ("GET", "/pipelines/*/pipeline-couplings", 0),
    "production": ("GET", "/apps/*/config-vars", 0),
}
"""A request, and how many of its kind go before it."""


def ended(world: World) -> Synced | DeployError:
    try:
        return world.apply(world.diff())
    except DeployError as error:
        return error


def check(world: World, how: Synced | DeployError) -> None:
    """What is told and what the emulator holds are the same, and no value is told."""
    assert not isinstance(how, DeployError) or "canary" not in said_by(how)
    match how:
        case Synced():
            assert (how.state, world.live) == (State.APPLIED, AFTER)
        case NotApplied():
            assert "PATCH" in {each.method for each in world.emulator.requests}
            assert how.next_step == LOOK
            if "nothing has changed on" in str(how):
                assert world.live == BEFORE
            else:
                assert "cannot be read since" in str(how) or "is not verified" in str(how)
        case DeployError():
            assert world.live == BEFORE


@pytest.mark.sampled(60)
@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "for-good"])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_told_is_what_the_stage_holds_wherever_a_fault_strikes(
    place: str, answer: str, times: int, world: World
) -> None:
    method, path, after = PLACES[place]
    what = ANSWERS[answer]
    world.emulator.inject(Fault(what=what, method=method, path=path, after=after, times=times))
    how = ended(world)
    check(world, how)
    if place == "patch" and isinstance(how, Synced) and answer.endswith("after"):
        assert not how.is_ours  # somebody else may have set the very same
    patches = [each for each in world.emulator.requests if each.method == "PATCH"]
    assert len(patches) <= 1 or answer.startswith("429")
    world.emulator._faults = Faults()
    world.heroku.pipelines.clear()
    again = world.diff()
    if not again.is_in_sync:
        assert world.apply(again).state is State.APPLIED
    assert world.live == AFTER


def test_a_lost_answer_to_a_change_that_took_effect_is_found_by_reading(world: World) -> None:
    world.emulator.inject(Fault(what=Reset(When.AFTER), method="PATCH"))
    done = world.apply(world.diff())
    assert (done.state, done.is_ours, world.live) == (State.APPLIED, False, AFTER)


def test_a_lost_answer_to_a_change_that_had_no_effect_is_waited_for(world: World) -> None:
    world.emulator.inject(Fault(what=Reset(), method="PATCH"))
    with pytest.raises(NotApplied) as caught:
        world.apply(world.diff())
    assert str(caught.value) == (
        "the answer was lost (the connection broke), and nothing has changed on"
        " my-pipeline/review so far; it may still arrive"
    )
    assert caught.value.next_step == LOOK
    assert world.clock.slept == [pause for pause in PAUSES if pause]


def test_what_is_overwritten_at_once_is_told(world: World) -> None:
    def overwrite() -> None:
        world.live["LEVEL"] = "theirs"

    world.emulator.inject(Fault(what=Writer(overwrite, When.AFTER), method="PATCH"))
    with pytest.raises(NotApplied) as caught:
        world.apply(world.diff())
    assert str(caught.value) == (
        "Heroku accepted the change, but my-pipeline/review does not hold what was meant: LEVEL"
    )


def test_what_cannot_be_read_back_is_not_verified(world: World) -> None:
    found = world.diff()
    world.pipeline.hidden.nulls.add("NEW")
    assert world.apply(found).unverified == ("NEW",)


@pytest.mark.parametrize("when", When)
def test_an_interrupted_write_says_what_is_true(when: When, world: World) -> None:
    found = world.diff()

    def arrive() -> None:
        world.pipeline.vars["review"] = dict(AFTER)

    def stop(seconds: float) -> None:
        if seconds:
            raise KeyboardInterrupt

    world.clock.during = stop
    world.emulator.inject(Fault(what=Reset(), method="PATCH"))
    if when is When.AFTER:  # it arrives while we wait to look again
        late = Writer(arrive, When.AFTER)
        world.emulator.inject(Fault(what=late, method="GET", path=world.path))
    with pytest.raises(Stopped) as caught:
        world.apply(found)
    has_it = "my-pipeline/review has it"
    nothing = "my-pipeline/review has nothing of it so far, and it may still arrive"
    truth = has_it if when is When.AFTER else nothing
    assert str(caught.value) == (f"interrupted (Ctrl-C) while the change was being sent: {truth}")


# Secrets of production.


@pytest.mark.parametrize(
    ("on_stage", "text", "names"),
    [
        ({}, "LEVEL=info\n", ()),
        ({"API_KEY": CANARY}, "LEVEL=info\n", ("API_KEY",)),
        ({}, f"API_KEY={CANARY}\n", ("API_KEY",)),
        ({"API_KEY": "own-of-review-1"}, f"API_KEY={CANARY}\n", ("API_KEY",)),
        ({"API_KEY": "own-of-review-1"}, "API_KEY=own-of-review-2\n", ()),
        ({"LEVEL": "info"}, "LEVEL=info\n", ()),
        ({"OTHER_KEY": CANARY}, "LEVEL=info\n", ()),
    ],
    ids=["none", "live", "declared", "replaced", "its own", "no secret", "another name"],
)
def test_a_secret_of_production_is_told_where_the_stage_has_it_or_would(
    on_stage: dict[str, str], text: str, names: tuple[str, ...], world: World
) -> None:
    world.pipeline.vars["review"] = on_stage
    assert world.diff(text).production == names


def test_only_apps_in_production_count_and_no_ignored_name(world: World) -> None:
    staging = world.emulator.add_app("shop-staging", {"STAGING_KEY": CANARY})
    world.pipeline.couple(staging, "staging")
    world.pipeline.vars["review"] = {"STAGING_KEY": CANARY, "API_KEY": CANARY}
    assert world.diff().production == ("API_KEY",)
    assert world.diff(ignore="API_*").production == ()


@pytest.mark.parametrize("where", ["/apps/*/config-vars", "/pipelines/*/pipeline-couplings"])
def test_where_production_cannot_be_read_the_plan_is_made_all_the_same(
    where: str, world: World
) -> None:
    world.emulator.inject(Fault(what=Status(403), path=where))
    found = world.diff()
    assert isinstance(found.production, Forbidden)
    assert len(found.plan.changes) == 3


# A way back, and drift.


@pytest.mark.parametrize(
    ("text", "is_undone"),
    [
        (f"LEVEL=info {CANARY}\nOLD=old {CANARY}\n", True),
        (f"LEVEL=info {CANARY}\nOLD=old {CANARY}\nNEW=n\n", False),
        (f"LEVEL=info {CANARY}\n", False),
        (DECLARED, False),
    ],
    ids=["all of it", "one more", "one less", "what was applied"],
)
def test_a_sync_is_the_way_back_only_where_the_files_declare_what_there_was(
    text: str, is_undone: bool, world: World
) -> None:
    assert is_undone_by(world.diff().plan, declared(text).vars) is is_undone


def test_what_could_not_be_read_has_no_way_back(world: World) -> None:
    world.pipeline.hidden.nulls.add("LEVEL")
    found = diff_of_stage(
        *(world.heroku, REVIEW, declared(DECLARED)), policy=Policy(), over_unreadable=True
    )
    assert [change.name for change in found.plan.changes if change.is_blind] == ["LEVEL"]
    assert not is_undone_by(found.plan, {})


def drifted(world: World, text: str) -> Drift:
    asked = drift.Check(REVIEW, ".env.review", declared(text))
    found = drift.drift(world.heroku, asked, policy=Policy())
    assert isinstance(found, Drift)
    return found


def test_a_drift_of_a_stage_asks_for_no_releases_and_blames_nobody(world: World) -> None:
    found = drifted(world, DECLARED)
    assert [(each.name, each.origin) for each in found.drifted] == [
        ("LEVEL", None),
        ("NEW", None),
        ("OLD", None),
    ]
    assert world.asked() == ["GET /pipelines", f"GET {world.path}"]


def test_the_key_of_a_stage_s_lock_is_read_from_the_stage(world: World) -> None:
    text = f"KEEP=by hand\n{LOCK_KEY}={'00112233' * 8}\n"
    world.pipeline.vars["review"] = {"KEEP": "x", LOCK_KEY: "00112233" * 8}
    locked = lock.make(declared(text).vars, source=".env.review")
    asked = drift.Check(REVIEW, ".env.review.lock", locked)
    found = drift.drift(world.heroku, asked, policy=Policy())
    assert isinstance(found, Drift)
    assert [each.name for each in found.drifted] == ["KEEP"]


def test_a_masked_warning_of_heroku_s_shows_no_value_of_a_stage(world: World) -> None:
    found = world.diff()
    world.emulator.warn = f"beware of {CANARY}"
    world.apply(found)
    assert world.notices == ["Heroku says: beware of ********"]
