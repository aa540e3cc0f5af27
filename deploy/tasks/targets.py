"""All that is declared: the apps and the stages of the settings, and what has the default file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..project.target import resolve_sources
from .missing import is_missing

if TYPE_CHECKING:
    from .workspace import Workspace


def declared(workspace: Workspace) -> list[str]:
    """The targets; where the settings list no apps, "" has the default file.

    That need not be there where stages are listed: then it may be that there is no app.
    """
    settings = workspace.settings
    apps = list(settings.apps) or [""]
    if settings.stages and apps == [""]:
        default = resolve_sources(option=None, app="", settings=settings, root=workspace.root)
        apps = [] if is_missing(default.top) else apps
    return [*apps, *settings.stages]
