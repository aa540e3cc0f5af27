"""How each of many apps ended, and all that is against a plan for them."""

import pytest

from deploy.errors import (
    ApiError,
    ChangedMeanwhile,
    DeployError,
    NotAllowed,
    NotApplied,
    Stopped,
    Unforeseen,
)
from deploy.plan import outcome
from deploy.plan.change import Change
from deploy.plan.fleet_outcome import (
    AppsRefused,
    NotAllApplied,
    Row,
    State,
    by_app,
    ended,
    rows,
    tally,
)
from deploy.plan.outcome import Synced
from deploy.plan.plan import Plan
from deploy.secret import Secret

from .test_fleet import SHOP, WORKER, planned, unread

CHANGE = Change("LEVEL", Secret("info"), Secret("debug"))
HELD_UP = (
    "shop cannot be verified whole, so no other was begun:"
    " 2 of 3 apps are not known to hold what was declared"
)


def synced(state: outcome.State = outcome.State.APPLIED) -> Synced:
    return Synced("shop", Plan((CHANGE,), equal=0), state, version=7)


def unforeseen(error: BaseException) -> Unforeseen:
    try:
        raise error
    except BaseException as caught:
        return Unforeseen(caught)


def failed() -> NotApplied:
    error = NotApplied("v7 of shop failed")
    error.is_failed = True
    return error


def stopped(*, is_sent: bool) -> Stopped:
    error = Stopped(KeyboardInterrupt(), "")
    error.is_sent = is_sent
    return error


@pytest.mark.parametrize(
    ("how", "state"),
    [
        (synced(), State.APPLIED),
        (synced(outcome.State.SENT), State.SENT),
        (NotApplied("sent"), State.UNKNOWN),
        (failed(), State.FAILED),
        (stopped(is_sent=True), State.UNKNOWN),
        (stopped(is_sent=False), State.NOT_BEGUN),
        (KeyboardInterrupt(), State.NOT_BEGUN),
        (ApiError("no", status=422, request_id=None), State.REFUSED),
        (ChangedMeanwhile("shop", ["LEVEL"]), State.REFUSED),
        (NotAllowed("no", next_step="none"), State.REFUSED),
        (unforeseen(ZeroDivisionError("secret")), State.UNKNOWN),
        (unforeseen(SystemExit("secret")), State.UNKNOWN),
    ],
)
def test_only_what_surely_wrote_nothing_is_told_so(
    how: Synced | DeployError | KeyboardInterrupt, state: State
) -> None:
    row = ended("shop", how)
    assert (row.app, row.state) == ("shop", state)
    assert (row.version == 7) == isinstance(how, Synced)
    assert "secret" not in str(row.failure)


def test_an_app_has_a_row_whatever_became_of_it() -> None:
    error = NotAllowed("no", next_step="none")
    those = [SHOP, WORKER, planned("api"), unread("admin"), planned("a", "d" * 32)]
    those.append(planned("b", "e" * 32))
    known = {"shop": Row("shop", State.APPLIED, done=synced())}
    found = rows(those, known, begun=["shop", "worker"], refused={"b": error})
    assert [(row.app, row.state) for row in found] == [
        ("shop", State.APPLIED),
        ("worker", State.UNKNOWN),
        ("api", State.IN_SYNC),
        ("admin", State.REFUSED),
        ("a", State.NOT_BEGUN),
        ("b", State.REFUSED),
    ]
    assert found[-1].failure is error
    counted = tally(found)
    assert list(counted) == list(State)
    assert (counted[State.REFUSED], counted[State.SENT]) == (2, 0)


def test_all_refusals_are_one_error_whose_lines_name_their_apps() -> None:
    one = NotAllowed("this plan removes or empties OLD", next_step="add --confirm shop")
    other = DeployError("worker: line 3: no name\n.env: line 4: no name")
    error = AppsRefused(
        [("shop", one), ("worker", other)], NotAllowed("nobody is there", next_step="add --yes")
    )
    assert str(error) == (
        "shop: this plan removes or empties OLD; nothing was written\n"
        "worker: line 3: no name\n"
        "worker: .env: line 4: no name\n"
        "nobody is there; nothing was written\n"
        "nothing was written to any app"
    )
    assert error.next_step == "shop: add --confirm shop\nadd --yes"
    assert error.by_app == {"shop": one, "worker": other}
    assert error.exit_code == 1


def test_all_that_is_against_one_app_is_one_error_of_it() -> None:
    one = NotAllowed("this plan removes or empties OLD", next_step="add --confirm shop")
    other = NotAllowed("T: a placeholder", next_step="fill it in")
    found = by_app([("shop", one), ("api", other), ("shop", other)])
    assert list(found) == ["shop", "api"]
    assert found["api"] is other
    assert str(found["shop"]) == (
        "this plan removes or empties OLD; nothing was written\n"
        "T: a placeholder; nothing was written"
    )
    assert found["shop"].next_step == "add --confirm shop; fill it in"


@pytest.mark.parametrize(
    ("unverified", "first", "said"),
    [
        ((), "shop", "2 of 3 apps are not known to hold what was declared"),
        (
            ("LEVEL",),
            "shop",
            HELD_UP,
        ),
        (("LEVEL",), None, "2 of 3 apps are not known to hold what was declared"),
    ],
)
def test_what_does_not_hold_is_counted_with_what_held_it_up(
    unverified: tuple[str, ...], first: str | None, said: str
) -> None:
    found = [
        Row("shop", State.APPLIED, done=synced()._replace(unverified=unverified)),
        Row("admin", State.NOT_BEGUN),
        Row("api", State.UNKNOWN),
    ]
    assert str(NotAllApplied(found, first=first, next_step="")) == said
    one = [*found[:2], Row("api", State.SENT)]
    assert "1 of 3 apps is not known" in str(NotAllApplied(one, first=first, next_step=""))
