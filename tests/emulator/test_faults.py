import errno
import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.emulator import (
    App,
    Body,
    Emulator,
    Fault,
    Latency,
    Redirect,
    Reset,
    Status,
    Truncated,
    When,
    Writer,
)

from .client import CONFIG, RELEASES, Client


@pytest.fixture
def unchecked(emulator: Emulator) -> Client:
    """A client that takes what Heroku would not say."""
    return Client(emulator, is_checked=False)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor() as opened:
        yield opened


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, "unauthorized"),
        (418, "error"),
        (429, "rate_limit"),
        (500, "internal_server_error"),
        (502, "bad_gateway"),
        (503, "service_unavailable"),
        (504, "gateway_timeout"),
        (599, "error"),
    ],
)
def test_a_status_before_the_effect_prevents_it(
    emulator: Emulator, demo: App, client: Client, status: int, kind: str
) -> None:
    emulator.inject(Fault(what=Status(status)))
    reply = client.patch({"A": "3"})
    assert reply.error == (status, kind)
    assert reply.headers["Request-Id"]
    assert demo.vars["A"] == "1"


def test_a_status_after_the_effect_hides_it(emulator: Emulator, demo: App, client: Client) -> None:
    emulator.inject(Fault(what=Status(503, When.AFTER)))
    assert client.patch({"A": "3"}).status == 503
    assert demo.vars["A"] == "3"


@pytest.mark.parametrize("retry_after", [None, "7"])
def test_a_429_says_when_to_come_back_only_if_told_to(
    emulator: Emulator, demo: App, client: Client, retry_after: str | None
) -> None:
    emulator.inject(Fault(what=Status(429, retry_after=retry_after)))
    assert client.get(CONFIG).headers.get("Retry-After") == retry_after


def test_a_status_may_come_with_a_page_of_its_own(
    emulator: Emulator, demo: App, unchecked: Client
) -> None:
    emulator.inject(Fault(what=Status(502, body="<h1>canary</h1>")))
    reply = unchecked.get(CONFIG)
    assert (reply.status, reply.text) == (502, "<h1>canary</h1>")
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("when", "value"), [(When.BEFORE, "1"), (When.AFTER, "3")])
def test_a_reset_drops_the_connection_before_or_after_the_effect(
    emulator: Emulator, demo: App, client: Client, when: When, value: str
) -> None:
    emulator.inject(Fault(what=Reset(when)))
    with pytest.raises(ConnectionResetError) as caught:
        client.patch({"A": "3"})
    assert caught.value.errno == errno.ECONNRESET  # an RST; a plain close has no errno
    assert demo.vars["A"] == value


@pytest.mark.parametrize(
    ("text", "arrived"), [(None, True), ("canary-text", True), ("x", False), ("", False)]
)
def test_a_truncated_answer_ends_short_of_its_length_after_the_effect(
    emulator: Emulator, demo: App, client: Client, text: str | None, arrived: bool
) -> None:
    emulator.inject(Fault(what=Truncated(text)))
    with pytest.raises(http.client.IncompleteRead) as caught:
        client.patch({"A": "3"})
    assert caught.value.expected  # a client that misses nothing would keep the connection
    assert bool(caught.value.partial) is arrived
    assert demo.vars["A"] == "3"


@pytest.mark.parametrize("text", ["<html>canary", "[1, 2]", ""])
def test_a_body_of_another_kind_comes_with_status_200_after_the_effect(
    emulator: Emulator, demo: App, unchecked: Client, text: str
) -> None:
    emulator.inject(Fault(what=Body(text)))
    reply = unchecked.patch({"A": "3"})
    assert (reply.status, reply.text) == (200, text)
    assert reply.headers["Content-Type"] == "application/json"
    assert demo.vars["A"] == "3"


