"""The requests as they leave the machine, and every way in which an answer fails to come."""

import gzip
import logging
import ssl
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from socket import create_server, socket
from threading import Barrier, Event, Thread

import pytest
import responses

from deploy import __version__
from deploy.emulator import App, Emulator, Fault, Latency, Redirect, Reset, Truncated, When
from deploy.errors import AnswerLost, DeployError, FileUnreadable, TimedOut, Unreachable
from deploy.heroku import api
from deploy.heroku.host import DEFAULT, Host
from deploy.heroku.transport import MAX_BODY, Transport
from deploy.secret import Secret

from ..support import (
    CANARY,
    DATA,
    HASTY,
    KEY,
    FakeClock,
    answering,
    heroku_at,
    http,
    listening,
    over_tls,
    read_request,
    reset,
    said_by,
    transport_to,
)

HEROKU = Host(DEFAULT)
READ = api.get_vars("demo")
WRITE = api.patch_vars("demo", {"TOKEN": Secret(CANARY)})
BOTH = pytest.mark.parametrize(
    ("request_", "error"),
    [pytest.param(READ, Unreachable, id="read"), pytest.param(WRITE, AnswerLost, id="write")],
)
PROXY_STEP = "check HTTPS_PROXY, or set NO_PROXY=.heroku.com"
TLS_STEP = "if a proxy re-signs TLS here, name its CA file in REQUESTS_CA_BUNDLE"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as opened:
        yield opened


@pytest.fixture
def demo(emulator: Emulator) -> App:
    return emulator.add_app("demo", {"TOKEN": "t0ken"})


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(DATA / "ca.pem"))


def failure(transport: Transport, request: api.Request) -> DeployError:
    with pytest.raises(DeployError) as caught:
        transport.send(request)
    assert KEY not in said_by(caught.value)
    assert "canary" not in said_by(caught.value)
    return caught.value


# The headers that leave.


def sent_to_heroku(request: api.Request) -> dict[str, str]:
    with responses.RequestsMock() as mock, transport_to(HEROKU) as transport:
        mock.add(request.method, f"{DEFAULT}{request.path}", body=b"{}")
        transport.send(request)
        return dict(mock.calls[0].request.headers)


def test_heroku_is_told_the_key_the_version_of_its_api_and_who_we_are() -> None:
    headers = sent_to_heroku(READ)
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["Accept"] == "application/vnd.heroku+json; version=3"
    assert headers["User-Agent"] == f"heroku-config-tasks/{__version__}"
    assert "Cookie" not in headers


def test_a_write_is_json_of_a_known_length() -> None:
    headers = sent_to_heroku(WRITE)
    assert headers["Content-Type"] == "application/json"
    assert headers["Content-Length"] == str(len(f'{{"TOKEN": "{CANARY}"}}'))
    assert "Transfer-Encoding" not in headers


