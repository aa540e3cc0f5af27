"""config.sync: make an app's config vars equal to the env file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import APPS, HELP, command

if TYPE_CHECKING:
    from ..plan.consent import Asked
    from ..plan.outcome import Diff
    from ..project.target import App
    from .options import How
    from .prepare import Prepared
    from .run import Run
    from .workspace import Workspace


@command(app=APPS, confirm=f"{HELP['confirm']} May be repeated.")
def sync(
    run: Run,
    *,
    app: list[str] | None = None,
    all: bool = False,  # noqa: A002  # the option's name
    pipeline: str | None = None,
    stage: str | None = None,
    file: str | None = None,
    only: list[str] | None = None,
    prune: bool = False,
    expect: str | None = None,
    confirm: list[str] | None = None,
    yes: bool = False,
    force: bool = False,
    first: str | None = None,
    keep_going: bool = False,
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
    nothing differs. Several apps are one plan and one question, and each is
    written to as if it were alone, in the order of the settings; after one
    that fails no other is begun. The same again goes on where it ended.

      invoke config.sync --app myapp
      invoke config.sync --app myapp --prune --confirm myapp
      invoke config.sync --all --first myapp-staging
      invoke config.sync --pipeline my-pipeline --stage review
    """
    from ..plan.consent import Asked
    from .options import How, check_expect, check_plan, minutes, targets
    from .workspace import Workspace

    check_plan(format, only, reveal)
    wait_minutes = minutes(wait, no_wait=no_wait, first=first)
    check_expect(expect)
    apps = targets(app, pipeline, stage)
    workspace, terminal = Workspace.of(run), run.terminal
    asked = Asked(
        name="",
        can_ask=terminal.can_ask,
        in_ci=terminal.in_ci,
        app_is_explicit=not all,
        yes=yes,
        is_reviewed=expect is not None,
        force=force,
    )
    how = How(
        *(asked, only, prune, reveal, confirm or [], expect, first, keep_going),
        is_dry=dry_run or run.is_dry,
        wait=wait_minutes,
        is_json=format == "json",
    )
    if all or len(apps) > 1:
        from .fleet import chosen
        from .fleet_sync import sync_of_apps

        apps = chosen(workspace, apps, is_all=all, file=file)
        if len(apps) > 1:
            return sync_of_apps(workspace, apps, how)
    return _one(workspace, apps[0] if apps else None, file, how)


def _one(workspace: Workspace, app: str | None, file: str | None, how: How) -> int:
    """Make one app equal to its file; the exit code."""
    from .apply import apply_plan
    from .output import PlanOutput
    from .prepare import prepare

    force, terminal = how.asked.force, workspace.terminal
    prepared = prepare(workspace, app=app, file=file, reveal=how.reveal, force=force, writes=True)
    asked = _asked(how, prepared.app)
    if how.first is not None:
        from .fleet_sync import check_first

        check_first(how.first, [asked.name], workspace)
    # A plan that was reviewed is one of config.diff's, which leaves alone what it cannot read.
    over_unreadable = force and how.expect is None
    found = prepared.diff(only=how.only, prune=how.prune, over_unreadable=over_unreadable)
    if asked.kind == "stage":
        found = _with_way_back(found, prepared)
    if how.only:
        from .elsewhere import tell_elsewhere

        tell_elsewhere(prepared, how.only)
    output = PlanOutput(terminal, prepared.reveal, is_json=how.is_json)
    apply_plan(
        *(found, asked, prepared.heroku, output),
        expect=how.expect,
        is_dry=how.is_dry,
        wait=how.wait,
    )
    if how.is_dry:
        return 0
    return _end(prepared, how)


def _end(prepared: Prepared, how: How) -> int:
    """Renew the lock, and say what comes next; the exit code."""
    from .next_step import after_sync, tell
    from .renew_lock import renew_lock

    root, terminal = prepared.workspace.root, prepared.workspace.terminal
    declared, shown = prepared.declared.vars, prepared.sources.shown
    code = renew_lock(prepared.lock, declared, shown, root=root, terminal=terminal)
    if code == 0 and not how.is_json:
        tell(terminal, after_sync(prepared.lock, root))
    return code


def _asked(how: How, app: App) -> Asked:
    """How this one is asked for; raises NotAllowed for a `--confirm` that names another."""
    from dataclasses import replace

    from ..names import is_stage
    from ..plan.consent import check_confirm

    name, kind = app.name, "stage" if is_stage(app.name) else "app"
    others = [each for each in how.confirm if each != name]
    confirm = next(iter([*others, *how.confirm]), None)
    check_confirm(confirm, name, kind=kind)
    is_explicit = app.is_explicit and how.asked.app_is_explicit
    return replace(how.asked, name=name, kind=kind, app_is_explicit=is_explicit, confirm=confirm)


def _with_way_back(found: Diff, prepared: Prepared) -> Diff:
    """Whether another sync, from the files that the settings name, undoes this one.

    No program runs for a remark.
    """
    from ..errors import DeployError
    from ..stories.stage import is_undone_by

    workspace = prepared.workspace
    try:
        sources = workspace.sources(None, found.app)
        if sources.layers == prepared.sources.layers or any(
            each.program for each in sources.layers
        ):
            return found
        declared = workspace.declared(sources).vars
    except DeployError:
        return found
    return found._replace(can_undo=is_undone_by(found.plan, declared))
