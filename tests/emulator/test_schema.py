"""Every answer of the emulator is one that Heroku's published schema knows.

The client of these tests checks each answer that it gets, whatever a test is about. Here it asks
for everything, in every state, and it is shown that the check can fail.
"""

import json
import re
from collections.abc import Callable, Iterator

import pytest

from deploy.emulator import App, Body, Emulator, Fault, ReleasePhase, Status
from deploy.emulator.facts import identifier
from deploy.emulator.routes import ROUTES
from deploy.emulator.sample import add_samples

from .client import CONFIG, RELEASES, Client
from .extensions import EXTENSIONS, Extension
from .schema import FILE, check

SDK = "application/vnd.heroku+json; version=3.sdk"
UUID = "01234567-89ab-cdef-0123-456789abcdef"
VARIANTS = [
    {},
    {"Accept": SDK},
    {"Accept": SDK, "Accept_Inclusion": "addon:plan,config_vars"},
    {"Accept": "application/vnd.heroku+json; version=3.pipelines"},
    {"Range": "id ..; max=1;"},
]
READS = [route.path for route in ROUTES if route.method == "GET"]
POSTS = {
    "/actions/addons/resolve": {"addon": "DATABASE", "app": "demo"},
    "/actions/addon-attachments/resolve": {"addon_attachment": "DATABASE", "app": "demo"},
    "/apps": {"name": "another"},
    "/apps/demo/releases": {"release": 2},
    "/filters/apps": {"in": {"id": [identifier("app", "demo")]}},
    "/oauth/authorizations": {"description": "nightly", "scope": ["read"]},
}
State = Callable[[Emulator], object]


def hold(app: App, end: str | None, **phase: str) -> None:
    """A release that is pending, or ended so."""
    app.release_phase = ReleasePhase(**phase)  # type: ignore[arg-type]  # a table's words
    app.patch({"A": str(phase)}, user="ana@example.com", even_without_effect=False)
    if end is not None:
        app.finish_release(end)


def fill(emulator: Emulator) -> None:
    """What `invoke emulator` serves, and what an app can have beside that."""
    add_samples(emulator)
    emulator.add_app("bare")
    demo, staging = emulator.app("demo"), emulator.app("demo-staging")
    demo.add_addon("heroku-redis:mini", "redis-round-1", {}, attachment="REDIS")
    staging.attach(demo.addons[0], attachment="SHARED", config={"SHARED_URL": "postgres://x"})
    demo.attach(
        demo.addons[0],
        attachment="ANALYST",
        config={"ANALYST_URL": "postgres://y"},
        namespace="credential:analyst",
    )
    emulator.authorize("nightly", ["read-protected"])
    for stage in ("test", "review"):
        emulator.pipelines[0].vars[stage]["app.json:[0]"] = "x"


def fill_no_more(_: Emulator) -> None:
    """There is enough."""


def hide(emulator: Emulator) -> None:
    emulator.app("demo").hidden.nulls.add("API_KEY")
    emulator.app("demo").hidden.masked.update({"LOG_LEVEL": "****", "SMTP_PASSWORD": None})


def take_any_name(emulator: Emulator) -> None:
    emulator.plain_names = False
    emulator.app("demo").set_vars({"kpi.url": "x", "9lives": "x"})


STATES: dict[str, State] = {
    "full": fill_no_more,
    "pending": lambda emulator: hold(emulator.app("demo"), None),
    "pending, with old values": lambda emulator: hold(
        emulator.app("demo"), None, pending_reads="old"
    ),
    "pending, without values": lambda emulator: hold(
        emulator.app("demo"), None, pending_reads="404"
    ),
    "failed": lambda emulator: hold(emulator.app("demo"), "failed"),
    "expired": lambda emulator: hold(emulator.app("demo"), "expired"),
    "succeeded late": lambda emulator: hold(emulator.app("demo"), "succeeded"),
    "hidden values": hide,
    "names beyond the schema": take_any_name,
    "in maintenance": lambda emulator: setattr(emulator.app("demo"), "maintenance", True),
    "without the newer page": lambda emulator: setattr(emulator, "config_settings", False),
    "without inclusion": lambda emulator: setattr(emulator, "inclusion", False),
    "with a warning": lambda emulator: setattr(emulator, "warn", "Read this."),
    "delinquent": lambda emulator: setattr(emulator, "standing", "delinquent"),
    "suspended": lambda emulator: setattr(emulator, "standing", "suspended"),
    "two factors": lambda emulator: setattr(emulator, "standing", "two_factor"),
    "out of tokens": lambda emulator: setattr(emulator, "rate_limit_remaining", 0),
    "revoked": lambda emulator: emulator.revoke("any-key"),
    "forbidden": lambda emulator: emulator.forbid("any-key", "demo"),
    "out of scope": lambda emulator: emulator.restrict("any-key", ["read"]),
}


