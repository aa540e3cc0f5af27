"""How many answers a task waits for, one after the other.

Each task runs with answers that come at once and with answers that take half a second; the
difference, in units of that, is its round trips. Of some runs the quickest counts, for a busy
machine is only ever slower. `tests/tasks/test_trips.py` holds the numbers themselves. Some of these
tasks write, so it is the emulator that they meet.
"""

import os
import pty
import select
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.emulator import Emulator, Fault, Latency

from .checkout import ignoring
from .ground import TASKS as TASKS_FILE
from .ground import Ground
from .pairs import Command, spend
from .row import Row

LATENCY = 0.5
IN_SYNC = "LEVEL=info\nTOKEN=t0ken\n"
CHANGED = "LEVEL=debug\nTOKEN=t0ken\n"
NEW = "LEVEL=info\nTOKEN=t0ken\nNEW=new\n"

TASKS: Sequence[tuple[str, str, str, bytes]] = (
    ("diff, in sync", "config.diff --app myapp", IN_SYNC, b""),
    ("diff, one changed", "config.diff --app myapp", CHANGED, b""),
    ("diff, one new", "config.diff --app myapp", NEW, b""),
    ("sync, in sync", "config.sync --app myapp --yes", IN_SYNC, b""),
    ("sync --yes, one changed", "config.sync --app myapp --yes", CHANGED, b""),
    ("sync --yes, one new", "config.sync --app myapp --yes", NEW, b""),
    ("sync with a question", "config.sync --app myapp", CHANGED, b"y\n"),
    ("rollback --confirm", "config.rollback --app myapp --to v1 --confirm myapp", IN_SYNC, b""),
    ("pull --yes", "config.pull --app myapp --yes", CHANGED, b""),
    ("drift, in sync", "config.drift --app myapp", IN_SYNC, b""),
    ("drift, one changed", "config.drift --app myapp", CHANGED, b""),
)


def _add_app(emulator: Emulator) -> None:
    app = emulator.add_app("myapp", {"LEVEL": "warn", "TOKEN": "t0ken"})
    app.set_vars({"LEVEL": "info"})
    plan, addon = "heroku-postgresql:essential-0", "curved"
    app.add_addon(plan, addon, {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")


def rows(ground: Ground, count: int) -> Iterator[Row]:
    for title, line, text, keys in TASKS:
        quick, slow = (
            [_run(ground, line, text, keys, latency) for _ in range(count)]
            for latency in (0.0, LATENCY)
        )
        without = min(took for took, _ in quick)
        yield Row(
            name=f"trips/{title}",
            what=f"`{line}`: round trips of {LATENCY * 1000:.0f} ms",
            figures=((min(took for took, _ in slow) - without) / LATENCY,),
            beside=f"{slow[0][1]} requests",
        )


def _run(ground: Ground, line: str, text: str, keys: bytes, latency: float) -> tuple[float, int]:
    """Seconds, and how many requests."""
    with tempfile.TemporaryDirectory() as root, Emulator() as emulator:
        _add_app(emulator)
        if latency:
            emulator.inject(Fault(what=Latency(latency), times=10**6))
        folder = Path(root)
        (folder / "tasks.py").write_text(TASKS_FILE)
        ignoring(folder)
        (folder / ".env.production").write_text(text)
        command = ground.invoke(line, folder, emulator.url, codes=(0, 2))
        took = _answered(command, keys) if keys else spend(command).wall
        return took, len(emulator.requests)


def _answered(command: Command, keys: bytes) -> float:
    """Run at a terminal, and answer its question as soon as it stands there."""
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(command.folder)
        os.execve(command.words[0], list(command.words), dict(command.env))  # noqa: S606  # no shell
    seen = b""
    while select.select([terminal], [], [], 20)[0]:
        try:
            found = os.read(terminal, 65536)
        except OSError:  # Linux: the other side was closed
            break
        seen += found
        if keys and b"[y/N]" in seen:
            os.write(terminal, keys)
            keys = b""
    os.waitpid(child, 0)
    os.close(terminal)
    return time.perf_counter() - start
