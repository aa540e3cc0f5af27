"""Rule lock: a lock that is not that of its env file."""

import pytest

from deploy.checks import lock
from deploy.envfile import lock as locking
from deploy.envfile.lock import Lock
from deploy.envfile.parser import parse
from deploy.errors import BadLock

from .build import CANARY, dotenv, env, project, told

HEX = "00112233445566778899aabbccddeeff" * 2
OTHER_HEX = "f" * 64
KEY = f"CONFIG_LOCK_KEY={HEX}\n"
TEXT = f"{KEY}A={CANARY}\nB=2\n"
STALE = "run config.lock, and commit it"


def locked(text: str = TEXT) -> Lock:
    return locking.make(parse(text.encode(), source="x").vars, source="x")


def broken(*lines: str) -> BadLock:
    """What reading this lock raises."""
    with pytest.raises(BadLock) as caught:
        locking.parse("\n".join(lines).encode(), source="x")
    return caught.value


def test_a_lock_of_its_env_file_is_not_found() -> None:
    assert told(lock, project(env(TEXT, locked=locked()))) == []


def test_an_env_file_without_a_lock_is_not_found() -> None:
    assert told(lock, project(env(TEXT), dotenv(TEXT))) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(f"{KEY}A={CANARY}!\nB=2\n", "A", id="changed"),
        pytest.param(f"{KEY}A={CANARY}\n", "B", id="gone"),
        pytest.param(f"{TEXT}C={CANARY}\n", "C", id="new"),
        pytest.param(f"{KEY}C={CANARY}\nA={CANARY}!\n", "A, B, C", id="all three, sorted"),
        pytest.param(f"{KEY}A={CANARY}\nB=\n", "B", id="emptied"),
        pytest.param(f"{KEY}A=2\nB={CANARY}\n", "A, B", id="swapped"),
    ],
)
def test_names_that_differ_from_the_lock_are_told(text: str, names: str) -> None:
    assert told(lock, project(env(text, locked=locked()))) == [
        f".env.production.lock:0: differs from .env.production in {names}: {STALE}"
    ]


def test_another_key_is_told_instead_of_every_name() -> None:
    text = TEXT.replace(HEX, OTHER_HEX)
    assert told(lock, project(env(text, locked=locked()))) == [
        (
            ".env.production.lock:0: was made with another CONFIG_LOCK_KEY"
            f" than .env.production has: {STALE}"
        )
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("A=1\n", 0, "is not declared", id="none"),
        pytest.param(
            f"A=1\nCONFIG_LOCK_KEY={CANARY}\n",
            2,
            "must be 64 lowercase hex digits: openssl rand -hex 32 makes them",
            id="weak",
        ),
        pytest.param(
            "CONFIG_LOCK_KEY=\n",
            1,
            "must be 64 lowercase hex digits: openssl rand -hex 32 makes them",
            id="empty",
        ),
    ],
)
def test_an_env_file_without_a_good_key_is_told(text: str, line: int, reason: str) -> None:
    assert told(lock, project(env(text, locked=locked()))) == [
        (
            f".env.production:{line}: cannot be held against .env.production.lock:"
            f" CONFIG_LOCK_KEY {reason}"
        )
    ]


HEAD = f"config-lock/1 {'0' * 16}"
LINE = f"A {'0' * 64}"


@pytest.mark.parametrize(
    ("error", "found"),
    [
        pytest.param(broken(""), ["0: is empty"], id="empty"),
        pytest.param(broken("", CANARY), ["2: is no config-lock/1 lock"], id="no lock"),
        pytest.param(
            broken(HEAD, CANARY, LINE, LINE),
            ["2: is not a name and its digest", "4: A is locked twice"],
            id="each of its lines",
        ),
    ],
)
def test_a_lock_that_is_none_is_told_by_its_lines(error: BadLock, found: list[str]) -> None:
    assert told(lock, project(env(TEXT, locked=error))) == [
        f".env.production.lock:{each}: {STALE}" for each in found
    ]


@pytest.mark.parametrize("made", [locked(), broken("")], ids=["a lock", "none"])
def test_an_env_file_that_does_not_parse_is_not_held_against_its_lock(
    made: Lock | BadLock,
) -> None:
    assert told(lock, project(env(f"{TEXT}A=1\n", locked=made))) == []


def test_each_lock_is_held_against_its_own_env_file() -> None:
    other = f"{KEY}A=other\n"
    judged = project(
        env(TEXT, locked=locked(other)), env(other, ".env.staging", locked=locked(other))
    )
    assert told(lock, judged) == [
        f".env.production.lock:0: differs from .env.production in A, B: {STALE}"
    ]
