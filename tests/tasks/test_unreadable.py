"""A var whose value Heroku does not tell is shown as that, and taken for nothing else."""

import json
from collections.abc import Callable

import pytest

from deploy.emulator import App, Emulator
from deploy.emulator.hidden import Hidden

from .conftest import Near
from .face import Face, settings

LEFT = (
    "Unreadable on Heroku, left alone (only --force writes over one, where it is declared): TOKEN\n"
)
Git = Callable[..., None]


@pytest.fixture
def face(near: Near) -> Face:
    """`TOKEN` of the app is declared, and masked."""
    return near


@pytest.fixture(
    params=[None, "********", "\u2022\u2022\u2022\u2022"], ids=["null", "ours", "theirs"]
)
def masked(request: pytest.FixtureRequest, app: App) -> App:
    """The app, with a mask on TOKEN for each way that it may be shown."""
    app.hidden.masked["TOKEN"] = request.param
    return app


@pytest.fixture(params=[True, False], ids=["settings", "none"], autouse=True)
def platform(request: pytest.FixtureRequest, emulator: Emulator) -> None:
    """Heroku may know the settings of config vars, or not."""
    emulator.config_settings = request.param


def sent(emulator: Emulator) -> list[tuple[str, ...]]:
    return [request.names for request in emulator.requests if request.method == "PATCH"]


def test_it_is_no_difference(face: Face, masked: App) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=other\nOLD=old\n")
    done = face.run("config.diff --app myapp --exit-code")
    assert (done.code, done.err) == (0, "")
    assert done.out == "myapp is in sync with .env.production: 2 equal.\n" + LEFT
    found = json.loads(face.run("config.diff --app myapp --format json").out)
    assert (found["in_sync"], found["unreadable"], found["changes"]) == (True, ["TOKEN"], [])


def test_it_is_never_written_over_unasked(face: Face, masked: App, emulator: Emulator) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=other\nOLD=old\n")
    done = face.run("config.sync --app myapp --yes")
    assert (done.code, sent(emulator)) == (0, [("LOG_LEVEL",)])
    assert LEFT in done.out
    assert masked.vars["TOKEN"] == "t0ken"


def test_it_is_never_pruned(face: Face, masked: App, emulator: Emulator) -> None:
    face.write(".env.production", "LOG_LEVEL=info\n")
    done = face.run("config.sync --app myapp --prune --confirm myapp --force")
    assert (done.code, sent(emulator)) == (0, [("OLD",)])
    assert masked.vars["TOKEN"] == "t0ken"


