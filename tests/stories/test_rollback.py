"""The way back to a past release: what it leaves alone, what it refuses, with how many requests."""

from collections.abc import Iterator
from typing import Literal

import pytest

from deploy.emulator import App, Body, Emulator, Fault, ReleasePhase, Reset, Status
from deploy.errors import ApiError, AppNotFound, BadOption, DeployError, NotAllowed, Unreachable
from deploy.heroku.client import Heroku
from deploy.names import LOCK_KEY
from deploy.plan.outcome import Diff
from deploy.project.policy import Policy
from deploy.secret import Secret
from deploy.stories.rollback import rollback

from ..support import CANARY, KEY, FakeClock, at_the_same_time, heroku_at, said_by

CONFIG = "GET /apps/demo/config-vars"
ATTACHMENTS = "GET /apps/demo/addon-attachments"
RELEASES = "GET /apps/demo/releases"
V2 = "GET /apps/demo/releases/2"
V2_VARS = "GET /apps/demo/releases/2/config-vars"
REFUSED = "see which did: invoke config.history --app demo"


@pytest.fixture
def demo(emulator: Emulator) -> App:
    """v1 is bare, v2 is where the tests go back to."""
    return emulator.add_app("demo", {"LEVEL": "info", "OLD": "old", "TOKEN": "t0ken"})


@pytest.fixture
def heroku(emulator: Emulator) -> Iterator[Heroku]:
    with heroku_at(emulator.url, FakeClock()) as opened:
        yield opened


def back(
    heroku: Heroku,
    version: int = 2,
    *,
    ignore: tuple[str, ...] = (),
    declared: tuple[str, ...] = (),
    restore: tuple[str, ...] = (),
    only: tuple[str, ...] | None = None,
) -> Diff:
    found = rollback(
        heroku,
        "demo",
        version,
        policy=Policy(ignore, provided=frozenset({"LEVEL", "NEW"})),
        declared=declared,
        restore=frozenset(restore),
        only=None if only is None else frozenset(only),
    )
    assert CANARY not in repr(found)
    return found


def failure(heroku: Heroku, kind: type[DeployError], version: int = 2) -> DeployError:
    with pytest.raises(kind) as caught:
        back(heroku, version)
    assert CANARY not in said_by(caught.value)
    assert KEY not in said_by(caught.value)
    return caught.value


def marks(found: Diff) -> list[str]:
    return [f"{change.action.value}{change.name}" for change in found.plan.changes]


def asked(emulator: Emulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in emulator.requests]


def write(heroku: Heroku, **changes: str) -> None:
    """Over HTTP, so that a release phase holds it back."""
    heroku.write("demo", {name: Secret(value) for name, value in changes.items()})


# The plan.


def test_what_changed_goes_back_what_came_goes_and_what_is_the_same_stays(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"LEVEL": CANARY, "NEW": CANARY})
    found = back(heroku)
    assert marks(found) == ["~LEVEL", "-NEW"]
    assert [change.new for change in found.plan.changes] == [Secret("info"), None]
    assert [change.old for change in found.plan.changes] == [Secret(CANARY), Secret(CANARY)]
    assert (found.app, found.source, found.plan.equal) == ("demo", "v2", 2)
    assert (found.withheld, found.pending, found.digest) == ((), None, None)
    assert not found.is_in_sync


def test_the_vars_of_that_release_count_and_not_those_before_or_after_it(
    demo: App, heroku: Heroku
) -> None:
    for level in ("debug", "trace", "error"):
        demo.set_vars({"LEVEL": level})
    [change] = back(heroku, 4).plan.changes
    assert (change.old, change.new) == (Secret("error"), Secret("trace"))


def test_a_var_that_was_empty_then_is_emptied(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"LEVEL": ""})
    demo.set_vars({"LEVEL": "debug"})
    [change] = back(heroku, 3).plan.changes
    assert (change.new, change.is_removal) == (Secret(""), True)


