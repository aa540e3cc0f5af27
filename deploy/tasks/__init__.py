"""The tasks, as Invoke sees them: a module a task, named as the task is.

Only Invoke and the tasks' own declarations are imported here; what a task needs is imported when it
runs, since `invoke --list` and tab completion load this module each time.
"""

from __future__ import annotations

from invoke.collection import Collection

from .command import prevent_tracebacks, quick_start

with quick_start():
    from .check import check
    from .compare import compare
    from .diff import diff
    from .drift import drift
    from .history import history
    from .lock import lock
    from .pull import pull
    from .ready import ready
    from .review import review
    from .rollback import rollback
    from .sync import sync
    from .where import where

config = Collection(
    "config", check, compare, diff, drift, history, lock, pull, ready, review, rollback, sync, where
)
config.default = "diff"
ns = Collection(config)

prevent_tracebacks()
