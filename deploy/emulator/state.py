"""Everything the emulated platform holds: its apps, who may reach them, and its settings.

Access is decided here and only here; what an allowed request does, by `endpoints`.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Literal

from .answers import (
    forbidden,
    forbidden_pipeline,
    not_found,
    not_served,
    out_of_scope,
    rate_limited,
    unauthorized,
)
from .app import App
from .facts import OWNER, Authorization, identifier
from .pipelines import Pipeline

Standing = Literal["good", "delinquent", "suspended", "two_factor"]
"""Whether Heroku serves an account, or what it asks of it first."""
BUCKET = 4500
_COVERS = {
    "global": frozenset({"global", "read", "read-protected", "write", "write-protected"}),
    "write-protected": frozenset({"read", "read-protected", "write", "write-protected"}),
    "read-protected": frozenset({"read", "read-protected"}),
    "write": frozenset({"read", "write"}),
    "read": frozenset({"read"}),
}


class Platform:
    """The state behind the API. Its plain attributes may be set at any time.

    `rate_limit_remaining` goes down by one a request and is never refilled; at 0 a request
    gets 429. `warn` is sent as the header Warning-Message, unless an answer has a warning of
    its own. `inclusion` False makes the platform ignore the header Accept-Inclusion.
    `empty_patch_releases` True makes a PATCH without effect a release all the same. `plain_names`
    False takes names that the schema has no room for (`kpi.url`), as some apps hold them.
    `config_settings` False leaves out the page of config-vars-settings, which is newer than the
    published schema. `development_vars` False leaves the stage `development` of a pipeline without
    config vars, as nobody has seen it with any. `standing` is the account's. `clock` tells the time
    of what happens next.
    """

    def __init__(self) -> None:
        self.rate_limit_remaining = BUCKET
        self.warn: str | None = None
        self.inclusion = True
        self.empty_patch_releases = False
        self.plain_names = True
        self.config_settings = True
        self.development_vars = True
        self.standing: Standing = "good"
        self.clock: Callable[[], datetime] = _now
        self.lock = threading.RLock()
        self.pipelines: list[Pipeline] = []
        self.authorizations: list[Authorization] = []
        self._apps: dict[str, App] = {}
        self._revoked: set[str] = set()
        self._forbidden: set[tuple[str, str]] = set()
        self._forbidden_stages: set[tuple[str, str]] = set()
        self._scopes: dict[str, frozenset[str]] = {}

    def add_app(self, name: str, vars: Mapping[str, str] | None = None) -> App:  # noqa: A002
        """An app with the release v1, and with v2 if it begins with config vars."""
        with self.lock:
            if name in self._apps:
                raise ValueError(f"there is an app {name} already")
            app = App(name, vars, lock=self.lock, clock=self._time, user=OWNER)
            self._apps[name] = app
            return app

    def add_pipeline(self, name: str) -> Pipeline:
        """A pipeline; another team may have one of the same name."""
        with self.lock:
            count = sum(each.name == name for each in self.pipelines)
            id_ = identifier("pipeline", name, count) if count else ""
            pipeline = Pipeline(name, self._time(), id_)
            self.pipelines.append(pipeline)
            return pipeline

    def authorize(self, description: str, scopes: Iterable[str]) -> Authorization:
        """A key that is good from now on, within these scopes."""
        with self.lock:
            count = len(self.authorizations) + 1
            made = Authorization(
                id=identifier("authorization", count),
                token=f"HRKU-{identifier('token', count)}",
                description=description,
                scopes=tuple(scopes),
                created_at=self._time(),
            )
            self.authorizations.append(made)
            self.restrict(made.token, made.scopes)
            return made

    def app(self, name: str) -> App:
        with self.lock:
            return self._apps[name]

    def revoke(self, key: str) -> None:
        """Answer 401 to this key from now on."""
        with self.lock:
            self._revoked.add(key)

    def restrict(self, key: str, scopes: Iterable[str]) -> None:
        """Limit a key to OAuth scopes; a key not named here has `global`.

        Reading config vars needs `read-protected`, writing `write-protected`, any other read
        `read`. Each covers the weaker ones, and `global` covers all.
        """
        with self.lock:
            self._scopes[key] = frozenset(scopes)

    def forbid(self, key: str, app: str) -> None:
        """Answer 403 to this key wherever it names the app, and leave the app out of its lists."""
        with self.lock:
            self._forbidden.add((key, app))

    def forbid_stages(self, key: str, pipeline: str) -> None:
        """Answer 403 to this key for the vars of all stages of a pipeline, which it still sees."""
        with self.lock:
            self._forbidden_stages.add((key, pipeline))

    def check_stage(self, key: str, pipeline: str) -> None:
        """Raises 403 where a key may not use the vars of the stages of the pipeline of this id."""
        if (key, pipeline) in self._forbidden_stages:
            raise forbidden_pipeline()

    def authenticate(self, key: str | None) -> str:
        """The key that came with a request. Any is good until revoked; none is not."""
        if key is None or key in self._revoked:
            raise unauthorized()
        if self.standing != "good":
            raise not_served(self.standing)
        return key

    def spend(self) -> None:
        """Take one token of the rate limit. Raises 429 where none is left."""
        if self.rate_limit_remaining <= 0:
            raise rate_limited()
        self.rate_limit_remaining -= 1

    def scopes(self, key: str, scope: str) -> Mapping[str, str]:
        """The headers that tell what a key may do, and what any key may that can do this."""
        return {
            "Oauth-Scope": " ".join(sorted(self._scopes.get(key, {"global"}))),
            "Oauth-Scope-Accepted": " ".join(
                each for each, covered in _COVERS.items() if scope in covered
            ),
        }

    def allow(self, key: str, scope: str) -> None:
        """Raise 403 unless the key's scopes cover the one that is needed."""
        scopes = self._scopes.get(key)
        if scopes is not None and not any(scope in _COVERS.get(each, ()) for each in scopes):
            raise out_of_scope()

    def reach(self, key: str, identity: str) -> App:
        """The app of a name or id, as far as the key reaches. Raises 403 or 404."""
        for app in self._apps.values():
            if identity in {app.name, app.id}:
                if (key, app.name) in self._forbidden:
                    raise forbidden(app.name)
                return app
        raise not_found("app")

    def apps_of(self, key: str) -> Sequence[App]:
        return [app for app in self._apps.values() if (key, app.name) not in self._forbidden]

    def _time(self) -> str:
        return self.clock().astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _now() -> datetime:
    return datetime.now(timezone.utc)