def every(emulator: Emulator, path: str) -> Iterator[str]:
    """The paths that a route's path stands for: each thing there is, and one that is not."""
    if "{}" not in path:
        yield path
        return
    before, _, after = path.partition("{}")
    for name in (*_names(emulator, before), UUID):
        yield from every(emulator, f"{before}{name}{after}")


def _names(emulator: Emulator, before: str) -> list[str]:
    kind = before.rstrip("/").rpartition("/")[2]
    apps = [emulator.app(name) for name in ("bare", "demo", "demo-staging")]
    if kind == "releases":
        return [str(each.version) for app in apps for each in app.releases[-3:]]
    return {
        "apps": [app.name for app in apps],
        "addons": [addon.name for app in apps for addon in app.addons],
        "pipelines": [pipeline.id for pipeline in emulator.pipelines],
        "stage": ["test", "review", "production"],
    }[kind]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("state", STATES)
def test_every_read_in_every_state_is_as_published(
    emulator: Emulator, client: Client, state: str
) -> None:
    fill(emulator)
    STATES[state](emulator)
    for path in (each for read in READS for each in every(emulator, read)):
        for headers in VARIANTS:
            client.get(path, **headers)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("state", STATES)
def test_every_write_in_every_state_is_as_published(
    emulator: Emulator, client: Client, state: str
) -> None:
    fill(emulator)
    STATES[state](emulator)
    stage = f"/pipelines/{emulator.pipelines[0].id}/stage/test/config-vars"
    for body in ({}, {"A": "3", "LOG_LEVEL": None}, {"DATABASE_URL": "x"}, {"A": 1}, []):
        for path in (CONFIG, stage, "/apps/bare/config-vars", "/apps/none/config-vars"):
            client.patch(body, path)
    for maintenance in (True, None):
        client.patch({"maintenance": maintenance}, "/apps/demo")
    for path, given in POSTS.items():
        for body in (given, {}, {name: [1] for name in given}):
            client.send("POST", path, body=json.dumps(body).encode())


def test_the_walk_is_over_every_write_that_there_is() -> None:
    posted = {re.sub("/apps/[^/]+", "/apps/{}", path) for path in POSTS}
    assert {route.path for route in ROUTES if route.method == "POST"} == posted
    assert {route.path for route in ROUTES if route.method not in {"GET", "POST"}} == {
        "/apps/{}",
        "/apps/{}/config-vars",
        "/pipelines/{}/stage/{}/config-vars",
    }


def test_a_platform_without_anything_answers_as_published(client: Client) -> None:
    for path in READS:
        client.get(path.replace("{}", "demo"))
    client.get("/nowhere")
    client.send("DELETE", CONFIG)
    client.get(CONFIG, Accept="application/json")
    client.get(CONFIG, Accept="application/vnd.heroku+json; version=2")
    client.get(CONFIG, Authorization="")
    client.get(CONFIG, Range="none ..")


def amended(client: Client, path: str, **changes: object) -> str:
    """An answer of the emulator's, spoilt; a property can be left out."""
    item = {**client.get(path).item, **changes}
    return json.dumps({name: value for name, value in item.items() if value != "left out"})


