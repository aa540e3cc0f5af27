"""How far a list is followed that comes in pages; answers and times are plain values."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from deploy.errors import BadResponse
from deploy.heroku import api, ownership
from deploy.heroku.paging import MAX_BYTES, MAX_EMPTY, MAX_ITEMS, MAX_PAGES, MAX_SECONDS, pages

from ..support import FakeClock

START = ownership.get_addons("demo")
RELEASES = api.get_releases("demo", newest=10)


def page(names: list[str], then: str | None, *, padding: int = 0) -> api.Response:
    """A page of an add-on, or of none, that names the next one."""
    body = json.dumps([{"config_vars": names}] if names else []).encode() + b" " * padding
    headers = {"next-range": then} if then else {}
    return api.Response(206 if then else 200, headers, body)


def followed(
    answer: Callable[[int], api.Response], clock: FakeClock | None = None
) -> tuple[int, str]:
    """How many pages were asked for, and why no more were."""
    numbers = count()
    asked: list[str | None] = []

    def call(request: api.Request) -> api.Response:
        asked.append(request.headers.get("Range"))
        return answer(next(numbers))

    with pytest.raises(BadResponse) as caught:
        list(pages(START, call, ownership.read_addon_vars, clock or FakeClock()))
    return len(asked), str(caught.value)


def test_a_list_is_followed_to_its_end() -> None:
    answers = [page(["A"], "b"), page([], "c"), page(["C", "D"], None)]
    left = iter(answers)
    found = list(pages(START, lambda _: next(left), ownership.read_addon_vars, FakeClock()))
    assert found == [["A"], [], ["C", "D"]]


def test_a_list_that_was_cut_goes_on_where_it_was_cut() -> None:
    answers = iter([page(["A"], "]version 5..; order=desc,max=10"), page([], None)])
    asked: list[api.Request] = []

    def call(request: api.Request) -> api.Response:
        asked.append(request)
        return next(answers)

    list(pages(RELEASES, call, ownership.read_addon_vars, FakeClock()))
    assert asked[1:] == [
        api.Request(
            "GET",
            "/apps/demo/releases",
            {
                "Accept": "application/vnd.heroku+json; version=3",
                "Range": "]version 5..; order=desc,max=10",
            },
            app="demo",
        )
    ]


@pytest.mark.parametrize(
    "whole",
    [
        page(["A"], None),
        replace(page(["A"], "x"), status=200),
        replace(page(["A"], None), status=206),
        page(["A"], RELEASES.headers["Range"]),
    ],
    ids=["whole", "not cut", "cut, and no next", "its own next"],
)
def test_a_whole_list_has_no_next_page(whole: api.Response) -> None:
    left = iter([whole])
    found = pages(RELEASES, lambda _: next(left), ownership.read_addon_vars, FakeClock())
    assert list(found) == [["A"]]


def test_a_page_is_asked_for_when_it_is_wanted() -> None:
    left = iter([page(["A"], "b")])
    found = pages(START, lambda _: next(left), ownership.read_addon_vars, FakeClock())
    assert next(found) == ["A"]


def test_empty_pages_that_count_up_are_left() -> None:
    asked, said = followed(lambda number: page([], f"v{number}"))
    assert (asked, said) == (MAX_EMPTY, "the answer is not a list that ends (206)")


@pytest.mark.parametrize("period", [2, 3, 7])
def test_pages_that_come_round_again_are_left(period: int) -> None:
    asked, said = followed(lambda number: page(["A"], f"v{number % period}"))
    assert (asked, said) == (period + 1, "the answer is not a list that ends (206)")


def test_a_list_that_goes_back_to_its_start_is_left() -> None:
    """Or the part that was read last would count for the whole."""
    answers = iter([page(["A"], "b"), page(["B"], RELEASES.headers["Range"])])
    with pytest.raises(BadResponse):
        list(pages(RELEASES, lambda _: next(answers), ownership.read_addon_vars, FakeClock()))


def test_a_list_of_too_many_pages_is_left() -> None:
    asked, said = followed(lambda number: page(["A"], f"v{number}"))
    assert (asked, said) == (MAX_PAGES, "the answer is not a list that ends (206)")


@pytest.mark.parametrize("size", [MAX_ITEMS // 4 + 1, MAX_ITEMS + 1])
def test_a_list_of_too_many_items_is_left(size: int) -> None:
    asked, said = followed(lambda number: page(["A"] * size, f"v{number}"))
    assert (asked, said) == (
        -(-(MAX_ITEMS + 1) // size),
        "the answer is not a list of 20,000 items at most (206)",
    )


def test_a_list_of_too_many_bytes_is_left() -> None:
    asked, said = followed(lambda n: page(["A"], f"v{n}", padding=MAX_BYTES // 4))
    assert (asked, said) == (4, "the answer is not a list of 20,000 items at most (206)")


def test_a_list_that_takes_too_long_is_left() -> None:
    clock = FakeClock()

    def slow(number: int) -> api.Response:
        clock.sleep(MAX_SECONDS / 4)
        return page(["A"], f"v{number}")

    asked, said = followed(slow, clock)
    assert (asked, said) == (5, "the answer is not a list that ends within 600 seconds (206)")
