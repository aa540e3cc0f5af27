"""The README is the manual: what it shows is what happens, and what it lists is all there is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from invoke.vendor import yaml

from deploy.envfile.parser import parse
from deploy.errors import BadSettings
from deploy.plan.fleet_outcome import State
from deploy.project.files import example_names
from deploy.project.layers import Program
from deploy.project.settings import RULES, read
from deploy.secret import Hint

from . import schemas
from .project.test_sources import LINES
from .tasks.face import Face

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    return re.split(r"^#+ ", README.partition(f" {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def test_the_transcript_is_what_the_demo_prints_at_a_terminal(face: Face) -> None:
    program = [sys.executable, "-m", "invoke", "--search-root", str(ROOT), "demo"]
    with face.at_terminal("", program=program) as screen:
        assert screen.end() == 0
    transcript = blocks("console")[0]
    assert len(transcript.split("\n\n")) == 3
    for command in transcript.split("\n\n"):
        assert f"{command.strip()}\n\n" in screen.plain
    assert screen.plain.endswith("by hand on another one: invoke emulator\n")


def test_each_link_leads_somewhere() -> None:
    """To a file of this repository, or to a heading, by the anchor that GitHub gives it."""
    links = re.findall(r"\]\(([^)\s]+)\)", prose(README))
    assert links
    for link in links:
        path, _, part = link.partition("#")
        if not path.startswith("https://"):
            assert (ROOT / path).exists(), link
            assert not part or (not path and part in anchors(README)), link


def prose(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(text: str) -> list[str]:
    """Of the headings, none twice: GitHub would number the second one."""
    headings = re.findall(r"^#+ (.*)$", prose(text), re.MULTILINE)
    found = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in headings]
    assert len(found) == len({*found})
    return found


def test_the_env_file_of_the_manual_is_read_as_the_manual_says() -> None:
    text = next(block for block in blocks("sh") if "CERTIFICATE" in block)
    found = parse(text.encode(), source="README")
    values = {entry.name: entry.value.reveal() for entry in found.entries}
    assert values.pop("CERTIFICATE").startswith("-----BEGIN CERTIFICATE-----\nMIIB")
    assert values == {
        "LOG_LEVEL": "info",
        "GREETING": 'two\nlines, and a "quote"',
        "PATTERN": r"^\d+$",
        "EMPTY": "",
    }


def test_the_settings_of_the_manual_hold_up_and_are_all_there_are() -> None:
    block = blocks("yaml")[-1]
    settings = read(yaml.safe_load(block))
    assert dict(settings.apps) == {
        "myapp": (".env.shared", ".env.production"),
        "myapp-staging": (".env.shared", ".env.staging"),
    }
    assert set(yaml.safe_load(block)["heroku"]) == {
        "apps",
        "ignore",
        "provided",
        "reveal",
        "workers",
        "accept",
        "from_seconds",
    }


def test_each_word_of_a_report_that_the_manual_lists_is_one_and_none_is_left_out() -> None:
    marks = section("`config.diff`").partition("stands\nwhat the masks hide")[2]
    hints = re.findall(r"\*(?:differs only )?([^*]+)\*", " ".join(marks.split()))
    told = {hint.value.removeprefix("differs only ").partition(",")[0] for hint in Hint}
    assert {*hints} == told
    states = re.findall(r"^\| \*([a-z ]+?)(?: v12)?\* \|", README, re.MULTILINE)
    assert states == [state.value.replace("_", " ") for state in State]
    rules = re.findall(r"^\| `([a-z]+)`(?: \*)? \|", section("`config.check`"), re.MULTILINE)
    assert [*rules] == [*RULES]


def test_each_key_of_the_settings_has_a_row() -> None:
    keys = re.findall(r"^\| `([a-z_]+)` \|", section("Settings"), re.MULTILINE)
    with pytest.raises(BadSettings) as caught:
        read({"heroku": {"zzz": 1}})
    [there] = re.findall(r"\(there are (.*)\)", str(caught.value))
    assert sorted(keys) == sorted(there.split(", "))


def test_each_program_of_the_manual_is_the_one_that_was_tried() -> None:
    """See `project/test_sources.py`; the one key of YAML stands there many times."""
    [block] = [block for block in blocks("yaml") if "shop: {from:" in block]
    rows = re.findall(r"^ +shop: (\{from: .*\})$", block, re.MULTILINE)
    found = [yaml.safe_load(row) for row in rows]
    assert [each["from"] for each in found] == [line.split(" ") for line in LINES.values()]
    for each in found:
        assert read({"heroku": {"apps": {"shop": each}}}).apps["shop"] == (
            Program(tuple(each["from"])),
        )


def test_the_document_of_the_manual_is_as_its_schema_says() -> None:
    [row] = blocks("json")
    document = {"schema_version": 1, "apps": [json.loads(row)]}
    assert schemas.read("drift", json.dumps(document))["apps"][0]["state"] == "drifted"


def test_the_ignore_rules_of_the_manual_are_our_own() -> None:
    [block] = blocks("gitignore")
    assert block in (ROOT / ".gitignore").read_text()


def test_git_ignores_every_env_file_but_what_is_meant_to_be_committed(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    names = [
        ".env",
        ".env.production",
        ".env.production.tmp",
        ".env.example",
        ".env.production.lock",
        ".env.production.enc",
    ]
    for name in names:
        (tmp_path / name).touch()
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    shown = subprocess.check_output(
        ["git", "ls-files", "--others", "--exclude-standard"], cwd=tmp_path, text=True
    )
    assert shown.split() == [
        ".env.example",
        ".env.production.enc",
        ".env.production.lock",
        ".gitignore",
    ]


def test_the_example_lists_what_the_tasks_read_from_dotenv() -> None:
    assert example_names(ROOT) == {"HEROKU_API_KEY", "HEROKU_APP"}


def test_a_tasks_py_of_the_manual_has_its_own_tasks_and_ours(face: Face) -> None:
    [own] = [block for block in blocks("python") if "import config" in block]
    face.write("tasks.py", own)
    listed = face.run("--list")
    assert (listed.code, listed.err) == (0, "")
    assert re.findall(r"^  (\S+)", listed.out, re.MULTILINE)[:2] == ["build", "config.check"]
    assert face.run("config.diff --app myapp").code == 0


@pytest.mark.parametrize("line", [line for line in README.splitlines() if "sops decrypt" in line])
def test_sops_is_told_what_the_file_is(line: str) -> None:
    """By its name `.enc` is binary: "Error unmarshalling input json" (assembledhq/143#64)."""
    assert "sops decrypt --input-type dotenv --output-type dotenv" in line


def test_what_is_installed_elsewhere_is_pinned_to_a_commit_and_to_no_tag_that_is_none() -> None:
    [hook] = [yaml.safe_load(block) for block in blocks("yaml") if "config-check" in block]
    [requirement] = [block for block in blocks("text") if "git+" in block]
    assert hook["repos"][0]["rev"] == "<full hash of a commit>"
    assert requirement == (
        "heroku-config-tasks @ git+https://git.example.com/our-team/heroku-config-tasks"
        "@<full hash of a commit>\n"
    )


def test_both_commands_stand_in_the_manual_as_they_are_run() -> None:
    lines = README.splitlines()
    assert "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/invoke demo" in lines
    assert (
        "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest -n auto"
        in lines
    )
