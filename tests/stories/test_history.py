"""What an app's releases did, read back from the emulator: which rows, how far, at what price."""

from collections.abc import Iterator
from datetime import datetime, timezone

import pytest

from deploy.emulator import App, Body, Emulator, Fault, ReleasePhase, Reset, Status, Truncated
from deploy.errors import ApiError, AppNotFound, Forbidden, Unreachable
from deploy.heroku.client import Heroku
from deploy.heroku.facts import Release
from deploy.heroku.facts import Status as Became
from deploy.plan.change import Change
from deploy.plan.history import History, Revision
from deploy.secret import Secret
from deploy.stories.history import MOST, history

from ..support import CANARY, KEY, FakeClock, heroku_at, said_by

LIST = "GET /apps/demo/releases"
NOW = datetime(2026, 3, 1, 4, 5, 6, tzinfo=timezone.utc)
TIME = "2026-03-01T04:05:06Z"


@pytest.fixture
def demo(emulator: Emulator) -> App:
    """v1 is bare, v2 brought A."""
    emulator.clock = lambda: NOW
    return emulator.add_app("demo", {"A": "1"})


@pytest.fixture
def heroku(emulator: Emulator) -> Iterator[Heroku]:
    with heroku_at(emulator.url, FakeClock()) as opened:
        yield opened


def told(found: History) -> list[str]:
    """A line a row: its version, and what it did; `?` where nobody can tell."""
    return [
        f"v{each.release.version} "
        + (
            "?"
            if each.changes is None
            else " ".join(f"{change.action.value}{change.name}" for change in each.changes)
        )
        for each in found.revisions
    ]


def extent(found: History) -> tuple[int, int | None, bool]:
    return found.seen, found.oldest, found.is_whole


def asked(emulator: Emulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in emulator.requests]


def read(version: int) -> str:
    return f"GET /apps/demo/releases/{version}/config-vars"


def deploy(app: App, times: int) -> None:
    for _ in range(times):
        app.deploy()


def write(heroku: Heroku, **changes: str) -> None:
    """Over HTTP, so that a release phase holds it back."""
    heroku.write("demo", {name: Secret(value) for name, value in changes.items()})


# Which rows.


def test_each_release_that_changed_config_is_a_row_newest_first_and_deploys_are_none(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"B": "1"})
    demo.deploy()
    demo.set_vars({"C": "1", "A": "2"})
    demo.deploy()
    demo.set_vars({"B": None})
    demo.deploy()
    found = history(heroku, "demo", limit=20)
    assert told(found) == ["v7 -B", "v5 ~A +C", "v3 +B", "v2 +A"]
    assert extent(found) == (8, 1, True)


def test_a_row_has_its_person_its_time_its_status_and_its_values(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"A": "2"}, user="mallory@example.com")
    assert history(heroku, "demo", limit=1) == History(
        "demo",
        (
            Revision(
                Release(3, Became.SUCCEEDED, "mallory@example.com", TIME),
                (Change("A", Secret("1"), Secret("2")),),
            ),
        ),
        seen=2,
        oldest=2,
        is_whole=False,
    )


def test_a_history_does_not_show_its_values(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"A": CANARY})
    found = history(heroku, "demo", limit=20)
    assert told(found) == ["v3 ~A", "v2 +A"]
    assert CANARY not in f"{found!r} {found}"


def test_deploys_alone_make_no_row(emulator: Emulator, heroku: Heroku) -> None:
    deploy(emulator.add_app("bare"), 4)
    assert history(heroku, "bare", limit=20) == History("bare", (), 5, 1, is_whole=True)


def test_a_set_to_the_same_value_is_no_row_and_a_way_back_is_one(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"A": "1"})
    demo.set_vars({"A": ""})
    demo.roll_back(demo.releases[1], user="back@example.com")
    assert told(history(heroku, "demo", limit=20)) == ["v5 ~A", "v4 ~A", "v2 +A"]


def test_an_addon_that_brought_its_vars_is_a_row_as_well(demo: App, heroku: Heroku) -> None:
    demo.add_addon(
        "heroku-redis:mini", "deep", {"REDIS_URL": "x", "REDIS_TLS_URL": "y"}, attachment="REDIS"
    )
    assert told(history(heroku, "demo", limit=20)) == ["v3 +REDIS_TLS_URL +REDIS_URL", "v2 +A"]


# Names that were asked for.


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (["A"], ["v4 ~A", "v2 +A"]),
        (["B", "NEVER_SET"], ["v5 -B", "v4 +B"]),
        (["C", "A"], ["v4 ~A", "v3 +C", "v2 +A"]),
        (["NEVER_SET"], []),
    ],
    ids=["one", "one-never-set", "two", "never-set"],
)
def test_names_leave_only_the_rows_and_the_changes_that_are_theirs(
    demo: App, heroku: Heroku, names: list[str], rows: list[str]
) -> None:
    demo.set_vars({"C": "1"})
    demo.set_vars({"A": "2", "B": "1"})
    demo.set_vars({"B": None})
    found = history(heroku, "demo", names=names, limit=20)
    assert told(found) == rows
    assert extent(found) == (5, 1, True)


