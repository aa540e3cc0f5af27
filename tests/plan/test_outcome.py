"""What the stories return, and what follows from it."""

from collections.abc import Mapping

import pytest

from deploy.envfile.edit import Edited
from deploy.heroku.facts import LiveVars, Ownership, Release, Status
from deploy.plan.change import Change
from deploy.plan.outcome import Diff, Edit, Pull
from deploy.plan.plan import Plan
from deploy.project.policy import Policy
from deploy.secret import Secret

SOURCE = ".env.production"
NOTHING = Plan((), equal=3)
SETS = Plan((Change("NEW", None, Secret("1")),), equal=0)


def live(vars: Mapping[str, str], *unreadable: str) -> LiveVars:  # noqa: A002  # the word is "vars"
    secrets = {name: Secret(value) for name, value in vars.items()}
    return LiveVars(secrets, Ownership(), frozenset(unreadable))


def diff(plan: Plan, *releases: Release, withheld: tuple[str, ...] = ()) -> Diff:
    found = live({"A": "1"}, "HIDDEN")
    return Diff("myapp", SOURCE, plan, found, Policy(), releases=releases, withheld=withheld)


@pytest.mark.parametrize(
    ("found", "is_in_sync"),
    [
        (diff(NOTHING), True),
        (diff(SETS), False),
        (diff(NOTHING, withheld=("GONE",)), False),
    ],
    ids=["nothing", "a change", "withheld"],
)
def test_an_app_is_in_sync_where_nothing_differs_and_nothing_is_withheld(
    found: Diff, *, is_in_sync: bool
) -> None:
    assert found.is_in_sync is is_in_sync


OLD, PENDING = Release(6, Status.SUCCEEDED), Release(7, Status.PENDING)


@pytest.mark.parametrize(
    ("releases", "pending"),
    [((), None), ((OLD,), None), ((PENDING, OLD), 7), ((Release(8, Status.FAILED), PENDING), None)],
    ids=["none", "succeeded", "pending", "an older one"],
)
def test_only_the_newest_release_is_waited_for(
    releases: tuple[Release, ...], pending: int | None
) -> None:
    assert diff(NOTHING, *releases).pending == pending


def test_the_names_are_those_of_the_app_of_the_plan_and_of_what_is_withheld() -> None:
    assert diff(SETS, withheld=("GONE",)).names == {"A", "GONE", "HIDDEN", "NEW"}


def pull(plan: Plan, *left_out: str, policy: Policy | None = None) -> Pull:
    edit = Edit(SOURCE, left_out, Edited(b"", left_out))
    found = live({"A": "1", "CIPHER": "encrypted:abc", "B-C": "1"}, "HIDDEN")
    return Pull("myapp", SOURCE, plan, found, policy or Policy(), (edit,))


def test_a_file_is_in_sync_where_nothing_differs_and_nothing_is_left_out() -> None:
    assert pull(NOTHING).is_in_sync
    assert not pull(SETS).is_in_sync
    assert not pull(NOTHING, "B-C").is_in_sync


def test_what_is_left_out_of_a_file_is_told_with_each_reason() -> None:
    found = pull(NOTHING._replace(unreadable=("HIDDEN",)), "CIPHER", "B-C", "A")
    assert [(str(each), each.next_step) for each in found.left_out] == [
        (
            "CIPHER: encrypted on myapp; left out of .env.production",
            "name what the app decrypts itself under encrypted: in the settings",
        ),
        (
            "HIDDEN: cannot be read on myapp; left out of .env.production",
            "write it there by hand, or put it under ignore: in the settings",
        ),
        (
            "A, B-C: no env file can hold this name or its value; left out of .env.production",
            "put it under ignore: in the settings",
        ),
    ]
    assert pull(SETS).left_out == []


def test_what_the_app_decrypts_itself_is_not_told_as_encrypted() -> None:
    [told] = pull(NOTHING, "CIPHER", policy=Policy(encrypted=("CIPHER",))).left_out
    assert str(told).startswith("CIPHER: no env file can hold this name or its value")
