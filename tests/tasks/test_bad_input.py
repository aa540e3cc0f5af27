"""Bad input, and what it gets: a clear line on standard error, exit 1, and nothing else."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.emulator import Emulator, Fault, Status

from .conftest import Near
from .face import KEY, Face, settings

CANARY = "c4n4ry"


@pytest.fixture
def face(near: Near) -> Face:
    """What the commands say is the promise here; how a process ends, that of `test_run`."""
    return near


def refused(face: Face, line: str, *, stdin: bytes | None = None) -> str:
    """What standard error says of a command that must be refused, written or not."""
    done = face.run(line, stdin=stdin)
    assert done.code == 1, done
    assert done.out == ""
    assert "Traceback" not in done.err
    assert CANARY not in done.err
    return done.err


@pytest.mark.parametrize("task", ["config.diff", "config.sync"])
@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", ".env.production: is empty: it declares nothing"),
        (b"# c4n4ry\n", ".env.production: declares nothing: it holds comments alone"),
        (
            "A=c4n4ry".encode("utf-16"),
            ".env.production: is UTF-16 or UTF-32: save it as UTF-8",
        ),
        (b"A=1\nB=c4n4ry\xff\n", ".env.production: line 2: is not UTF-8"),
        (b"A=" + b"1" * (1 << 20), ".env.production: is larger than 1,048,576 bytes"),
        (
            b"A=c4n4ry" + b" " * 1001 + b"x",
            ".env.production: line 1: has more than 1,000 blanks in a row",
        ),
        (
            b"A=********\n",
            ".env.production: line 1: A: is a mask, as this program prints it, and not a value",
        ),
    ],
    ids=["empty", "comments", "utf-16", "latin-1", "large", "blanks", "mask"],
)
def test_a_file_that_cannot_be_meant_is_refused(
    task: str, content: bytes, complaint: str, face: Face, emulator: Emulator
) -> None:
    face.write(".env.production", content)
    assert refused(face, f"{task} --app myapp") == f"error: {complaint}\n"
    assert emulator.requests == []


def test_all_complaints_about_a_file_come_at_once_with_true_lines(face: Face) -> None:
    face.write(
        ".env.production",
        "\n\nLOG_LEVEL\n\n# c4n4ry\nA=c4n4ry\nA=c4n4ry2\n1B=c4n4ry\nC=c4n4ry\x07\n"
        "c4n4ry not a pair\nD='c4n4ry\n",
    )
    assert refused(face, "config.sync --app myapp") == (
        "error: .env.production: line 3: LOG_LEVEL: a name without =\n"
        "error: .env.production: line 7: A: is declared again (first on line 6)\n"
        "error: .env.production: line 8: a name must be letters, digits and underscores,"
        " and not begin with a digit\n"
        "error: .env.production: line 9: C: holds a control character\n"
        "error: .env.production: line 10: does not parse as NAME=value\n"
        "error: .env.production: line 11: D: a quote is left open, or text follows the closing"
        " one\n"
    )


def test_a_missing_file_is_an_error_and_not_an_empty_declaration(face: Face) -> None:
    assert refused(face, "config.sync --app myapp --prune --file .env.prod") == (
        "error: .env.prod: no such file\n"
        "  name another with --file, or make it: invoke config.pull --app myapp --file .env.prod\n"
    )


@pytest.mark.parametrize("task", ["diff", "sync"])
def test_without_an_env_file_the_command_that_makes_it_is_named_with_the_app(
    task: str, face: Face
) -> None:
    (face.folder / ".env.production").unlink()
    face.write(".env", "HEROKU_APP=myapp\n")
    assert refused(face, f"config.{task}") == (
        "error: .env.production: no such file\n"
        "  name another with --file, or make it: invoke config.pull --app myapp\n"
    )


def test_a_directory_is_not_a_file(face: Face) -> None:
    assert refused(face, "config.diff --app myapp --file .") == (
        "error: .: is a directory\n  name the env file in it\n"
    )


def test_a_swallowed_option_is_not_a_file(face: Face) -> None:
    assert refused(face, "config.diff --app myapp --file --dry") == (
        "error: --file got no path, but the next option\n  give it a path\n"
    )


def test_a_swallowed_name_that_is_live_is_refused(face: Face) -> None:
    face.write(".env.production", 'TOKEN="c4n4ry\nOLD="\nLOG_LEVEL=info\n')
    assert refused(face, "config.sync --app myapp") == (
        "error: .env.production: line 2: OLD stands inside a quoted value that began further up\n"
        "  close the quote on the line where it opens\n"
    )


def test_a_swallowed_name_that_the_example_has_is_refused(face: Face) -> None:
    face.write(".env.example", "# filled in by hand\nexport NEWER=\n")
    face.write(".env.production", 'TOKEN="c4n4ry\nNEWER="\nLOG_LEVEL=info\n')
    assert "line 2: NEWER stands inside a quoted value" in refused(face, "config.diff --app myapp")


def test_no_key_says_where_a_key_may_be(face: Face) -> None:
    del face.env["HEROKU_API_KEY"]
    face.write(".env", "HEROKU_API_KEY=c4n4ry\n")
    assert refused(face, "config.diff --app myapp") == (
        "error: no Heroku API key in HEROKU_API_KEY in the environment\n"
        "  HEROKU_HOST is local, and gets no other key: export HEROKU_API_KEY=anything\n"
    )
    del face.env["HEROKU_HOST"]
    (face.folder / ".env").unlink()
    assert refused(face, "config.diff --app myapp") == (
        "error: no Heroku API key in HEROKU_API_KEY in the environment, .env, netrc,"
        " heroku auth:token\n"
        "  run heroku login, or export HEROKU_API_KEY (heroku authorizations:create makes one)\n"
    )


@pytest.mark.parametrize("key", [f"{CANARY} x", f"{CANARY}\n", f"{CANARY}é"])
def test_a_key_that_cannot_be_one_is_refused_unseen(key: str, face: Face) -> None:
    face.env["HEROKU_API_KEY"] = key
    assert refused(face, "config.diff --app myapp") == (
        "error: the API key from HEROKU_API_KEY in the environment holds blanks, line breaks or"
        " characters that no key has\n  copy it again, without quotes or blanks around it\n"
    )


def test_a_revoked_key_says_where_it_came_from(face: Face, emulator: Emulator) -> None:
    emulator.revoke(KEY)
    err = refused(face, "config.sync --app myapp")
    assert err.startswith(
        "error: Heroku refuses the API key from HEROKU_API_KEY in the environment (401)"
        " [Request-Id "
    )
    assert err.endswith(
        "\n  it is mistyped, revoked or expired: make one with"
        " heroku authorizations:create --scope read-protected,write-protected\n"
    )


def test_a_key_without_scope_says_which_it_has_and_needs(face: Face, emulator: Emulator) -> None:
    emulator.restrict(KEY, ["read"])
    assert refused(face, "config.diff --app myapp").startswith(
        "error: the API key from HEROKU_API_KEY in the environment has scope read; this needs "
    )


def test_a_key_of_someone_else_is_told_from_one_without_scope(
    face: Face, emulator: Emulator
) -> None:
    emulator.forbid(KEY, "myapp")
    assert refused(face, "config.diff --app myapp").startswith(
        "error: the API key from HEROKU_API_KEY in the environment may not use myapp (403)"
    )


def test_no_such_app(face: Face) -> None:
    assert refused(face, "config.sync --app myap").startswith(
        "error: Heroku knows no app myap, or the API key from HEROKU_API_KEY in the environment"
        " may not see it (404)"
    )


@pytest.mark.parametrize(
    ("yaml", "complaint"),
    [
        (
            settings({}, ignor=["X"]),
            "settings: heroku: unknown setting ignor: did you mean ignore?",
        ),
        ("herok:\n  ignore: [X]\n", "settings: unknown top-level key herok: did you mean heroku?"),
        (
            "heroku:\n  apps: {My_App: {file: x}}\n",
            "settings: heroku.apps.My_App: not the name of a Heroku app",
        ),
        ("heroku:\n  ignore: X\n", "settings: heroku.ignore: must be a list"),
    ],
)
def test_settings_that_do_not_hold_up_are_refused(yaml: str, complaint: str, face: Face) -> None:
    face.write("invoke.yaml", yaml)
    assert refused(face, "config.sync --app myapp") == f"error: {complaint}\n"


@pytest.mark.parametrize(
    "host",
    [
        "http://api.heroku.com",
        "https://api.heroku.com.example.com",
        "https://c4n4ry:c4n4ry@api.heroku.com",
        "http://127.0.0.1@example.com",
        "https://example.com",
        "http://10.0.0.1",
    ],
)
def test_a_key_goes_to_heroku_or_to_loopback_and_nowhere_else(host: str, face: Face) -> None:
    face.env["HEROKU_HOST"] = host
    assert refused(face, "config.diff --app myapp").startswith("error: HEROKU_HOST ")


def test_nobody_listening_is_said_at_once(face: Face, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        face.env["HEROKU_HOST"] = url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert refused(face, "config.diff --app myapp") == (
            f"error: {url}: no connection\n"
            "  is the emulator running on that port? unset HEROKU_HOST to reach Heroku\n"
        )


def test_tls_against_a_server_without_it_is_a_clear_error(face: Face, emulator: Emulator) -> None:
    face.env["HEROKU_HOST"] = emulator.url.replace("http:", "https:")
    assert "TLS failed\n" in refused(face, "config.diff --app myapp")


def test_a_ca_bundle_that_is_not_there_is_named(face: Face, emulator: Emulator) -> None:
    face.env["HEROKU_HOST"] = emulator.url.replace("http:", "https:")
    face.env["REQUESTS_CA_BUNDLE"] = "/nowhere/ca.pem"
    assert refused(face, "config.diff --app myapp") == (
        "error: /nowhere/ca.pem: the CA bundle cannot be read\n"
        "  check REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE\n"
    )


def test_a_proxy_that_refuses_is_named(face: Face, refusing_proxy: str) -> None:
    del face.env["HEROKU_HOST"]
    face.env["HTTPS_PROXY"] = refusing_proxy
    assert refused(face, "config.diff --app myapp") == (
        "error: https://api.heroku.com: the proxy refused or failed\n"
        "  check HTTPS_PROXY, or set NO_PROXY=.heroku.com\n"
    )


def test_an_html_page_is_not_an_answer(face: Face, emulator: Emulator) -> None:
    page = Status(200, body=f"<html>{CANARY}</html>")
    emulator.inject(Fault(path="/apps/*/config-vars", what=page))
    err = refused(face, "config.diff --app myapp")
    assert err.startswith("error: the answer is not JSON (200)")


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("--format xml", "--format is none of text, json"),
        ("--only a=b", "--only holds what is not the name of a var"),
        ("--only NOSUCH", "--only NOSUCH: neither in .env.production nor on myapp"),
        ("--reveal [A]", "--reveal holds what is not the name of a var, nor a pattern of names"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(option: str, complaint: str, face: Face) -> None:
    assert refused(face, f"config.diff --app myapp {option}").startswith(f"error: {complaint}\n")


@pytest.fixture
def refusing_proxy() -> Callable[[], str]:
    """A proxy that answers every request with 403."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 403 c4n4ry\r\nContent-Length: 0\r\n\r\n")

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    server.close()
