"""Measure what start-up and parsing cost: `.venv/bin/python tests/bench.py [PAIRS]`.

Whole processes are timed in pairs, one after the other, so that a machine that slows down slows
both; what counts is the ratio of the medians. Nothing here passes or fails.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from deploy.emulator import Emulator
from deploy.envfile.parser import parse

EMPTY = ""
DIFF = "from heroku_config_tasks import ns\n"
IMPORTS = "from invoke import task\n@task\ndef t(c):\n    import requests, dotenv.parser\n"


def seconds(folder: Path, words: str, env: dict[str, str]) -> float:
    start = time.perf_counter()
    command = [str(Path(sys.executable).parent / "invoke"), *words.split()]
    subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    return time.perf_counter() - start


def pairs(count: int) -> None:
    with tempfile.TemporaryDirectory() as root, Emulator() as heroku:
        heroku.add_app("myapp", {f"NAME_{number}": f"value {number}" for number in range(60)})
        env = {**os.environ, "HEROKU_HOST": heroku.url, "HEROKU_API_KEY": "x", "HOME": root}
        folders = {}
        for name, text in (("diff", DIFF), ("empty", EMPTY), ("imports", IMPORTS)):
            folders[name] = Path(root) / name
            folders[name].mkdir()
            (folders[name] / "tasks.py").write_text(text)
        (folders["diff"] / ".env.production").write_text(entries(60))
        seconds(folders["diff"], "config.diff --app myapp", env)
        before = len(heroku.requests)
        for other, words, bound in (("empty", "--list", 1.8), ("imports", "t", 1.25)):
            times = [
                (
                    seconds(folders["diff"], "config.diff --app myapp", env),
                    seconds(folders[other], words, env),
                )
                for _ in range(count)
            ]
            ours, theirs = (statistics.median(side) for side in zip(*times, strict=True))
            print(
                f"config.diff / {other} {words}: {ours / theirs:.2f}"
                f" (bound {bound}; medians of {count} pairs: {ours:.3f} s, {theirs:.3f} s)"
            )
        print(f"requests a diff: {(len(heroku.requests) - before) / (2 * count):g}")


def parsing() -> None:
    for count in (60, 600, 10_000):
        data = entries(count).encode()
        times = []
        for _ in range(5):
            start = time.perf_counter()
            parse(data, source="bench")
            times.append(time.perf_counter() - start)
        took = statistics.median(times)
        print(f"{count} entries: {took * 1000:.2f} ms, {took / count * 1e6:.1f} us an entry")


def entries(count: int) -> str:
    return "".join(f"NAME_{number}='value {number}'\n" for number in range(count))


if __name__ == "__main__":
    pairs(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    parsing()