@pytest.mark.parametrize("place", ["HOME", "NETRC"])
def test_netrc_never_replaces_our_key(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine api.heroku.com login me password from-netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv(place, str(tmp_path if place == "HOME" else netrc))
    assert sent_to_heroku(READ)["Authorization"] == f"Bearer {KEY}"


def test_netrc_never_replaces_our_key_behind_a_proxy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login me password from-netrc\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://someone:else@127.0.0.1:9")
    headers = sent_to_heroku(READ)
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["User-Agent"] == f"heroku-config-tasks/{__version__}"


def test_netrc_never_replaces_our_key_on_a_loopback_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password from-netrc\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with answering(http(b"{}")) as server, transport_to(server.url) as transport:
        transport.send(READ)
    assert f"\r\nAuthorization: Bearer {KEY}\r\n".encode() in server.received[0]
    assert server.received[0].count(b"uthorization") == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(
    emulator: Emulator, demo: App, status: int, request_: api.Request
) -> None:
    with Emulator() as stranger, transport_to(emulator.url) as transport:
        stranger.add_app("demo", {})
        emulator.inject(Fault(what=Redirect(f"{stranger.url}{request_.path}", status=status)))
        response = transport.send(request_)
    assert response.status == status
    assert stranger.requests == []
    assert len(emulator.requests) == 1


def test_a_cookie_is_not_sent_back() -> None:
    answer = http(b"{}", "Set-Cookie: session=1; Path=/")
    with answering(answer) as server, transport_to(server.url) as transport:
        transport.send(READ)
        transport.send(READ)
    assert b"Cookie" not in server.received[1]


# The answer.


def test_an_answer_comes_whole_with_its_header_names_in_lower_case(
    emulator: Emulator, demo: App
) -> None:
    with transport_to(emulator.url) as transport:
        response = transport.send(READ)
    assert (response.status, response.body) == (200, b'{"TOKEN": "t0ken"}')
    assert response.headers["ratelimit-remaining"] == "4499"


def test_an_answer_does_not_show_its_values_when_it_is_printed(
    emulator: Emulator, demo: App
) -> None:
    demo.set_vars({"TOKEN": CANARY})
    with transport_to(emulator.url) as transport:
        response = transport.send(READ)
    assert CANARY in response.body.decode()
    assert CANARY not in repr(response)


def test_a_compressed_answer_is_unpacked() -> None:
    answer = http(gzip.compress(b'{"A": "1"}'), "Content-Encoding: gzip")
    with answering(answer) as server, transport_to(server.url) as transport:
        assert transport.send(READ).body == b'{"A": "1"}'


@BOTH
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(http(b" " * (MAX_BODY + 1)), id="plain"),
        pytest.param(
            http(gzip.compress(b" " * (MAX_BODY + 1)), "Content-Encoding: gzip"), id="packed"
        ),
    ],
)
def test_an_answer_that_is_too_long_is_not_kept(
    request_: api.Request, error: type[DeployError], answer: bytes
) -> None:
    with answering(answer) as server, transport_to(server.url) as transport:
        found = failure(transport, request_)
    assert type(found) is error
    assert "the answer cannot be decoded, or never ends" in str(found)


@pytest.mark.parametrize(
    ("request_", "error"),
    [pytest.param(READ, TimedOut, id="read"), pytest.param(WRITE, AnswerLost, id="write")],
)
@pytest.mark.parametrize("head", ["Content-Length: 100000", "Transfer-Encoding: chunked", "A: b"])
def test_an_answer_that_comes_byte_by_byte_is_left(
    request_: api.Request, error: type[DeployError], head: str
) -> None:
    """No byte is late, and the whole would take for ever."""
    gone = Event()
    byte = b"1\r\n \r\n" if "chunked" in head else b" "

    def serve(connection: socket, _number: int) -> None:
        read_request(connection)
        connection.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        while not gone.wait(0.01):
            connection.sendall(byte)

    with listening(serve) as server, transport_to(server.url, at_most=0.2) as transport:
        found = failure(transport, request_)
        gone.set()
    assert type(found) is error
    assert "no answer in time" in str(found)


def test_the_longest_answer_allowed_passes() -> None:
    with answering(http(b" " * MAX_BODY)) as server, transport_to(server.url) as transport:
        assert len(transport.send(READ).body) == MAX_BODY


@BOTH
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_answer_that_cannot_be_unpacked_is_told(
    request_: api.Request, error: type[DeployError], encoding: str
) -> None:
    answer = http(b"canary-that-is-no-gzip", f"Content-Encoding: {encoding}")
    with answering(answer) as server, transport_to(server.url) as transport:
        found = failure(transport, request_)
    assert type(found) is error
    assert "the answer cannot be decoded, or never ends" in str(found)


@BOTH
def test_an_answer_cut_short_is_no_answer(
    emulator: Emulator, demo: App, request_: api.Request, error: type[DeployError]
) -> None:
    emulator.inject(Fault(what=Truncated(f'{{"TOKEN": "{CANARY}"}}')))
    with transport_to(emulator.url) as transport:
        found = failure(transport, request_)
    assert type(found) is error
    assert "the connection broke" in str(found)


