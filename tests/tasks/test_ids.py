"""An app may be given by its id, as Heroku takes it; all that follows is by its name."""

import pytest

from deploy.emulator import App, Emulator

from .conftest import Near
from .face import Face


@pytest.fixture
def face(near: Near) -> Face:
    return near


def test_a_sync_by_an_id_is_one_of_the_app_of_that_name(
    face: Face, app: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\n")
    done = face.run(f"config.sync --app {app.id} --prune --confirm myapp")
    assert (done.code, done.err) == (0, f"{app.id} is myapp\n")
    assert "myapp differs from .env.production" in done.out
    assert emulator.requests[0].path == f"/apps/{app.id}"
    paths = [each.path for each in emulator.requests[1:] if each.path != "/account"]
    assert {path.split("/")[2] for path in paths} == {"myapp"}


def test_confirm_takes_the_name_and_not_the_id(face: Face, app: App) -> None:
    done = face.run(f"config.sync --app {app.id} --confirm {app.id}")
    assert done.code == 1
    assert "error: --confirm does not name the app, which is myapp; nothing was" in done.err


def test_an_id_in_the_environment_is_looked_up_too(face: Face, app: App) -> None:
    face.env["HEROKU_APP"] = app.id
    done = face.run("config.diff")
    assert (done.code, done.out) == (0, "myapp is in sync with .env.production: 3 equal.\n")


@pytest.mark.parametrize("task", ["config.drift", "config.history", "config.compare --with other"])
def test_every_task_takes_one(face: Face, app: App, emulator: Emulator, task: str) -> None:
    emulator.add_app("other")
    done = face.run(f"{task} --app {app.id}")
    assert (done.code, done.err) == (0, f"{app.id} is myapp\n")


def test_the_second_app_may_be_given_so(face: Face, app: App, emulator: Emulator) -> None:
    other = emulator.add_app("other")
    done = face.run(f"config.compare --app myapp --with {other.id}")
    assert (done.code, done.err) == (0, f"{other.id} is other\n")


def test_an_id_that_is_no_apps_is_refused(face: Face) -> None:
    nobody = "01234567-89ab-cdef-0123-456789abcdef"
    done = face.run(f"config.diff --app {nobody}")
    assert (done.code, done.out) == (1, "")
    assert f"error: Heroku knows no app {nobody}" in done.err
