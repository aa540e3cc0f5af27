"""What is staged, where the working tree has something else by now.

That is what a commit takes: a line that was taken out of the file is still in it.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property

from .git import Checkout
from .grep import Expression, grep, listed
from .lines import Line

MAX_NAMES = 200
"""Files that git is asked about by name; of more of them it is asked about all."""


class Staged:
    """The files of an index that differ from those of the working tree; none outside a checkout."""

    def __init__(self, checkout: Checkout | None) -> None:
        self._checkout = checkout

    def search(
        self, needles: Sequence[bytes], expression: Expression | None = None
    ) -> Iterator[Line]:
        """The lines that hold one of these texts, as `Tree.search` finds them."""
        if self._checkout and needles and self._changed:
            names = self._changed if len(self._changed) <= MAX_NAMES else "."
            yield from grep(self._checkout, needles, expression, "--cached", name=names)

    def behind(self, line: Line, count: int) -> bytes:
        """The lines that follow one, as many as there are."""
        if not self._checkout:
            return b""
        data = self._checkout.ask("cat-file", "blob", f":{self._checkout.prefix}{line.path}")
        return b"\n".join(data.split(b"\n")[line.number : line.number + count])

    @cached_property
    def _changed(self) -> list[str]:
        """What differs, as far as git knows at once: a file that was only touched does, too."""
        if not self._checkout:
            return []
        return listed(self._checkout, "diff-files", "--name-only", "-z", "--no-ext-diff")