def test_the_way_back_to_the_release_of_today_is_no_way(demo: App, heroku: Heroku) -> None:
    found = back(heroku)
    assert (marks(found), found.is_in_sync, found.plan.equal) == ([], True, 3)


# What is left alone.


@pytest.mark.parametrize("inclusion", [True, False], ids=["named", "fallback"])
def test_what_an_addon_or_the_platform_owns_is_neither_removed_nor_changed(
    emulator: Emulator, demo: App, heroku: Heroku, inclusion: bool
) -> None:
    emulator.inclusion = emulator.config_settings = inclusion
    demo.add_addon(
        "heroku-postgresql:mini", "curved", {"DATABASE_URL": "then"}, attachment="DATABASE"
    )
    demo.set_vars({"HEROKU_SLUG_COMMIT": "then"})
    demo.set_vars({"DATABASE_URL": "rotated", "HEROKU_SLUG_COMMIT": "moved"})
    assert marks(back(heroku, 2)) == []
    found = back(heroku, 4)
    assert (marks(found), found.withheld) == ([], ())
    assert found.plan.owned == ("DATABASE_URL", "HEROKU_SLUG_COMMIT")


def test_an_owned_name_is_left_alone_even_where_it_is_declared_and_to_be_restored(
    demo: App, heroku: Heroku
) -> None:
    demo.add_addon("heroku-redis:mini", "deep", {"REDIS_URL": "then"}, attachment="REDIS")
    demo.set_vars({"REDIS_URL": None})
    found = back(heroku, 3, declared=("REDIS_URL",), restore=("REDIS_URL",))
    assert (marks(found), found.withheld, found.plan.owned) == ([], (), ("REDIS_URL",))


def test_what_an_addon_of_another_app_may_own_is_not_removed(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.inclusion = emulator.config_settings = False
    foreign = emulator.add_app("elsewhere").add_addon(
        "heroku-redis:mini", "deep", {"REDIS_URL": "x"}, attachment="REDIS"
    )
    demo.attach(foreign, attachment="SHARED", config={"SHARED_URL": "x", "SHARED_TLS_URL": "x"})
    found = back(heroku)
    assert (marks(found), found.plan.spared) == ([], ("SHARED_TLS_URL",))


def test_ignored_names_stay_as_they_are_be_they_changed_new_or_gone(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"LEVEL": "debug", "NEW": "1", "OLD": None, "TOKEN": "other"})
    found = back(heroku, ignore=("LEVEL", "NEW", "O*"), declared=("OLD",), restore=("OLD",))
    assert marks(found) == ["~TOKEN"]
    assert (found.withheld, found.plan.ignored) == ((), ("LEVEL", "NEW", "OLD"))


@pytest.mark.parametrize("then", [None, "then"], ids=["absent then", "there then"])
@pytest.mark.parametrize("now", [None, "now"], ids=["absent now", "there now"])
def test_the_key_of_the_lock_stays_as_it_is(
    demo: App, heroku: Heroku, then: str | None, now: str | None
) -> None:
    demo.set_vars({LOCK_KEY: then})
    demo.set_vars({LOCK_KEY: now})
    found = back(heroku, 3, declared=(LOCK_KEY,))
    assert (marks(found), found.withheld, found.plan.unmanaged) == ([], (), ())
    assert found.is_in_sync


def test_names_that_the_settings_call_provided_go_back_like_any_other(
    demo: App, heroku: Heroku
) -> None:
    """`back` provides LEVEL and NEW: that spares a name from an env file's prune alone."""
    demo.set_vars({"LEVEL": None, "NEW": "1"})
    found = back(heroku)
    assert (marks(found), found.withheld) == (["-NEW"], ("LEVEL",))


# What is absent today.


