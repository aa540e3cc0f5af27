"""An env file that its parser refuses, or takes with a warning.

What a rule of its own is about, masks and placeholders, is left to that one.
"""

from collections.abc import Iterator

from ..envfile.parser import MASKED
from ..envfile.warnings import PLACEHOLDER, UNRESOLVED
from ..project.facts import Project
from .finding import Finding

NAME = "syntax"


def find(project: Project) -> Iterator[Finding]:
    for env in project.declared:
        for complaint in (*env.complaints, *(env.parsed.warnings if env.parsed else ())):
            if complaint.reason not in {MASKED, PLACEHOLDER, UNRESOLVED}:
                message = str(complaint._replace(line=None))
                yield Finding(env.path, complaint.line or 0, NAME, message)
