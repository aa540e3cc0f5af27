"""One secret in the env files of two apps: who has the one has the other.

Each secret is held against each of the files before its own: values compare in constant time or
not at all, and a table of them would need a hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..envfile.parser import Entry
    from ..project.facts import Project

NAME = "shared"


def find(project: Project) -> Iterator[Finding]:
    """Each entry once, at the later file; an equal one of the same name is the one it names."""
    earlier: list[tuple[str, Entry]] = []
    for env in project.declared:
        secrets = [entry for entry in env.entries if entry.value.is_secretlike(entry.name)]
        for entry in secrets:
            same = [(path, other) for path, other in earlier if other.value == entry.value]
            if same:
                path, other = min(same, key=lambda each: each[1].name != entry.name)
                what = f"{entry.name} is the same as {other.name} in {path}"
                yield Finding(env.path, entry.line, NAME, f"{what}: give each app its own")
        earlier += ((env.path, entry) for entry in secrets)
