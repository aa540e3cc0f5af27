"""The tasks, as Invoke sees them: names, options and help.

Only Invoke is imported here; what a task needs is imported when it runs, since `invoke --list` and
tab completion load this module each time.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from invoke.collection import Collection
from invoke.tasks import task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from invoke.context import Context

_HELP = {
    "app": "The Heroku app. Otherwise: HEROKU_APP, the only app in the settings, the git remote.",
    "confirm": "The app's name, where a plan removes or empties vars and nobody can be asked.",
    "dry-run": "Show the plan and write nothing; Invoke's own --dry does the same.",
    "exit-code": "Exit with 2 where the plan is not empty.",
    "file": "The env file; - reads standard input. Otherwise: the settings, or .env.production.",
    "force": "Apply a plan that looks like a mistake: many removals, a placeholder, another app's"
    " file.",
    "format": "text or json.",
    "no-wait": "Do not wait for a release phase; the change is then not verified.",
    "only": "Narrow the plan to this name; may be repeated.",
    "prune": "Also remove unmanaged vars: on Heroku, not in the file, not owned, not ignored.",
    "reveal": "Show the values of this name, or of a pattern such as 'LOG_*'; may be repeated.",
    "yes": "Apply without asking; a plan that removes or empties vars needs --confirm.",
}


def _help(*names: str) -> dict[str, str]:
    return {name: _HELP[name] for name in names}


@task(
    default=True,
    auto_shortflags=False,
    iterable=["only", "reveal"],
    help=_help("app", "file", "only", "prune", "reveal", "exit-code", "format"),
)
def diff(
    c: Context,
    *,
    app: str | None = None,
    file: str | None = None,
    only: list[str] | None = None,
    prune: bool = False,
    reveal: list[str] | None = None,
    exit_code: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> None:
    """Show what config.sync would change; every value is masked.

    Reads the env file and the app's live config vars, and writes nothing.
    The plan is the one that config.sync with the same options applies.

      invoke config.diff --app myapp
      sops decrypt .env.prod.enc | invoke config.diff --app myapp --file -
    """
    _run(
        "diffing",
        c,
        {
            "app": app,
            "file": file,
            "only": only,
            "prune": prune,
            "reveal": reveal,
            "exit_code": exit_code,
            "format": format,
        },
    )


@task(
    auto_shortflags=False,
    iterable=["only", "reveal"],
    help=_help(
        *("app", "file", "only", "prune", "confirm", "yes", "force", "dry-run", "reveal"),
        *("no-wait", "format"),
    ),
)
def sync(
    c: Context,
    *,
    app: str | None = None,
    file: str | None = None,
    only: list[str] | None = None,
    prune: bool = False,
    confirm: str | None = None,
    yes: bool = False,
    force: bool = False,
    dry_run: bool = False,
    reveal: list[str] | None = None,
    no_wait: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> None:
    """Make an app's config vars equal to the env file, as one release.

    Shows the plan, asks, sends the changes in one request, waits for the
    release phase if there is one, and reads back what Heroku then holds.
    Vars that are only on Heroku stay, unless --prune. Nothing is sent where
    nothing differs.

      invoke config.sync --app myapp
      invoke config.sync --app myapp --prune --confirm myapp
    """
    _run(
        "syncing",
        c,
        {
            "app": app,
            "file": file,
            "only": only,
            "prune": prune,
            "confirm": confirm,
            "yes": yes,
            "force": force,
            "dry_run": dry_run,
            "reveal": reveal,
            "no_wait": no_wait,
            "format": format,
        },
    )


@task(
    auto_shortflags=False,
    iterable=["app"],
    help={
        **_help("file"),
        "app": "Check this app; may be repeated. Otherwise: all apps of the settings.",
        "format": "text, json or github.",
        "lock": "Compare with the lock, even where the env file is there.",
        "no-blame": "Do not look for the releases that moved a var.",
    },
)
def drift(
    c: Context,
    *,
    app: list[str] | None = None,
    file: str | None = None,
    lock: bool = False,
    no_blame: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> None:
    """Check that apps still hold what was declared; say who moved what.

    Compares the env file, or its lock where the file is not there, with what
    is live. Exits with 0 in sync, 2 where something drifted, and 1 where an
    app could not be checked.

      invoke config.drift
      invoke config.drift --app myapp --format github
    """
    given = {"app": app, "file": file, "lock": lock, "no_blame": no_blame, "format": format}
    _run("drifting", c, given)


@task(
    auto_shortflags=False,
    help={
        **_help("file"),
        "check": "Write nothing; exit with 2 where the lock does not match the file.",
        "yes": "Append a missing CONFIG_LOCK_KEY without asking.",
    },
)
def lock(c: Context, *, file: str | None = None, check: bool = False, yes: bool = False) -> None:
    """Write the lock of an env file, which CI can compare with Heroku.

    A lock holds names and keyed digests, and is meant to be committed. Its
    key is the entry CONFIG_LOCK_KEY of the env file, which config.sync takes
    to the app; so config.drift needs no secrets but an API key.

      invoke config.lock
      invoke config.lock --check
    """
    _run("locking", c, {"file": file, "check": check, "yes": yes})


def _run(module: str, c: Context, options: Mapping[str, object]) -> None:
    with _quick_imports():
        from deploy.tasks.run import run  # noqa: PLC0415  # see the module's docstring

        body = import_module(f"deploy.tasks.{module}").body
    run(body, c, options)


@contextmanager
def _quick_imports() -> Iterator[None]:
    """Spend 25 ms less on imports: keep byte code, and look for no garbage where there is none.

    Invoke keeps Python from writing byte code, so as to leave no traces beside a `tasks.py`; this
    is a package like any other.
    """
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, bool(sys.flags.dont_write_bytecode)
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        if was_collecting:
            gc.enable()


config = Collection("config", diff, drift, lock, sync)
ns = Collection(config)
