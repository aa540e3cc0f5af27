"""One secret in the env files of two apps: who has the one has the other.

Each secret is held against each of the files before its own: values compare in constant time or
not at all, and a table of them would need a hash.
"""

from collections.abc import Iterator

from ..project.facts import Project
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
        same = [each for each in secrets if each[0] < number and each[2].value == entry.value]
        if same:
            _, first, other = min(same, key=lambda each: each[2].name != entry.name)
            what = f"{entry.name} is the same as {other.name} in {first.path}"
            yield Finding(env.path, entry.line, NAME, f"{what}: give each app its own")
