"""Each invariant, told something wrong: one that cannot be broken holds nothing."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from .judge import violations
from .plain import DATABASE, DECLARED, DRIFT, KEY, LIVE, LOCK_KEY, STORIES, SYNC
from .running import Told, live_through
from .story import Call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def said(
    told: Told,
    *,
    out: Callable[[str], str] = str,
    err: Callable[[str], str] = str,
    **facts: object,
) -> Told:
    """The same story, whose first run said, or did, something else."""
    run = told.runs[0]
    run = replace(run, out=out(run.out), err=err(run.err), **facts)  # type: ignore[arg-type]
    return replace(told, runs=(run, *told.runs[1:]))


def patch(told: Told, **changes: str | None) -> Told:
    told.world.patches[0].changes.update(changes)
    return told


def no_effect(told: Told) -> Told:
    told.world.patches[0].effect = None
    return told


def lines(text: str) -> Callable[[str], str]:
    """Something said in place of the last words."""
    return lambda out: out[: out.index("Set ")] + text + "\n"


def failing(text: str) -> Callable[[Told], Told]:
    return lambda told: said(told, out=lines(""), err=lambda _: f"error: {text}\n", code=1)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_in_which_nothing_is_wrong_breaks_nothing(name: str, folder: Path) -> None:
    assert violations(live_through(STORIES[name], folder)) == []


Wrong = Callable[[Told], Told]

WRITES: list[tuple[str, str, Wrong, str]] = [
    (
        "a second write",
        "sync",
        lambda told: (told.world.patches.insert(0, told.world.patches[0]), told)[1],
        "a second PATCH went out",
    ),
    ("more than planned", "sync", lambda told: patch(told, OLD="x"), "the plan named ['"),
    ("another value", "sync", lambda told: patch(told, LEVEL="x"), "a value that nobody declared"),
    ("a removal", "sync", lambda told: patch(told, OLD=None), "the PATCH removes OLD"),
    ("an owned name", "sync", lambda told: patch(told, DATABASE_URL="x"), "owned vars in a PATCH"),
    ("an ignored name", "sync", lambda told: patch(told, IGNORED_ONE="x"), "ignored vars in a"),
    (
        "beyond --only",
        "sync",
        lambda told: said(told, call=Call("sync", {**SYNC, "only": ["NEW"]})),
        "which --only does not name",
    ),
    ("nothing was written", "sync", failing("no; nothing was written"), "and the PATCH took"),
    ("set in vain", "sync", no_effect, "what its PATCH never brought"),
    ("set in JSON", "json", no_effect, "what its PATCH never brought"),
    ("never live", "sync", lambda told: patch(told, LEVEL="x"), "and it never was"),
    (
        "another's release",
        "sync",
        lambda told: said(told, out=lambda out: out.replace("(v4)", "(v3)")),
        "v3 is called its own",
    ),
    (
        "another's release in JSON",
        "json",
        lambda told: said(told, out=lambda out: out.replace('"version": 4', '"version": 3')),
        "v3 is called its own",
    ),
    (
        "a release that lacks it",
        "sync",
        lambda told: said(told, out=lines("demo holds this (v3): 2 set.")),
        "v3 is said to have the change",
    ),
    ("failed", "sync", failing("v4 of demo failed: the config is not live"), "live, and it is"),
    (
        "missing",
        "sync",
        failing("the change was sent, but demo does not hold what was meant: LEVEL"),
        "['LEVEL'] are said to be missing",
    ),
    ("nothing", "sync", failing("lost, and nothing has changed on demo so far"), "had something"),
    (
        "has it",
        "sync",
        lambda told: patch(failing("interrupted: demo has it (v4)")(told), LEVEL="x"),
        "the app is said to have it",
    ),
    (
        "an undo too far",
        "rollback",
        lambda told: said(
            told, out=lines("Set 1.\nUndo: invoke config.rollback --app demo --to v1 --restore X")
        ),
        "which others changed",
    ),
    ("an endless wait", "sync", lambda told: said(told, end=told.runs[0].start + 9e4), "minutes"),
    ("a signal unheard", "sync", lambda told: (told.world.stopped.add(0), told)[1], "a signal"),
    ("a signal untold", "sync", lambda told: said(told, code=130), "without 'interrupted"),
    (
        "a write of a drift",
        "sync",
        lambda told: said(told, call=Call("drift", {**DRIFT, "format": "github"})),
        "drift sent a PATCH",
    ),
]

READS: list[tuple[str, str, Wrong, str]] = [
    (
        "a wrong plan",
        "sync",
        lambda told: said(told, out=lambda out: out.replace("  + NEW", "  - NEW")),
        "no state of the app leads to the plan",
    ),
    (
        "a wrong way back",
        "rollback",
        lambda told: said(told, out=lambda out: out.replace("  - OLD", "  + OLD")),
        "no state of the app leads to the way back",
    ),
    (
        "a wrong drift",
        "drift",
        lambda told: said(told, out=lambda out: out.replace('"missing"', '"changed"')),
        "no state of the app drifted so",
    ),
    (
        "a wrong blame",
        "drift",
        lambda told: said(told, out=lambda out: out.replace('"version": 2', '"version": 1')),
        "v1 is blamed for LEVEL, and does not hold it",
    ),
    (
        "a late blame",
        "drift",
        lambda told: (told.world.app.releases[0].vars.update(LEVEL=LIVE), told)[1],
        "every release before holds it",
    ),
    (
        "a wrong history",
        "history",
        lambda told: said(told, out=lambda out: out.replace('"set"', '"remove"')),
        "is said to have done",
    ),
    (
        "a lost edit",
        "edited",
        lambda told: said(told, file_after=told.runs[0].file_before),
        "an edit of the env file is lost",
    ),
    ("something left", "pull", lambda told: said(told, left=("x.tmp",)), "left behind"),
    (
        "written in vain",
        "pull",
        lambda told: said(told, file_after=told.runs[0].file_before),
        "the file is said to be written",
    ),
    (
        "written in silence",
        "pull",
        lambda told: said(told, out=lambda _: "Nothing to do."),
        "the file was written, and",
    ),
    (
        "another's value",
        "pull",
        lambda told: said(told, file_after=told.runs[0].file_after + b"NEW=another\n"),
        "no state of the app leads to what was pulled",
    ),
    (
        "a file that a drift wrote",
        "drift",
        lambda told: said(told, file_after=b"A=1\n"),
        "drift changed the env file",
    ),
]

MANNERS: list[tuple[str, str, Wrong, str]] = [
    ("an escape", "sync", lambda told: said(told, escaped="OSError: x"), "escaped from sync"),
    ("a bug", "sync", failing("unforeseen KeyError at x.py:1"), "unforeseen KeyError"),
    ("no document", "json", lambda told: said(told, out=lambda _: ""), "that are no document"),
    ("two documents", "json", lambda told: said(told, out=lambda out: out * 2), "no document"),
    ("no error", "sync", lambda told: said(told, code=1), "and no error was said"),
    ("an error", "sync", lambda told: said(told, err=lambda _: "error: x"), "an error was said"),
    ("no success", "sync", lambda told: said(told, out=lambda _: ""), "which did not end"),
    ("an odd code", "sync", lambda told: said(told, code=7), "exit code 7"),
    (
        "not declared",
        "sync",
        lambda told: (told.world.app.releases[-1].vars.update(LEVEL="x"), told)[1],
        "the run without faults left",
    ),
    (
        "touched",
        "sync",
        lambda told: (told.world.app.releases[-1].vars.update(OLD="x"), told)[1],
        "the run without faults changed ['OLD'] too",
    ),
    (
        "no end",
        "sync",
        lambda told: replace(told, after=replace(told.after, code=1)),
        "the run without faults ended with 1",
    ),
]


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [each[1:] for each in (*WRITES, *READS, *MANNERS)],
    ids=[each[0] for each in (*WRITES, *READS, *MANNERS)],
)
def test_what_is_wrong_breaks_an_invariant(
    name: str, wrong: Wrong, words: str, folder: Path
) -> None:
    told = wrong(live_through(STORIES[name], folder))
    assert words in "\n".join(violations(told))


@pytest.mark.parametrize("secret", [KEY, LIVE, DECLARED, DATABASE, LOCK_KEY])
@pytest.mark.parametrize(
    "spelt",
    [
        str,
        str.upper,
        quote,
        lambda text: quote(text, safe=""),
        lambda text: json.dumps(text)[1:-1],
        lambda text: base64.b64encode(text.encode()).decode(),
    ],
    ids=["plain", "upper", "path", "url", "json", "base64"],
)
def test_a_secret_is_heard_in_every_spelling(
    secret: str, spelt: Callable[[str], str], folder: Path
) -> None:
    told = live_through(STORIES["sync"], folder)
    assert violations(said(told, err=lambda _: f"warning: <{spelt(secret)}>")) == [
        "sync said a secret"
    ]
