"""Make a Heroku app's config vars equal to an env file: `from heroku_config_tasks import ns`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .tasks import config as config
    from .tasks import ns as ns

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """The tasks, once somebody asks for them: they import Invoke, and all else does without."""
    if name not in {"config", "ns"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import tasks  # noqa: PLC0415  # see above

    return getattr(tasks, name)
