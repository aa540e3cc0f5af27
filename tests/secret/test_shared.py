"""What two values have in common, told without showing either."""

from urllib.parse import quote

import pytest

from deploy.secret import Secret
from deploy.secret.shared import Common, Shared

PASSWORD = "w8rD2kQz7R"
URL = f"postgres://shop:{PASSWORD}@db.shop.dev/main"
OTHER_URL = f"redis://:{PASSWORD}@cache.shop.dev:6379"


def between(value: str, other: str) -> Shared | None:
    common = Secret.in_common([Secret(value), Secret(other)])
    mine, its = common.numbers
    return common.with_(mine)[its]


@pytest.mark.parametrize("value", ["info", "1", PASSWORD, URL, "é\n\x1b", "x" * 5000])
def test_the_same_value_is_told_whatever_it_is(value: str) -> None:
    assert between(value, value) is Shared.SAME


@pytest.mark.parametrize(
    "other",
    [
        URL,
        OTHER_URL,
        f"https://api.shop.dev/hook?token={PASSWORD}",
        f"Server=db;User=shop;Password={PASSWORD};",
        f'{{"user": "shop", "password": "{PASSWORD}"}}',
        f"{PASSWORD},aB3dE5fG7hJ9kL",
        f"line one\n{PASSWORD}\n",
    ],
)
def test_a_value_that_holds_a_secret_is_found_and_the_other_way_round(other: str) -> None:
    assert between(PASSWORD, other) is Shared.HOLDS
    assert between(other, PASSWORD) is Shared.PART


def test_two_urls_with_one_password_have_that_in_common() -> None:
    assert between(URL, OTHER_URL) is Shared.COMMON


@pytest.mark.parametrize("password", ["p@ss/w0rd:Kq7", "a b%c8Rt+Zq", "ünïcode8Rt"])
def test_a_password_is_known_as_a_url_quotes_it(password: str) -> None:
    assert between(password, f"amqp://u:{quote(password, safe='')}@mq.shop.dev") is Shared.HOLDS


@pytest.mark.parametrize("password", ["hunter2", "abc", "1"])
def test_a_weak_password_of_a_url_is_found_all_the_same(password: str) -> None:
    assert between(password, f"mysql://root:{password}@db.shop.dev/x") is Shared.HOLDS


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("info", "information"),
        ("1", "10"),
        ("shop", URL),
        ("production", "https://production.shop.dev"),
        ("db.shop.dev", URL),
        ("true", "trueish"),
        ("", URL),
        (URL, ""),
        ("postgres://shop:info@a.dev/x", "redis://:info@b.dev"),
        (PASSWORD, "another8Kq2Zt5"),
    ],
)
def test_what_stands_in_others_by_chance_is_not_found(value: str, other: str) -> None:
    assert between(value, other) is None


def test_a_value_with_half_a_character_is_no_failure() -> None:
    """JSON can carry half a surrogate pair."""
    assert between("\ud800" + PASSWORD, "x") is None
    assert between("\ud800", "\ud800") is Shared.SAME
    assert between(PASSWORD, f"\ud800 {PASSWORD}") is Shared.HOLDS


def test_what_looks_for_a_value_does_not_show_it() -> None:
    common = Secret.in_common([Secret(PASSWORD), Secret(URL)])
    assert PASSWORD not in repr([common, common.with_(0)])


def test_each_value_is_judged_once_however_many_are_looked_for() -> None:
    """Of 300 apps each may have a value of its own: 300 values in 18,000."""
    judged = 0

    def is_secret(_text: str, _name: str) -> bool:
        nonlocal judged
        judged += 1
        return True

    values = [URL, OTHER_URL, PASSWORD, URL]
    common = Common(values, is_secret=is_secret)
    assert common.numbers == (0, 1, 2, 0)
    common.with_(0)
    once = judged
    assert [common.with_(number)[2] for number in (0, 1, 2)] == [
        Shared.PART,
        Shared.PART,
        Shared.SAME,
    ]
    assert judged == once
