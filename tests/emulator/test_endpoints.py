import json

import pytest

from deploy.emulator import App, Emulator, ReleasePhase

from .client import CONFIG, RELEASES, Client

SDK = "application/vnd.heroku+json; version=3.sdk"


def test_a_read_answers_every_var_those_of_add_ons_too(demo: App, client: Client) -> None:
    assert client.get(CONFIG).json == {"A": "1", "B": "2", "DATABASE_URL": "postgres://x"}


def test_a_patch_sets_and_removes_at_once_and_answers_the_whole_set(
    demo: App, client: Client
) -> None:
    reply = client.patch({"A": "3", "B": None, "C": ""})
    assert reply.status == 200
    assert reply.json == {"A": "3", "C": "", "DATABASE_URL": "postgres://x"}
    assert demo.vars == reply.json


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"X": "1", "C": "2"}, "Set X, C config vars"),
        ({"A": None}, "Remove A config vars"),
        ({"X": "1", "A": None}, "Set X, remove A config vars"),
        ({"A": "1", "B": "3"}, "Set B config vars"),
    ],
    ids=["set", "remove", "both", "only what changes"],
)
def test_a_patch_makes_one_release_that_names_what_changed(
    demo: App, client: Client, changes: dict[str, str | None], words: str
) -> None:
    before = len(demo.releases)
    client.patch(changes)
    assert [release.description for release in demo.releases[before:]] == [words]
    assert demo.releases[-1].user == "you@example.com"
    assert demo.releases[-1].vars == demo.vars


def test_a_patch_without_effect_makes_no_release(demo: App, client: Client) -> None:
    before = len(demo.releases)
    assert client.patch({"A": "1", "ABSENT": None}).status == 200
    assert len(demo.releases) == before


def test_a_patch_without_effect_makes_a_release_where_that_is_asked_for(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.empty_patch_releases = True
    client.patch({"A": "1"})
    assert demo.releases[-1].description == "Set A config vars"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", (400, "bad_request")),
        (b"", (400, "bad_request")),
        (b"\xff", (400, "bad_request")),
        (b"[" * 100_000, (400, "bad_request")),
        (b"[]", (422, "invalid_params")),
        (b"null", (422, "invalid_params")),
        (b'{"A": "3", "NO-GO": "x"}', (422, "invalid_params")),
        (b'{"A": "3", "NEWLINE\\n": "x"}', (422, "invalid_params")),
        (b'{"A": "3", "": "x"}', (422, "invalid_params")),
        (b'{"A": "3", "B": 4}', (422, "invalid_params")),
        (b'{"A": "3", "B": {}}', (422, "invalid_params")),
    ],
    ids=[
        "not JSON",
        "empty",
        "not UTF-8",
        "too deep",
        "a list",
        "null",
        "a bad name",
        "a name with a newline",
        "an empty name",
        "a number",
        "an object",
    ],
)
def test_a_patch_that_breaks_a_rule_changes_nothing(
    demo: App, client: Client, body: bytes, error: tuple[int, str]
) -> None:
    before = (demo.vars, len(demo.releases))
    assert client.send("PATCH", CONFIG, body=body).error == error
    assert (demo.vars, len(demo.releases)) == before


@pytest.mark.parametrize(
    "value",
    ["y", "", "postgres://x\n", None],
    ids=["another", "empty", "a line end more", "removed"],
)
def test_a_patch_that_would_change_an_owned_var_fails_whole(
    demo: App, client: Client, value: str | None
) -> None:
    demo.attach(
        demo.addons[0],
        attachment="HEROKU_POSTGRESQL_MAUVE",
        config={"HEROKU_POSTGRESQL_MAUVE_URL": "postgres://x"},
    )
    reply = client.patch({"A": "3", "HEROKU_POSTGRESQL_MAUVE_URL": value, "DATABASE_URL": value})
    assert reply.status == 422
    assert reply.json == {
        "id": "invalid_params",
        "message": "Cannot overwrite attachment values DATABASE_URL, HEROKU_POSTGRESQL_MAUVE_URL.",
    }
    assert demo.vars["A"] == "1"


