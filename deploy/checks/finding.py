"""What the rules of a check say."""

from typing import NamedTuple


class Finding(NamedTuple):
    """What a rule found, in the order of places; a note is worth saying and no fault."""

    path: str
    line: int
    """0 where the whole file is meant."""
    rule: str
    message: str
    is_note: bool = False


class Checked(NamedTuple):
    """What the rules found in a project, sorted, and how many findings the settings accept."""

    findings: tuple[Finding, ...]
    accepted: int = 0

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_note)
