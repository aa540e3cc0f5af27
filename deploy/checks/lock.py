"""A committed lock that is not that of its env file, or is none."""

from collections.abc import Iterator, Sequence

from ..envfile import lock
from ..envfile.declaration import joined
from ..errors import BadEnvFile, BadLock
from ..names import LOCK_KEY, listed
from ..project.facts import Env, Project
from .finding import Finding

NAME = "lock"
_ADVICE = "run config.lock, and commit it"


def find(project: Project) -> Iterator[Finding]:
    others = ((0, (env,)) for env in project.envs if not env.is_declared)
    for number, layers in (*project.numbered.items(), *others):
        lock_path, found = layers[-1].lock_of(number)
        match found if all(env.parsed for env in layers) else None:
            case lock.Lock() as locked:
                yield from _stale(layers, locked, lock_path)
            case BadLock() as error:
                for reason, line, name in error.complaints:
                    what = f"{name} {reason}" if name else reason
                    yield Finding(lock_path, line or 0, NAME, f"{what}: {_ADVICE}")


def _stale(layers: Sequence[Env], locked: lock.Lock, lock_path: str) -> Iterator[Finding]:
    source = joined(env.path for env in layers)
    declared = {name: value for env in layers for name, value in env.vars.items()}
    try:
        fresh = lock.make(declared, source=source)
    except BadEnvFile as error:
        key = [(env.path, e.line) for env in layers for e in env.entries if e.name == LOCK_KEY]
        path, line = (key or [(layers[-1].path, 0)])[-1]
        for complaint in error.complaints:
            what = f"cannot be held against {lock_path}: {LOCK_KEY} {complaint.reason}"
            yield Finding(path, line, NAME, what)
        return
    if fresh.fingerprint != locked.fingerprint:
        what = f"was made with another {LOCK_KEY} than {source} has"
    elif names := {name for name, _ in fresh.digests.items() ^ locked.digests.items()}:
        what = f"differs from {source} in {listed(names)}"
    else:
        return
    yield Finding(lock_path, 0, NAME, f"{what}: {_ADVICE}")
