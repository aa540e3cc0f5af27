"""The tasks, as Invoke sees them.

Only Invoke and the tasks' own declarations are imported here; what a task needs is imported when it
runs, since `invoke --list` and tab completion load this module each time.
"""

from __future__ import annotations

from invoke.collection import Collection

from .command import attend_invoke
from .looks import check, compare, diff, drift, history
from .writes import lock, pull, rollback, sync

config = Collection("config", check, compare, diff, drift, history, lock, pull, rollback, sync)
ns = Collection(config)

attend_invoke()
