"""What is asked of Heroku and written to it, and what becomes of an answer that is a no."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from itertools import count
from socket import socket

import pytest

from deploy.emulator import (
    App,
    Emulator,
    Fault,
    Latency,
    ReleasePhase,
    Reset,
    Status,
    Truncated,
    When,
)
from deploy.emulator import Body as Answered
from deploy.errors import (
    AnswerLost,
    ApiError,
    AppNotFound,
    BadResponse,
    DeployError,
    Forbidden,
    OwnedByAddon,
    Unauthorized,
    Unreachable,
)
from deploy.heroku import api, ownership
from deploy.heroku.client import (
    MAX_BYTES,
    MAX_EMPTY,
    MAX_ITEMS,
    MAX_PAGES,
    MAX_SECONDS,
    Heroku,
    pages,
)
from deploy.heroku.facts import Held, LiveVars, Release
from deploy.heroku.facts import Status as Became
from deploy.heroku.live import read_live
from deploy.secret import Secret

from ..support import (
    CANARY,
    DATA,
    HASTY,
    KEY,
    FakeClock,
    answering,
    at_the_same_time,
    heroku_at,
    http,
    listening,
    over_tls,
    read_request,
    reset,
    said_by,
)

CONFIG = "/apps/demo/config-vars"
ATTACHMENTS = "/apps/demo/addon-attachments"
ADDONS = "/apps/demo/addons"
SETTINGS = "/apps/demo/config-vars-settings"
RELEASES = "/apps/demo/releases"
POSTGRES = "heroku-postgresql:essential-0"
PAGE = f"<html>{CANARY} {KEY}</html>"
"""What a proxy that echoes the request might answer."""

SET = {"TOKEN": Secret(CANARY)}
NOW = datetime(2026, 3, 1, 4, 5, 6, tzinfo=timezone.utc)
TIME = "2026-03-01T04:05:06Z"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def notices() -> list[str]:
    return []


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as opened:
        yield opened


@pytest.fixture
def demo(emulator: Emulator) -> App:
    emulator.clock = lambda: NOW
    return emulator.add_app("demo", {"LEVEL": "info", "TOKEN": "t0ken"})


@pytest.fixture
def heroku(emulator: Emulator, clock: FakeClock, notices: list[str]) -> Iterator[Heroku]:
    with heroku_at(emulator.url, clock, notice=notices.append) as opened:
        yield opened


def asked(emulator: Emulator) -> list[str]:
    return [f"{request.method} {request.path}" for request in emulator.requests]


def failure(call: Callable[[], object]) -> DeployError:
    with pytest.raises(DeployError) as caught:
        call()
    assert "canary" not in said_by(caught.value)
    return caught.value


def revealed(found: Held | LiveVars) -> dict[str, str]:
    return {name: value.reveal() for name, value in found.vars.items()}


# Lists, of which answers and times are plain values.

START = api.get("demo", "/addons")
NEWEST = api.get_releases("demo", newest=10)


def page(names: list[str], then: str | None, *, padding: int = 0) -> api.Response:
    """A page of an add-on, or of none, that names the next one."""
    body = json.dumps([{"config_vars": names}] if names else []).encode() + b" " * padding
    headers = {"next-range": then} if then else {}
    return api.Response(206 if then else 200, headers, body)


def followed(
    answer: Callable[[int], api.Response], clock: FakeClock | None = None
) -> tuple[int, str]:
    """How many pages were asked for, and why no more were."""
    numbers = count()
    asked: list[str | None] = []

    def call(request: api.Request) -> api.Response:
        asked.append(request.headers.get("Range"))
        return answer(next(numbers))

    with pytest.raises(BadResponse) as caught:
        list(pages(START, call, ownership.read_addon_vars, clock or FakeClock()))
    return len(asked), str(caught.value)


def test_a_list_is_followed_to_its_end() -> None:
    answers = [page(["A"], "b"), page([], "c"), page(["C", "D"], None)]
    left = iter(answers)
    found = list(pages(START, lambda _: next(left), ownership.read_addon_vars, FakeClock()))
    assert found == [["A"], [], ["C", "D"]]


def test_a_list_that_was_cut_goes_on_where_it_was_cut() -> None:
    answers = iter([page(["A"], "]version 5..; order=desc,max=10"), page([], None)])
    asked: list[api.Request] = []

    def call(request: api.Request) -> api.Response:
        asked.append(request)
        return next(answers)

    list(pages(NEWEST, call, ownership.read_addon_vars, FakeClock()))
    assert asked[1:] == [
        api.Request(
            "GET",
            "/apps/demo/releases",
            {
                "Accept": "application/vnd.heroku+json; version=3",
                "Range": "]version 5..; order=desc,max=10",
            },
            app="demo",
        )
    ]


@pytest.mark.parametrize(
    "whole",
    [
        page(["A"], None),
        page(["A"], "x")._replace(status=200),
        page(["A"], None)._replace(status=206),
        page(["A"], NEWEST.headers["Range"]),
    ],
    ids=["whole", "not cut", "cut, and no next", "its own next"],
)
def test_a_whole_list_has_no_next_page(whole: api.Response) -> None:
    left = iter([whole])
    found = pages(NEWEST, lambda _: next(left), ownership.read_addon_vars, FakeClock())
    assert list(found) == [["A"]]


def test_a_page_is_asked_for_when_it_is_wanted() -> None:
    left = iter([page(["A"], "b")])
    found = pages(START, lambda _: next(left), ownership.read_addon_vars, FakeClock())
    assert next(found) == ["A"]


def test_empty_pages_that_count_up_are_left() -> None:
    asked, said = followed(lambda number: page([], f"v{number}"))
    assert (asked, said) == (MAX_EMPTY, "the answer is not a list that ends (206)")


@pytest.mark.parametrize("period", [2, 3, 7])
def test_pages_that_come_round_again_are_left(period: int) -> None:
    asked, said = followed(lambda number: page(["A"], f"v{number % period}"))
    assert (asked, said) == (period + 1, "the answer is not a list that ends (206)")


def test_a_list_that_goes_back_to_its_start_is_left() -> None:
    """Or the part that was read last would count for the whole."""
    answers = iter([page(["A"], "b"), page(["B"], NEWEST.headers["Range"])])
    with pytest.raises(BadResponse):
        list(pages(NEWEST, lambda _: next(answers), ownership.read_addon_vars, FakeClock()))


def test_a_list_of_too_many_pages_is_left() -> None:
    asked, said = followed(lambda number: page(["A"], f"v{number}"))
    assert (asked, said) == (MAX_PAGES, "the answer is not a list that ends (206)")


@pytest.mark.parametrize("size", [MAX_ITEMS // 4 + 1, MAX_ITEMS + 1])
def test_a_list_of_too_many_items_is_left(size: int) -> None:
    asked, said = followed(lambda number: page(["A"] * size, f"v{number}"))
    assert (asked, said) == (
        -(-(MAX_ITEMS + 1) // size),
        "the answer is not a list of 20,000 items at most (206)",
    )


def test_a_list_of_too_many_bytes_is_left() -> None:
    asked, said = followed(lambda n: page(["A"], f"v{n}", padding=MAX_BYTES // 4))
    assert (asked, said) == (4, "the answer is not a list of 20,000 items at most (206)")


def test_a_list_that_takes_too_long_is_left() -> None:
    clock = FakeClock()

    def slow(number: int) -> api.Response:
        clock.sleep(MAX_SECONDS / 4)
        return page(["A"], f"v{number}")

    asked, said = followed(slow, clock)
    assert (asked, said) == (5, "the answer is not a list that ends within 600 seconds (206)")


def test_a_list_that_never_ends_is_left() -> None:
    """Each page is empty, and names another one as the next."""

    def serve(connection: socket, number: int) -> None:
        read_request(connection)
        more = (f"Next-Range: version {number}..", "Content-Type: application/json")
        connection.sendall(http(b"[]", *more, status="206 Partial Content"))

    with listening(serve) as server, heroku_at(server.url, FakeClock()) as heroku:
        found = failure(lambda: heroku.releases_after("demo", 0))
        asked = server.count
    assert str(found) == "the answer is not a list that ends (206)"
    assert asked == 3


def test_the_vars_are_read_with_one_request(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    assert revealed(heroku.vars("demo")) == {"LEVEL": "info", "TOKEN": "t0ken"}
    assert asked(emulator) == [f"GET {CONFIG}"]


# Writes, of which there is one.


def test_a_write_is_one_patch(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    heroku.write("demo", {"TOKEN": Secret("new"), "LEVEL": None, "EMPTY": Secret("")})
    assert demo.vars == {"TOKEN": "new", "EMPTY": ""}
    [patch] = emulator.requests
    assert (patch.method, patch.path) == ("PATCH", CONFIG)
    assert patch.headers["Accept"] == "application/vnd.heroku+json; version=3"
    assert patch.headers["Content-Type"] == "application/json"


def test_a_value_of_any_letters_arrives_as_it_is(demo: App, heroku: Heroku) -> None:
    value = 'é"\\\n\t\u2028😀\ud800'
    heroku.write("demo", {"TOKEN": Secret(value)})
    assert demo.vars["TOKEN"] == value
    assert heroku.vars("demo").vars["TOKEN"] == Secret(value)


@pytest.mark.parametrize(
    ("retry_after", "pauses"), [(None, [10, 20, 40]), ("3", [3, 3, 3]), ("600", [120] * 3)]
)
def test_a_write_is_repeated_after_429(
    emulator: Emulator,
    demo: App,
    heroku: Heroku,
    clock: FakeClock,
    retry_after: str | None,
    pauses: list[float],
) -> None:
    emulator.inject(Fault(what=Status(429, retry_after=retry_after), times=3))
    heroku.write("demo", SET)
    assert clock.slept == pauses
    assert [request.names for request in emulator.requests] == [("TOKEN",)] * 4
    assert len(demo.releases) == 3


def test_a_write_that_is_rate_limited_for_good_was_not_written(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.inject(Fault(what=Status(429), times=4))
    found = failure(lambda: heroku.write("demo", SET))
    assert isinstance(found, ApiError)
    assert str(found) == (
        "Heroku refused PATCH /apps/demo/config-vars, rate_limit; nothing was written (429)"
        f" [Request-Id {found.request_id}]"
    )
    assert found.next_step == "the account's rate limit is reached: wait a few minutes"
    assert len(emulator.requests) == 4


@pytest.mark.parametrize("when", When, ids=lambda when: when.value)
@pytest.mark.parametrize("status", [408, 500, 502, 503, 504, 520, 599])
def test_a_write_that_may_have_taken_effect_is_lost_and_not_repeated(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, status: int, when: When
) -> None:
    emulator.inject(Fault(what=Status(status, when, body=PAGE, retry_after="1")))
    found = failure(lambda: heroku.write("demo", SET))
    assert isinstance(found, AnswerLost)
    assert str(found) == f"the answer was lost (Heroku answered {status})"
    assert clock.slept == []
    assert len(emulator.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Reset(), id="reset before"),
        pytest.param(Reset(When.AFTER), id="reset after"),
        pytest.param(Truncated(), id="truncated"),
        pytest.param(Answered(PAGE), id="html"),
        pytest.param(Answered(""), id="empty"),
        pytest.param(Answered(f'["{CANARY}"]'), id="a list"),
        pytest.param(Answered(f'{{"{CANARY}": 1}}'), id="not strings"),
        pytest.param(Answered("[" * 100_000), id="deep"),
        pytest.param(Status(203, When.AFTER, body=PAGE), id="203"),
        pytest.param(Status(299, When.AFTER, body=PAGE), id="299"),
    ],
)
def test_a_write_without_a_whole_answer_is_lost_and_not_repeated(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, fault: Reset | Answered
) -> None:
    emulator.inject(Fault(what=fault))
    assert isinstance(failure(lambda: heroku.write("demo", SET)), AnswerLost)
    assert clock.slept == []
    assert len(emulator.requests) == 1


def test_a_write_that_times_out_is_lost_and_not_repeated(
    emulator: Emulator, demo: App, clock: FakeClock
) -> None:
    emulator.inject(Fault(what=Latency(3600, When.AFTER)))
    with heroku_at(emulator.url, clock, timeouts=HASTY) as heroku:
        found = failure(lambda: heroku.write("demo", SET))
    assert str(found) == "the answer was lost (no answer in time)"
    assert len(emulator.requests) == 1


def test_a_write_that_never_left_is_sent_again(
    monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(DATA / "ca.pem"))

    def serve(connection: socket, number: int) -> None:
        if number < 3:
            connection.recv(1)
            reset(connection)
            return
        with over_tls(connection, "localhost.pem") as stream:
            server.received.append(read_request(stream))
            stream.sendall(http(b"{}"))

    with (
        listening(serve) as server,
        heroku_at(f"https://127.0.0.1:{server.port}", clock) as heroku,
    ):
        heroku.write("demo", SET)
    assert len(server.received) == 1
    assert clock.slept == [0.5, 1]


# The vars and their owners.


def test_the_vars_and_their_owners_are_asked_for_at_the_same_time(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.add_addon(POSTGRES, "curved", {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")
    at_the_same_time(emulator, CONFIG, ATTACHMENTS)
    live = read_live(heroku, "demo")
    assert revealed(live) == demo.vars
    assert live.ownership.names == {"DATABASE_URL"}
    assert sorted(asked(emulator)) == [f"GET {ATTACHMENTS}", f"GET {CONFIG}"]


def test_an_app_without_addons_needs_no_third_request(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.inclusion = emulator.config_settings = False
    assert read_live(heroku, "demo").ownership.names == frozenset()
    assert len(emulator.requests) == 2


def test_in_turn_the_owners_are_asked_for_after_the_vars(
    emulator: Emulator, demo: App, heroku: Heroku, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker carries one request at a time."""
    demo.add_addon(POSTGRES, "curved", {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")
    monkeypatch.setattr("deploy.workers.both", None)
    live = read_live(heroku, "demo", at_once=False)
    assert revealed(live) == demo.vars
    assert live.ownership.names == {"DATABASE_URL"}
    assert asked(emulator) == [f"GET {CONFIG}", f"GET {ATTACHMENTS}"]


def test_in_turn_the_fallback_comes_last(emulator: Emulator, crowded: App, heroku: Heroku) -> None:
    emulator.inclusion = emulator.config_settings = False
    assert read_live(heroku, "demo", at_once=False).ownership.owns("DATABASE_URL")
    assert asked(emulator) == [f"GET {path}" for path in (CONFIG, ATTACHMENTS, SETTINGS, ADDONS)]


@pytest.fixture
def crowded(emulator: Emulator, demo: App) -> App:
    """An app with an add-on of its own, another credential of it, and one of another app."""
    demo.set_vars({"DATABASE_POOL_SIZE": "5", "SHARED_NOTE": "by hand", "OTHER_URL": "by hand"})
    own = demo.add_addon(
        POSTGRES,
        "curved",
        {"DATABASE_URL": "postgres://x", "HEROKU_POSTGRESQL_MAUVE_URL": "postgres://x"},
        attachment="DATABASE",
    )
    demo.attach(
        own, attachment="ANALYST", config={"ANALYST_URL": "x"}, namespace="credential:analyst"
    )
    foreign = emulator.add_app("elsewhere").add_addon(
        "heroku-redis:mini", "deep", {"REDIS_URL": "redis://x"}, attachment="REDIS"
    )
    demo.attach(
        foreign, attachment="SHARED", config={"SHARED_URL": "redis://x", "SHARED_TLS_URL": "x"}
    )
    return demo


def test_each_owned_name_is_known_exactly(emulator: Emulator, crowded: App, heroku: Heroku) -> None:
    ownership = read_live(heroku, "demo").ownership
    assert ownership.names == crowded.owned
    assert ownership.foreign == ()
    assert not any(map(ownership.may_own, ["DATABASE_POOL_SIZE", "SHARED_NOTE", "OTHER_URL"]))
    assert len(emulator.requests) == 2


def test_where_attachments_name_no_vars_the_addons_are_asked(
    emulator: Emulator, crowded: App, heroku: Heroku
) -> None:
    emulator.inclusion = emulator.config_settings = False
    ownership = read_live(heroku, "demo").ownership
    assert ownership.names == {
        "DATABASE_URL",
        "HEROKU_POSTGRESQL_MAUVE_URL",
        "ANALYST_URL",
        "SHARED_URL",
    }
    assert sorted(asked(emulator)) == [
        f"GET {path}" for path in (ATTACHMENTS, ADDONS, CONFIG, SETTINGS)
    ]


def test_where_attachments_name_no_vars_a_foreign_one_is_spared_with_its_whole_prefix(
    emulator: Emulator, crowded: App, heroku: Heroku
) -> None:
    emulator.inclusion = emulator.config_settings = False
    ownership = read_live(heroku, "demo").ownership
    assert ownership.foreign == ("SHARED",)
    assert all(map(ownership.may_own, ["SHARED_TLS_URL", "SHARED_NOTE"]))
    assert not any(map(ownership.owns, ["SHARED_TLS_URL", "SHARED_NOTE"]))
    assert not any(map(ownership.may_own, ["DATABASE_POOL_SIZE", "OTHER_URL", "SHAREDX"]))


def test_the_fallback_goes_out_while_the_vars_are_still_read(
    emulator: Emulator, crowded: App, heroku: Heroku
) -> None:
    emulator.inclusion = emulator.config_settings = False
    at_the_same_time(emulator, CONFIG, ADDONS)
    assert read_live(heroku, "demo").ownership.owns("DATABASE_URL")


@pytest.mark.parametrize("inclusion", [True, False], ids=["named", "fallback"])
def test_no_owner_is_missed_on_a_second_page(
    emulator: Emulator, demo: App, heroku: Heroku, inclusion: bool
) -> None:
    emulator.inclusion = emulator.config_settings = inclusion
    for number in range(201):
        name = f"N{number:03}"
        demo.add_addon("x:y", f"addon-{number:03}", {f"{name}_KEY": "x"}, attachment=name)
    assert read_live(heroku, "demo").ownership.names >= demo.owned


@pytest.mark.parametrize("path", [CONFIG, ATTACHMENTS, ADDONS])
def test_a_failure_of_any_of_the_reads_fails_the_whole(
    emulator: Emulator, crowded: App, heroku: Heroku, path: str
) -> None:
    emulator.inclusion = emulator.config_settings = False
    emulator.inject(Fault(what=Status(403, body=PAGE), path=path))
    assert isinstance(failure(lambda: read_live(heroku, "demo")), Forbidden)


@pytest.mark.parametrize("path", [CONFIG, ATTACHMENTS, ADDONS, RELEASES])
@pytest.mark.parametrize("text", [PAGE, "null", f'"{CANARY}"', f'[["{CANARY}"]]', "[{}]", "1"])
def test_an_answer_of_another_shape_is_never_taken_for_an_empty_one(
    emulator: Emulator, crowded: App, heroku: Heroku, path: str, text: str
) -> None:
    emulator.inclusion = emulator.config_settings = False
    emulator.inject(Fault(what=Answered(text), path=path))
    found = failure(
        lambda: heroku.newest_releases("demo") if path == RELEASES else read_live(heroku, "demo")
    )
    assert isinstance(found, BadResponse)


# Releases.


def test_the_ten_newest_releases_come_newest_first(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    for _ in range(12):
        demo.deploy()
    found = heroku.newest_releases("demo")
    assert found[0] == Release(14, Became.SUCCEEDED, "someone@example.com", TIME)
    assert [release.version for release in found] == [*range(14, 4, -1)]
    assert emulator.requests[-1].headers["Range"] == "version ..; order=desc,max=10"


@pytest.mark.parametrize("others", [0, 1, 8, 9, 10, 11, 19, 20, 21, 35])
def test_all_later_releases_are_found_over_as_many_pages_as_it_takes(
    emulator: Emulator, demo: App, heroku: Heroku, others: int
) -> None:
    for _ in range(others):
        demo.deploy()
    found = heroku.releases_after("demo", 2)
    assert [release.version for release in found] == list(range(3, 3 + others))
    assert len(emulator.requests) == (others + 1 + 9) // 10


def test_the_releases_of_a_new_app_end_with_the_first(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    for _ in range(18):
        demo.deploy()
    found = heroku.releases_after("demo", 0)
    assert [release.version for release in found] == list(range(1, 21))
    assert [request.status for request in emulator.requests] == [206, 200]


def test_the_vars_of_a_release_are_those_it_brought(demo: App, heroku: Heroku) -> None:
    demo.set_vars({"TOKEN": None})
    assert revealed(heroku.release_vars("demo", 2)) == {"LEVEL": "info", "TOKEN": "t0ken"}
    assert revealed(heroku.release_vars("demo", 3)) == {"LEVEL": "info"}
    assert heroku.release("demo", 3) == Release(3, Became.SUCCEEDED, "someone@example.com", TIME)


def test_twenty_releases_that_succeeded_are_found_in_one_request(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    for _ in range(60):
        demo.deploy()
    found = heroku.succeeded_releases("demo", 20)
    assert [release.version for release in found] == list(range(62, 22, -1))
    assert asked(emulator) == [f"GET {RELEASES}"]
    assert emulator.requests[-1].headers["Range"] == "version ..; order=desc,max=40"


@pytest.mark.parametrize(("failed", "pages"), [(20, 1), (21, 2), (60, 2), (61, 3)])
def test_releases_are_read_on_until_enough_of_them_succeeded(
    emulator: Emulator, demo: App, heroku: Heroku, failed: int, pages: int
) -> None:
    for _ in range(40):
        demo.deploy()
    demo.release_phase = ReleasePhase(outcome="failed", reads=0)
    for number in range(failed):
        heroku.write("demo", {"LEVEL": Secret(str(number))})
    del emulator.requests[:]
    found = heroku.succeeded_releases("demo", 20)
    assert sum(release.status is Became.SUCCEEDED for release in found) >= 20
    assert found[0].version == 42 + failed
    assert len(emulator.requests) == pages


def test_an_app_with_few_releases_has_no_more_of_them(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    assert [release.version for release in heroku.succeeded_releases("demo", 20)] == [2, 1]
    assert len(emulator.requests) == 1


# Answers that are a no.


def test_a_key_that_is_revoked_is_told_with_its_source(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.revoke(KEY)
    found = failure(lambda: read_live(heroku, "demo"))
    assert isinstance(found, Unauthorized)
    assert str(found) == (
        f"Heroku refuses the API key from the test (401) [Request-Id {found.request_id}]"
    )
    assert found.next_step == (
        "it is mistyped, revoked or expired: make one with"
        " heroku authorizations:create --scope read-protected,write-protected"
    )


def test_a_key_without_the_scope_is_told_which_one_it_lacks(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.restrict(KEY, ["read", "read-protected"])
    found = failure(lambda: heroku.write("demo", SET))
    assert isinstance(found, Forbidden)
    assert str(found) == (
        "the API key from the test has scope read, read-protected; this needs global,"
        f" write-protected; nothing was written (403) [Request-Id {found.request_id}]"
    )
    assert found.next_step == (
        "heroku authorizations:create --scope read-protected,write-protected"
    )
    assert demo.vars["TOKEN"] == "t0ken"


def test_an_app_of_other_people_is_told(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    emulator.forbid(KEY, "demo")
    found = failure(lambda: heroku.vars("demo"))
    assert isinstance(found, Forbidden)
    assert str(found) == (
        f"the API key from the test may not use demo (403) [Request-Id {found.request_id}]"
    )
    assert found.next_step == "use the key of someone who works on this app"


def test_a_key_that_may_not_see_the_app_is_not_told_of_scopes(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.forbid(KEY, "demo")
    found = failure(lambda: heroku.vars("demo"))
    assert str(found) == (
        f"the API key from the test may not use demo (403) [Request-Id {found.request_id}]"
    )


def test_a_second_factor_is_told(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    body = f'{{"id": "two_factor", "message": "{CANARY}"}}'
    emulator.inject(Fault(what=Status(403, body=body)))
    assert failure(lambda: heroku.vars("demo")).next_step == (
        "use the key of an authorization: heroku authorizations:create"
    )


def test_an_app_that_is_not_there_is_told(emulator: Emulator, heroku: Heroku) -> None:
    found = failure(lambda: heroku.vars("demo"))
    assert isinstance(found, AppNotFound)
    assert str(found) == (
        "Heroku knows no app demo, or the API key from the test may not see it (404)"
        f" [Request-Id {found.request_id}]"
    )
    assert found.next_step == "check the name: heroku apps lists what a key can see"


def test_owned_names_are_told_and_nothing_is_written(crowded: App, heroku: Heroku) -> None:
    before = crowded.vars
    changes = {"DATABASE_URL": Secret(CANARY), "SHARED_URL": None, **SET}
    found = failure(lambda: heroku.write("demo", changes))
    assert isinstance(found, OwnedByAddon)
    assert found.names == ("DATABASE_URL", "SHARED_URL")
    assert str(found) == (
        "demo: nothing was written: an add-on owns DATABASE_URL, SHARED_URL (422)"
        f" [Request-Id {found.request_id}]"
    )
    assert found.next_step == (
        "take the name out of the file, or put it under ignore: in the settings"
    )
    assert crowded.vars == before


def test_only_the_names_that_heroku_lists_are_called_owned(crowded: App, heroku: Heroku) -> None:
    """Names may read like the words around them."""
    sent = ["DATABASE_URL", "id", "message", "values", "Cannot", "invalid_params"]
    found = failure(lambda: heroku.write("demo", {name: Secret("x") for name in sent}))
    assert isinstance(found, OwnedByAddon)
    assert found.names == ("DATABASE_URL",)


def test_a_422_of_another_kind_is_told_without_its_words(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    body = f'{{"id": "invalid_params", "message": "{CANARY} is too long"}}'
    emulator.inject(Fault(what=Status(422, body=body)))
    found = failure(lambda: heroku.write("demo", SET))
    assert type(found) is ApiError
    assert str(found) == (
        "Heroku refused PATCH /apps/demo/config-vars, invalid_params; nothing was written (422)"
        f" [Request-Id {found.request_id}]"
    )


@pytest.mark.parametrize("status", [300, 302, 307])
def test_a_redirect_is_a_refusal(
    emulator: Emulator, demo: App, heroku: Heroku, status: int
) -> None:
    emulator.inject(Fault(what=Status(status, body=PAGE)))
    found = failure(lambda: heroku.vars("demo"))
    assert isinstance(found, ApiError)
    assert str(found) == (
        "Heroku refused GET /apps/demo/config-vars, a redirect, which is never followed"
        f" ({status}) [Request-Id {found.request_id}]"
    )
    assert found.next_step == "check HEROKU_HOST and the proxy"


def test_a_request_id_that_is_none_is_not_repeated(clock: FakeClock) -> None:
    answer = http(b"{}", f"Request-Id: {CANARY}", status="500 no")
    with answering(answer) as server, heroku_at(server.url, clock) as heroku:
        found = failure(lambda: heroku.vars("demo"))
    assert isinstance(found, ApiError)
    assert found.request_id is None


def test_a_port_where_nobody_listens_is_not_asked_again(clock: FakeClock) -> None:
    with listening(lambda _connection, _number: None) as closed:
        url = closed.url
    with heroku_at(url, clock) as heroku:
        assert isinstance(failure(lambda: read_live(heroku, "demo")), Unreachable)
    assert clock.slept == []
