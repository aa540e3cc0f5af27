"""Signals at some lines of a run; at more by `python -m tests.faults.signals`."""

import signal
from pathlib import Path

import pytest

from deploy import signals
from deploy.errors import DeployError
from deploy.tasks.output import show_error
from deploy.tasks.terminal import Terminal

from .plain import STORIES
from .signals import Moment, strike, strike_all


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", ["json", "lost", "asked", "pull-asked", "drift"])
def test_a_signal_at_any_line_ends_a_run_with_the_truth(name: str, folder: Path) -> None:
    found = strike_all([name], 797, folder)
    assert found.broken == []
    assert {130, 143, -signal.SIGKILL} <= set(found.codes)


def test_a_run_that_says_it_twice_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(failure: DeployError, terminal: Terminal, *, task: str, format_: object) -> None:
        show_error(failure, terminal, task=task, format_=format_)
        show_error(failure, terminal, task=task, format_=format_)

    monkeypatch.setattr("deploy.tasks.run.show_error", twice)
    assert "are no document" in str(strike_all(["json"], 1_200, folder).broken)


def test_a_run_that_hears_nothing_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = Moment(signal.SIGTERM, 1_500)
    assert strike(STORIES["json"], moment, folder).code == 143
    monkeypatch.setattr(signals.Listener, "check", lambda _listener: None)
    assert strike(STORIES["json"], moment, folder).code == 0
