"""One secret in the env files of two apps: who has the one has the other.

Layers of one app are no two apps; a secret that stands in a layer of several is theirs together,
but for the key of their locks.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from ..envfile.parser import Entry
from ..names import LOCK_KEY
from ..project.facts import Env, Project
from ..secret import Secret
from .finding import Finding

NAME = "shared"


def find(project: Project) -> Iterator[Finding]:
    yield from _copies(project)
    yield from _keys(project)


def _copies(project: Project) -> Iterator[Finding]:
    """Each entry once, at the later file; an equal one of the same name is the one it names."""
    envs = project.declared
    apps = [{number for number, _ in env.layer_of} for env in envs]
    secrets = [*_secrets(envs)]
    values = Secret.in_common(entry.value for _, entry in secrets).numbers
    # The first entry of each file that has a value, under a name and under any.
    met: defaultdict[tuple[int, str], dict[int, Entry]] = defaultdict(dict)
    for (place, entry), value in zip(secrets, values, strict=True):
        alike = (met[value, entry.name], met[value, ""])
        for first, other in chain.from_iterable(each.items() for each in alike):
            if first != place and apps[first].isdisjoint(apps[place]):
                what = f"{entry.name} is the same as {other.name} in {envs[first].path}"
                advice = "give each app its own"
                yield Finding(envs[place].path, entry.line, NAME, f"{what}: {advice}")
                break
        for each in alike:
            each.setdefault(place, entry)


def _secrets(envs: Sequence[Env]) -> Iterator[tuple[int, Entry]]:
    """Each with the place of its file."""
    for place, env in enumerate(envs):
        for entry in env.entries:
            if entry.value.is_secretlike(entry.name):
                yield place, entry


def _keys(project: Project) -> Iterator[Finding]:
    """The key of a lock below what several apps have of their own."""
    below = {id(env) for layers in project.declarations for env in layers[:-1]}
    for env in project.declared:
        if len(env.layer_of) > 1 and id(env) in below:
            for entry in env.entries:
                if entry.name == LOCK_KEY:
                    what = f"{LOCK_KEY} stands in a layer of several apps"
                    advice = "give each a key of its own, in its last file"
                    yield Finding(env.path, entry.line, NAME, f"{what}: {advice}")
