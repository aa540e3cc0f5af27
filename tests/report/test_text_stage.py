"""What is told of a stage: what it has of production, and the way back as far as there is one."""

import pytest

from deploy.errors import Forbidden
from deploy.names import LOCK_KEY
from deploy.plan.change import Change
from deploy.plan.outcome import State, Synced
from deploy.plan.plan import Plan
from deploy.report.text import synced
from deploy.report.text_stage import of_production, way_back
from deploy.secret import Secret

NONE = "No undo: a stage has no releases, and its files do not declare what was there."
OLD, NEW = Secret("old"), Secret("new")


def done(*changes: Change, is_ours: bool = True) -> Synced:
    return Synced("My Pipe/review", Plan(changes, 0), State.APPLIED, is_ours=is_ours)


def test_the_way_back_is_a_sync_of_these_names_alone() -> None:
    found = done(Change("A", OLD, NEW), Change("B", OLD, None), Change(LOCK_KEY, OLD, NEW))
    assert way_back(found, can_undo=True) == (
        "Undo: invoke config.sync --pipeline 'My Pipe' --stage review --only A --only B"
    )
    assert way_back(found, can_undo=False) == NONE


def test_what_was_not_there_takes_a_prune_to_be_gone_again() -> None:
    assert way_back(done(Change("A", None, NEW)), can_undo=True).endswith("--only A --prune")


@pytest.mark.parametrize("name", ["$(id)", "B[0]", LOCK_KEY])
def test_a_name_that_can_stand_in_no_command_has_no_way_back(name: str) -> None:
    assert way_back(done(Change(name, OLD, NEW)), can_undo=True) == NONE


def test_no_release_is_told_and_not_that_it_was_ours_where_nobody_knows() -> None:
    assert synced(done(Change("A", OLD, NEW))).splitlines() == [
        "Set 0, changed 1, removed 0 on My Pipe/review.",
        NONE,
    ]
    assert synced(done(Change("A", OLD, NEW), is_ours=False)).startswith(
        "My Pipe/review holds this: 0 set, 1 changed, 0 removed."
        " Whether our request brought it, or another, is not known.\n"
    )


def test_secrets_of_production_are_named_or_that_nobody_can_tell() -> None:
    assert of_production("p/test", ("A", "B"), None) == (
        "Secrets of production, which every member of the pipeline can read here: A, B"
    )
    failure = Forbidden("the key may not", status=403, request_id=None)
    assert of_production("p/test", failure, None) == (
        "Whether p/test has secrets of production is not known: the key may not (403)"
    )
    lines = of_production("p/test", ("LONG_NAME",) * 9, 40).split("\n")
    assert max(map(len, lines)) <= 40
