"""One secret in the env files of two apps: who has the one has the other.

Each secret is held against each of the files before its own: values compare in constant time or
not at all, and a table of them would need a hash. Layers of one app are no two apps; a secret that
stands in a layer of several is theirs together, but for the key of their locks.
"""

from collections.abc import Iterator

from ..names import LOCK_KEY
from ..project.facts import Env, Project
from .finding import Finding

NAME = "shared"


def find(project: Project) -> Iterator[Finding]:
    """Each entry once, at the later file; an equal one of the same name is the one it names."""
    secrets = [
        (number, env, entry)
        for number, env in enumerate(project.declared)
        for entry in env.entries
        if entry.value.is_secretlike(entry.name)
    ]
    for number, env, entry in secrets:
        same = [
            each
            for each in secrets
            if each[0] < number and each[2].value == entry.value and not _are_of_one(env, each[1])
        ]
        if same:
            _, first, other = min(same, key=lambda each: each[2].name != entry.name)
            what = f"{entry.name} is the same as {other.name} in {first.path}"
            yield Finding(env.path, entry.line, NAME, f"{what}: give each app its own")
    below = [env for layers in project.declarations for env in layers[:-1]]
    for env in project.declared:
        if len(env.layer_of) > 1 and any(each is env for each in below):
            for entry in env.entries:
                if entry.name == LOCK_KEY:
                    what = f"{LOCK_KEY} stands in a layer of several apps"
                    advice = "give each a key of its own, in its last file"
                    yield Finding(env.path, entry.line, NAME, f"{what}: {advice}")


def _are_of_one(env: Env, other: Env) -> bool:
    """Whether both are layers of the same declaration."""
    return not {n for n, _ in env.layer_of}.isdisjoint(n for n, _ in other.layer_of)
