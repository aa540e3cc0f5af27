"""What a tree needs besides what its Python reads; asked by a check, and before a deploy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import FileUnreadable
from ..project import files
from ..project.code import needs
from ..project.code.needs import Obstacle
from ..project.grep import Expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..project.code.needs import Need
    from ..project.tree import Tree

MANIFEST = "app.json"


def needs_beside_python(tree: Tree) -> Iterator[Need | Obstacle]:
    """What code in other languages requires, and what the app's manifest does."""
    for line in tree.search([needs.CLUE], Expression(needs.OR_FAIL, b"${")):
        yield from needs.needs_of_line(line.path, line.number, line.text.decode("utf-8", "replace"))
    if files.is_there(path := tree.root / MANIFEST):
        try:
            data = files.within_limit(files.read_regular(path, shown=MANIFEST), shown=MANIFEST)
        except FileUnreadable as error:
            yield Obstacle(MANIFEST, 0, f"{error.reason}: not checked")
        else:
            yield from needs.needs_of_manifest(data.decode("utf-8-sig", "replace"), MANIFEST)
