"""`config.where` as a command: which files and which apps hold the same value."""

import json
import sys

import pytest

from deploy.emulator import App, Emulator, Fault, Status

from .conftest import Near
from .face import Done, Face, settings

SECRET = "w8rD2kQz7RfT0pLw"
URL = f"https://user:{SECRET}@pay.shop.dev/v1"
VALUE_FROM = "config.where --value-from -"


@pytest.fixture
def shop(near: Near, emulator: Emulator, app: App) -> Near:
    """`myapp` and `worker` share a file; each has the secret under another name."""
    near.write(
        "invoke.yaml",
        "heroku:\n  apps:\n"
        "    myapp: {file: [.env.shared, .env.production]}\n"
        "    worker: {file: [.env.shared]}\n",
    )
    near.write(".env.shared", f"LOG_LEVEL=info\nAPI_KEY={SECRET}\n")
    near.write(".env.production", f"PAY_URL={URL}\n")
    app.set_vars({"API_KEY": SECRET})
    emulator.add_app("worker", {"PAYMENT": URL, "LEVEL": "info"})
    return near


def ran(face: Face, line: str, code: int, stdin: bytes | None = None) -> Done:
    done = face.run(line, stdin=stdin)
    assert done.code == code, done
    assert SECRET not in done.out + done.err
    return done


def test_each_file_and_each_app_that_has_the_value_is_told(shop: Near, emulator: Emulator) -> None:
    assert ran(shop, "config.where API_KEY", 0).out == (
        "  .env.shared:2      API_KEY  the same value (declared for myapp, worker)\n"
        "  myapp              API_KEY  the same value (live)\n"
        "  .env.production:1  PAY_URL  holds it (declared for myapp)\n"
        "  worker             PAYMENT  holds it (live)\n"
        "Declared 2 times, live 2 times; 2 declared files and 2 apps were looked through.\n"
    )
    assert {request.method for request in emulator.requests} == {"GET"}
    assert len(emulator.requests) == 2


def test_each_value_of_a_name_is_told_apart(shop: Near, app: App) -> None:
    app.set_vars({"API_KEY": "aB3dE5fG7hJ9kLmN"})
    lines = ran(shop, "config.where API_KEY", 0).out.splitlines()
    assert lines[0] == "Value 1 of 2:"
    assert lines[4:6] == ["Value 2 of 2:", "  myapp  API_KEY  the same value (live)"]


def test_a_url_tells_where_its_password_stands(shop: Near) -> None:
    told = ran(shop, "config.where PAY_URL", 0).out
    assert "  .env.shared:2      API_KEY  is a part of it (declared for myapp, worker)\n" in told
    assert "  worker             PAYMENT  the same value (live)\n" in told


def test_json_has_the_same(shop: Near) -> None:
    found = json.loads(ran(shop, "config.where API_KEY --format json", 0).out)
    assert found["values"][0][0] == {
        "file": ".env.shared",
        "line": 2,
        "apps": ["myapp", "worker"],
        "name": "API_KEY",
        "relation": "same",
    }
    assert found["values"][0][3] == {"app": "worker", "name": "PAYMENT", "relation": "holds"}
    assert (found["files_searched"], found["apps_searched"], found["unread"]) == (2, 2, [])


def test_one_app_may_be_asked_alone(shop: Near, emulator: Emulator) -> None:
    assert "myapp (live)" not in ran(shop, "config.where PAYMENT --app worker", 0).out
    assert [request.path for request in emulator.requests] == ["/apps/worker/config-vars"]


def test_a_name_that_is_nowhere_fails(shop: Near) -> None:
    assert ran(shop, "config.where NOWHERE", 1).out == (
        "NOWHERE stands nowhere: 2 declared files and 2 apps were looked through.\n"
    )


def test_without_settings_it_is_the_one_app_and_its_file(near: Near, app: App) -> None:
    assert ran(near, "config.where TOKEN --app myapp", 0).out.endswith(
        "Declared once, live once; 1 declared file and 1 app were looked through.\n"
    )


# A value that leaked.


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_leaked_value_is_found(shop: Near, end: str) -> None:
    told = ran(shop, VALUE_FROM, 2, f"{SECRET}{end}".encode()).out
    assert told.startswith("  .env.shared:2")
    assert told.count("\n") == 5


def test_a_byte_order_mark_is_no_part_of_a_leaked_value(shop: Near) -> None:
    """With it a short value would be found nowhere, since it is looked for as a whole alone."""
    shop.write(".env.shared", "PIN=4711\n")
    told = ran(shop, VALUE_FROM, 2, "\ufeff4711\r\n".encode()).out
    assert "  .env.shared:1  PIN  the same value (declared for myapp, worker)\n" in told


