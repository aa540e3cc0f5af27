"""Bring an app's vars into an env file: compare the two, and write the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..envfile import parser
from ..envfile.edit import edit
from ..envfile.swallowed import check_swallowed
from ..errors import NotAllowed
from ..heroku.live import read_live
from ..plan import plan as planning
from ..plan.outcome import Pull
from ..project import files, safe_write
from .diff import check_only

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..heroku.client import Heroku
    from ..project.policy import Policy


def read(path: Path, shown: str) -> bytes:
    """The file as it is; empty where there is none."""
    return files.read_file(path, shown=shown) if files.is_there(path) else b""


def pull(
    heroku: Heroku,
    app: str,
    data: bytes,
    *,
    source: str,
    policy: Policy,
    prune: bool = False,
    owned: bool = False,
    only: frozenset[str] | None = None,
    examples: Callable[[], frozenset[str]] = frozenset,
) -> Pull:
    """Read the app, and say what the file will be.

    `data` is the file as it is, empty where there is none yet. Raises BadEnvFile, or
    SwallowedNames, for one that does not hold up: what it means is then not known; and BadOption
    for a name of `only` that neither side has.
    """
    declared = parser.parse(data, source=source, may_be_empty=True, encrypted=policy.encrypted)
    live = read_live(heroku, app, is_careful=True)
    check_swallowed(declared.suspects, declared.vars, live.names, examples, source)
    check_only(only, live.names.union(declared.vars), source, app)
    plan = planning.pull(declared.vars, live, policy=policy, prune=prune, owned=owned, only=only)
    changes = {change.name: change.new for change in plan.changes}
    edited = edit(data, changes, source=source, encrypted=policy.encrypted)
    carried = tuple(c for c in plan.changes if c.name not in edited.left_out)
    return Pull(app, source, plan._replace(changes=carried), live, policy, edited)


def write(path: Path, found: Pull, before: bytes) -> None:
    """Write the file; raises NotAllowed where it is not as it was `before`.

    An editor may have saved it while Heroku was read, or a person asked.
    """

    def check() -> None:
        if read(path, found.source) != before:
            raise NotAllowed(f"{found.source} changed meanwhile", next_step="run it again")

    safe_write.write_whole(path, found.edited.data, mode=0o600, at_most=0o600, check=check)
