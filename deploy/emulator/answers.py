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


def forbidden_pipeline() -> HerokuError:
    return error(403, "forbidden", "You do not have access to this pipeline's config vars.")


def out_of_scope() -> HerokuError:
    message = "This authorization's scope does not allow access to this resource."
    return error(403, "forbidden", message)


def not_served(standing: str) -> HerokuError:
    """Of an account that owes money, is suspended, or must show a second factor first."""
    words = {
        "delinquent": (402, "Your account is delinquent. Please pay your invoice."),
        "suspended": (403, "Your account has been suspended."),
        "two_factor": (
            403,
            "A second authentication factor or pre-authorization is required for your account.",
        ),
    }
    status, message = words[standing]
    return error(status, standing, message)


def not_found(what: str, *, resource: str | None = None) -> HerokuError:
    return error(404, "not_found", f"Couldn't find that {what}.", resource=resource or what)


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
    403: "forbidden",
    404: "not_found",
    406: "not_acceptable",
    411: "length_required",
    413: "request_entity_too_large",
    422: "invalid_params",
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
