"""config.pull: bring an app's config vars into the env file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FAILED, command

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ..envfile.declaration import Layer
    from ..heroku.client import Heroku
    from ..plan.consent import Asked
    from ..plan.outcome import Pull
    from ..project.target import Sources
    from ..stories.pull import Before
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace


@command(
    example="Write .env.example in place of the env file: its names and comments, and no value.",
    confirm="The file's name, where entries are removed or emptied and nobody can be asked.",
    file="The env file to write. Otherwise: the settings, or .env.production.",
    owned="Also take the vars that an add-on or the platform controls.",
    prune="Also remove the entries that are only in the file.",
    yes="Write without asking; where entries are removed or emptied, --confirm is needed.",
)
def pull(
    run: Run,
    *,
    app: str | None = None,
    pipeline: str | None = None,
    stage: str | None = None,
    file: str | None = None,
    prune: bool = False,
    owned: bool = False,
    only: list[str] | None = None,
    reveal: list[str] | None = None,
    confirm: str | None = None,
    yes: bool = False,
    example: bool = False,
    dry_run: bool = False,
) -> int:
    """Bring an app's config vars into the env file.

    Shows what would change in the file, and asks. Comments, blank lines, the
    order and whatever does not change stay byte for byte; new entries are
    appended. The file is written whole or not at all, readable by you alone,
    and only where git ignores it. Of several files each name changes in the
    one that declares it, and new names go into the last.

      invoke config.pull --app myapp
      invoke config.pull --app myapp --only LOG_LEVEL --reveal LOG_LEVEL
      invoke config.pull --example
    """
    from functools import partial

    from ..plan import consent
    from ..report import text
    from ..stories.pull import pull as plan_pull
    from .options import check_names, check_reveal, targets
    from .workspace import Workspace

    check_names("--only", only)
    check_reveal(reveal)
    named = next(iter(targets(app, pipeline, stage)), None)
    workspace, terminal = Workspace.of(run), run.terminal
    if example:
        is_alone = not (prune or owned or only or reveal or confirm)
        return _example(workspace, named, file, is_alone=is_alone, is_dry=dry_run or run.is_dry)
    name = workspace.target(named).name
    sources = _env_files(workspace, name, file)
    before, lock = _before(sources, name, workspace), workspace.lock(sources, name)
    heroku = workspace.heroku()
    found = plan_pull(
        *(heroku, name, before),
        policy=workspace.settings.policy,
        prune=prune,
        owned=owned,
        only=frozenset(only or ()) or None,
        examples=workspace.examples(lock),
    )
    shown = workspace.revealed(reveal)
    workspace.warn_of_unmatched(shown, {*found.live.names, *found.plan.unmanaged})
    report = partial(text.pull, found, shown)
    terminal.report(report(color=terminal.has_color, width=terminal.width))
    asked = _asked(sources.top.shown, terminal, yes=yes, confirm=confirm)
    if dry_run or run.is_dry:
        needs = () if found.plan.is_empty else consent.options(found.plan, asked)
        terminal.result(text.dry_run(needs))
        return 0
    if found.plan.changes:
        _ask(found, asked, terminal, heroku=heroku, report=report)
        _write(found, before, sources, terminal)
    return _end(found, lock, workspace)


def _example(
    workspace: Workspace, app: str | None, file: str | None, *, is_alone: bool, is_dry: bool
) -> int:
    """Write the example of what is declared for the app that is meant."""
    from ..errors import BadOption
    from .pull_example import write_example

    if not is_alone:
        step = "leave the others out: it takes the names of what is declared"
        raise BadOption("--example goes with --app, --file and --dry-run alone", next_step=step)
    name = workspace.target(app).name if app or workspace.settings.apps else ""
    return write_example(workspace, name, file, is_dry=is_dry)


def _asked(shown: str, terminal: Terminal, *, yes: bool, confirm: str | None) -> Asked:
    from ..plan.consent import Asked

    return Asked(
        name=shown,
        kind="file",
        can_ask=terminal.can_ask,
        yes=yes,
        confirm=confirm,
        force=True,  # what looks like a mistake on an app need be none in a file
    )


def _env_files(workspace: Workspace, app: str, file: str | None) -> Sources:
    """What declares the app; raises where a file of it may not be written."""
    from os.path import realpath
    from pathlib import Path

    from ..errors import BadOption, WrongFile
    from ..project import safe_write, target

    sources = workspace.sources(file, app)
    if sources.is_stdin:
        raise BadOption("--file - is not to be written to", next_step="name a file")
    if sources.problem:
        raise WrongFile(f"{sources.problem}; nothing was written", next_step="leave --file out")
    is_said = file is not None and Path(file).name == target.DOTENV
    seen: dict[str, str] = {}
    for path, shown, _ in sources.layers:
        if path is None:
            continue
        other = seen.setdefault(realpath(path), shown)
        if other != shown:
            raise WrongFile(
                f"{other} and {shown} are one file; nothing was written",
                next_step="take one of them out of the settings",
            )
        if target.is_dotenv(path) and not is_said:
            raise WrongFile(
                f"{shown} is .env, which development reads; nothing was written",
                next_step="say --file .env if production's values are meant to be there",
            )
        safe_write.check_regular(path, shown=shown, next_step="name another file with --file")
        safe_write.check_ignored(path, shown=shown)
    return sources


def _before(sources: Sources, app: str, workspace: Workspace) -> list[Before | Layer]:
    """The layers as they are; the topmost file may be new, and raises what is not there below."""
    from ..errors import FileUnreadable
    from ..project.files import MISSING
    from ..stories.pull import Before, read
    from .missing import MAKE_LAYER, is_missing

    found: list[Before | Layer] = []
    for source in sources.layers:
        if source.path is None:
            found.append(workspace.texts.layer(source))
            continue
        if is_missing(source) and source != sources.top:
            raise FileUnreadable(source.shown, MISSING, next_step=MAKE_LAYER)
        others = tuple(other for other in workspace.owners(source) if other != app)
        found.append(Before(source.shown, read(source.path, source.shown), others))
    return found


def _ask(
    found: Pull, asked: Asked, terminal: Terminal, *, heroku: Heroku, report: Callable[..., str]
) -> None:
    """Ask whether to write; raises ChangedMeanwhile where the app is not as it was before."""
    from ..stories.diff import check_unchanged
    from .confirm import confirm

    def above() -> str:
        return "" if terminal.is_showing_report else report(width=terminal.question_width)

    if confirm(found.plan, asked, terminal, verb="write", above=above):
        check_unchanged(heroku, found)


def _write(
    found: Pull, before: Sequence[Before | Layer], sources: Sources, terminal: Terminal
) -> None:
    """Write each file that changes, where it is as it was before; says which were, if one fails."""
    from ..errors import DeployError
    from ..stories.pull import Before, write

    were = {each.source: each.data for each in before if isinstance(each, Before)}
    paths = {source.shown: source.path for source in sources.layers if source.path}
    done: list[str] = []
    terminal.if_stopped = f"; {found.source}: whole, as it was or as it should be"
    if len(found.edits) == 1:
        terminal.if_stopped = f"; {found.edits[0].source} is whole, as it was or as it should be"
    for edit in found.edits:
        try:
            write(paths[edit.source], edit, were[edit.source])
        except DeployError:
            if done:
                terminal.note(f"warning: written before that: {', '.join(done)}")
            raise
        done.append(edit.source)


def _end(found: Pull, lock: Path | None, workspace: Workspace) -> int:
    """Say what was done, what that means for other apps, and what was not; the exit code."""
    from ..names import apps_listed
    from ..project.files import is_there
    from ..report.text import pulled

    terminal = workspace.terminal
    terminal.result(pulled(found))
    others = dict.fromkeys(app for edit in found.edits for app in edit.shared_with)
    locks = [lock, *map(workspace.lock_path, others)] if found.edits else []
    stale = [each.name for each in dict.fromkeys(locks) if each and is_there(each)]
    if stale:
        terminal.note(f"warning: {', '.join(stale)} may be stale: run config.lock, and commit it")
    if others:
        where = f"for {apps_listed(others)} too: config.diff --all says what that means there"
        terminal.note(f"warning: what is declared has changed {where}")
    for failure in found.left_out:
        terminal.error(failure)
    if found.plan.changes and not found.left_out:
        from .next_step import after_pull, tell

        tell(terminal, after_pull(lock))
    return FAILED if found.left_out else 0
