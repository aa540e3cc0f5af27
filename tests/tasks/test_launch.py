"""The options as Invoke shows and reads them."""

import re

import pytest

from deploy.emulator import App, Emulator

from .conftest import Here
from .face import Face, settings


@pytest.mark.parametrize(
    ("task", "options"),
    [
        ("check", ["--file", "--only", "--skip"]),
        ("compare", ["--app", "--with", "--reveal"]),
        ("diff", ["--app", "--explain", "--file", "--only", "--release", "--reveal"]),
        ("drift", ["--app", "--file"]),
        ("history", ["--app", "--limit", "--name"]),
        ("review", ["--base"]),
        ("pull", ["--app", "--confirm", "--file", "--only", "--reveal"]),
        ("rollback", ["--app", "--only", "--to", "--restore", "--confirm", "--reveal", "--wait"]),
        (
            "sync",
            ["--app", "--file", "--first", "--only", "--expect", "--confirm", "--reveal", "--wait"],
        ),
    ],
)
def test_help_tells_an_option_with_a_value_from_a_switch(
    task: str, options: list[str], face: Face
) -> None:
    shown = face.run(f"--help config.{task}").out
    valued = set(re.findall(r"(--[a-z-]+)=STRING", shown))
    stage = {"--pipeline", "--stage"} if task not in {"check", "review", "where"} else set()
    assert valued - {"--format"} == {*options, *stage}
    assert max(map(len, shown.splitlines())) <= 80


def test_help_shows_what_an_option_is_where_it_is_left_out(face: Face) -> None:
    """In a process of its own: Invoke gives each help text out once."""
    shown = face.run("--help config.history").out
    assert "  --limit=STRING            How many releases to show; 20 is the default.\n" in shown
    assert "  --format=STRING           text (the default) or json.\n" in shown


@pytest.mark.parametrize(
    "task", ["compare", "diff", "drift", "history", "pull", "rollback", "sync", "where"]
)
def test_a_is_short_for_app_and_nothing_else_is_short(task: str, here: Here) -> None:
    shown = here(f"--help config.{task}").out
    assert re.findall(r"^  (-[a-zA-Z]\b[^ ]* STRING, --[a-z-]+)", shown, re.MULTILINE) == [
        "-a STRING, --app"
    ]
    assert re.findall(r"^  -[a-zA-Z]\b", shown, re.MULTILINE) == ["  -a"]


@pytest.mark.parametrize("words", ["-a myapp", "-a=myapp", "-amyapp", "--app myapp", "--app=myapp"])
@pytest.mark.parametrize("task", ["config.diff", "config", "config.drift", "config.sync"])
def test_the_app_is_named_in_each_way_that_invoke_knows(task: str, words: str, here: Here) -> None:
    done = here(f"{task} {words}")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("myapp is in sync with .env.production: 3 equal.\n")


def test_a_may_be_repeated_for_a_diff_and_a_sync(here: Here, emulator: Emulator) -> None:
    emulator.add_app("other", {"LOG_LEVEL": "info", "TOKEN": "t0ken", "OLD": "old"})
    same = (
        "other is in sync with .env.production: 3 equal.\n"
        "myapp is in sync with .env.production: 3 equal.\n"
        "2 apps: 2 in sync, 0 differ, 0 not read.\n"
    )
    assert here("config.diff -a other --app=myapp").out == same
    assert here("config.sync -aother -a myapp").out == f"{same}Nothing to do.\n"


def test_a_may_be_repeated_for_a_drift(here: Here, emulator: Emulator) -> None:
    emulator.add_app("other", {"LOG_LEVEL": "info", "TOKEN": "t0ken", "OLD": "old"})
    assert here("config.drift -a other --app myapp").out == (
        "other is in sync with .env.production: 3 equal.\n"
        "myapp is in sync with .env.production: 3 equal.\n"
        "2 apps: 2 in sync, 0 drifted, 0 not checked.\n"
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("config.drift -a --no-blame", "error: -a got no value\n  give it one, or leave it out\n"),
        ("config.drift -a -R", "error: -a got no value\n  give it one, or leave it out\n"),
        ("config.drift --no-blame -a", "error: -a got no value\n  give it one, or leave it out\n"),
        ("config.sync -a --dry", "error: -a got no value\n  give it one, or leave it out\n"),
        ("config.sync -a --yes", "error: -a got no value\n  give it one, or leave it out\n"),
        (
            "config.pull -a --dry",
            (
                "error: --app holds no app's name but an option\n"
                "  an app's name has 3 to 30 lowercase letters, digits and dashes\n"
            ),
        ),
        (
            "config.sync -aR",
            (
                "error: --app holds no app's name\n"
                "  an app's name has 3 to 30 lowercase letters, digits and dashes\n"
            ),
        ),
    ],
)
def test_an_option_behind_a_is_not_swallowed(
    words: str, says: str, face: Face, here: Here, emulator: Emulator
) -> None:
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    done = here(words)
    assert (done.code, done.err, emulator.requests) == (1, says, [])


def test_a_switch_behind_a_is_invokes_own_error(
    face: Face, here: Here, emulator: Emulator, app: App
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\n")
    done = here("config.pull -a --yes")
    assert (done.code, emulator.requests) == (1, [])
    assert "needed value and was not given one" in done.err


def test_each_name_of_a_repeated_option_arrives(face: Face, here: Here) -> None:
    face.write(".env.production", "A=1\nB=2\nC=3\n")
    done = here("config.diff -a myapp --only A --only=B --reveal A --reveal=B")
    assert done.out.splitlines()[1:3] == ['  + A  "1"', '  + B  "2"']


def test_a_second_task_begins_with_no_name_of_the_first(face: Face, here: Here) -> None:
    face.write(".env.production", "A=1\nB=2\n")
    done = here("config.diff -a myapp --only A config.diff -a myapp --only B")
    assert [line for line in done.out.splitlines() if line.startswith("  ")] == [
        "  + A  ********",
        "  + B  ********",
    ]


def test_a_collection_that_is_bound_under_another_name_has_the_same_options(
    face: Face, here: Here
) -> None:
    face.write(
        "tasks.py",
        "from invoke import Collection\nfrom deploy.tasks import config\n"
        "ns = Collection()\nns.add_collection(config, name='heroku')\n",
    )
    assert "--only=STRING" in here("--help heroku.diff").out
    assert here("heroku.drift -a myapp").code == 0
