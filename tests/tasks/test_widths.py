"""A command to copy stands on one line, however narrow the terminal is, and is the same command."""

import re

import pytest

from deploy.emulator import Emulator

from .face import Face, Screen, settings

APP = "shop-production-europe"
COMMAND = re.compile(r"(?:invoke )?config\.[a-z]+(?: --[a-z-]+(?: [\w./-]+)?)*")


@pytest.fixture
def shop(face: Face, emulator: Emulator) -> Face:
    """An app with a long name that drifted, and one that is not there."""
    emulator.add_app(APP, {"LOG_LEVEL": "DEBUG", "LEGACY_FLAG": "1"})
    face.write(".env.shop", "LOG_LEVEL=debug\nNEW_NAME=x\n")
    face.write("invoke.yaml", settings({"myapp": ".env.production", APP: ".env.shop"}))
    return face


def ended(face: Face, line: str, columns: int) -> Screen:
    face.env["COLUMNS"] = str(columns)
    with face.at_terminal(line) as screen:
        screen.end()
    return screen


def lines(face: Face, line: str, columns: int) -> list[str]:
    return ended(face, line, columns).plain.splitlines()


def commands(shown: list[str]) -> list[str]:
    return [found for line in shown for found in COMMAND.findall(line)]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("config.drift", f"invoke config.sync --app {APP} --prune"),
        (f"config.drift --app {APP} --file .env.shop", f"invoke config.pull --app {APP}"),
        ("config.diff --all", f"config.diff --app {APP}"),
        (f"config.sync --app {APP} --yes", f"invoke config.rollback --app {APP} --to v"),
        (f"config.ready --app {APP}", "invoke config.sync"),
    ],
    ids=["drift", "drift-file", "diff-all", "sync", "ready"],
)
def test_a_command_to_copy_is_whole_at_any_width(
    line: str, command: str, shop: Face, emulator: Emulator
) -> None:
    (shop.folder / ".env.example").write_text("LOG_LEVEL=\nNEEDED=\n")
    told = []
    for columns in (200, 80, 40):
        emulator.app(APP).set_vars({"LOG_LEVEL": "DEBUG"})
        shown = lines(shop, line, columns)
        assert any(command in each for each in shown), shown
        told.append([re.sub(r"v\d+", "v", each) for each in commands(shown)])
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("line", ["config.diff --all", "config.drift", "config.check"])
def test_a_line_is_no_wider_than_the_terminal_but_for_a_command(
    line: str, columns: int, shop: Face
) -> None:
    shown = lines(shop, line, columns)
    wide = [each for each in shown if len(each) > columns and not COMMAND.search(each)]
    assert wide == []


@pytest.mark.parametrize(
    "line",
    [
        "config.diff --all",
        f"config.diff --app {APP} --explain LOG_LEVEL",
        f"config.sync --all --dry-run --prune --first {APP}",
        "config.drift",
        "config.drift --format github",
        "config.drift --format markdown",
        "config.check",
        "config.where LOG_LEVEL",
        f"config.compare --app {APP} --with myapp",
        f"config.history --app {APP}",
        f"config.pull --app {APP} --dry-run",
        f"config.ready --app {APP} --like myapp",
        f"config.rollback --app {APP} --to v2 --dry-run",
        "config.lock --check",
        "config.diff --app shop-production-asia",
    ],
)
def test_the_words_are_the_same_at_any_width(line: str, shop: Face, emulator: Emulator) -> None:
    """So that each name and each command can be copied; and in black and white where asked."""
    (shop.folder / ".env.example").write_text("LOG_LEVEL=\nA_NAME_THAT_IS_NEEDED_AND_LONG=\n")
    emulator.app(APP).set_vars({"LOG_LEVEL": "trace"})
    colorful = ended(shop, line, 200).plain.split()
    for columns, env in ((40, {"TERM": "dumb"}), (80, {"TERM": "xterm", "NO_COLOR": "1"})):
        shop.env |= env
        screen = ended(shop, line, columns)
        assert "\x1b" not in screen.text
        assert screen.text.split() == colorful
