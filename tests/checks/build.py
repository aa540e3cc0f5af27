"""What the tests of the rules share: projects from the texts of their files, and what is found."""

from collections.abc import Iterator
from typing import Protocol

from deploy.checks.finding import Finding
from deploy.envfile import parser
from deploy.envfile.lock import Lock
from deploy.errors import BadEnvFile, BadLock
from deploy.project.facts import Env, Project, Tracking

CANARY = "c4nary"
"""What a value holds that no message may show a part of."""
PRODUCTION = ".env.production"


class Rule(Protocol):
    """A module of `deploy.checks`."""

    NAME: str

    def find(self, project: Project, /) -> Iterator[Finding]: ...


def env(
    text: str | None,
    path: str = PRODUCTION,
    *,
    is_declared: bool = True,
    mode: int | None = None,
    tracking: Tracking | None = None,
    linked: tuple[str, Tracking] | None = None,
    locked: Lock | BadLock | None = None,
) -> Env:
    """An env file of this text; one that is not there where there is no text."""
    refused, found = BadEnvFile(path, []), None
    try:
        found = parser.parse(text.encode(), source=path) if text is not None else None
    except BadEnvFile as error:
        refused = error
    return Env(
        path,
        found,
        refused.complaints,
        is_there=text is not None,
        is_declared=is_declared,
        mode=mode,
        tracking=tracking,
        linked=linked,
        locked=locked,
        lock_path=f"{path}.lock",
    )


def dotenv(text: str) -> Env:
    """The env file that development reads."""
    return env(text, ".env", is_declared=False)


def project(
    *envs: Env, example: str | None = None, provided: frozenset[str] = frozenset()
) -> Project:
    parsed = None
    if example is not None:
        parsed = parser.parse(example.encode(), source=".env.example", may_be_empty=True)
    return Project(envs, parsed, provided=provided)


def told(rule: Rule, judged: Project) -> list[str]:
    """Each finding as `path:line: message`; all are faults of this rule and show no canary."""
    findings = list(rule.find(judged))
    assert CANARY not in repr(findings).lower()
    assert {(each.rule, each.is_note) for each in findings} <= {(rule.NAME, False)}
    return [f"{each.path}:{each.line}: {each.message}" for each in findings]