def test_a_redirect_names_another_place_and_has_no_effect(
    emulator: Emulator, demo: App, unchecked: Client
) -> None:
    emulator.inject(Fault(what=Redirect("http://127.0.0.1:1/", status=307, body="canary")))
    reply = unchecked.patch({"A": "3"})
    assert (reply.status, reply.headers["Location"]) == (307, "http://127.0.0.1:1/")
    assert reply.text == "canary"
    assert demo.vars["A"] == "1"


@pytest.mark.parametrize(("when", "seen"), [(When.BEFORE, "9"), (When.AFTER, "1")])
def test_a_second_writer_acts_before_or_after_the_request(
    emulator: Emulator, demo: App, client: Client, when: When, seen: str
) -> None:
    emulator.inject(Fault(what=Writer(lambda: demo.set_vars({"A": "9"}), when), method="GET"))
    assert client.get(CONFIG).item["A"] == seen
    assert demo.vars["A"] == "9"


def test_a_second_writer_may_use_the_api_itself(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Writer(lambda: client.patch({"A": "9"})), method="GET"))
    assert client.get(CONFIG).item["A"] == "9"


def test_a_request_that_waits_holds_up_no_other(
    emulator: Emulator, demo: App, client: Client, pool: ThreadPoolExecutor
) -> None:
    entered, leave = threading.Event(), threading.Event()
    emulator.inject(Fault(what=Writer(entered.set), method="PATCH"))
    emulator.inject(Fault(what=Writer(leave.wait), method="PATCH"))
    slow = pool.submit(client.patch, {"A": "3"})
    assert entered.wait(10)
    assert client.get(CONFIG).item["A"] == "1"
    leave.set()
    assert slow.result().item["A"] == "3"


@pytest.mark.parametrize(("when", "value"), [(When.BEFORE, "1"), (When.AFTER, "3")])
def test_latency_delays_the_answer_ahead_of_the_effect_or_behind_it(
    emulator: Emulator, demo: App, pool: ThreadPoolExecutor, when: When, value: str
) -> None:
    waiting = threading.Event()
    emulator.inject(Fault(what=Writer(waiting.set, when)))
    emulator.inject(Fault(what=Latency(3600, when)))
    late = pool.submit(Client(emulator).patch, {"A": "3"})
    assert waiting.wait(10)
    assert (demo.vars["A"], late.done()) == (value, False)
    emulator.__exit__(None, None, None)  # wakes it, and no answer comes
    assert isinstance(late.exception(10), ConnectionResetError)


def test_a_little_latency_changes_nothing_else(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.latency = 0.001
    emulator.inject(Fault(what=Latency(0.001)))
    assert client.get(CONFIG).item["A"] == "1"


def test_a_fault_meets_only_the_method_and_path_it_names(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Status(503), method="PATCH", path="/apps/*/config-vars"))
    replies = [client.get(CONFIG), client.get("/apps"), client.patch({"A": "3"})]
    assert [reply.status for reply in replies] == [200, 200, 503]


def test_a_star_stands_for_one_part_of_a_path(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Status(503), path="/apps/*/config-vars"))
    paths = [f"{RELEASES}/1/config-vars", CONFIG]
    assert [client.get(path).status for path in paths] == [200, 503]


def test_a_fault_lets_the_first_pass_and_then_strikes_so_many_times(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Status(503), after=1, times=2))
    assert [client.get(CONFIG).status for _ in range(4)] == [200, 503, 503, 200]


def test_two_faults_that_answer_are_met_by_two_requests(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Status(503)))
    emulator.inject(Fault(what=Status(429)))
    assert [client.get(CONFIG).status for _ in range(3)] == [503, 429, 200]


def test_a_fault_strikes_before_the_key_is_looked_at(emulator: Emulator, client: Client) -> None:
    emulator.inject(Fault(what=Status(503)))
    assert client.get(CONFIG, Authorization="").status == 503


def test_a_fault_does_not_show_its_text_when_it_is_printed() -> None:
    whats = (Status(500, body="canary"), Body("canary"), Truncated("canary"))
    assert "canary" not in "".join(repr(Fault(what=what)) for what in whats)
