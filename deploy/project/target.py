"""Which app and which texts a task works on: from options, the environment, settings and git.

Told what was found in each place; it looks at none of them itself.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..envfile.declaration import joined
from ..errors import BadOption, NoApp, WrongFile
from ..names import APP_ID, APP_NAME, is_stage
from .files import expanded
from .layers import DEFAULT_FILE, Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from .layers import Layer
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
    """One text of a declaration: a file, or what a program prints; where neither, standard input.

    `shown` is what messages call it.
    """

    path: Path | None
    shown: str
    program: Program | None = None


class Sources(NamedTuple):
    """The texts that an app is declared by, the topmost last."""

    layers: tuple[Source, ...]
    problem: str | None = None
    """What is wrong with them for this app, where it is not these that the settings name."""

    @property
    def shown(self) -> str:
        return joined(source.shown for source in self.layers)

    @property
    def top(self) -> Source:
        return self.layers[-1]

    def lock_shown(self, lock: Path) -> str:
        """What messages call their lock."""
        is_beside = self.top.path is not None and lock == with_lock(self.top.path)
        return self.top.shown + LOCK_SUFFIX if is_beside else lock.name

    @property
    def is_stdin(self) -> bool:
        return self.top.path is None and self.top.program is None


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


def resolve_sources(*, option: str | None, app: str, settings: Settings, root: Path) -> Sources:
    """What declares an app.

    `--file` is relative to the current folder, everything else to `root`, the folder of
    `tasks.py`. Raises WrongFile where the settings list apps, but not this one, and for a stage
    that they do not list: production's file is not for it.
    """
    if option == STDIN:
        return Sources((Source(None, "standard input"),))
    if option is not None:
        path = expanded(checked_file(option))
        return Sources((Source(path, option),), _misplaced(path, option, app, settings, root))
    if layers := layers_of(app, settings):
        return Sources(tuple(source_of(layer, root) for layer in layers))
    what, key = ("do not list", "stages") if is_stage(app) else ("list apps, but not", "apps")
    raise WrongFile(
        f"the settings {what} {app}, so no env file is known for it",
        next_step=f"add it under heroku.{key}, or name its file with --file",
    )


def readers(settings: Settings, root: Path) -> Callable[[Source], list[str]]:
    """Tells which apps and stages a text is a layer of; each path is looked up once, when asked."""

    @cache
    def apps_by_text() -> dict[str | Program | None, dict[str, None]]:
        text_by_layer = cache(lambda layer: text_of(source_of(layer, root)))
        found: dict[str | Program | None, dict[str, None]] = {}
        for app, layers in settings.targets.items():
            for layer in layers:
                found.setdefault(text_by_layer(layer), {})[app] = None
        return found

    return lambda source: [*apps_by_text().get(text_of(source), ())]


def is_dotenv(path: Path) -> bool:
    """Whether this is `.env`, by its name or behind a link: development reads that one."""
    return DOTENV in (path.name, Path(os.path.realpath(path)).name)


def with_lock(path: Path) -> Path:
    """The lock's path, for an env file's."""
    return path.parent / (path.name + LOCK_SUFFIX)


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
    step = "an app's name has 3 to 30 lowercase letters, digits and dashes"
    if is_stage(name):
        step += "; a stage is named with --pipeline and --stage, where there can be one"
    raise BadOption(f"{place} holds no app's name{swallowed}", next_step=step)


def layers_of(app: str, settings: Settings) -> tuple[Layer, ...]:
    """The layers of an app as the settings name them; none where they list others alone."""
    is_listed = settings.apps or is_stage(app)
    return settings.targets.get(app, ()) if is_listed else (DEFAULT_FILE,)


def source_of(layer: Layer, root: Path) -> Source:
    if isinstance(layer, Program):
        return Source(None, layer.shown, layer)
    return Source(root / expanded(layer), layer)


def _misplaced(path: Path, shown: str, app: str, settings: Settings, root: Path) -> str | None:
    """What is wrong with a file that was named, for this app."""
    owners = readers(settings, root)(Source(path, shown))
    if app in owners:
        is_all = len(settings.targets[app]) == 1
        return None if is_all else f"{shown} is one layer of {app} in the settings, and not all"
    return f"{shown} is the file of {owners[0]} in the settings, not {app}'s" if owners else None


def text_of(source: Source) -> str | Program | None:
    """What is the same for two sources of one text."""
    # Not `Path.resolve`, which raises for a link that leads to itself.
    return os.path.realpath(source.path) if source.path else source.program
