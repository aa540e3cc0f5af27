"""config.rollback: an app's config vars as they were at a past release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from ..errors import DeployError
    from ..heroku.client import Heroku
    from ..plan.outcome import Diff
    from ..report.reveal import Reveal
    from ..stories.rollback import Known
    from .run import Run
    from .workspace import Workspace


@command(
    help={
        "confirm": "The app's name, where nobody can be asked to type it.",
        "restore": "Bring back this name, though it is absent today and declared nowhere; may be"
        " repeated.",
        "to": "The release to go back to, such as v41.",
    },
)
def rollback(
    run: Run,
    *,
    app: str | None = None,
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
    from .options import check_format, check_names, check_reveal, minutes, version
    from .output import form
    from .workspace import Workspace

    check_format(format)
    check_names("--only", only)
    check_names("--restore", restore)
    check_reveal(reveal)
    longest, to_version = minutes(wait, no_wait=no_wait), version(to, "--to")
    at = Workspace.of(run)
    meant = at.app(app).name
    check_confirm(confirm, meant)
    known = _known(meant, at)
    heroku, chosen = at.heroku(), at.to_reveal(reveal)
    found = _plan(at, meant, to_version, known, heroku, only=only, restore=restore, force=force)
    at.warn_of_reveal(reveal, found.names)
    shown = form(format, run.terminal, chosen)
    shown.plan(found)
    asked = Asked(
        name=meant,
        can_ask=run.terminal.can_ask,
        in_ci=run.terminal.in_ci,
        needs_name=True,
        confirm=confirm,
        force=force,
    )
    is_dry = dry_run or run.is_dry
    done = apply_plan(found, asked, heroku, run.terminal, shown, is_dry=is_dry, wait=longest)
    shown.end(found, done)
    if done.state is not State.DRY_RUN:
        is_new = done.state is not State.UNCHANGED
        for remark in known.disagreements(found, is_new=is_new):
            run.terminal.note(f"warning: {remark}")
    return 0


def against_release(
    run: Run,
    release: str,
    *,
    app: str | None,
    file: str | None,
    only: list[str] | None,
    reveal: list[str] | None,
) -> tuple[Diff, Reveal]:
    """The plan that config.rollback to this release would apply, for config.diff."""
    from .options import version
    from .workspace import Workspace

    past = version(release, "--release")
    at = Workspace.of(run)
    meant = at.app(app).name
    known = _known(meant, at, option=file)
    chosen = at.to_reveal(reveal)
    found = _plan(at, meant, past, known, at.heroku(), only=only)
    at.warn_of_reveal(reveal, found.names)
    return found, chosen


def _plan(
    at: Workspace,
    app: str,
    version: int,
    known: Known,
    heroku: Heroku,
    *,
    only: list[str] | None,
    restore: list[str] | None = None,
    force: bool = False,
) -> Diff:
    from ..stories.rollback import rollback as plan_rollback

    return plan_rollback(
        *(heroku, app, version),
        policy=at.settings.policy,
        declared=known.names,
        restore=frozenset(restore or ()),
        only=frozenset(only or ()) or None,
        over_unreadable=force,
    )


def _known(app: str, at: Workspace, *, option: str | None = None) -> Known:
    """The file and the lock of an app, each where it is there.

    Neither is needed for a way back, so one that cannot be read is a remark; but a file that was
    named must hold up.
    """
    from ..errors import DeployError, WrongFile
    from ..project.files import is_there
    from ..stories.lock import read_lock
    from ..stories.rollback import Known

    try:
        source = at.file(option, app)
    except WrongFile:
        return Known("")
    if option is not None:
        return Known(source.shown, at.declared(source))
    found, locked = None, None
    path = at.lock(source, app)
    try:
        if source.path and is_there(source.path):
            found = at.declared(source)
    except DeployError as error:
        _remark(error, at)
    try:
        if path and is_there(path):
            locked = read_lock(path)
    except DeployError as error:
        _remark(error, at)
    return Known(source.shown, found, locked)


def _remark(error: DeployError, at: Workspace) -> None:
    for line in str(error).splitlines():
        at.terminal.note(f"warning: {line}")
