"""How a request is sent: when, how often, with which key, and what a person is told of it."""

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
    Reset,
    Status,
    Truncated,
    When,
    Writer,
)
from deploy.errors import (
    ApiError,
    DeployError,
    Stopped,
    Terminated,
    TimedOut,
)
from deploy.heroku.client import Heroku
from deploy.heroku.credentials import Key
from deploy.heroku.facts import Held, LiveVars
from deploy.heroku.host import DEFAULT, Host
from deploy.heroku.live import read_live
from deploy.heroku.sender import InFlight
from deploy.secret import Secret

from ..support import (
    CANARY,
    HASTY,
    KEY,
    FakeClock,
    answering,
    heroku_at,
    http,
    listening,
    reset,
    said_by,
)

CONFIG = "/apps/demo/config-vars"
PAGE = f"<html>{CANARY} {KEY}</html>"
"""What a proxy that echoes the request might answer."""

SET = {"TOKEN": Secret(CANARY)}
NOW = datetime(2026, 3, 1, 4, 5, 6, tzinfo=timezone.utc)


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


def failure(call: Callable[[], object]) -> DeployError:
    with pytest.raises(DeployError) as caught:
        call()
    assert "canary" not in said_by(caught.value)
    return caught.value


def revealed(found: Held | LiveVars) -> dict[str, str]:
    return {name: value.reveal() for name, value in found.vars.items()}


# Reads that are asked again.


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
        with pytest.raises(KeyboardInterrupt) as stop:
            heroku.vars("demo")
        heroku.hurry(stop.value)
        assert revealed(heroku.vars("demo"))["TOKEN"] == "t0ken"
    assert clock.slept == []


class Ended(FakeClock):
    """Each sleep is ended by SIGTERM."""

    def sleep(self, seconds: float, /) -> None:
        if seconds:
            raise Terminated


def test_a_write_that_is_stopped_after_a_429_says_that_nothing_was_written(
    emulator: Emulator, demo: App
) -> None:
    """A rate limit is decided before anything is done."""
    emulator.inject(Fault(what=Status(429)))
    with heroku_at(emulator.url, Ended()) as heroku:
        stopped = failure(lambda: heroku.write("demo", SET))
    assert isinstance(stopped, Stopped)
    assert str(stopped) == "terminated (SIGTERM); nothing was written"
    assert (stopped.is_sent, stopped.exit_code) == (False, 143)
    assert demo.vars["TOKEN"] == "t0ken"


def test_a_write_that_is_spaced_and_stopped_says_that_nothing_was_sent(
    emulator: Emulator, demo: App
) -> None:
    emulator.rate_limit_remaining = 100
    with heroku_at(emulator.url, Ended()) as heroku:
        heroku.vars("demo")  # says how few are left
        heroku.vars("demo")  # takes the first turn
        stopped = failure(lambda: heroku.write("demo", SET))
    assert isinstance(stopped, Stopped)
    assert [each.method for each in emulator.requests] == ["GET", "GET"]


def test_a_write_that_found_no_connection_and_is_stopped_says_that_nothing_was_written() -> None:
    def serve(connection: socket, _number: int) -> None:
        connection.recv(1)  # the first byte of the client's TLS hello
        reset(connection)

    with (
        listening(serve) as server,
        heroku_at(f"https://127.0.0.1:{server.port}", Ended()) as heroku,
    ):
        stopped = failure(lambda: heroku.write("demo", SET))
    assert isinstance(stopped, Stopped)
    assert not stopped.is_sent


def test_once_somebody_waits_to_leave_nothing_is_written_any_more(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    heroku.hurry(Terminated())
    stopped = failure(lambda: heroku.write("demo", SET))
    assert str(stopped) == "terminated (SIGTERM); nothing was written"
    assert emulator.requests == []


def test_a_bucket_that_is_empty_is_said_once_and_outwaited(
    emulator: Emulator, demo: App, heroku: Heroku, clock: FakeClock, notices: list[str]
) -> None:
    emulator.rate_limit_remaining = 0
    clock.during = lambda _: setattr(emulator, "rate_limit_remaining", 5)
    for _ in range(3):
        heroku.vars("demo")
    assert clock.slept == pytest.approx([10, 0.8, 0.8])
    assert notices == ["Heroku gives no answer yet (429): trying again in 10 s", SLOW]


# Another key.

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
        heroku.hurry(KeyboardInterrupt())
        failure(lambda: heroku.vars("demo"))
    assert asked_for == []


# What is in flight; times are plain values.


def test_where_nothing_is_in_flight_nothing_is_waited_for() -> None:
    flight = InFlight()
    assert flight.seconds_waiting(9.0) == 0.0
    flight.begin(10.0)
    flight.end(11.0)
    assert flight.seconds_waiting(99.0) == 0.0


def test_the_waiting_begins_with_the_first_of_several_requests() -> None:
    flight = InFlight()
    flight.begin(10.0)
    flight.begin(12.0)
    assert flight.seconds_waiting(13.0) == 3.0


def test_each_answer_begins_it_anew_while_others_are_due() -> None:
    flight = InFlight()
    flight.begin(10.0)
    flight.begin(10.0)
    flight.end(14.0)
    assert flight.seconds_waiting(15.0) == 1.0
