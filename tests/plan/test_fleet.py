"""The order of many apps, the digest and the price of their plan, and how each ended."""

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
from deploy.heroku.facts import LiveVars, Ownership
from deploy.plan import outcome
from deploy.plan.change import Change
from deploy.plan.fleet import (
    AppsRefused,
    Planned,
    Row,
    State,
    digest,
    ended,
    in_order,
    minutes,
    requests,
    rows,
    tally,
)
from deploy.plan.outcome import Diff, Synced
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.secret import Secret

CHANGE = Change("LEVEL", Secret("info"), Secret("debug"))


def planned(app: str, own: str | None = None, *, differs: bool | None = None) -> Planned:
    """An app that differs where it has a digest, unless told."""
    is_other = own is not None if differs is None else differs
    plan = Plan((CHANGE,) if is_other else (), equal=1)
    live = LiveVars({}, Ownership(frozenset(), ()))
    return Planned(app, Diff(app, f".env.{app}", plan, live, Policy(), digest=own))


def unread(app: str) -> Planned:
    return Planned(app, DeployError("no"))


def test_the_settings_order_the_apps_and_others_follow_as_they_were_given() -> None:
    named = ["late", "worker", "early", "shop", "worker"]
    assert in_order(named, ["shop", "admin", "worker"]) == ["shop", "worker", "late", "early"]


# One digest for all.

SHOP, WORKER = planned("shop", "a" * 32), planned("worker", "b" * 32)


def test_the_digest_does_not_know_the_order_of_the_apps() -> None:
    found = digest([SHOP, WORKER])
    assert found == digest([WORKER, SHOP]) == "862e4e62a5e012d6ffc91639584beb27"


@pytest.mark.parametrize(
    "other",
    [
        [SHOP],
        [SHOP, planned("worker")],
        [SHOP, planned("worker", "c" * 32)],
        [SHOP, planned("admin", "b" * 32)],
        [SHOP, WORKER, planned("admin")],
        [planned("shop", "b" * 32), planned("worker", "a" * 32)],
    ],
    ids=["one-less", "in-sync-now", "moved", "renamed", "one-more", "exchanged"],
)
def test_another_app_or_another_plan_of_one_is_another_digest(other: list[Planned]) -> None:
    assert digest(other) not in (None, digest([SHOP, WORKER]))


@pytest.mark.parametrize(
    "those",
    [
        [SHOP, unread("worker")],
        [SHOP, planned("worker", differs=True)],
        [planned("shop"), planned("worker")],
        [],
    ],
    ids=["one-is-not-read", "one-has-none", "nothing-differs", "none"],
)
def test_a_plan_that_cannot_be_told_for_sure_has_no_digest(those: list[Planned]) -> None:
    assert digest(those) is None


# What it takes.


def test_each_app_is_read_and_one_that_differs_is_read_again_and_written() -> None:
    those = [SHOP, planned("worker"), unread("admin")]
    assert requests(those, is_read=False) == 3 * 4 + 4 + 5
    assert requests(those, is_read=True) == 4 + 5
    assert requests(those, is_read=True, is_asked=True) == 4 + 4 + 5


def test_where_nothing_differs_nothing_is_to_be_sent() -> None:
    assert requests([planned("shop"), unread("admin")], is_read=False) == 0


@pytest.mark.parametrize(
    ("count", "remaining", "expected"),
    [
        (4_200, 4_500, 0),
        (4_201, 4_500, 1),
        (4_275, 4_500, 1),
        (4_276, 4_500, 2),
        (4_200, None, 0),
        (4_275, None, 1),
        (75, 300, 1),
        (75, 12, 1),
        (0, 12, 0),
    ],
)
def test_what_does_not_fit_takes_a_minute_for_each_75(
    count: int, remaining: int | None, expected: int
) -> None:
    assert minutes(count, remaining) == expected


# What became of each.


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
    assert error.next_step == "shop: add --confirm shop\n  add --yes"
    assert error.exit_code == 1
