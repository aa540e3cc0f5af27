"""Which app and which file a task works on: from options, the environment, settings and git.

Told what was found in each place; it looks at none of them itself.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import BadOption, FileUnreadable, NoApp, WrongFile
from ..names import APP_ID, APP_NAME
from .settings import DEFAULT_FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from .remotes import Remotes
    from .settings import Settings

STDIN = "-"
LOCK_SUFFIX = ".lock"
DOTENV = ".env"

_FOUR_WAYS = (
    "name one with --app, with HEROKU_APP in the environment or in .env, as the only app of the"
    " settings, or as the git remote heroku"
)


class App(NamedTuple):
    """The app, and whether a person or a job named it for this very run."""

    name: str
    is_explicit: bool


class Source(NamedTuple):
    """The env file: its path (None is standard input), what messages call it, and whose it is."""

    path: Path | None
    shown: str
    belongs_to: str | None = None
    """Another app of the settings, where the file is that one's."""


def resolve_app(
    *,
    option: str | None,
    environ: str | None,
    dotenv: Callable[[], str | None],
    settings: Settings,
    remotes: Callable[[], Remotes],
) -> App:
    """The app to work on.

    `--app`, HEROKU_APP (the environment, then `.env`), the only app in the settings, the git
    remote `heroku`. Raises BadOption for what cannot be an app's name (a swallowed flag can not),
    and NoApp with the candidates. `dotenv` and `remotes` are asked only where they are needed.
    """
    if option is not None:
        return App(checked_app(option, "--app"), is_explicit=True)
    if environ:
        return App(checked_app(environ, "HEROKU_APP"), is_explicit=True)
    if name := dotenv():
        return App(checked_app(name, "HEROKU_APP in .env"), is_explicit=False)
    if len(settings.apps) == 1:
        return App(next(iter(settings.apps)), is_explicit=False)
    found = remotes()
    if found.default in found.apps:
        return App(found.apps[found.default], is_explicit=False)
    raise NoApp(sorted({*settings.apps, *found.apps.values()}), next_step=_FOUR_WAYS)


def resolve_file(*, option: str | None, app: str, settings: Settings, root: Path) -> Source:
    """The env file for an app.

    `--file` is relative to the current folder, everything else to `root`, the folder of
    `tasks.py`. Raises WrongFile where the settings list apps, but not this one.
    """
    if option == STDIN:
        return Source(None, "standard input")
    if option is not None:
        path = expanded(checked_file(option))
        return Source(path, option, belongs_to=_owner(path, app, settings, root))
    if shown := _declared(app, settings):
        return Source(root / expanded(shown), shown)
    raise WrongFile(
        f"the settings list apps, but not {app}, so no env file is known for it",
        next_step="add it under heroku.apps, or name its file with --file",
    )


def lock_of(source: Source, app: str, settings: Settings, root: Path) -> Path | None:
    """Where the lock of this source is: beside the app's declared file, which alone has one.

    Standard input stands for that file, decrypted. None where another file was named, and for an
    app that the settings do not list: the default file is then another app's, or nobody's.
    """
    if not (shown := _declared(app, settings)):
        return None
    path = root / expanded(shown)
    return with_lock(path) if source.path is None or _same(source.path, path) else None


def misplaced(source: Source, app: str) -> str | None:
    """What is wrong with this file for this app, if it is another one's."""
    owner = source.belongs_to
    return f"{source.shown} is the file of {owner} in the settings, not {app}'s" if owner else None


def is_dotenv(path: Path) -> bool:
    """Whether this is `.env`, by its name or behind a link: development reads that one."""
    return DOTENV in (path.name, Path(os.path.realpath(path)).name)


def with_lock(path: Path) -> Path:
    """The lock's path, for an env file's."""
    return path.parent / (path.name + LOCK_SUFFIX)


def expanded(path: str) -> Path:
    """A path with `~` filled in; raises FileUnreadable where no such home is known."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        is_ours = path.partition("/")[0] == "~"
        reason = "the home folder of this user is not known" if is_ours else "there is no such user"
        step = "set HOME, or write the path without ~" if is_ours else None
        raise FileUnreadable(path, reason, next_step=step) from None


def checked_file(path: str) -> str:
    """What `--file` holds, if it can be a path; raises BadOption."""
    if not path:
        raise BadOption("--file is empty", next_step="give it a path, or leave it out")
    if path.startswith("-"):
        raise BadOption("--file got no path, but the next option", next_step="give it a path")
    return path


def checked_app(name: str, place: str) -> str:
    """The name, or the id, if it can be an app's; raises BadOption."""
    if APP_NAME.fullmatch(name) or APP_ID.fullmatch(name):
        return name
    # The text itself is not repeated: it may be a key that landed in the wrong variable.
    swallowed = " but an option" if name.startswith("-") else ""
    raise BadOption(
        f"{place} holds no app's name{swallowed}",
        next_step="an app's name has 3 to 30 lowercase letters, digits and dashes",
    )


def _declared(app: str, settings: Settings) -> str | None:
    """The file of an app as it is written in the settings; None where they list others alone."""
    return settings.apps.get(app) if settings.apps else DEFAULT_FILE


def _owner(path: Path, app: str, settings: Settings, root: Path) -> str | None:
    if settings.apps.get(app) and _same(path, root / expanded(settings.apps[app])):
        return None
    others = (other for other, file in settings.apps.items() if _same(path, root / expanded(file)))
    return next(others, None)


def _same(one: Path, other: Path) -> bool:
    # Not `Path.resolve`, which raises for a link that leads to itself.
    return os.path.realpath(one) == os.path.realpath(other)
