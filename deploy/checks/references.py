"""The names that code reads, held against the names that are declared."""

import re
from collections.abc import Collection, Iterator, Sequence

from ..envfile.parser import Entry
from ..names import DYNO, LOADER, LOCK_KEY, PLATFORM_PREFIX, PROFILE, SHELL, listed, shown
from ..project.code.needs import Need, Obstacle, is_of_development
from ..project.code.python import Reading
from ..project.facts import Project
from ..project.layers import DEFAULT_FILE
from ..project.settings import EXAMPLE
from .finding import Finding

NAME = "references"

GIVEN = (
    DYNO
    | SHELL
    | LOADER
    | PROFILE
    # By Heroku CI, where an app does not set it.
    | {"CI"}
    # By bash, for what completes a command (bash(1), "Programmable Completion").
    | {"COMP_CWORD", "COMP_LINE", "COMP_POINT", "COMP_WORDS"}
    # By a system or a terminal; for tempfile; no-color.org.
    | {"EDITOR", "LANGUAGE", "NO_COLOR", "PAGER", "TEMP", "TMP", "TMPDIR", "TZ"}
)
"""What is set, or has an effect, without an env file or code that says so."""

OF_ADDONS = {"DATABASE_URL", "REDIS_URL"}
"""What Heroku's own add-ons set (Dev Center, "Heroku Postgres" and "Heroku Key-Value Store"), and
config.pull leaves to them: whether an app has one, only the app can say."""

_SURELY_A_NAME = re.compile(r"_?[A-Z]{1,12}[0-9]{0,2}|_?[A-Z][A-Z0-9]{0,14}(?:__?[A-Z0-9]{1,15})+")
"""Can be shown: people do write `getenv("the key itself")`, and few keys look like this."""
_SHOWN = 20
"""How many names a note has."""
_HIDDEN = "a name that is not shown, for it may be a value,"


def find(project: Project) -> Iterator[Finding]:
    """Required reads of what nobody declares, and declared names that nobody mentions.

    A note says where the declared names are not known; then no read is judged. A read that can do
    without is no fault, nor is one that no dyno makes.
    """
    names = {name for need, _ in _needed(project) for name in (need.name, *need.instead)}
    env_path = next((layers[-1].path for layers in project.declarations), DEFAULT_FILE)
    declared, notes = _declared(project, env_path) if names else (names, [])
    yield from notes
    for path, reading in project.readings.items():
        yield from _obstacles(path, reading)
    for each in project.needs:
        if isinstance(each, Obstacle):
            yield Finding(each.path, each.line, NAME, each.reason, is_note=True)
    if declared is not None:
        yield from _undeclared(project, declared, env_path)
    for env in project.declared:
        known = project.mentioned | names
        unused = [e for e in env.entries if e.name not in known and not _is_given(e.name)]
        yield from _unmentioned(env.path, unused)


def _unmentioned(path: str, entries: Sequence[Entry]) -> Iterator[Finding]:
    """One note for all of them, and one for each for a program."""
    is_detail = len(entries) > 1
    for entry in entries:
        reason = f"{shown(entry.name)} is mentioned in no file"
        yield Finding(path, entry.line, NAME, reason, is_note=True, is_detail=is_detail)
    if is_detail:
        names = [entry.name for entry in entries]
        more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        reason = f"{len(names)} names are mentioned in no file: {listed(names[:_SHOWN])}{more}"
        yield Finding(path, 0, NAME, reason, is_note=True)


def _obstacles(path: str, reading: Reading) -> Iterator[Finding]:
    """What could not be checked: one note for each reason, at the first place."""
    first: dict[str, int] = {}
    for read in reading.reads:
        if read.name is None:
            first.setdefault(read.obstacle, read.line)
    for reason, line in first.items():
        yield Finding(path, line, NAME, reason, is_note=True)


def _undeclared(project: Project, declared: Collection[str], env_path: str) -> Iterator[Finding]:
    addons: set[str] = set()
    for (name, path, line, instead), is_required in _needed(project):
        if _is_given(name) or any(each in declared for each in (name, *instead)):
            continue
        what = f"{name if _SURELY_A_NAME.fullmatch(name) else _HIDDEN} is declared in no env file"
        if not is_required:
            yield Finding(path, line, NAME, f"{what}, and optional", is_note=True, is_detail=True)
        elif name not in OF_ADDONS:
            advice = f"add it to {env_path}, or to provided: in the settings"
            yield Finding(path, line, NAME, f"{what}: {advice}")
        elif name not in addons:
            addons.add(name)
            yield Finding(path, line, NAME, f"{what}: an add-on must set it", is_note=True)


def _needed(project: Project) -> Iterator[tuple[Need, bool]]:
    """What is read, and whether something fails on a dyno where nothing is set."""
    for path, reading in project.readings.items():
        is_run = not is_of_development(path)
        for read in reading.reads:
            if read.name is not None:
                yield Need(read.name, path, read.line, read.instead), read.is_required and is_run
    yield from ((each, True) for each in project.needs if isinstance(each, Need))


def _declared(project: Project, path: str) -> tuple[Collection[str] | None, list[Finding]]:
    """The names that somebody declares, None where they are not known; and what to say of that."""
    envs = project.declared
    locks = [lock.digests for env in envs for lock in env.locks]
    if broken := [env.path for env in envs if env.is_there and env.parsed is None]:
        reason = "does not parse, so which names it declares is not known: reads are not checked"
        return None, [Finding(each, 0, NAME, reason, is_note=True) for each in broken]
    if locks or any(env.parsed for env in envs):
        return project.provided.union(*(env.vars for env in envs), *locks), []
    if project.example is None:
        reason = "is not there, nor a lock or an example of it: reads are not checked"
        return None, [Finding(path, 0, NAME, reason, is_note=True)]
    reason = "stands in for the env files: none of them is there, and no lock"
    note = Finding(EXAMPLE, 0, NAME, reason, is_note=True)
    return project.provided.union(project.example.vars), [note]


def _is_given(name: str) -> bool:
    return name in GIVEN or name == LOCK_KEY or name.startswith((PLATFORM_PREFIX, "LC_", "PYTHON"))
