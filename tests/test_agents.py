"""What `AGENTS.md` says an agent may run writes nothing, and shows no value."""

import re
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator

from .tasks.face import Face

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "AGENTS.md").read_text(encoding="utf-8")
[BLOCK] = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
LINES = [line.removeprefix("invoke ") for line in BLOCK.splitlines()]
KEY = f"CONFIG_LOCK_KEY={'0123456789abcdef' * 4}\n"
VALUES = ("t0ken", "w8rD2kQz", "n3w-s3cret", KEY[-10:-1])


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("ci", ["", "true"])
def test_what_an_agent_may_run_writes_nothing_and_shows_no_value(
    line: str, ci: str, face: Face, app: App, emulator: Emulator
) -> None:
    emulator.add_app("other", {"TOKEN": "t0ken"})
    face.write(".env.production", f"LOG_LEVEL=debug\nTOKEN=n3w-s3cret\n{KEY}")
    face.env |= {"CI": ci}
    before = {path: path.read_bytes() for path in face.folder.rglob("*") if path.is_file()}
    done = face.run(line)
    assert done.code in {0, 1, 2}
    assert "No idea" not in done.err
    assert not any(value in done.out + done.err for value in VALUES)
    assert {request.method for request in emulator.requests} <= {"GET"}
    after = {path: path.read_bytes() for path in face.folder.rglob("*") if path.is_file()}
    assert {path: text for path, text in after.items() if path.suffix != ".pyc"} == before


@pytest.mark.parametrize("line", ["config.sync", "config.rollback --to v1", "config.pull"])
def test_nothing_is_applied_without_a_word_for_it(
    line: str, face: Face, emulator: Emulator
) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=n3w-s3cret\n")
    done = face.run(f"{line} --app myapp")
    assert done.code == 1
    assert {request.method for request in emulator.requests} <= {"GET"}
    assert "n3w-s3cret" in (face.folder / ".env.production").read_text()


def test_in_ci_a_sync_that_names_its_app_is_applied_as_the_page_warns(face: Face, app: App) -> None:
    face.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n")
    face.env["CI"] = "true"
    assert face.run("config.sync --app myapp").code == 0
    assert app.vars["LOG_LEVEL"] == "debug"


@pytest.mark.parametrize("name", ["AGENTS.md", ".github/SECURITY.md"])
def test_each_link_leads_somewhere(name: str) -> None:
    """To a file of this repository, and to a part of it that is there; no address is invented."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", text):
        path, _, part = link.partition("#")
        found = (ROOT / name).parent / path
        assert found.exists(), link
        assert not part or f"# {part.replace('-', ' ')}" in found.read_text().lower()
    assert not re.search(r"\S@\S", text)
