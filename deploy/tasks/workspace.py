"""What a task works on: its app, what declares it, its settings and its way to Heroku."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from invoke.config import Config, DataProxy

from ..envfile.declaration import BadLayers, Declaration, Layer
from ..envfile.warnings import joined
from ..errors import DeployError, NoApp
from ..heroku import credentials, host
from ..heroku.client import Heroku
from ..names import APP_ID, is_stage
from ..project import files, lock_place, settings, target
from ..report.reveal import Reveal
from ..signals import Clock
from ..stories.texts import Texts
from .missing import MAKE_LAYER, is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from invoke.context import Context

    from ..errors import Complaint
    from ..heroku.credentials import DotEnv
    from ..heroku.host import Host
    from ..project.remotes import Remotes
    from ..project.settings import Settings
    from ..project.target import App, Source, Sources
    from .run import Run
    from .terminal import Terminal


def read_settings(c: Context) -> tuple[Path, Settings]:
    """The folder of `tasks.py`, and the settings; raises BadSettings."""
    # Where Invoke looked for `invoke.yaml`; it offers no public way.
    root = Path(getattr(c.config, "_project_prefix", None) or Path.cwd())
    return root, settings.read(_plain(c.config), known=Config.global_defaults().keys())


def _plain(value: DataProxy | dict[str, object]) -> dict[str, object]:
    """Invoke's proxies as plain mappings, all the way down."""
    return {
        key: _plain(item) if isinstance(item, DataProxy | dict) else item
        for key, item in value.items()
    }


