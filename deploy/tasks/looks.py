"""The tasks that look and write nothing: their options and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invoke.tasks import task

from .command import Command, help_on, run

if TYPE_CHECKING:
    from invoke.context import Context


@task(
    default=True,
    klass=Command,
    auto_shortflags=False,
    iterable=["only", "reveal"],
    help=help_on("app", "file", "only", "prune", "release", "reveal", "exit-code", "format"),
)
def diff(
    c: Context,
    *,
    app: str | None = None,
    file: str | None = None,
    only: list[str] | None = None,
    prune: bool = False,
    release: str | None = None,
    reveal: list[str] | None = None,
    exit_code: bool = False,
    format: str = "text",  # noqa: A002  # the option's name
) -> None:
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
    run("diff", locals())


@task(
    klass=Command,
    auto_shortflags=False,
    iterable=["file", "only", "skip"],
    help={
        "file": "An env file to check; may be repeated. Otherwise: all of the settings, or"
        " .env.production; and .env.",
        "format": "text (the default), json or github.",
        "only": "Ask this rule alone; may be repeated.",
        "skip": "Leave this rule out; may be repeated.",
    },
)
def check(
    c: Context,
    *,
    file: list[str] | None = None,
    only: list[str] | None = None,
    skip: list[str] | None = None,
    format: str = "text",  # noqa: A002  # the option's name
) -> None:
    """Check that secrets stay out of the code, and that the code finds them.

    Needs no network and no API key. The rules are syntax, placeholder,
    ignored, permissions, parity, hardcoded, references, shared and lock.
    Exits with 0 where nothing is found, 2 where something is, and 1 where
    it could not check.

      invoke config.check
      invoke config.check --only hardcoded --format github
    """
    run("check", locals())


@task(
    klass=Command,
    auto_shortflags=False,
    iterable=["app"],
    help={
        **help_on("file"),
        "app": "Check this app; may be repeated. Otherwise: all apps of the settings.",
        "format": "text (the default), json or github.",
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
    run("drift", locals())


@task(
    klass=Command,
    auto_shortflags=False,
    iterable=["name"],
    help={
        **help_on("app", "format"),
        "limit": "How many releases to show; 20 is the default.",
        "name": "Only the releases that changed this name; may be repeated.",
    },
)
def history(
    c: Context,
    *,
    app: str | None = None,
    name: list[str] | None = None,
    limit: str = "20",
    format: str = "text",  # noqa: A002  # the option's name
) -> None:
    """Show which releases changed an app's config, when, and by whom.

    Computed from what the releases hold, not from what they say; deploys
    that changed no config are left out.

      invoke config.history --app myapp --name LOG_LEVEL
    """
    run("history", locals())


@task(
    klass=Command,
    auto_shortflags=False,
    iterable=["reveal"],
    help={**help_on("app", "reveal", "format"), "with": "The app to compare it with."},
)
def compare(
    c: Context,
    *,
    app: str | None = None,
    with_: str | None = None,
    reveal: list[str] | None = None,
    format: str = "text",  # noqa: A002  # the option's name
) -> None:
    """Show the config vars of two apps side by side.

    Secrets that are the same in both come first: a staging app should not
    hold a key of production.

      invoke config.compare --app myapp --with myapp-staging
    """
    run("compare", locals())
