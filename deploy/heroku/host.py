"""Where the API is: HEROKU_HOST, and where no API key may ever be sent."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from ..errors import DeployError

_HEROKU = r"(?:[a-z0-9-]{1,63}\.)*heroku\.com"
DEFAULT = "https://api.heroku.com"


class BadHost(DeployError):
    """HEROKU_HOST points where no API key may go."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"HEROKU_HOST {reason}",
            next_step="unset it, or set it to https://api.heroku.com or to a loopback address"
            " such as http://127.0.0.1:5280",
        )


class Host(NamedTuple):
    """An API's address, without a path; `is_loopback` means it never leaves this machine."""

    url: str
    is_loopback: bool = False


def parse(text: str | None) -> Host:
    """Read HEROKU_HOST; raises BadHost for anything but Heroku over https, or a loopback address.

    A bare domain stands for `https://api.` and that domain, as in Heroku's own CLI. The address is
    put together anew from what was parsed, so that no second parser can read it another way. The
    text is not repeated in the error: it may hold a password.
    """
    if not text:
        return Host(DEFAULT)
    if not re.fullmatch(r"[A-Za-z0-9.:/\[\]-]+", text):
        raise BadHost("holds characters that no plain address has, such as a user or a password")
    bare = "://" not in text
    try:
        parts = urlsplit(f"https://api.{text}" if bare else text)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadHost("is not an address") from None
    if parts.path not in ("", "/"):
        raise BadHost("must not have a path")
    where = (f"[{name}]" if ":" in name else name) + (f":{port}" if port is not None else "")
    if parts.scheme == "https" and re.fullmatch(_HEROKU, name):
        return Host(f"https://{where}")
    if parts.scheme in ("http", "https") and _is_loopback(name) and not bare:
        return Host(f"{parts.scheme}://{where}", is_loopback=True)
    if re.fullmatch(_HEROKU, name):
        raise BadHost("must begin with https://: a key is not sent in clear")
    raise BadHost("is neither Heroku nor a loopback address")


def _is_loopback(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
