"""Where the names of `--only` are declared besides: those apps are not synced with this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..envfile.declaration import Declaration, Layer
from ..errors import DeployError
from ..names import apps_listed, shown
from ..project.files import special_kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .prepare import Prepared
    from .workspace import Workspace


def tell_elsewhere(prepared: Prepared, names: Sequence[str]) -> None:
    """Say which other apps of the settings declare a name, where, and whether it is the same.

    Only files are looked into: no program runs for a remark, and what cannot be read is told by
    the tasks that need it.
    """
    workspace, mine = prepared.workspace, prepared.app.name
    declared = prepared.declared.vars
    for name in dict.fromkeys(names):
        if name not in declared:
            continue
        found: dict[tuple[str, bool], list[str]] = {}
        for app, other in _others(workspace, mine):
            for place in other.places(name)[:1]:
                where = f"{place.source}:{place.entry.line}"
                is_same = place.entry.value == declared[name]
                found.setdefault((where, is_same), []).append(app)
        if found:
            told = "; ".join(
                f"{where} for {apps_listed(apps)} ({'the same' if is_same else 'another'} value)"
                for (where, is_same), apps in found.items()
            )
            workspace.terminal.note(f"{shown(name)} is declared elsewhere too: {told}")


def _others(workspace: Workspace, mine: str) -> Iterator[tuple[str, Declaration]]:
    for app in workspace.settings.targets:
        if app == mine:
            continue
        sources = workspace.sources_if_any(None, app)
        if isinstance(sources, DeployError):
            continue
        # A pipe is not opened either: nobody may ever write into it.
        files = [each for each in sources.layers if each.path and not special_kind(each.path)]
        found = [workspace.layer(source) for source in files]
        yield app, Declaration(tuple(each for each in found if isinstance(each, Layer)))
