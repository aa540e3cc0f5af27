"""config.diff: what config.sync would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import FOUND, command

if TYPE_CHECKING:
    from .run import Run


@command(
    explain="Say which file and line declares this name, and what that hides; may be repeated.",
)
def diff(
    run: Run,
    *,
    app: str | None = None,
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
    plan of config.rollback.

      invoke config.diff --app myapp
      invoke config.diff --app myapp --explain API_KEY
      invoke config.diff --app myapp --release v41
      sops decrypt --input-type dotenv --output-type dotenv .env.prod.enc |
        invoke config.diff --app myapp --file -
    """
    from ..errors import BadOption
    from .options import check_format, check_names, check_reveal, version
    from .output import PlanOutput
    from .workspace import Workspace

    check_format(format)
    check_names("--only", only)
    check_names("--explain", explain)
    check_reveal(reveal)
    for option, is_given in (("--prune", prune), ("--explain", bool(explain))):
        if release is not None and is_given:
            raise BadOption(
                f"{option} goes with an env file, not with --release", next_step="leave one out"
            )
    past = None if release is None else version(release, "--release")
    workspace = Workspace.of(run)
    if past is None:
        from .prepare import prepare

        prepared = prepare(workspace, app=app, file=file, reveal=reveal)
        found = prepared.diff(only=only, prune=prune, explain=explain)
        shown = prepared.reveal
    else:
        from .rollback import plan_rollback

        name = workspace.app(app).name
        found, shown, *_ = plan_rollback(
            *(workspace, name, past), file=file, only=only, reveal=reveal
        )
    output = PlanOutput(run.terminal, shown, is_json=format == "json")
    output.show_plan(found)
    output.show_result(found)
    return FOUND if exit_code and not found.is_in_sync else 0