def test_with_force_it_is_written_over_and_said_not_to_be_verified(
    face: Face, masked: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=other\nOLD=old\n")
    done = face.run("config.sync --app myapp --yes --force")
    assert (done.code, done.err) == (0, "")
    assert sent(emulator) == [("LOG_LEVEL", "TOKEN")]
    assert masked.vars["TOKEN"] == "other"
    assert (
        "  ~ LOG_LEVEL  ******** -> ********\n  ~ TOKEN      (unreadable) -> ********\n" in done.out
    )
    assert done.out.endswith(
        "Set 0, changed 2, removed 0 on myapp (v4).\n"
        "Not verified, since it cannot be read back: TOKEN\n"
        "Undo: invoke config.rollback --app myapp --to v3\n"
        "No undo, since what stood there cannot be read: TOKEN\n"
    )


def test_one_that_is_left_out_of_what_is_read_is_not_verified_either(
    face: Face, app: App, emulator: Emulator
) -> None:
    """Only the settings tell that it is there; afterwards its absence is no failure."""
    emulator.config_settings = True
    app.hidden.masked["TOKEN"] = Hidden.ABSENT
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=other\nOLD=old\n")
    done = face.run("config.sync --app myapp --yes --force")
    assert (done.code, done.err, app.vars["TOKEN"]) == (0, "", "other")
    assert "Not verified, since it cannot be read back: TOKEN\n" in done.out


def test_it_may_be_all_that_is_written(face: Face, masked: App) -> None:
    """Nothing that can be read tells then which release it is: the only new one."""
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=other\nOLD=old\n")
    done = face.run("config.sync --app myapp --yes --force --format json")
    assert done.code == 0
    result = json.loads(done.out)["result"]
    assert (result["state"], result["version"], result["changed"]) == ("applied", 4, 1)
    assert result["unverified"] == ["TOKEN"]


def test_a_dry_run_says_what_it_takes(face: Face, masked: App) -> None:
    done = face.run("config.sync --app myapp --dry-run --force")
    assert done.out.endswith("To apply this: --yes --force\n")


def test_a_reviewed_plan_writes_over_nothing_that_cannot_be_read(
    face: Face, masked: App, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=other\nOLD=old\n")
    digest = face.run("config.diff --app myapp").out.rpartition("Plan ")[2].strip()
    done = face.run(f"config.sync --app myapp --expect {digest} --force")
    assert (done.code, sent(emulator)) == (0, [("LOG_LEVEL",)])


def test_a_plan_of_before_it_was_masked_is_another(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n")
    digest = face.run("config.diff --app myapp").out.rpartition("Plan ")[2].strip()
    app.hidden.masked["TOKEN"] = None
    done = face.run(f"config.sync --app myapp --expect {digest}")
    assert done.code == 1
    assert f"error: this is not the plan {digest}" in done.err


def test_it_is_no_drift(face: Face, masked: App) -> None:
    face.write(".env.production", "LOG_LEVEL=info\nTOKEN=other\nOLD=old\n")
    done = face.run("config.drift --app myapp")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "myapp is in sync with .env.production: 2 equal.\n"
        "Unreadable on Heroku, not compared: TOKEN\n"
    )
    [row] = json.loads(face.run("config.drift --app myapp --format json").out)["apps"]
    assert (row["state"], row["unreadable"]) == ("in_sync", ["TOKEN"])
    assert face.run("config.drift --app myapp --format github").out == (
        "::notice title=myapp::TOKEN cannot be read on Heroku, and was not compared\n"
        "myapp is in sync with .env.production: 2 equal.\n"
    )


def test_it_is_no_drift_from_a_lock(face: Face, app: App) -> None:
    key = "0f" * 32
    app.set_vars({"CONFIG_LOCK_KEY": key})
    face.write(".env.production", f"LOG_LEVEL=info\nTOKEN=x\nOLD=old\nCONFIG_LOCK_KEY={key}\n")
    assert face.run("config.lock").code == 0
    app.hidden.masked["TOKEN"] = None
    done = face.run("config.drift --app myapp --lock")
    assert done.code == 0
    assert done.out.endswith("Unreadable on Heroku, not compared: TOKEN\n")
    app.hidden.masked["CONFIG_LOCK_KEY"] = None
    done = face.run("config.drift --app myapp --lock")
    assert done.code == 1
    assert "the CONFIG_LOCK_KEY of myapp cannot be read, and so no lock can" in done.out


def test_an_unreadable_key_is_said_before_another_one_is_made(
    face: Face, app: App, git: Git
) -> None:
    face.write(".gitignore", ".env*\n!*.lock\n")
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    app.set_vars({"CONFIG_LOCK_KEY": "0f" * 32})
    app.hidden.masked["CONFIG_LOCK_KEY"] = None
    done = face.run("config.lock --yes")
    assert "warning: the CONFIG_LOCK_KEY of myapp cannot be read: a lock that is made" in done.err


@pytest.mark.parametrize("options", ["", " --prune"])
def test_pull_leaves_the_entry_as_it_is_and_says_so(
    face: Face, masked: App, git: Git, options: str
) -> None:
    face.write(".gitignore", ".env*\n")
    path = face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=mine\nOLD=old\n")
    done = face.run(f"config.pull --app myapp --yes{options}")
    assert done.code == 1
    assert path.read_text() == "LOG_LEVEL=info\nTOKEN=mine\nOLD=old\n"
    assert "Unreadable on Heroku, left out: TOKEN\n" in done.out
    assert done.err == (
        "error: TOKEN: cannot be read on myapp; left out of .env.production\n"
        "  write it there by hand, or put it under ignore: in the settings\n"
    )


def test_it_is_neither_equal_nor_different(face: Face, masked: App, emulator: Emulator) -> None:
    emulator.add_app("other", {"LOG_LEVEL": "info", "TOKEN": "t0ken"})
    done = face.run("config.compare --app myapp --with other")
    assert "?  TOKEN         (unreadable)  ********\n" in done.out
    assert "TOKEN" not in done.out.partition("\n")[0]
    assert done.out.endswith("2 only on myapp, 0 only on other, 1 unreadable.\n")
    found = json.loads(face.run("config.compare --app myapp --with other --format json").out)
    assert found["unreadable"] == ["TOKEN"]
    assert [each["state"] for each in found["vars"] if each["name"] == "TOKEN"] == ["unreadable"]


def test_history_tells_of_the_other_names(face: Face, masked: App) -> None:
    masked.set_vars({"LOG_LEVEL": "debug"})
    masked.set_vars({"TOKEN": "new"})
    done = face.run("config.history --app myapp")
    assert done.code == 0
    told = [line.split()[0] + " " + line.split()[-1] for line in done.out.splitlines()[:2]]
    assert told[0] == "v4 ~LOG_LEVEL"
    assert done.out.endswith(
        "Unreadable in some of them, so that not every change is told: TOKEN\n"
    )
    found = json.loads(face.run("config.history --app myapp --format json").out)
    assert found["unreadable"] == ["TOKEN"]


def test_a_way_back_leaves_it_alone(face: Face, masked: App, emulator: Emulator) -> None:
    masked.set_vars({"LOG_LEVEL": "debug", "TOKEN": "new"})
    done = face.run("config.rollback --app myapp --to v2 --confirm myapp")
    assert (done.code, sent(emulator)) == (0, [("LOG_LEVEL",)])
    assert LEFT in done.out
    assert masked.vars["TOKEN"] == "new"
