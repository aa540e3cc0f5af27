"""What a refusal of a change is told as, where the app would have too many vars."""

from collections.abc import Mapping

import pytest

from deploy.envfile.parser import CONFIG_LIMIT
from deploy.errors import ApiError, OwnedByAddon
from deploy.plan.change import Change
from deploy.plan.plan import Plan
from deploy.plan.size import explained, may_be_about, size
from deploy.secret import Secret

REQUEST_ID = "01234567-89ab-cdef-0123-456789abcdef"


def secrets(vars: Mapping[str, str]) -> dict[str, Secret]:  # noqa: A002  # the word is "vars"
    return {name: Secret(value) for name, value in vars.items()}


def refused(status: int = 422) -> ApiError:
    return ApiError("no", status=status, request_id=REQUEST_ID, next_step="look")


@pytest.mark.parametrize(
    ("found", "bytes_"),
    [({}, 0), ({"A": ""}, 1), ({"AB": "xyz", "C": "1"}, 7), ({"\u00c9": "\u20ac\U0001f511"}, 9)],
    ids=ascii,
)
def test_an_apps_size_is_that_of_its_names_and_values_in_bytes(
    found: dict[str, str], bytes_: int
) -> None:
    assert size(secrets(found)) == bytes_


@pytest.mark.parametrize(
    ("error", "may_be"),
    [
        (refused(422), True),
        (refused(400), False),
        (refused(429), False),
        (OwnedByAddon("myapp", ["A"], request_id=None), False),
    ],
    ids=["422", "400", "429", "owned"],
)
def test_only_a_422_that_blames_no_addon_may_be_about_the_size(
    error: ApiError, may_be: bool
) -> None:
    assert may_be_about(error) is may_be


def sent(length: int) -> tuple[Plan, dict[str, Secret]]:
    """A plan and what is live before it, so that the app has this many bytes after it."""
    live = secrets({"KEPT": "1234", "OLD": "x" * CONFIG_LIMIT, "GONE": "x" * CONFIG_LIMIT})
    changes = (
        Change("GONE", live["GONE"], None),
        Change("NEW", None, Secret("x" * (length - 16))),
        Change("OLD", live["OLD"], Secret("12")),
    )
    return Plan(changes, equal=0), live


def test_a_refusal_of_what_is_within_the_limit_stays_what_it_is() -> None:
    error = refused()
    assert explained("myapp", *sent(CONFIG_LIMIT), error) is error


def test_a_refusal_of_too_much_says_how_much_and_keeps_what_heroku_said_of_it() -> None:
    found = explained("myapp", *sent(CONFIG_LIMIT + 1), refused())
    assert str(found) == (
        "myapp: nothing was written: its vars would have 65,537 bytes in all,"
        f" and Heroku's limit is 65,536 (422) [Request-Id {REQUEST_ID}]"
    )
    assert (found.status, found.request_id) == (422, REQUEST_ID)
    assert found.next_step == (
        "take out what the app does not need, or store the largest values elsewhere"
    )
