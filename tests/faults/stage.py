"""Where a run takes place: the tasks as Invoke calls them, with the world at their seams."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import NamedTuple

from invoke.config import Config
from invoke.context import Context
from invoke.exceptions import Exit

from deploy import workers
from deploy.heroku import transport
from deploy.tasks import apply, config, workspace
from deploy.tasks import run as running
from deploy.tasks.terminal import Terminal

from .carrier import Carrier
from .story import APP, FILE, IGNORED, Call
from .world import World

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


class Ended(NamedTuple):
    """How a run ended: its exit code, what it said, and what escaped from it."""

    code: int
    out: str
    err: str
    escaped: str = ""


def observed(world: World, call: Call, number: int, perform: Callable[[], Ended]) -> Run:
    """A run, and what there was before and after it."""
    world.turn_to(number)
    world.asked.clear()
    locked = world.locked
    start, edits, file_before = world.now, len(world.edits), world.file.read_bytes()
    there = {path.name for path in world.folder.iterdir()}
    ended = perform()
    if f"Wrote {LOCK}" in f"{ended.out}{ended.err}":
        world.locked = world.file.read_bytes()
    return Run(
        call=call,
        number=number,
        code=ended.code,
        out=ended.out,
        err=ended.err,
        start=start,
        end=world.now,
        file_before=file_before,
        file_after=world.file.read_bytes(),
        locked=locked,
        left=tuple({path.name for path in world.folder.iterdir()} - there - {LOCK}),
        edits=tuple(world.edits[edits:]),
        last_listed=world.last_listed,
        asked=tuple(world.asked),
        escaped=ended.escaped,
    )


def perform(world: World, call: Call) -> tuple[int, str]:
    """Run a task to its end: its exit code, and what escaped from it."""
    sys.argv = ["invoke", f"config.{call.task}"]
    try:
        config[call.task](_context(world), **call.options)
    except Exit as error:
        return error.code, ""
    except BaseException as error:  # what escapes is told by an invariant
        return 1, f"{type(error).__name__}: {error}"
    return 0, ""


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
    def is_showing_report(self) -> bool:
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
def in_place(world: World, *, is_threaded: bool = False) -> Iterator[None]:
    """The world where the tasks meet it: the clock, the network, the person, the threads.

    Where it `is_threaded` the threads are real, and their order is whatever it is.
    """
    person = type("Person", (_Person,), {"world": world})
    inline = type("Inline", (_Inline,), {"world": world})
    threads = SimpleNamespace(**vars(threading))
    if not is_threaded:
        threads.Thread = inline
    with (
        _replaced(transport, Transport=lambda *_: Carrier(world)),
        _replaced(workspace, Clock=world.clock),
        _replaced(apply, Clock=world.clock),
        _replaced(running, Terminal=person),
        _replaced(workers, threading=threads),
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
