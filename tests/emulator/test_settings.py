from datetime import datetime, timezone

import pytest

from deploy.emulator import App, Emulator

from .client import CONFIG, RELEASES, Client

SETTINGS = "/apps/demo/config-vars-settings"


def settings(client: Client) -> dict[object, dict[str, object]]:
    return {each["key"]: each for each in client.get(SETTINGS).items}


def test_each_var_has_its_owner_and_no_mask_at_first(demo: App, client: Client) -> None:
    found = settings(client)
    assert {key: each["value"] for key, each in found.items()} == demo.vars
    assert not any(each["masked"] for each in found.values())
    assert found["A"]["attachment"] is None
    assert found["DATABASE_URL"]["attachment"] == {"id": demo.attachments[0].id}


def test_a_value_is_as_old_as_the_release_that_set_it(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.clock = lambda: datetime(2031, 1, 1, tzinfo=timezone.utc)
    demo.set_vars({"A": "9"})
    emulator.clock = lambda: datetime(2032, 1, 1, tzinfo=timezone.utc)
    demo.deploy()
    found = settings(client)
    assert found["A"]["value_updated_at"] == "2031-01-01T00:00:00Z"
    assert found["B"]["value_updated_at"] == demo.releases[1].created_at


def test_where_heroku_does_not_have_it_it_is_not_found(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.settings = False
    assert client.get(SETTINGS).error == (404, "not_found")
    assert client.patch([{"key": "A", "value": "2"}], SETTINGS).error == (404, "not_found")
    assert demo.vars["A"] == "1"


@pytest.mark.parametrize("shown", [None, "********"], ids=["null", "mask"])
def test_no_read_answers_a_masked_value(demo: App, client: Client, shown: str | None) -> None:
    demo.masked["A"] = shown
    assert settings(client)["A"]["value"] == shown
    assert settings(client)["A"]["masked"] is True
    assert client.get(CONFIG).item["A"] == shown
    assert client.get(f"{RELEASES}/2/config-vars").item["A"] == shown
    assert client.patch({"A": "new"}).item["A"] == shown
    assert demo.vars["A"] == "new"


def test_a_null_is_not_called_masked(demo: App, client: Client) -> None:
    demo.nulls = {"A"}
    assert client.get(CONFIG).item == {"A": None, "B": "2", "DATABASE_URL": "postgres://x"}
    assert (settings(client)["A"]["value"], settings(client)["A"]["masked"]) == (None, False)


def test_settings_are_set_removed_and_masked_by_one_release(demo: App, client: Client) -> None:
    before = len(demo.releases)
    wanted = [{"key": "A", "value": "3", "masked": True}, {"key": "B", "value": None}]
    reply = client.patch(wanted, SETTINGS)
    assert [(each["key"], each["value"]) for each in reply.items] == [
        ("A", None),
        ("DATABASE_URL", "postgres://x"),
    ]
    assert (demo.vars, len(demo.releases)) == (
        {"A": "3", "DATABASE_URL": "postgres://x"},
        before + 1,
    )


def test_a_mask_alone_makes_no_release(demo: App, client: Client) -> None:
    before = len(demo.releases)
    assert client.patch({"key": "A", "masked": True}, SETTINGS).status == 200
    assert (len(demo.releases), settings(client)["A"]["masked"]) == (before, True)


@pytest.mark.parametrize(
    "wanted",
    [
        [{"key": "A", "value": "9"}, {"key": "MASKED", "masked": False}],
        [{"key": "A", "value": "9"}, {"key": "DATABASE_URL", "masked": True}],
        [{"key": "A", "value": "9"}, {"key": "DATABASE_URL", "value": "mine"}],
        [{"key": "A", "value": "9"}, {"key": "ABSENT", "masked": True}],
        [{"key": "A", "value": "9"}, {"key": "B", "masked": "yes"}],
        [{"key": "A", "value": "9"}, {"value": "no key"}],
        [{"key": "A", "value": "9"}, "a word"],
        [{"key": "A", "value": 9}],
        "a word",
    ],
)
def test_settings_that_break_a_rule_change_nothing(
    demo: App, client: Client, wanted: object
) -> None:
    demo.set_vars({"MASKED": "x"})
    demo.masked["MASKED"] = None
    before = demo.vars
    assert client.patch(wanted, SETTINGS).error == (422, "invalid_params")
    assert demo.vars == before


def test_a_body_that_is_not_json_is_a_bad_request(demo: App, client: Client) -> None:
    assert client.send("PATCH", SETTINGS, body=b"{").error == (400, "bad_request")
