"""config.sync: make an app's config vars equal to the env file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from .prepare import Prepared
    from .run import Run
    from .terminal import Terminal


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
    from ..plan.consent import Asked, check_confirm
    from .apply import apply_plan
    from .options import check_expect, check_format, check_names, check_reveal, minutes
    from .output import PlanOutput
    from .prepare import prepare
    from .workspace import Workspace

    check_format(format)
    check_names("--only", only)
    check_reveal(reveal)
    wait_minutes = minutes(wait, no_wait=no_wait)
    check_expect(expect)
    workspace, terminal, is_dry = Workspace.of(run), run.terminal, dry_run or run.is_dry
    prepared = prepare(workspace, app=app, file=file, reveal=reveal, force=force, writes=True)
    check_confirm(confirm, prepared.app.name)
    # A plan that was reviewed is one of config.diff's, which leaves alone what it cannot read.
    over_unreadable = force and expect is None
    found = prepared.diff(only=only, prune=prune, over_unreadable=over_unreadable)
    asked = Asked(
        name=prepared.app.name,
        can_ask=terminal.can_ask,
        in_ci=terminal.in_ci,
        app_is_explicit=prepared.app.is_explicit,
        yes=yes,
        is_reviewed=expect is not None,
        confirm=confirm,
        force=force,
    )
    output = PlanOutput(terminal, prepared.reveal, is_json=format == "json")
    apply_plan(
        *(found, asked, prepared.heroku, output), expect=expect, is_dry=is_dry, wait=wait_minutes
    )
    return 0 if is_dry else _renew_lock(prepared, terminal)


def _renew_lock(prepared: Prepared, terminal: Terminal) -> int:
    """Make the lock anew where a person is there to commit it, or say that it is stale."""
    from ..errors import DeployError
    from ..project.files import is_there

    lock, declared, shown = prepared.lock, prepared.declared.vars, prepared.sources.shown
    if lock is None or not is_there(lock):
        return 0
    from ..report.text import locked
    from ..stories.lock import is_stale, write

    try:
        if not is_stale(lock, declared, shown):
            return 0
        if terminal.can_ask:
            done = write(lock, declared, shown, root=prepared.workspace.root)
            terminal.note(locked(done, lock.name))
        else:
            terminal.note(f"warning: {lock.name} is stale: run config.lock, and commit it")
    except DeployError as error:
        terminal.error(error)  # the report stands already, and JSON is one document
        return error.exit_code
    return 0