def test_a_value_that_is_nowhere_is_no_finding(shop: Near) -> None:
    assert ran(shop, VALUE_FROM, 0, b"aB3dE5fG7hJ9kLmN").out == (
        "The value stands nowhere: 2 declared files and 2 apps were looked through.\n"
    )


@pytest.mark.parametrize("value", [b"", b"\n", b"   \n", b"\xff\xfe"])
def test_what_is_no_value_is_refused(shop: Near, value: bytes, emulator: Emulator) -> None:
    assert "standard input" in ran(shop, VALUE_FROM, 1, value).err
    assert emulator.requests == []


def test_a_value_in_an_argument_is_refused_and_not_repeated(shop: Near) -> None:
    told = ran(shop, f"config.where --value-from {SECRET}", 1).err
    assert "takes - alone: a value in an argument stands in the history of the shell" in told


@pytest.mark.parametrize("line", ["config.where", f"config.where API_KEY {VALUE_FROM[13:]}"])
def test_it_is_a_name_or_a_value(shop: Near, line: str) -> None:
    assert ran(shop, line, 1, SECRET.encode()).out == ""


def test_a_value_is_typed_at_a_terminal_and_not_seen(face: Face, app: App) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    with face.at_terminal(VALUE_FROM) as screen:
        screen.wait_for("The value (it is not shown): ")
        screen.type("t0ken\n")
        assert screen.end() == 2
        assert "t0ken" not in screen.text
        assert "TOKEN  the same value (live)" in screen.plain


# What cannot be looked through.


@pytest.mark.parametrize(
    "typed",
    [f"-----BEGIN KEY-----\n{SECRET}\n-----END KEY-----\n", "x" * 5000 + "\n"],
    ids=["of several lines", "longer than a line of a terminal"],
)
def test_a_value_that_a_terminal_cuts_is_refused_and_nothing_of_it_is_left(
    face: Face, app: App, typed: str
) -> None:
    """A part of it would be found nowhere; and the rest would be the shell's to run."""
    face.write(".env.production", f"API_KEY={SECRET}\n")
    shell = ["sh", "-c", f"{sys.executable} -m invoke {VALUE_FROM} --app myapp; read rest"]
    with face.at_terminal("", program=shell) as screen:
        screen.wait_for("The value (it is not shown):")
        screen.type(typed)
        screen.wait_for("pipe it: ")
        screen.type("\x04")
        assert screen.end() == 1
        assert "cannot be typed whole" in screen.plain
        assert SECRET not in screen.text


def test_an_app_that_does_not_answer_is_told_and_fails(shop: Near, emulator: Emulator) -> None:
    emulator.inject(Fault(what=Status(403), path="/apps/worker/config-vars"))
    told = ran(shop, "config.where API_KEY", 1).out
    assert "worker was not looked through: " in told
    assert "2 declared files and 1 app were looked through" in told


def test_a_file_that_cannot_be_read_is_told_and_a_value_found_all_the_same(shop: Near) -> None:
    (shop.folder / ".env.production").unlink()
    told = ran(shop, VALUE_FROM, 2, SECRET.encode()).out
    assert ".env.production was not looked through: no such file\n" in told
    assert "The value stands nowhere" in ran(shop, VALUE_FROM, 1, b"aB3dE5fG7hJ9kLmN").out


def test_a_value_that_heroku_masks_is_told(shop: Near, app: App) -> None:
    app.hidden.masked["API_KEY"] = None
    told = ran(shop, "config.where API_KEY", 0).out
    assert "API_KEY is there, and its value cannot be read, on: myapp\n" in told


def test_two_programs_that_are_called_alike_are_both_looked_through(shop: Near) -> None:
    prints = '#!/bin/sh\nprintf \'{"TOKEN": "%s"}\' "$1"\n'
    shop.write("prints", prints).chmod(0o755)
    one, other = (f"{{from: [./prints, {value}, --json]}}" for value in (SECRET, "plain"))
    shop.write("invoke.yaml", f"heroku:\n  apps:\n    myapp: {one}\n    worker: {other}\n")
    told = ran(shop, VALUE_FROM, 2, SECRET.encode()).out
    assert "prints ...  TOKEN    the same value (declared for myapp)\n" in told
    assert told.endswith("; 2 declared files and 2 apps were looked through.\n")


def test_two_programs_that_are_called_alike_and_fail_are_both_told(shop: Near) -> None:
    one, other = (f"{{from: [./nowhere, {word}, --json]}}" for word in ("one", "other"))
    shop.write("invoke.yaml", f"heroku:\n  apps:\n    myapp: {one}\n    worker: {other}\n")
    told = ran(shop, "config.where API_KEY", 1).out
    assert told.count("nowhere ... was not looked through: ") == 2