def test_a_refused_patch_names_only_the_owned_vars_that_it_would_change(
    demo: App, client: Client
) -> None:
    demo.attach(demo.addons[0], attachment="REPLICA", config={"REPLICA_URL": "postgres://y"})
    reply = client.patch({**demo.vars, "REPLICA_URL": "z"})
    assert reply.status == 422
    assert reply.item["message"] == "Cannot overwrite attachment values REPLICA_URL."


def test_an_owned_var_sent_back_as_it_is_passes_and_is_no_change(demo: App, client: Client) -> None:
    before = len(demo.releases)
    assert client.patch(demo.vars).json == demo.vars
    assert len(demo.releases) == before
    assert client.patch({**demo.vars, "A": "3"}).status == 200
    assert demo.releases[-1].description == "Set A config vars"


def test_an_owned_var_is_compared_with_what_is_live_not_with_what_is_pending(
    demo: App, client: Client
) -> None:
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3"})
    demo.set_vars({"DATABASE_URL": "postgres://rotated"})
    assert client.patch({"DATABASE_URL": "postgres://x"}).status == 422
    assert client.patch({"DATABASE_URL": "postgres://rotated"}).status == 200


def test_a_name_that_an_add_on_owns_without_a_value_yet_may_not_be_set(
    demo: App, client: Client
) -> None:
    demo.set_vars({"DATABASE_URL": None})
    assert client.patch({"DATABASE_URL": "mine"}).status == 422
    assert client.patch({"DATABASE_URL": None}).status == 200


PROTECTED = 'The "HEROKU_" namespace is protected and shouldn\'t be used.'


@pytest.mark.parametrize(
    ("changes", "is_warned"),
    [
        ({"HEROKU_API_KEY": "x"}, True),
        ({"A": "3", "HEROKU_": "x"}, True),
        ({"HEROKU_POSTGRESQL_GOLD_URL": "postgres://x"}, True),
        ({"HEROKU_GONE": None}, False),
        ({"HEROKU": "x"}, False),
        ({"MY_HEROKU_KEY": "x"}, False),
        ({"heroku_key": "x"}, False),
        ({}, False),
    ],
    ids=["set", "beside another", "as it is", "removed", "shorter", "inside", "lower", "nothing"],
)
def test_a_heroku_name_draws_a_warning_and_is_set(
    demo: App, client: Client, changes: dict[str, str | None], *, is_warned: bool
) -> None:
    demo.attach(
        demo.addons[0],
        attachment="HEROKU_POSTGRESQL_GOLD",
        config={"HEROKU_POSTGRESQL_GOLD_URL": "postgres://x"},
    )
    reply = client.patch(changes)
    assert reply.headers.get("Warning-Message") == (PROTECTED if is_warned else None)
    assert reply.status == 200
    assert {name: demo.vars.get(name) for name in changes} == changes


def test_a_refused_heroku_name_draws_no_warning(demo: App, client: Client) -> None:
    reply = client.patch({"HEROKU_A": "x", "DATABASE_URL": "y"})
    assert reply.status == 422
    assert "Warning-Message" not in reply.headers


