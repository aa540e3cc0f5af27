"""How many answers each task waits for, one after the other, and which requests it makes.

What a task may ask at the same time is held back until all of it was asked: one request after the
other would never be answered. No clock is asked.
"""

from collections import Counter
from threading import Barrier

import pytest

from deploy.emulator import App, Emulator, Fault, Writer

from .conftest import Near
from .face import settings

APP = "/apps/myapp"
IN_SYNC = "LOG_LEVEL=info\nTOKEN=t0ken\n"
CHANGED = "LOG_LEVEL=debug\nTOKEN=t0ken\n"
NEW = f"{IN_SYNC}NEW=new\n"

Wave = list[str]
OWNED = f"GET {APP}/addon-attachments"
VARS = f"GET {APP}/config-vars"
RELEASES = f"GET {APP}/releases"
SETTINGS = f"GET {APP}/config-vars-settings"
READ = [VARS, OWNED, RELEASES]
WRITE = [f"PATCH {APP}/config-vars"]


def outcome(version: int) -> Wave:
    """What shows what became of a change: whose key it is, too."""
    return [VARS, RELEASES, f"GET {APP}/releases/{version}/config-vars", "GET /account"]


def held(*versions: int) -> list[Wave]:
    return [[f"GET {APP}/releases/{version}/config-vars"] for version in versions]


TASKS = {
    "diff, in sync": ("config.diff", IN_SYNC, [READ]),
    "diff, changed": ("config.diff", CHANGED, [READ]),
    "diff, new": ("config.diff", NEW, [READ, [SETTINGS]]),
    "sync, in sync": ("config.sync --yes", IN_SYNC, [READ]),
    "sync, changed": ("config.sync --yes", CHANGED, [READ, WRITE, outcome(4)]),
    "sync, new": ("config.sync --yes", NEW, [READ, [SETTINGS], WRITE, outcome(4)]),
    "pull": ("config.pull --yes", CHANGED, [[VARS, OWNED, SETTINGS]]),
    "drift, in sync": ("config.drift", f"{IN_SYNC}OLD=old\n", [[VARS, OWNED]]),
    "drift, changed": (
        "config.drift",
        f"{CHANGED}OLD=old\n",
        [[VARS, OWNED], [RELEASES], *held(3, 2, 1)],
    ),
    "history": ("config.history", IN_SYNC, [[RELEASES], [*held(3)[0], *held(2)[0], *held(1)[0]]]),
    "lock": ("config.lock --check", IN_SYNC, []),
}


def hold(emulator: Emulator, waves: list[Wave]) -> None:
    """Answer the reads of a wave once all of them are there."""
    before: Counter[str] = Counter()
    for wave in waves:
        together = Barrier(len(wave), timeout=10)
        for request in wave if len(wave) > 1 else ():
            method, path = request.split()
            what = Writer(together.wait)
            emulator.inject(Fault(what=what, method=method, path=path, after=before[request]))
        before.update(wave)


def asked(emulator: Emulator, waves: list[Wave]) -> list[Wave]:
    """What was asked, in as many pieces as there are waves, and what came behind them."""
    said = [f"{request.method} {request.path}" for request in emulator.requests]
    pieces = []
    for wave in waves:
        pieces.append(sorted(said[: len(wave)]))
        said = said[len(wave) :]
    return [*pieces, *([said] if said else [])]


@pytest.mark.parametrize("task", TASKS)
def test_a_task_asks_no_more_and_waits_no_longer_than_it_must(
    task: str, near: Near, app: App, emulator: Emulator
) -> None:
    line, text, waves = TASKS[task]
    near.write(".env.production", text)
    hold(emulator, waves)
    near.run(line if "lock" in line else f"{line} --app myapp")
    assert asked(emulator, waves) == [sorted(wave) for wave in waves]


def test_a_rollback_waits_no_longer_than_a_sync(near: Near, app: App, emulator: Emulator) -> None:
    app.set_vars({"LOG_LEVEL": "debug"})
    then = [f"GET {APP}/releases/2", f"GET {APP}/releases/2/config-vars"]
    waves = [[*READ, *then], WRITE, outcome(5)]
    hold(emulator, waves)
    assert near.run("config.rollback --app myapp --to v2 --confirm myapp").code == 0
    assert asked(emulator, waves) == [sorted(wave) for wave in waves]


def test_after_a_question_the_app_is_read_once_more(
    near: Near, app: App, emulator: Emulator
) -> None:
    near.write(".env.production", CHANGED)
    waves = [READ, READ, WRITE, outcome(4)]
    hold(emulator, waves)
    with near.at_terminal("config.sync --app myapp") as screen:
        screen.wait_for("[y/N]")
        screen.type("y\n")
        assert screen.end() == 0
    assert asked(emulator, waves) == [sorted(wave) for wave in waves]


def test_the_apps_whose_files_lack_a_key_are_asked_for_theirs_at_once(
    near: Near, app: App, emulator: Emulator
) -> None:
    emulator.add_app("other")
    for name in ("myapp", "other"):
        near.write(f"{name}.env", IN_SYNC)
    near.write("invoke.yaml", settings({"myapp": "myapp.env", "other": "other.env"}))
    waves = [[VARS, "GET /apps/other/config-vars"]]
    hold(emulator, waves)
    assert near.run("config.lock --yes").code == 0
    assert asked(emulator, waves) == waves
