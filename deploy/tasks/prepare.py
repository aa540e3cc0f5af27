"""What diff and sync do before they differ: everything that lies on this machine, and the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import WrongFile
from ..names import is_stage
from ..plan.outcome import Explained
from ..project import files
from ..stories.diff import check_known, diff
from .missing import pull_command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..envfile.declaration import Declaration
    from ..heroku.client import Heroku
    from ..plan.outcome import Diff
    from ..project.target import App, Sources
    from ..report.reveal import Reveal
    from .workspace import Workspace


class Prepared(NamedTuple):
    """Everything that diff and sync know before Heroku is asked."""

    workspace: Workspace
    app: App
    sources: Sources
    lock: Path | None
    declared: Declaration
    heroku: Heroku
    reveal: Reveal

    def diff(
        self,
        *,
        only: Sequence[str] | None,
        prune: bool,
        over_unreadable: bool = False,
        explain: Sequence[str] | None = None,
    ) -> Diff:
        """What differs, after the warnings about the entries that do."""
        found = diff_of(self.app.name)(
            self.heroku,
            self.app.name,
            self.declared,
            policy=self.workspace.settings.policy,
            prune=prune,
            only=frozenset(only or ()) or None,
            examples=self.workspace.examples(self.lock),
            over_unreadable=over_unreadable,
        )
        self.workspace.warn_of_unmatched(self.reveal, {*self.declared.vars, *found.live.names})
        self.workspace.warn(found.warnings)
        known = found.live.names.union(self.declared.vars)
        check_known("--explain", explain or (), known, found.source, found.app)
        return explained(found, self.declared, explain)


def diff_of(app: str) -> Callable[..., Diff]:
    """How an app, or a stage, is compared; both are asked alike."""
    if not is_stage(app):
        return diff
    from ..stories.stage import diff_of_stage  # noqa: PLC0415  # most are apps

    return diff_of_stage


def explained(found: Diff, declared: Declaration, names: Sequence[str] | None) -> Diff:
    """The same, with the places where these names are declared."""
    each = (Explained(name, tuple(declared.places(name))) for name in dict.fromkeys(names or ()))
    return found._replace(explained=tuple(each))


def prepare(
    workspace: Workspace,
    *,
    app: str | None,
    file: str | None,
    reveal: Sequence[str] | None,
    force: bool = False,
    writes: bool = False,
) -> Prepared:
    """Find and read everything that lies on this machine, before anything is sent.

    Raises the DeployError of whatever does not hold up.
    """
    found = workspace.target(app)
    sources = workspace.sources(file, found.name)
    problem = None if force else sources.problem
    if problem and writes:
        step = "leave --file out, or add --force"
        raise WrongFile(f"{problem}; nothing was written", next_step=step)
    if problem:
        workspace.terminal.note(f"warning: {problem}")
    for source in sources.layers:
        if source.path and (exposed := files.exposure(source.path)):
            workspace.terminal.note(f"warning: {source.shown} {exposed}: see config.check")
    declared = workspace.declared(
        sources,
        lambda _: f"name another with --file, or make it: {pull_command(found.name, file)}",
    )
    heroku = workspace.heroku()
    heroku.mask(declared.vars.values())
    lock = workspace.lock(sources, found.name)
    return Prepared(workspace, found, sources, lock, declared, heroku, workspace.revealed(reveal))
