"""config.sync: make an app's config vars equal to the env file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from .prepare import Work
    from .run import Run


@command()
def sync(
    run: Run,
    *,
    app: str | None = None,
    file: str | None = None,
    only: list[str] | None = None,
    prune: bool = False,
    expect: str | None = None,
    confirm: str | None = None,
    yes: bool = False,
    force: bool = False,
    dry_run: bool = False,
    reveal: list[str] | None = None,
    wait: str | None = None,
    no_wait: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Make an app's config vars equal to the env file, as one release.

    Shows the plan, asks, sends the changes in one request, waits for the
    release phase if there is one, and reads back what Heroku then holds.
    Vars that are only on Heroku stay, unless --prune. Nothing is sent where
    nothing differs.

      invoke config.sync --app myapp
      invoke config.sync --app myapp --prune --confirm myapp
    """
    from ..errors import NotAllowed
    from ..plan.consent import Asked, check_confirm, check_expected
    from .apply import apply_plan
    from .options import check_expect, check_format, check_names, check_reveal, minutes
    from .output import form
    from .prepare import prepare
    from .workspace import Workspace

    check_format(format)
    check_names("--only", only)
    check_reveal(reveal)
    longest = minutes(wait, no_wait=no_wait)
    check_expect(expect)
    work = prepare(Workspace.of(run), app=app, file=file, reveal=reveal, force=force, writes=True)
    check_confirm(confirm, work.app.name)
    # A plan that was reviewed is one of config.diff's, which leaves alone what it cannot read.
    writes_over = force and expect is None
    found = work.diff(only=only, prune=prune, reveal=reveal, over_unreadable=writes_over)
    shown = form(format, run.terminal, work.reveal)
    shown.plan(found)
    try:
        check_expected(expect, found.digest)
    except NotAllowed:
        shown.before_refusal(found)  # whoever expected another plan must see this one
        raise
    asked = Asked(
        name=work.app.name,
        can_ask=run.terminal.can_ask,
        in_ci=run.terminal.in_ci,
        app_is_explicit=work.app.is_explicit,
        yes=yes,
        is_reviewed=expect is not None,
        confirm=confirm,
        force=force,
    )
    is_dry = dry_run or run.is_dry
    done = apply_plan(found, asked, work.heroku, run.terminal, shown, is_dry=is_dry, wait=longest)
    shown.end(found, done)
    return 0 if is_dry else _renew_lock(work, run)


def _renew_lock(work: Work, run: Run) -> int:
    """Make the lock anew where a person is there to commit it, or say that it is stale."""
    from ..errors import DeployError
    from ..project.files import is_there

    if work.lock is None or not is_there(work.lock):
        return 0
    from ..report.result import locked
    from ..stories.lock import is_stale, write

    try:
        if not is_stale(work.lock, work.declared.vars, work.source.shown):
            return 0
        if run.terminal.can_ask:
            done = write(work.lock, work.declared.vars, work.source.shown, root=work.at.root)
            run.terminal.note(locked(done, work.lock.name))
        else:
            note = f"warning: {work.lock.name} is stale: run config.lock, and commit it"
            run.terminal.note(note)
    except DeployError as error:
        run.terminal.error(error)  # the report stands already, and JSON is one document
        return error.exit_code
    return 0
