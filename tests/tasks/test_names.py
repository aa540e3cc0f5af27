"""Names as apps have them: the platform's prefix, a dot, a digit at the beginning."""

import json
import shlex

import pytest

from deploy.emulator import App, Emulator

from .conftest import Here
from .face import Face, settings

ODD = ("kpi.url", "2FA_X", "with-dash", "a:b")
"""Live names that no env file can declare."""


def test_a_declared_heroku_name_arrives(here: Here, face: Face, app: App) -> None:
    app.set_vars({"HEROKU_API_KEY": "old"})
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\nHEROKU_API_KEY=new\n")
    diff = here("config.diff --app myapp --exit-code")
    assert diff.code == 2
    assert "  ~ HEROKU_API_KEY  ******** -> ********\n" in diff.out
    assert here("config.drift --app myapp").code == 2
    assert here("config.sync --app myapp --yes").code == 0
    assert app.vars["HEROKU_API_KEY"] == "new"
    assert here("config.drift --app myapp").code == 0


def test_a_name_of_the_platform_is_left_alone(here: Here, face: Face, app: App) -> None:
    app.set_vars({"HEROKU_APP_NAME": "myapp"})
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=t0ken\nOLD=old\nHEROKU_APP_NAME=mine\n")
    done = here("config.sync --app myapp --yes")
    assert done.code == 0
    assert "Owned by an add-on or the platform, left alone: HEROKU_APP_NAME\n" in done.out
    assert app.vars["HEROKU_APP_NAME"] == "myapp"


def test_a_live_heroku_name_is_shown_and_survives_a_prune(here: Here, face: Face, app: App) -> None:
    app.set_vars({"HEROKU_X": "1"})
    done = here("config.sync --app myapp --prune --confirm myapp")
    assert done.out == (
        "myapp is in sync with .env.production: 3 equal.\n"
        "Unmanaged, kept in any case (an add-on, the platform or an open quote may hold them):"
        " HEROKU_X\n"
        "Nothing to do.\n"
    )
    assert app.vars["HEROKU_X"] == "1"
    done = here("config.drift --app myapp --no-blame")
    assert done.code == 2
    assert done.out == (
        "myapp drifted from .env.production: 0 changed, 0 missing, 1 unmanaged; 3 equal.\n"
        "    HEROKU_X  unmanaged, kept by a prune\n"
        "To take over what is live: invoke config.pull --app myapp\n"
        "To leave them where they are, in the settings: provided: [HEROKU_X]\n"
    )
    face.write("invoke.yaml", settings({"myapp": ".env.production"}, provided=["HEROKU_X"]))
    assert here("config.drift --app myapp").code == 0


@pytest.mark.parametrize("key", ["ignore", "provided"])
def test_drift_of_an_odd_name_can_be_ended(key: str, here: Here, face: Face, app: App) -> None:
    app.set_vars(dict.fromkeys(ODD, "1"))
    assert here("config.drift --app myapp").code == 2
    face.write("invoke.yaml", settings({"myapp": ".env.production"}, **{key: ODD}))
    done = here("config.drift --app myapp")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_can_be_chosen_by_every_option_that_takes_one(
    name: str, here: Here, face: Face, app: App
) -> None:
    app.set_vars({name: "shown"})
    assert f"{name}\n" in here(f"config.diff --app myapp --only {name}").out
    assert (
        f'  - {name}  "shown"\n'
        in here(f"config.diff --app myapp --prune --only {name} --reveal {name}").out
    )
    assert f"+{name}\n" in here(f"config.history --app myapp --name {name}").out


@pytest.mark.parametrize("name", ODD)
def test_the_undo_line_of_an_odd_name_works(
    name: str, here: Here, app: App, emulator: Emulator
) -> None:
    emulator.plain_names = False
    app.set_vars({name: "back"})
    done = here(f"config.sync --app myapp --prune --only {name} --confirm myapp")
    assert name not in app.vars
    undo = done.out.splitlines()[-1].removeprefix("Undo: invoke ")
    assert shlex.split(undo)[-2:] == ["--restore", name]
    assert here(f"{undo} --confirm myapp").code == 0
    assert app.vars[name] == "back"


def test_an_odd_name_that_heroku_refuses_is_a_refusal(here: Here, app: App) -> None:
    """No source says whether Heroku takes one in a PATCH."""
    app.set_vars({"kpi.url": "1"})
    done = here("config.sync --app myapp --prune --confirm myapp")
    assert done.code == 1
    assert "nothing was written (422)" in done.err
    assert app.vars["kpi.url"] == "1"


def test_what_a_pull_cannot_carry_can_be_ignored_as_it_advises(
    here: Here, face: Face, app: App
) -> None:
    app.set_vars(dict.fromkeys(ODD, "1"))
    done = here("config.pull --app myapp --yes")
    assert done.code == 1
    assert "  put it under ignore: in the settings\n" in done.err
    face.write("invoke.yaml", settings({"myapp": ".env.production"}, ignore=ODD))
    assert here("config.pull --app myapp --yes").code == 0


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_a_name_that_a_runner_would_obey_is_broken(form: str, here: Here, app: App) -> None:
    app.set_vars({"##[add-mask]x": "1"})
    done = here(f"config.drift --app myapp --format {form}")
    assert done.code == 2
    assert "##[" not in done.out + done.err
    if form == "json":
        [row] = json.loads(done.out)["apps"]
        assert row["drifted"][0]["name"] == "##[add-mask]x"


SPEAKING = "::error::x"
"""A runner obeys it at the beginning of a line, whatever blanks are before it."""


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("line", ["config.drift --no-blame", "config.drift"])
def test_no_name_begins_a_line_as_a_command_does(
    form: str, line: str, here: Here, app: App, emulator: Emulator
) -> None:
    """What a prune spares stands behind blanks alone."""
    emulator.plain_names = False
    app.set_vars({SPEAKING: "1", "HEROKU_X::error::x": "1", "-x": "1"})
    done = here(f"{line} --app myapp --format {form}")
    assert done.code == 2
    said = [each.lstrip() for each in (done.out + done.err).splitlines()]
    assert not [each for each in said if each.startswith("::error::")]
    assert f"--name {SPEAKING}" not in done.out + done.err


@pytest.mark.parametrize("name", ["$(x)", "A B", "--force", "A\nB"])
def test_the_undo_line_holds_no_name_that_is_none(
    name: str, here: Here, app: App, emulator: Emulator
) -> None:
    emulator.plain_names = False
    app.set_vars({name: "back"})
    done = here("config.sync --app myapp --prune --confirm myapp")
    assert done.code == 0
    assert done.out.splitlines()[-1] == (
        "Undo: a name in it can stand in no command; see config.history"
    )