@pytest.mark.parametrize(
    ("declared", "restore", "wanted", "withheld"),
    [
        ((), (), [], ("OLD", "TOKEN")),
        (("OLD",), (), ["+OLD"], ("TOKEN",)),
        ((), ("TOKEN",), ["+TOKEN"], ("OLD",)),
        (("OLD", "ELSEWHERE"), ("TOKEN",), ["+OLD", "+TOKEN"], ()),
    ],
    ids=["neither", "declared", "restored", "both"],
)
def test_a_name_that_is_absent_today_comes_back_only_if_declared_or_asked_for(
    demo: App,
    heroku: Heroku,
    declared: tuple[str, ...],
    restore: tuple[str, ...],
    wanted: list[str],
    withheld: tuple[str, ...],
) -> None:
    demo.set_vars({"OLD": None, "TOKEN": None})
    found = back(heroku, declared=declared, restore=restore)
    assert (marks(found), found.withheld) == (wanted, withheld)
    assert not found.is_in_sync


def test_what_an_addon_that_is_gone_left_in_the_release_is_withheld(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"REDIS_URL": CANARY})
    demo.set_vars({"REDIS_URL": None})
    found = back(heroku, 3)
    assert (marks(found), found.withheld) == ([], ("REDIS_URL",))


def test_to_restore_a_name_that_is_there_today_says_nothing_new(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"LEVEL": "debug"})
    assert marks(back(heroku, restore=("LEVEL", "OLD"))) == ["~LEVEL"]


# Only some names.


def test_only_narrows_the_plan_and_what_is_withheld(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"LEVEL": "debug", "OLD": None, "TOKEN": None, "NEW": "1", "MORE": "1"})
    found = back(heroku, only=("LEVEL", "OLD", "MORE"))
    assert (marks(found), found.withheld) == (["~LEVEL", "-MORE"], ("OLD",))


def test_only_with_a_restored_name_brings_that_back_and_no_other(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"OLD": None, "TOKEN": None, "NEW": "1"})
    found = back(heroku, only=("OLD",), restore=("OLD", "TOKEN"))
    assert (marks(found), found.withheld) == (["+OLD"], ())


def test_only_does_not_reach_what_is_left_alone(demo: App, heroku: Heroku) -> None:
    demo.add_addon("heroku-redis:mini", "deep", {"REDIS_URL": "then"}, attachment="REDIS")
    demo.set_vars({"REDIS_URL": "rotated", LOCK_KEY: "now", "LEVEL": "debug"})
    found = back(heroku, 3, only=("REDIS_URL", LOCK_KEY, "LEVEL"), ignore=("LEVEL",))
    assert (marks(found), found.withheld) == ([], ())
    assert (found.plan.owned, found.plan.ignored) == (("REDIS_URL",), ("LEVEL",))


# What is refused.


@pytest.mark.parametrize("pending_reads", ["new", "old", "404"])
@pytest.mark.parametrize("status", ["failed", "expired", "pending"])
def test_a_release_that_did_not_succeed_is_refused(
    demo: App, heroku: Heroku, status: str, pending_reads: Literal["new", "old", "404"]
) -> None:
    demo.release_phase = ReleasePhase(pending_reads=pending_reads)
    write(heroku, LEVEL=CANARY)
    if status != "pending":
        demo.finish_release(status)
    found = failure(heroku, NotAllowed, 3)
    assert str(found) == (
        f"v3 of demo did not succeed ({status}), so it was never live; nothing was written"
    )
    assert (found.next_step, found.exit_code) == (REFUSED, 1)


def test_a_release_that_succeeded_after_its_phase_is_as_good_as_any(
    demo: App, heroku: Heroku
) -> None:
    demo.release_phase = ReleasePhase()
    write(heroku, LEVEL="debug")
    demo.finish_release("succeeded")
    demo.set_vars({"LEVEL": "trace"})
    assert marks(back(heroku, 3)) == ["~LEVEL"]


def test_a_very_old_release_without_a_status_succeeded(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    old = Body('{"version": 2, "status": null}')
    emulator.inject(Fault(what=old, path="/apps/demo/releases/2"))
    assert marks(back(heroku)) == ["~LEVEL"]


def test_a_name_to_restore_that_the_release_did_not_have_is_refused(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"NEW": "1"})
    with pytest.raises(BadOption) as caught:
        back(heroku, restore=("TYPO", "NEW", "LEVEL"), declared=("TYPO",))
    assert str(caught.value) == "--restore NEW, TYPO: not in v2"
    assert caught.value.next_step == "check the spelling"