def test_releases_that_changed_other_names_do_not_use_the_limit_up(
    demo: App, heroku: Heroku
) -> None:
    for number in range(7):
        demo.set_vars({"B": f"{number}"})
    found = history(heroku, "demo", names=["A"], limit=1)
    assert told(found) == ["v2 +A"]
    assert (found.oldest, found.is_whole) == (1, True)


# How far it looks.


def test_the_limit_is_the_number_of_rows_and_one_release_more_is_read(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    for number in range(8):
        demo.set_vars({"A": f"to {number}"})
    found = history(heroku, "demo", limit=3)
    assert told(found) == ["v10 ~A", "v9 ~A", "v8 ~A"]
    assert extent(found) == (4, 7, False)
    assert asked(emulator)[0] == LIST
    assert sorted(asked(emulator)[1:]) == sorted(map(read, [10, 9, 8, 7]))


def test_as_many_rows_as_the_limit_may_be_the_whole_history(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"A": "2"})
    found = history(heroku, "demo", limit=2)
    assert told(found) == ["v3 ~A", "v2 +A"]
    assert extent(found) == (3, 1, True)
    assert len(emulator.requests) == 1 + 3


def test_behind_deploys_it_looks_further_back_until_the_limit_is_found(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"A": "2"})
    demo.set_vars({"B": "1"})
    deploy(demo, 7)
    demo.set_vars({"A": "3"})
    demo.deploy()
    found = history(heroku, "demo", limit=2)
    assert told(found) == ["v12 ~A", "v4 +B"]
    assert extent(found) == (12, 2, False)


def test_a_change_at_the_edge_of_two_pages_is_told_once_and_in_its_place(
    demo: App, heroku: Heroku
) -> None:
    """Pages of three: v8 v7 v6, v5 v4 v3, v2 v1; the oldest of each waits for the next."""
    demo.set_vars({"B": "1"})
    demo.deploy()
    demo.deploy()
    demo.set_vars({"A": "2"})
    demo.deploy()
    demo.deploy()
    found = history(heroku, "demo", limit=2)
    assert told(found) == ["v6 ~A", "v3 +B"]


