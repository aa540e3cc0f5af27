import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.errors import ApiError, BadEnvFile, Complaint, DeployError, Stopped, Terminated
from deploy.heroku.facts import LiveVars, Ownership, Release, Status
from deploy.plan.blame import Before, Brought, Never, Unknown
from deploy.plan.change import Change
from deploy.plan.drift import Drift, Drifted, Kind, Row, Unchecked
from deploy.plan.outcome import Diff, State, Synced
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.report.json import diff, error
from deploy.report.json_drift import drift
from deploy.report.reveal import Reveal
from deploy.secret import Hint, Secret

from ..schemas import read

CHANGES = (
    Change("API_KEY", Secret("c4nary"), Secret("C4NARY"), Hint.CASE),
    Change("EMPTIED", Secret("c4nary"), Secret("")),
    Change("LOG_LEVEL", None, Secret("é\n\x1b")),
    Change("OLD", Secret("c4nary"), None),
)
PLAN = Plan(CHANGES, equal=2, owned=("DATABASE_URL",), ignored=("I",), unmanaged=("U",))


def found(plan: Plan = PLAN, *, pending: int | None = None) -> Diff:
    return Diff(
        app="myapp",
        source=".env.production",
        plan=plan,
        live=LiveVars({"Z": Secret("c4nary")}, Ownership()),
        policy=Policy(),
        warnings={".env": (Complaint("odd", line=3, name="A"), Complaint("above the limit"))},
        releases=(Release(pending, Status.PENDING),) if pending else (),
    )


def result(done: Synced) -> dict[str, Any]:
    document = read("sync", diff(found(done.plan), Reveal(), done=done))
    part = document["result"]
    assert isinstance(part, dict)
    return part


def test_a_diff_is_one_document_with_every_value_masked() -> None:
    assert read("diff", diff(found(pending=43), Reveal())) == {
        "schema_version": 1,
        "app": "myapp",
        "file": ".env.production",
        "in_sync": False,
        "plan": None,
        "changes": [
            {
                "name": "API_KEY",
                "action": "change",
                "old": "********",
                "new": "********",
                "hint": "differs only in letter case",
                "is_removal": False,
                "is_blind": False,
            },
            {
                "name": "EMPTIED",
                "action": "change",
                "old": "********",
                "new": "********",
                "hint": None,
                "is_removal": True,
                "is_blind": False,
            },
            {
                "name": "LOG_LEVEL",
                "action": "set",
                "old": None,
                "new": "********",
                "hint": None,
                "is_removal": False,
                "is_blind": False,
            },
            {
                "name": "OLD",
                "action": "remove",
                "old": "********",
                "new": None,
                "hint": None,
                "is_removal": True,
                "is_blind": False,
            },
        ],
        "equal": 2,
        "owned": ["DATABASE_URL"],
        "ignored": ["I"],
        "unmanaged": ["U"],
        "spared": [],
        "unreadable": [],
        "withheld": [],
        "pending_release": 43,
        "warnings": [
            {"file": ".env", "line": 3, "name": "A", "reason": "odd"},
            {"file": ".env", "line": None, "name": None, "reason": "above the limit"},
        ],
    }


def test_an_app_in_sync_says_so() -> None:
    document = read("diff", diff(found(Plan((), equal=1)), Reveal()))
    assert (document["in_sync"], document["changes"], document["equal"]) == (True, [], 1)


def test_only_a_chosen_value_is_shown() -> None:
    document = read("diff", diff(found(), Reveal(("LOG_*",))))
    assert [change["new"] for change in document["changes"]] == [
        "********",
        "********",
        "é\n\x1b",
        None,
    ]
    assert "c4nary" not in json.dumps(document).lower()


