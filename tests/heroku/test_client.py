"""What is asked of Heroku, how often, and what becomes of an answer that is a no."""

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from socket import socket
from threading import Barrier

import pytest
import requests
import responses

from deploy import workers
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
    Writer,
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
    TimedOut,
    Unauthorized,
    Unreachable,
)
from deploy.heroku.client import Heroku
from deploy.heroku.credentials import Key
from deploy.heroku.facts import Held, LiveVars, Release
from deploy.heroku.facts import Status as Became
from deploy.heroku.host import DEFAULT, Host
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


# Lists.


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


# Reads that are asked again.


def test_the_vars_are_read_with_one_request(emulator: Emulator, demo: App, heroku: Heroku) -> None:
    assert revealed(heroku.vars("demo")) == {"LEVEL": "info", "TOKEN": "t0ken"}
    assert asked(emulator) == [f"GET {CONFIG}"]


@pytest.mark.parametrize(
    ("fault", "pauses"),
    [
        pytest.param(Status(429), [10, 20, 40], id="429"),
        pytest.param(Status(429, retry_after="7"), [7, 7, 7], id="429 retry-after"),
        pytest.param(Status(429, retry_after="121"), [120, 120, 120], id="429 capped"),
        pytest.param(Status(429, retry_after="999999999"), [120] * 3, id="429 absurd"),
        pytest.param(Status(429, retry_after="-1"), [10, 20, 40], id="429 negative"),
        pytest.param(Status(429, retry_after="nan"), [10, 20, 40], id="429 no number"),
        pytest.param(Status(502, body=PAGE), [0.5, 1, 2], id="502"),
        pytest.param(Status(503), [0.5, 1, 2], id="503"),
        pytest.param(Status(504), [0.5, 1, 2], id="504"),
        pytest.param(Reset(), [0.5, 1, 2], id="reset"),
        pytest.param(Reset(When.AFTER), [0.5, 1, 2], id="reset after"),
        pytest.param(Truncated(), [0.5, 1, 2], id="truncated"),
    ],
)
def test_a_read_is_repeated_three_times_and_then_given_up(
    emulator: Emulator,
    demo: App,
    heroku: Heroku,
    clock: FakeClock,
    fault: Status | Reset | Truncated,
    pauses: list[float],
) -> None:
    emulator.inject(Fault(what=fault, times=3))
    assert revealed(heroku.vars("demo"))["TOKEN"] == "t0ken"
    assert clock.slept == pauses
    emulator.inject(Fault(what=fault, times=4))
    failure(lambda: heroku.vars("demo"))
    assert clock.slept == pauses * 2
    assert len(emulator.requests) == 8


def test_retry_after_of_nothing_is_at_once(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock
) -> None:
    emulator.inject(Fault(what=Status(429, retry_after="0")))
    heroku.vars("demo")
    assert clock.slept == []
    assert len(emulator.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 409, 422, 423, 500, 501])
def test_a_read_that_was_refused_is_not_repeated(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, status: int
) -> None:
    emulator.inject(Fault(what=Status(status, body=PAGE)))
    assert isinstance(failure(lambda: heroku.vars("demo")), ApiError)
    assert clock.slept == []
    assert len(emulator.requests) == 1


def test_a_read_that_times_out_is_told(emulator: Emulator, demo: App, clock: FakeClock) -> None:
    emulator.inject(Fault(what=Latency(3600), times=9))
    with heroku_at(emulator.url, clock, timeouts=HASTY) as heroku:
        found = failure(lambda: heroku.vars("demo"))
    assert isinstance(found, TimedOut)
    assert str(found) == f"{emulator.url}: no answer in time"
    assert found.next_step == "look at Heroku's status page, and try again"


def test_a_connection_to_heroku_that_fails_is_tried_again(clock: FakeClock) -> None:
    broken = requests.exceptions.ConnectionError("canary")
    with responses.RequestsMock() as mock, heroku_at(Host(DEFAULT), clock) as heroku:
        for _ in range(4):
            mock.add("GET", f"{DEFAULT}{CONFIG}", body=broken)
        found = failure(lambda: heroku.vars("demo"))
        assert len(mock.calls) == 4
    assert str(found) == "https://api.heroku.com: the connection broke"
    assert found.next_step == "check the network, and try again"
    assert clock.slept == [0.5, 1, 2]


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


# What a person is told meanwhile.


def test_each_notice_is_said_once(
    emulator: Emulator, demo: App, heroku: Heroku, notices: list[str]
) -> None:
    emulator.inject(Fault(what=Status(429, retry_after="9"), times=3))
    heroku.vars("demo")
    assert notices == ["Heroku gives no answer yet (429): trying again in 9 s"]


def test_a_connection_that_broke_is_told(
    emulator: Emulator, demo: App, heroku: Heroku, notices: list[str]
) -> None:
    emulator.inject(Fault(what=Reset()))
    heroku.vars("demo")
    assert notices == ["demo: Heroku gives no answer yet (no connection): trying again in 0.5 s"]


