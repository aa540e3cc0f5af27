"""Bring an app's vars into what declares it: compare the two, and write the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..envfile import parser
from ..envfile.declaration import Declaration, Layer
from ..envfile.edit import edit
from ..errors import FileUnwritten, NotAllowed
from ..heroku.live import read_live
from ..names import listed
from ..plan import plan as planning
from ..plan.outcome import Edit, Pull
from ..project import files, safe_write
from .diff import check_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ..heroku.client import Heroku
    from ..plan.plan import Plan
    from ..project.policy import Policy
    from ..secret import Secret


def read(path: Path, shown: str) -> bytes:
    """The file as it is; empty where there is none."""
    return files.read_file(path, shown=shown) if files.is_there(path) else b""


class Before(NamedTuple):
    """An env file as it is, empty where there is none yet, and the other apps that read it."""

    source: str
    data: bytes
    shared_with: tuple[str, ...] = ()


def pull(
    heroku: Heroku,
    app: str,
    before: Sequence[Before | Layer],
    *,
    policy: Policy,
    prune: bool = False,
    owned: bool = False,
    only: frozenset[str] | None = None,
    examples: Callable[[], frozenset[str]] = frozenset,
) -> Pull:
    """Read the app, and say what the files will be.

    `before` are the layers of the app, the topmost last; a Layer is one that a program printed. A
    name changes where it is declared, and a new one goes to the top; one that is removed leaves all
    of them. Raises BadEnvFile, or SwallowedNames, for one that does not hold up: what it means is
    then not known; BadOption for a name of `only` that neither side has; and NotAllowed where
    something would change in what a program prints.
    """
    declared = Declaration(
        tuple(each if isinstance(each, Layer) else _parsed(each, policy) for each in before)
    )
    live = read_live(heroku, app, is_careful=True)
    declared.check_swallowed(live.names, examples)
    check_known("--only", only or (), live.names.union(declared.vars), declared.source, app)
    plan = planning.pull(declared.vars, live, policy=policy, prune=prune, owned=owned, only=only)
    edits = tuple(_edits(before, declared, plan, policy))
    left_out = {name for each in edits for name in each.edited.left_out}
    carried = tuple(change for change in plan.changes if change.name not in left_out)
    plan = plan._replace(changes=carried)
    return Pull(app, declared.source, plan, live, policy, edits, is_layered=len(before) > 1)


def _parsed(before: Before, policy: Policy) -> Layer:
    return Layer(
        before.source,
        parser.parse(
            before.data, source=before.source, may_be_empty=True, encrypted=policy.encrypted
        ),
    )


def _edits(
    before: Sequence[Before | Layer], declared: Declaration, plan: Plan, policy: Policy
) -> Iterator[Edit]:
    """What changes in each layer; raises NotAllowed for one that is no file."""
    top = before[-1].source
    changes: dict[str, dict[str, Secret | None]] = {}
    for change in plan.changes:
        places = [place.source for place in declared.places(change.name)] or [top]
        for source in places if change.new is None else places[:1]:
            changes.setdefault(source, {})[change.name] = change.new
    for each in before:
        wanted = changes.get(each.source)
        if not wanted:
            continue
        if isinstance(each, Layer):
            reason = f"{listed(wanted)} would change in what {each.source} prints"
            raise NotAllowed(reason, next_step="change it there, or name others with --only")
        edited = edit(each.data, wanted, source=each.source, encrypted=policy.encrypted)
        yield Edit(each.source, tuple(sorted(wanted)), edited, each.shared_with)


def write(path: Path, found: Edit, before: bytes) -> None:
    """Write a file; raises FileUnwritten where it is not as it was `before`.

    An editor may have saved it while Heroku was read, or a person asked.
    """

    def check() -> None:
        if read(path, found.source) != before:
            raise FileUnwritten(found.source, "it changed meanwhile", next_step="run it again")

    safe_write.write_whole(path, found.edited.data, mode=0o600, at_most=0o600, check=check)
