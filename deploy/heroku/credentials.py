"""Finds the API key, and says where it was, never what it is.

Never looked at: Invoke's configuration (`invoke --debug` prints it) and arguments (every user of
the machine can list them).
"""

from __future__ import annotations

import codecs
import io
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .. import workers
from ..envfile.encoding import LONG_BLANKS, MAX_BLANKS
from ..errors import BadEnvFile, BadKey, Complaint, FileUnreadable, NoKey
from ..project import files
from ..secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dotenv.parser import Binding

KEY_VARIABLE = "HEROKU_API_KEY"
APP_VARIABLE = "HEROKU_APP"
NETRC_MACHINE = "api.heroku.com"
NETRC, CLI = "netrc", "heroku auth:token"
"""What messages call these two places."""
CLI_TIMEOUT = 20.0
"""Seconds for `heroku auth:token`, which starts slowly and may ask the system's keychain."""
_CLI_READS = {
    "HEROKU_HOST",  # whose token (heroku-cli-command, `vars.ts`)
    "HEROKU_NETRC_WRITE",  # netrc in place of the keychain (`credential-storage-selector.ts`)
    "HEROKU_CACHE_DIR",  # these three: where it keeps itself (oclif's `config.ts`)
    "HEROKU_CONFIG_DIR",
    "HEROKU_DATA_DIR",
    "HEROKU_SKIP_NEW_VERSION_CHECK",
}
"""What `heroku auth:token` needs of the variables that may hold keys and headers."""


class Key(NamedTuple):
    """An API key, and the place it came from."""

    secret: Secret
    source: str


class DotEnv(NamedTuple):
    """What `.env` beside `tasks.py` says about these tasks; all else in it is not ours."""

    key: Secret | None = None
    app: str | None = None


_UNASKED = (
    f"leave it unasked: name the app with --app or {APP_VARIABLE},"
    f" and set {KEY_VARIABLE} in the environment"
)


class BadDotEnv(BadEnvFile):
    """A `.env` that may say which app or which key is meant, and cannot be read for sure."""


def read_dotenv(path: Path) -> DotEnv:
    """HEROKU_API_KEY and HEROKU_APP from `.env`, if there is one; nothing is interpolated.

    Raises BadDotEnv where a line does not parse, or either name may have got lost: the next place
    would then be asked, and another app be written to; and FileUnreadable for what is no file, or
    cannot be read to its end. What else is odd is not ours to judge.
    """
    if not path.exists() or path.is_dir():
        return DotEnv()
    from dotenv.parser import parse_stream  # noqa: PLC0415  # most have no `.env`, or need none

    values: dict[str, str] = {}
    complaints: list[Complaint] = []
    for binding in parse_stream(io.StringIO(_text(path))):
        complaints += _complaints(binding)
        name, value = binding.key, binding.value
        if name not in (KEY_VARIABLE, APP_VARIABLE) or value is None:
            continue
        if values.setdefault(name, value) != value:
            reason = "is declared again, with another value"
            complaints.append(Complaint(reason, _line(binding), name))
    if complaints:
        raise BadDotEnv(path.name, complaints, next_step=f"mend it, or {_UNASKED}")
    key = values.get(KEY_VARIABLE)
    return DotEnv(Secret(key) if key else None, values.get(APP_VARIABLE) or None)


