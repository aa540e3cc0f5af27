"""`config.check` on a large tree: beside one reading of it, and beside ripgrep.

4,000 text files of 50 MB, 60 secrets in the env file, and one of them planted: all rules are asked.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.checks.hardcoded.needles import needles
from deploy.envfile import parser
from deploy.project.facts import Env, Project

from .checkout import checkout
from .ground import Ground
from .pairs import Command, pairs, rows
from .row import Goal, Row

FILES, BYTES, VALUES = 4_000, 50_000_000, 60
WHAT = f"`config.check`, {FILES:,} files, {BYTES // 10**6} MB, {VALUES} values"
READ = """\
import subprocess
listed = subprocess.run(["git", "ls-files", "-z"], stdout=subprocess.PIPE, check=True).stdout
for name in listed.split(b"\\0")[:-1]:
    with open(name, "rb") as file:
        file.read()
"""


def read(ground: Ground, count: int) -> Iterator[Row]:
    root = _checkout(ground)
    theirs = Command(words=[sys.executable, "-c", READ], folder=root, env=ground.env(""))
    found = pairs(_ours(ground, root), theirs, count)
    what = f"{WHAT} / a process that reads them once"
    yield from rows("check/read", what, found, time=Goal(4), CPU=Goal(5))


def rg(ground: Ground, count: int) -> Iterator[Row]:
    """With the texts of the env file's values alone, and `-a`, for git is told that too."""
    root = _checkout(ground)
    tool, patterns = ground.ripgrep, ground.home / "patterns"
    env = Env(".env.production", parser.parse((root / ".env.production").read_bytes(), source="x"))
    searched = needles(Project((env,))).searched
    patterns.write_bytes(b"\n".join(searched) + b"\n")
    words = [str(tool.path), "-a", "-n", "-F", "-f", str(patterns), "."]
    theirs = Command(words=words, folder=root, env=ground.env(""))
    found = pairs(_ours(ground, root), theirs, count)
    what = f"{WHAT} / `rg -F` of the same {len(searched)} texts ({tool.version})"
    yield from rows("check/rg", what, found, time=Goal(1.0), CPU=Goal(1.5))


def _checkout(ground: Ground) -> Path:
    return checkout(ground, "check", files=FILES, size=BYTES // FILES, values=VALUES)


def _ours(ground: Ground, root: Path) -> Command:
    return ground.invoke("config.check", root, codes=(2,))  # it finds what is planted
