import gc
import json
import traceback
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.errors import AnswerLost, ApiError, AppNotFound, Forbidden, OwnedByAddon, Unauthorized
from deploy.heroku import api
from deploy.heroku.api import Request, Response
from deploy.heroku.refusals import refusal
from deploy.heroku.retry import is_lost
from deploy.secret import Secret

READ = api.get_vars("myapp")
WRITE = api.patch_vars("myapp", {"A": Secret("1"), "DATABASE_URL": Secret("c4nary")})
SOURCE = "HEROKU_API_KEY in the environment"
BOTH = pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])


def answer(status: int, body: object = None, **headers: str) -> Response:
    """An answer; header names with underscores for dashes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {name.replace("_", "-"): text for name, text in headers.items()}, data)


def error(request: Request, response: Response) -> ApiError:
    found = refusal(request, response, key_source=SOURCE)
    assert isinstance(found, ApiError)
    return found


def said(request: Request, response: Response) -> tuple[str, str | None]:
    found = error(request, response)
    return str(found), found.next_step


# What an answer means.


@BOTH
def test_a_401_names_the_place_of_the_key(request_: Request) -> None:
    response = answer(401, {"id": "unauthorized", "message": "Invalid credentials provided."})
    assert type(error(request_, response)) is Unauthorized
    written = "" if request_.is_read else "; nothing was written"
    assert said(request_, response) == (
        f"Heroku refuses the API key from HEROKU_API_KEY in the environment{written} (401)",
        (
            "it is mistyped, revoked or expired: make one with"
            " heroku authorizations:create --scope read-protected,write-protected"
        ),
    )


SCOPES = {"oauth_scope": "read,identity", "oauth_scope_accepted": "global, write-protected"}


def test_a_403_names_the_scopes_where_none_of_the_keys_would_do() -> None:
    body = {"id": "forbidden", "message": "You do not have access to the app myapp."}
    response = answer(403, body, **SCOPES)
    assert type(error(WRITE, response)) is Forbidden
    assert said(WRITE, response) == (
        (
            "the API key from HEROKU_API_KEY in the environment has scope read, identity;"
            " this needs global, write-protected; nothing was written (403)"
        ),
        "heroku authorizations:create --scope read-protected,write-protected",
    )


def test_a_403_of_a_key_without_any_scope_says_so() -> None:
    response = answer(403, {"id": "forbidden"}, oauth_scope_accepted="read-protected")
    assert said(READ, response)[0] == (
        "the API key from HEROKU_API_KEY in the environment has scope none;"
        " this needs read-protected (403)"
    )


@pytest.mark.parametrize("scope", ["global", "global,identity", "write-protected", "x,global"])
def test_a_403_of_a_key_whose_scope_would_do_is_about_the_app(scope: str) -> None:
    """Heroku sends both headers with every answer (terraform-provider-heroku#135)."""
    headers = {**SCOPES, "oauth_scope": scope}
    what = "the API key from HEROKU_API_KEY in the environment may not use myapp"
    assert said(WRITE, answer(403, {"id": "forbidden"}, **headers)) == (
        f"{what}; nothing was written (403)",
        "use the key of someone who works on this app",
    )


def test_a_403_without_scopes_is_about_the_app() -> None:
    assert said(READ, answer(403, {"id": "forbidden"})) == (
        "the API key from HEROKU_API_KEY in the environment may not use myapp (403)",
        "use the key of someone who works on this app",
    )


WORDS = {
    "402 delinquent": (
        "Heroku wants this account's bill paid, or its payment method confirmed (delinquent)",
        "settle it in the Heroku Dashboard, under Account, Billing",
    ),
    "403 suspended": (
        "the account of this key, or myapp, is suspended",
        "see the Heroku Dashboard, or ask Heroku's support",
    ),
    "403 two_factor": (
        "Heroku wants a second factor of this account (two_factor)",
        "use the key of an authorization: heroku authorizations:create",
    ),
    "403 delinquent": (
        "Heroku wants this account's bill paid, or its payment method confirmed (delinquent)",
        "settle it in the Heroku Dashboard, under Account, Billing",
    ),
    "409 conflict": (
        "myapp is in conflict with something else that goes on there (conflict)",
        "look at heroku releases --app myapp, wait until that is over, and try again",
    ),
    "410 gone": (
        "Heroku has taken away what this asks for (gone)",
        "a newer version of heroku-config-tasks may know the new place",
    ),
    "416 requested_range_not_satisfiable": (
        "Heroku cannot give the part of the list that this asks for",
        "try again; if it stays so, please report it",
    ),
    "422 verification_needed": (
        "Heroku wants billing information of this account first (verification_needed)",
        "enter it in the Heroku Dashboard, under Account, Billing",
    ),
    "423 confirmation_required": (
        "Heroku wants this confirmed in a way that this program cannot (confirmation_required)",
        "make the change once with heroku config:set, and see what it asks",
    ),
}


@BOTH
@pytest.mark.parametrize("case", WORDS)
def test_what_heroku_has_a_word_for_is_told_in_words_of_its_own(
    case: str, request_: Request
) -> None:
    """With the scopes that stand on every answer, which are not to be blamed."""
    status, _, known = case.partition(" ")
    response = answer(int(status), {"id": known, "message": "c4nary"}, **SCOPES)
    what, step = WORDS[case]
    written = "" if request_.is_read else "; nothing was written"
    assert said(request_, response) == (f"{what}{written} ({status})", step)


@pytest.mark.parametrize("status", [402, 409, 410, 416, 423])
def test_a_status_is_understood_without_its_id(status: int) -> None:
    what = next(what for case, (what, _) in WORDS.items() if case.startswith(str(status)))
    assert said(READ, answer(status, b"<html>c4nary</html>"))[0] == f"{what} ({status})"


def test_a_404_names_the_app() -> None:
    response = answer(404, {"id": "not_found", "message": "Couldn't find that app."})
    assert type(error(READ, response)) is AppNotFound
    assert said(READ, response) == (
        (
            "Heroku knows no app myapp, or the API key from HEROKU_API_KEY in the environment"
            " may not see it (404)"
        ),
        "check the name: heroku apps lists what a key can see",
    )


@BOTH
def test_a_404_about_a_release_names_the_release(request_: Request) -> None:
    response = answer(404, {"id": "not_found", "message": "Couldn't find that release."})
    asked = request_._replace(path="/apps/myapp/releases/41/config-vars")
    assert type(error(asked, response)) is ApiError
    written = "" if request_.is_read else "; nothing was written"
    assert said(asked, response) == (
        f"myapp has no release v41{written} (404)",
        "see which there are: invoke config.history --app myapp",
    )


def owned(message: str, *names: str) -> OwnedByAddon:
    changes = {name: Secret("c4nary") for name in names}
    body = {"id": "invalid_params", "message": message}
    found = error(api.patch_vars("myapp", changes), answer(422, body))
    assert isinstance(found, OwnedByAddon)
    return found


def test_a_422_about_owned_names_names_them() -> None:
    message = "Cannot overwrite attachment values DATABASE_URL, HEROKU_POSTGRESQL_MAUVE_URL."
    found = owned(message, "A", "HEROKU_POSTGRESQL_MAUVE_URL", "DATABASE_URL")
    assert found.names == ("DATABASE_URL", "HEROKU_POSTGRESQL_MAUVE_URL")
    assert str(found) == (
        "myapp: nothing was written: an add-on owns DATABASE_URL, HEROKU_POSTGRESQL_MAUVE_URL (422)"
    )
    assert found.next_step == (
        "take the name out of the file, or put it under ignore: in the settings"
    )


def test_a_422_names_none_but_the_names_that_were_sent() -> None:
    found = owned("Cannot overwrite attachment values c4nary, OTHER_URL.", "A")
    assert found.names == ()
    assert str(found) == "myapp: nothing was written: an add-on owns a var in it (422)"


def test_a_422_blames_no_part_of_a_longer_name() -> None:
    assert owned("Cannot overwrite attachment values DATABASE_URL.", "DATABASE", "URL").names == ()


@pytest.mark.parametrize(
    "name", ["id", "message", "invalid_params", "url", "Cannot", "attachment", "values"]
)
@pytest.mark.parametrize("is_message_first", [True, False])
def test_a_422_blames_no_name_that_is_a_word_of_the_answer(
    name: str, is_message_first: bool
) -> None:
    message = "Cannot overwrite attachment values DATABASE_URL."
    body = {"id": "invalid_params", "message": message, "url": "https://x/invalid_params"}
    parts = sorted(
        body.items(), reverse=not is_message_first, key=lambda part: part[0] != "message"
    )
    changes = {name: Secret("1"), "DATABASE_URL": Secret("2")}
    found = error(api.patch_vars("myapp", changes), answer(422, dict(parts)))
    assert isinstance(found, OwnedByAddon)
    assert found.names == ("DATABASE_URL",)


def test_a_422_that_is_no_utf_8_names_them_too() -> None:
    body = b"\xff Cannot overwrite attachment values DATABASE_URL."
    found = error(WRITE, answer(422, body))
    assert isinstance(found, OwnedByAddon)
    assert found.names == ("DATABASE_URL",)


@BOTH
def test_any_other_422_shows_its_id_alone(request_: Request) -> None:
    response = answer(422, {"id": "invalid_params", "message": "c4nary"})
    assert type(error(request_, response)) is ApiError
    assert str(error(request_, response)).startswith(
        f"Heroku refused {request_.method} /apps/myapp/config-vars, invalid_params"
    )


@pytest.mark.parametrize(
    ("request_", "response", "text", "step"),
    [
        (
            READ,
            answer(400, {"id": "bad_request"}),
            "Heroku refused GET /apps/myapp/config-vars, bad_request (400)",
            None,
        ),
        (
            WRITE,
            answer(400, {"id": "c4nary"}),
            "Heroku refused PATCH /apps/myapp/config-vars; nothing was written (400)",
            None,
        ),
        (
            WRITE,
            answer(422, {"id": "invalid_params"}),
            (
                "Heroku refused PATCH /apps/myapp/config-vars, invalid_params;"
                " nothing was written (422)"
            ),
            "one of the names or values is none that Heroku takes: look at odd names first",
        ),
        (
            WRITE,
            answer(429, {"id": "rate_limit"}),
            "Heroku refused PATCH /apps/myapp/config-vars, rate_limit; nothing was written (429)",
            "the account's rate limit is reached: wait a few minutes",
        ),
        (
            READ,
            answer(503, b"<html>c4nary"),
            "Heroku refused GET /apps/myapp/config-vars (503)",
            "Heroku is in trouble: look at its status page and try again",
        ),
        (
            READ,
            answer(500, b""),
            "Heroku refused GET /apps/myapp/config-vars (500)",
            "Heroku is in trouble: look at its status page and try again",
        ),
        (
            READ,
            answer(103, {"id": "rate_limit"}),
            (
                "Heroku refused GET /apps/myapp/config-vars,"
                " an interim answer with no other behind it (103)"
            ),
            "check the proxy, and try again",
        ),
        (
            READ,
            answer(300, {"id": "rate_limit"}),
            "Heroku refused GET /apps/myapp/config-vars, a redirect, which is never followed (300)",
            "check HEROKU_HOST and the proxy",
        ),
        (
            READ,
            answer(302, b"", location="https://evil.example/c4nary"),
            "Heroku refused GET /apps/myapp/config-vars, a redirect, which is never followed (302)",
            "check HEROKU_HOST and the proxy",
        ),
    ],
    ids=["400", "400-write", "422", "429", "503", "500", "103", "300", "302"],
)
def test_any_other_refusal_says_what_was_refused(
    request_: Request, response: Response, text: str, step: str | None
) -> None:
    assert said(request_, response) == (text, step)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        *((READ, status) for status in (301, 400, 401, 403, 404, 422, 429, 500)),
        *((WRITE, status) for status in (301, 400, 401, 403, 404, 422, 429)),
    ],
)
def test_a_refusal_carries_the_status_and_the_request_id(request_: Request, status: int) -> None:
    request_id = "01234567-89ab-cdef-0123-456789abcdef"
    found = error(request_, answer(status, request_id=request_id))
    assert (found.status, found.request_id) == (status, request_id)
    assert str(found).endswith(f"({status}) [Request-Id {request_id}]")


