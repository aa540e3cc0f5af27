"""What each library reads, held against the library: each var is taken away in turn."""

import os
import warnings
from collections.abc import Iterator

import pytest

from deploy.project.code.python import PythonFile, reads

PROGRAMS = {
    "os": """
import os
a = os.environ["A"]
b = os.environ.get("B")
c = os.getenv("C", "x")
d = os.environ.pop("D")
e = os.environ.pop("E", None)
f = "F" in os.environ
os.environ.setdefault("G", "1")
h = os.environ["H"] if "H" in os.environ else None
i = os.path.expandvars("$I/${J}")
""",
    "functions": """
import os
def env(name, default=None):
    return os.environ.get(name, default)
def need(name):
    try:
        return os.environ[name]
    except KeyError:
        raise RuntimeError(name) from None
def either(name, default=None, required=False):
    found = os.environ.get(name, default)
    if required and found is None:
        raise RuntimeError(name)
    return found
def of_kind(name, kind=str):
    return kind(need(name))
get = lambda name, default="": os.getenv(name, default)
env("A"); env("B", 1); need("C"); need(name="D"); either("E"); get("F"); of_kind("G")
""",
    "django-environ": """
import environ
env = environ.Env(DEBUG=(bool, False), SCHEMED=str, LISTED=(list, []))
env("DEBUG"); env("SCHEMED"); env.list("LISTED"); env("A"); env("B", default=None)
env("B2", str, "x"); env.bool("C"); env.bool("D", False); env.str("E", default="x")
env.int("F", 5); env.list("G"); env.list("H", str, []); env.dict("I", default={}); env.url("J")
env.db(); env.db("K"); env.db("L", default="sqlite://"); env.cache("M"); env.cache(default="dummycache://")
env.email("N", default="consolemail://"); env.json("O", default={}); env.path("P", default="/x")
env.float("Q"); env.tuple("R"); env.db_url("S"); env.bytes("T", b""); env.get_value("U", str, "x")
""",
    "environs": """
from environs import Env
env = Env()
env("A"); env("B", "x"); env.bool("C"); env.bool("D", False); env.list("E"); env.list("F", [])
env.str("G", default="x"); env.int("H", None); env.json("I"); env.path("J"); env.url("K")
""",
    "python-decouple": """
from decouple import Config, RepositoryEmpty, config
config("A"); config("B", default="x"); config("C", 5, cast=int); config("D", cast=str)
other = Config(RepositoryEmpty())
other("E"); other.get("F", default=1)
""",
    "starlette": """
from starlette.config import Config
config = Config()
config("A"); config("B", cast=str, default="x"); config("C", str, "x"); config("D", str)
config.get("E"); config.get("F", default=None)
""",
    "dj-database-url": """
import dj_database_url
dj_database_url.config(); dj_database_url.config(env="A"); dj_database_url.config("B", default="sqlite://")
dj_database_url.config(default="sqlite://", conn_max_age=600)
""",
    "pydantic-settings": """
from typing import Annotated, ClassVar, Optional
from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="app_")
    kind: ClassVar[str] = "x"
    a: str
    b: str = "x"
    c: Optional[str]
    d: str | None = None
    e: str = Field(default="x")
    f: str = Field(default_factory=str)
    g: str = Field(...)
    h: str = Field(validation_alias="ALIASED")
    i: Annotated[str, Field(alias="ANNOTATED")]
    k: str = Field("x", validation_alias="OTHER")
class More(Settings):
    j: str
Settings(); More()
""",
    "pydantic-settings, exact": """
from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings
class Settings(BaseSettings, case_sensitive=True):
    a_b: str
    TOKEN: str
    one: str = Field(validation_alias=AliasChoices("ONE", "UNO"))
Settings()
""",
}
VALUES = {
    **dict.fromkeys(("DATABASE_URL", "A_URL"), "sqlite://"),
    **dict.fromkeys(("C", "DEBUG", "D"), "1"),
    **dict.fromkeys(("F", "H", "Q"), "5"),
    "I": "a=1",
}
OF_KIND = {
    ("django-environ", "K"): "sqlite://",
    ("django-environ", "L"): "sqlite://",
    ("django-environ", "S"): "sqlite://",
    ("django-environ", "M"): "dummycache://",
    ("django-environ", "CACHE_URL"): "dummycache://",
    ("django-environ", "N"): "consolemail://",
    ("django-environ", "O"): "{}",
    ("django-environ", "J"): "https://acme.io",
    ("environs", "I"): "{}",
    ("environs", "K"): "https://acme.io",
    ("dj-database-url", "A"): "sqlite://",
    ("dj-database-url", "B"): "sqlite://",
}


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def runs(program: str, environ: dict[str, str]) -> bool:
    """Whether it ends well where nothing else is set."""
    os.environ.clear()
    os.environ.update(environ)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(PROGRAMS[program], {"__name__": "program"})  # noqa: S102  # each is ours
    except Exception:
        return False
    return True


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_fails_exactly_where_a_required_name_is_missing(program: str) -> None:
    found = reads(PythonFile("app.py", PROGRAMS[program])).reads
    assert not any(each.obstacle for each in found)
    names = {name for each in found for name in (each.name, *each.instead) if name}
    full = {name: OF_KIND.get((program, name), VALUES.get(name, "x")) for name in names}
    assert runs(program, full)
    for taken in sorted(names):
        left = {name: value for name, value in full.items() if name != taken}
        said = [each for each in found if each.name == taken and each.is_required]
        is_fatal = any(not set(each.instead) & left.keys() for each in said)
        assert runs(program, left) is not is_fatal, taken


def test_without_all_that_would_do_a_program_fails() -> None:
    assert not runs("pydantic-settings, exact", {"a_b": "x", "TOKEN": "x"})
    assert runs("pydantic-settings, exact", {"a_b": "x", "TOKEN": "x", "UNO": "x"})
