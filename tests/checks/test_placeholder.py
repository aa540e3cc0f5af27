"""Rule placeholder: texts that stand for a value, masks, and URLs of the machine itself."""

from dataclasses import replace

import pytest

from deploy.checks import placeholder
from tests.growth import growth

from .build import CANARY, dotenv, env, project, told

UNFILLED = "API_KEY looks like a placeholder that nobody filled in: put the value there"
STILL = "A is still as .env.example line 1 has it: put the app's own value there"
MASK = "is a mask, as this program prints it, and not a value: put the value there"
HERE = "A points to the machine that reads it: put an address there that the app can reach"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("changeme", id="changeme"),
        pytest.param("your_api_key_here", id="your…here"),
        pytest.param(f"your-{CANARY}", id="your"),
        pytest.param(f"'<{CANARY}>'", id="angles"),
        pytest.param("xxx", id="xxx"),
        pytest.param("*****", id="stars"),
        pytest.param("TODO", id="to do"),
    ],
)
def test_a_value_that_nobody_filled_in_is_found(value: str) -> None:
    judged = project(env(f"\n# x\nAPI_KEY={value}\n"))
    assert told(placeholder, judged) == [f".env.production:3: {UNFILLED}"]


@pytest.mark.parametrize(
    "value", ["$(cat c4nary)", "op://c4nary/item/field", '"${C4NARY}"', "{{ c4nary }}", "undefined"]
)
def test_a_reference_that_nobody_resolved_is_found(value: str) -> None:
    unresolved = "A looks like a reference or a template that nobody resolved"
    advice = "put the value there, or in single quotes what is meant"
    assert told(placeholder, project(env(f"A={value}\n"))) == [
        f".env.production:1: {unresolved}: {advice}"
    ]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("'$(cat key)'", id="in single quotes"),
        pytest.param("$2b$12$R9h/cIPz0gi.URNNX3kh2O", id="a hash"),
        pytest.param(CANARY, id="a value"),
        pytest.param("", id="empty"),
        pytest.param("info", id="a word"),
        pytest.param("xx", id="short"),
        pytest.param("sk-test-1234", id="resembles one"),
        pytest.param(f"postgres://u:{CANARY}@db.example.com/app", id="a URL"),
        pytest.param("localhost", id="no URL"),
        pytest.param("https://localhost.example.com", id="another machine"),
    ],
)
def test_a_value_that_could_be_meant_is_not_found(value: str) -> None:
    assert told(placeholder, project(env(f"A={value}\n"))) == []


# Masks.


def test_a_mask_is_found_in_a_file_that_does_not_parse_for_it() -> None:
    assert told(placeholder, project(env(f"A={CANARY}\nB=********\nAPI_KEY=********\n"))) == [
        f".env.production:2: B {MASK}",
        f".env.production:3: API_KEY {MASK}",
    ]


def test_a_name_that_may_be_the_middle_of_a_key_is_not_told() -> None:
    assert told(placeholder, project(env(f"A='{CANARY}\n{CANARY}=********\n"))) == [
        f".env.production:2: {MASK}"
    ]


def test_what_else_keeps_a_file_from_parsing_is_not_found() -> None:
    assert told(placeholder, project(env(f"A={CANARY}\nA=changeme\n"))) == []


# What the example has.


@pytest.mark.parametrize(
    ("declared", "example"),
    [
        pytest.param("sk-test-1234", "sk-test-1234", id="test"),
        pytest.param(f"{CANARY}-example", f"{CANARY}-example", id="example"),
        pytest.param("'secret'", "secret", id="quoted"),
        pytest.param("https://example.com", "https://example.com", id="a URL"),
        pytest.param("http://user@localhost", "http://user@localhost", id="a URL of here"),
    ],
)
def test_a_value_that_is_still_the_examples_is_found(declared: str, example: str) -> None:
    judged = project(env(f"A={declared}\n"), example=f"A={example}\n")
    assert told(placeholder, judged) == [f".env.production:1: {STILL}"]


@pytest.mark.parametrize(
    ("declared", "example"),
    [
        pytest.param("info", "A=info\n", id="an honest default"),
        *(
            pytest.param(value, f"A={value}\n", id=value)
            for value in (
                "https://login.acme.io/oauth2/token",
                "https://acme.io/reset?key=password",
                "/run/secrets/db_password",
                "certs/server-key.pem",
                "X-Api-Key",
                "arn:aws:kms:eu-central-1:402938475610:key/7f3c",
            )
        ),
        pytest.param("", "A=\n", id="empty"),
        pytest.param("sk-test-1234", "A=sk-test-4321\n", id="another value"),
        pytest.param("sk-test-1234", "B=sk-test-1234\n", id="another name"),
        pytest.param("sk-test-1234", "", id="an empty example"),
        pytest.param(CANARY, "A=changeme\n", id="filled in"),
    ],
)
def test_a_value_of_its_own_or_an_honest_default_is_not_found(declared: str, example: str) -> None:
    assert told(placeholder, project(env(f"A={declared}\n"), example=example)) == []


# URLs of here.


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("http://localhost", id="bare"),
        pytest.param(f"postgres://u:{CANARY}@localhost:5432/app", id="with a password"),
        pytest.param("redis://127.0.0.1:6379/0", id="127.0.0.1"),
        pytest.param("http://[::1]/", id="IPv6"),
    ],
)
def test_a_url_of_the_machine_itself_is_found(value: str) -> None:
    assert told(placeholder, project(env(f"A={value}\n"))) == [f".env.production:1: {HERE}"]


# Where, and how often.


def test_an_entry_is_found_once_whatever_is_wrong_with_it() -> None:
    text = "A=changeme\n"
    judged = project(env(text), example=text)
    assert told(placeholder, judged) == [
        ".env.production:1: A looks like a placeholder that nobody filled in: put the value there"
    ]


def test_each_declared_file_is_looked_at() -> None:
    text = "API_KEY=changeme\n"
    assert told(placeholder, project(env(text), env(text, ".env.staging"), env(None, "x"))) == [
        f".env.production:1: {UNFILLED}",
        f".env.staging:1: {UNFILLED}",
    ]


@pytest.mark.parametrize("value", ["changeme", "http://localhost", "********"])
def test_in_development_a_placeholder_may_do(value: str) -> None:
    assert told(placeholder, project(dotenv(f"A={value}\n"))) == []


def test_in_development_the_examples_value_may_do() -> None:
    judged = project(dotenv("A=sk-test-1\n"), example="A=sk-test-1\n")
    assert told(placeholder, judged) == []


def test_the_layers_of_many_apps_are_judged_in_time_that_grows_with_them() -> None:
    def find(count: int) -> list[str]:
        below = replace(base, layer_of=tuple((number, 0) for number in range(count)))
        return told(placeholder, project(below, *above[:count]))

    base = env("API_KEY=changeme\nA=1\n", "base.env")
    above = [
        replace(env(f"API_KEY={CANARY}\n", f"{number}.env"), layer_of=((number, 1),))
        for number in range(160)
    ]
    assert find(160) == []
    assert growth(find, 80) < 2.5
