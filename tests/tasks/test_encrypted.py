"""A file whose values are encrypted, at the command line: refused by whatever reads it."""

import pytest

from deploy.emulator import App, Emulator

from .conftest import Near
from .face import Face, settings

ENCRYPTED = 'LOG_LEVEL=info\nTOKEN="encrypted:c4n4ry"\nOLD=old\n'
REFUSAL = (
    "error: .env.production: line 2: TOKEN: is encrypted by dotenvx\n"
    "  decrypt it: dotenvx decrypt -f .env.production --stdout | invoke config.diff --file -;"
    " or name what the app decrypts itself under encrypted: in the settings\n"
)


@pytest.fixture
def face(near: Near) -> Face:
    return near


@pytest.mark.parametrize(
    "line",
    [
        "config.diff --app myapp",
        "config.sync --app myapp --yes",
        "config.sync --app myapp --yes --force",
        "config.pull --app myapp --yes",
        "config.lock --yes",
    ],
)
def test_what_reads_the_file_refuses_it(face: Face, line: str, emulator: Emulator) -> None:
    face.write(".env.production", ENCRYPTED)
    face.write(".gitignore", ".env*\n")
    done = face.run(line)
    assert (done.code, done.out, done.err) == (1, "", REFUSAL)
    assert emulator.requests == []
    assert (face.folder / ".env.production").read_text() == ENCRYPTED


def test_drift_tells_it_in_the_row_of_the_app(face: Face) -> None:
    face.write(".env.production", ENCRYPTED)
    done = face.run("config.drift --app myapp")
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        "myapp could not be checked: .env.production: line 2: TOKEN: is encrypted by dotenvx\n"
        "  decrypt it: dotenvx decrypt -f .env.production --stdout | invoke config.diff --file -;"
        " or name what the app decrypts itself under encrypted: in the settings\n"
    )


def test_a_check_finds_it_line_by_line(face: Face) -> None:
    face.write(".env.production", ENCRYPTED)
    done = face.run("config.check --only syntax")
    assert done.code == 2
    assert ".env.production:2  syntax  TOKEN: is encrypted by dotenvx\n" in done.out


def test_a_rollback_needs_no_file_and_only_remarks_it(face: Face, app: App) -> None:
    app.set_vars({"TOKEN": "new"})
    face.write(".env.production", ENCRYPTED)
    done = face.run("config.rollback --app myapp --to 3 --confirm myapp")
    assert done.code == 0
    assert done.err == "warning: .env.production: line 2: TOKEN: is encrypted by dotenvx\n"


def test_the_settings_let_pass_what_the_app_decrypts_itself(face: Face, app: App) -> None:
    face.write(".env.production", ENCRYPTED)
    face.write("invoke.yaml", settings({}, encrypted=["TOK*"]))
    assert face.run("config.sync --app myapp --yes").code == 0
    assert app.vars["TOKEN"] == "encrypted:c4n4ry"
    assert face.run("config.drift --app myapp").code == 0


def test_a_pull_writes_no_file_that_is_then_refused(face: Face, app: App) -> None:
    app.set_vars({"TOKEN": "encrypted:c4n4ry", "LOG_LEVEL": "trace"})
    face.write(".gitignore", ".env*\n")
    done = face.run("config.pull --app myapp --yes")
    assert done.code == 1
    assert done.err == (
        "error: TOKEN: encrypted on myapp; left out of .env.production\n"
        "  name what the app decrypts itself under encrypted: in the settings\n"
    )
    text = (face.folder / ".env.production").read_text()
    assert text == "LOG_LEVEL=trace\nTOKEN=t0ken\nOLD=old\n"
    face.write("invoke.yaml", settings({}, encrypted=["TOKEN"]))
    assert face.run("config.pull --app myapp --yes").code == 0
    assert face.run("config.diff --app myapp --exit-code").code == 0
