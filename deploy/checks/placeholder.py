"""A text in an env file that stands for a value: not filled in, not resolved, of another place.

An example may hold an honest default, such as `LOG_LEVEL=info`. So what equals it is found only
where it also reads like a text that stands for another.
"""

from collections.abc import Iterator

from ..envfile.parser import MASKED, Entry
from ..envfile.warnings import PLACEHOLDER, UNRESOLVED
from ..project.facts import Project
from ..project.settings import EXAMPLE
from .finding import Finding

NAME = "placeholder"


def find(project: Project) -> Iterator[Finding]:
    examples = {entry.name: entry for entry in project.example.entries} if project.example else {}
    for env, hidden in zip(project.declared, project.hidden, strict=True):
        for complaint in env.complaints:
            if complaint.reason == MASKED:
                # Below another complaint the parser holds a name back that may be none.
                named = f"{complaint.name} {MASKED}" if complaint.name else MASKED
                yield Finding(env.path, complaint.line or 0, NAME, f"{named}: put the value there")
        for entry in env.entries:
            if entry.name not in hidden and (what := _what(entry, examples.get(entry.name))):
                yield Finding(env.path, entry.line, NAME, f"{entry.name} {what}")


def _what(entry: Entry, example: Entry | None) -> str | None:
    """What is wrong with an entry, the surest thing first."""
    value = entry.value
    if value.is_placeholder:
        return f"{PLACEHOLDER}: put the value there"
    if value.is_unresolved:
        return f"{UNRESOLVED}: put the value there, or in single quotes what is meant"
    if example and value == example.value and value.may_be_sample:
        return f"is still as {EXAMPLE} line {example.line} has it: put the app's own value there"
    if value.is_local_url:
        return "points to the machine that reads it: put an address there that the app can reach"
    return None
