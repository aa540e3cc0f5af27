"""`.env.example` against the env files: it has every name, and no secret's value.

A value that could stand for another one (`sk-test-1234`), and a URL of this machine, are no
secret's though an env file holds them too: copying the example is how one begins. Such a value is
one all the same where its form says so, as that of `sk_test_` and 24 random characters does.
"""

from collections import defaultdict
from collections.abc import Iterator

from ..envfile.parser import Entry, EnvFile
from ..names import LOCK_KEY, PLATFORM_PREFIX
from ..project.facts import Project
from ..project.settings import EXAMPLE
from ..secret import Secret
from .finding import Finding

NAME = "parity"


def find(project: Project) -> Iterator[Finding]:
    if project.example:
        yield from _missing(project, project.example)
    yield from _real(project)


def _missing(project: Project, example: EnvFile) -> Iterator[Finding]:
    """Names that an app's declaration lacks, but for those that no app gets from one."""
    expected = [
        entry
        for entry in example.entries
        if entry.name not in {LOCK_KEY, *project.provided}
        and not entry.name.startswith(PLATFORM_PREFIX)
    ]
    for layers in project.declarations:
        names = {name for env in layers for name in env.vars}
        is_whole = all(env.parsed for env in layers) and not layers[-1].is_of_stage
        for entry in expected if is_whole else ():
            if entry.name not in names:
                where = f"{EXAMPLE} line {entry.line} has it"
                yield Finding(layers[-1].path, 0, NAME, f"{entry.name} is missing: {where}")


def _real(project: Project) -> Iterator[Finding]:
    """Secrets of any env file that the example gives away, each of its lines once."""
    known = [(env.path, entry) for env in project.envs for entry in env.searched]
    texts = (*(each.value for each in project.shown), *(entry.value for _, entry in known))
    values = Secret.in_common(texts).numbers
    alike: defaultdict[int, list[tuple[str, Entry]]] = defaultdict(list)
    for each, value in zip(known, values[len(project.shown) :], strict=True):
        alike[value].append(each)
    for shown, value in zip(project.shown, values, strict=False):
        same = [
            (path, entry)
            for path, entry in alike[value]
            if _is_secret(entry.value, shown.name, entry.name)
        ]
        if same:
            path, entry = min(same, key=lambda each: each[1].name != shown.name)
            what = f"{EXAMPLE} holds the real value of {entry.name} of {path}"
            yield Finding(EXAMPLE, shown.line, NAME, f"{what}: put a placeholder there")


def _is_secret(value: Secret, *names: str) -> bool:
    """Whether a value under these names, of which one is enough, is more than a placeholder."""
    if value.is_local_url or not any(value.is_secretlike(name) for name in names):
        return False
    return not value.may_be_sample or value.is_secretlike("")