@BOTH
@pytest.mark.parametrize("when", When, ids=lambda when: when.value)
def test_a_reset_is_lost_for_a_write_and_may_pass_for_a_read(
    emulator: Emulator,
    demo: App,
    request_: api.Request,
    error: type[DeployError],
    when: When,
) -> None:
    emulator.inject(Fault(what=Reset(when)))
    with transport_to(emulator.url) as transport:
        found = failure(transport, request_)
    assert type(found) is error
    if isinstance(found, Unreachable):
        assert found.may_pass


@pytest.mark.parametrize(
    ("request_", "error", "message"),
    [
        pytest.param(READ, TimedOut, "{url}: no answer in time", id="read"),
        pytest.param(WRITE, AnswerLost, "the answer was lost (no answer in time)", id="write"),
    ],
)
def test_an_answer_that_does_not_come_times_out(
    emulator: Emulator, demo: App, request_: api.Request, error: type[DeployError], message: str
) -> None:
    emulator.inject(Fault(what=Latency(3600)))
    with transport_to(emulator.url, timeouts=HASTY) as transport:
        found = failure(transport, request_)
    assert type(found) is error
    assert str(found) == message.format(url=emulator.url)


@BOTH
def test_an_answer_that_stops_in_the_middle_times_out(
    request_: api.Request, error: type[DeployError]
) -> None:
    def serve(connection: socket, _number: int) -> None:
        read_request(connection)
        connection.sendall(http(b"x" * 100)[:-50])
        connection.recv(1)  # until the client is gone

    with listening(serve) as server, transport_to(server.url, timeouts=HASTY) as transport:
        found = failure(transport, request_)
    assert isinstance(found, AnswerLost if request_ is WRITE else TimedOut | Unreachable)


@BOTH
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"canary is no status line\r\n\r\n", id="status line"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"canary" * 20_000 + b"\r\n\r\n", id="header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: canary\r\n" * 500 + b"\r\n", id="headers"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ncanary\r\n", id="chunk"
        ),
    ],
)
def test_an_answer_that_is_not_http_is_a_broken_connection(
    request_: api.Request, error: type[DeployError], answer: bytes
) -> None:
    with answering(answer) as server, transport_to(server.url) as transport:
        found = failure(transport, request_)
    assert type(found) is error
    assert "the connection broke" in str(found)


ODD_ADDRESSES = ["http://[::1", "http://\xff\xfe/", "//", "http://a:b:c/", "canary://" + "x" * 9000]


@pytest.mark.parametrize("address", ODD_ADDRESSES, ids=range(len(ODD_ADDRESSES)))
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_redirect_to_an_odd_address_is_an_answer_like_any(
    request_: api.Request, address: str
) -> None:
    raw = f"HTTP/1.1 302 Found\r\nLocation: {address}\r\nContent-Length: 0\r\n\r\n"
    with answering(raw.encode("latin-1")) as server, transport_to(server.url) as transport:
        assert transport.send(request_).status == 302


@BOTH
def test_the_body_of_a_redirect_is_read_within_the_limit(
    request_: api.Request, error: type[DeployError]
) -> None:
    packed = gzip.compress(b" " * (MAX_BODY + 1))
    headers = ("Location: /elsewhere", "Content-Encoding: gzip")
    answer = http(packed, *headers, status="302 Found")
    with answering(answer) as server, transport_to(server.url) as transport:
        found = failure(transport, request_)
    assert type(found) is error
    assert "the answer cannot be decoded, or never ends" in str(found)


@pytest.mark.parametrize("size", ["-2", "-1", "0x", "fffffffffffffffffffff", "canary"])
def test_after_a_body_went_out_any_failure_is_a_lost_answer(size: str) -> None:
    raw = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\nx\r\n"
    with answering(raw.encode()) as server, transport_to(server.url, timeouts=HASTY) as transport:
        assert isinstance(failure(transport, WRITE), AnswerLost)


