"""Which of an app's new releases is this run's, and which is nobody's in particular."""

import pytest

from deploy.heroku.api import Response, read_account
from deploy.heroku.facts import Release, Status
from deploy.plan.own_release import Match, find

OURS, THEIRS = "you@example.com", "ben@example.com"
PENDING, FAILED, SUCCEEDED = Status.PENDING, Status.FAILED, Status.SUCCEEDED


def release(version: int, user: str, status: Status = SUCCEEDED) -> Release:
    return Release(version, status, user)


@pytest.mark.parametrize(
    ("new", "holding", "version", "is_ours"),
    [
        ([release(3, OURS)], {3}, 3, True),
        ([release(3, THEIRS)], {3}, 3, False),
        ([release(3, THEIRS), release(4, OURS)], {3, 4}, 4, True),
        ([release(3, OURS), release(4, THEIRS)], {3, 4}, 3, True),
        ([release(3, OURS), release(4, OURS)], {3, 4}, 3, True),
        ([release(3, OURS), release(4, OURS)], {4}, 4, True),
        ([release(3, OURS, FAILED), release(4, OURS)], {3, 4}, 4, True),
        ([release(3, OURS, FAILED), release(4, THEIRS)], {3, 4}, 3, True),
        ([release(3, OURS, PENDING), release(4, THEIRS)], {4}, 3, True),
        ([release(3, OURS, PENDING), release(4, OURS, PENDING)], set(), 4, True),
        ([release(3, THEIRS, PENDING), release(4, THEIRS)], {3, 4}, 4, False),
    ],
)
def test_an_accepted_change_is_in_a_release_of_our_account_or_nobody_knows_whose(
    new: list[Release], holding: set[int], version: int, is_ours: bool
) -> None:
    found = find(new, holding, is_answered=True, account=OURS)
    assert found is not None
    assert (found.release.version, found.is_ours) == (version, is_ours)


@pytest.mark.parametrize(
    ("new", "holding"),
    [
        ([], set()),
        ([release(3, OURS)], set()),
        ([release(3, THEIRS, PENDING)], set()),
    ],
)
def test_no_release_is_taken_that_neither_holds_the_change_nor_is_ours_on_its_way(
    new: list[Release], holding: set[int]
) -> None:
    assert find(new, holding, is_answered=True, account=OURS) is None


@pytest.mark.parametrize("account", [None, OURS])
def test_where_the_answer_was_lost_no_release_is_ours(account: str | None) -> None:
    new = [release(3, OURS)]
    assert find(new, {3}, is_answered=False, account=account) == Match(new[0], is_ours=False)


@pytest.mark.parametrize(
    ("new", "is_ours"),
    [([release(3, OURS)], True), ([release(3, THEIRS), release(4, OURS)], False)],
    ids=["alone", "among others"],
)
def test_without_a_known_account_the_only_release_is_ours(
    new: list[Release], is_ours: bool
) -> None:
    found = find(new, {new[-1].version}, is_answered=True, account=None)
    assert found is not None
    assert found.is_ours is is_ours


@pytest.mark.parametrize(
    ("body", "account"),
    [
        (b'{"id": "1", "email": "you@example.com"}', OURS),
        (b'{"email": ""}', None),
        (b'{"email": null}', None),
        (b"[]", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_an_account_is_an_address_or_not_known(body: bytes, account: str | None) -> None:
    assert read_account(Response(200, {}, body)) == account
