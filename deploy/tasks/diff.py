"""config.diff: what config.sync would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import APPS, FOUND, command

if TYPE_CHECKING:
    from .run import Run


@command(
    app=APPS,
    explain="Say which file and line declares this name, and what that hides; may be repeated.",
)
def diff(
    run: Run,
    *,
    app: list[str] | None = None,
    all: bool = False,  # noqa: A002  # the option's name
    pipeline: str | None = None,
    stage: str | None = None,
    file: str | None = None,
    only: list[str] | None = None,
    prune: bool = False,
    release: str | None = None,
    explain: list[str] | None = None,
    reveal: list[str] | None = None,
    exit_code: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> int:
    """Show what config.sync would change; every value is masked.

    Reads the env file and the app's live config vars, and writes nothing.
    The plan is the one that config.sync with the same options applies, and
    its last line names it for config.sync --expect. With --release it is the
    plan of config.rollback. Of several apps it is one plan, which shows only
    what differs.

      invoke config.diff --app myapp
      invoke config.diff --app myapp --explain API_KEY
      invoke config.diff --all
      invoke config.diff --pipeline my-pipeline --stage review
      invoke config.diff --app myapp --release v41
      sops decrypt --input-type dotenv --output-type dotenv .env.prod.enc |
        invoke config.diff --app myapp --file -
    """
    from .options import check_has_releases, check_names, check_plan, check_with_release, targets
    from .output import PlanOutput
    from .workspace import Workspace

    check_plan(format, only, reveal)
    check_names("--explain", explain)
    past = check_with_release(release, prune=prune, explain=bool(explain))
    apps, is_json = targets(app, pipeline, stage), format == "json"
    if past is not None:
        check_has_releases(pipeline, stage, "none to compare with")
    workspace = Workspace.of(run)
    if all or len(apps) > 1:
        from .fleet import chosen, diff_of_apps

        apps = chosen(workspace, apps, is_all=all, file=file, release=release)
        if len(apps) > 1:
            return diff_of_apps(
                *(workspace, apps, only, reveal, explain),
                prune=prune,
                exit_code=exit_code,
                is_json=is_json,
            )
    one = apps[0] if apps else None
    if past is None:
        from .prepare import prepare

        prepared = prepare(workspace, app=one, file=file, reveal=reveal)
        found = prepared.diff(only=only, prune=prune, explain=explain)
        shown = prepared.reveal
    else:
        from .rollback import plan_rollback

        asked = (workspace, workspace.app(one).name, past)
        found, shown, *_ = plan_rollback(*asked, file=file, only=only, reveal=reveal)
    output = PlanOutput(run.terminal, shown, is_json=is_json)
    output.show_plan(found)
    output.show_result(found)
    return FOUND if exit_code and not found.is_in_sync else 0
