"""`python -m tests.faults.signals`: Ctrl-C, SIGTERM and SIGKILL at the lines of a run.

One process loads the tasks; each run is a fork of it, with real threads and real signals, and the
storm's own API in place of the network. What happened in it is judged there, by the invariants of
the storm. `--every 1` strikes at each line that is run of `deploy`, a greater number at fewer.
"""

import json
import os
import select
import signal
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from deploy import signals

from . import judge
from .plain import STORIES
from .running import Told, after_all
from .stage import Ended, in_place, observed, perform
from .story import FILE, Fault, Story
from .world import World

DEPLOY = str(Path(signals.__file__).parent) + os.sep
PATIENCE = 20.0
"""Seconds after which a run hangs."""
CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def _asked(story: Story) -> Story:
    """Somebody is there, and is asked."""
    [call] = story.calls
    options = {**call.options, "confirm": None, "yes": False}
    return replace(story, calls=(replace(call, options=options, asks=True),))


def _with(story: Story, *faults: Fault) -> Story:
    return replace(story, faults=faults)


STRUCK = {
    **{name: STORIES[name] for name in ("sync", "json", "drift", "pull", "rollback", "history")},
    "phase": _with(STORIES["json"], Fault("phase-succeeds")),
    "lost": _with(STORIES["json"], Fault("lost-after", 0, "patch", 1)),
    "asked": _asked(STORIES["sync"]),
    "pull-asked": _asked(STORIES["pull"]),
}


class Moment(NamedTuple):
    """A signal at the line of that number, and perhaps a second one some lines on."""

    number: signal.Signals
    line: int
    second: int = 0


class Struck(NamedTuple):
    """How a run ended: its code, what broke, how many lines it had, and what it said."""

    code: int
    broken: list[str]
    lines: int = 0
    out: str = ""
    err: str = ""


def strike(
    story: Story, moment: Moment | None, folder: Path, usual: Struck | None = None
) -> Struck:
    """A fork that lives through the first call of a story, and is struck at a moment."""
    for old in folder.iterdir():
        old.unlink()
    ours, theirs = os.pipe()
    if (child := os.fork()) == 0:
        _become(story, moment, folder, theirs)
    os.close(theirs)
    found = b""
    end = time.monotonic() + PATIENCE
    while select.select([ours], [], [], max(0.0, end - time.monotonic()))[0]:
        if not (more := os.read(ours, 65536)):
            break
        found += more
    else:
        os.kill(child, signal.SIGKILL)
    os.close(ours)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if found:
        return Struck(code, **json.loads(found))
    return Struck(code, _unjudged(code, moment, folder, usual))


def _unjudged(code: int, moment: Moment | None, folder: Path, usual: Struck | None) -> list[str]:
    """What is wrong with a run that ended in the middle: it may, where a signal ends all."""
    out, err = ((folder / name).read_text() for name in ("out", "err"))
    if moment is None:
        return [f"it ended with {code}: {err}"]
    if moment.number is signal.SIGKILL:
        return _left_by_kill(folder)
    if code == -signal.SIGKILL:
        return [f"it hangs; it had said {out!r} and {err!r}"]
    is_all_said = usual is not None and (out, err) == (usual.out, usual.err)
    if code == -moment.number and (is_all_said or (out, err) == ("", "")):
        return []  # before any handler stood, or when none did any more
    if code != CODES[moment.number] or not err.startswith("error: ") or "Traceback" in err:
        return [f"it ended with {code}, and said {out!r} and {err!r}"]
    return []


def _left_by_kill(folder: Path) -> list[str]:
    """A temporary file may be left, which git ignores and nobody else can read."""
    broken = []
    for path in folder.iterdir():
        if path.name in ("out", "err", "tasks.py", f"{FILE}.lock"):
            continue
        if path.stat().st_mode & 0o077 or not path.name.startswith(FILE):
            broken.append(f"{path.name} is left, with mode {path.stat().st_mode & 0o777:o}")
    data = (folder / FILE).read_bytes()
    if not data.startswith(b"# kept\n") or not data.endswith(b"\n"):
        broken.append("the env file is not whole")
    return broken


