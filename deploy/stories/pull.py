"""Compare an env file with an app, to bring the app's vars into the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..envfile import parser
from ..envfile.edit import amend
from ..envfile.swallowed import check_swallowed
from ..heroku.live import read_live
from ..plan import plan as planning
from ..plan.outcome import Pull

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..heroku.client import Heroku
    from ..project.policy import Policy


def compare(
    heroku: Heroku,
    app: str,
    data: bytes,
    *,
    source: str,
    policy: Policy,
    prune: bool = False,
    owned: bool = False,
    examples: Callable[[], frozenset[str]] = frozenset,
) -> Pull:
    """Read the app, and say what the file will be.

    `data` is the file as it is, empty where there is none yet. Raises BadEnvFile, or
    SwallowedNames, for one that does not hold up: what it means is then not known.
    """
    declared = parser.parse(data, source=source, may_be_empty=True, encrypted=policy.encrypted)
    live = read_live(heroku, app, is_careful=True)
    check_swallowed(declared.suspects, declared.vars, live.names, examples, source)
    plan = planning.pull(declared.vars, live, policy=policy, prune=prune, owned=owned)
    changes = {change.name: change.new for change in plan.changes}
    amended = amend(data, changes, source=source, encrypted=policy.encrypted)
    carried = tuple(c for c in plan.changes if c.name not in amended.left_out)
    return Pull(app, source, replace(plan, changes=carried), live, policy, amended)
