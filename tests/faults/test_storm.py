"""A storm of some hundred stories, each time the same ones; more by `python -m tests.faults`."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from deploy.heroku import retry
from deploy.heroku.client import Heroku
from deploy.heroku.facts import Release
from deploy.heroku.masking import SecretMasker
from deploy.plan import own_release
from deploy.plan.change import Change
from deploy.plan.own_release import Match

from .draw import draw
from .running import live_through
from .shrink import shrink
from .storm import broken_in, rage
from .story import KINDS, SWITCHES, Fault, Story

TASKS = ["diff", "drift", "history", "lock", "pull", "rollback", "sync"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def test_whatever_breaks_the_invariants_hold(folder: Path) -> None:
    storm = rage(range(1, 201), folder)
    assert "\n".join(map(str, storm.failures)) == ""
    # It is made of many kinds and pairs of faults.
    assert len(storm.faults) > 50
    assert len(storm.pairs) > 400
    assert {task for task, _ in storm.endings} == {*TASKS}
    assert {code for _, code in storm.endings} == {0, 1, 2, 130, 143}


def test_a_seed_tells_the_same_story_each_time(folder: Path) -> None:
    def told() -> list[tuple[int, str]]:
        runs = live_through(draw(7), folder).runs
        return [(run.code, run.said) for run in runs]

    assert draw(7) == draw(7)
    assert told() == told()
    assert draw(7) != draw(8)


def test_every_kind_of_fault_is_drawn() -> None:
    drawn = {fault.kind for seed in range(600) for fault in draw(seed).faults}
    assert drawn == set(KINDS)
    assert set(SWITCHES) < drawn


# Code that is wrong, and the storm that finds it.


def _write_twice(heroku: Heroku, app: str, changes: object) -> None:
    for _ in range(2):
        write(heroku, app, changes)  # type: ignore[arg-type]  # as it came


write = Heroku.write


def _oldest(new: Sequence[Release], holding: Collection[int], **_: object) -> Match | None:
    held = [release for release in new if release.version in holding]
    return Match(held[0], is_ours=True) if held else None


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("home", "name", "wrong", "words"),
    [
        (Heroku, "write", _write_twice, "a second PATCH went out"),
        (SecretMasker, "masked", lambda _masker, text: text, "said a secret"),
        (Change, "holds_in", lambda _change, _live: True, "and it never was"),
        (own_release, "find", _oldest, "is called its own, and is"),
        (retry, "is_lost", lambda _request, _response: False, "and the PATCH took effect"),
    ],
    ids=["writes-twice", "masks-nothing", "looks-at-nothing", "takes-the-oldest", "loses-nothing"],
)
def test_a_storm_finds_code_that_is_wrong(
    home: type | ModuleType,
    name: str,
    wrong: object,
    words: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(home, name, wrong)
    broken = (each for seed in range(1, 2_000) for each in broken_in(draw(seed), folder))
    assert any(words in each for each in broken)


def test_a_story_that_fails_is_made_small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Heroku, "write", _write_twice)
    story = next(story for story in map(draw, range(99)) if broken_in(story, folder))
    small = shrink(story, lambda each: bool(broken_in(each, folder)))
    assert (small.faults, len(small.calls)) == ((), 1)


# Shrinking.


def two_faults_and_a_switch() -> Story:
    faults = (
        Fault("phase-fails"),
        Fault("twin", 0, "vars", 3, "before", 7),
        Fault("lost", 0, "patch", 2, "at", 9),
    )
    story = draw(1)
    return replace(story, calls=story.calls[:1] * 2, faults=faults)


def test_what_is_not_needed_to_fail_is_dropped_and_what_is_becomes_simpler() -> None:
    small = shrink(
        two_faults_and_a_switch(), lambda story: "twin" in {each.kind for each in story.faults}
    )
    assert small.faults == (Fault("twin", 0, "vars", 1, "before", 0),)
    assert len(small.calls) == 1


def test_what_is_needed_to_fail_stays() -> None:
    story = two_faults_and_a_switch()
    assert shrink(story, lambda each: each == story) == story
