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
    is_detail: bool = False
    """A note for a program alone."""


class Checked(NamedTuple):
    """What the rules found in a project, sorted, and how many findings the settings accept."""

    findings: tuple[Finding, ...]
    accepted: int = 0

    below: str = ""
    """The way from the top of the checkout to the folder that was checked."""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """What a person reads: the findings, and then the notes."""
        told = (finding for finding in self.findings if not finding.is_detail)
        return tuple(sorted(told, key=lambda finding: finding.is_note))

    @property
    def faults(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_note)
