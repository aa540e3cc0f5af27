"""Files, standard input, and what git knows; read once, with limits, and never interpreted here."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from deploy.envfile import MAX_BYTES
from deploy.errors import FileUnreadable
from deploy.facts import APP_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

EXAMPLE = ".env.example"

_HEROKU_URL = re.compile(
    r"(?:git@heroku\.com:|ssh://git@heroku\.com/|https://(?:[^/@]*@)?git\.heroku\.com/)"
    r"(?P<app>[a-z0-9-]+)\.git"
)
_NAME_AT_LINE_START = re.compile(r"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=", re.MULTILINE)


def read_file(path: Path, *, shown: str) -> bytes:
    """A whole file, or one byte more than an env file may have; raises FileUnreadable.

    `shown` is the path as the person wrote it. Pipes work too: `--file <(sops decrypt …)`.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        step = "make it, or name another with --file"
        raise FileUnreadable(shown, "no such file", next_step=step) from None
    except IsADirectoryError:
        step = "name the env file in it"
        raise FileUnreadable(shown, "is a directory", next_step=step) from None
    except (OSError, ValueError) as error:
        reason = f"cannot be read ({getattr(error, 'strerror', None) or 'not a path'})"
        raise FileUnreadable(shown, reason) from None


def read_stream(stream: BinaryIO) -> bytes:
    """All of standard input, or one byte more than an env file may have."""
    return stream.read(MAX_BYTES + 1)


def example_names(root: Path) -> frozenset[str]:
    """The names in `.env.example`, leniently; none where there is no such file."""
    try:
        text = (root / EXAMPLE).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return frozenset()
    return frozenset(_NAME_AT_LINE_START.findall(text))


class Remotes(NamedTuple):
    """The Heroku apps that git remotes of a checkout point to, by the name of the remote."""

    apps: Mapping[str, str]
    default: str = "heroku"
    """The remote that counts: `git config heroku.remote`, as in Heroku's own CLI."""


def remotes(root: Path) -> Remotes:
    """Ask git for the remotes; none outside a checkout, or without git."""
    command = ["git", "config", "--null", "--get-regexp", r"^(remote\..*\.url|heroku\.remote)$"]
    try:
        done = subprocess.run(  # noqa: S603  # a fixed command, found like any other on PATH
            command, cwd=root, capture_output=True, check=False, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return Remotes({})
    apps, default = {}, "heroku"
    for line in done.stdout.decode("utf-8", "replace").split("\0"):
        key, _, value = line.partition("\n")
        if key == "heroku.remote":
            default = value
        elif (match := _HEROKU_URL.fullmatch(value)) and APP_NAME.fullmatch(match["app"]):
            apps[key.removeprefix("remote.").removesuffix(".url")] = match["app"]
    return Remotes(apps, default)
