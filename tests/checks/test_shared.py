"""Rule shared: a secret that two apps have."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.checks import shared
from deploy.envfile.parser import Entry
from deploy.project.facts import Env, Project
from tests.growth import growth

from .build import CANARY, dotenv, env, project, told

HEX = "00112233445566778899aabbccddeeff" * 2
STAGING = ".env.staging"


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        pytest.param("API_KEY", "API_KEY", CANARY, id="one name"),
        pytest.param("API_KEY", "B_TOKEN", CANARY, id="two names"),
        pytest.param("A", "B", f"{CANARY}a1b2c3d4e5f60718", id="by its form"),
        pytest.param("DATABASE_URL", "DB", f"postgres://u:{CANARY}@h/d", id="a URL"),
        pytest.param("CONFIG_LOCK_KEY", "CONFIG_LOCK_KEY", HEX, id="the lock's key"),
        pytest.param("API_KEY", "API_KEY", f"'{CANARY}\n{CANARY}'", id="of two lines"),
    ],
)
def test_a_secret_of_two_files_is_found_in_the_later_one(one: str, other: str, value: str) -> None:
    judged = project(env(f"{one}={value}\n"), env(f"\nX=1\n{other}={value}\n", STAGING))
    assert told(shared, judged) == [
        f".env.staging:3: {other} is the same as {one} in .env.production: give each app its own"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(f"API_KEY={CANARY}1", f"API_KEY={CANARY}2", id="two secrets"),
        pytest.param("LOG_LEVEL=info", "LOG_LEVEL=info", id="no secret"),
        pytest.param("API_KEY=", "API_KEY=", id="empty"),
        pytest.param("API_KEY=changeme", "API_KEY=changeme", id="nobody filled it in"),
        pytest.param("TOKEN_TTL=3600", "TOKEN_TTL=3600", id="plain"),
        pytest.param(f"PUBLIC_KEY={CANARY}", f"PUBLIC_KEY={CANARY}", id="public"),
        pytest.param("APP=myapp", "CACHE_KEY=myapp", id="a secret by one name alone"),
        pytest.param("API_KEY=A1", "API_KEY=a1", id="another case"),
        pytest.param("API_KEY=a1", "API_KEY='a1 '", id="another blank"),
    ],
)
def test_what_is_no_secret_or_not_the_same_is_not_found(one: str, other: str) -> None:
    assert told(shared, project(env(f"{one}\n"), env(f"{other}\n", STAGING))) == []


def test_two_names_in_one_file_share_nothing_with_another_app() -> None:
    assert told(shared, project(env(f"API_KEY={CANARY}\nB_KEY={CANARY}\n"))) == []


def test_each_entry_is_found_once_by_its_own_name_if_it_can() -> None:
    text = f"B_KEY={CANARY}\nAPI_KEY={CANARY}\n"
    judged = project(env(text), env(text, STAGING), env(f"C_KEY={CANARY}\n", ".env.review"))
    assert told(shared, judged) == [
        ".env.staging:1: B_KEY is the same as B_KEY in .env.production: give each app its own",
        ".env.staging:2: API_KEY is the same as API_KEY in .env.production: give each app its own",
        ".env.review:1: C_KEY is the same as B_KEY in .env.production: give each app its own",
    ]


@pytest.mark.parametrize(
    "judged",
    [
        pytest.param(
            project(env(f"API_KEY={CANARY}\n"), dotenv(f"API_KEY={CANARY}\n")), id="development"
        ),
        pytest.param(
            project(env(f"API_KEY={CANARY}\n"), env(f"API_KEY={CANARY}\nx\n", STAGING)),
            id="no env file",
        ),
        pytest.param(project(env(f"API_KEY={CANARY}\n"), env(None, STAGING)), id="not there"),
    ],
)
def test_a_file_that_declares_nothing_for_an_app_is_left_alone(judged: Project) -> None:
    assert told(shared, judged) == []


NAMES = st.sampled_from(["A_KEY", "B_KEY", "C_TOKEN", "LOG"])
VALUES = st.sampled_from([f"{CANARY}1", f"{CANARY}2", HEX, "info", ""])
LAYER_OF = st.dictionaries(st.integers(0, 3), st.integers(0, 2), max_size=2)


@given(st.lists(st.tuples(st.dictionaries(NAMES, VALUES), LAYER_OF), max_size=6))
def test_what_is_found_is_what_holding_each_against_each_finds(
    files: list[tuple[dict[str, str], dict[int, int]]],
) -> None:
    envs = []
    for number, (entries, layer_of) in enumerate(files):
        text = "".join(f"{name}={value}\n" for name, value in entries.items())
        envs.append(replace(env(text, f"{number}.env"), layer_of=tuple(layer_of.items())))
    assert told(shared, Project(tuple(envs))) == [*each_against_each(envs)]


def each_against_each(envs: list[Env]) -> Iterator[str]:
    """The slow way, in the order of the files."""
    for number, mine in enumerate(envs):
        apps = dict(mine.layer_of).keys()
        others = [each for each in envs[:number] if apps.isdisjoint(dict(each.layer_of))]
        known = [(other, entry) for other in others for entry in other.entries]
        for entry in mine.entries:
            same = [each for each in known if each[1].value == entry.value and is_secret(each[1])]
            same.sort(key=lambda each: each[1].name != entry.name)
            for other, first in same[:1] if is_secret(entry) else ():
                what = f"{entry.name} is the same as {first.name} in {other.path}"
                yield f"{mine.path}:{entry.line}: {what}: give each app its own"


def is_secret(entry: Entry) -> bool:
    return entry.value.is_secretlike(entry.name)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"A_KEY={CANARY}{{0}}\nB_KEY={CANARY}b{{0}}\n", id="each its own"),
        pytest.param(f"A_KEY={CANARY}\nB_KEY={CANARY}\n", id="one of all"),
        pytest.param(f"A{{0}}_KEY={CANARY}\n", id="one of all, under many names"),
    ],
)
def test_many_apps_are_judged_in_time_that_grows_with_them(text: str) -> None:
    envs = [env(text.format(number), f"{number}.env") for number in range(160)]
    assert growth(lambda count: [*shared.find(project(*envs[:count]))], 80) < 2.5