def test_the_document_is_ascii_without_controls_whatever_a_name_or_value_holds() -> None:
    name = "A\x1b[2J\x7f\u202e\ud800"
    plan = Plan((Change(name, None, Secret("\x9b\u2028")),), equal=0, unmanaged=(name,))
    shown = diff(found(plan), Reveal(("*",)))
    assert shown.isascii()
    assert shown.replace("\n", "").isprintable()


def test_what_is_spared_is_told_apart_from_what_prune_removes() -> None:
    plan = Plan((), equal=0, unmanaged=("A", "SHARED_URL"), spared=("SHARED_URL",))
    document = read("diff", diff(found(plan), Reveal()))
    assert document["spared"] == ["SHARED_URL"]


# How a sync ended.


@pytest.mark.parametrize("state", [State.UNCHANGED, State.DRY_RUN], ids=lambda state: state.value)
def test_a_sync_that_sent_nothing_counts_nothing(state: State) -> None:
    assert result(Synced("myapp", PLAN, state)) == {
        "state": state.value,
        "version": None,
        "is_ours": None,
        "previous": None,
        "set": 0,
        "changed": 0,
        "removed": 0,
        "was_pending": False,
        "needs": [],
        "unverified": [],
    }


def test_a_sync_that_was_applied_counts_what_it_did() -> None:
    assert result(Synced("myapp", PLAN, State.APPLIED, version=42, previous=41)) == {
        "state": "applied",
        "version": 42,
        "is_ours": True,
        "previous": 41,
        "set": 1,
        "changed": 2,
        "removed": 1,
        "was_pending": False,
        "needs": [],
        "unverified": [],
    }


def test_a_sync_that_was_applied_counts_what_it_did_even_without_a_release() -> None:
    assert result(Synced("myapp", PLAN, State.APPLIED)) == {
        "state": "applied",
        "version": None,
        "is_ours": None,
        "previous": None,
        "set": 1,
        "changed": 2,
        "removed": 1,
        "was_pending": False,
        "needs": [],
        "unverified": [],
    }


def test_a_sync_that_is_pending_says_so() -> None:
    done = result(Synced("myapp", PLAN, State.SENT, version=42, previous=41))
    assert (done["state"], done["version"], done["previous"]) == ("sent", 42, 41)


def test_a_release_that_may_be_somebody_else_s_is_not_called_ours() -> None:
    done = result(Synced("myapp", PLAN, State.APPLIED, version=42, is_ours=False))
    assert (done["version"], done["is_ours"]) == (42, False)


def test_a_diff_has_no_result() -> None:
    assert "result" not in read("diff", diff(found(), Reveal()))


# Errors.


@pytest.mark.parametrize(
    ("failure", "part"),
    [
        (
            ApiError("no", status=400, request_id="abc", next_step="go on"),
            {
                "kind": "ApiError",
                "message": "no (400) [Request-Id abc]",
                "next_step": "go on",
                "exit_code": 1,
            },
        ),
        (
            BadEnvFile("f", [Complaint("wrong", line=1), Complaint("odd", line=2)]),
            {
                "kind": "BadEnvFile",
                "message": "f: line 1: wrong\nf: line 2: odd",
                "next_step": None,
                "exit_code": 1,
            },
        ),
        (
            Stopped(Terminated(), ", and nothing was written"),
            {
                "kind": "Stopped",
                "message": "terminated (SIGTERM), and nothing was written",
                "next_step": None,
                "exit_code": 143,
            },
        ),
    ],
    ids=["api", "env-file", "stopped"],
)
def test_an_error_is_one_document_as_well(failure: DeployError, part: dict[str, object]) -> None:
    assert read("error", error(failure)) == {"schema_version": 1, "error": part}


