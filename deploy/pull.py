"""Compare an env file with an app, to bring the app's vars into the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deploy import envfile, reading
from deploy import plan as planning
from deploy.amend import amend
from deploy.diff import check_swallowed
from deploy.outcome import Pull

if TYPE_CHECKING:
    from collections.abc import Callable

    from deploy.heroku import Heroku
    from deploy.plan import Policy


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
    declared = envfile.parse(data, source=source, may_be_empty=True, encrypted=policy.encrypted)
    live = reading.live(heroku, app, is_careful=True)
    check_swallowed(declared, live.names, examples, source)
    plan = planning.pull(declared.vars, live, policy=policy, prune=prune, owned=owned)
    changes = {change.name: change.new for change in plan.changes}
    amended = amend(data, changes, source=source, encrypted=policy.encrypted)
    carried = tuple(c for c in plan.changes if c.name not in amended.left_out)
    return Pull(app, source, replace(plan, changes=carried), live, policy, amended)