def test_the_key_of_the_lock_cannot_be_asked_back(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    with pytest.raises(BadOption) as caught:
        back(heroku, restore=(LOCK_KEY,))
    assert str(caught.value) == (
        "--restore CONFIG_LOCK_KEY: a rollback leaves it alone, for it fits the lock of today"
    )
    assert emulator.requests == []


def test_an_only_that_neither_side_has_is_refused(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"NEW": "1", "OLD": None})
    with pytest.raises(BadOption) as caught:
        back(heroku, only=("TYPO", "NEW", "OLD", "ANOTHER"), declared=("TYPO",))
    assert str(caught.value) == "--only ANOTHER, TYPO: neither in v2 nor on demo"
    assert caught.value.next_step == "check the spelling"


def test_a_release_that_is_not_there_is_named(demo: App, heroku: Heroku) -> None:
    found = failure(heroku, ApiError, 9)
    assert isinstance(found, ApiError)
    assert str(found) == f"demo has no release v9 (404) [Request-Id {found.request_id}]"
    assert found.next_step == "see which there are: invoke config.history --app demo"


def test_an_app_that_is_not_there_is_no_missing_release(heroku: Heroku) -> None:
    found = failure(heroku, AppNotFound)
    assert isinstance(found, AppNotFound)
    assert str(found) == (
        "Heroku knows no app demo, or the API key from the test may not see it (404)"
        f" [Request-Id {found.request_id}]"
    )


PATHS = pytest.mark.parametrize(
    "path", [line.removeprefix("GET ") for line in (CONFIG, ATTACHMENTS, V2, V2_VARS, RELEASES)]
)


@PATHS
def test_what_cannot_be_read_ends_in_an_error_and_not_in_a_plan_from_the_rest(
    emulator: Emulator, demo: App, heroku: Heroku, path: str
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    emulator.inject(Fault(what=Status(500, body=CANARY), path=path))
    found = failure(heroku, ApiError)
    assert isinstance(found, ApiError)
    assert str(found) == f"Heroku refused GET {path} (500) [Request-Id {found.request_id}]"


@PATHS
def test_a_connection_that_breaks_ends_in_an_error(
    emulator: Emulator, demo: App, heroku: Heroku, path: str
) -> None:
    demo.set_vars({"LEVEL": CANARY})
    emulator.inject(Fault(what=Reset(), path=path, times=9))
    assert str(failure(heroku, Unreachable)) == f"{emulator.url}: the connection broke"


# The requests.


FIVE = [CONFIG, ATTACHMENTS, V2, V2_VARS, RELEASES]


def test_it_takes_five_requests_and_one_round_trip_and_reads_alone(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"LEVEL": "debug", "NEW": "1"})
    at_the_same_time(emulator, *(each.removeprefix("GET ") for each in FIVE))
    back(heroku)
    assert sorted(asked(emulator)) == sorted(FIVE)
    assert len(demo.releases) == 3


def test_a_refused_release_takes_five_requests(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.release_phase = ReleasePhase()
    write(heroku, LEVEL="debug")
    before = len(emulator.requests)
    failure(heroku, NotAllowed, 3)
    assert len(emulator.requests) - before <= 5


def test_a_pending_release_explains_what_differs(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"LEVEL": "debug"})
    demo.release_phase = ReleasePhase()
    write(heroku, LEVEL="info")
    found = back(heroku)
    assert (marks(found), found.pending) == (["~LEVEL"], 4)


def test_a_newest_release_that_is_done_is_not_said_to_be_pending(demo: App, heroku: Heroku) -> None:
    demo.release_phase = ReleasePhase()
    write(heroku, LEVEL="debug")
    demo.finish_release("succeeded")
    found = back(heroku)
    assert (marks(found), found.pending) == (["~LEVEL"], None)
