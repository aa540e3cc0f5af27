"""The names that Python code reads, held against the names that are declared."""

import re
from collections.abc import Collection, Iterator

from ..envfile.lock import Lock
from ..names import DYNO, LOADER, LOCK_KEY, PLATFORM_PREFIX, SHELL
from ..project.facts import Project
from ..project.reads import reads
from ..project.settings import DEFAULT_FILE, EXAMPLE
from .finding import Finding

NAME = "references"

GIVEN = (
    DYNO
    | SHELL
    | LOADER
    # By Heroku CI, and by .profile.d of Heroku's buildpacks, where an app does not set them.
    | {"CI", "WEB_CONCURRENCY", "WEB_MEMORY"}
    # By a system or a terminal; for tempfile; no-color.org.
    | {"EDITOR", "LANG", "LANGUAGE", "NO_COLOR", "PAGER", "TEMP", "TMP", "TMPDIR", "TZ"}
)
"""What is set, or has an effect, without an env file or code that says so."""

_SURELY_A_NAME = re.compile(r"_?[A-Z]{1,12}[0-9]{0,2}|_?[A-Z][A-Z0-9]{0,14}(?:__?[A-Z0-9]{1,15})+")
"""Can be shown: people do write `getenv("the key itself")`, and few keys look like this."""
_HIDDEN = "a name that is not shown, for it may be a value,"


def find(project: Project) -> Iterator[Finding]:
    """Reads of what nobody declares, and declared names that nobody mentions.

    A note says where the declared names are not known; then no read is judged.
    """
    found = [(file.path, read) for file in project.python_files for read in reads(file)]
    names = {read.name for _, read in found if read.name is not None}
    env_path = next((env.path for env in project.declared), DEFAULT_FILE)
    declared, notes = _declared(project, env_path) if names else (names, [])
    yield from notes
    for path, (line, name, obstacle) in found:
        if name is None:
            yield Finding(path, line, NAME, obstacle, is_note=True)
        elif declared is not None and name not in declared and not _is_given(name):
            what = name if _SURELY_A_NAME.fullmatch(name) else _HIDDEN
            advice = f"add it to {env_path}, or to provided: in the settings"
            yield Finding(path, line, NAME, f"{what} is declared in no env file: {advice}")
    for env in project.declared:
        for entry in env.entries:
            if entry.name not in project.mentioned | names and not _is_given(entry.name):
                message = f"{entry.name} is mentioned in no file"
                yield Finding(env.path, entry.line, NAME, message, is_note=True)


def _declared(project: Project, path: str) -> tuple[Collection[str] | None, list[Finding]]:
    """The names that somebody declares, None where they are not known; and what to say of that."""
    envs = project.declared
    locks = [env.locked.digests for env in envs if isinstance(env.locked, Lock)]
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
