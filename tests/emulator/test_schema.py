import json
from collections.abc import Callable

import pytest

from deploy.emulator import App, Emulator, Fault, ReleasePhase, Status
from deploy.emulator.answers import unheard
from deploy.emulator.routes import ROUTES
from deploy.emulator.sample import add_demo

from .client import CONFIG, RELEASES, Client
from .schema import complaints

SDK = "application/vnd.heroku+json; version=3.sdk"
State = Callable[[Emulator, App, Client], object]


def plain(emulator: Emulator, app: App, client: Client) -> None:
    app.set_vars({"EMPTY": ""})


def bare(emulator: Emulator, app: App, client: Client) -> None:
    app.set_vars(dict.fromkeys(app.vars))


def held(emulator: Emulator, app: App, client: Client) -> None:
    app.release_phase = ReleasePhase()
    client.patch({"LOG_LEVEL": "trace"})


def failed(emulator: Emulator, app: App, client: Client) -> None:
    app.release_phase = ReleasePhase(reads=0, outcome="failed", failed_reads="failed")
    client.patch({"LOG_LEVEL": "trace"})


def unreadable(emulator: Emulator, app: App, client: Client) -> None:
    app.release_phase = ReleasePhase(pending_reads="404")
    client.patch({"LOG_LEVEL": "trace"})


def provisioning(emulator: Emulator, app: App, client: Client) -> None:
    app.add_addon("heroku-redis:mini", "redis-round-1", {}, attachment="REDIS")


def shared(emulator: Emulator, app: App, client: Client) -> None:
    other = emulator.add_app("other")
    redis = other.add_addon("heroku-redis:mini", "redis-round-1", {"R": "x"}, attachment="R")
    app.attach(redis, attachment="CACHE", config={"CACHE_URL": "redis://x"})
    url = {"ANALYST_URL": "postgres://y"}
    app.attach(app.addons[0], attachment="ANALYST", config=url, namespace="credential:analyst")


def hidden(emulator: Emulator, app: App, client: Client) -> None:
    app.masked = {"API_KEY": None, "SMTP_PASSWORD": "********"}
    app.nulls = {"LOG_LEVEL"}


def without_settings(emulator: Emulator, app: App, client: Client) -> None:
    emulator.settings = False


def expired(emulator: Emulator, app: App, client: Client) -> None:
    app.deploy()
    app.expire_release(len(app.releases) - 1)


def maintained(emulator: Emulator, app: App, client: Client) -> None:
    app.maintenance = True


def suspended(emulator: Emulator, app: App, client: Client) -> None:
    emulator.trouble = "suspended"


def delinquent(emulator: Emulator, app: App, client: Client) -> None:
    emulator.trouble = "delinquent"


def odd_names(emulator: Emulator, app: App, client: Client) -> None:
    emulator.plain_names = False
    app.set_vars({"kpi.url": "x", "1ST": "y"})


def forbidden(emulator: Emulator, app: App, client: Client) -> None:
    emulator.forbid(client.key, app.name)


def narrow(emulator: Emulator, app: App, client: Client) -> None:
    emulator.restrict(client.key, ["read"])


def revoked(emulator: Emulator, app: App, client: Client) -> None:
    emulator.revoke(client.key)


def spent(emulator: Emulator, app: App, client: Client) -> None:
    emulator.rate_limit_remaining = 0


def nowhere(emulator: Emulator, app: App, client: Client) -> None:
    """No app has the name that the paths ask for."""
    app.name = "elsewhere"


STATES: list[State] = [
    plain,
    bare,
    held,
    failed,
    unreadable,
    provisioning,
    shared,
    hidden,
    without_settings,
    expired,
    maintained,
    suspended,
    delinquent,
    odd_names,
    forbidden,
    narrow,
    revoked,
    spent,
    nowhere,
]
BODIES: dict[tuple[str, str], object] = {
    ("PATCH", "/apps/{}/config-vars"): {"LOG_LEVEL": "warn", "LEGACY_FLAG": None},
    ("PATCH", "/apps/{}/config-vars-settings"): [{"key": "LOG_LEVEL", "value": "error"}],
    ("POST", "/apps/{}/releases"): {"release": 2},
}
"""What is sent to the endpoints that want something."""


def places(path: str, app: App) -> str:
    """A path of the routes with this app's things in its variable parts."""
    for before, there in {
        "/addons/{}": f"/addons/{app.addons[0].name}",
        "/releases/{}": f"/releases/{len(app.releases)}",
        "/apps/{}": "/apps/demo",
    }.items():
        path = path.replace(before, there)
    assert "{}" not in path
    return path


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_endpoint_answers_by_the_published_schema(
    emulator: Emulator, client: Client, state: State
) -> None:
    app = add_demo(emulator)
    state(emulator, app, client)
    included = {"Accept": SDK, "Accept-Inclusion": "addon:plan,config_vars"}
    for route in ROUTES:
        body = BODIES.get((route.method, route.path))
        sent = None if body is None else json.dumps(body).encode()
        for headers in ({}, included, {"Range": "id ..; max=1"}, {"Accept": "text/html"}):
            path = places(route.path, app)
            reply = client.send(route.method, path, body=sent, headers=headers)
            assert complaints(route.method, path, reply.status, reply.text.encode()) == []
    assert {(each.method, each.path) for each in ROUTES if each.method != "GET"} == BODIES.keys()


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 410, 413, 422, 423, 429, 500, 503])
def test_an_error_has_the_documented_shape(client: Client, status: int) -> None:
    client.emulator.inject(Fault(what=Status(status)))
    reply = client.get("/apps")
    assert complaints("GET", "/apps", reply.status, reply.text.encode()) == []
    assert complaints("GET", "/apps", status, unheard(status).body) == []


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        (CONFIG, {"A": 1}, "$.A 1 is not of type 'string', 'null'"),
        (CONFIG, {"A-B": "x"}, "'A-B' does not match any of the regexes: '^[\\\\w.]+$'"),
        (RELEASES, {}, "$ {} is not of type 'array'"),
        (f"{RELEASES}/1", {"status": "lost"}, "$.status 'lost' is not one of"),
        (f"{RELEASES}/1", {"more": "x"}, "('more' was unexpected)"),
        (f"{RELEASES}/1", {"created_at": "now"}, "$.created_at 'now' is not a 'date-time'"),
        ("/account/rate-limits", {}, "'remaining' is a required property"),
        ("/nowhere", {}, "GET /nowhere is not in the schema"),
    ],
)
def test_the_schema_refuses_what_heroku_would_not_answer(
    path: str, body: object, complaint: str
) -> None:
    found = complaints("GET", path, 200, json.dumps(body).encode())
    assert any(complaint in each for each in found), found
