"""What a proxy's address may be, and what is said of one that cannot be meant."""

import importlib
import sys
from pathlib import Path

import pytest

from deploy.errors import Unreachable
from deploy.heroku import proxy

from ..support import said_by

API = "https://api.heroku.com"
NO_PARSE = f"{API}: the proxy's address in HTTPS_PROXY or ALL_PROXY does not parse"
NO_KIND = f"{API}: the proxy in HTTPS_PROXY or ALL_PROXY is of a kind that is not known"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("HTTPS://proxy", "HTTPS://proxy"),
        ("http://me:p%2Fw@proxy", "http://me:p%2Fw@proxy"),
        ("http://me:п@proxy", "http://me:п@proxy"),
        ("http://[::1]:3128", "http://[::1]:3128"),
        ("proxy:3128", "http://proxy:3128"),
        ("//proxy:3128", "http://proxy:3128"),
        ("me:word@proxy:3128", "http://me:word@proxy:3128"),
        ("127.0.0.1", "http://127.0.0.1"),
    ],
)
def test_an_address_gets_a_scheme_and_stays_as_it_is(text: str, address: str) -> None:
    assert proxy.checked(text, api=API) == address


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("http://", NO_PARSE),
        ("http:///canary", NO_PARSE),
        ("http:/canary", NO_PARSE),
        (":3128", NO_PARSE),
        ("http://[canary", NO_PARSE),
        ("http://canary:port", NO_PARSE),
        ("http://canary:99999", NO_PARSE),
        ("http://canary ", NO_PARSE),
        ("http://ca nary", NO_PARSE),
        ("http://me:canary/1@proxy", NO_PARSE),
        ("http://me:canary#1@proxy", NO_PARSE),
        ("http://me:canary?1@proxy", NO_PARSE),
        ("http://canary..example", NO_PARSE),
        ("http://" + "canary" * 11, NO_PARSE),
        ("ftp://canary", NO_KIND),
        ("socks://canary", NO_KIND),
        ('"http://canary"', NO_KIND),
        ("canary://proxy", NO_KIND),
    ],
)
def test_an_address_that_cannot_be_meant_is_told_and_not_shown(text: str, said: str) -> None:
    with pytest.raises(Unreachable) as caught:
        proxy.checked(text, api=API)
    assert str(caught.value) == said
    assert not caught.value.may_pass
    assert caught.value.next_step == (
        "write it as http://host:port; in its password write / ? # and @ as %2F %3F %23 and %40"
        if said is NO_PARSE
        else "name one that begins with http, https or socks5h"
    )
    assert "canary" not in said_by(caught.value)


@pytest.mark.parametrize("kind", ["socks4", "socks4a", "socks5", "socks5h", "SOCKS5"])
@pytest.mark.parametrize("is_there", [False, True], ids=["without", "with"])
def test_socks_needs_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, *, is_there: bool
) -> None:
    """PySocks may be installed where the tests run: Python looks into this folder alone."""
    if is_there:
        (tmp_path / "socks.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "socks", raising=False)
    importlib.invalidate_caches()
    if is_there:
        assert proxy.checked(f"{kind}://proxy", api=API) == f"{kind}://proxy"
        return
    with pytest.raises(Unreachable) as caught:
        proxy.checked(f"{kind}://me:canary@proxy", api=API)
    assert str(caught.value) == (
        f"{API}: a SOCKS proxy needs the package PySocks, which is not installed"
    )
    assert caught.value.next_step == (
        "install PySocks beside these tasks, or name an http:// proxy"
    )
    assert "canary" not in said_by(caught.value)
