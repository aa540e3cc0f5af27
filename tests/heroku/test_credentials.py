"""Where an API key is looked for, in which order, and what is said of it."""

import os
import pwd
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import pytest

from deploy.errors import BadKey, DeployError, FileUnreadable, NoKey
from deploy.heroku import credentials
from deploy.heroku.credentials import DotEnv, Key, another, find, read_dotenv
from deploy.secret import Secret

from ..support import said_by

CANARY = "canary-key-1d2e"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "me"
    home.mkdir()
    return home


@pytest.fixture
def environ(home: Path, tmp_path: Path) -> dict[str, str]:
    """A home without a netrc, and a PATH without `heroku`."""
    (tmp_path / "bin").mkdir()
    return {"HOME": str(home), "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}


@pytest.fixture
def cli(tmp_path: Path, environ: dict[str, str]) -> Callable[[str], None]:
    """Puts a `heroku` on PATH that does what this shell script says."""

    def put(script: str) -> None:
        path = tmp_path / "bin" / "heroku"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return put


def no_dotenv() -> DotEnv:
    return DotEnv()


def never_asked() -> NoReturn:
    raise AssertionError(".env was read though nobody needed it")


def dotenv_of(key: str) -> Callable[[], DotEnv]:
    return lambda: DotEnv(Secret(key))


def found(environ: Mapping[str, str], dotenv: Callable[[], DotEnv] = no_dotenv) -> tuple[str, str]:
    key = find(environ, dotenv, is_loopback=False)
    return key.secret.reveal(), key.source


def failure(call: Callable[[], object]) -> DeployError:
    with pytest.raises(DeployError) as caught:
        call()
    assert CANARY not in said_by(caught.value)
    return caught.value


def write_netrc(
    path: Path, text: str = f"machine api.heroku.com login me password {CANARY}\n"
) -> None:
    path.write_text(text)
    path.chmod(0o600)


# The order of the places.


def test_the_environment_comes_first_and_nothing_else_is_looked_at(
    environ: dict[str, str], home: Path, cli: Callable[[str], None], tmp_path: Path
) -> None:
    write_netrc(home / ".netrc")
    cli(f"touch {tmp_path}/asked; echo {CANARY}")
    environ["HEROKU_API_KEY"] = "from-the-environment"
    assert found(environ, never_asked) == (
        "from-the-environment",
        "HEROKU_API_KEY in the environment",
    )
    assert not (tmp_path / "asked").exists()


def test_dotenv_comes_before_netrc(environ: dict[str, str], home: Path) -> None:
    write_netrc(home / ".netrc")
    assert found(environ, dotenv_of("from-dotenv")) == ("from-dotenv", "HEROKU_API_KEY in .env")


def test_netrc_comes_before_the_cli(
    environ: dict[str, str], home: Path, cli: Callable[[str], None], tmp_path: Path
) -> None:
    write_netrc(home / ".netrc")
    cli(f"touch {tmp_path}/asked; echo from-the-cli")
    assert found(environ) == (CANARY, "netrc")
    assert not (tmp_path / "asked").exists()


def test_the_cli_comes_last(environ: dict[str, str], cli: Callable[[str], None]) -> None:
    cli('test "$*" = auth:token && echo from-the-cli')
    assert found(environ) == ("from-the-cli", "heroku auth:token")


def test_where_there_is_no_key_the_places_are_listed(environ: dict[str, str]) -> None:
    error = failure(lambda: find(environ, no_dotenv, is_loopback=False))
    assert isinstance(error, NoKey)
    assert str(error) == (
        "no Heroku API key in HEROKU_API_KEY in the environment, .env, netrc, heroku auth:token"
    )
    assert error.next_step == (
        "run heroku login, or export HEROKU_API_KEY (heroku authorizations:create makes one)"
    )


def test_an_empty_variable_is_no_key(environ: dict[str, str]) -> None:
    environ["HEROKU_API_KEY"] = ""
    assert found(environ, dotenv_of("from-dotenv"))[0] == "from-dotenv"


@pytest.mark.parametrize("name", ["INVOKE_HEROKU_API_KEY", "INVOKE_HEROKU_KEY", "heroku_api_key"])
def test_no_other_variable_holds_a_key(environ: dict[str, str], name: str) -> None:
    environ[name] = CANARY
    assert isinstance(failure(lambda: find(environ, no_dotenv, is_loopback=False)), NoKey)


# A loopback address.


def test_a_loopback_address_gets_the_key_of_the_environment(environ: dict[str, str]) -> None:
    environ["HEROKU_API_KEY"] = "any"
    key = find(environ, never_asked, is_loopback=True)
    assert key == Key(Secret("any"), "HEROKU_API_KEY in the environment")


@pytest.mark.parametrize("in_environment", [None, ""])
def test_a_loopback_address_gets_no_other_key(
    environ: dict[str, str],
    home: Path,
    cli: Callable[[str], None],
    tmp_path: Path,
    in_environment: str | None,
) -> None:
    write_netrc(home / ".netrc")
    cli(f"touch {tmp_path}/asked; echo {CANARY}")
    if in_environment is not None:
        environ["HEROKU_API_KEY"] = in_environment
    error = failure(lambda: find(environ, never_asked, is_loopback=True))
    assert isinstance(error, NoKey)
    assert str(error) == "no Heroku API key in HEROKU_API_KEY in the environment"
    assert error.next_step == (
        "HEROKU_HOST is local, and gets no other key: export HEROKU_API_KEY=anything"
    )
    assert not (tmp_path / "asked").exists()


# Keys that are none.

NO_KEYS = [
    pytest.param(f"{CANARY}\n", id="line break"),
    pytest.param(f"{CANARY}\r\nX-Evil: 1", id="header"),
    pytest.param(f" {CANARY}", id="blank before"),
    pytest.param(f"{CANARY} x", id="blank within"),
    pytest.param(f"{CANARY}\t", id="tab"),
    pytest.param(f"{CANARY}é", id="not ASCII"),
    pytest.param(f"{CANARY}\x7f", id="control character"),
    pytest.param(f"{CANARY}\ud800", id="half a pair"),
    pytest.param("   ", id="blanks"),
]


@pytest.mark.parametrize("key", NO_KEYS)
@pytest.mark.parametrize("is_loopback", [True, False], ids=["loopback", "heroku"])
def test_a_key_in_the_environment_that_can_be_none_is_refused_and_not_shown(
    environ: dict[str, str], key: str, is_loopback: bool
) -> None:
    environ["HEROKU_API_KEY"] = key
    error = failure(lambda: find(environ, dotenv_of("another"), is_loopback=is_loopback))
    assert isinstance(error, BadKey)
    assert str(error) == (
        "the API key from HEROKU_API_KEY in the environment holds blanks, line breaks or"
        " characters that no key has"
    )
    assert error.next_step == "copy it again, without quotes or blanks around it"


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_key_in_dotenv_that_can_be_none_is_refused_and_not_shown(
    environ: dict[str, str], key: str
) -> None:
    error = failure(lambda: find(environ, dotenv_of(key), is_loopback=False))
    assert isinstance(error, BadKey)
    assert str(error).startswith("the API key from HEROKU_API_KEY in .env holds blanks")


def test_a_key_in_netrc_that_can_be_none_is_refused_and_not_shown(
    environ: dict[str, str], home: Path
) -> None:
    write_netrc(home / ".netrc", f'machine api.heroku.com login me password "{CANARY} x"\n')
    error = failure(lambda: find(environ, no_dotenv, is_loopback=False))
    assert isinstance(error, BadKey)


@pytest.mark.parametrize("script", [f"echo {CANARY}; echo more", rf"printf '{CANARY}\303\251'"])
def test_a_key_from_the_cli_that_can_be_none_is_refused_and_not_shown(
    environ: dict[str, str], cli: Callable[[str], None], script: str
) -> None:
    cli(script)
    error = failure(lambda: find(environ, no_dotenv, is_loopback=False))
    assert isinstance(error, BadKey)
    assert str(error).startswith("the API key from heroku auth:token holds blanks")


@pytest.mark.parametrize("form", [repr, str, "{}".format, "{0!r}".format])
def test_a_key_that_was_found_does_not_show_itself(form: Callable[[object], str]) -> None:
    key = find({"HEROKU_API_KEY": CANARY}, never_asked, is_loopback=False)
    assert CANARY not in form(key)
    assert CANARY not in form(DotEnv(key.secret, "demo"))


# netrc.


def test_netrc_is_where_the_variable_netrc_says(
    environ: dict[str, str], home: Path, tmp_path: Path
) -> None:
    write_netrc(home / ".netrc", "machine api.heroku.com login me password of-the-home\n")
    write_netrc(tmp_path / "elsewhere")
    environ["NETRC"] = str(tmp_path / "elsewhere")
    assert found(environ) == (CANARY, "netrc")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(
            f"machine api.heroku.com\n  password {CANARY}\n  method interactive\n".encode(),
            id="Heroku's CLI",
        ),
        pytest.param(
            f"machine api.heroku.com protocol https login  password {CANARY}\n".encode(),
            id="protocol and an empty login",
        ),
        pytest.param(
            f"\ufeffmachine api.heroku.com password {CANARY}\r\n".encode(), id="byte-order mark"
        ),
        pytest.param(f"machine api.heroku.com password {CANARY}\r\n".encode("utf-16"), id="UTF-16"),
        pytest.param(
            b"# \xe9\nmachine api.heroku.com password " + CANARY.encode(), id="Latin-1 elsewhere"
        ),
    ],
)
def test_a_netrc_that_the_standard_library_refuses_gives_its_key(
    environ: dict[str, str], home: Path, data: bytes
) -> None:
    (home / ".netrc").write_bytes(data)
    assert found(environ) == (CANARY, "netrc")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("machine git.heroku.com password x\n", "netrc", id="not named"),
        pytest.param(
            f"machine api.heroku.com login {CANARY} password\n",
            "netrc (it names api.heroku.com, but no password that can be read)",
            id="named",
        ),
        pytest.param(
            f'machine api.heroku.com password "{CANARY}\n',
            "netrc (it names api.heroku.com, but no password that can be read)",
            id="open quote",
        ),
    ],
)
def test_a_netrc_that_names_heroku_without_a_password_is_told(
    environ: dict[str, str], home: Path, text: str, said: str
) -> None:
    write_netrc(home / ".netrc", text)
    error = failure(lambda: find(environ, no_dotenv, is_loopback=False))
    assert str(error) == (
        f"no Heroku API key in HEROKU_API_KEY in the environment, .env, {said}, heroku auth:token"
    )


