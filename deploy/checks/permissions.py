"""An env file that other users of the machine can get at."""

from collections.abc import Iterator
from shlex import quote

from ..project.facts import Project
from .finding import Finding

NAME = "permissions"


def find(project: Project) -> Iterator[Finding]:
    for env in project.envs:
        if env.is_there and env.mode is not None and env.mode & 0o077:
            message = f"{_access(env.mode)} it (mode {env.mode:04o}): chmod 600 {quote(env.path)}"
            yield Finding(env.path, 0, NAME, message)


def _access(mode: int) -> str:
    """Who can do what: others where they can do anything, or else the file's group."""
    who, bits = ("others", mode & 0o7) if mode & 0o7 else ("its group", mode >> 3 & 0o7)
    words = [word for bit, word in ((4, "read"), (2, "write")) if bits & bit]
    return f"{who} can {' and '.join(words) or 'run'}"
