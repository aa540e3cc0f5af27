"""Rule permissions: env files that others on the machine can get at."""

import pytest

from deploy.checks import permissions

from .build import CANARY, env, project, told

TEXT = f"A={CANARY}\n"


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        pytest.param(0o644, "others can read it (mode 0644)", id="0644"),
        pytest.param(0o664, "others can read it (mode 0664)", id="0664"),
        pytest.param(0o666, "others can read and write it (mode 0666)", id="0666"),
        pytest.param(0o777, "others can read and write it (mode 0777)", id="0777"),
        pytest.param(0o640, "its group can read it (mode 0640)", id="0640"),
        pytest.param(0o660, "its group can read and write it (mode 0660)", id="0660"),
        pytest.param(0o602, "others can write it (mode 0602)", id="0602"),
        pytest.param(0o620, "its group can write it (mode 0620)", id="0620"),
        pytest.param(0o711, "others can run it (mode 0711)", id="0711"),
        pytest.param(0o004, "others can read it (mode 0004)", id="0004"),
    ],
)
def test_what_is_open_to_more_than_its_owner_is_found(mode: int, message: str) -> None:
    assert told(permissions, project(env(TEXT, mode=mode))) == [
        f".env.production:0: {message}: chmod 600 .env.production"
    ]


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700, 0o000, None], ids=lambda mode: f"{mode}")
def test_what_is_its_owners_alone_is_not_found(mode: int | None) -> None:
    assert told(permissions, project(env(TEXT, mode=mode))) == []


def test_any_env_file_counts() -> None:
    judged = project(env("no pair\n", mode=0o644), env(TEXT, ".env", is_declared=False, mode=0o640))
    assert told(permissions, judged) == [
        ".env.production:0: others can read it (mode 0644): chmod 600 .env.production",
        ".env:0: its group can read it (mode 0640): chmod 600 .env",
    ]


def test_a_file_that_is_not_there_is_not_found() -> None:
    assert told(permissions, project(env(None, mode=0o644))) == []


def test_the_command_can_be_pasted_whatever_the_path() -> None:
    assert told(permissions, project(env(TEXT, "my app/.env", mode=0o644))) == [
        "my app/.env:0: others can read it (mode 0644): chmod 600 'my app/.env'"
    ]
