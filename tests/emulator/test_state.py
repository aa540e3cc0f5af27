from base64 import b64encode
from typing import Literal

import pytest

from deploy.emulator import App, Emulator

from .client import CONFIG, KEY, RELEASES, Client


def basic(pair: str | bytes) -> str:
    return f"Basic {b64encode(pair if isinstance(pair, bytes) else pair.encode()).decode()}"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic a:b",
        basic("user"),
        basic("user:"),
        basic(b"user:\xff"),
        KEY,
        f"Token {KEY}",
    ],
    ids=[
        "none",
        "no key",
        "blank key",
        "basic without a pair",
        "basic that is not base64",
        "basic without a colon",
        "basic without a key",
        "basic that is not UTF-8",
        "no scheme",
        "another scheme",
    ],
)
def test_anything_but_a_key_in_one_of_two_schemes_is_unauthorized(
    demo: App, client: Client, authorization: str
) -> None:
    reply = client.get(CONFIG, Authorization=authorization)
    assert reply.status == 401
    assert reply.json == {"id": "unauthorized", "message": "Invalid credentials provided."}


def test_a_revoked_key_is_unauthorized_and_others_are_not(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.revoke(KEY)
    assert client.get(CONFIG).status == 401
    assert client.get(CONFIG, Authorization=basic(f":{KEY}")).status == 401
    assert Client(emulator, key="another").get(CONFIG).status == 200


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
@pytest.mark.parametrize(
    "pair", [":a-key", "user:a-key", "you@example.com:a-key"], ids=["no user", "user", "address"]
)
def test_basic_takes_any_user_and_the_key_as_its_password(
    emulator: Emulator, demo: App, client: Client, scheme: str, pair: str
) -> None:
    emulator.restrict("a-key", ["read"])
    authorization = basic(pair).replace("Basic", scheme)
    assert client.get(RELEASES, Authorization=authorization).status == 200
    assert client.get(CONFIG, Authorization=authorization).status == 403


def test_the_password_of_basic_may_hold_a_colon(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.revoke("a:key")
    assert client.get(CONFIG, Authorization=basic("user:a:key")).status == 401


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [
        ("read", [403, 403, 200]),
        ("write", [403, 403, 200]),
        ("read-protected", [200, 403, 200]),
        ("write-protected", [200, 200, 200]),
        ("global", [200, 200, 200]),
        ("identity", [403, 403, 403]),
    ],
)
def test_a_restricted_key_does_only_what_its_scope_covers(
    emulator: Emulator, demo: App, client: Client, scope: str, statuses: list[int]
) -> None:
    emulator.restrict(KEY, [scope])
    replies = [client.get(CONFIG), client.patch({"A": "3"}), client.get(RELEASES)]
    assert [reply.status for reply in replies] == statuses


def test_a_missing_scope_is_named_beside_those_that_would_do(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.restrict(KEY, ["read", "identity"])
    reply = client.get(CONFIG)
    assert reply.error == (403, "forbidden")
    assert reply.headers["Oauth-Scope"] == "identity read"
    assert reply.headers["Oauth-Scope-Accepted"] == "global write-protected read-protected"


def test_every_answer_tells_the_scopes_a_yes_and_any_no(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.add_app("other")
    emulator.forbid(KEY, "other")
    replies = [
        client.get(CONFIG),
        client.get("/apps/nosuch/config-vars"),
        client.get("/apps/other/config-vars"),
        client.patch({"A": 5}),
    ]
    assert [reply.status for reply in replies] == [200, 404, 403, 422]
    assert {reply.headers["Oauth-Scope"] for reply in replies} == {"global"}
    assert all("global" in reply.headers["Oauth-Scope-Accepted"] for reply in replies)


def test_a_forbidden_app_is_refused_to_that_key_alone(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.forbid(KEY, "demo")
    reply = client.get(CONFIG)
    assert reply.status == 403
    assert reply.json == {
        "id": "forbidden",
        "message": "You do not have access to the app demo.",
    }
    assert client.get("/apps").items == []
    assert Client(emulator, key="another").get(CONFIG).status == 200


def test_every_request_takes_a_token_but_asking_for_the_rest_is_free(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.rate_limit_remaining = 10
    assert client.get(CONFIG).headers["RateLimit-Remaining"] == "9"
    assert client.get("/nowhere").headers["RateLimit-Remaining"] == "8"
    assert client.get("/account/rate-limits").json == {"remaining": 8}


def test_without_a_token_left_a_request_is_rate_limited_and_has_no_effect(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.rate_limit_remaining = 0
    reply = client.patch({"A": "3"})
    assert reply.status == 429
    assert reply.json == {
        "id": "rate_limit",
        "message": "Your account reached the API rate limit\n"
        "Please wait a few minutes before making new requests",
        "url": "https://devcenter.heroku.com/articles/platform-api-reference#rate-limits",
    }
    assert reply.headers["RateLimit-Remaining"] == "0"
    assert "Retry-After" not in reply.headers
    assert demo.vars["A"] == "1"
    assert client.get("/account/rate-limits").json == {"remaining": 0}


def test_an_app_answers_to_its_name_and_its_id(demo: App, client: Client) -> None:
    assert client.get(f"/apps/{demo.id}/config-vars").json == client.get(CONFIG).json


def test_an_unknown_app_is_not_found(client: Client) -> None:
    reply = client.get("/apps/nobody/config-vars")
    assert reply.status == 404
    assert reply.json == {
        "id": "not_found",
        "message": "Couldn't find that app.",
        "resource": "app",
    }


def test_two_apps_cannot_have_one_name(emulator: Emulator, demo: App) -> None:
    with pytest.raises(ValueError, match="there is an app demo already"):
        emulator.add_app("demo")


def test_an_app_is_found_again_by_its_name(emulator: Emulator, demo: App) -> None:
    assert emulator.app("demo") is demo


@pytest.mark.parametrize(
    ("trouble", "error"),
    [("delinquent", (402, "delinquent")), ("suspended", (403, "suspended"))],
)
def test_an_account_in_trouble_gets_nothing_done(
    emulator: Emulator,
    demo: App,
    client: Client,
    trouble: Literal["delinquent", "suspended"],
    error: tuple[int, str],
) -> None:
    emulator.trouble = trouble
    before = demo.vars
    assert client.get(CONFIG).error == error
    assert client.patch({"A": "9"}).error == error
    assert demo.vars == before
    assert client.get("/account/rate-limits").status == 200
    emulator.trouble = None
    assert client.patch({"A": "9"}).status == 200


def test_nothing_rolls_back_to_a_release_that_has_expired(demo: App, client: Client) -> None:
    demo.expire_release(2)
    assert client.get(f"{RELEASES}/2").item["status"] == "expired"
    assert client.get(f"{RELEASES}/2").item["eligible_for_rollback"] is False
    reply = client.send("POST", RELEASES, body=b'{"release": 2}')
    assert reply.error == (422, "invalid_params")


def test_an_app_says_that_it_is_being_maintained(demo: App, client: Client) -> None:
    assert client.get("/apps/demo").item["maintenance"] is False
    demo.maintenance = True
    assert client.get("/apps/demo").item["maintenance"] is True
