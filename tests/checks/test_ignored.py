"""Rule ignored: env files that a commit holds or could hold."""

import pytest

from deploy.checks import ignored
from deploy.project.facts import Tracking

from .build import CANARY, env, project, told

TEXT = f"API_KEY={CANARY}\n"
TRACKED = (
    "is tracked by git: git rm --cached .env.production,"
    " and put .env*, !.env.example, !*.lock and !*.enc into .gitignore"
)
EXPOSED = "git does not ignore it: put .env*, !.env.example, !*.lock and !*.enc into .gitignore"
KNOWN = (
    "is in an earlier commit (abc1234):"
    " its values are known to whoever has the history; change them"
)


@pytest.mark.parametrize(
    ("tracking", "messages"),
    [
        pytest.param(None, [], id="no checkout"),
        pytest.param(Tracking(is_ignored=True, is_tracked=False), [], id="ignored"),
        pytest.param(Tracking(is_ignored=False, is_tracked=False), [EXPOSED], id="exposed"),
        pytest.param(Tracking(is_ignored=False, is_tracked=True), [TRACKED], id="added"),
        pytest.param(Tracking(is_ignored=True, is_tracked=True), [TRACKED], id="ignored too late"),
        pytest.param(
            Tracking(is_ignored=False, is_tracked=True, commit="abc1234"),
            [f"{TRACKED}; it is in a commit (abc1234): change its values"],
            id="committed",
        ),
        pytest.param(
            Tracking(is_ignored=True, is_tracked=False, commit="abc1234"),
            [KNOWN],
            id="committed once",
        ),
        pytest.param(
            Tracking(is_ignored=False, is_tracked=False, commit="abc1234"),
            [EXPOSED, KNOWN],
            id="committed once and exposed",
        ),
    ],
)
def test_what_git_may_know_of_a_file_is_found(
    tracking: Tracking | None, messages: list[str]
) -> None:
    found = told(ignored, project(env(TEXT, tracking=tracking)))
    assert found == [f".env.production:0: {message}" for message in messages]


@pytest.mark.parametrize(
    ("tracking", "messages"),
    [
        pytest.param(
            Tracking(is_ignored=True, is_tracked=True, commit="abc1234"), [TRACKED], id="tracked"
        ),
        pytest.param(
            Tracking(is_ignored=True, is_tracked=False, commit="abc1234"), [], id="committed once"
        ),
    ],
)
def test_where_a_file_has_no_secret_nobody_is_told_to_change_its_values(
    tracking: Tracking, messages: list[str]
) -> None:
    public = env(f"VITE_API_KEY={CANARY}\nDEBUG=on\n", tracking=tracking)
    found = told(ignored, project(public))
    assert found == [f".env.production:0: {message}" for message in messages]


@pytest.mark.parametrize(
    ("text", "is_declared"),
    [
        pytest.param(TEXT, False, id="not declared"),
        pytest.param(f"A={CANARY}\nA={CANARY}\n", True, id="no env file"),
    ],
)
def test_any_env_file_counts(text: str, *, is_declared: bool) -> None:
    tracking = Tracking(is_ignored=False, is_tracked=False)
    judged = project(env(text, ".env", is_declared=is_declared, tracking=tracking))
    assert told(ignored, judged) == [f".env:0: {EXPOSED}"]


@pytest.mark.parametrize(("commit", "messages"), [(None, []), ("abc1234", [KNOWN])])
def test_of_a_file_that_is_not_there_its_history_alone_counts(
    commit: str | None, messages: list[str]
) -> None:
    tracking = Tracking(is_ignored=False, is_tracked=False, commit=commit)
    found = told(ignored, project(env(None, tracking=tracking)))
    assert found == [f".env.production:0: {message}" for message in messages]


def test_the_command_can_be_pasted_whatever_the_path() -> None:
    tracking = Tracking(is_ignored=False, is_tracked=True)
    assert told(ignored, project(env(TEXT, "my app/.env;x", tracking=tracking))) == [
        (
            "my app/.env;x:0: is tracked by git: git rm --cached 'my app/.env;x',"
            " and put .env*, !.env.example, !*.lock and !*.enc into .gitignore"
        )
    ]


@pytest.mark.parametrize(
    ("tracking", "messages"),
    [
        pytest.param(Tracking(is_ignored=True, is_tracked=False), [], id="ignored"),
        pytest.param(
            Tracking(is_ignored=False, is_tracked=False),
            ["is a link to vault/x: git does not ignore it: put vault/x into .gitignore"],
            id="exposed",
        ),
        pytest.param(
            Tracking(is_ignored=False, is_tracked=True, commit="abc1234"),
            [
                (
                    "is a link to vault/x: is tracked by git: git rm --cached vault/x, and put"
                    " vault/x into .gitignore; it is in a commit (abc1234): change its values"
                )
            ],
            id="tracked",
        ),
    ],
)
def test_of_a_link_that_is_ignored_the_file_behind_it_counts(
    tracking: Tracking, messages: list[str]
) -> None:
    own = Tracking(is_ignored=True, is_tracked=False)
    judged = project(env(TEXT, tracking=own, linked=("vault/x", tracking)))
    assert told(ignored, judged) == [f".env.production:0: {message}" for message in messages]
