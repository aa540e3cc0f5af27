"""What an answer that is a no means, and whether the same request may be sent again.

**When a request is sent again.** A read is repeated after 429, after 502, 503 and 504, and after a
connection that broke: it changes nothing. A write is repeated only where it cannot have taken
effect: after 429, which is decided before anything is done, and after a failure that came before
a byte was sent. Any other failure of a write (a timeout, a reset, a 5xx, a body cut short) leaves
open whether it was applied; sending it again could undo what someone else wrote in between, so the
answer counts as lost and the story finds out by reading.

**What is believed.** The status, then the error's id if it is one we know. Messages are not
shown: they are text from outside, and an HTML page or a proxy may echo the request. The one
message that is read is that of a 422 about owned names, and of it only names that we sent.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from deploy.errors import ApiError, AppNotFound, Forbidden, OwnedByAddon, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deploy.wire import Request, Response

MAX_TRIES = 4
MAX_RETRY_AFTER = 120.0
"""Seconds; a longer Retry-After is cut to this."""
BACKOFF = 0.5
"""Seconds before the second try of a read; doubles."""
RATE_LIMIT_BACKOFF = 10.0
"""Seconds after a 429 without Retry-After; doubles. The bucket gains 75 tokens a minute."""


def pause(request: Request, response: Response | None, attempt: int) -> float | None:
    """Seconds to wait before this request is sent again, or None where it must not be.

    `response` is None where the connection failed: for a write, before a byte was sent. `attempt`
    counts from 1.
    """
    if attempt >= MAX_TRIES:
        return None
    doubled = float(2 ** (attempt - 1))
    if response is None:
        return BACKOFF * doubled
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        told = response.headers.get("retry-after", "")
        if re.fullmatch(r"[0-9]+", told):
            return min(float(told), MAX_RETRY_AFTER)
        return RATE_LIMIT_BACKOFF * doubled
    if request.is_read and response.status in (502, 503, 504):
        return BACKOFF * doubled
    return None


def is_lost(request: Request, response: Response) -> bool:
    """Whether a write was answered in a way that leaves open if it took effect."""
    is_unsure = response.status >= 500 or response.status in _UNSURE
    return is_unsure and not request.is_read


def refusal(request: Request, response: Response, *, key_source: str) -> ApiError | None:
    """The error that an answer is, or None where it is a yes (2xx)."""
    status, request_id = response.status, response.request_id
    if response.is_success:
        return None
    if status == HTTPStatus.UNAUTHORIZED:
        return Unauthorized(
            f"Heroku refuses the API key from {key_source}",
            status=status,
            request_id=request_id,
            next_step="it is mistyped, revoked or expired: make one with"
            " heroku authorizations:create --scope read-protected,write-protected",
        )
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(request, response, key_source)
    if status == HTTPStatus.NOT_FOUND:
        return _not_found(request, response, key_source)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and request.changes is not None:
        names = _owned_names(response, request.changes)
        if names is not None:
            return OwnedByAddon(request.app, names, request_id=request_id)
    return _other_refusal(request, response)


def _not_found(request: Request, response: Response, key_source: str) -> ApiError:
    if release := re.search(r"/releases/([0-9]+)", request.path):
        return ApiError(
            f"{request.app} has no release v{release[1]}",
            status=response.status,
            request_id=response.request_id,
            next_step=f"see which there are: invoke config.history --app {request.app}",
        )
    return AppNotFound(
        f"Heroku knows no app {request.app}, or the API key from {key_source} may not see it",
        status=response.status,
        request_id=response.request_id,
        next_step="check the name: heroku apps lists what a key can see",
    )


def _forbidden(request: Request, response: Response, key_source: str) -> Forbidden:
    has, needs = (
        ", ".join(
            scope
            for scope in re.findall(r"[a-z-]+", response.headers.get(name, ""))
            if scope in _SCOPES
        )
        for name in ("oauth-scope", "oauth-scope-accepted")
    )
    what = f"the API key from {key_source} may not use {request.app}"
    step = "use the key of someone who works on this app"
    if needs:
        what = f"the API key from {key_source} has scope {has or 'none'}; this needs {needs}"
        step = "heroku authorizations:create --scope read-protected,write-protected"
    elif _error_id(response) == "two_factor":
        step = "this account wants a second factor: use an authorization's key, not a password"
    return Forbidden(what, status=403, request_id=response.request_id, next_step=step)


def _other_refusal(request: Request, response: Response) -> ApiError:
    status = response.status
    said = f", {known}" if (known := _error_id(response)) else ""
    step = None
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        step = "the account's rate limit is reached: wait a few minutes"
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        step = "Heroku is in trouble: look at its status page and try again"
    elif 300 <= status < 400:
        said = ", a redirect, which is never followed"
        step = "check HEROKU_HOST and the proxy"
    is_open = request.is_read or is_lost(request, response)
    written = "" if is_open else "; nothing was written"
    return ApiError(
        f"Heroku refused {request.method} {request.path}{said}{written}",
        status=status,
        request_id=response.request_id,
        next_step=step,
    )


_UNSURE = (HTTPStatus.SEE_OTHER, HTTPStatus.REQUEST_TIMEOUT)
"""Neither a yes nor surely a no; a 303 says that something was done."""
_SCOPES = ("global", "identity", "read", "write", "read-protected", "write-protected")
_KNOWN_IDS = frozenset(
    {
        "bad_request",
        "confirmation_required",
        "conflict",
        "delinquent",
        "forbidden",
        "internal_server_error",
        "invalid_params",
        "not_acceptable",
        "not_found",
        "rate_limit",
        "service_unavailable",
        "suspended",
        "two_factor",
        "unauthorized",
        "verification_needed",
        "verification_required",
    }
)


def _error_id(response: Response) -> str | None:
    try:
        found = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    known = found.get("id") if isinstance(found, dict) else None
    return known if isinstance(known, str) and known in _KNOWN_IDS else None


def _owned_names(response: Response, sent: Iterable[str]) -> list[str] | None:
    """The names that Heroku says an add-on controls, if that is what this 422 is about."""
    text = response.body.decode("utf-8", "replace")
    match = re.search(r"attachment values (?P<names>[\w, ]*)", text, re.ASCII)
    return sorted(set(re.findall(r"\w+", match["names"])) & set(sent)) if match else None
