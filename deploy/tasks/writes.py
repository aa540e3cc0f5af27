"""The tasks that write, to Heroku or to a file: their options and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invoke.tasks import task

from .command import Command, help_on, run

if TYPE_CHECKING:
    from invoke.context import Context


@task(
    klass=Command,
    auto_shortflags=False,
    iterable=["only", "reveal"],
    help=help_on(
        *("app", "file", "only", "prune", "expect", "confirm", "yes", "force", "dry-run"),
        *("reveal", "wait", "no-wait", "format"),
    ),
)
def sync(
    c: Context,
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
) -> None:
    """Make an app's config vars equal to the env file, as one release.

    Shows the plan, asks, sends the changes in one request, waits for the
    release phase if there is one, and reads back what Heroku then holds.
    Vars that are only on Heroku stay, unless --prune. Nothing is sent where
    nothing differs.

      invoke config.sync --app myapp
      invoke config.sync --app myapp --prune --confirm myapp
    """
    run("sync", locals())


@task(
    klass=Command,
    auto_shortflags=False,
    help={
        **help_on("file"),
        "check": "Write nothing; exit with 2 where the lock does not match the file.",
        "yes": "Append a missing CONFIG_LOCK_KEY without asking; the app's own, if it has one.",
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
    run("lock", locals())


@task(
    klass=Command,
    auto_shortflags=False,
    help={
        **help_on("app", "dry-run"),
        "confirm": "The file's name, where entries are removed or emptied and nobody can be asked.",
        "file": "The env file to write. Otherwise: the settings, or .env.production.",
        "owned": "Also take the vars that an add-on or the platform controls.",
        "prune": "Also remove the entries that are only in the file.",
        "yes": "Write without asking; where entries are removed or emptied, --confirm is needed.",
    },
)
def pull(
    c: Context,
    *,
    app: str | None = None,
    file: str | None = None,
    prune: bool = False,
    owned: bool = False,
    confirm: str | None = None,
    yes: bool = False,
    dry_run: bool = False,
) -> None:
    """Bring an app's config vars into the env file.

    Shows what would change in the file, and asks. Comments, blank lines, the
    order and whatever does not change stay byte for byte; new entries are
    appended. The file is written whole or not at all, readable by you alone,
    and only where git ignores it.

      invoke config.pull --app myapp
    """
    run("pull", locals())


@task(
    klass=Command,
    auto_shortflags=False,
    iterable=["only", "restore", "reveal"],
    help={
        **help_on("app", "only", "confirm", "force", "dry-run", "reveal", "wait"),
        **help_on("no-wait", "format"),
        "confirm": "The app's name, where nobody can be asked to type it.",
        "restore": "Bring back this name, though it is absent today and declared nowhere; may be"
        " repeated.",
        "to": "The release to go back to, such as v41.",
    },
)
def rollback(
    c: Context,
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
) -> None:
    """Make an app's config vars what they were at a past release.

    Config only: the code stays, and so do the vars of add-ons, ignored vars
    and CONFIG_LOCK_KEY. A name that is absent today comes back only if the
    env file or its lock declares it, or --restore names it.

      invoke config.rollback --app myapp --to v41
    """
    run("rollback", locals())
