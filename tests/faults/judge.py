"""All invariants, held against a story that has been lived through."""

from . import manners, reads, writes
from .running import Told


def violations(told: Told) -> list[str]:
    """Each breach of an invariant, in a sentence, once."""
    found = (*writes.violations(told), *reads.violations(told), *manners.violations(told))
    return list(dict.fromkeys(found))
