"""What diff and sync do before they differ: everything that lies on this machine, and the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import WrongFile
from ..project import files, target
from ..stories.diff import diff
from .workspace import first_pull

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..envfile.parser import EnvFile
    from ..heroku.client import Heroku
    from ..plan.outcome import Diff
    from ..project.target import App, Source
    from ..report.reveal import Reveal
    from .workspace import Workspace


class Work(NamedTuple):
    """Everything that diff and sync know before Heroku is asked."""

    at: Workspace
    app: App
    source: Source
    lock: Path | None
    declared: EnvFile
    heroku: Heroku
    reveal: Reveal

    def diff(
        self,
        *,
        only: Sequence[str] | None,
        prune: bool,
        reveal: Sequence[str] | None,
        over_unreadable: bool = False,
    ) -> Diff:
        """What differs, after a word on what is odd about the entries that do."""
        found = diff(
            self.heroku,
            self.app.name,
            self.declared,
            source=self.source.shown,
            policy=self.at.settings.policy,
            prune=prune,
            only=frozenset(only or ()) or None,
            examples=self.at.examples(self.lock),
            over_unreadable=over_unreadable,
        )
        self.at.warn_of_reveal(reveal, {*self.declared.vars, *found.live.names})
        self.at.warn(self.source.shown, found.warnings)
        return found


def prepare(
    at: Workspace,
    *,
    app: str | None,
    file: str | None,
    reveal: Sequence[str] | None,
    force: bool = False,
    writes: bool = False,
) -> Work:
    """Find and read everything that lies on this machine, before anything is sent.

    Raises the DeployError of whatever does not hold up.
    """
    found = at.app(app)
    source = at.file(file, found.name)
    problem = None if force else target.misplaced(source, found.name)
    if problem and writes:
        step = "leave --file out, or add --force"
        raise WrongFile(f"{problem}; nothing was written", next_step=step)
    if problem:
        at.terminal.note(f"warning: {problem}")
    if source.path and (exposed := files.exposure(source.path)):
        at.terminal.note(f"warning: {source.shown} {exposed}: see config.check")

    def missing() -> str:
        return f"name another with --file, or make it: {first_pull(found.name, file)}"

    declared = at.declared(source, missing)
    heroku = at.heroku()
    heroku.mask(declared.vars.values())
    return Work(
        at=at,
        app=found,
        source=source,
        lock=at.lock(source, found.name),
        declared=declared,
        heroku=heroku,
        reveal=at.to_reveal(reveal),
    )
