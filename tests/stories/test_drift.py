"""What drifted, who moved it, with how many requests; and many apps at once."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import NoReturn

import pytest

from deploy.emulator import App, Body, Emulator, Fault, Reset, Status, Truncated, Writer
from deploy.envfile import lock, parser
from deploy.envfile.swallowed import SwallowedNames
from deploy.errors import (
    ApiError,
    AppNotFound,
    BadLock,
    BadResponse,
    DeployError,
    FileUnreadable,
    Forbidden,
    Unforeseen,
)
from deploy.heroku.client import Heroku
from deploy.heroku.facts import Release
from deploy.heroku.facts import Status as Became
from deploy.names import LOCK_KEY
from deploy.plan.blame import Before, Brought, Never, Origin, Unknown
from deploy.plan.drift import Drift, Drifted, Kind, Row, Unchecked
from deploy.project.policy import Policy
from deploy.secret import Hint
from deploy.stories.drift import Check
from deploy.stories.drift import drift as check
from deploy.workers import each

from ..support import CANARY, KEY, FakeClock, declared, heroku_at, said_by

HEX = "00112233445566778899aabbccddeeff" * 2
OTHER_HEX = "f" * 64
BASE = f"LEVEL=info\nTOKEN=t0ken\n{LOCK_KEY}={HEX}\n"
"""In sync with the fixture."""

CONFIG = "GET /apps/demo/config-vars"
ATTACHMENTS = "GET /apps/demo/addon-attachments"
SETTINGS = "GET /apps/demo/config-vars-settings"
RELEASES = "GET /apps/demo/releases"
POSTGRES = "heroku-postgresql:essential-0"
NOW = datetime(2026, 3, 1, 4, 5, 6, tzinfo=timezone.utc)
TIME = "2026-03-01T04:05:06Z"
SOMEONE = "someone@example.com"


@pytest.fixture
def demo(emulator: Emulator) -> App:
    """v1 is bare, v2 brought the vars, v3 the database."""
    emulator.clock = lambda: NOW
    demo = emulator.add_app("demo", {"LEVEL": "info", "TOKEN": "t0ken", LOCK_KEY: HEX})
    demo.add_addon(POSTGRES, "curved", {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")
    return demo


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def heroku(emulator: Emulator, clock: FakeClock) -> Iterator[Heroku]:
    with heroku_at(emulator.url, clock) as opened:
        yield opened


def by_file(text: str, app: str = "demo") -> Check:
    return Check(app, ".env.production", declared(text))


def by_lock(text: str, app: str = "demo") -> Check:
    found = lock.make(parser.parse(text.encode(), source="x").vars, source="x")
    return Check(app, ".env.production.lock", lock.parse(found.text().encode(), source="x"))


BOTH = pytest.mark.parametrize("by", [by_file, by_lock], ids=["file", "lock"])
By = Callable[[str], Check]


def checked(
    heroku: Heroku,
    asked: Check,
    *,
    ignore: tuple[str, ...] = (),
    provided: frozenset[str] = frozenset(),
    blame: bool = True,
    at_once: bool = True,
    examples: Callable[[], frozenset[str]] = frozenset,
) -> Row:
    row = check(
        heroku,
        dataclasses.replace(asked, examples=examples),
        policy=Policy(ignore, provided),
        blame=blame,
        at_once=at_once,
    )
    assert CANARY not in repr(row)
    return row


def drift(heroku: Heroku, asked: Check, **options: object) -> Drift:
    row = checked(heroku, asked, **options)  # type: ignore[arg-type]  # handed on as they are
    assert isinstance(row, Drift), said_by(row.failure)
    return row


def failure(heroku: Heroku, asked: Check, **options: object) -> DeployError:
    row = checked(heroku, asked, **options)  # type: ignore[arg-type]  # handed on as they are
    assert isinstance(row, Unchecked)
    assert row.app == asked.app
    assert CANARY not in said_by(row.failure)
    assert HEX not in said_by(row.failure)
    assert KEY not in said_by(row.failure)
    return row.failure


def marks(found: Drift) -> list[str]:
    return [f"{each.kind.value}{each.name}" for each in found.drifted]


def origins(found: Drift) -> dict[str, Origin | None]:
    return {each.name: each.origin for each in found.drifted}


def brought(version: int, user: str = SOMEONE) -> Brought:
    return Brought(Release(version, Became.SUCCEEDED, user, TIME))


def asked(emulator: Emulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in emulator.requests]


def read_releases(emulator: Emulator) -> list[int]:
    """The versions whose vars were read, in their order."""
    parts = [request.path.split("/") for request in emulator.requests]
    return [int(part[4]) for part in parts if len(part) == 6]


def never_asked() -> NoReturn:
    raise AssertionError(".env.example was read though nobody needed it")


# The requests.


@BOTH
@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "in turn"])
def test_in_sync_takes_two_requests(
    emulator: Emulator, demo: App, heroku: Heroku, by: By, at_once: bool
) -> None:
    found = drift(heroku, by(BASE), at_once=at_once, examples=never_asked)
    assert found.drifted == ()
    assert sorted(asked(emulator)) == [ATTACHMENTS, CONFIG]


def test_in_turn_the_owners_of_an_app_that_is_not_there_are_not_asked_for(
    emulator: Emulator, heroku: Heroku
) -> None:
    assert isinstance(failure(heroku, by_file(BASE), at_once=False), AppNotFound)
    assert asked(emulator) == [CONFIG]


@BOTH
def test_without_blame_drift_takes_two_requests_as_well(
    emulator: Emulator, demo: App, heroku: Heroku, by: By
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    found = drift(heroku, by(BASE), blame=False)
    assert origins(found) == {"LEVEL": None}
    assert sorted(asked(emulator)) == [ATTACHMENTS, CONFIG]


@BOTH
def test_with_blame_the_releases_are_asked_for_once_and_each_is_read_once(
    emulator: Emulator, demo: App, heroku: Heroku, by: By
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    demo.set_vars({"TOKEN": None})
    demo.deploy()
    found = drift(heroku, by(BASE))
    assert origins(found) == {"LEVEL": brought(4), "TOKEN": brought(5)}
    assert asked(emulator)[2:] == [
        SETTINGS,  # is TOKEN absent, or only not to be read?
        RELEASES,
        *(f"GET /apps/demo/releases/{version}/config-vars" for version in (6, 5, 4, 3)),
    ]


def test_no_more_than_twenty_releases_are_read(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    for _ in range(30):
        demo.deploy()
    assert origins(drift(heroku, by_file(BASE))) == {"LEVEL": Before(16)}
    assert read_releases(emulator) == list(range(34, 14, -1))
    assert len(emulator.requests) == 2 + 1 + 20


def test_checking_never_writes(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    demo.set_vars({"LEVEL": None, "NEW": "1"})
    drift(heroku, by_file(BASE))
    assert {request.method for request in emulator.requests} == {"GET"}
    assert len(demo.releases) == 4


def test_a_check_whose_file_cannot_be_read_asks_nothing(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    unread = FileUnreadable(".env.production", "no such file")
    assert failure(heroku, Check("demo", ".env.production", unread)) is unread
    assert asked(emulator) == []


# What drifted.


@BOTH
def test_changed_missing_and_unmanaged_are_told_apart_and_sorted(
    demo: App, heroku: Heroku, by: By
) -> None:
    demo.set_vars({"TOKEN": None, "LEVEL": "debug", "NEW": CANARY, "A": ""})
    found = drift(heroku, by(f"{BASE}SAME=\n"), blame=False)
    assert marks(found) == ["-A", "~LEVEL", "-NEW", "+SAME", "+TOKEN"]
    assert [found.count(kind) for kind in Kind] == [1, 2, 2]


def test_in_sync_is_said_of_the_file_and_of_the_lock(demo: App, heroku: Heroku) -> None:
    owned = "DATABASE_URL=mine\nPAPER_LOG=1\n"
    assert drift(heroku, by_file(BASE + owned), ignore=("PAPER_*",)) == Drift(
        app="demo",
        source=".env.production",
        is_lock=False,
        drifted=(),
        equal=3,
        owned=("DATABASE_URL",),
        ignored=("PAPER_LOG",),
    )
    assert drift(heroku, by_lock(BASE + owned), ignore=("PAPER_*",)) == Drift(
        app="demo",
        source=".env.production.lock",
        is_lock=True,
        drifted=(),
        equal=2,  # the key itself has no line
        owned=("DATABASE_URL",),
        ignored=("PAPER_LOG",),
    )


@BOTH
def test_an_emptied_var_is_changed_and_not_missing(demo: App, heroku: Heroku, by: By) -> None:
    demo.set_vars({"LEVEL": ""})
    assert marks(drift(heroku, by(BASE))) == ["~LEVEL"]


def test_only_a_file_can_hint_at_what_a_mask_hides(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"LEVEL": "info\n"})
    [by_the_file] = drift(heroku, by_file(BASE), blame=False).drifted
    [by_the_lock] = drift(heroku, by_lock(BASE), blame=False).drifted
    assert by_the_file == Drifted("LEVEL", Kind.CHANGED, Hint.TRAILING_NEWLINE)
    assert by_the_lock == Drifted("LEVEL", Kind.CHANGED)


@BOTH
@pytest.mark.parametrize("inclusion", [True, False], ids=["named", "fallback"])
def test_owned_vars_may_rotate(
    emulator: Emulator, demo: App, heroku: Heroku, by: By, inclusion: bool
) -> None:
    emulator.inclusion = emulator.config_settings = inclusion
    demo.set_vars({"DATABASE_URL": CANARY, "HEROKU_SLUG_COMMIT": CANARY})
    found = drift(heroku, by(BASE + "DATABASE_URL=mine\nHEROKU_SLUG_COMMIT=1\n"))
    assert (found.drifted, found.owned) == ((), ("DATABASE_URL", "HEROKU_SLUG_COMMIT"))


@BOTH
def test_what_a_foreign_attachment_may_own_is_still_told_as_unmanaged(
    emulator: Emulator, demo: App, heroku: Heroku, by: By
) -> None:
    """No prune may take it, but it is only on Heroku, and nobody said to ignore it."""
    emulator.inclusion = emulator.config_settings = False
    foreign = emulator.add_app("elsewhere").add_addon(
        "heroku-redis:mini", "deep", {"REDIS_URL": "x"}, attachment="REDIS"
    )
    demo.attach(foreign, attachment="SHARED", config={"SHARED_URL": "x", "SHARED_TLS_URL": "x"})
    assert marks(drift(heroku, by(BASE))) == ["-SHARED_TLS_URL"]


@BOTH
def test_ignored_names_may_do_as_they_like(demo: App, heroku: Heroku, by: By) -> None:
    demo.set_vars({"PAPER_A": "new", "PAPER_B": "other", "LEVEL": "debug"})
    found = drift(heroku, by(BASE + "PAPER_B=b\nPAPER_C=c\n"), ignore=("PAPER_*", "LEVEL"))
    assert found.drifted == ()
    assert found.ignored == ("LEVEL", "PAPER_A", "PAPER_B", "PAPER_C")


@BOTH
def test_provided_names_count_as_declared(demo: App, heroku: Heroku, by: By) -> None:
    demo.set_vars({"BY_A_COLLEAGUE": CANARY, "NEW": CANARY})
    found = drift(heroku, by(BASE), provided=frozenset({"BY_A_COLLEAGUE"}))
    assert marks(found) == ["-NEW"]


@BOTH
def test_a_provided_name_that_is_declared_is_compared_all_the_same(
    demo: App, heroku: Heroku, by: By
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    assert marks(drift(heroku, by(BASE), provided=frozenset({"LEVEL"}))) == ["~LEVEL"]


def test_the_key_of_the_lock_counts_as_declared(demo: App, heroku: Heroku) -> None:
    assert drift(heroku, by_file("LEVEL=info\nTOKEN=t0ken\n")).drifted == ()


def test_a_key_that_differs_from_the_files_is_drift(demo: App, heroku: Heroku) -> None:
    demo.set_vars({LOCK_KEY: OTHER_HEX})
    assert marks(drift(heroku, by_file(BASE))) == [f"~{LOCK_KEY}"]
    demo.set_vars({LOCK_KEY: None})
    assert marks(drift(heroku, by_file(BASE))) == [f"+{LOCK_KEY}"]


def test_a_drift_does_not_show_its_values(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"LEVEL": CANARY, "NEW": CANARY})
    found = drift(heroku, by_file(f"{BASE}GONE={CANARY}\n"))
    assert len(found.drifted) == 3
    assert CANARY not in f"{found!r} {found}"


# The key on Heroku.

STEP = "run config.sync, then config.lock, and commit the lock"


def test_an_app_without_the_key_is_told_what_to_do(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({LOCK_KEY: None})
    found = failure(heroku, by_lock(BASE))
    assert isinstance(found, BadLock)
    assert str(found) == ".env.production.lock: demo has no CONFIG_LOCK_KEY to read the lock with"
    assert (found.next_step, found.exit_code) == (STEP, 1)
    assert asked(emulator)[2:] == [SETTINGS]


@pytest.mark.parametrize("key", [OTHER_HEX, HEX.upper(), HEX[:-1], "", CANARY, "é", "\ud800"])
def test_an_app_with_another_key_is_told_what_to_do(demo: App, heroku: Heroku, key: str) -> None:
    demo.set_vars({LOCK_KEY: key})
    found = failure(heroku, by_lock(BASE))
    assert isinstance(found, BadLock)
    assert str(found) == (
        ".env.production.lock: the lock was made with another key than the CONFIG_LOCK_KEY of demo"
    )
    assert found.next_step == STEP
    assert not key or key not in said_by(found)


# Names that a quoted value swallowed.

SWALLOWS = f'LEVEL="info\nTOKEN="\n{LOCK_KEY}={HEX}\n'


def test_a_swallowed_name_that_is_live_is_no_drift_but_a_broken_file(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    found = failure(heroku, by_file(SWALLOWS))
    assert isinstance(found, SwallowedNames)
    assert str(found) == (
        ".env.production: line 2: TOKEN stands inside a quoted value that began further up"
    )


def test_a_swallowed_name_that_is_in_the_example_is_a_broken_file(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"TOKEN": None})
    found = failure(heroku, by_file(SWALLOWS), examples=lambda: frozenset({"TOKEN"}))
    assert isinstance(found, SwallowedNames)


def test_a_swallowed_name_that_nobody_knows_is_part_of_a_value(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"TOKEN": None, "LEVEL": "info\nTOKEN="})
    assert drift(heroku, by_file(SWALLOWS)).drifted == ()


# Who moved it.


def test_a_change_is_told_with_its_release_its_time_and_its_person(
    demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"LEVEL": "debug"}, user="mallory@example.com")
    demo.deploy()
    [found] = drift(heroku, by_file(BASE)).drifted
    assert found == Drifted("LEVEL", Kind.CHANGED, origin=brought(4, "mallory@example.com"))


@BOTH
def test_a_value_set_again_is_the_last_ones(demo: App, heroku: Heroku, by: By) -> None:
    for version, level in enumerate(["debug", "info", "debug"], start=4):
        demo.set_vars({"LEVEL": level}, user=f"{version}@example.com")
    demo.deploy()
    assert origins(drift(heroku, by(BASE))) == {"LEVEL": brought(6, "6@example.com")}


@BOTH
def test_a_rollback_is_to_blame_and_not_the_release_it_went_back_to(
    demo: App, heroku: Heroku, by: By
) -> None:
    demo.set_vars({"LEVEL": "debug", "TOKEN": "new", "MORE": "1"})
    demo.roll_back(demo.releases[2], user="back@example.com")
    declared = by(f"LEVEL=debug\nTOKEN=new\nMORE=1\n{LOCK_KEY}={HEX}\n")
    found = drift(heroku, declared)
    assert marks(found) == ["~LEVEL", "+MORE", "~TOKEN"]
    assert set(map(repr, origins(found).values())) == {repr(brought(5, "back@example.com"))}


@BOTH
def test_a_removal_is_told_with_the_last_release_that_removed_it(
    demo: App, heroku: Heroku, by: By
) -> None:
    for value in (None, "t0ken", None):
        demo.set_vars({"TOKEN": value})
    demo.deploy()
    assert origins(drift(heroku, by(BASE + "NEVER=1\n"))) == {
        "NEVER": Never(),
        "TOKEN": brought(6),
    }


@BOTH
def test_an_unmanaged_var_is_told_with_who_added_it(demo: App, heroku: Heroku, by: By) -> None:
    demo.set_vars({"NEW": "1"}, user="new@example.com")
    demo.set_vars({"OTHER": "1"})
    assert origins(drift(heroku, by(BASE))) == {
        "NEW": brought(4, "new@example.com"),
        "OTHER": brought(5),
    }


def test_a_deploy_after_a_failed_change_is_not_blamed(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    from deploy.emulator import ReleasePhase  # noqa: PLC0415  # for this test alone

    demo.set_vars({"LEVEL": "debug"})
    demo.release_phase = ReleasePhase()
    heroku.write("demo", parser.parse(b"LEVEL=info", source="x").vars)
    demo.finish_release("failed")
    demo.deploy()
    found = drift(heroku, by_file(BASE))
    assert origins(found) == {"LEVEL": brought(4)}
    assert read_releases(emulator) == [6, 4, 3]


def test_a_pending_release_has_brought_nothing_yet(demo: App, heroku: Heroku) -> None:
    from deploy.emulator import ReleasePhase  # noqa: PLC0415  # for this test alone

    demo.release_phase = ReleasePhase()
    heroku.write("demo", parser.parse(b"LEVEL=debug", source="x").vars)
    assert drift(heroku, by_file(BASE)).drifted == ()
    [found] = drift(heroku, by_file(BASE.replace("info", "debug"))).drifted
    assert found.origin == brought(2, "you@example.com")


def test_what_a_failed_release_left_behind_is_unknown(demo: App, heroku: Heroku) -> None:
    """After a failure Heroku may still answer the new vars, though no release brought them."""
    from deploy.emulator import ReleasePhase  # noqa: PLC0415  # for this test alone

    demo.release_phase = ReleasePhase(failed_reads="failed")
    heroku.write("demo", parser.parse(b"LEVEL=debug", source="x").vars)
    demo.finish_release("failed")
    assert origins(drift(heroku, by_file(BASE))) == {"LEVEL": Unknown()}


def test_a_release_that_came_between_the_reads_is_not_blamed_for_what_was_before(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    writer = Writer(lambda: demo.set_vars({"LEVEL": "trace"}))
    emulator.inject(Fault(what=writer, path="/apps/demo/releases"))
    assert origins(drift(heroku, by_file(BASE))) == {"LEVEL": Unknown()}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Status(503), id="503"),
        pytest.param(Status(500), id="500"),
        pytest.param(Status(403, body=CANARY), id="403"),
        pytest.param(Status(404), id="404"),
        pytest.param(Status(429, retry_after="1"), id="429"),
        pytest.param(Reset(), id="reset"),
        pytest.param(Truncated(), id="truncated"),
        pytest.param(Body(f'["{CANARY}"]'), id="another shape"),
        pytest.param(Body('{"LEVEL": 1}'), id="a number"),
    ],
)
@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/apps/demo/releases", {}),
        ("/apps/demo/releases/5/config-vars", {}),
        ("/apps/demo/releases/4/config-vars", {}),
        ("/apps/demo/releases/3/config-vars", {"TOKEN": 5}),
    ],
    ids=["list", "v5", "v4", "v3"],
)
def test_a_history_that_cannot_be_read_makes_no_row_fail_and_no_guess(
    emulator: Emulator,
    demo: App,
    heroku: Heroku,
    fault: Status | Reset | Truncated | Body,
    path: str,
    known: dict[str, int],
) -> None:
    demo.set_vars({"LEVEL": "debug"})
    demo.set_vars({"TOKEN": None})
    emulator.inject(Fault(what=fault, path=path, times=9))
    found = drift(heroku, by_file(BASE))
    if path.endswith("/3/config-vars"):
        assert origins(found) == {"LEVEL": Unknown(), "TOKEN": brought(known["TOKEN"])}
    else:
        assert origins(found) == {"LEVEL": Unknown(), "TOKEN": Unknown()}


# What goes wrong is a row.


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "in turn"])
@pytest.mark.parametrize("path", ["/apps/demo/config-vars", "/apps/demo/addon-attachments"])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(Status(503, body=CANARY), ApiError, id="503"),
        pytest.param(Status(429, retry_after="3"), ApiError, id="429"),
        pytest.param(Status(403, body=CANARY), Forbidden, id="403"),
        pytest.param(Body(f"<html>{CANARY}"), BadResponse, id="html"),
        pytest.param(Reset(), DeployError, id="reset"),
    ],
)
@BOTH
def test_a_failure_of_heroku_is_a_row_with_its_reason(
    emulator: Emulator,
    demo: App,
    heroku: Heroku,
    by: By,
    fault: Status | Body | Reset,
    kind: type[DeployError],
    path: str,
    at_once: bool,
) -> None:
    emulator.inject(Fault(what=fault, path=path, times=9))
    assert isinstance(failure(heroku, by(BASE), at_once=at_once), kind)


@BOTH
def test_an_app_that_does_not_exist_is_a_row(emulator: Emulator, heroku: Heroku, by: By) -> None:
    assert isinstance(failure(heroku, by(BASE)), AppNotFound)


def test_what_nobody_foresaw_is_a_row_without_its_text(
    demo: App, heroku: Heroku, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise ZeroDivisionError(CANARY)

    monkeypatch.setattr(heroku, "vars", fail)
    found = failure(heroku, by_file(BASE))
    assert isinstance(found, Unforeseen)
    assert str(found).startswith("unforeseen ZeroDivisionError at test_drift.py:")


def test_what_nobody_foresaw_in_the_example_is_a_row(demo: App, heroku: Heroku) -> None:
    found = failure(heroku, by_file(SWALLOWS), examples=lambda: frozenset([1 // 0]))
    assert isinstance(found, Unforeseen)


def test_ctrl_c_is_no_row(demo: App, heroku: Heroku, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(heroku, "vars", stop)
    with pytest.raises(KeyboardInterrupt):
        checked(heroku, by_file(BASE))


# Many at once.


def checks(count: int) -> list[Check]:
    return [by_file("A=1", f"app-{number:03}") for number in range(count)]


def test_a_fleet_with_all_that_can_go_wrong_loses_no_row(
    emulator: Emulator, heroku: Heroku
) -> None:
    """Of forty apps three drifted, one is missing, one fails for good and one is limited once."""
    todo = checks(40)
    for number, one in enumerate(todo):
        if number != 7:
            emulator.add_app(one.app, {"A": "1"})
    for number in (3, 11, 39):
        emulator.app(f"app-{number:03}").set_vars({"A": "2"})
    emulator.inject(Fault(what=Status(503), path="/apps/app-020/*", times=10**6))
    emulator.inject(Fault(what=Status(429), path="/apps/app-021/config-vars"))

    rows = dict(
        each(todo, lambda one: checked(heroku, one, at_once=False), workers=16),
    )

    assert sorted(rows) == list(range(40))
    assert [rows[place].app for place in range(40)] == [one.app for one in todo]
    unchecked = {place: row.failure for place, row in rows.items() if isinstance(row, Unchecked)}
    assert {place: type(found) for place, found in unchecked.items()} == {
        7: AppNotFound,
        20: ApiError,
    }
    drifted = {place: row for place, row in rows.items() if isinstance(row, Drift) and row.drifted}
    assert sorted(drifted) == [3, 11, 39]
    assert all(marks(row) == ["~A"] for row in drifted.values())
    origin = drifted[3].drifted[0].origin
    assert isinstance(origin, Brought)
    assert origin.release.version == 3
    # Drifted: two more, of them v3 and v2, for the releases. Missing: one. Failing: four tries.
    assert len(emulator.requests) == 34 * 2 + 3 * 5 + 1 + 4 + 3
