"""The Platform API as data: requests are built here and answers are read here, without a network.

Source of the shapes: Heroku's Platform API reference and its published schema. What a refusal means
is in `refusals`; when a request is sent again, in `retry`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ..errors import BadResponse
from ..names import APP_NAME
from ..secret import Secret
from .facts import Held, Release, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Item = TypeVar("Item")

_REQUEST_ID = re.compile(r"[0-9a-fA-F-]{8,36}(?:,[0-9a-fA-F-]{8,36})*")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_STATUS = {each.value: each for each in Status}

ACCEPT = "application/vnd.heroku+json; version=3"


class Request(NamedTuple):
    """One call of the API. `changes` is the body of a PATCH; None there removes the name."""

    method: str
    path: str
    headers: Mapping[str, str]
    changes: Mapping[str, Secret | None] | None = None
    app: str = ""

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    def body(self) -> bytes | None:
        """The bytes to send: the one place where values leave the program."""
        if self.changes is None:
            return None
        return json.dumps(
            {name: None if new is None else new.reveal() for name, new in self.changes.items()}
        ).encode()


class Response(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Response({self.status})"  # a body holds values, and so may a header

    @property
    def remaining(self) -> int | None:
        """How many tokens the account has left, if the answer says so."""
        found = self.headers.get("ratelimit-remaining", "")
        is_count = found.isascii() and found.isdigit() and len(found) <= 9
        return int(found) if is_count else None

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def request_id(self) -> str | None:
        """Heroku's reference for its support, if it is one."""
        found = self.headers.get("request-id", "")
        return found if _REQUEST_ID.fullmatch(found) else None


def authorization(key: Secret) -> str:
    """The Authorization header for an API key."""
    return f"Bearer {key.reveal()}"


# Requests.


def get(app: str, path: str = "", headers: Mapping[str, str] | None = None) -> Request:
    """A read about an app; `path` goes on where the app's own ends."""
    return Request("GET", f"/apps/{app}{path}", {"Accept": ACCEPT, **(headers or {})}, app=app)


def get_vars(app: str) -> Request:
    return get(app, "/config-vars")


def patch_vars(app: str, changes: Mapping[str, Secret | None]) -> Request:
    """One PATCH is one release and one restart; names that are not in it stay as they are."""
    return patch_of(get_vars(app), changes)


def patch_of(read: Request, changes: Mapping[str, Secret | None]) -> Request:
    """The change of what a read shows."""
    return read._replace(method="PATCH", changes=changes)


def get_releases(app: str, *, newest: int) -> Request:
    """The newest releases, newest first; commas separate the options of a Range."""
    return get(app, "/releases", {"Range": f"version ..; order=desc,max={newest}"})


def get_account() -> Request:
    """Whose key this is; a key of few scopes may be refused (Dev Center, "OAuth": `identity`)."""
    return Request("GET", "/account", {"Accept": ACCEPT})


# Answers.


def read_vars(response: Response) -> Held:
    """What an app or a release holds; raises BadResponse where that is no object of strings.

    A value may be null (schema, `config-var`): then it is not to be read, as one that is masked.
    """
    found = parsed(response)
    if not isinstance(found, dict) or not all(
        value is None or isinstance(value, str) for value in found.values()
    ):
        raise unreadable(response, "an object of strings")
    values = {name: Secret(value) for name, value in found.items() if value is not None}
    shown = {name: value for name, value in values.items() if not value.is_foreign_mask}
    return Held(shown, frozenset(found.keys() - shown.keys()))


def read_app_name(response: Response) -> str:
    match parsed(response):
        case {"name": str(name)} if APP_NAME.fullmatch(name):
            return name
    raise unreadable(response, "an app")


def read_list(
    response: Response, what: str, read: Callable[[object, Response], Item]
) -> list[Item]:
    """Each item as `read` reads it; raises BadResponse where the answer is no list."""
    found = parsed(response)
    if not isinstance(found, list):
        raise unreadable(response, f"a list of {what}")
    return [read(item, response) for item in found]


def read_releases(response: Response) -> list[Release]:
    return read_list(response, "releases", _release)


def read_release(response: Response) -> Release:
    return _release(parsed(response), response)


def read_account(response: Response) -> str | None:
    """The e-mail address, as releases have it; None where there is none."""
    match json_of(response):
        case {"email": str(email)} if email:
            return email
    return None


def warnings(response: Response) -> list[str]:
    """What Heroku wants a person to know, from the headers its own CLI shows."""
    found = (response.headers.get(name) for name in ("warning-message", "x-heroku-warning"))
    return [text for text in found if text]


def parsed(response: Response) -> object:
    try:
        return json.loads(response.body)
    except (ValueError, RecursionError):
        # Not `from error`: a JSONDecodeError holds the whole document.
        raise unreadable(response, "JSON") from None


def json_of(response: Response) -> object:
    """What a body holds; None where it is no JSON."""
    try:
        return parsed(response)
    except BadResponse:
        return None


def unreadable(response: Response, wanted: str) -> BadResponse:
    return BadResponse(
        f"the answer is not {wanted}",
        status=response.status,
        request_id=response.request_id,
        next_step="a proxy may have answered for Heroku: check HEROKU_HOST and the proxy",
    )


def _release(item: object, response: Response) -> Release:
    match item:
        case {"version": int(version), "status": None | str() as status, **rest}:
            found = _STATUS.get(status, Status.UNKNOWN) if status else Status.SUCCEEDED
            user, app_id = _text(rest, "user", "email"), _text(rest, "app", "id")
            return Release(version, found, user, _time(rest), app_id)
    raise unreadable(response, "a release")


def _text(item: Mapping[object, object], part: str, key: str) -> str | None:
    """A text one level down, if it can be printed."""
    inner = item.get(part)
    found = inner.get(key) if isinstance(inner, dict) else None
    is_text = isinstance(found, str) and found.isprintable() and len(found) <= 256
    return found if is_text else None


def _time(item: Mapping[object, object]) -> str | None:
    found = item.get("created_at")
    return found if isinstance(found, str) and _TIME.fullmatch(found) else None
