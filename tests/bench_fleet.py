"""Measure `config.drift` over many apps: `.venv/bin/python tests/bench_fleet.py`.

Each line is one run of the command against the emulator, with nothing drifted. What a run of
`invoke --list` takes is subtracted, so that seconds and ratios are the drift's own. The ideal is
requests times latency, divided by workers. The peak of memory is the kernel's word on that one
process, which a small process of its own starts: a child begins with the peak of whoever started
it. Nothing here passes or fails.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from deploy.emulator import Emulator

APPS = 200
FEWER = 50
"""As many apps where one worker has to wait for each request."""
WORKERS = (1, 8, 16, 32)
LATENCIES = (0.0, 0.1)
VARS = 60
LAUNCH = """\
import json, os, sys, time
start = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
_, status, usage = os.wait4(process, 0)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps([time.perf_counter() - start, usage.ru_maxrss * unit / 1e6, status >> 8]))
"""


class Run(NamedTuple):
    """Seconds, megabytes at the peak, and the exit code."""

    seconds: float
    memory: float
    code: int


def run(folder: Path, words: str, env: dict[str, str]) -> Run:
    command = [sys.executable, "-m", "invoke", *words.split()]
    text = subprocess.check_output(
        [sys.executable, "-c", LAUNCH, *command], cwd=folder, env=env, text=True
    )
    return Run(*json.loads(text))


def settle(folder: Path, count: int, workers: int) -> None:
    apps = "".join(f"    app-{number:03}: {{}}\n" for number in range(count))
    (folder / "invoke.yaml").write_text(f"heroku:\n  workers: {workers}\n  apps:\n{apps}")


def measure(heroku: Emulator, folder: Path, env: dict[str, str], latency: float) -> None:
    for workers in WORKERS:
        count = FEWER if latency and workers == 1 else APPS
        settle(folder, count, workers)
        start = statistics.median(run(folder, "--list", env).seconds for _ in range(3))
        heroku.latency, heroku.rate_limit_remaining = latency, 4500
        before = len(heroku.requests)
        done = run(folder, "config.drift", env)
        sent = len(heroku.requests) - before
        own = done.seconds - start
        ratio = f"{sent * latency / workers / own:.0%}" if latency else "-"
        fewer = f" ({count} apps only)" if count != APPS else ""
        print(
            f"{latency * 1000:3.0f} ms, {workers:2} workers: {count / own:6.1f} apps/s,"
            f" {sent / count:g} requests an app, {ratio} of the ideal, {done.memory:.0f} MB,"
            f" {own:.2f} s + {start:.2f} s start, exit {done.code}{fewer}",
            flush=True,
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as root, Emulator() as heroku:
        values = {f"NAME_{number}": f"value {number}" for number in range(VARS)}
        for number in range(APPS):
            heroku.add_app(f"app-{number:03}", values)
        folder = Path(root)
        (folder / "tasks.py").write_text("from heroku_config_tasks import ns\n")
        entries = "".join(f"{name}='{value}'\n" for name, value in values.items())
        (folder / ".env.production").write_text(entries)
        env = {
            **{name: value for name, value in os.environ.items() if name != "CI"},
            "HEROKU_HOST": heroku.url,
            "HEROKU_API_KEY": "x",
            "HOME": root,
        }
        run(folder, "config.drift --app app-000", env)  # once, for the byte code
        for latency in LATENCIES:
            measure(heroku, folder, env, latency)


if __name__ == "__main__":
    main()