def test_a_netrc_that_cannot_be_read_is_told(environ: dict[str, str], home: Path) -> None:
    (home / ".netrc").mkdir()
    error = failure(lambda: find(environ, no_dotenv, is_loopback=False))
    assert ".env, netrc (which is a directory), heroku auth:token" in str(error)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(os.mkfifo, "is a named pipe, not a file", id="pipe"),
        pytest.param(
            lambda path: path.symlink_to("/dev/zero"), "is a device, not a file", id="dev"
        ),
        pytest.param(
            lambda path: path.write_bytes(b"#" * 1_048_577),
            "is larger than 1,048,576 bytes",
            id="large",
        ),
        pytest.param(
            lambda path: path.symlink_to(path),
            "cannot be read (Too many levels of symbolic links)",
            id="circle",
        ),
    ],
)
@pytest.mark.parametrize("is_named", [False, True], ids=["at home", "NETRC"])
def test_a_netrc_that_is_no_file_is_told_and_not_read(
    environ: dict[str, str], home: Path, make: Callable[[Path], None], said: str, *, is_named: bool
) -> None:
    path = home / ("other" if is_named else ".netrc")
    make(path)
    if is_named:
        environ["NETRC"] = str(path)
    error = failure(lambda: find(environ, no_dotenv, is_loopback=False))
    assert f".env, netrc (which {said}), heroku auth:token" in str(error)


