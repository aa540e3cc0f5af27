"""How connections are made for `transport`: whom they trust, and what a proxy is told."""

from __future__ import annotations

import os
import threading
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_auth_from_url

from ..errors import FileUnreadable

if TYPE_CHECKING:
    import ssl

    import requests


class SharedContext(HTTPAdapter):
    """Connections to one host, with one SSLContext.

    For each connection requests would load the CA file anew (16 ms).
    """

    def __init__(self) -> None:
        self._context: ssl.SSLContext | None = None
        self._pool: object = None
        self._lock = threading.Lock()
        super().__init__(pool_maxsize=64)  # as many as there can be workers

    def get_connection_with_tls_context(  # type: ignore[override]  # its types are private
        self,
        request: requests.PreparedRequest,
        verify: object,
        proxies: dict[str, str] | None = None,
        cert: object = None,
    ) -> object:
        """The pool of the one host there is; requests would take its URL apart each time."""
        del verify, cert  # the context holds what they would say
        self._pool = self._pool or super().get_connection_with_tls_context(
            request, verify=True, proxies=proxies
        )
        return self._pool

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Leave the connection's context alone; it verifies already."""

    def build_connection_pool_key_attributes(  # type: ignore[override]  # its types are private
        self, request: requests.PreparedRequest, verify: object, cert: object = None
    ) -> tuple[object, object]:
        del verify, cert  # the context holds what they would say
        host, _ = super().build_connection_pool_key_attributes(request, verify=True)
        return host, {"ssl_context": self._shared()} if host["scheme"] == "https" else {}

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """A password beyond Latin-1 is sent as UTF-8, as curl does; requests would fail."""
        try:
            return super().proxy_headers(proxy)
        except UnicodeEncodeError:
            credentials = ":".join(get_auth_from_url(proxy)).encode("utf-8", "replace")
            return {"Proxy-Authorization": f"Basic {b64encode(credentials).decode()}"}

    def proxy_manager_for(self, proxy: str, **options: object) -> object:
        """A proxy that itself speaks TLS is held to the same CA bundle."""
        if proxy.lower().startswith("https"):
            options["proxy_ssl_context"] = self._shared()
        return super().proxy_manager_for(proxy, **options)

    def _shared(self) -> ssl.SSLContext:
        with self._lock:
            self._context = self._context or _context()
            return self._context


def _context() -> ssl.SSLContext:
    """Trusts what requests would trust: REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, else certifi's file."""
    import ssl  # noqa: PLC0415  # not needed against a loopback address

    told = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    path = told or DEFAULT_CA_BUNDLE_PATH
    try:
        if Path(path).is_dir():
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    except OSError as error:
        reason = "the CA bundle cannot be read"
        step = "check REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE"
        raise FileUnreadable(path, reason, next_step=step) from error
