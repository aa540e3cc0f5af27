"""Answers as values, and the errors of the Platform API in its own words and shape.

How an answer travels is `server`'s business; which one a request gets, `endpoints`'.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status, a body already in bytes, and the headers beyond those every answer has.

    One that is not `whole` is cut halfway through its body, and the connection closes.
    """

    status: int = 200
    body: bytes = field(repr=False)
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    whole: bool = True


class HerokuError(Exception):
    """A request is refused; carries the whole answer that says so."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def as_json(data: object, *, status: int = 200, headers: Mapping[str, str] = _NO_HEADERS) -> Answer:
    return Answer(status=status, body=json.dumps(data).encode(), headers=headers)


def error(
    status: int,
    kind: str,
    message: str,
    *,
    headers: Mapping[str, str] = _NO_HEADERS,
    **more: str,
) -> HerokuError:
    """An error in Heroku's shape: `id`, `message`, and `url` or `resource` where there is one."""
    body = {"id": kind, "message": message, **more}
    return HerokuError(as_json(body, status=status, headers=headers))


def bad_request(message: str) -> HerokuError:
    return error(400, "bad_request", message)


def unauthorized() -> HerokuError:
    return error(401, "unauthorized", "Invalid credentials provided.")


def forbidden(app: str) -> HerokuError:
    return error(403, "forbidden", f"You do not have access to the app {app}.")


def out_of_scope() -> HerokuError:
    message = "This authorization's scope does not allow access to this resource."
    return error(403, "forbidden", message)


def in_trouble(kind: str) -> HerokuError:
    """See https://devcenter.heroku.com/articles/platform-api-reference#error-responses."""
    if kind == "delinquent":
        return error(402, kind, "The account is delinquent: its payment is overdue.")
    return error(403, kind, "The account is suspended.")


def not_found(resource: str) -> HerokuError:
    return error(404, "not_found", f"Couldn't find that {resource}.", resource=resource)


def no_endpoint() -> HerokuError:
    return error(404, "not_found", "The requested API endpoint was not found.")


def wrong_method(allowed: Iterable[str]) -> HerokuError:
    headers = {"Allow": ", ".join(sorted(allowed))}
    return error(405, "method_not_allowed", "That method is not allowed here.", headers=headers)


def invalid(message: str) -> HerokuError:
    return error(422, "invalid_params", message)


def rate_limited() -> HerokuError:
    return error(
        429,
        "rate_limit",
        "Your account reached the API rate limit\nPlease wait a few minutes before making new "
        "requests",
        url="https://devcenter.heroku.com/articles/platform-api-reference#rate-limits",
    )


_KINDS = {
    400: "bad_request",
    401: "unauthorized",
    402: "delinquent",
    403: "forbidden",
    404: "not_found",
    406: "not_acceptable",
    409: "conflict",
    410: "gone",
    411: "length_required",
    413: "request_entity_too_large",
    416: "requested_range_not_satisfiable",
    422: "invalid_params",
    423: "confirmation_required",
    500: "internal_server_error",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
}


def unheard(status: int) -> Answer:
    """What stands in front of the API says of what is no request, or too large for one."""
    kind = _KINDS.get(status, "bad_request")
    message = f"The request was refused before the API has seen it ({status})."
    return error(status, kind, message, headers={"Connection": "close"}).answer


def of_status(status: int) -> Answer:
    """The answer Heroku would plausibly give with a status, where a fault names only that."""
    if status == 429:
        return rate_limited().answer
    kind = _KINDS.get(status, "error")
    return error(status, kind, f"The emulator was told to answer {status}.").answer