@pytest.mark.parametrize("status", ["101 Switching Protocols", "102 Processing", "103 Early Hints"])
def test_an_interim_answer_is_none(status: str) -> None:
    """A PATCH so answered may have been applied: whoever sent it must look."""
    raw = f"HTTP/1.1 {status}\r\n\r\n".encode()
    with (
        answering(raw) as server,
        heroku_at(server.url, FakeClock(), timeouts=HASTY) as heroku,
        pytest.raises(AnswerLost),
    ):
        heroku.write("demo", {"A": Secret("canary")})


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_port_where_nobody_listens_is_told_and_nothing_was_sent(request_: api.Request) -> None:
    closed = create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    closed.close()
    with transport_to(url) as transport:
        found = failure(transport, request_)
    assert isinstance(found, Unreachable)
    assert str(found) == f"{url}: no connection"
    assert found.next_step == (
        "is the emulator running on that port? unset HEROKU_HOST to reach Heroku"
    )
    assert not found.may_pass


# What the libraries below say on their own.


def test_urllib3_stays_quiet_when_everything_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, emulator: Emulator, demo: App
) -> None:
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    logging.basicConfig(level=logging.DEBUG, handlers=[caplog.handler])
    with transport_to(emulator.url) as transport:
        transport.send(READ)
        transport.send(WRITE)
    assert logging.root.level == logging.DEBUG
    assert logging.getLogger("urllib3").getEffectiveLevel() >= logging.WARNING
    assert caplog.records == []


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_header_that_is_none_is_not_repeated_in_a_log(
    caplog: pytest.LogCaptureFixture, request_: api.Request
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncanary is no header\r\nX: canary\r\n\r\n{}"
    with answering(answer) as server, transport_to(server.url, timeouts=HASTY) as transport:
        transport.send(request_)
    assert "canary" not in caplog.text


# TLS.


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_ca_bundle_named_in_the_environment_is_trusted(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(DATA / "ca.pem"))
    with answering(http(b"{}"), certificate="localhost.pem") as server:
        for name in ("localhost", "127.0.0.1"):
            with transport_to(f"https://{name}:{server.port}") as transport:
                assert transport.send(READ).status == 200


def test_requests_ca_bundle_comes_before_curl_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(DATA / "ca.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", "/no/such/file")
    with (
        answering(http(b"{}"), certificate="localhost.pem") as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        assert transport.send(READ).status == 200


def test_a_folder_of_certificates_is_a_ca_bundle_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The name is OpenSSL's hash of the CA's subject: openssl x509 -hash -noout -in ca.pem
    (tmp_path / "fdf78c99.0").write_bytes((DATA / "ca.pem").read_bytes())
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    with (
        answering(http(b"{}"), certificate="localhost.pem") as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        assert transport.send(READ).status == 200


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(
    request_: api.Request,
) -> None:
    with (
        answering(http(b"{}"), certificate="localhost.pem") as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        found = failure(transport, request_)
    assert isinstance(found, Unreachable)
    assert str(found) == f"https://127.0.0.1:{server.port}: TLS failed"
    assert found.next_step == TLS_STEP
    assert server.received == []


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_certificate_of_another_host_is_refused_before_anything_is_sent(
    trusted: None, request_: api.Request
) -> None:
    with (
        answering(http(b"{}"), certificate="elsewhere.pem") as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        found = failure(transport, request_)
    assert isinstance(found, Unreachable)
    assert str(found) == f"https://127.0.0.1:{server.port}: TLS failed"
    assert server.received == []


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_plain_http_on_a_port_for_tls_is_told(trusted: None, request_: api.Request) -> None:
    def serve(connection: socket, _number: int) -> None:
        connection.recv(1 << 16)  # the client's TLS hello
        connection.sendall(http(b"canary", status="400 Bad Request"))

    with (
        listening(serve) as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        found = failure(transport, request_)
    assert isinstance(found, Unreachable)
    assert str(found) == f"https://127.0.0.1:{server.port}: TLS failed"


@pytest.mark.parametrize("content", [None, b"", b"canary"], ids=["missing", "empty", "other"])
def test_a_ca_bundle_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_bytes(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with transport_to("https://127.0.0.1:9") as transport:
        found = failure(transport, WRITE)
    assert isinstance(found, FileUnreadable)
    assert str(found) == f"{bundle}: the CA bundle cannot be read"
    assert found.next_step == "check REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each loading of CA certificates, by whomever."""
    loads: list[object] = []
    load = ssl.SSLContext.load_verify_locations

    def counting(context: ssl.SSLContext, *args: object, **options: object) -> None:
        loads.append((args, options))
        load(context, *args, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counting)
    return loads


def test_the_ca_file_is_loaded_once_for_all_connections(trusted: None, loads: list[object]) -> None:
    with (
        answering(http(b"{}"), certificate="localhost.pem") as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        for _ in range(3):
            transport.send(READ)
    assert server.count == 3
    assert len(loads) == 1


def test_the_ca_file_is_loaded_once_for_connections_made_at_the_same_time(
    trusted: None, loads: list[object]
) -> None:
    both = Barrier(2, timeout=10)

    def serve(connection: socket, _number: int) -> None:
        with over_tls(connection, "localhost.pem") as stream:
            read_request(stream)
            both.wait()
            stream.sendall(http(b"{}"))

    with (
        listening(serve) as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        other = Thread(target=transport.send, args=(READ,))
        other.start()
        assert transport.send(READ).status == 200
        other.join()
    assert len(loads) == 1


def test_no_ca_file_is_loaded_for_plain_http(
    emulator: Emulator, demo: App, trusted: None, loads: list[object]
) -> None:
    with transport_to(emulator.url) as transport:
        transport.send(READ)
    assert loads == []


# Proxies.


def refusing_proxy_answer() -> bytes:
    return http(b"canary", "X-Canary: canary", status="403 canary says no")


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_proxy_that_refuses_is_told_and_nothing_was_sent(
    monkeypatch: pytest.MonkeyPatch, request_: api.Request
) -> None:
    with answering(refusing_proxy_answer()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:canary@127.0.0.1:{proxy.port}")
        with transport_to(HEROKU) as transport:
            found = failure(transport, request_)
    assert isinstance(found, Unreachable)
    assert str(found) == "https://api.heroku.com: the proxy refused or failed"
    assert found.next_step == PROXY_STEP
    [connect] = proxy.received
    assert connect.startswith(b"CONNECT api.heroku.com:443 HTTP/1.")
    assert KEY.encode() not in connect


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
def test_a_proxy_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, request_: api.Request
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:canary@127.0.0.1:1")
    with transport_to(HEROKU) as transport:
        found = failure(transport, request_)
    assert isinstance(found, Unreachable)
    assert str(found) == "https://api.heroku.com: the proxy refused or failed"
    assert found.next_step == PROXY_STEP


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_that_cannot_be_meant_is_told_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://me:canary/1@127.0.0.1:1")
    with pytest.raises(Unreachable) as caught, transport_to(HEROKU):
        pass
    assert str(caught.value) == (
        "https://api.heroku.com: the proxy's address in HTTPS_PROXY or ALL_PROXY does not parse"
    )
    assert "canary" not in said_by(caught.value)


@pytest.mark.parametrize(
    ("password", "sent"),
    [
        pytest.param("p%C3%A9", b"me:p\xe9", id="Latin-1"),
        pytest.param("%D0%BF", "me:п".encode(), id="beyond, percent-encoded"),
        pytest.param("п€", "me:п€".encode(), id="beyond, as it is"),
    ],
)
def test_a_proxy_gets_any_password(
    monkeypatch: pytest.MonkeyPatch, password: str, sent: bytes
) -> None:
    with answering(refusing_proxy_answer()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:{password}@127.0.0.1:{proxy.port}")
        with transport_to(HEROKU) as transport:
            assert str(failure(transport, READ)) == (
                "https://api.heroku.com: the proxy refused or failed"
            )
    assert b"Proxy-Authorization: Basic " + b64encode(sent) + b"\r\n" in proxy.received[0]


def test_a_proxy_without_a_scheme_is_an_http_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(refusing_proxy_answer()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"localhost:{proxy.port}")
        with transport_to(HEROKU) as transport:
            failure(transport, READ)
    assert len(proxy.received) == 1


def test_where_the_emulator_speaks_http_that_is_told(emulator: Emulator) -> None:
    address = emulator.url.removeprefix("http://")
    with transport_to(f"https://{address}") as transport:
        found = failure(transport, READ)
    assert str(found) == f"https://{address}: TLS failed"
    assert found.next_step == f"the emulator speaks plain http: HEROKU_HOST=http://{address}"


def test_a_proxy_that_turns_into_someone_else_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, trusted: None
) -> None:
    """Behind CONNECT the certificate is still held against api.heroku.com."""

    def serve(connection: socket, _number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with over_tls(connection, "localhost.pem") as stream:
            proxy.received.append(read_request(stream))

    with listening(serve) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with transport_to(HEROKU) as transport:
            found = failure(transport, WRITE)
    assert str(found) == "https://api.heroku.com: TLS failed"
    assert proxy.received == []


def test_a_proxy_over_tls_is_held_to_the_ca_bundle_which_is_loaded_once(
    monkeypatch: pytest.MonkeyPatch, trusted: None, loads: list[object]
) -> None:
    with answering(refusing_proxy_answer(), certificate="localhost.pem") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{proxy.port}")
        with transport_to(HEROKU) as transport:
            found = [failure(transport, READ) for _ in range(3)]
    assert {str(error) for error in found} == {
        "https://api.heroku.com: the proxy refused or failed"
    }
    assert len(proxy.received) == 3
    assert len(loads) == 1


def test_a_proxy_over_tls_that_nobody_vouches_for_learns_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(refusing_proxy_answer(), certificate="localhost.pem") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{proxy.port}")
        with transport_to(HEROKU) as transport:
            assert isinstance(failure(transport, WRITE), Unreachable)
    assert proxy.received == []


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_loopback_address_has_no_proxy(
    monkeypatch: pytest.MonkeyPatch, emulator: Emulator, demo: App, variable: str
) -> None:
    with answering(refusing_proxy_answer()) as proxy:
        monkeypatch.setenv(variable, proxy.url)
        with transport_to(emulator.url) as transport:
            assert transport.send(READ).status == 200
    assert proxy.count == 0


def test_a_loopback_address_has_no_proxy_over_tls_either(
    monkeypatch: pytest.MonkeyPatch, trusted: None
) -> None:
    with (
        answering(refusing_proxy_answer()) as proxy,
        answering(http(b"{}"), certificate="localhost.pem") as server,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with transport_to(f"https://localhost:{server.port}") as transport:
            assert transport.send(READ).status == 200
    assert proxy.count == 0


# What is kept for a write that never left.


def test_a_write_whose_tls_handshake_broke_was_not_sent_and_may_be_sent_again(
    trusted: None,
) -> None:
    def serve(connection: socket, _number: int) -> None:
        connection.recv(1)  # the first byte of the client's TLS hello
        reset(connection)

    with (
        listening(serve) as server,
        transport_to(f"https://127.0.0.1:{server.port}") as transport,
    ):
        found = failure(transport, WRITE)
    assert isinstance(found, Unreachable)
    assert found.may_pass


def test_a_write_on_a_kept_connection_that_the_server_has_closed_goes_out_on_a_new_one(
    emulator: Emulator, demo: App
) -> None:
    answer = http(b"{}").replace(b"Connection: close\r\n", b"")
    with answering(answer) as server, transport_to(server.url) as transport:
        transport.send(READ)
        for thread, _ in server._open:
            thread.join()  # it has closed the connection by then
        assert transport.send(WRITE).status == 200
    assert server.count == 2