@pytest.mark.parametrize(
    ("path", "changes", "told"),
    [
        (CONFIG, {"A": 1}, "['A'] breaks type"),
        (CONFIG, {"NO-GO": "x"}, "the whole breaks additionalProperties"),
        (f"{RELEASES}/1", {"status": "done"}, "['status'] breaks enum"),
        (f"{RELEASES}/1", {"created_at": "yesterday"}, "['created_at'] breaks format"),
        (f"{RELEASES}/1", {"id": "1"}, "['id'] breaks format"),
        (f"{RELEASES}/1", {"user": {"id": UUID}}, "['user']['email'] breaks strictProperties"),
        (f"{RELEASES}/1", {"version": "left out"}, "['version'] breaks strictProperties"),
        (f"{RELEASES}/1", {"author": "me"}, "['author'] breaks strictProperties"),
        ("/apps/demo", {"name": "Demo"}, "['name'] breaks pattern"),
        ("/addons/postgresql-curved-12345", {"provision_message": None}, "['provision_message']"),
        ("/account/rate-limits", {"remaining": "many"}, "['remaining'] breaks type"),
    ],
)
def test_an_answer_that_is_not_as_published_is_caught(
    emulator: Emulator,
    demo: App,
    client: Client,
    path: str,
    changes: dict[str, object],
    told: str,
) -> None:
    emulator.inject(Fault(what=Body(amended(client, path, **changes))))
    with pytest.raises(AssertionError) as caught:
        client.get(path)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Status(502, body="<h1>Bad gateway</h1>"), "502 with what is not JSON"),
        (Status(503, body='{"error": "no"}'), "503 is not as published"),
        (Status(503, body='{"id": "no"}'), "503 is not as published"),
        (Status(503, body='{"id": "no", "message": "no", "stack": ""}'), "503 is not as published"),
        (Body(""), "200 with what is not JSON"),
        (Body("[]"), "the whole breaks type"),
    ],
)
def test_an_error_that_is_not_as_published_is_caught(
    emulator: Emulator, demo: App, client: Client, fault: Status | Body, told: str
) -> None:
    emulator.inject(Fault(what=fault))
    with pytest.raises(AssertionError) as caught:
        client.get(CONFIG)
    assert told in str(caught.value)


def test_a_caught_answer_is_told_without_its_values(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Body('{"A": ["canary"], "B": "canary"}')))
    with pytest.raises(AssertionError) as caught:
        client.get(CONFIG)
    assert "canary" not in str(caught.value)


def test_a_property_that_an_open_object_has_beside_the_published_is_caught(
    emulator: Emulator, client: Client
) -> None:
    path = f"/pipelines/{emulator.add_pipeline('shop').id}"
    emulator.inject(Fault(what=Body(amended(client, path, colour="red"))))
    with pytest.raises(AssertionError, match=r"colour.* breaks properties"):
        client.get(path)


def test_an_answer_from_where_the_schema_has_no_link_is_caught() -> None:
    with pytest.raises(AssertionError, match="no such link"):
        check("GET", "/made-up", accept="", status=200, text="{}")


def test_an_extension_is_taken_only_by_who_asks_for_its_variant(demo: App, client: Client) -> None:
    path = "/apps/demo/addon-attachments"
    text = client.get(path, Accept=SDK, Accept_Inclusion="config_vars").text
    with pytest.raises(AssertionError, match=r"config_vars.* breaks strictProperties"):
        check("GET", path, accept="version=3", status=200, text=text)


@pytest.mark.parametrize("extension", EXTENSIONS, ids=lambda extension: extension.at)
def test_an_extension_is_not_published(extension: Extension) -> None:
    """It leaves the list once a newer copy of the schema has it."""
    place = json.loads(FILE.read_text(encoding="utf-8"))
    for part in extension.at.split("/"):
        place = place.get(part, {})
    assert place.keys().isdisjoint(extension.adds)


@pytest.mark.parametrize(
    ("state", "seen"),
    [
        ("pending", (200, "pending")),
        ("failed", (200, "failed")),
        ("expired", (200, "expired")),
        ("succeeded late", (200, "succeeded")),
        ("delinquent", (402, "delinquent")),
        ("suspended", (403, "suspended")),
        ("two factors", (403, "two_factor")),
        ("out of tokens", (429, "rate_limit")),
        ("revoked", (401, "unauthorized")),
        ("forbidden", (403, "forbidden")),
    ],
)
def test_a_state_is_what_it_is_called(
    emulator: Emulator, client: Client, state: str, seen: tuple[int, str]
) -> None:
    fill(emulator)
    STATES[state](emulator)
    reply = client.get(f"{RELEASES}/{emulator.app('demo').releases[-1].version}")
    assert (reply.status, reply.item.get("status", reply.item["id"])) == seen
