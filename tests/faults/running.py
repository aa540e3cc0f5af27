"""Runs the calls of a story through the face of the tasks, and keeps what each said."""

import io
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace

from invoke.config import Config
from invoke.context import Context
from invoke.exceptions import Exit

from deploy import crew
from deploy.tasks import applying, launch, work
from deploy.tasks import run as running
from deploy.tasks.terminal import Terminal

from .api import Vars
from .carrier import Carrier
from .story import APP, FILE, IGNORED, Call, Story
from .world import World

BODIES = {
    "sync": "syncing",
    "rollback": "rolling",
    "pull": "pulling",
    "lock": "locking",
    "drift": "drifting",
    "history": "recounting",
    "diff": "diffing",
}
LOCK = f"{FILE}.lock"


@dataclass(frozen=True)
class Run:
    """One call that has ended: its exit code, or what escaped, and what was said."""

    call: Call
    number: int
    code: int
    out: str
    err: str
    start: float
    end: float
    file_before: bytes
    file_after: bytes
    locked: bytes
    """The env file that the lock was made of."""
    left: tuple[str, ...]
    """What lies in the folder, and did not."""
    edits: tuple[bytes, ...]
    last_listed: float
    asked: tuple[float, ...] = ()
    escaped: str = ""

    @property
    def said(self) -> str:
        return f"{self.out}\n{self.err}"


@dataclass(frozen=True)
class Told:
    """A story that has been lived through; `after` is the run without faults."""

    story: Story
    world: World
    runs: tuple[Run, ...]
    before: Vars
    """What Heroku showed when the last run began."""
    after: Run


def live_through(story: Story, folder: Path) -> Told:
    for old in folder.iterdir():
        old.unlink()
    world = World(story, folder)
    with _in_place(world):
        if story.has_lock:
            _run(world, Call("lock", {"file": None, "check": False, "yes": True}), -1)
        runs = []
        for number, call in enumerate(story.calls):
            runs += _called(world, call, number)
            world.clock.move(60)
        world.calm()
        if b"=" not in world.file.read_bytes():  # a pull took all away
            world.declare()
        before = dict(world.app.shown(world.now))
        after = _run(world, last_call(story), len(story.calls))
    return Told(story, world, tuple(runs), before, after)


def last_call(story: Story) -> Call:
    """A sync that nothing stands in the way of, as wide as the story's own."""
    options = next((call.options for call in story.calls if call.task == "sync"), {})
    return Call(
        "sync",
        {
            "app": APP,
            "file": None,
            "only": [],
            "prune": options.get("prune", False),
            "expect": None,
            "confirm": APP,
            "yes": True,
            "force": True,
            "dry_run": False,
            "reveal": [],
            "no_wait": False,
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


def _run(world: World, call: Call, number: int) -> Run:
    world.turn_to(number)
    locked = world.locked
    start, edits, file_before = world.now, len(world.edits), world.file.read_bytes()
    world.asked.clear()
    there = {path.name for path in world.folder.iterdir()}
    out, err, code, escaped = io.StringIO(), io.StringIO(), 0, ""
    sys.argv = ["invoke", f"config.{call.task}"]
    with redirect_stdout(out), redirect_stderr(err):
        try:
            launch.run(BODIES[call.task], {"c": _context(world), **call.options})
        except Exit as error:
            code = error.code
        except BaseException as error:  # what escapes is told by an invariant
            code, escaped = 1, f"{type(error).__name__}: {error}"
    if f"Wrote {LOCK}" in f"{out.getvalue()}{err.getvalue()}":
        world.locked = world.file.read_bytes()
    return Run(
        call=call,
        number=number,
        code=code,
        out=out.getvalue(),
        err=err.getvalue(),
        start=start,
        end=world.now,
        file_before=file_before,
        file_after=world.file.read_bytes(),
        locked=locked,
        left=tuple({path.name for path in world.folder.iterdir()} - there - {LOCK}),
        edits=tuple(world.edits[edits:]),
        last_listed=world.last_listed,
        asked=tuple(world.asked),
        escaped=escaped,
    )


def _context(world: World) -> Context:
    heroku = {
        "apps": {APP: {"file": FILE}},
        "ignore": [IGNORED],
        "provided": list(world.story.provided),
    }
    config = Config(
        overrides={"heroku": heroku, "run": {"dry": False}},
        project_location=str(world.folder),
        lazy=True,
    )
    return Context(config)


class _Person(Terminal):
    """Somebody at the terminal, who takes some time and says yes."""

    world: World

    @property
    def can_ask(self) -> bool:
        asks = [*self.world.story.calls][self.world.call : self.world.call + 1]
        return any(call.asks for call in asks)

    @property
    def is_seen(self) -> bool:
        return True

    @property
    def question_width(self) -> int | None:
        return None

    def ask(self, question: str, *, above: str = "") -> str:
        print(f"{above}\n{question}", file=sys.stderr)
        self.world.question()
        name = question.rpartition("Type ")[2].partition(" to ")[0]
        return name if "Type " in question else "y"


class _Inline:
    """A thread that has run to its end once it is started: one order of many, always the same."""

    world: World

    def __init__(self, *, target: Callable[[], object], daemon: bool) -> None:
        self._target = target
        self.daemon = daemon

    def start(self) -> None:
        with self.world.thread():
            self._target()


@contextmanager
def _in_place(world: World) -> Iterator[None]:
    """The world where the tasks meet it: the clock, the network, the person, the threads."""
    person = type("Person", (_Person,), {"world": world})
    inline = type("Inline", (_Inline,), {"world": world})
    threads = SimpleNamespace(**{**vars(threading), "Thread": inline})
    with (
        _replaced(work, Transport=lambda *_: Carrier(world), Clock=world.clock),
        _replaced(applying, Clock=world.clock),
        _replaced(running, Terminal=person),
        _replaced(crew, threading=threads),
        _environment({"HEROKU_API_KEY": world.story.key, "HOME": str(world.folder)}),
    ):
        yield


@contextmanager
def _replaced(module: ModuleType, **names: object) -> Iterator[None]:
    before = {name: getattr(module, name) for name in names}
    try:
        for name, value in names.items():
            setattr(module, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(module, name, value)


@contextmanager
def _environment(environ: Mapping[str, str]) -> Iterator[None]:
    before, argv = dict(os.environ), sys.argv
    os.environ.clear()
    os.environ.update({"PATH": os.defpath, **environ})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.argv = argv
