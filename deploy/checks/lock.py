"""A committed lock that is not that of its env file, or is none."""

from collections.abc import Iterator

from ..envfile import lock
from ..errors import BadEnvFile, BadLock
from ..names import LOCK_KEY, listed
from ..project.facts import Env, Project
from .finding import Finding

NAME = "lock"
_ADVICE = "run config.lock, and commit it"


def find(project: Project) -> Iterator[Finding]:
    for env in project.envs:
        match env.locked if env.parsed else None:
            case lock.Lock() as locked:
                yield from _stale(env, locked)
            case BadLock() as error:
                for reason, line, name in error.complaints:
                    what = f"{name} {reason}" if name else reason
                    yield Finding(env.lock_path, line or 0, NAME, f"{what}: {_ADVICE}")


def _stale(env: Env, locked: lock.Lock) -> Iterator[Finding]:
    try:
        fresh = lock.make(env.vars, source=env.path)
    except BadEnvFile as error:
        lines = {entry.name: entry.line for entry in env.entries}
        for complaint in error.complaints:
            what = f"cannot be held against {env.lock_path}: {LOCK_KEY} {complaint.reason}"
            yield Finding(env.path, lines.get(LOCK_KEY, 0), NAME, what)
        return
    if fresh.fingerprint != locked.fingerprint:
        what = f"was made with another {LOCK_KEY} than {env.path} has"
    elif names := {name for name, _ in fresh.digests.items() ^ locked.digests.items()}:
        what = f"differs from {env.path} in {listed(names)}"
    else:
        return
    yield Finding(env.lock_path, 0, NAME, f"{what}: {_ADVICE}")
