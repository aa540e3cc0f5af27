"""A checkout with labels: its files, and the places in them where something is to be found."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from deploy.checks.finding import Checked
from deploy.project.policy import Policy
from deploy.project.settings import RULES
from deploy.project.tree import Tree
from deploy.stories.check import File, check

PRODUCTION = ".env.production"
STAGING = ".env.staging"
DOTENV = ".env"
EXAMPLE = ".env.example"


class Place(NamedTuple):
    path: str
    line: int
    rule: str = "hardcoded"


class Chapter(NamedTuple):
    """`found` are the places of findings; `notes` say what a rule says besides, in its own words.

    What the rules cannot do is written down, and counts: `missed` are places without a finding
    that should have one, `false` the findings that should not be there.
    """

    name: str
    files: Mapping[str, str]
    harmless: int
    """How many of the labelled cases are to be passed over in silence."""
    found: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()
    details: tuple[Place, ...] = ()
    """Notes for a program alone."""
    missed: tuple[Place, ...] = ()
    false: tuple[Place, ...] = ()
    declared: tuple[str, ...] = (PRODUCTION,)
    staged: Mapping[str, str] = {}
    """What git has of a file where the working tree has something else."""
    tracked: tuple[str, ...] = ()
    rules: tuple[str, ...] = RULES
    provided: frozenset[str] = frozenset()

    @property
    def planted(self) -> tuple[Place, ...]:
        """All that is to be found, be it found or not."""
        return (*self.found, *self.missed)


def written(entries: Mapping[str, str]) -> str:
    """Entries of an env file; a value that needs no quotes has none."""
    return "".join(f"{name}={_quoted(value)}\n" for name, value in entries.items())


def _quoted(value: str) -> str:
    if value.isascii() and not set(value) & set("\n\"'\\#` "):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def checked(root: Path, chapter: Chapter) -> Checked:
    """Build the checkout, and run the check over it as the task does."""
    _git(root, "init", "-q")
    files = {".gitignore": f".env*\n!{EXAMPLE}\n!*.lock\n", **chapter.files}
    for name, text in {**files, **chapter.staged}.items():
        _write(root / name, text)
    _git(root, "add", "-A")
    if chapter.tracked:
        _git(root, "add", "-f", *chapter.tracked)
    for name in chapter.staged:
        _write(root / name, files[name])
    env_files = [File(root / name, name, root / f"{name}.lock") for name in chapter.declared]
    return check(
        Tree(root),
        [*env_files, File(root / DOTENV, DOTENV, is_declared=False)],
        chapter.rules,
        policy=Policy(provided=chapter.provided),
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    if path.name.startswith(".env"):
        path.chmod(0o600)


def _git(root: Path, *words: str) -> None:
    empty = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-c", "core.autocrlf=false", *words]
    subprocess.run(command, cwd=root, check=True, capture_output=True, env={**os.environ, **empty})