def test_a_422_about_owned_names_carries_the_request_id_too() -> None:
    request_id = "01234567-89ab-cdef-0123-456789abcdef"
    found = error(WRITE, answer(422, b"attachment values DATABASE_URL.", request_id=request_id))
    assert (type(found), found.request_id) == (OwnedByAddon, request_id)


@pytest.mark.parametrize("status", [102, 199, 303, 408, 500, 503, 599])
def test_a_write_that_may_have_been_applied_is_lost_and_not_refused(status: int) -> None:
    found = refusal(WRITE, answer(status, request_id="c4nary"), key_source=SOURCE)
    assert isinstance(found, AnswerLost)
    assert str(found) == f"the answer was lost (Heroku answered {status})"


# Whatever comes back.

DEEP = (b"[" * 100_000, b'{"id":' * 100_000)
BODIES = [
    b"c4nary",
    b'"c4nary"',
    b"<html><title>c4nary</title></html>",
    b"Cannot overwrite attachment values c4nary",
    b'{"id": "c4nary", "message": "c4nary", "url": "c4nary", "resource": "c4nary"}',
    b'{"id": ["c4nary"], "message": {"c4nary": 1}}',
    b'[{"id": "rate_limit", "message": "c4nary"}]',
    b'{"id": "rate_limit", "message": "c4nary attachment values A"}',
    b"c4nary\xff\xfe\0",
    b"\xff\xfec\x004\x00",
    *DEEP,
]


