"""Finds the API key, and says where it was, never what it is.

Never looked at: Invoke's configuration (`invoke --debug` prints it) and arguments (every user of
the machine can list them).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dotenv import dotenv_values

from deploy.errors import BadKey, FileUnreadable, NoKey
from deploy.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VARIABLE = "HEROKU_API_KEY"
APP_VARIABLE = "HEROKU_APP"
NETRC_MACHINE = "api.heroku.com"
CLI_TIMEOUT = 20.0
"""Seconds for `heroku auth:token`, which starts slowly and may ask the system's keychain."""


class Key(NamedTuple):
    """An API key, and the place it came from."""

    secret: Secret
    source: str


class DotEnv(NamedTuple):
    """What `.env` beside `tasks.py` says about these tasks; all else in it is not ours."""

    key: Secret | None = None
    app: str | None = None


def read_dotenv(path: Path) -> DotEnv:
    """HEROKU_API_KEY and HEROKU_APP from `.env`, if there is one; nothing is interpolated."""
    if not path.exists() or path.is_dir():
        return DotEnv()
    try:
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except OSError as error:
        raise FileUnreadable(path.name, f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        # Not `from error`: it holds the whole file.
        raise FileUnreadable(path.name, "is not UTF-8") from None
    key = found.get(VARIABLE)
    return DotEnv(Secret(key) if key else None, found.get(APP_VARIABLE) or None)


def find(environ: Mapping[str, str], dotenv: Callable[[], DotEnv], *, is_loopback: bool) -> Key:
    """The first key found; raises NoKey with the places looked at.

    A loopback address gets only what the real environment holds, so that a real key never
    reaches a stranger on this machine. `.env` is read only where it is needed.
    """
    if found := environ.get(VARIABLE):
        return _checked(Secret(found), f"{VARIABLE} in the environment")
    if is_loopback:
        step = f"HEROKU_HOST is local, and gets no other key: export {VARIABLE}=anything"
        raise NoKey([f"{VARIABLE} in the environment"], next_step=step)
    if key := dotenv().key:
        return _checked(key, f"{VARIABLE} in .env")
    if key := _from_netrc(environ):
        return _checked(key, "netrc")
    if key := _from_cli(environ):
        return _checked(key, "heroku auth:token")
    places = [f"{VARIABLE} in the environment", ".env", "netrc", "heroku auth:token"]
    step = f"run heroku login, or export {VARIABLE} (heroku authorizations:create makes one)"
    raise NoKey(places, next_step=step)


def _checked(key: Secret, source: str) -> Key:
    # Anything else could not stand in a header, and requests would show it in its error.
    if not key.is_token:
        raise BadKey(source)
    return Key(key, source)


def _from_netrc(environ: Mapping[str, str]) -> Secret | None:
    from netrc import NetrcParseError, netrc  # noqa: PLC0415  # the third place looked at

    path = environ.get("NETRC") or Path(environ.get("HOME", "~")).expanduser() / ".netrc"
    try:
        entry = netrc(str(path)).hosts.get(NETRC_MACHINE)
    except (OSError, NetrcParseError, UnicodeDecodeError):
        return None
    return Secret(entry[2]) if entry and entry[2] else None


def _from_cli(environ: Mapping[str, str]) -> Secret | None:
    try:
        done = subprocess.run(
            ["heroku", "auth:token"],  # noqa: S607  # found as the person's own shell finds it
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=CLI_TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = done.stdout.decode("ascii", "replace").strip()
    return Secret(found) if done.returncode == 0 and found else None
