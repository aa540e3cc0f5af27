"""`config.compare` as a command: two apps side by side, and what they should not share."""

import json

import pytest

from deploy.emulator import App, Emulator

from .conftest import Here
from .face import Face, settings

COMPARE = "config.compare --app myapp --with myapp-staging"
AN_APP = "  an app's name has 3 to 30 lowercase letters, digits and dashes\n"


@pytest.fixture
def staging(emulator: Emulator) -> App:
    return emulator.add_app("myapp-staging", {"LOG_LEVEL": "INFO", "TOKEN": "t0ken", "NEW": "1"})


# The text, and the document.


def test_text_has_a_row_a_name_and_calls_out_the_shared_secret_on_top(
    here: Here, staging: App, emulator: Emulator
) -> None:
    done = here(COMPARE)
    assert done.out == (
        "The same secret in both: TOKEN\n"
        "                 myapp     myapp-staging\n"
        "<  DATABASE_URL  ********  -\n"
        "~  LOG_LEVEL     ********  ********       (differs only in letter case)\n"
        ">  NEW           -         ********\n"
        "<  OLD           ********  -\n"
        "=  TOKEN         ********  ********\n"
        "1 equal, 1 different, 2 only on myapp, 1 only on myapp-staging.\n"
    )
    assert (done.code, done.err) == (0, "")
    assert {request.method for request in emulator.requests} == {"GET"}


def test_what_is_the_same_can_be_left_out_and_a_shared_secret_is_called_out_all_the_same(
    here: Here, staging: App
) -> None:
    done = here(f"{COMPARE} --only-different")
    assert done.out == (
        "The same secret in both: TOKEN\n"
        "                 myapp     myapp-staging\n"
        "<  DATABASE_URL  ********  -\n"
        "~  LOG_LEVEL     ********  ********       (differs only in letter case)\n"
        ">  NEW           -         ********\n"
        "<  OLD           ********  -\n"
        "1 equal, 1 different, 2 only on myapp, 1 only on myapp-staging.\n"
    )
    told = json.loads(here(f"{COMPARE} --only-different --format json").out)
    assert [each["name"] for each in told["vars"]] == ["DATABASE_URL", "LOG_LEVEL", "NEW", "OLD"]
    assert told["shared_secrets"] == ["TOKEN"]


def test_of_two_apps_that_are_the_same_only_the_count_is_left(
    here: Here, app: App, emulator: Emulator
) -> None:
    emulator.add_app("myapp-staging", app.vars)
    done = here(f"{COMPARE} --only-different")
    assert done.out.splitlines()[-1] == (
        "4 equal, 0 different, 0 only on myapp, 0 only on myapp-staging."
    )
    assert "=  " not in done.out


def test_json_is_one_document(here: Here, face: Face, staging: App) -> None:
    face.write("invoke.yaml", settings({}, ignore=["OLD"]))
    done = here(f"{COMPARE} --format json --reveal LOG_LEVEL")
    assert json.loads(done.out) == {
        "schema_version": 1,
        "app": "myapp",
        "with": "myapp-staging",
        "shared_secrets": ["TOKEN"],
        "vars": [
            {"name": "DATABASE_URL", "state": "only_app", "app": "********", "with": None},
            {"name": "LOG_LEVEL", "state": "different", "app": "info", "with": "INFO"},
            {"name": "NEW", "state": "only_with", "app": None, "with": "********"},
            {"name": "TOKEN", "state": "equal", "app": "********", "with": "********"},
        ],
        "ignored": ["OLD"],
        "unreadable": [],
    }
    assert (done.code, done.err) == (0, "")


def test_it_needs_no_env_file(here: Here, face: Face, staging: App) -> None:
    (face.folder / ".env.production").unlink()
    assert here(COMPARE).code == 0


def test_two_apps_that_share_no_secret_have_no_line_about_one(here: Here, staging: App) -> None:
    staging.set_vars({"TOKEN": "another", "NEW": None, "LOG_LEVEL": "info", "OLD": ""})
    assert here(COMPARE).out == (
        "                 myapp     myapp-staging\n"
        "<  DATABASE_URL  ********  -\n"
        "=  LOG_LEVEL     ********  ********\n"
        "~  OLD           ********  ********       (empty on myapp-staging)\n"
        "~  TOKEN         ********  ********\n"
        "1 equal, 2 different, 1 only on myapp, 0 only on myapp-staging.\n"
    )


def test_the_first_app_is_always_the_one_on_the_left(here: Here, staging: App) -> None:
    staging.set_vars({"OLD": ""})
    done = here("config.compare --app myapp-staging --with myapp")
    assert "                 myapp-staging  myapp\n" in done.out
    assert ">  DATABASE_URL  -              ********\n" in done.out
    assert "~  OLD           ********       ********  (empty on myapp-staging)\n" in done.out
    assert "1 equal, 2 different, 1 only on myapp-staging, 1 only on myapp.\n" in done.out


