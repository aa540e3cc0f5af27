"""The one document of a plan for many apps."""

from typing import Any

from deploy.errors import DeployError, NotApplied, Stopped
from deploy.heroku.facts import LiveVars, Ownership
from deploy.plan import outcome
from deploy.plan.change import Change
from deploy.plan.fleet import Fleet, Planned
from deploy.plan.fleet_outcome import Row, State
from deploy.plan.outcome import Diff, Synced
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.report import json as report
from deploy.report.json_fleet import fleet
from deploy.report.reveal import Reveal
from deploy.secret import Secret

from .. import schemas

PLAN = Plan((Change("LEVEL", Secret("c4nary"), Secret("other")),), equal=2)
SHOP = Diff("shop", ".env", PLAN, LiveVars({}, Ownership()), Policy(), digest="a" * 32)
SAME = Diff("admin", ".env", Plan((), equal=3), LiveVars({}, Ownership()), Policy())
WHOLE = Fleet((Planned("shop", SHOP), Planned("admin", SAME)), requests=17)
ERROR = {"kind": "DeployError", "message": "no", "next_step": None, "exit_code": 1}


def read(text: str) -> dict[str, Any]:
    return schemas.read("sync", text)


def own(diff: Diff) -> dict[str, Any]:
    """What `config.diff` of this app alone has."""
    found = schemas.read("diff", report.diff(diff, Reveal()))
    return {key: value for key, value in found.items() if key != "schema_version"}


def test_a_part_an_app_is_what_its_own_diff_has() -> None:
    assert read(fleet(WHOLE, Reveal())) == {
        "schema_version": 1,
        "apps": [{**own(SHOP), "state": "differs"}, {**own(SAME), "state": "in_sync"}],
        "plan": WHOLE.digest,
        "requests": 17,
        "minutes": 0,
        "counts": {"in_sync": 1, "differs": 1, "unread": 0},
    }


def test_what_could_not_be_read_has_its_error_and_the_whole_no_digest() -> None:
    found = read(fleet(Fleet((*WHOLE.planned, Planned("api", DeployError("no")))), Reveal()))
    assert found["apps"][2] == {"app": "api", "state": "unread", "error": ERROR}
    assert found["plan"] is None
    assert found["counts"]["unread"] == 1


def test_a_dry_run_has_what_applying_needs() -> None:
    assert read(fleet(WHOLE, Reveal(), needs=("--yes",)))["needs"] == ["--yes"]


def test_how_each_ended_is_in_its_part() -> None:
    done = Synced("shop", PLAN, outcome.State.APPLIED, version=12, previous=11)
    lost = NotApplied("lost", next_step="run config.diff --app admin")
    rows = [
        Row("shop", State.APPLIED, done=done),
        Row("admin", State.UNKNOWN, failure=lost),
    ]
    stopped = Stopped(KeyboardInterrupt(), " when 2 of 2 apps were begun")
    found = read(fleet(WHOLE, Reveal(), rows=rows, error=stopped))
    shop, admin = found["apps"]
    assert (shop["state"], shop["version"], shop["result"]["previous"]) == ("applied", 12, 11)
    assert (admin["state"], admin["version"], admin["error"]["kind"]) == (
        "unknown",
        None,
        "NotApplied",
    )
    assert "result" not in admin
    assert found["error"]["exit_code"] == 130
    assert found["counts"] == {
        "applied": 1,
        "sent": 0,
        "in_sync": 0,
        "not_begun": 0,
        "refused": 0,
        "failed": 0,
        "unknown": 1,
    }


def test_an_app_that_was_refused_unread_has_its_error_once() -> None:
    those = Fleet((Planned("api", DeployError("no")),))
    row = Row("api", State.REFUSED, failure=those.planned[0].failure)
    [api] = read(fleet(those, Reveal(), rows=[row]))["apps"]
    assert api == {"app": "api", "state": "refused", "version": None, "error": ERROR}