@pytest.fixture
def without_garbage_collection() -> Iterator[None]:
    """One that begins as deep as this test goes leaves no room for what hypothesis has it call."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_garbage_collection")
@pytest.mark.parametrize("status", [403, 400])
@pytest.mark.parametrize("body", DEEP, ids=["list", "object"])
@BOTH
def test_a_body_nested_beyond_reason_is_only_a_refusal(
    request_: Request, body: bytes, status: int
) -> None:
    assert error(request_, answer(status, body)).status == status


@given(
    status=st.sampled_from([*range(300, 309), 400, 401, 403, 404, 409, 418, 422, 423, 429, 503]),
    body=st.sampled_from(BODIES[: -len(DEEP)])
    | st.binary(max_size=20).map(lambda data: b"c4nary" + data),
    request_=st.sampled_from([READ, WRITE]),
)
@example(status=422, body=BODIES[3], request_=WRITE)
def test_no_refusal_holds_a_word_of_the_body(status: int, body: bytes, request_: Request) -> None:
    response = answer(status, body, request_id="c4nary", location="c4nary")
    found = refusal(request_, response, key_source=SOURCE)
    shown = f"{found!r} {found.next_step} " + "".join(traceback.format_exception(found))
    assert "c4nary" not in shown


@given(
    status=st.integers(100, 199) | st.integers(300, 599),
    body=st.binary(max_size=20)
    | st.sampled_from([b"null", b"[]", b"1", b'{"id": {}}', b'{"id":1}']),
    request_=st.sampled_from([READ, WRITE]),
)
def test_any_refusal_is_an_error_with_its_status(
    status: int, body: bytes, request_: Request
) -> None:
    response = answer(status, body)
    if is_lost(request_, response):
        assert isinstance(refusal(request_, response, key_source=SOURCE), AnswerLost)
    else:
        assert error(request_, response).status == status
