"""Heroku's own CLI against the emulator. HEROKU_CLI names it; nothing here leaves loopback."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator
from deploy.emulator.answers import Answer
from deploy.emulator.call import Incoming
from deploy.emulator.sample import add_samples

from .schema import check

pytestmark = pytest.mark.cli

Heroku = Callable[..., "subprocess.CompletedProcess[str]"]
NOWHERE = "http://127.0.0.1:9"  # the discard port: what is not for loopback is refused there


class Watched(Emulator):
    """An emulator that notes which of its answers are not as Heroku publishes them."""

    def __init__(self) -> None:
        super().__init__()
        self.complaints: list[str] = []

    def _handle(self, incoming: Incoming) -> Answer | None:
        answer = super()._handle(incoming)
        if answer is not None:
            accept, text = incoming.headers.get("accept", ""), answer.body.decode()
            try:
                check(
                    incoming.method, incoming.path, accept=accept, status=answer.status, text=text
                )
            except AssertionError as error:
                self.complaints.append(str(error))
        return answer


def has_app(arguments: tuple[str, ...]) -> bool:
    """Whether a command is about something else than the app `demo`."""
    return "--pipeline" in arguments or arguments[0].startswith("pipelines")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Watched() as opened:
        yield opened
    assert opened.requests
    assert opened.complaints == []


@pytest.fixture
def app(emulator: Emulator) -> App:
    add_samples(emulator)
    return emulator.app("demo")


@pytest.fixture
def heroku(emulator: Emulator, app: App, tmp_path: Path) -> Heroku:
    command = os.environ.get("HEROKU_CLI")
    if not command:
        pytest.fail("HEROKU_CLI must name Heroku's CLI (npm install heroku)", pytrace=False)
    editor = tmp_path / "editor"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "EDITOR": str(editor),
        "HEROKU_HOST": emulator.url,
        "HEROKU_API_KEY": "any-key",
        "HEROKU_SKIP_NEW_VERSION_CHECK": "true",
        "HEROKU_DISABLE_AUTOUPDATE": "1",
        "DISABLE_TELEMETRY": "true",
        "HTTP_PROXY": NOWHERE,
        "HTTPS_PROXY": NOWHERE,
        "NO_PROXY": "127.0.0.1",
    }

    def run(*arguments: str, edit: str = "") -> "subprocess.CompletedProcess[str]":
        """`edit` is what sed does in the editor; the question after it is answered with yes."""
        editor.write_text(f'#!/bin/sh\nsed \'{edit}\' "$1" > edited && cat edited > "$1"\n')
        editor.chmod(0o755)
        ours, theirs = os.openpty()  # what is piped in would be taken for an argument
        try:
            os.write(ours, b"y\n")
            return subprocess.run(
                [command, *arguments, *([] if has_app(arguments) else ["--app", "demo"])],
                env=environment,
                cwd=tmp_path,
                stdin=theirs if edit else subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            os.close(theirs)
            os.close(ours)

    return run


def test_config_shows_every_var(heroku: Heroku, app: App) -> None:
    done = heroku("config")
    shown = dict(line.split(":", 1) for line in done.stdout.splitlines() if ":" in line)
    assert (done.returncode, {name: value.strip() for name, value in shown.items()}) == (
        0,
        app.vars,
    )


def test_config_json_is_the_whole_set(heroku: Heroku, app: App) -> None:
    done = heroku("config", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, app.vars)


def test_config_set_changes_the_vars_and_tells_the_release(
    heroku: Heroku, app: App, emulator: Emulator
) -> None:
    done = heroku("config:set", "NEW=a b", "LOG_LEVEL=debug")
    version = app.releases[-1].version
    assert (done.returncode, app.vars["NEW"], app.vars["LOG_LEVEL"]) == (0, "a b", "debug")
    assert f"done, v{version}" in done.stderr
    assert app.releases[-1].description == "Set NEW, LOG_LEVEL config vars"
    assert [(each.method, each.status) for each in emulator.requests] == [
        ("PATCH", 200),
        ("GET", 206),
    ]


def test_config_set_of_an_owned_var_is_refused_in_herokus_words(heroku: Heroku, app: App) -> None:
    done = heroku("config:set", "DATABASE_URL=x")
    assert done.returncode != 0
    assert "Cannot overwrite attachment values DATABASE_URL." in done.stderr
    assert app.vars["DATABASE_URL"] != "x"


def test_config_unset_removes_the_var_and_tells_the_release(heroku: Heroku, app: App) -> None:
    done = heroku("config:unset", "LEGACY_FLAG")
    assert (done.returncode, "LEGACY_FLAG" in app.vars) == (0, False)
    assert f"done, v{app.releases[-1].version}" in done.stderr


@pytest.mark.parametrize("key", [(), ("LOG_LEVEL",)], ids=["the whole config", "one var"])
def test_config_edit_writes_what_the_editor_left(
    heroku: Heroku, app: App, key: tuple[str, ...]
) -> None:
    before = dict(app.vars)
    done = heroku("config:edit", *key, edit="s/info/debug/")
    assert "Updating config... done" in done.stderr
    assert (done.returncode, app.vars) == (0, {**before, "LOG_LEVEL": "debug"})
    assert app.releases[-1].description == "Set LOG_LEVEL config vars"


def test_config_edit_removes_a_line_that_is_gone(heroku: Heroku, app: App) -> None:
    done = heroku("config:edit", edit="/LEGACY_FLAG/d")
    assert (done.returncode, "LEGACY_FLAG" in app.vars) == (0, False)
    assert app.releases[-1].description == "Remove LEGACY_FLAG config vars"


def test_config_edit_of_an_owned_var_is_refused_in_herokus_words(heroku: Heroku, app: App) -> None:
    before = app.vars
    done = heroku("config:edit", edit="s/db.example.com/elsewhere.example/")
    assert done.returncode != 0
    assert "Cannot overwrite attachment values DATABASE_URL." in done.stderr
    assert app.vars == before


def test_releases_lists_them_newest_first(heroku: Heroku, app: App) -> None:
    done = heroku("releases")
    newest = app.releases[-1].version
    listed = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("  v")]
    assert f"Current: v{newest}" in done.stdout
    assert listed[-newest:] == [f"v{version}" for version in range(newest, 0, -1)]


def test_releases_json_holds_what_each_release_is(heroku: Heroku, app: App) -> None:
    done = heroku("releases", "--json")
    assert [(item["version"], item["description"]) for item in json.loads(done.stdout)] == [
        (release.version, release.description) for release in reversed(app.releases)
    ]


def test_releases_info_shows_the_release_with_its_vars(heroku: Heroku, app: App) -> None:
    done = heroku("releases:info", "v3")
    assert done.returncode == 0
    assert app.releases[2].description in done.stdout
    assert "LOG_LEVEL:       debug" in done.stdout


def test_the_vars_of_a_pipelines_tests_are_set_and_shown(
    heroku: Heroku, app: App, emulator: Emulator
) -> None:
    before = app.vars
    assert heroku("ci:config:set", "CI_TOKEN=a b").returncode == 0
    done = heroku("ci:config", "--json")
    assert json.loads(done.stdout) == {"CI_TOKEN": "a b", "LOG_LEVEL": "debug"}
    assert emulator.pipelines[0].vars["test"] == json.loads(done.stdout)
    assert app.vars == before


@pytest.mark.parametrize("by", ["name", "id"])
def test_the_vars_of_a_pipelines_tests_are_reached_by_its_name_and_its_id(
    by: str, heroku: Heroku, app: App, emulator: Emulator
) -> None:
    [pipeline] = emulator.pipelines
    whose = ("--pipeline", pipeline.name if by == "name" else pipeline.id)
    assert heroku("ci:config:set", "CI_TOKEN=a b", *whose).returncode == 0
    assert heroku("ci:config:unset", "LOG_LEVEL", *whose).returncode == 0
    assert json.loads(heroku("ci:config", "--json", *whose).stdout) == {"CI_TOKEN": "a b"}
    assert pipeline.vars == {"test": {"CI_TOKEN": "a b"}, "review": {}, "development": {}}


def test_a_pipeline_is_shown_with_its_apps_and_their_stages(heroku: Heroku, app: App) -> None:
    done = heroku("pipelines:info", "demo")
    assert done.returncode == 0
    assert re.search(r"demo-staging\W+staging", done.stdout)
    assert re.search(r"demo\W+production", done.stdout)


def test_an_add_on_is_found_by_its_attachment(heroku: Heroku) -> None:
    done = heroku("addons:info", "DATABASE")
    assert done.returncode == 0
    assert "postgresql-curved-12345" in done.stdout


def test_the_process_types_are_shown(heroku: Heroku) -> None:
    assert heroku("ps:scale").stdout == "web=1:Basic\n"