@pytest.mark.parametrize("home_is", [None, ""])
def test_without_a_home_there_is_no_netrc(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home_is: str | None
) -> None:
    """As in a container whose user has no entry in passwd."""

    def unknown(_uid: int) -> NoReturn:
        raise KeyError

    monkeypatch.chdir(tmp_path)
    write_netrc(tmp_path / ".netrc")  # the current folder is no home
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    del environ["HOME"]
    if home_is is not None:
        environ["HOME"] = home_is
    assert isinstance(failure(lambda: find(environ, no_dotenv, is_loopback=False)), NoKey)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(f"default login me password {CANARY}\n", id="default"),
        pytest.param(f"machine heroku.com login me password {CANARY}\n", id="another machine"),
        pytest.param(f"machine git.heroku.com login me password {CANARY}\n", id="git"),
        pytest.param("machine api.heroku.com login me password\n", id="cut"),
        pytest.param(f"{CANARY} is no netrc\n", id="garbage"),
    ],
)
def test_a_netrc_without_a_key_for_heroku_is_passed_over(
    environ: dict[str, str], home: Path, cli: Callable[[str], None], text: str
) -> None:
    write_netrc(home / ".netrc", text)
    cli("echo from-the-cli")
    assert found(environ)[1] == "heroku auth:token"