def _become(story: Story, moment: Moment | None, folder: Path, verdict: int) -> None:
    """Be the run, and judge it; never returns."""
    code = 70
    try:
        world = World(story, folder)
        lines = _Lines(moment)
        with in_place(world, is_threaded=True):
            with _outputs(folder):
                run = observed(world, story.calls[0], 0, lambda: _performed(world, lines, folder))
            code = run.code
            signals._received.clear()  # or the next run would hear what came behind this one
            before, after = after_all(world, story)
        broken = judge.violations(Told(story, world, (run,), before, after))
        if "Traceback" in run.err:
            broken.append(f"a traceback: {run.err}")
        seen = {"broken": broken, "lines": lines.count, "out": run.out, "err": run.err}
        os.write(verdict, json.dumps(seen).encode())
    except BaseException as error:  # whatever it is, the parent tells it
        os.write(verdict, json.dumps({"broken": [repr(error)]}).encode())
    finally:
        os._exit(code)


def _performed(world: World, lines: "_Lines", folder: Path) -> Ended:
    # As in a process in which no task has run yet.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signals._task_has_ended = False
    signals.handle_outside_tasks()
    with lines.traced():
        code, escaped = perform(world, world.story.calls[0])
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(5)
    sys.stdout.flush()
    sys.stderr.flush()
    out, err = ((folder / name).read_text() for name in ("out", "err"))
    for name in ("out", "err"):
        (folder / name).unlink()
    return Ended(code, out, err, escaped)


@contextmanager
def _outputs(folder: Path) -> Iterator[None]:
    """Standard output and error as files: a handler may write past Python's streams."""
    for descriptor, name in ((1, "out"), (2, "err")):
        file = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(file, descriptor)
        os.close(file)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    yield


class _Lines:
    """Counts the lines of `deploy` that are run, in any thread, and strikes at one of them."""

    def __init__(self, moment: Moment | None) -> None:
        self.count = 0
        self._at = {moment.line: moment.number} if moment else {}
        if moment and moment.second:
            self._at[moment.line + moment.second] = moment.number

    @contextmanager
    def traced(self) -> Iterator[None]:
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        try:
            yield
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]  # as Python's manual has it

    def _enter(self, frame: FrameType, _event: str, _arg: object) -> object:
        return self._line if frame.f_code.co_filename.startswith(DEPLOY) else None

    def _line(self, _frame: FrameType, event: str, _arg: object) -> object:
        if event == "line":
            self.count += 1
            if number := self._at.get(self.count):
                os.kill(os.getpid(), number)
        return self._line


# All of them, one after the other.


@dataclass
class Strikes:
    runs: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        codes = ", ".join(f"{code}: {times:,}" for code, times in sorted(self.codes.items()))
        return f"{self.runs:,} runs were struck, exit codes: {codes}; {len(self.broken)} broke"


def strike_all(names: list[str], every: int, folder: Path) -> Strikes:
    """Each story, each signal, at each line or fewer; a second one of the same soon after some."""
    found = Strikes()
    for name in names:
        usual = strike(STRUCK[name], None, folder)
        found.broken += (f"{name}: {each}" for each in usual.broken)
        for place, line in enumerate(range(1, usual.lines + 1, every)):
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
                second = (0, 1, 7, 60)[place % 4] if number is not signal.SIGKILL else 0
                moment = Moment(number, line, second)
                seen = strike(STRUCK[name], moment, folder, usual)
                found.runs += 1
                found.codes[seen.code] += 1
                found.broken += (f"{name}, {moment}: {each}" for each in seen.broken)
    return found


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.faults.signals", description=__doc__)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("stories", nargs="*", help=f"of {', '.join(STRUCK)}; all without one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = strike_all(asked.stories or list(STRUCK), asked.every, Path(folder))
    print("\n".join([*found.broken[:20], str(found)]))
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
