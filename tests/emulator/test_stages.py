"""Pipelines, their couplings, and the config vars of a stage."""

from http.client import HTTPException

import pytest

from deploy.emulator import App, Emulator, Fault, Reset, Status, Truncated, When
from deploy.emulator.pipelines import Pipeline

from .client import Client


@pytest.fixture
def shop(emulator: Emulator, demo: App) -> Pipeline:
    pipeline = emulator.add_pipeline("shop")
    pipeline.couple(demo, "production")
    pipeline.vars["test"]["A"] = "1"
    return pipeline


def stage(pipeline: Pipeline, name: str = "test") -> str:
    return f"/pipelines/{pipeline.id}/stage/{name}/config-vars"


def test_a_pipeline_is_found_by_its_name_in_a_query_and_by_its_id(
    emulator: Emulator, shop: Pipeline, client: Client
) -> None:
    emulator.add_pipeline("other")
    assert [each["id"] for each in client.get("/pipelines?eq[name]=shop").items] == [shop.id]
    assert client.get("/pipelines?eq[name]=nosuch").items == []
    assert len(client.get("/pipelines").items) == 2
    assert client.get(f"/pipelines/{shop.id}").item["name"] == "shop"
    assert client.get("/pipelines/nosuch").error == (404, "not_found")


def test_an_apps_coupling_names_its_pipeline_and_stage(
    shop: Pipeline, demo: App, client: Client
) -> None:
    coupling = client.get("/apps/demo/pipeline-couplings").item
    assert (coupling["stage"], coupling["pipeline"]) == (
        "production",
        {"id": shop.id, "name": "shop"},
    )
    assert client.get(f"/pipelines/{shop.id}/pipeline-couplings").items == [coupling]
    assert client.get("/pipeline-couplings").items == [coupling]


def test_an_app_in_no_pipeline_has_no_coupling(demo: App, client: Client) -> None:
    assert client.get("/apps/demo/pipeline-couplings").error == (404, "not_found")


def test_an_app_cannot_be_in_the_stage_of_tests(shop: Pipeline, demo: App) -> None:
    with pytest.raises(ValueError, match="not in test"):
        shop.couple(demo, "test")


def test_the_vars_of_a_stage_change_without_a_release(
    shop: Pipeline, demo: App, client: Client
) -> None:
    before = demo.releases
    assert client.get(stage(shop)).json == {"A": "1"}
    changes = {"A": None, "B.C:[0]": "2"}
    assert client.patch(changes, stage(shop)).json == {"B.C:[0]": "2"}
    assert client.get(stage(shop)).json == {"B.C:[0]": "2"}
    assert client.get(stage(shop, "review")).json == {}
    assert demo.releases == before


@pytest.mark.parametrize("changes", [{"A-B": "1"}, {"A": 1}, {"A": ["1"]}, [], {"": "1"}])
def test_a_change_of_a_stage_that_is_wrong_changes_nothing(
    changes: object, shop: Pipeline, client: Client
) -> None:
    assert client.patch(changes, stage(shop)).error == (422, "invalid_params")
    assert client.get(stage(shop)).json == {"A": "1"}


@pytest.mark.parametrize("name", ["nightly", "staging", "production"])
def test_only_what_does_not_exist_yet_has_vars_of_its_stage(
    name: str, shop: Pipeline, client: Client
) -> None:
    assert client.get(stage(shop, name)).error == (404, "not_found")
    assert client.patch({"A": "1"}, stage(shop, name)).error == (404, "not_found")


def test_whether_development_has_vars_is_a_switch(
    emulator: Emulator, shop: Pipeline, client: Client
) -> None:
    assert client.get(stage(shop, "development")).json == {}
    emulator.development_vars = False
    assert client.get(stage(shop, "development")).error == (404, "not_found")


def test_a_key_may_see_a_pipeline_and_not_the_vars_of_its_stages(
    emulator: Emulator, shop: Pipeline
) -> None:
    emulator.forbid_stages("key", shop.id)
    client = Client(emulator, "key")
    assert client.get(stage(shop)).error == (403, "forbidden")
    assert client.patch({"A": None}, stage(shop)).error == (403, "forbidden")
    assert client.get(f"/pipelines/{shop.id}").status == 200
    assert shop.vars["test"] == {"A": "1"}


def test_two_teams_may_have_a_pipeline_of_one_name(
    emulator: Emulator, shop: Pipeline, client: Client
) -> None:
    other = emulator.add_pipeline("shop")
    assert [each["id"] for each in client.get("/pipelines?eq[name]=shop").items] == sorted(
        [shop.id, other.id]
    )
    client.patch({"A": "2"}, stage(other))
    assert (shop.vars["test"], other.vars["test"]) == ({"A": "1"}, {"A": "2"})


def test_a_value_of_a_stage_may_be_kept_from_a_read(shop: Pipeline, client: Client) -> None:
    shop.hidden.nulls.add("A")
    assert client.get(stage(shop)).json == {"A": None}
    assert client.patch({"B": "2"}, stage(shop)).json == {"A": None, "B": "2"}


FAULTS = {
    "503": (Status(503), 503, False),
    "503-after": (Status(503, When.AFTER), 503, True),
    "truncated": (Truncated(), None, True),
    "reset": (Reset(), None, False),
    "reset-after": (Reset(When.AFTER), None, True),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_strikes_a_stage_before_or_after_the_effect(
    fault: str, emulator: Emulator, shop: Pipeline, client: Client
) -> None:
    what, status, has_effect = FAULTS[fault]
    emulator.inject(Fault(what=what, method="PATCH", path="/pipelines/*/stage/test/config-vars"))
    assert client.patch({"B": "2"}, stage(shop, "review")).status == 200
    if status is None:
        with pytest.raises((HTTPException, ConnectionError)):
            client.patch({"B": "2"}, stage(shop))
    else:
        assert client.patch({"B": "2"}, stage(shop)).status == status
    assert ("B" in shop.vars["test"]) is has_effect


@pytest.mark.parametrize(("scope", "may"), [("read", False), ("read-protected", True)])
def test_the_vars_of_a_stage_are_protected(
    scope: str, may: bool, emulator: Emulator, shop: Pipeline
) -> None:
    emulator.restrict("key", {scope})
    assert (Client(emulator, "key").get(stage(shop)).status == 200) is may