def test_a_netrc_that_is_no_text_is_passed_over(
    environ: dict[str, str], home: Path, cli: Callable[[str], None]
) -> None:
    (home / ".netrc").write_bytes(b"\xff\xfe\x00" + CANARY.encode())
    cli("echo from-the-cli")
    assert found(environ)[1] == "heroku auth:token"


def test_a_netrc_that_is_a_folder_is_passed_over(
    environ: dict[str, str], home: Path, cli: Callable[[str], None]
) -> None:
    (home / ".netrc").mkdir()
    cli("echo from-the-cli")
    assert found(environ)[1] == "heroku auth:token"


# Heroku's CLI.


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(f"echo {CANARY}; exit 1", id="fails"),
        pytest.param("exit 0", id="says nothing"),
        pytest.param("echo; echo '  '", id="blanks"),
        pytest.param(f"echo {CANARY} >&2", id="standard error"),
        pytest.param("kill -9 $$", id="killed"),
        pytest.param('read line; test -n "$line" && echo it-asked', id="asks"),
    ],
)
def test_a_cli_that_gives_no_key_is_passed_over(
    environ: dict[str, str],
    cli: Callable[[str], None],
    capfd: pytest.CaptureFixture[str],
    script: str,
) -> None:
    cli(script)
    assert isinstance(failure(lambda: find(environ, no_dotenv, is_loopback=False)), NoKey)
    assert capfd.readouterr() == ("", "")


def test_a_cli_that_cannot_be_run_is_passed_over(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bin" / "heroku").mkdir()
    assert isinstance(failure(lambda: find(environ, no_dotenv, is_loopback=False)), NoKey)


def test_a_cli_that_hangs_is_stopped_and_passed_over(
    monkeypatch: pytest.MonkeyPatch,
    environ: dict[str, str],
    cli: Callable[[str], None],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(credentials, "CLI_TIMEOUT", 0.3)
    cli(f"echo $$ > {tmp_path}/pid; echo {CANARY}; exec sleep 600")
    error = failure(lambda: find(environ, no_dotenv, is_loopback=False))
    assert isinstance(error, NoKey)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_the_cli_sees_the_environment_it_was_asked_with(
    environ: dict[str, str], cli: Callable[[str], None]
) -> None:
    environ["XDG_CONFIG_HOME"] = "the-one-given"
    cli('echo "$XDG_CONFIG_HOME"')
    assert found(environ)[0] == "the-one-given"


def test_the_cli_is_told_what_it_needs_and_no_more(
    environ: dict[str, str], cli: Callable[[str], None], tmp_path: Path
) -> None:
    """`HEROKU_HEADERS` may hold a second factor (heroku-cli-command, `api-client.ts`)."""
    needed = {"HEROKU_HOST", "HEROKU_NETRC_WRITE", "HEROKU_DATA_DIR"}
    other = {"HEROKU_API_KEY", "HEROKU_HEADERS", "HEROKU_APP", "HEROKU_OAUTH_SECRET"}
    environ |= dict.fromkeys(needed, "x") | dict.fromkeys(other, "")
    cli(f"env > {tmp_path}/told; echo from-the-cli")
    assert found(environ)[1] == "heroku auth:token"
    told = {line.partition("=")[0] for line in (tmp_path / "told").read_text().splitlines()}
    assert {name for name in told if name.startswith("HEROKU_")} == needed


# Where Heroku refuses the key.


def test_a_key_of_netrc_that_is_refused_has_another_in_the_cli(
    environ: dict[str, str], cli: Callable[[str], None]
) -> None:
    cli('test "$*" = auth:token && echo from-the-cli')
    assert another(environ, Key(Secret("old"), "netrc")) == Key(
        Secret("from-the-cli"), "heroku auth:token"
    )


@pytest.mark.parametrize(
    ("source", "script"),
    [
        pytest.param("netrc", "echo old", id="the same key"),
        pytest.param("netrc", "exit 0", id="no key"),
        pytest.param("netrc", f"echo {CANARY}; exit 1", id="fails"),
        pytest.param("netrc", f"echo {CANARY} x", id="no key at all"),
        pytest.param("HEROKU_API_KEY in the environment", f"echo {CANARY}", id="environment"),
        pytest.param("HEROKU_API_KEY in .env", f"echo {CANARY}", id=".env"),
        pytest.param("heroku auth:token", f"echo {CANARY}", id="the CLI"),
    ],
)
def test_a_key_that_is_refused_has_no_other(
    environ: dict[str, str], cli: Callable[[str], None], source: str, script: str
) -> None:
    cli(script)
    assert another(environ, Key(Secret("old"), source)) is None


# .env.


def test_no_dotenv_says_nothing(tmp_path: Path) -> None:
    assert read_dotenv(tmp_path / ".env") == DotEnv()


def test_a_folder_of_that_name_is_no_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert read_dotenv(tmp_path / ".env") == DotEnv()


def write_dotenv(folder: Path, text: str | bytes) -> Path:
    path = folder / ".env"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("HEROKU_API_KEY=k3y\nHEROKU_APP=demo\n", id="plain"),
        pytest.param("export HEROKU_API_KEY='k3y'\nexport HEROKU_APP=\"demo\"\n", id="quoted"),
        pytest.param("\ufeffHEROKU_API_KEY=k3y\nHEROKU_APP=demo\n", id="BOM"),
        pytest.param("HEROKU_API_KEY=k3y # mine\r\nHEROKU_APP=demo\r\n", id="CRLF"),
        pytest.param("HEROKU_API_KEY=k3y\rHEROKU_APP=demo\r", id="CR"),
        pytest.param("HEROKU_API_KEY=k3y\nHEROKU_APP=demo\nHEROKU_APP='demo'\n", id="twice"),
        pytest.param(
            "my.name=1\n9X=2\nBARE\nA=1\nA=2\nKEY='-----BEGIN\nabc=\n-----END'\nÜ=x\n"
            "MY_HEROKU_APP=a\nHEROKU_APP_NAME=b\nnot.HEROKU_APP=c\n# HEROKU_APP: d\n"
            "NOTE='set HEROKU_APP=demo first' # or HEROKU_APP=x\nC=1 # HEROKU_APP=y\n"
            "HEROKU_API_KEY=k3y\nHEROKU_APP=demo\n",
            id="with what others take",
        ),
    ],
)
def test_dotenv_gives_the_key_and_the_app(tmp_path: Path, text: str) -> None:
    assert read_dotenv(write_dotenv(tmp_path, text)) == DotEnv(Secret("k3y"), "demo")


