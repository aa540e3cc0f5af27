"""When a request is sent again, and after how long; and which write is lost."""

import pytest

from deploy.heroku import api
from deploy.heroku.api import Request, Response
from deploy.heroku.retry import is_lost, pause
from deploy.secret import Secret

READ = api.get_vars("myapp")
WRITE = api.patch_vars("myapp", {"A": Secret("1"), "DATABASE_URL": Secret("c4nary")})
BOTH = pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])


def answer(status: int, *, retry_after: str | None = None) -> Response:
    return Response(status, {} if retry_after is None else {"retry-after": retry_after}, b"null")


# When a request is sent again.


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0)])
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_waits_longer_each_time_heroku_is_in_trouble(
    status: int, attempt: int, seconds: float
) -> None:
    assert pause(READ, answer(status), attempt) == seconds


@BOTH
def test_a_connection_that_failed_before_a_byte_was_sent_is_tried_again(request_: Request) -> None:
    assert [pause(request_, None, attempt) for attempt in (1, 2, 3)] == [0.5, 1.0, 2.0]


@BOTH
def test_a_429_is_tried_again_after_a_growing_pause(request_: Request) -> None:
    assert [pause(request_, answer(429), attempt) for attempt in (1, 2, 3)] == [10.0, 20.0, 40.0]


@BOTH
@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("120", 120.0),
        ("121", 120.0),
        ("999999999", 120.0),
        ("9999999999", 120.0),
        ("9" * 5000, 120.0),
    ],
    ids=["0", "7", "120", "121", "9-digits", "10-digits", "5000-digits"],
)
def test_retry_after_is_honoured_up_to_two_minutes(
    request_: Request, told: str, seconds: float
) -> None:
    assert pause(request_, answer(429, retry_after=told), 2) == seconds


@pytest.mark.parametrize(
    "told",
    ["", "-1", "1.5", "nan", "inf", "1e9", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "\u0661"],
)
def test_a_retry_after_that_is_no_number_of_seconds_is_passed_over(told: str) -> None:
    assert pause(READ, answer(429, retry_after=told), 1) == 10.0


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_write_whose_effect_is_open_is_never_sent_again(status: int) -> None:
    assert pause(WRITE, answer(status, retry_after="1"), 1) is None


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 422, 423, 500, 501])
@BOTH
def test_an_answer_that_will_not_change_is_not_asked_for_again(
    request_: Request, status: int
) -> None:
    assert pause(request_, answer(status, retry_after="1"), 1) is None


@pytest.mark.parametrize("attempt", [4, 5, 1000])
@pytest.mark.parametrize(
    "response", [None, answer(429, retry_after="1"), answer(503)], ids=range(3)
)
def test_there_are_four_tries_at_most(response: Response | None, attempt: int) -> None:
    assert pause(READ, response, attempt) is None


# What leaves open whether it was applied.


@pytest.mark.parametrize("status", [101, 102, 103, 199, 303, 408, 500, 502, 503, 504, 520, 599])
def test_a_write_that_failed_behind_the_door_is_lost(status: int) -> None:
    assert is_lost(WRITE, answer(status))


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 409, 422, 423, 429])
def test_a_write_that_was_decided_is_not_lost(status: int) -> None:
    assert not is_lost(WRITE, answer(status))


@pytest.mark.parametrize("status", [200, 408, 500, 503])
def test_a_read_is_never_lost(status: int) -> None:
    assert not is_lost(READ, answer(status))
