"""Rule syntax: what the parser of env files says is found, at its line."""

import pytest

from deploy.checks import syntax

from .build import CANARY, dotenv, env, project, told

AGAIN = f"A={CANARY}\nA={CANARY}2\n"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param(AGAIN, 2, "A: is declared again (first on line 1)", id="twice"),
        pytest.param("A=1\n\nAPI_KEY\n", 3, "API_KEY: a name without =", id="no ="),
        pytest.param(f"A=1\n{CANARY}\n", 2, "a name without =", id="no name"),
        pytest.param(f"A=1\n{CANARY} {CANARY}\n", 2, "does not parse as NAME=value", id="no pair"),
        pytest.param(
            f"A='{CANARY}\n",
            1,
            "A: a quote is left open, or text follows the closing one",
            id="open quote",
        ),
        pytest.param(f"A={CANARY}\x07\n", 1, "A: holds a control character", id="control"),
        pytest.param("", 0, "is empty: it declares nothing", id="empty"),
        pytest.param("# A=1\n", 0, "declares nothing: it holds comments alone", id="comments"),
    ],
)
def test_what_the_parser_refuses_is_found(text: str, line: int, message: str) -> None:
    assert told(syntax, project(env(text))) == [f".env.production:{line}: {message}"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param(
            f"\nA={CANARY}${{B}}\n",
            2,
            "A: ${…} is sent as it stands: nothing is filled in",
            id="braces",
        ),
        pytest.param(
            f"A={CANARY} # {CANARY}\n",
            1,
            "A: the text from # on is taken as a comment: quote the value if it belongs to it",
            id="comment",
        ),
        pytest.param(
            f"A='{CANARY}\u00a0'\n",
            1,
            "A: white space of an unusual kind is part of the value",
            id="blank",
        ),
        pytest.param(
            f"__A={CANARY}\n",
            1,
            "__A: a name with two leading underscores is reserved by Heroku",
            id="reserved",
        ),
        pytest.param(
            f'A="{CANARY}\nB="\n',
            2,
            "B: an assignment inside a quoted value: is a quote further up left open?",
            id="swallowed",
        ),
        pytest.param(
            f"A={'x ' * 33_000}{CANARY}\n",
            0,
            "all names and values together are above Heroku's limit of 64 kB",
            id="too large",
        ),
    ],
)
def test_what_the_parser_warns_about_is_found(text: str, line: int, message: str) -> None:
    assert told(syntax, project(env(text))) == [f".env.production:{line}: {message}"]


def test_everything_is_found_at_once() -> None:
    judged = project(env(f"{AGAIN}B\n"), env("C='1\u00a0'\n", ".env.staging"))
    assert told(syntax, judged) == [
        ".env.production:2: A: is declared again (first on line 1)",
        ".env.production:3: B: a name without =",
        ".env.staging:1: C: white space of an unusual kind is part of the value",
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"# x\n\nexport A='{CANARY}'\nB=\n", id="a good one"),
        pytest.param("A=changeme\n", id="a placeholder"),
        pytest.param("A=********\n", id="a mask"),
        pytest.param(None, id="none"),
    ],
)
def test_there_is_nothing_to_find_in(text: str | None) -> None:
    assert told(syntax, project(env(text))) == []


def test_beside_a_mask_the_rest_is_found() -> None:
    assert told(syntax, project(env(f"B=********\n{AGAIN}"))) == [
        ".env.production:3: A: is declared again (first on line 2)"
    ]


def test_a_file_that_declares_nothing_for_an_app_is_left_alone() -> None:
    assert told(syntax, project(dotenv(AGAIN))) == []
