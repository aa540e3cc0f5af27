"""Rule parity: the example has the names of an env file, and none of its secrets."""

import pytest

from deploy.checks import parity
from tests.growth import growth

from .build import CANARY, dotenv, env, project, told

KEY = f"sk_test_{CANARY.upper()}9aB3dE5gH7jK9mN1pQ3s"
"""By a word in it this could stand for another; by its form it is real."""


# Names.


def test_a_name_that_only_the_example_has_is_found() -> None:
    judged = project(env(f"A={CANARY}\n"), example="# x\nA=\nAPI_KEY=\n")
    assert told(parity, judged) == [
        ".env.production:0: API_KEY is missing: .env.example line 3 has it"
    ]


def test_each_name_and_each_declared_file_is_told() -> None:
    judged = project(env("A=1\n"), env("B=1\n", ".env.staging"), example="A=\nB=\nC=\n")
    assert told(parity, judged) == [
        ".env.production:0: B is missing: .env.example line 2 has it",
        ".env.production:0: C is missing: .env.example line 3 has it",
        ".env.staging:0: A is missing: .env.example line 1 has it",
        ".env.staging:0: C is missing: .env.example line 3 has it",
    ]


@pytest.mark.parametrize(
    ("declared", "example"),
    [
        pytest.param("A=1\n", "A=\n", id="declared"),
        pytest.param("A=\n", "A=\n", id="empty"),
        pytest.param("A=1\nB=1\n", "A=\n", id="more than the example"),
        pytest.param("A=1\n", "HEROKU_API_KEY=\nHEROKU_APP=\n", id="of the tasks"),
        pytest.param("A=1\n", "HEROKU_SLUG_COMMIT=\n", id="of the platform"),
        pytest.param("A=1\n", "CONFIG_LOCK_KEY=\n", id="the lock's key"),
        pytest.param("A=1\n", "SENTRY_DSN=\n", id="provided"),
        pytest.param("A=1\n", "", id="an empty example"),
        pytest.param("A=1\n", None, id="no example"),
        pytest.param("no pair\n", "A=\n", id="no env file"),
        pytest.param(None, "A=\n", id="not there"),
    ],
)
def test_no_name_is_missing(declared: str | None, example: str | None) -> None:
    judged = project(env(declared), example=example, provided=frozenset({"SENTRY_DSN"}))
    assert told(parity, judged) == []


def test_development_needs_no_name() -> None:
    assert told(parity, project(dotenv("A=1\n"), example="B=\n")) == []


# Values.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("API_KEY", CANARY, id="by its name"),
        pytest.param("A", f"postgres://u:{CANARY}@h/d", id="a URL with a password"),
        pytest.param("A", f"{CANARY}a1b2c3d4e5f60718", id="by its form"),
        pytest.param("API_KEY", KEY, id="resembles a placeholder, but for its form"),
        pytest.param("HEROKU_API_KEY", CANARY, id="of the tasks"),
        pytest.param("CONFIG_LOCK_KEY", f"{CANARY}00112233", id="the lock's key"),
    ],
)
def test_a_secret_that_the_example_holds_is_found(name: str, value: str) -> None:
    text = f"{name}={value}\n"
    assert told(parity, project(env(f"\n{text}"), example=f"# x\n{text}")) == [
        (
            f".env.example:2: .env.example holds the real value of {name} of .env.production:"
            " put a placeholder there"
        )
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("LOG_LEVEL", "info", id="an honest default"),
        pytest.param("API_KEY", "", id="empty"),
        pytest.param("API_KEY", "changeme", id="nobody filled it in"),
        pytest.param("API_KEY", "sk-test-1234", id="resembles a placeholder"),
        pytest.param("DATABASE_URL", "postgres://app:c4nary@localhost/app", id="a URL of here"),
        pytest.param("TOKEN_TTL", "3600", id="plain"),
        pytest.param("PUBLIC_KEY", "pk_a1b2c3d4e5f60718", id="public"),
    ],
)
def test_what_an_example_may_hold_is_not_found(name: str, value: str) -> None:
    text = f"{name}={value}\n"
    assert told(parity, project(env(text), example=text)) == []


@pytest.mark.parametrize(
    ("shown", "held"),
    [
        pytest.param("A", "API_KEY", id="a secret by its own name"),
        pytest.param("API_KEY", "A", id="a secret by the example's name"),
        pytest.param("API_KEY", "B_TOKEN", id="both"),
    ],
)
def test_a_secret_is_found_under_another_name(shown: str, held: str) -> None:
    judged = project(dotenv(f"{shown}=1\n{held}={CANARY}\n"), example=f"{shown}={CANARY}\n")
    assert told(parity, judged) == [
        (
            f".env.example:1: .env.example holds the real value of {held} of .env:"
            " put a placeholder there"
        )
    ]


def test_a_value_that_is_no_ones_secret_is_not_found_under_another_name() -> None:
    assert told(parity, project(dotenv("A=postgres\n"), example="B=postgres\n")) == []


def test_another_secret_is_not_found() -> None:
    judged = project(env(f"API_KEY={CANARY}1\n"), example=f"API_KEY={CANARY}2\n")
    assert told(parity, judged) == []


def test_a_line_of_the_example_is_found_once_by_its_own_name_if_it_can() -> None:
    judged = project(
        env(f"OTHER_KEY={CANARY}\nAPI_KEY=\n"),
        env(f"API_KEY={CANARY}\n", ".env.staging"),
        dotenv(f"API_KEY={CANARY}\n"),
        example=f"API_KEY={CANARY}\n",
    )
    assert told(parity, judged) == [
        (
            ".env.example:1: .env.example holds the real value of API_KEY of .env.staging:"
            " put a placeholder there"
        )
    ]


def test_a_file_that_does_not_parse_is_not_held_against_the_example() -> None:
    text = f"API_KEY={CANARY}\n"
    assert told(parity, project(env(f"{text}B\n"), example=text)) == []


def test_an_example_is_held_against_all_values_in_time_that_grows_with_both() -> None:
    judged = {}
    for count in (1, 100, 200):
        text = "".join(f"A{number}_KEY={CANARY}{number}\n" for number in range(count))
        judged[count] = project(env(text), example=text)
    assert growth(lambda count: [*parity.find(judged[count])], 100) < 2.5