@pytest.mark.parametrize(
    "text", ["HEROKU_API_KEY=\nHEROKU_APP=\n", "HEROKU_API_KEY=''\nHEROKU_APP= # later\n", ""]
)
def test_dotenv_may_leave_both_empty(tmp_path: Path, text: str) -> None:
    assert read_dotenv(write_dotenv(tmp_path, text)) == DotEnv()


STANDS_INSIDE = "stands inside a quoted value that began further up"


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        pytest.param(
            f'SECRET_KEY="{CANARY}\nHEROKU_APP=demo-staging\nB=5"\n',
            [f"line 2: HEROKU_APP: {STANDS_INSIDE}"],
            id="swallowed",
        ),
        pytest.param(
            f"\nA=1\nSECRET_KEY='{CANARY}\n\n  export HEROKU_API_KEY = {CANARY}\n'\n",
            [f"line 5: HEROKU_API_KEY: {STANDS_INSIDE}"],
            id="the key swallowed",
        ),
        pytest.param(
            f'SECRET_KEY="{CANARY}\nHEROKU_APP=demo-staging\n',
            ["line 1: does not parse as NAME=value"],
            id="never closed",
        ),
        pytest.param(
            "HEROKU_APP: demo-staging\n",
            ["line 1: HEROKU_APP: does not parse as NAME=value"],
            id="colon",
        ),
        pytest.param(
            "HEROKU_APP:demo-staging\n",
            ["line 1: HEROKU_APP: is written in another way than NAME=value"],
            id="colon alone",
        ),
        pytest.param(
            'HEROKU_APP="demo-staging\n',
            ["line 1: HEROKU_APP: does not parse as NAME=value"],
            id="open quote",
        ),
        pytest.param(
            f'HEROKU_APP="demo-staging\nA={CANARY}"\n',
            ["line 1: HEROKU_APP: a quote is left open, and closed further down"],
            id="closed further down",
        ),
        pytest.param("\n\nHEROKU_APP\n", ["line 3: HEROKU_APP: a name without ="], id="bare"),
        pytest.param(
            f"HEROKU_API_KEY\nHEROKU_APP=demo\n{CANARY} x\n",
            ["line 1: HEROKU_API_KEY: a name without =", "line 3: does not parse as NAME=value"],
            id="two at once",
        ),
        pytest.param(
            "HEROKU_APP=demo\nHEROKU_APP=demo-staging\n",
            ["line 2: HEROKU_APP: is declared again, with another value"],
            id="twice",
        ),
        pytest.param(
            "HEROKU_APP=\nHEROKU_APP=demo-staging\n",
            ["line 2: HEROKU_APP: is declared again, with another value"],
            id="once empty",
        ),
        pytest.param(
            f"HEROKU_API_KEY={CANARY}\nHEROKU_API_KEY={CANARY}1\n",
            ["line 2: HEROKU_API_KEY: is declared again, with another value"],
            id="two keys",
        ),
        pytest.param(
            f"A={CANARY} HEROKU_APP=demo-staging\n",
            ["line 1: HEROKU_APP: stands behind another value, on the same line"],
            id="one line",
        ),
        pytest.param(
            rf"A={CANARY}\nHEROKU_APP=demo-staging",
            ["line 1: HEROKU_APP: stands behind another value, on the same line"],
            id="a written line feed",
        ),
        pytest.param(
            "A=1\n\ufeffHEROKU_APP=demo-staging\n",
            ["line 2: HEROKU_APP: is written in another way than NAME=value"],
            id="a BOM further down",
        ),
        pytest.param(
            '"HEROKU_APP"=demo-staging\n',
            ["line 1: HEROKU_APP: is written in another way than NAME=value"],
            id="a quoted name",
        ),
        pytest.param(
            "set HEROKU_APP=demo-staging\n", ["line 1: does not parse as NAME=value"], id="set"
        ),
        pytest.param(
            "$env:HEROKU_APP = 'demo-staging'\n",
            ["line 1: HEROKU_APP: is written in another way than NAME=value"],
            id="PowerShell",
        ),
    ],
)
def test_a_dotenv_that_may_have_lost_our_names_is_an_error(
    tmp_path: Path, text: str, complaints: list[str]
) -> None:
    path = write_dotenv(tmp_path, text)
    error = failure(lambda: read_dotenv(path))
    assert str(error) == "\n".join(f".env: {complaint}" for complaint in complaints)
    assert error.next_step == (
        "mend it, or leave it unasked: name the app with --app or HEROKU_APP,"
        " and set HEROKU_API_KEY in the environment"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("#" * 1_048_577, "is larger than 1,048,576 bytes", id="large"),
        pytest.param(
            f"A=1{' ' * 1_001}x\n", "has more than 1,000 blanks in a row", id="slow to parse"
        ),
    ],
)
def test_a_dotenv_that_would_take_too_long_is_told(tmp_path: Path, text: str, reason: str) -> None:
    """In a long run of blanks the parser takes the square of its length."""
    error = failure(lambda: read_dotenv(write_dotenv(tmp_path, text)))
    assert str(error) == f".env: {reason}"


