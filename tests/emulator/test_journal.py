import io
import re
import socket
import threading

import pytest

from deploy.emulator import App, Emulator, Fault, Reset, Status, Writer

from .client import CONFIG, RELEASES, Client


def test_a_request_is_recorded_with_its_names_and_without_key_or_values(
    emulator: Emulator, demo: App
) -> None:
    Client(emulator, key="canary-key").patch({"A": "canary-value", "GONE": None})
    [request] = emulator.requests
    assert (request.method, request.path, request.status) == ("PATCH", CONFIG, 200)
    assert request.names == ("A", "GONE")
    assert "canary" not in repr(request)


def test_a_request_is_recorded_with_the_headers_that_steer_it(
    emulator: Emulator, demo: App, client: Client
) -> None:
    steering = {
        "Accept": "application/vnd.heroku+json; version=3.sdk",
        "Accept-Inclusion": "config_vars",
        "Range": "version ..",
        "User-Agent": "test",
    }
    client.get(f"{RELEASES}?secret=canary", **steering, Cookie="canary")
    [request] = emulator.requests
    assert request.path == RELEASES
    assert request.headers == steering


@pytest.mark.parametrize(
    ("authorization", "scheme"),
    [
        ("Bearer canary", "Bearer"),
        ("bearer canary", "Bearer"),
        ("Basic OmNhbmFyeQ==", "Basic"),
        ("basic", "Basic"),
        ("", None),
        ("canary", None),
        ("canary canary", None),
    ],
)
def test_a_request_is_recorded_with_the_scheme_its_key_came_in_and_not_the_key(
    emulator: Emulator, client: Client, authorization: str, scheme: str | None
) -> None:
    client.get("/apps", Authorization=authorization)
    [request] = emulator.requests
    assert request.scheme == scheme
    assert "canary" not in repr(request)
    assert "OmNhbmFyeQ" not in repr(request)


def test_requests_are_recorded_in_the_order_of_arrival(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Writer(lambda: client.get("/apps")), path=CONFIG))
    client.get(CONFIG)
    assert [request.path for request in emulator.requests] == [CONFIG, "/apps"]


def test_a_request_has_no_status_until_it_is_answered(
    emulator: Emulator, demo: App, client: Client
) -> None:
    seen: list[int | None] = []
    emulator.inject(Fault(what=Writer(lambda: seen.append(emulator.requests[0].status))))
    client.get(CONFIG)
    assert (seen, emulator.requests[0].status) == ([None], 200)


def test_a_request_that_is_reset_never_has_a_status(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Reset()))
    with pytest.raises(ConnectionResetError):
        client.get(CONFIG)
    assert emulator.requests[0].status is None


def test_a_fault_is_recorded_as_the_client_saw_it(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Status(503)))
    client.get(CONFIG)
    assert emulator.requests[0].status == 503


def test_the_record_may_be_cleared_or_replaced_on_the_way(
    emulator: Emulator, demo: App, client: Client
) -> None:
    client.get(CONFIG)
    emulator.requests.clear()
    client.get("/apps")
    emulator.requests = []
    client.get(RELEASES)
    assert [request.path for request in emulator.requests] == [RELEASES]


def test_the_log_has_a_line_for_each_request_and_no_value() -> None:
    log = io.StringIO()
    with Emulator(log=log) as emulator:
        emulator.add_app("demo", {"A": "canary-1"})
        client = Client(emulator, key="canary-key")
        client.get(f"{CONFIG}?canary")
        client.patch({"A": "canary-2", "B": "canary-3"})
        client.send("PATCH", CONFIG, body=b"canary")
        emulator.inject(Fault(what=Reset()))
        with pytest.raises(ConnectionResetError):
            client.get(RELEASES)
    lines = log.getvalue().splitlines()
    assert [re.sub(r"^\d\d:\d\d:\d\d ", "", line) for line in lines] == [
        "GET /apps/demo/config-vars 200",
        "PATCH /apps/demo/config-vars A,B 200",
        "PATCH /apps/demo/config-vars 400",
        "GET /apps/demo/releases no answer",
    ]


def test_the_log_shows_neither_odd_names_nor_control_characters() -> None:
    log = io.StringIO()
    with Emulator(log=log) as emulator:
        emulator.add_app("demo")
        Client(emulator).patch({"a=canary": "x", "\x1b[2J": "y"})
        with socket.create_connection(("127.0.0.1", int(emulator.url.rpartition(":")[2]))) as raw:
            raw.sendall(b"GET /\x1b[2J\xff HTTP/1.1\r\nConnection: close\r\n\r\n")
            assert raw.recv(12) == b"HTTP/1.1 401"
    lines = [line[9:] for line in log.getvalue().splitlines()]
    assert lines == ["PATCH /apps/demo/config-vars ?,? 422", "GET /?[2J? 401"]


def test_a_log_that_cannot_be_written_does_not_stop_the_emulator() -> None:
    log = io.StringIO()
    with Emulator(log=log) as emulator:
        emulator.add_app("demo")
        log.close()
        assert [Client(emulator).get(CONFIG).status for _ in range(2)] == [200, 200]


def test_many_clients_at_once_lose_neither_a_release_nor_a_line() -> None:
    log = io.StringIO()
    with Emulator(log=log) as emulator:
        app = emulator.add_app("demo")
        threads = [
            threading.Thread(target=Client(emulator).patch, args=({f"N{number}": "x"},))
            for number in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(app.releases), len(app.vars), len(log.getvalue().splitlines())) == (21, 20, 20)
