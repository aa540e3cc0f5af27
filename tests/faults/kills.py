"""`python -m tests.faults.kills`: SIGKILL at random requests of a sync of many apps.

The run is an `invoke` of its own, and the emulator is in this process, so it outlives it. What is
live is then, app by app, wholly what was or wholly what was declared; and the same again, left
alone, makes it all what was declared.
"""

import os
import random
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from deploy.emulator import Emulator, Fault, When, Writer

ROOT = Path(__file__).parents[2]
APPS, WORKERS = 10, 3
NAMES = ("ALPHA", "BETA", "GAMMA", "DELTA")
LINE = ("config.sync", "--all", "--yes")
PATIENCE = 60.0


class Ground(NamedTuple):
    """An emulator with apps, and a folder whose settings list them."""

    emulator: Emulator
    folder: Path
    apps: list[str]

    def declare(self, value: str) -> None:
        env = self.folder / ".env.production"
        env.write_text("".join(f"{name}={value}\n" for name in NAMES))
        env.chmod(0o600)
        self.emulator.rate_limit_remaining = 4500

    def started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "invoke", *LINE],
            cwd=self.folder,
            env={
                "PATH": os.defpath,
                "PYTHONPATH": str(ROOT),
                "HOME": str(self.folder),
                "HEROKU_HOST": self.emulator.url,
                "HEROKU_API_KEY": "any-key",
                "GIT_CONFIG_NOSYSTEM": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self) -> str:
        """A run that nobody ends; what is wrong with it."""
        process = self.started()
        out, _ = process.communicate(timeout=PATIENCE)
        return "" if process.returncode == 0 else f"exit {process.returncode}: {out.decode()}"

    def values(self, app: str) -> set[str]:
        """What the app's vars hold; one value where its PATCHes are whole."""
        held = self.emulator.app(app).vars
        return {held[name] for name in NAMES}


class Moment(NamedTuple):
    """At which request the run is killed, and whether it has taken effect by then."""

    request: int
    when: When


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    apps = [f"app-{number:02}" for number in range(APPS)]
    settings = "".join(f"    {app}:\n" for app in apps)
    (folder / "tasks.py").write_text("from deploy.tasks import ns\n")
    (folder / "invoke.yaml").write_text(f"heroku:\n  workers: {WORKERS}\n  apps:\n{settings}")
    with Emulator() as emulator:
        for app in apps:
            emulator.add_app(app, dict.fromkeys(NAMES, "old"))
        yield Ground(emulator, folder, apps)


def requests_of_a_run(found: Ground) -> int:
    found.declare("first")
    before = len(found.emulator.requests)
    if wrong := found.run():
        raise RuntimeError(wrong)
    return len(found.emulator.requests) - before


def kill(found: Ground, moment: Moment, old: str, new: str) -> tuple[int, list[str]]:
    """How many apps are new when the run is killed, and what is wrong with any, or behind it."""
    found.declare(new)

    def strike() -> None:  # long after the process has begun
        process.kill()

    found.emulator.inject(Fault(what=Writer(strike, moment.when), after=moment.request))
    process = found.started()
    out, _ = process.communicate(timeout=PATIENCE)
    live = {app: found.values(app) for app in found.apps}
    wrong = [f"{app} holds {held}" for app, held in live.items() if held not in ({old}, {new})]
    written = [place for place, app in enumerate(found.apps) if live[app] == {new}]
    if written and max(written) >= len(written) + WORKERS:
        wrong.append(f"written are {written}, which is no prefix")
    if process.returncode == 0:
        wrong.append(f"it was never killed: {out.decode()}")
    if again := found.run():
        wrong.append(f"the same again ends with {again}")
    wrong += (f"{app} is not new after it" for app in found.apps if found.values(app) != {new})
    return len(written), [f"{moment}: {each}" for each in wrong]


def kill_often(folder: Path, times: int, seed: int) -> tuple[list[int], list[str]]:
    """How many apps were new at each of so many moments, and all that is wrong."""
    chance, counts, wrong, old = random.Random(seed), [], [], "first"
    with ground(folder) as found:
        last = requests_of_a_run(found)
        for number in range(times):
            new = f"value-{number}"
            moment = Moment(chance.randrange(last - 1), chance.choice(list(When)))
            written, more = kill(found, moment, old, new)
            counts.append(written)
            wrong += more
            old = new
    return counts, wrong


def main() -> int:
    parser = ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts, wrong = kill_often(Path(folder), asked.times, asked.seed)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    told = f"{asked.times} runs over {APPS} apps were killed (seed {asked.seed})"
    print(f"{told}, with {sorted(counts)} of them new; {len(wrong)} broke")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