def test_each_release_is_read_once_however_many_pages_it_takes(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    deploy(demo, 45)
    found = history(heroku, "demo", limit=3)
    assert told(found) == ["v2 +A"]
    assert extent(found) == (47, 1, True)
    assert [line for line in asked(emulator) if line == LIST] == [LIST] * 3
    reads = [line for line in asked(emulator) if line != LIST]
    assert sorted(reads) == sorted(map(read, range(1, 48)))


def test_a_limit_beyond_the_first_release_asks_for_the_list_once(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    deploy(demo, 3)
    assert extent(history(heroku, "demo", limit=9999)) == (5, 1, True)
    assert asked(emulator).count(LIST) == 1
    assert len(emulator.requests) == 1 + 5


def test_reading_back_never_writes(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    demo.set_vars({"A": "2"})
    history(heroku, "demo", limit=20)
    assert {request.method for request in emulator.requests} == {"GET"}
    assert len(demo.releases) == 3


def test_a_history_that_was_cut_at_its_limit_is_not_said_to_be_whole(
    demo: App, heroku: Heroku
) -> None:
    """Pages of three: v6 v5 v4, then v3 v2 v1, which bring three rows for a limit of two."""
    demo.set_vars({"A": "2"})
    demo.set_vars({"A": "3"})
    deploy(demo, 2)
    found = history(heroku, "demo", limit=2)
    assert told(found) == ["v4 ~A", "v3 ~A"]
    assert not found.is_whole


@pytest.mark.parametrize("limit", [20, 150])
def test_no_more_releases_than_most_are_looked_through_for_a_limit_below_it(
    emulator: Emulator, demo: App, heroku: Heroku, limit: int
) -> None:
    deploy(demo, MOST + 12)
    found = history(heroku, "demo", limit=limit)
    assert told(found) == []
    assert extent(found) == (MOST, 15, False)
    assert len([line for line in asked(emulator) if line != LIST]) == MOST


def test_a_limit_above_most_is_met(demo: App, heroku: Heroku) -> None:
    for number in range(MOST + 6):
        demo.set_vars({"A": f"to {number}"})
    found = history(heroku, "demo", limit=MOST + 5)
    assert len(found.revisions) == MOST + 5
    assert told(found)[-1] == "v4 ~A"
    assert not found.is_whole


# Only what succeeded was live.


def test_a_failed_release_is_a_row_and_the_deploy_after_it_is_none(
    demo: App, heroku: Heroku
) -> None:
    demo.release_phase = ReleasePhase()
    write(heroku, A="2", B="1")
    demo.finish_release("failed")
    demo.deploy()
    demo.set_vars({"A": "2"})
    found = history(heroku, "demo", limit=20)
    assert told(found) == ["v5 ~A", "v3 ~A +B", "v2 +A"]
    assert [each.release.status for each in found.revisions] == [
        Became.SUCCEEDED,
        Became.FAILED,
        Became.SUCCEEDED,
    ]


def test_a_pending_release_is_a_row_with_what_it_would_change(demo: App, heroku: Heroku) -> None:
    demo.release_phase = ReleasePhase()
    write(heroku, A="2")
    demo.deploy()
    found = history(heroku, "demo", limit=20)
    assert told(found) == ["v3 ~A", "v2 +A"]
    assert [each.release.status for each in found.revisions] == [Became.PENDING, Became.SUCCEEDED]


def test_failed_releases_up_to_the_limit_send_it_to_what_was_live_before_them(
    demo: App, heroku: Heroku
) -> None:
    demo.release_phase = ReleasePhase()
    for value in ("2", "3", "4"):
        write(heroku, A=value)
        demo.finish_release("failed")
    found = history(heroku, "demo", limit=2)
    assert told(found) == ["v5 ~A", "v4 ~A"]


# What cannot be read.

UNREADABLE = [
    pytest.param(Status(404), id="404"),
    pytest.param(Status(500, body=CANARY), id="500"),
    pytest.param(Status(503), id="503"),
    pytest.param(Body(f'["{CANARY}"]'), id="another shape"),
    pytest.param(Body('{"A": 1}'), id="a number"),
    pytest.param(Body(f"<html>{CANARY}"), id="html"),
]


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_release_that_cannot_be_read_and_the_next_are_unknown_and_the_others_told(
    emulator: Emulator, demo: App, heroku: Heroku, fault: Status | Body
) -> None:
    for value in ("2", "3", "4", "5"):
        demo.set_vars({"A": value})
    emulator.inject(Fault(what=fault, path="/apps/demo/releases/4/config-vars", times=9))
    found = history(heroku, "demo", limit=20)
    assert told(found) == ["v6 ~A", "v5 ?", "v4 ?", "v3 ~A", "v2 +A"]
    assert extent(found) == (6, 1, True)
    assert CANARY not in repr(found)


def test_what_cannot_be_told_is_a_row_whatever_names_were_asked_for(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    deploy(demo, 3)
    path = "/apps/demo/releases/3/config-vars"
    emulator.inject(Fault(what=Status(404), path=path))
    assert told(history(heroku, "demo", names=["B"], limit=20)) == ["v4 ?", "v3 ?"]


def test_a_failed_release_that_cannot_be_read_makes_no_other_unknown(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.release_phase = ReleasePhase()
    write(heroku, A="2")
    demo.finish_release("failed")
    demo.set_vars({"A": "3"})
    emulator.inject(Fault(what=Status(404), path="/apps/demo/releases/3/config-vars"))
    assert told(history(heroku, "demo", limit=20)) == ["v4 ~A", "v3 ?", "v2 +A"]


def test_a_release_that_can_be_read_at_the_second_try_is_told(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"A": "2"})
    path = "/apps/demo/releases/2/config-vars"
    emulator.inject(Fault(what=Status(503), path=path))
    emulator.inject(Fault(what=Reset(), path=path))
    assert told(history(heroku, "demo", limit=20)) == ["v3 ~A", "v2 +A"]
    assert len(emulator.requests) == 1 + 3 + 2


@pytest.mark.parametrize("fault", [Reset(), Truncated()], ids=["reset", "truncated"])
@pytest.mark.parametrize(
    "path",
    ["/apps/demo/releases", "/apps/demo/releases/2/config-vars"],
    ids=["list", "release"],
)
def test_a_connection_that_breaks_is_no_gap_in_a_history_but_the_end_of_it(
    emulator: Emulator, demo: App, heroku: Heroku, path: str, fault: Reset | Truncated
) -> None:
    demo.set_vars({"A": CANARY})
    emulator.inject(Fault(what=fault, path=path, times=9))
    with pytest.raises(Unreachable) as caught:
        history(heroku, "demo", limit=20)
    assert str(caught.value) == f"{emulator.url}: the connection broke"
    assert CANARY not in said_by(caught.value)
    assert KEY not in said_by(caught.value)


def test_a_list_that_cannot_be_read_is_an_error_and_no_empty_history(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.inject(Fault(what=Status(500, body=CANARY), path="/apps/demo/releases"))
    with pytest.raises(ApiError) as caught:
        history(heroku, "demo", limit=20)
    assert caught.value.status == 500
    assert CANARY not in said_by(caught.value)
    assert asked(emulator) == [LIST]


def test_a_second_page_that_cannot_be_read_is_an_error_and_no_shorter_history(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    deploy(demo, 20)
    emulator.inject(Fault(what=Status(500), path="/apps/demo/releases", after=1))
    with pytest.raises(ApiError):
        history(heroku, "demo", limit=2)


def test_an_app_that_does_not_exist_is_an_error(emulator: Emulator, heroku: Heroku) -> None:
    with pytest.raises(AppNotFound):
        history(heroku, "demo", limit=20)
    assert asked(emulator) == [LIST]


def test_a_key_that_may_not_read_values_is_an_error_and_no_row_of_unknowns(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.restrict(KEY, ["read"])
    with pytest.raises(Forbidden) as caught:
        history(heroku, "demo", limit=20)
    assert "has scope read; this needs " in str(caught.value)
