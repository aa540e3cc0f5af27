"""SIGKILL at a few requests of a sync of many apps; at more by `python -m tests.faults.kills`."""

from pathlib import Path

from deploy.emulator import Fault, When, Writer

from ..conftest import SEED
from .kills import Moment, ground, kill, kill_often


def test_whenever_it_is_killed_each_app_is_whole_and_the_same_again_ends_it(tmp_path: Path) -> None:
    _, wrong = kill_often(tmp_path, 3, int(SEED))
    assert wrong == []


def test_an_app_that_is_torn_is_found(tmp_path: Path) -> None:
    with ground(tmp_path) as found:
        app = found.emulator.app("app-02")
        tear = Writer(lambda: app.set_vars({"ALPHA": "else"}))
        found.emulator.inject(Fault(what=tear, after=3))
        _, wrong = kill(found, Moment(3, When.BEFORE), "old", "new")
    assert any("app-02 holds {" in each for each in wrong)
