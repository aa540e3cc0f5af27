import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.emulator.serve import serve

from .client import AUTHORIZED

SCRIPT = "import sys; from deploy.emulator.serve import serve; sys.exit(serve(int(sys.argv[1])))"


@pytest.fixture
def running() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def introduction(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith("Requests appear below"):
            assert process.stdout.readline() == "\n"
            break
    return lines


def port_in(lines: list[str]) -> int:
    [found] = [
        int(match[1])
        for line in lines
        if (match := re.fullmatch(r"export HEROKU_HOST=http://127\.0\.0\.1:(\d+)", line))
    ]
    return found


def test_it_prints_what_points_a_client_at_it(running: subprocess.Popen[str]) -> None:
    lines = introduction(running)
    assert [line for line in lines if line.startswith("export ")] == [
        f'export PATH={Path(sys.executable).parent}:"$PATH"',
        f"export HEROKU_HOST=http://127.0.0.1:{port_in(lines)}",
        "export HEROKU_API_KEY=any-key-will-do-for-the-emulator",
        "export HEROKU_SKIP_NEW_VERSION_CHECK=true",
        "export HEROKU_DISABLE_AUTOUPDATE=1",
        "export DISABLE_TELEMETRY=true",
    ]
    assert "Then try: invoke config.pull --app demo" in lines


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_shows_each_request_at_once_and_stops_when_told_to(
    running: subprocess.Popen[str], stop: signal.Signals
) -> None:
    port = port_in(introduction(running))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(
        "PATCH",
        "/apps/demo/config-vars",
        body=b'{"LOG_LEVEL": "canary"}',
        headers=AUTHORIZED | {"Authorization": "Bearer canary"},
    )
    assert connection.getresponse().status == 200
    connection.close()
    assert running.stdout is not None
    line = running.stdout.readline()
    assert re.fullmatch(r"\d\d:\d\d:\d\d PATCH /apps/demo/config-vars LOG_LEVEL 200\n", line)
    running.send_signal(stop)
    out, error = running.communicate(timeout=10)
    assert (out, error, running.returncode) == ("Stopped.\n", "", 0)


def test_a_port_that_is_taken_is_one_line_that_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert serve(port) == 1
    out, error = capsys.readouterr()
    assert (out, error) == (
        "",
        f"port {port} is taken; name another with --port, or --port 0 for any that is free\n",
    )


def test_a_port_that_is_none_is_one_line_that_says_what_to_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert serve(70000) == 1
    assert capsys.readouterr().err == (
        "port 70000 cannot be opened; name another with --port, or --port 0 for any that is free\n"
    )


def test_a_port_that_is_the_systems_is_one_line_that_says_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")  # what bind() raises, unless one is root

    monkeypatch.setattr("deploy.emulator.emulator.Server", refuse)
    assert serve(80) == 1
    assert capsys.readouterr().err.startswith("port 80 is not for you to open; ")


def test_signals_are_as_they_were_after_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    serve(70000)
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, []) & {signal.SIGINT, signal.SIGTERM}