def test_nothing_is_filled_in_in_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER", "filled-in")
    text = "MORE=x\nHEROKU_API_KEY=${OTHER}${MORE}\nHEROKU_APP=${OTHER:-demo}\n"
    found = read_dotenv(write_dotenv(tmp_path, text))
    assert found == DotEnv(Secret("${OTHER}${MORE}"), "${OTHER:-demo}")


def test_dotenv_names_no_host_and_leaves_the_environment_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HEROKU_HOST", raising=False)
    before = dict(os.environ)
    path = write_dotenv(tmp_path, "HEROKU_HOST=http://127.0.0.1:1\nHEROKU_API_KEY=k3y\n")
    assert read_dotenv(path) == DotEnv(Secret("k3y"))
    assert dict(os.environ) == before


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"NAME=é\nHEROKU_API_KEY={CANARY}\n".encode("latin-1"), id="Latin-1"),
        pytest.param(f"HEROKU_API_KEY={CANARY}\n".encode("utf-16"), id="UTF-16"),
    ],
)
def test_a_dotenv_that_is_not_utf_8_is_told_and_not_shown(tmp_path: Path, data: bytes) -> None:
    path = write_dotenv(tmp_path, data)
    error = failure(lambda: read_dotenv(path))
    assert isinstance(error, FileUnreadable)
    assert str(error) == ".env: is not UTF-8"
