"""config.rollback: an app's config vars as they were at a past release."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from .command import command

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..heroku.client import Heroku
    from ..plan.outcome import Diff
    from ..report.reveal import Reveal
    from ..stories.rollback import Declared
    from .run import Run
    from .terminal import Terminal
    from .workspace import Workspace

T = TypeVar("T")


@command(
    confirm="The app's name, where nobody can be asked to type it.",
    restore="Bring back this name, though it is absent today and declared nowhere; may be"
    " repeated.",
    to="The release to go back to, such as v41; config.history lists them.",
)
def rollback(
    run: Run,
    *,
    app: str | None = None,
    pipeline: str | None = None,
    stage: str | None = None,
    to: str | None = None,
    only: list[str] | None = None,
    restore: list[str] | None = None,
    confirm: str | None = None,
    force: bool = False,
    dry_run: bool = False,
    reveal: list[str] | None = None,
    wait: str | None = None,
    no_wait: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Make an app's config vars what they were at a past release.

    Config only: the code stays, and so do the vars of add-ons, ignored vars
    and CONFIG_LOCK_KEY. A name that is absent today comes back only if the
    env file or its lock declares it, or --restore names it.

      invoke config.rollback --app myapp --to v41
    """
    from ..plan.consent import Asked, check_confirm
    from ..plan.outcome import State
    from .apply import apply_plan
    from .options import check_has_releases, check_names, check_plan, minutes, version
    from .output import PlanOutput
    from .workspace import Workspace

    check_has_releases(pipeline, stage, "no way back")
    check_plan(format, only, reveal)
    check_names("--restore", restore)
    wait_minutes, past = minutes(wait, no_wait=no_wait), version(to, "--to")
    workspace, terminal, is_dry = Workspace.of(run), run.terminal, dry_run or run.is_dry
    name = workspace.app(app).name
    check_confirm(confirm, name)
    found, shown, known, heroku = plan_rollback(
        *(workspace, name, past), only=only, restore=restore, reveal=reveal, force=force
    )
    asked = Asked(
        name=name,
        can_ask=terminal.can_ask,
        in_ci=terminal.in_ci,
        needs_name=True,
        confirm=confirm,
        force=force,
    )
    output = PlanOutput(terminal, shown, is_json=format == "json")
    done = apply_plan(found, asked, heroku, output, is_dry=is_dry, wait=wait_minutes)
    if done.state is not State.DRY_RUN:
        is_new = done.state is not State.UNCHANGED
        for remark in known.disagreements(found, is_new=is_new):
            terminal.note(f"warning: {remark}")
    return 0


def plan_rollback(
    workspace: Workspace,
    app: str,
    version: int,
    *,
    file: str | None = None,
    only: list[str] | None,
    restore: list[str] | None = None,
    reveal: list[str] | None,
    force: bool = False,
) -> tuple[Diff, Reveal, Declared, Heroku]:
    """The plan of a rollback, which config.diff shows too, and what it was made with."""
    from ..stories.rollback import rollback as plan

    known = _known(app, workspace, file)
    heroku, shown = workspace.heroku(), workspace.revealed(reveal)
    found = plan(
        *(heroku, app, version),
        policy=workspace.settings.policy,
        declared=known.names,
        restore=frozenset(restore or ()),
        only=frozenset(only or ()) or None,
        over_unreadable=force,
    )
    workspace.warn_of_unmatched(shown, found.names)
    return found, shown, known, heroku


def _known(app: str, workspace: Workspace, file: str | None) -> Declared:
    """The file and the lock of an app, each where it is there.

    Neither is needed for a way back, so one that cannot be read is a remark; but a file that was
    named must hold up.
    """
    from ..errors import WrongFile
    from ..project.files import is_there
    from ..stories.lock import read_lock
    from ..stories.rollback import Declared

    try:
        sources = workspace.sources(file, app)
    except WrongFile:
        return Declared("")
    if file is not None:
        return Declared(sources.shown, workspace.declared(sources))
    terminal, lock = workspace.terminal, workspace.lock(sources, app)
    declared = None
    if not any(map(workspace.is_missing, sources.layers)):
        declared = _if_readable(lambda: workspace.declared(sources), terminal)
    locked = _if_readable(lambda: read_lock(lock), terminal) if lock and is_there(lock) else None
    return Declared(sources.shown, declared, locked, sources.lock_shown(lock) if lock else "")


def _if_readable(read: Callable[[], T], terminal: Terminal) -> T | None:
    """What was read; why it cannot be is but a warning."""
    from ..errors import DeployError

    try:
        return read()
    except DeployError as error:
        for line in str(error).splitlines():
            terminal.note(f"warning: {line}")
        return None
