"""What a refusal means, and what to do about it.

The status is believed, then the error's id if it is one we know. Messages are not shown: they are
text from outside, and an HTML page or a proxy may echo the request. The one message that is read
is that of a 422 about owned names, and of it only names that we sent.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING

from ..errors import AnswerLost, ApiError, AppNotFound, Forbidden, OwnedByAddon, Unauthorized
from ..names import is_stage
from . import retry
from .api import json_of

if TYPE_CHECKING:
    from ..errors import DeployError
    from .api import Request, Response


def refusal(request: Request, response: Response, *, key_source: str) -> DeployError:
    """The error that an answer is; for any but a success (2xx)."""
    if retry.is_lost(request, response):
        return AnswerLost(f"Heroku answered {response.status}")
    status, request_id = response.status, response.request_id
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        names = _owned_names(request, response)
        if names is not None:
            return OwnedByAddon(request.app, names, request_id=request_id)
    kind, what, step = _meaning(request, response, key_source)
    text = what if request.is_read else f"{what}; nothing was written"
    return kind(text, status=status, request_id=request_id, next_step=step)


def _meaning(
    request: Request, response: Response, key_source: str
) -> tuple[type[ApiError], str, str | None]:
    """Which error an answer is, what it says, and what to do next."""
    match response.status:
        case HTTPStatus.UNAUTHORIZED:
            step = f"it is mistyped, revoked or expired: make one with {_NEW_KEY}"
            return Unauthorized, f"Heroku refuses the API key from {key_source}", step
        case HTTPStatus.FORBIDDEN:
            found = _known_meaning(request, response) or _forbidden(request, response, key_source)
            return Forbidden, *found
        case HTTPStatus.NOT_FOUND:
            return _not_found(request, key_source)
    return ApiError, *(_known_meaning(request, response) or _other(request, response))


def _not_found(request: Request, key_source: str) -> tuple[type[ApiError], str, str]:
    if release := re.search(r"/releases/([0-9]+)", request.path):
        what = f"{request.app} has no release v{release[1]}"
        return ApiError, what, f"see which there are: invoke config.history --app {request.app}"
    if _is_of_pipeline(request):
        whose = f"config vars of {request.app}" if is_stage(request.app) else "such pipeline"
        what = f"Heroku knows no {whose}, or the API key from {key_source} may not see it"
        return ApiError, what, "check the name: heroku pipelines lists what a key can see"
    what = f"Heroku knows no app {request.app}, or the API key from {key_source} may not see it"
    return AppNotFound, what, "check the name: heroku apps lists what a key can see"


def _forbidden(request: Request, response: Response, key_source: str) -> tuple[str, str]:
    """What a 403 means whose id says too little: it is about the key's scopes, or about the app.

    Heroku sends the scopes with every answer (terraform-provider-heroku#135), so they are the
    cause only where none of the key's is one of those that would do.
    """
    has, needs = _scopes(response, "oauth-scope"), _scopes(response, "oauth-scope-accepted")
    if needs and not set(has) & set(needs):
        held = ", ".join(has) or "none"
        what = f"the API key from {key_source} has scope {held}; this needs {', '.join(needs)}"
        return what, _NEW_KEY
    what = f"the API key from {key_source} may not use {request.app}"
    whose = "is a member of this pipeline" if _is_of_pipeline(request) else "works on this app"
    return what, f"use the key of someone who {whose}"


def _is_of_pipeline(request: Request) -> bool:
    return request.path.startswith("/pipelines")


def _scopes(response: Response, header: str) -> list[str]:
    words = re.findall(r"[a-z-]+", response.headers.get(header, ""))
    return [word for word in words if word in _SCOPES]


def _known_meaning(request: Request, response: Response) -> tuple[str, str] | None:
    """What Heroku's id of an error, or the status alone, means where one of them says enough."""
    known = _error_id(response)
    meant = known if known in _WORDS else _BY_STATUS.get(response.status)
    if meant is None:
        return None
    what, step = _WORDS[meant]
    if meant == "conflict" and is_stage(request.app):  # it has no releases to look at
        step = "wait until that is over, and try again"
    return what.format(app=request.app), step.format(app=request.app)


def _other(request: Request, response: Response) -> tuple[str, str | None]:
    status, known = response.status, _error_id(response)
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


_NEW_KEY = "heroku authorizations:create --scope read-protected,write-protected"
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