def test_a_rate_limit_is_the_accounts_and_a_broken_answer_an_apps(
    emulator: Emulator, demo: App, heroku: Heroku, notices: list[str]
) -> None:
    emulator.add_app("other", {})
    emulator.inject(Fault(path="/apps/demo/*", what=Status(503)))
    emulator.inject(Fault(path="/apps/other/*", what=Status(429, retry_after="9")))
    heroku.vars("demo")
    heroku.vars("other")
    assert notices == [
        "demo: Heroku gives no answer yet (503): trying again in 0.5 s",
        "Heroku gives no answer yet (429): trying again in 9 s",
    ]


def test_a_silence_lasts_from_a_request_to_its_answer(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock
) -> None:
    seen = []

    def linger() -> None:
        clock.now += 5
        seen.append(heroku.seconds_waiting())

    emulator.inject(Fault(what=Writer(linger)))
    heroku.vars("demo")
    assert (seen, heroku.seconds_waiting()) == ([5.0], 0.0)


def test_nothing_is_silent_between_two_tries(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock
) -> None:
    seen: list[float] = []
    clock.during = lambda _: seen.append(heroku.seconds_waiting())
    emulator.inject(Fault(what=Reset()))
    heroku.vars("demo")
    assert (seen, heroku.seconds_waiting()) == ([0.0], 0.0)


def test_a_warning_from_heroku_is_passed_on_once(
    emulator: Emulator, demo: App, heroku: Heroku, notices: list[str]
) -> None:
    emulator.warn = "this stack is old"
    read_live(heroku, "demo")
    heroku.vars("demo")
    assert notices == ["Heroku says: this stack is old"]


@pytest.mark.parametrize("header", ["Warning-Message", "X-Heroku-Warning"])
def test_a_warning_is_passed_on_with_a_refusal_too(
    clock: FakeClock, notices: list[str], header: str
) -> None:
    answer = http(b"{}", f"{header}: mind the gap", status="403 Forbidden")
    with (
        answering(answer) as server,
        heroku_at(server.url, clock, notice=notices.append) as heroku,
    ):
        failure(lambda: heroku.vars("demo"))
    assert notices == ["Heroku says: mind the gap"]


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


