"""The address of a proxy, checked before anything is sent: told what the environment holds.

requests and urllib3 fail on an odd one only while they connect, with exceptions that hold it, and
there may be a password in it.
"""

from __future__ import annotations

from importlib.util import find_spec

from urllib3.exceptions import LocationValueError
from urllib3.util import parse_url

from ..errors import Unreachable

_HTTP = ("http", "https")
_SOCKS = ("socks4", "socks4a", "socks5", "socks5h")


def checked(text: str, *, api: str) -> str:
    """The address, with its scheme; raises Unreachable, which shows no part of it.

    One without a scheme is an HTTP proxy, as for curl ("--proxy" in its manual); requests takes
    `proxy:3128` for the scheme `proxy`. `api` is what cannot be reached.
    """
    address = text if "://" in text else f"http://{text.removeprefix('//')}"
    try:
        parts = parse_url(address)
        host = parts.host or ""
        host.encode("idna")  # or urllib3 fails on a label that is empty or too long
    except (LocationValueError, UnicodeError):
        host = ""
    if not host or host in ("http", "https"):  # one slash is missing
        raise Unreachable(
            f"{api}: the proxy's address in HTTPS_PROXY or ALL_PROXY does not parse",
            next_step="write it as http://host:port; in its password write"
            " / ? # and @ as %2F %3F %23 and %40",
        )
    if parts.scheme in _SOCKS:
        if find_spec("socks") is None:
            raise Unreachable(
                f"{api}: a SOCKS proxy needs the package PySocks, which is not installed",
                next_step="install PySocks beside these tasks, or name an http:// proxy",
            )
    elif parts.scheme not in _HTTP:
        raise Unreachable(
            f"{api}: the proxy in HTTPS_PROXY or ALL_PROXY is of a kind that is not known",
            next_step=f"name one that begins with {', '.join(_HTTP)} or {_SOCKS[-1]}",
        )
    return address
