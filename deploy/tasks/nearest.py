"""A word that Invoke has no idea of, and the one of ours that may be meant.

Only names of ours are said, and never the word itself: it may be a value at a wrong place.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from invoke.exceptions import ParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from invoke.program import Program

ALIKE, ALIKE_WITH_FOLDER = 0.7, 0.85
"""How much of two words must be the same, of 1; `config.` is the same in all of ours."""
_UNKNOWN = re.compile(r"No idea what (['\"])(.*)\1 is!", re.DOTALL)


def hint(program: Program, of_ours: type) -> str | None:
    """What may have been meant, where Invoke has refused to parse what was asked.

    Tasks of the class `of_ours` are ours.
    """
    try:
        # Anew: a parse changes what it was made of. It fails as the first one did.
        program._make_parser().parse_argv(program.core.unparsed)  # noqa: SLF001
    except ParseError as refusal:
        found, context = _UNKNOWN.fullmatch(str(refusal)), refusal.context
    else:
        return None
    collection = program.collection
    names = [each for name, more in collection.task_names.items() for each in (name, *more)]
    ours = {name for name in names if isinstance(collection[name], of_ours)}
    if not found:
        return None
    meant: Sequence[str] = []
    if not found[2].startswith("-"):
        meant = [name for name in nearest_task(found[2], names) if name in ours]
    elif context and context.name in ours:
        meant = nearest_options(found[2], context.flags)
    return f"  did you mean {' or '.join(meant)}?" if meant else None


def nearest_task(word: str, names: Iterable[str]) -> list[str]:
    """The name that is most like it, by its last part where the word has one part alone."""
    if "." in word:
        return _nearest(word, names, str, ALIKE_WITH_FOLDER)
    return _nearest(word, names, lambda name: name.rpartition(".")[2], ALIKE)


def nearest_options(word: str, options: Iterable[str]) -> list[str]:
    """Three at most that begin like it, or else the one that is most like it."""
    long = sorted(option for option in options if option.startswith("--"))
    begun = [option for option in long if option.startswith(word) and word != "--"]
    return begun[:3] or _nearest(word.strip("-"), long, lambda option: option[2:], ALIKE)


def _nearest(
    word: str, names: Iterable[str], part: Callable[[str], str], least: float
) -> list[str]:
    likeness = {name: SequenceMatcher(None, word, part(name)).ratio() for name in names}
    best = max(likeness, key=likeness.__getitem__, default="")
    return [best] if likeness.get(best, 0) >= least else []
