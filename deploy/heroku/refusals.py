"""What an answer that is a no means, and what to do about it.

The status is believed, then the error's id if it is one we know. Messages are not shown: they are
text from outside, and an HTML page or a proxy may echo the request. The one message that is read
is that of a 422 about owned names, and of it only names that we sent.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..errors import ApiError, AppNotFound, Forbidden, OwnedByAddon, Unauthorized
from . import retry
from .api import json_of

if TYPE_CHECKING:
    from .api import Request, Response


def refusal(request: Request, response: Response, *, key_source: str) -> ApiError:
    """The error that an answer is; for any but a success (2xx)."""
    kind: type[ApiError]
    what: str
    step: str | None
    match response.status:
        case HTTPStatus.UNAUTHORIZED:
            kind, what, step = Unauthorized, f"Heroku refuses the API key from {key_source}", _KEY
        case HTTPStatus.FORBIDDEN:
            kind, (what, step) = Forbidden, _forbidden(request, response, key_source)
        case HTTPStatus.NOT_FOUND:
            kind, what, step = _not_found(request, key_source)
        case HTTPStatus.UNPROCESSABLE_ENTITY if (
            names := _owned_names(request, response)
        ) is not None:
            return OwnedByAddon(request.app, names, request_id=response.request_id)
        case _:
            kind, (what, step) = ApiError, _other(request, response)
    is_open = request.is_read or retry.is_lost(request, response)
    return kind(
        what if is_open else f"{what}; nothing was written",
        status=response.status,
        request_id=response.request_id,
        next_step=step,
    )


def _not_found(request: Request, key_source: str) -> tuple[type[ApiError], str, str]:
    if release := re.search(r"/releases/([0-9]+)", request.path):
        return (
            ApiError,
            f"{request.app} has no release v{release[1]}",
            f"see which there are: invoke config.history --app {request.app}",
        )
    return (
        AppNotFound,
        f"Heroku knows no app {request.app}, or the API key from {key_source} may not see it",
        "check the name: heroku apps lists what a key can see",
    )


def _forbidden(request: Request, response: Response, key_source: str) -> tuple[str, str]:
    """What a 403 is about: its id first, then the key's scopes, then the app.

    Heroku sends the scopes with every answer (terraform-provider-heroku#135), so they are the
    cause only where none of the key's is one of those that would do.
    """
    known = _error_id(response)
    if known in _WORDS:
        return _worded(known, request)
    has, needs = (
        [
            scope
            for scope in re.findall(r"[a-z-]+", response.headers.get(name, ""))
            if scope in _SCOPES
        ]
        for name in ("oauth-scope", "oauth-scope-accepted")
    )
    if needs and not set(has) & set(needs):
        held = ", ".join(has) or "none"
        what = f"the API key from {key_source} has scope {held}; this needs {', '.join(needs)}"
        return what, "heroku authorizations:create --scope read-protected,write-protected"
    what = f"the API key from {key_source} may not use {request.app}"
    return what, "use the key of someone who works on this app"


def _other(request: Request, response: Response) -> tuple[str, str | None]:
    status, known = response.status, _error_id(response)
    if (found := known if known in _WORDS else _BY_STATUS.get(status)) is not None:
        return _worded(found, request)
    said, step = f", {known}" if known else "", None
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        step = "the account's rate limit is reached: wait a few minutes"
    elif status == HTTPStatus.UNPROCESSABLE_ENTITY and not request.is_read:
        step = "one of the names or values is none that Heroku takes: look at odd names first"
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        step = "Heroku is in trouble: look at its status page and try again"
    elif status < 200:
        said, step = ", an interim answer with no other behind it", "check the proxy, and try again"
    elif 300 <= status < 400:
        said, step = ", a redirect, which is never followed", "check HEROKU_HOST and the proxy"
    return f"Heroku refused {request.method} {request.path}{said}", step


def _worded(known: str, request: Request) -> tuple[str, str]:
    what, step = _WORDS[known]
    return what.format(app=request.app), step.format(app=request.app)


_KEY = (
    "it is mistyped, revoked or expired: make one with"
    " heroku authorizations:create --scope read-protected,write-protected"
)
_WORDS = {
    "delinquent": (
        "Heroku wants this account's bill paid, or its payment method confirmed (delinquent)",
        "settle it in the Heroku Dashboard, under Account, Billing",
    ),
    "suspended": (
        "the account of this key, or {app}, is suspended",
        "see the Heroku Dashboard, or ask Heroku's support",
    ),
    "two_factor": (
        "Heroku wants a second factor of this account (two_factor)",
        "use the key of an authorization: heroku authorizations:create",
    ),
    "conflict": (
        "{app} is in conflict with something else that goes on there (conflict)",
        "look at heroku releases --app {app}, wait until that is over, and try again",
    ),
    "gone": (
        "Heroku has taken away what this asks for (gone)",
        "a newer version of heroku-config-tasks may know the new place",
    ),
    "requested_range_not_satisfiable": (
        "Heroku cannot give the part of the list that this asks for",
        "try again; if it stays so, please report it",
    ),
    "verification_needed": (
        "Heroku wants billing information of this account first (verification_needed)",
        "enter it in the Heroku Dashboard, under Account, Billing",
    ),
    "confirmation_required": (
        "Heroku wants this confirmed in a way that this program cannot (confirmation_required)",
        "make the change once with heroku config:set, and see what it asks",
    ),
}
"""What ids mean that have a way out of their own (Platform API reference, "Errors")."""
_BY_STATUS = {
    402: "delinquent",
    409: "conflict",
    410: "gone",
    416: "requested_range_not_satisfiable",
    423: "confirmation_required",
}
"""What a status means whose answer has no id that we know; 422 and 403 can be several things."""
_SCOPES = ("global", "identity", "read", "write", "read-protected", "write-protected")
_KNOWN_IDS = {
    *_WORDS,
    *("bad_request", "forbidden", "internal_server_error", "invalid_params", "not_acceptable"),
    *("not_found", "rate_limit", "service_unavailable", "unauthorized", "verification_required"),
}


def _error_id(response: Response) -> str | None:
    match json_of(response):
        case {"id": str(known)} if known in _KNOWN_IDS:
            return known
    return None


def _owned_names(request: Request, response: Response) -> list[str] | None:
    """The names that Heroku says an add-on controls, if that is what this 422 is about."""
    text = response.body.decode("utf-8", "replace")
    match = re.search(r"attachment values (?P<names>[\w, ]*)", text, re.ASCII)
    if request.changes is None or match is None:
        return None
    return sorted(set(re.findall(r"\w+", match["names"])) & set(request.changes))
