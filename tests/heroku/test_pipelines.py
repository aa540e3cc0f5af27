"""Pipelines and stages as requests and answers, and the client's way to them."""

import json
from collections.abc import Iterator

import pytest

from deploy.emulator import Emulator, Fault, Status
from deploy.emulator.pipelines import Pipeline
from deploy.errors import ApiError, BadResponse, Forbidden, NoPipeline
from deploy.heroku import api, pipelines
from deploy.heroku.client import Heroku
from deploy.heroku.facts import LiveVars, Ownership
from deploy.heroku.live import read_live
from deploy.secret import Secret

from ..support import KEY, FakeClock, heroku_at

ID, OTHER = "01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef"
REVIEW = "my-pipeline/review"


def answer(body: object) -> api.Response:
    return api.Response(200, {}, json.dumps(body).encode())


@pytest.fixture
def pipeline(emulator: Emulator) -> Pipeline:
    made = emulator.add_pipeline("my-pipeline")
    made.vars["review"]["A"] = "1"
    return made


@pytest.fixture
def heroku(emulator: Emulator) -> Iterator[Heroku]:
    with heroku_at(emulator.url, FakeClock()) as opened:
        yield opened


def test_the_requests_are_those_of_heroku_s_schema() -> None:
    requests = [
        pipelines.find("My Pipe"),
        pipelines.show(ID),
        pipelines.couplings(REVIEW, ID),
        pipelines.get_vars(REVIEW, ID),
        api.patch_of(pipelines.get_vars(REVIEW, ID), {"A": Secret("1"), "B": None}),
    ]
    assert [(each.method, each.path, each.app) for each in requests] == [
        ("GET", "/pipelines?eq[name]=My%20Pipe", "My Pipe"),
        ("GET", f"/pipelines/{ID}", ID),
        ("GET", f"/pipelines/{ID}/pipeline-couplings", REVIEW),
        ("GET", f"/pipelines/{ID}/stage/review/config-vars", REVIEW),
        ("PATCH", f"/pipelines/{ID}/stage/review/config-vars", REVIEW),
    ]
    assert requests[-1].body() == b'{"A": "1", "B": null}'


@pytest.mark.parametrize("item", [{}, {"id": ID}, {"id": "../x", "name": "n"}, "x", {"id": 1}])
def test_what_is_no_pipeline_is_unreadable(item: object) -> None:
    with pytest.raises(BadResponse):
        pipelines.read_pipelines(answer([item]))
    with pytest.raises(BadResponse):
        pipelines.read_name(answer(item))
    with pytest.raises(BadResponse):
        pipelines.read_couplings(answer([item]))


def test_a_name_that_cannot_stand_in_a_command_is_none() -> None:
    assert pipelines.read_name(answer({"id": ID, "name": "My Pipe"})) == "My Pipe"
    assert pipelines.read_name(answer({"id": ID, "name": "$(id)/x"})) is None


def test_no_pipeline_and_two_of_one_name_are_told_with_what_to_do() -> None:
    found = [(OTHER, "p"), (ID, "p"), (ID, "p"), (ID, "P")]
    assert pipelines.only("P", found) == ID
    with pytest.raises(NoPipeline) as two:
        pipelines.only("p", found)
    assert str(two.value) == f"2 pipelines are called p: {ID}, {OTHER}"
    assert two.value.next_step == "name the one that is meant by its id"
    with pytest.raises(NoPipeline) as none:
        pipelines.only("q", found)
    assert str(none.value) == "Heroku knows no pipeline q, or this API key may not see it"


def test_a_pipeline_is_asked_for_once(
    heroku: Heroku, pipeline: Pipeline, emulator: Emulator
) -> None:
    assert heroku.vars(REVIEW).vars == {"A": Secret("1")}
    heroku.write(REVIEW, {"A": None, "B": Secret("2")})
    heroku.vars("my-pipeline/test")
    assert pipeline.vars["review"] == {"B": "2"}
    assert sum(each.path == "/pipelines" for each in emulator.requests) == 1


def test_the_id_of_a_pipeline_takes_no_request(
    heroku: Heroku, pipeline: Pipeline, emulator: Emulator
) -> None:
    heroku.vars(f"{pipeline.id}/review")
    assert [each.path for each in emulator.requests] == [
        f"/pipelines/{pipeline.id}/stage/review/config-vars"
    ]


def test_a_stage_has_vars_and_nothing_else(
    heroku: Heroku, pipeline: Pipeline, emulator: Emulator
) -> None:
    pipeline.vars["review"]["B"] = "2"
    pipeline.hidden.nulls.add("B")
    assert heroku.newest_releases(REVIEW) == []
    assert emulator.requests == []
    found = read_live(heroku, REVIEW, wanted=["NEW"], is_careful=True)
    assert found == LiveVars({"A": Secret("1")}, Ownership(), frozenset({"B"}))
    assert len(emulator.requests) == 2


def test_a_stage_nobody_has_seen_says_that_there_are_no_vars(
    heroku: Heroku, pipeline: Pipeline, emulator: Emulator
) -> None:
    emulator.development_vars = False
    with pytest.raises(ApiError) as caught:
        heroku.vars("my-pipeline/development")
    assert str(caught.value).startswith("Heroku knows no config vars of my-pipeline/development,")
    assert caught.value.next_step == "check the name: heroku pipelines lists what a key can see"


def test_a_key_without_access_is_told_whose_would_do(
    heroku: Heroku, pipeline: Pipeline, emulator: Emulator
) -> None:
    emulator.forbid_stages(KEY, pipeline.id)
    with pytest.raises(Forbidden) as caught:
        heroku.write(REVIEW, {"A": None})
    assert str(caught.value).startswith(
        f"the API key from the test may not use {REVIEW}; nothing was written (403)"
    )
    assert caught.value.next_step == "use the key of someone who is a member of this pipeline"


def test_a_conflict_of_a_stage_names_no_releases(
    heroku: Heroku, pipeline: Pipeline, emulator: Emulator
) -> None:
    emulator.inject(Fault(what=Status(409), method="PATCH"))
    with pytest.raises(ApiError) as caught:
        heroku.write(REVIEW, {"A": None})
    assert caught.value.next_step == "wait until that is over, and try again"
