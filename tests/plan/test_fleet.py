"""The order of many apps, and the digest and the price of their plan."""

import pytest

from deploy.errors import DeployError
from deploy.heroku.facts import LiveVars, Ownership
from deploy.plan.change import Change
from deploy.plan.fleet import Planned, digest, in_order, minutes, requests
from deploy.plan.outcome import Diff
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
