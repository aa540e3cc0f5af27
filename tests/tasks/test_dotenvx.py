"""A file that the real dotenvx encrypted. Needs DOTENVX_CLI; `.ci/run` installs it."""

import os
import subprocess
from pathlib import Path

import pytest

from deploy.emulator import App

from .face import Face

pytestmark = pytest.mark.cli

PLAIN = "LOG_LEVEL=debug\nTOKEN='n3w t0ken'\nPEM=\"a\\nb\"\nOLD=old\n"


def dotenvx(folder: Path, *words: str) -> bytes:
    cli = os.environ.get("DOTENVX_CLI")
    assert cli, "set DOTENVX_CLI to the path of dotenvx (npm install @dotenvx/dotenvx)"
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    return subprocess.check_output([cli, *words], cwd=folder, env=env, stderr=subprocess.DEVNULL)


@pytest.fixture
def face(face: Face) -> Face:
    """A project folder whose env file dotenvx encrypted in place."""
    face.write(".env.production", PLAIN)
    dotenvx(face.folder, "encrypt", "-f", ".env.production")
    assert "t0ken" not in (face.folder / ".env.production").read_text()
    return face


def test_the_encrypted_file_is_refused_with_the_command_that_decrypts_it(
    face: Face, app: App
) -> None:
    before = app.vars
    for task in ("config.diff --file .env.production", "config.sync --yes --force"):
        done = face.run(f"{task} --app myapp")
        assert (done.code, done.out) == (1, "")
        names = [line.split(": ")[3] for line in done.err.splitlines()[:-1]]
        assert names == ["LOG_LEVEL", "TOKEN", "PEM", "OLD"]
        assert "dotenvx decrypt -f .env.production --stdout" in done.err.splitlines()[-1]
    assert app.vars == before


def test_what_the_command_prints_is_synced_through_standard_input(face: Face, app: App) -> None:
    plain = dotenvx(face.folder, "decrypt", "-f", ".env.production", "--stdout")
    done = face.run("config.sync --app myapp --file - --yes", stdin=plain)
    assert (done.code, done.err) == (0, "")
    found = {name: app.vars[name] for name in ("LOG_LEVEL", "TOKEN", "PEM", "OLD")}
    assert found == {"LOG_LEVEL": "debug", "TOKEN": "n3w t0ken", "PEM": "a\nb", "OLD": "old"}
    # The public key stays in a file that was decrypted, and is no secret.
    assert [name for name in app.vars if name.startswith("DOTENV_")] == [
        "DOTENV_PUBLIC_KEY_PRODUCTION"
    ]