def _text(path: Path) -> str:
    try:
        data = files.read_regular(path, shown=path.name, next_step=_UNASKED)
        text = files.within_limit(data, shown=path.name).decode("utf-8-sig")
    except UnicodeDecodeError:
        # Not `from error`: it holds the whole file.
        raise FileUnreadable(path.name, "is not UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if LONG_BLANKS.search(text):
        raise FileUnreadable(path.name, f"has more than {MAX_BLANKS:,} blanks in a row")
    return text


_NAME = rf"(?P<name>{APP_VARIABLE}|{KEY_VARIABLE})(?![\w.-])"
_OURS = rf"(?<![\w.-]){_NAME}"
_ON_A_LINE = rf"^\s*(?:export\s+)?['\"]?{_NAME}['\"]?[^\S\n]*[=:]"
_BEHIND_A_VALUE = rf"(?:[\s;,]|\\n){_NAME}[^\S\n]*[=:]"


def _complaints(binding: Binding) -> Iterator[Complaint]:
    """Why a line that may be about our two names cannot be read for sure."""
    line, written = _line(binding), binding.original.string.lstrip()
    first, _, later = written.rstrip("\n").partition("\n")
    if binding.error:
        yield Complaint("does not parse as NAME=value", line, _ours(_ON_A_LINE, first))
        return
    key = binding.key or ""
    if key in (KEY_VARIABLE, APP_VARIABLE):
        if binding.value is None:
            yield Complaint("a name without =", line, key)
        elif later:
            yield Complaint("a quote is left open, and closed further down", line, key)
    elif name := _ours(_OURS, key):
        yield Complaint("is written in another way than NAME=value", line, name)
    for number, text in enumerate(later.split("\n"), start=line + 1):
        if name := _ours(_ON_A_LINE, text):
            yield Complaint("stands inside a quoted value that began further up", number, name)
    is_quoted = re.match(r"[^=]*=\s*['\"]", first)
    if not is_quoted and (name := _ours(_BEHIND_A_VALUE, binding.value or "")):
        yield Complaint("stands behind another value, on the same line", line, name)


def _ours(pattern: str, text: str) -> str | None:
    """Which of our two names a pattern finds."""
    match = re.search(pattern, text)
    return match["name"] if match else None


def _line(binding: Binding) -> int:
    """The line of a binding's name; the parser's is that of the blank lines above it."""
    written = binding.original.string
    return binding.original.line + written.count("\n", 0, len(written) - len(written.lstrip()))


def find(environ: Mapping[str, str], dotenv: Callable[[], DotEnv], *, is_loopback: bool) -> Key:
    """The first key found; raises NoKey with the places looked at.

    A loopback address gets only what the real environment holds, so that a real key never
    reaches a stranger on this machine. `.env` is read only where it is needed.
    """
    in_environ = f"{KEY_VARIABLE} in the environment"
    if found := environ.get(KEY_VARIABLE):
        return _checked(Secret(found), in_environ)
    if is_loopback:
        step = f"HEROKU_HOST is local, and gets no other key: export {KEY_VARIABLE}=anything"
        raise NoKey([in_environ], next_step=step)
    if key := dotenv().key:
        return _checked(key, f"{KEY_VARIABLE} in .env")
    key, netrc = _from_netrc(environ)
    if key:
        return _checked(key, NETRC)
    if key := _from_cli(environ):
        return _checked(key, CLI)
    step = f"run heroku login, or export {KEY_VARIABLE} (heroku authorizations:create makes one)"
    raise NoKey([in_environ, ".env", netrc, CLI], next_step=step)


def _checked(key: Secret, source: str) -> Key:
    # Anything else could not stand in a header, and requests would show it in its error.
    if not key.is_token:
        raise BadKey(source)
    return Key(key, source)


def another(environ: Mapping[str, str], refused: Key) -> Key | None:
    """The key that Heroku's CLI has, where the one in netrc is refused; None where there is none.

    Since its version 11 the CLI keeps its token in the system's keychain, and reads netrc only
    without one (heroku-cli-command, `credential-manager-core`); an old line stays there for ever.
    """
    if refused.source != NETRC:
        return None
    key = _from_cli(environ)
    return Key(key, CLI) if key and key.is_token and key != refused.secret else None


def _from_netrc(environ: Mapping[str, str]) -> tuple[Secret | None, str]:
    """The key in netrc; and what is to be said of netrc where there is none."""
    from . import netrc  # noqa: PLC0415  # the third place looked at

    try:
        path = Path(environ.get("NETRC") or Path(environ.get("HOME") or Path.home()) / ".netrc")
        data = files.within_limit(files.read_regular(path, shown=NETRC), shown=NETRC)
    except RuntimeError:  # no home, in no place
        return None, NETRC
    except FileUnreadable as error:
        is_missing = error.reason == files.MISSING
        return None, NETRC if is_missing else f"{NETRC} (which {error.reason})"
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if is_wide else "utf-8-sig", "replace")
    entry = netrc.read(text, NETRC_MACHINE)
    if entry.is_named and not entry.password:
        return None, f"{NETRC} (it names {NETRC_MACHINE}, but no password that can be read)"
    return entry.password, NETRC


def _from_cli(environ: Mapping[str, str]) -> Secret | None:
    env = {
        name: value
        for name, value in environ.items()
        if name in _CLI_READS or not name.startswith("HEROKU_")
    }
    try:
        done = workers.wait_for(
            lambda: subprocess.run(
                ["heroku", "auth:token"],  # noqa: S607  # found as the person's own shell finds it
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=CLI_TIMEOUT,
            )
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = done.stdout.decode("ascii", "replace").strip()
    return Secret(found) if done.returncode == 0 and found else None
