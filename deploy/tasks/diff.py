"""config.diff: what config.sync would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .command import command

if TYPE_CHECKING:
    from .run import Run

DIFFERS = 2
"""The exit code for a difference, where one was asked for."""


@command(default=True)
def diff(
    run: Run,
    *,
    app: str | None = None,
    file: str | None = None,
    only: list[str] | None = None,
    prune: bool = False,
    release: str | None = None,
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
      invoke config.diff --app myapp --release v41
      sops decrypt --input-type dotenv --output-type dotenv .env.prod.enc |
        invoke config.diff --app myapp --file -
    """
    from ..errors import BadOption
    from .options import check_format, check_names, check_reveal
    from .output import form
    from .workspace import Workspace

    check_format(format)
    check_names("--only", only)
    check_reveal(reveal)
    if release is not None and prune:
        raise BadOption(
            "--prune goes with an env file, not with --release", next_step="leave one out"
        )
    if release is None:
        from .prepare import prepare

        work = prepare(Workspace.of(run), app=app, file=file, reveal=reveal)
        found, chosen = work.diff(only=only, prune=prune, reveal=reveal), work.reveal
    else:
        from .rollback import against_release

        found, chosen = against_release(run, release, app=app, file=file, only=only, reveal=reveal)
    shown = form(format, run.terminal, chosen)
    shown.plan(found)
    shown.end(found)
    return DIFFERS if exit_code and not found.is_in_sync else 0