def test_two_apps_without_any_var_are_equal_in_none(here: Here, emulator: Emulator) -> None:
    emulator.add_app("bare-one")
    emulator.add_app("bare-two")
    assert here("config.compare --app bare-one --with bare-two").out == (
        "0 equal, 0 different, 0 only on bare-one, 0 only on bare-two.\n"
    )


# What is compared, and what is shown.


def test_an_add_on_that_serves_both_is_compared_and_its_password_called_out(
    here: Here, app: App, staging: App
) -> None:
    staging.attach(
        app.addons[0],
        attachment="DATABASE",
        config={"DATABASE_URL": "postgres://user:w8rD2kQz@host.db.dev/db"},
    )
    done = here(COMPARE)
    assert done.out.startswith("The same secret in both: DATABASE_URL, TOKEN\n")
    assert "\n=  DATABASE_URL  ********  ********\n" in done.out


def test_ignored_names_are_left_out_and_listed_though_they_are_a_shared_secret(
    here: Here, face: Face, staging: App
) -> None:
    face.write("invoke.yaml", settings({}, ignore=["TOK*", "DATABASE_URL", "ABSENT"]))
    assert here(COMPARE).out == (
        "              myapp     myapp-staging\n"
        "~  LOG_LEVEL  ********  ********       (differs only in letter case)\n"
        ">  NEW        -         ********\n"
        "<  OLD        ********  -\n"
        "Ignored by the settings, left out: DATABASE_URL, TOKEN\n"
        "0 equal, 1 different, 1 only on myapp, 1 only on myapp-staging.\n"
    )


@pytest.mark.parametrize("way", ["option", "settings"])
def test_values_of_chosen_names_are_shown_and_of_no_other(
    way: str, here: Here, face: Face, staging: App
) -> None:
    if way == "settings":
        face.write("invoke.yaml", settings({}, reveal=["LOG_*", "NEW"]))
    done = here(f"{COMPARE} --reveal LOG_* --reveal NEW" if way == "option" else COMPARE)
    assert '\n~  LOG_LEVEL     "info"    "INFO"         (differs only in letter case)\n' in done.out
    assert '\n>  NEW           -         "1"\n' in done.out
    assert "\n=  TOKEN         ********  ********\n" in done.out
    for value in ("t0ken", "postgres", "old"):
        assert value not in done.out


def test_in_ci_a_pattern_reveals_nothing_and_says_so(here: Here, face: Face, staging: App) -> None:
    face.env["CI"] = "true"
    done = here(f"{COMPARE} --reveal LOG_* --reveal NEW")
    assert "\n~  LOG_LEVEL     ********  ********       (differs only" in done.out
    assert '\n>  NEW           -         "1"\n' in done.out
    assert done.err == "warning: in CI --reveal takes exact names alone; patterns show nothing\n"


def test_a_value_is_shown_on_one_line_whatever_is_in_it(here: Here, staging: App) -> None:
    staging.set_vars({"NEW": 'two\nlines \x1b[2J"'})
    done = here(f"{COMPARE} --reveal NEW")
    assert '>  NEW           -         "two\\nlines \\u001b[2J\\""\n' in done.out


# Which apps.


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ("", "no second app is named\n  name it with --with\n"),
        (" --with myapp", "--with is myapp too\n  name another app\n"),
        (
            " --with --dry",
            f"--with holds no app's name but an option\n{AN_APP}",
        ),
        (
            " --with=",
            f"--with holds no app's name\n{AN_APP}",
        ),
    ],
    ids=["missing", "same", "swallowed", "empty"],
)
def test_a_second_app_that_cannot_be_meant_is_refused(
    options: str, error: str, here: Here, emulator: Emulator
) -> None:
    done = here(f"config.compare --app myapp{options}")
    assert (done.code, done.out, done.err) == (1, "", f"error: {error}")
    assert emulator.requests == []


@pytest.mark.parametrize(
    "options", ["--app nosuchapp --with myapp", "--app myapp --with nosuchapp"]
)
def test_an_app_that_heroku_does_not_know_is_named_on_whichever_side(
    options: str, here: Here
) -> None:
    done = here(f"config.compare {options}")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: Heroku knows no app nosuchapp, or the API key from ")
    done = here(f"config.compare {options} --format json")
    assert (done.code, json.loads(done.out)["error"]["kind"]) == (1, "AppNotFound")


def test_the_environment_names_the_first_app_and_never_the_second(
    here: Here, face: Face, staging: App
) -> None:
    face.env["HEROKU_APP"] = "myapp"
    assert here("config.compare --with myapp-staging").out == here(COMPARE).out
    assert here("config.compare --with myapp").err.startswith("error: --with is myapp too\n")
    assert here("config.compare").err.startswith("error: no second app is named\n")


def test_a_difference_is_no_failure_of_the_command(face: Face, staging: App) -> None:
    assert face.run(COMPARE).code == 0
