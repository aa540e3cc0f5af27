"""Judge the working tree by the rules: secrets stay out of the code, and the code finds them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

from ..checks import hardcoded, references
from ..checks.finding import Checked, Finding
from ..checks.hardcoded import needles as making
from ..checks.hardcoded import unlisted, values
from ..checks.hardcoded.needles import Needles
from ..envfile import parser
from ..envfile.parser import Entry, EnvFile
from ..errors import BadEnvFile, Complaint, FileUnreadable
from ..project import files, objects
from ..project import tree as trees
from ..project.code import needs as coding
from ..project.code.needs import Need, Obstacle
from ..project.facts import Env, Project
from ..project.git import Checkout
from ..project.grep import Expression
from ..project.lines import Line
from ..project.policy import Policy
from ..project.settings import EXAMPLE, Accept
from ..project.staged import Staged
from ..project.tree import Tree
from ..secret.forms import known
from . import env_files as reading
from .env_files import File
from .needs import needs_beside_python
from .texts import Texts


def check(
    tree: Tree,
    env_files: Sequence[File],
    rules: Sequence[str],
    *,
    policy: Policy,
    accept: Sequence[Accept] = (),
    past: Callable[[Checkout | None, Project], Iterable[Finding]] | None = None,
    texts: Texts | None = None,
) -> Checked:
    """Read the tree once, as far as the rules need it, and ask each of them.

    `past` finds what there is to be found in the history; `texts` runs what prints an env file.
    Raises FileUnreadable for a file that
    must be there or cannot be read, and CannotSearch where git does not answer.
    """
    project, found = _read(tree, env_files, rules, policy, texts)
    for rule in rules:
        if rule == hardcoded.NAME:
            found += _hardcoded(tree, project)
        else:
            # A rule is a module of its own, loaded where it is asked for.
            find: Callable[[Project], Iterator[Finding]]
            find = import_module(f"..checks.{rule}", __package__).find
            found += find(project)
    found += past(tree.checkout, project) if past else ()
    found += _remarks(tree, project, rules)
    kept = {finding for finding in found if not _is_accepted(finding, accept)}
    faults = {finding for finding in found if not finding.is_note}
    return Checked(tuple(sorted(kept)), accepted=len(faults - kept), below=tree.below)


def _hardcoded(tree: Tree, project: Project) -> list[Finding]:
    """What the files hold, and then what is staged and stands in them no more."""
    needles = making.needles(project)
    found = _held(tree, needles, project)
    here = {(finding.path, finding.message) for finding in found}
    staged = [
        finding._replace(message=f"{finding.message} (staged)")
        for finding in _held(Staged(tree.checkout), needles, project)
        if (finding.path, finding.message) not in here
    ]
    return [*found, *staged, *values.notes(needles)]


def _held(where: Tree | Staged, needles: Needles, project: Project) -> list[Finding]:
    """The values of env files, and what reads as a secret in lines that hold none of them."""
    lines = list(where.search((*needles.searched, *known.CLUES), Expression(known.URL, b"://")))
    listed = values.confirm(needles, lines, project)
    told = {(held.line.path, held.line.number) for held in listed}
    others = (
        (line, where.behind(line, known.LINES_AFTER) if known.needs_more(line.text) else b"")
        for line in lines
        if told.isdisjoint(_extent(line))
    )
    return [*values.find(listed), *unlisted.find(others, {env.path for env in project.envs})]


def _extent(line: Line) -> list[tuple[str, int]]:
    """A line, and behind the header of a private key those with its body."""
    count = 1 + known.LINES_AFTER * known.needs_more(line.text)
    return [(line.path, line.number + more) for more in range(count)]


def _is_accepted(finding: Finding, accept: Sequence[Accept]) -> bool:
    return not finding.is_note and any(
        finding.rule == each.rule and fnmatchcase(finding.path, each.pattern) for each in accept
    )


def _read(
    tree: Tree,
    env_files: Sequence[File],
    rules: Sequence[str],
    policy: Policy,
    texts: Texts | None,
) -> tuple[Project, list[Finding]]:
    """What the rules need to know, and what is to be said of the reading."""
    example, legible, notes = _example(tree.root)
    if texts:
        texts.run([file.program for file in env_files if file.program], lambda _: None)
    envs = tuple(reading.read(file, rules, policy.encrypted, texts) for file in env_files)
    is_code_read = references.NAME in rules
    readings = {}
    needs: tuple[Need | Obstacle, ...] = ()
    if is_code_read:
        readings = coding.readings(tree.python_files(), tree.python_files)
        needs = tuple(needs_beside_python(tree))
    read = {each.name for found in readings.values() for each in found.reads if each.name}
    read |= {each.name for each in needs if isinstance(each, Need)}
    declared = {entry.name for env in envs if env.is_declared for entry in env.entries}
    apart = [*(file.shown for file in env_files), EXAMPLE]
    mentioned = tree.mentioned(declared - read if is_code_read else (), apart_from=apart)
    # What the settings leave alone comes from elsewhere, and needs no entry.
    ignored = {name for name in {*(example.vars if example else ()), *read} if policy.ignores(name)}
    project = Project(
        envs,
        example=example,
        legible=legible,
        readings=readings,
        needs=needs,
        mentioned=mentioned,
        provided=policy.provided | ignored,
    )
    return project, notes


def _example(root: Path) -> tuple[EnvFile | None, tuple[Entry, ...], list[Finding]]:
    """`.env.example`; where it is refused, what can be read of it, and what to say of that."""
    path = root / EXAMPLE
    if not files.is_there(path):
        return None, (), []
    try:
        data = files.read_regular(path, shown=EXAMPLE)
        return parser.parse(data, source=EXAMPLE, may_be_empty=True), (), []
    except FileUnreadable as error:
        reason = error.reason if isinstance(error, files.NotAFile) else "cannot be read"
        return None, (), [Finding(EXAMPLE, 0, "parity", f"{reason}: not checked", is_note=True)]
    except BadEnvFile as error:
        reason = "does not parse: names that it lacks are not told"
        found = [Complaint(reason), *error.complaints]
        return None, parser.legible(data), [_told(EXAMPLE, "parity", each) for each in found]


def _told(path: str, rule: str, complaint: Complaint) -> Finding:
    return Finding(
        path, complaint.line or 0, rule, str(complaint._replace(line=None)), is_note=True
    )


def _remarks(tree: Tree, project: Project, rules: Sequence[str]) -> Iterator[Finding]:
    """What could not be looked at, and so was not judged."""
    for env in project.envs:
        if env.parsed is None and (env.is_there or env.is_declared):
            yield Finding(env.path, 0, "syntax", _not_looked_for(env), is_note=True)
        if not env.is_declared:  # of a declared one the rule finds them
            yield from (_told(env.path, "syntax", each) for each in env.complaints)
    if "ignored" in rules and tree.checkout and objects.is_shallow(tree.checkout):
        yield Finding(".", 0, "ignored", objects.SHALLOW, is_note=True)
    if tree.below and hardcoded.NAME in rules:
        reason = f"only {tree.below} of this repository was searched, and no other folder"
        yield Finding(".", 0, hardcoded.NAME, reason, is_note=True)
    if tree.passed_over and hardcoded.NAME in rules:
        limits = f"{trees.MAX_FILES:,} files of {trees.MAX_FILE >> 20} MiB are read"
        reason = f"{tree.passed_over} files were passed over: outside a checkout at most {limits}"
        yield Finding(".", 0, hardcoded.NAME, reason, is_note=True)


def _not_looked_for(env: Env) -> str:
    if env.legible:
        return "does not parse, so only values of lines that can be read were looked for"
    if env.obstacle:
        return f"its values were not looked for: it {env.obstacle}"
    kind = f"is {env.special_kind}, not a file" if env.special_kind else "does not parse"
    return f"{kind if env.is_there else 'is not here'}, so its values were not looked for"
