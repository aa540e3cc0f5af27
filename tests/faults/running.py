"""Runs the calls of a story through the face of the tasks, and keeps what each said."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from .api import Vars
from .stage import Ended, Run, in_place, observed, perform
from .story import APP, Call, Story
from .world import World


@dataclass(frozen=True)
class Told:
    """A story that has been lived through; `after` is the run without faults."""

    story: Story
    world: World
    runs: tuple[Run, ...]
    before: Vars
    """What Heroku showed when the last run began."""
    after: Run


def _run(world: World, call: Call, number: int) -> Run:
    def captured() -> Ended:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code, escaped = perform(world, call)
        return Ended(code, out.getvalue(), err.getvalue(), escaped)

    return observed(world, call, number, captured)


def live_through(story: Story, folder: Path) -> Told:
    for old in folder.iterdir():
        old.unlink()
    world = World(story, folder)
    with in_place(world):
        if story.has_lock:
            _run(world, Call("lock", {"file": None, "check": False, "yes": True}), -1)
        runs = []
        for number, call in enumerate(story.calls):
            runs += _called(world, call, number)
            world.clock.move(60)
        before, after = after_all(world, story)
    return Told(story, world, tuple(runs), before, after)


def after_all(world: World, story: Story) -> tuple[Vars, Run]:
    """A run without faults: what Heroku showed before it, and how it went."""
    world.calm()
    if b"=" not in world.file.read_bytes():  # a pull took all away
        world.declare()
    before = dict(world.app.shown(world.now))
    return before, _run(world, last_call(story), len(story.calls))


def last_call(story: Story) -> Call:
    """A sync that nothing stands in the way of, as wide as the story's own."""
    options = next((call.options for call in story.calls if call.task == "sync"), {})
    return Call(
        "sync",
        {
            "app": [APP],
            "file": None,
            "only": [],
            "prune": options.get("prune", False),
            "expect": None,
            "confirm": [APP],
            "yes": True,
            "force": True,
            "dry_run": False,
            "reveal": [],
            "no_wait": False,
            "wait": None,
            "format": "text",
        },
    )


def _called(world: World, call: Call, number: int) -> list[Run]:
    if not call.expects:
        return [_run(world, call, number)]
    keys = ("app", "file", "only", "prune", "reveal")
    asked = {key: call.options[key] for key in keys}
    looked = _run(
        world,
        Call("diff", {**asked, "format": "json", "exit_code": False, "release": None}),
        number,
    )
    digest = None
    with suppress(ValueError):
        digest = json.loads(looked.out).get("plan")
    if digest is None:
        return [looked]
    options = {**call.options, "expect": digest}
    return [looked, _run(world, replace(call, options=options), number)]
