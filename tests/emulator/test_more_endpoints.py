"""What clients of other authors ask for beside an app's config: apps, add-ons, keys, processes."""

import json

import pytest

from deploy.emulator import App, Emulator

from .client import CONFIG, Client, Reply


def post(client: Client, path: str, body: object) -> Reply:
    return client.send("POST", path, body=json.dumps(body).encode())


def test_an_app_is_made_and_has_a_config_of_its_own(emulator: Emulator, client: Client) -> None:
    made = post(client, "/apps", {"name": "fresh-app"})
    assert (made.status, made.item["name"]) == (201, "fresh-app")
    assert client.patch({"A": "1"}, "/apps/fresh-app/config-vars").status == 200
    assert emulator.app("fresh-app").vars == {"A": "1"}


def test_an_app_without_a_name_gets_one(client: Client) -> None:
    names = [post(client, "/apps", {}).item["name"] for _ in range(2)]
    assert len(set(names)) == 2


@pytest.mark.parametrize("name", ["demo", "Upper", "9lives", "a", "a" * 31, 7, "dot.dot"])
def test_a_name_that_is_taken_or_none_makes_no_app(name: object, demo: App, client: Client) -> None:
    assert post(client, "/apps", {"name": name}).error == (422, "invalid_params")
    assert len(client.get("/apps").items) == 1


def test_maintenance_is_switched_and_shown(demo: App, client: Client) -> None:
    assert client.patch({"maintenance": True}, "/apps/demo").item["maintenance"] is True
    assert client.get("/apps/demo").item["maintenance"] is True
    assert client.patch({"name": "other"}, "/apps/demo").error == (422, "invalid_params")


def test_an_app_has_a_web_process(demo: App, client: Client) -> None:
    [web] = client.get("/apps/demo/formation").items
    assert (web["type"], web["quantity"]) == ("web", 1)


def test_a_new_key_works_within_its_scopes(demo: App, emulator: Emulator, client: Client) -> None:
    body = {"description": "nightly", "scope": ["read-protected"]}
    made = post(client, "/oauth/authorizations", body)
    assert made.status == 201
    token = made.item["access_token"]
    assert isinstance(token, dict)
    key = Client(emulator, token["token"])
    assert key.get(CONFIG).status == 200
    assert key.patch({"A": "3"}).error == (403, "forbidden")
    assert key.get("/oauth/authorizations").error == (403, "forbidden")
    [listed] = client.get("/oauth/authorizations").items
    assert (listed["description"], listed["scope"]) == ("nightly", ["read-protected"])


@pytest.mark.parametrize("scope", ["read", [1], {"read": True}])
def test_scopes_that_are_none_make_no_key(scope: object, client: Client) -> None:
    refused = post(client, "/oauth/authorizations", {"scope": scope})
    assert refused.error == (422, "invalid_params")
    assert client.get("/oauth/authorizations").items == []


@pytest.mark.parametrize("name", ["postgresql-curved-12345", "DATABASE", "demo::DATABASE"])
@pytest.mark.parametrize("app", ["demo", None])
def test_an_add_on_is_resolved_by_its_name_or_its_attachments(
    name: str, app: str | None, demo: App, client: Client
) -> None:
    found = post(client, "/actions/addons/resolve", {"addon": name, "app": app})
    assert [each["name"] for each in found.items] == ["postgresql-curved-12345"]


def test_an_add_on_of_another_service_or_app_is_not_found(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.add_app("other")
    for more in ({"app": "other"}, {"addon_service": "heroku-redis"}, {"addon": "nosuch"}):
        reply = post(client, "/actions/addons/resolve", {"addon": "DATABASE", **more})
        assert (reply.error, reply.item["resource"]) == ((404, "not_found"), "add_on")


def test_an_attachment_is_resolved_with_its_vars_where_they_are_asked_for(
    demo: App, client: Client
) -> None:
    path = "/actions/addon-attachments/resolve"
    [found] = post(client, path, {"addon_attachment": "DATABASE", "app": "demo"}).items
    assert found["name"] == "DATABASE"
    assert "config_vars" not in found
    asked = client.send(
        "POST",
        path,
        body=json.dumps({"addon_attachment": "demo::DATABASE", "app": None}).encode(),
        headers={
            "Accept": "application/vnd.heroku+json; version=3.sdk",
            "Accept_Inclusion": "addon:plan,config_vars",
        },
    )
    assert [each["config_vars"] for each in asked.items] == [["DATABASE_URL"]]
    nothing = post(client, path, {"addon_attachment": "NOSUCH", "app": "demo"})
    assert nothing.item["resource"] == "add_on attachment"


def test_the_attachments_of_one_add_on_are_listed_whatever_app_they_are_on(
    emulator: Emulator, demo: App, client: Client
) -> None:
    [addon] = demo.addons
    emulator.add_app("other").attach(addon, attachment="SHARED", config={"SHARED_URL": "x"})
    demo.add_addon("heroku-redis:mini", "redis-round-1", {"REDIS_URL": "x"}, attachment="REDIS")
    for identity in (addon.id, addon.name):
        found = client.get(f"/addons/{identity}/addon-attachments").items
        assert {each["name"] for each in found} == {"DATABASE", "SHARED"}
    assert client.get("/addons/nosuch/addon-attachments").error == (404, "not_found")


def test_apps_are_filtered_by_their_ids(emulator: Emulator, demo: App, client: Client) -> None:
    emulator.add_app("other")
    found = post(client, "/filters/apps", {"in": {"id": [demo.id, "nosuch"]}})
    assert [each["name"] for each in found.items] == ["demo"]
    assert post(client, "/filters/apps", {"in": {}}).error == (422, "invalid_params")