@given(
    name=st.text(st.characters(), min_size=1),
    old=st.none() | st.text(st.characters()),
    new=st.text(st.characters()),
    chosen=st.booleans(),
)
def test_what_is_shown_can_be_read_back(name: str, old: str | None, new: str, chosen: bool) -> None:
    plan = Plan((Change(name, None if old is None else Secret(old), Secret(new)),), equal=0)
    reveal = Reveal((name,), exact_only=True) if chosen else Reveal()

    [change] = read("diff", diff(found(plan), reveal))["changes"]

    masked = (name, None if old is None else "********", "********")
    assert (change["name"], change["old"], change["new"]) == (
        (name, old, new) if chosen else masked
    )


# Drift.


def test_a_drift_is_one_document_with_a_row_an_app_in_their_order() -> None:
    release = Release(7, Status.SUCCEEDED, "mallory@example.com", "2026-03-01T04:05:06Z")
    bare = Release(8, Status.SUCCEEDED)
    rows: list[Row] = [
        Drift("zulu", ".env.production", is_lock=False, drifted=(), equal=3),
        Drift(
            "myapp",
            ".env.production.lock",
            is_lock=True,
            drifted=(
                Drifted("A", Kind.CHANGED, Hint.CASE, Brought(release)),
                Drifted("B", Kind.CHANGED, origin=Brought(bare)),
                Drifted("C", Kind.MISSING, origin=Never()),
                Drifted("D", Kind.UNMANAGED, origin=Before(24)),
                Drifted("E", Kind.UNMANAGED, origin=Unknown()),
                Drifted("F", Kind.UNMANAGED),
            ),
            equal=0,
            owned=("DATABASE_URL",),
            ignored=("I",),
        ),
        Unchecked("alpha", ApiError("no", status=503, request_id="abc", next_step="go on")),
    ]
    assert read("drift", drift(rows)) == {
        "schema_version": 1,
        "apps": [
            {
                "app": "zulu",
                "state": "in_sync",
                "compared_with": {"kind": "file", "name": ".env.production"},
                "drifted": [],
                "equal": 3,
                "owned": [],
                "ignored": [],
                "unreadable": [],
            },
            {
                "app": "myapp",
                "state": "drifted",
                "compared_with": {"kind": "lock", "name": ".env.production.lock"},
                "drifted": [
                    {
                        "name": "A",
                        "kind": "changed",
                        "hint": "differs only in letter case",
                        "origin": {
                            "kind": "release",
                            "version": 7,
                            "created_at": "2026-03-01T04:05:06Z",
                            "user": "mallory@example.com",
                        },
                    },
                    {
                        "name": "B",
                        "kind": "changed",
                        "hint": None,
                        "origin": {
                            "kind": "release",
                            "version": 8,
                            "created_at": None,
                            "user": None,
                        },
                    },
                    {"name": "C", "kind": "missing", "hint": None, "origin": {"kind": "never"}},
                    {
                        "name": "D",
                        "kind": "unmanaged",
                        "hint": None,
                        "origin": {"kind": "before", "version": 24},
                    },
                    {"name": "E", "kind": "unmanaged", "hint": None, "origin": {"kind": "unknown"}},
                    {"name": "F", "kind": "unmanaged", "hint": None, "origin": None},
                ],
                "equal": 0,
                "owned": ["DATABASE_URL"],
                "ignored": ["I"],
                "unreadable": [],
            },
            {
                "app": "alpha",
                "state": "unchecked",
                "error": {
                    "kind": "ApiError",
                    "message": "no (503) [Request-Id abc]",
                    "next_step": "go on",
                    "exit_code": 1,
                },
            },
        ],
    }


def test_a_drift_is_ascii_without_controls_whatever_a_name_holds() -> None:
    name = "A\x1b[2J\x7f\u202e\ud800\u2028"
    found = Drift(
        "myapp", name, is_lock=True, drifted=(Drifted(name, Kind.CHANGED),), equal=0, owned=(name,)
    )
    shown = drift([found, Unchecked("other", DeployError(name))])
    assert shown.isascii()
    assert shown.replace("\n", "").isprintable()
    assert read("drift", shown)["apps"][0]["drifted"][0]["name"] == name