def test_two_warnings_stand_in_one_header(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    reply = client.patch({"HEROKU_A": "x"})
    executing = "Release command executing: this config change will not be available until"
    assert reply.headers.get_all("Warning-Message") == [
        f"{executing} the command succeeds {PROTECTED}"
    ]


def test_an_add_on_says_nothing_of_its_provisioning_where_its_provider_said_nothing(
    demo: App, client: Client
) -> None:
    [item] = client.get("/addons").items
    assert "provision_message" not in item


def test_all_names_and_values_together_may_fill_64_kb_but_no_more(
    emulator: Emulator, client: Client
) -> None:
    app = emulator.add_app("demo", {"A": "x" * 1000})
    room = 64 * 1024 - len("A") - 1000 - len("BIG")
    assert client.patch({"BIG": "x" * (room + 1)}).error == (422, "invalid_params")
    assert client.patch({"BIG": "x" * (room - 1) + "é"}).error == (422, "invalid_params")
    assert "BIG" not in app.vars
    assert client.patch({"BIG": "x" * room}).status == 200
    assert client.patch({"BIG": None, "OTHER": "x" * 1000}).status == 200


def test_an_app_starts_with_its_first_releases(emulator: Emulator, client: Client) -> None:
    emulator.add_app("bare")
    emulator.add_app("full", {"A": "1", "B": "2"})
    words = [
        [item["description"] for item in client.get(f"/apps/{name}/releases").items]
        for name in ("bare", "full")
    ]
    assert words == [["Initial release"], ["Initial release", "Set A, B config vars"]]


@pytest.mark.parametrize("way", ["version", "v", "id"])
def test_a_release_answers_to_its_version_and_its_id(demo: App, client: Client, way: str) -> None:
    release = demo.releases[1]
    identity = {"version": "2", "v": "v2", "id": release.id}[way]
    item = client.get(f"{RELEASES}/{identity}").item
    assert (item["version"], item["id"]) == (2, release.id)
    assert item["user"] == client.get(RELEASES).items[1]["user"]
    assert client.get(f"{RELEASES}/{identity}/config-vars").json == {"A": "1", "B": "2"}


def test_an_unknown_release_is_not_found(demo: App, client: Client) -> None:
    reply = client.get(f"{RELEASES}/99")
    assert reply.error == (404, "not_found")
    assert reply.item["resource"] == "release"


def test_a_release_has_the_published_shape(demo: App, client: Client) -> None:
    item = client.get(f"{RELEASES}/3").item
    assert sorted(item) == [
        "addon_plan_names",
        "app",
        "artifacts",
        "created_at",
        "current",
        "description",
        "eligible_for_rollback",
        "id",
        "output_stream_url",
        "slug",
        "status",
        "updated_at",
        "user",
        "version",
    ]
    assert item["app"] == {"id": demo.id, "name": "demo"}
    assert item["status"] == "succeeded"
    assert item["description"] == "Attach DATABASE (@ref:postgresql-curved-12345)"


def test_a_rollback_brings_back_the_vars_of_that_release_and_no_later_ones(
    demo: App, client: Client
) -> None:
    client.patch({"A": "3", "NEW": "x"})
    body = json.dumps({"release": demo.releases[1].id}).encode()
    reply = client.send("POST", RELEASES, body=body)
    assert reply.status == 201
    assert (reply.item["version"], reply.item["description"]) == (5, "Rollback to v2")
    assert demo.vars == {"A": "1", "B": "2"}
    assert [release.version for release in demo.releases if release.current] == [5]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"release": "99"}, (404, "not_found")),
        ({"release": None}, (422, "invalid_params")),
        ({}, (422, "invalid_params")),
    ],
    ids=["unknown", "null", "missing"],
)
def test_a_rollback_needs_a_release(
    demo: App, client: Client, body: dict[str, object], error: tuple[int, str]
) -> None:
    assert client.send("POST", RELEASES, body=json.dumps(body).encode()).error == error