class Workspace(NamedTuple):
    """The folder of `tasks.py`, the settings, and where the API is."""

    root: Path
    settings: Settings
    host: Host
    dotenv: Callable[[], DotEnv]
    terminal: Terminal
    texts: Texts
    lock_paths: Callable[[], dict[str, Path]]
    owners: Callable[[Source], list[str]]
    """The apps of the settings that a text is a layer of."""
    pipelines: dict[str, str]
    """The ids of the pipelines that were given by their ids, by their names."""

    @classmethod
    def of(cls, run: Run) -> Workspace:
        """Read the settings and HEROKU_HOST; raises BadSettings or BadHost."""
        root, found = read_settings(run.context)
        return cls(
            root=root,
            settings=found,
            host=host.parse(os.environ.get("HEROKU_HOST")),
            dotenv=cache(lambda: credentials.read_dotenv(root / ".env")),
            terminal=run.terminal,
            texts=Texts(root, found, run.terminal.note),
            lock_paths=cache(lambda: lock_place.lock_paths(found, root)),
            owners=target.readers(found, root),
            pipelines={},
        )

    def heroku(self) -> Heroku:
        """The way to Heroku; raises NoKey or BadKey."""
        from ..heroku.transport import Transport  # noqa: PLC0415  # config.check asks for none

        key = credentials.find(os.environ, self.dotenv, is_loopback=self.host.is_loopback)
        heroku = Heroku(
            Transport(self.host, key.secret),
            key,
            clock=Clock,
            notice=self.terminal.note,
            another_key=partial(credentials.another, os.environ, key),
        )
        if self.pipelines:
            heroku.pipelines.update(self.pipelines)
        self.terminal.stderr.silence = heroku.seconds_waiting
        return heroku

    def app(self, option: str | None) -> App:
        """The app, by its name: files, locks and settings know no other."""
        found = target.resolve_app(
            option=option,
            environ=os.environ.get(credentials.APP_VARIABLE),
            dotenv=lambda: self.dotenv().app,
            settings=self.settings,
            remotes=self._remotes,
        )
        return found._replace(name=self.app_name(found.name))

    def target(self, named: str | None) -> App:
        """The app as `app` has it, or the stage that was named, which `options.targets` checked."""
        if named is None or not is_stage(named):
            return self.app(named)
        return target.App(self.app_name(named), is_explicit=True)

    def apps(self, named: Sequence[str]) -> list[str]:
        """The apps that were named, each once, or the targets of the settings.

        By their names. Where those list no apps, the one that is meant; stages may be alone.
        """
        given = [target.checked_app(name, "--app") for name in named]
        if names := [*dict.fromkeys(self.app_name(name) for name in given)]:
            return names
        apps = list(self.settings.apps)
        with suppress(*[NoApp] if self.settings.stages else []):
            apps = apps or [self.app(None).name]
        return [*apps, *self.settings.stages]

    def app_name(self, app: str) -> str:
        """The name of what was given by an id, which takes a request; or what was given."""
        if is_stage(app):
            return self._stage_name(app)
        if not APP_ID.fullmatch(app):
            return app
        name = self.heroku().app_name(app)
        self.terminal.note(f"{app} is {name}")
        return name

    def _stage_name(self, stage: str) -> str:
        """The id stays where the settings have it, or where the pipeline has no name to be told."""
        pipeline, _, which = stage.rpartition("/")
        is_id = APP_ID.fullmatch(pipeline) and stage not in self.settings.stages
        name = self.heroku().pipeline_name(pipeline) if is_id else None
        if name is None:
            return stage
        self.pipelines[name] = pipeline
        self.terminal.note(f"{pipeline} is {name}")
        return f"{name}/{which}"

    def app_of(self, source: Source) -> str:
        """The app whose text this is: the first one in the settings, or the one that is meant."""
        return next(iter(self.owners(source)), None) or self.app(None).name

    def sources(self, option: str | None, app: str) -> Sources:
        """What declares an app; see `target.resolve_sources`."""
        return target.resolve_sources(
            option=option, app=app, settings=self.settings, root=self.root
        )

    def sources_if_any(self, option: str | None, app: str) -> Sources | DeployError:
        """The same, or why there are none; for one of many apps."""
        try:
            return self.sources(option, app)
        except DeployError as error:
            return error

    def lock(self, sources: Sources, app: str) -> Path | None:
        """Where the lock of an app is, if what declares it can have one."""
        has_one = lock_place.has_lock(sources, app, self.settings, self.root)
        return self.lock_path(app) if has_one else None

    def lock_path(self, app: str) -> Path:
        """Where the lock of an app of the settings belongs."""
        found = self.lock_paths().get(app)
        return found or lock_place.lock_path(app, self.settings, self.root)

    def is_missing(self, source: Source) -> bool:
        """Whether there is no such file, or no such program."""
        return self.texts.is_missing(source.program) if source.program else is_missing(source)

    def run_programs(self, found: Iterable[Sources]) -> None:
        """Run all programs that print a layer, side by side; `declared` then has what they said."""
        programs = [source.program for each in found for source in each.layers]
        self.texts.run([each for each in programs if each], self.terminal.progress)

    def examples(self, lock: Path | None) -> Callable[[], frozenset[str]]:
        """The names in `.env.example` and in a lock, where somebody asks for them."""
        return partial(files.example_names, self.root, lock)

    def layer(
        self, source: Source, if_missing: Callable[[Source], str] | None = None
    ) -> Layer | DeployError:
        """One text, or why it cannot be had."""
        try:
            return self.texts.layer(source)
        except DeployError as error:
            if if_missing and is_missing(source):
                error.next_step = if_missing(source)
            return error

    def declared(
        self, sources: Sources, if_missing: Callable[[Source], str] | None = None
    ) -> Declaration:
        """What is declared, read. The caller shows its warnings, once it is known which matter.

        `if_missing` says what to do where there is no such file at the top; `config.pull` makes no
        other. Raises what is wrong with all of the layers: BadLayers, where it is more than one.
        """
        found = [
            self.layer(source, if_missing if source == sources.top else lambda _: MAKE_LAYER)
            for source in sources.layers
        ]
        if errors := [each for each in found if isinstance(each, DeployError)]:
            raise errors[0] if len(errors) == 1 else BadLayers(errors)
        return Declaration(tuple(each for each in found if isinstance(each, Layer)))

    def revealed(self, patterns: Sequence[str] | None = None) -> Reveal:
        """Which values are shown, by the settings and `--reveal`; never by a pattern in CI."""
        in_ci = self.terminal.in_ci
        if in_ci and any(set(pattern) & set("*?") for pattern in patterns or ()):
            self.terminal.note(
                "warning: in CI --reveal takes exact names alone; patterns show nothing"
            )
        return Reveal((*self.settings.reveal, *(patterns or ())), exact_only=in_ci)

    def warn_of_unmatched(self, reveal: Reveal, names: Collection[str]) -> None:
        """Say which `--reveal` shows nothing, since no var has that name."""
        for pattern in reveal.patterns[len(self.settings.reveal) :]:
            if not any(Reveal((pattern,)).chooses(name) for name in names):
                # What is no name, nor a pattern of one, may be a value that landed here.
                is_name = all(char.isupper() or char in "_*?" for char in pattern)
                shown = f" {pattern}" if is_name else ""
                self.terminal.note(f"warning: --reveal{shown} matches no var")

    def warn(self, found: Mapping[str, Iterable[Complaint]]) -> None:
        """Show the warnings about each text."""
        for source, warnings in found.items():
            for warning in joined(warnings):
                self.terminal.note(f"warning: {source}: {warning}")

    def _remotes(self) -> Remotes:
        from ..project.remotes import remotes  # noqa: PLC0415  # the last place looked at

        return remotes(self.root)
