"""What the names of libraries stand for, as far as they read the environment.

Whether a read fails where nothing is set was looked up in each library's own code: `os` (its
documentation), django-environ (`environ/environ.py`), environs (`environs/__init__.py`),
python-decouple (`decouple.py`), Starlette (`starlette/config.py`), dj-database-url
(`dj_database_url/__init__.py`) and django-heroku (`django_heroku/core.py`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class How(NamedTuple):
    """How a call reads: where its name and its default stand, and whether it fails without."""

    default_at: int | None = None
    """The place of a default among the arguments, if it may stand there."""
    is_asked: bool = False
    """Nothing fails where the name is not set."""
    own: str = ""
    """The name that is read where none is given."""
    name_at: int | None = 0
    """The place of the name among the arguments."""
    names: tuple[str, ...] = ("key",)
    """What the name is called as a keyword."""
    defaults: tuple[str, ...] = ("default",)
    """And a default."""
    is_of_class: bool = False
    """It may be prefixed, or have its defaults where it was made."""


class Settings(NamedTuple):
    """How a class reads its fields: as pydantic of this version; no prefix that is computed."""

    version: int
    prefix: str | None = ""
    is_exact: bool = False
    """Whether the case of a name counts; else it is in capitals here."""


class Thing(NamedTuple):
    """What a name in code stands for."""

    members: Mapping[str, Thing] = MappingProxyType({})
    reads: How | None = None
    """What a call of it reads."""
    item: bool = False
    """Whether `thing["X"]` reads, and `"X" in thing` asks."""
    makes: Thing | None = None
    """What a call of it returns."""
    sets_if_absent: bool = False
    """The call brings its own value: a read only where the answer is used."""
    settings: Settings | None = None
    """A class whose fields are read."""
    expands: bool = False
    """The call fills in the `$X` of a text."""


_ENVIRON = Thing(
    item=True,
    members={
        "get": Thing(reads=How(is_asked=True)),
        "pop": Thing(reads=How(default_at=1)),
        "setdefault": Thing(reads=How(is_asked=True), sets_if_absent=True),
    },
)
_GETENV = Thing(reads=How(is_asked=True))
_OS = Thing(
    members={
        **dict.fromkeys(("environ", "environb"), _ENVIRON),
        **dict.fromkeys(("getenv", "getenvb"), _GETENV),
        "path": Thing(members={"expandvars": Thing(expands=True)}),
    }
)


def _of_django(names: str, default_at: int, own: str = "") -> dict[str, Thing]:
    how = How(default_at=default_at, own=own, names=("var",), is_of_class=True)
    return dict.fromkeys(names.split(), Thing(reads=how))


_DJANGO_ENV = Thing(
    reads=How(default_at=2, names=("var",), is_of_class=True),
    members={
        **_of_django("bool bytes float int json path str unicode url", 1),
        **_of_django("dict get_value list tuple", 2),
        **_of_django("db db_url", 1, own="DATABASE_URL"),
        **_of_django("cache cache_url", 1, own="CACHE_URL"),
        **_of_django("email email_url", 1, own="EMAIL_URL"),
        **_of_django("search_url", 1, own="SEARCH_URL"),
        **_of_django("channels channels_url", 1, own="CHANNELS_URL"),
    },
)
_ENVIRONS_READ = Thing(
    reads=How(default_at=1, names=("name",), defaults=("default", "missing"), is_of_class=True)
)
_ENVIRONS_KINDS = (
    *("bool", "date", "datetime", "decimal", "dict", "dj_cache_url", "dj_db_url", "dj_email_url"),
    *("enum", "float", "int", "json", "list", "log_level", "path", "str", "time", "timedelta"),
    *("url", "uuid"),
)
_ENVIRONS_ENV = _ENVIRONS_READ._replace(members=dict.fromkeys(_ENVIRONS_KINDS, _ENVIRONS_READ))
_DECOUPLE_READ = Thing(reads=How(default_at=1, names=("option",)))
_DECOUPLE = _DECOUPLE_READ._replace(members={"get": _DECOUPLE_READ})
_STARLETTE_READ = Thing(reads=How(default_at=2, is_of_class=True))
_STARLETTE = Thing(
    makes=_STARLETTE_READ._replace(members={"get": _STARLETTE_READ}),
)
_DJ_URL = Thing(reads=How(is_asked=True, own="DATABASE_URL", names=("env",)))
_DJANGO_HEROKU = Thing(reads=How(is_asked=True, own="DATABASE_URL", name_at=None))

MODULES: Mapping[str, Thing] = {
    "os": _OS,
    "environ": Thing(
        members={"Env": Thing(makes=_DJANGO_ENV), "FileAwareEnv": Thing(makes=_DJANGO_ENV)}
    ),
    "environs": Thing(members={"Env": Thing(makes=_ENVIRONS_ENV), "env": _ENVIRONS_ENV}),
    "decouple": Thing(
        members={
            "config": _DECOUPLE,
            "Config": Thing(makes=_DECOUPLE),
            "AutoConfig": Thing(makes=_DECOUPLE),
        }
    ),
    "starlette.config": Thing(members={"Config": _STARLETTE}),
    "dj_database_url": Thing(members={"config": _DJ_URL}),
    "django_heroku": Thing(members={"settings": _DJANGO_HEROKU}),
    "django_on_heroku": Thing(members={"settings": _DJANGO_HEROKU}),
    "pydantic": Thing(members={"BaseSettings": Thing(settings=Settings(1))}),
    "pydantic.v1": Thing(members={"BaseSettings": Thing(settings=Settings(1))}),
    "pydantic_settings": Thing(members={"BaseSettings": Thing(settings=Settings(2))}),
}
CLUES = (
    *("environ", "environb", "getenv", "getenvb", "expandvars", "environs", "decouple"),
    *("starlette.config", "dj_database_url", "django_heroku", "django_on_heroku"),
    "BaseSettings",
)
"""What a file holds that reads the environment by one of these."""