def test_a_release_that_did_not_succeed_cannot_be_rolled_back_to(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3"})
    reply = client.send("POST", RELEASES, body=b'{"release": 4}')
    assert reply.error == (422, "invalid_params")
    assert client.get(f"{RELEASES}/4").item["eligible_for_rollback"] is False


def test_an_attachment_lists_its_vars_for_a_client_that_asks_for_them(
    demo: App, client: Client
) -> None:
    [item] = client.get(
        "/apps/demo/addon-attachments", Accept=SDK, Accept_Inclusion="addon:plan,config_vars"
    ).items
    assert item["config_vars"] == ["DATABASE_URL"]
    assert item["name"] == "DATABASE"
    addon = item["addon"]
    assert isinstance(addon, dict)
    assert addon["app"] == {"id": demo.id, "name": "demo"}
    assert addon["plan"]["name"] == "heroku-postgresql:essential-0"


@pytest.mark.parametrize(
    ("accept", "inclusion", "heard"),
    [
        ("application/vnd.heroku+json; version=3", "config_vars", True),
        (SDK, "addon:plan", True),
        (SDK, "", True),
        (SDK, "addon:plan,config_vars", False),
    ],
    ids=["version 3", "only the plan", "nothing", "an API without it"],
)
def test_an_attachment_does_not_list_its_vars_otherwise(
    emulator: Emulator, demo: App, client: Client, accept: str, inclusion: str, *, heard: bool
) -> None:
    emulator.inclusion = heard
    [item] = client.get(
        "/apps/demo/addon-attachments", Accept=accept, Accept_Inclusion=inclusion
    ).items
    assert "config_vars" not in item


def test_an_add_on_of_another_app_is_an_attachment_here_and_no_add_on(
    emulator: Emulator, demo: App, client: Client
) -> None:
    other = emulator.add_app("other")
    shared = other.add_addon(
        "heroku-redis:mini", "redis-round-1", {"REDIS_URL": "redis://x"}, attachment="REDIS"
    )
    demo.attach(shared, attachment="CACHE", config={"CACHE_URL": "redis://x"})

    names = [item["name"] for item in client.get("/apps/demo/addons").items]
    attached = {
        item["name"]: (item["addon"], item["config_vars"])
        for item in client.get(
            "/apps/demo/addon-attachments", Accept=SDK, Accept_Inclusion="config_vars"
        ).items
    }
    assert names == ["postgresql-curved-12345"]
    assert attached["CACHE"] == (
        {"app": {"id": other.id, "name": "other"}, "id": shared.id, "name": "redis-round-1"},
        ["CACHE_URL"],
    )
    assert client.patch({"CACHE_URL": "y"}).status == 422
    [own] = client.get("/apps/other/addons").items
    assert own["config_vars"] == ["REDIS_URL"]


def test_the_vars_of_another_credential_are_the_attachments_and_not_the_add_ons(
    demo: App, client: Client
) -> None:
    demo.attach(
        demo.addons[0],
        attachment="ANALYST",
        config={"ANALYST_URL": "postgres://y"},
        namespace="credential:analyst",
    )
    [addon] = client.get("/apps/demo/addons").items
    spaces = {
        item["name"]: item["namespace"] for item in client.get("/apps/demo/addon-attachments").items
    }
    assert addon["config_vars"] == ["DATABASE_URL"]
    assert spaces == {"DATABASE": None, "ANALYST": "credential:analyst"}


def test_an_add_on_without_vars_yet_owns_nothing(emulator: Emulator, client: Client) -> None:
    app = emulator.add_app("demo")
    app.add_addon("heroku-redis:mini", "redis-round-1", {}, attachment="REDIS")
    [addon] = client.get("/apps/demo/addons").items
    assert (addon["config_vars"], addon["state"]) == ([], "provisioning")
    assert client.patch({"REDIS_URL": "mine"}).status == 200


@pytest.mark.parametrize("path", ["/addons/{}", "/apps/demo/addons/{}"])
def test_an_add_on_answers_to_its_name_and_its_id(demo: App, client: Client, path: str) -> None:
    addon = demo.addons[0]
    by_name, by_id = client.get(path.format(addon.name)), client.get(path.format(addon.id))
    assert by_name.json == by_id.json == client.get("/addons").items[0]
    assert client.get(path.format("none")).item["resource"] == "add-on"


def test_lists_across_apps_leave_none_out(emulator: Emulator, demo: App, client: Client) -> None:
    emulator.add_app("another")
    names = [
        [item["name"] for item in client.get(path).items] for path in ("/apps", "/users/~/apps")
    ]
    assert names == [["another", "demo"], ["another", "demo"]]
    assert [item["name"] for item in client.get("/addon-attachments").items] == ["DATABASE"]


def test_an_app_and_the_account_have_names_and_addresses(demo: App, client: Client) -> None:
    app = client.get("/apps/demo").item
    account = client.get("/account").item
    assert (app["id"], app["name"]) == (demo.id, "demo")
    assert account["email"] == "you@example.com"
    assert app["owner"] == {"id": account["id"], "email": "you@example.com"}


@pytest.mark.parametrize(
    ("method", "path", "error"),
    [
        ("GET", "/nowhere", (404, "not_found")),
        ("GET", "/apps/demo/config-vars/A", (404, "not_found")),
        ("GET", "/apps/demo/", (404, "not_found")),
        ("DELETE", CONFIG, (405, "method_not_allowed")),
    ],
    ids=["path", "deeper", "slash", "method"],
)
def test_what_the_api_does_not_have_is_an_error(
    demo: App, client: Client, method: str, path: str, error: tuple[int, str]
) -> None:
    assert client.send(method, path).error == error


def test_a_wrong_method_is_told_the_right_ones(demo: App, client: Client) -> None:
    assert client.send("PUT", CONFIG, body=b"{}").headers["Allow"] == "GET, PATCH"