def test_in_turn_the_owners_are_asked_for_after_the_vars_and_without_a_thread(
    emulator: Emulator, demo: App, heroku: Heroku, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker carries one request at a time."""
    demo.add_addon(POSTGRES, "curved", {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")
    monkeypatch.setattr("deploy.workers.start", None)
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


# How fast requests go out.

SLOW = "Heroku's rate limit is nearly used up: slowing down"


class Interrupted(FakeClock):
    """The first sleep is cut short before any time has passed."""

    def __init__(self) -> None:
        super().__init__()
        self.is_first = True

    def sleep(self, seconds: float, /) -> None:
        if self.is_first:
            self.is_first = False
            raise KeyboardInterrupt
        super().sleep(seconds)


def test_nothing_waits_while_plenty_of_tokens_are_left(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, notices: list[str]
) -> None:
    emulator.rate_limit_remaining = 320
    for _ in range(20):
        heroku.vars("demo")
    assert emulator.rate_limit_remaining == 300
    assert (clock.slept, notices) == ([], [])


def test_when_few_tokens_are_left_requests_are_spaced_and_that_is_said_once(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, notices: list[str]
) -> None:
    emulator.rate_limit_remaining = 300
    for _ in range(5):
        heroku.vars("demo")
    assert clock.slept == pytest.approx([0.8, 0.8, 0.8])  # the first did not know yet
    assert notices == [SLOW]


def test_time_that_passes_by_itself_is_not_waited_for_again(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, notices: list[str]
) -> None:
    emulator.rate_limit_remaining = 100
    for _ in range(4):
        heroku.vars("demo")
        clock.now += 1
    assert (clock.slept, notices) == ([], [])


def test_once_tokens_came_in_nothing_waits_any_more(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock
) -> None:
    emulator.rate_limit_remaining = 100
    for _ in range(3):
        heroku.vars("demo")
    emulator.rate_limit_remaining = 4000
    for _ in range(2):
        heroku.vars("demo")  # the first does not know yet; turns that were taken are kept
    before = len(clock.slept)
    for _ in range(10):
        heroku.vars("demo")
    assert len(clock.slept) == before


def test_what_one_request_is_told_by_a_429_holds_for_all(emulator: Emulator, demo: App) -> None:
    emulator.inject(Fault(what=Status(429, retry_after="30")))
    clock = Interrupted()
    with heroku_at(emulator.url, clock) as heroku:
        with pytest.raises(KeyboardInterrupt):
            heroku.vars("demo")
        clock.now = 4.0
        heroku.release("demo", 1)
        heroku.release("demo", 2)
    assert clock.slept == [26]


def test_a_hold_that_grows_while_somebody_waits_is_waited_for_whole(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock
) -> None:
    """Another worker may be told of a longer one meanwhile."""
    emulator.inject(Fault(what=Status(429, retry_after="7")))

    def told_elsewhere(seconds: float) -> None:
        if seconds == 7:
            heroku._rate_limit.hold(clock.now + 20)

    clock.during = told_elsewhere
    heroku.vars("demo")
    assert clock.slept == [7, 20]


def test_who_waits_to_leave_is_not_held(emulator: Emulator, demo: App) -> None:
    """After Ctrl-C a sync still says what is true on Heroku, at once."""
    emulator.inject(Fault(what=Status(429, retry_after="120")))
    clock = Interrupted()
    with heroku_at(emulator.url, clock) as heroku:
        with pytest.raises(KeyboardInterrupt):
            heroku.write("demo", SET)
        heroku.hurry()
        assert revealed(heroku.vars("demo"))["TOKEN"] == "t0ken"
    assert clock.slept == []


def test_a_bucket_that_is_empty_is_said_once_and_outwaited(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, notices: list[str]
) -> None:
    emulator.rate_limit_remaining = 0
    clock.during = lambda _: setattr(emulator, "rate_limit_remaining", 5)
    for _ in range(3):
        heroku.vars("demo")
    assert clock.slept == pytest.approx([10, 0.8, 0.8])
    assert notices == ["Heroku gives no answer yet (429): trying again in 10 s", SLOW]


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


NEW = "canary-new-key-8a1b"


def another(asked_for: list[int], key: str = NEW) -> Callable[[], Key | None]:
    def ask() -> Key | None:
        asked_for.append(1)
        return Key(Secret(key), "heroku auth:token") if key else None

    return ask


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda heroku: heroku.vars("demo"), id="a read"),
        pytest.param(lambda heroku: heroku.newest_releases("demo"), id="a list"),
        pytest.param(lambda heroku: heroku.write("demo", SET), id="a write"),
    ],
)
def test_where_the_key_is_refused_another_one_is_taken_and_that_is_said_once(
    emulator: Emulator,
    demo: App,
    clock: FakeClock,
    notices: list[str],
    call: Callable[[Heroku], object],
) -> None:
    emulator.revoke(KEY)
    asked_for: list[int] = []
    with heroku_at(
        emulator.url, clock, notice=notices.append, another_key=another(asked_for)
    ) as heroku:
        call(heroku)
        heroku.vars("demo")
    assert [request.status == 401 for request in emulator.requests] == [True, False, False]
    assert asked_for == [1]
    assert clock.slept == []
    assert notices == [
        "warning: Heroku refuses the API key from the test: using heroku auth:token's"
    ]


def test_many_requests_at_once_ask_for_another_key_once(
    emulator: Emulator, demo: App, clock: FakeClock, notices: list[str]
) -> None:
    """The others wait for the first, and are sent again with its key."""
    emulator.revoke(KEY)
    asked_for: list[int] = []
    with heroku_at(
        emulator.url, clock, notice=notices.append, another_key=another(asked_for)
    ) as heroku:
        gate = Barrier(16)

        def read(_job: int) -> set[str]:
            gate.wait()
            return set(read_live(heroku, "demo", at_once=False).vars)

        found = dict(workers.each(range(16), read, workers=16))
    assert list(found.values()) == [{"LEVEL", "TOKEN"}] * 16
    assert asked_for == [1]
    assert len(notices) == 1


@pytest.mark.parametrize("key", ["", NEW], ids=["none", "one that is refused too"])
def test_where_no_other_key_does_the_refusal_is_told_with_its_source(
    emulator: Emulator, demo: App, clock: FakeClock, key: str
) -> None:
    emulator.revoke(KEY)
    emulator.revoke(NEW)
    asked_for: list[int] = []
    with heroku_at(emulator.url, clock, another_key=another(asked_for, key)) as heroku:
        found = failure(lambda: heroku.vars("demo"))
        failure(lambda: heroku.vars("demo"))
    source = "heroku auth:token" if key else "the test"
    assert str(found).startswith(f"Heroku refuses the API key from {source} (401)")
    assert asked_for == [1]


@pytest.mark.parametrize("status", [403, 404, 422, 429, 503])
def test_no_other_answer_asks_for_another_key(
    emulator: Emulator, demo: App, clock: FakeClock, status: int
) -> None:
    emulator.inject(Fault(path=CONFIG, what=Status(status), times=9))
    asked_for: list[int] = []
    with heroku_at(emulator.url, clock, another_key=another(asked_for)) as heroku:
        failure(lambda: heroku.vars("demo"))
    assert asked_for == []


def test_whoever_waits_to_leave_waits_for_no_other_key(
    emulator: Emulator, demo: App, clock: FakeClock
) -> None:
    emulator.revoke(KEY)
    asked_for: list[int] = []
    with heroku_at(emulator.url, clock, another_key=another(asked_for)) as heroku:
        heroku.hurry()
        failure(lambda: heroku.vars("demo"))
    assert asked_for == []


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
