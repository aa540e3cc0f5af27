"""Measure how many answers a task waits for, one after the other: `.venv/bin/python
tests/bench_trips.py [RUNS]`.

Each task runs with answers that come at once and with answers that take 100 ms; the difference, in
units of 100 ms, is its round trips. Of some runs the quickest counts, for a busy machine is only
ever slower. Nothing here passes or fails.
"""

import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.emulator import App, Emulator, Fault, Latency

LATENCY = 0.1
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


def app_of(emulator: Emulator) -> App:
    app = emulator.add_app("myapp", {"LEVEL": "warn", "TOKEN": "t0ken"})
    app.set_vars({"LEVEL": "info"})
    plan, addon = "heroku-postgresql:essential-0", "curved"
    app.add_addon(plan, addon, {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")
    return app


def run(words: str, text: str, keys: bytes, latency: float) -> tuple[float, int]:
    """Seconds, and how many requests."""
    with tempfile.TemporaryDirectory() as root, Emulator() as emulator:
        app_of(emulator)
        if latency:
            emulator.inject(Fault(what=Latency(latency), times=10**6))
        folder = Path(root)
        (folder / "tasks.py").write_text("from heroku_config_tasks import ns\n")
        (folder / ".env.production").write_text(text)
        env = {**os.environ, "HEROKU_HOST": emulator.url, "HEROKU_API_KEY": "x", "HOME": root}
        env.pop("CI", None)
        command = [str(Path(sys.executable).parent / "invoke"), *words.split()]
        start = time.perf_counter()
        if keys:
            answer(command, folder, env, keys)
        else:
            subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
        return time.perf_counter() - start, len(emulator.requests)


def answer(command: Sequence[str], folder: Path, env: dict[str, str], keys: bytes) -> None:
    """Run at a terminal, and answer its question as soon as it stands there."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(command[0], list(command), env)  # noqa: S606  # no shell is wanted
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


if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print(f"{'':26} requests  round trips  at {LATENCY * 1000:.0f} ms")
    for title, words, text, keys in TASKS:
        quick, slow = (
            [run(words, text, keys, latency) for _ in range(runs)] for latency in (0, LATENCY)
        )
        without, with_ = (min(took for took, _ in each) for each in (quick, slow))
        trips = (with_ - without) / LATENCY
        print(f"{title:26} {slow[0][1]:8}  {trips:11.1f}  {with_:6.2f} s")
