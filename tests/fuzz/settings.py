"""Settings: any mapping is taken as it is meant or refused, and nothing that is no word is told."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from deploy.errors import BadSettings
from deploy.project import settings
from deploy.project.layers import DEFAULT_FILE as DEFAULT
from deploy.project.layers import Program

if TYPE_CHECKING:
    from random import Random

CANARY = "c4n4ry 5ecret"
"""Somebody's value, where a name belongs."""

_OURS = ("apps", "ignore", "provided", "encrypted", "reveal", "workers", "accept", "stages")
_OURS += ("from_seconds",)
_KEYS = (
    *_OURS,
    *_OURS,
    "aps",
    "Ignore",
    "herok",
    "file",
    "files",
    CANARY,
    "",
    "myapp",
    None,
    1,
    True,
)
_WORDS = (
    *("A", "A_*", "2FA_X", "kpi.url", "a b", "", "é", "hardcoded tests/*", "syntax x", "hardcoded"),
    *(
        "hardcoded  ",
        ".env.production",
        "/",
        "a\0b",
        "A\n",
        "\x1b[2J",
        "##[x",
        CANARY,
        f"x {CANARY}",
    ),
)
_ATOMS = (
    None,
    True,
    False,
    0,
    1,
    16,
    64,
    65,
    -1,
    1.5,
    float("nan"),
    10**40,
    date.min,
    b"x",
)
_APPS = ("myapp", "my-app-2", "MyApp", "a", "", "-x", "x" * 31, CANARY, None, 7)
_STAGES: tuple[object, ...] = (
    *("p/review", "My Pipe/test", "p/production", "p", "/review", "p/", "a/b/test", "-p/test"),
    *(CANARY, f"{CANARY}/nosuch", "$(id)/test", None, 7),
)


def example(choose: Random) -> dict[object, object]:
    section: object = {choose.choice(_KEYS): _any(choose, 3) for _ in range(choose.randrange(4))}
    assert isinstance(section, dict)
    for key in choose.sample(_OURS, choose.randrange(5)):
        section[key] = _likely(choose, key)
    if choose.random() < 0.05:
        section = _any(choose, 2)
    whole: dict[object, object] = {"heroku": section}
    if choose.random() < 0.2:
        whole[choose.choice(_KEYS)] = _any(choose, 2)
    return whole


def _likely(choose: Random, key: str) -> object:
    if choose.random() < 0.1:
        return _any(choose, 2)
    if key in ("workers", "from_seconds"):
        return choose.choice((1, 16, 64, 0, 65, None, True))
    if key not in {"apps", "stages"}:
        return [choose.choice(_WORDS) for _ in range(choose.randrange(4))]
    files: tuple[object, ...] = (
        {"file": ".env.x"},
        {},
        None,
        {"file": ""},
        {"file": None},
        {"file": 1},
        {"fil": "x"},
        [],
        {"file": [".env.x", ".env.y"]},
        {"file": [CANARY, CANARY]},
        {"file": ["a\x1b[2J", "a\x1b[2J"]},
        {"file": []},
        {"file": [1]},
        {"from": ["sops", CANARY]},
        {"from": "sops"},
        {"from": []},
        {"file": "x", "from": ["y"]},
        {"file": [".env.x", {"from": ["sops", "x"]}]},
        {"file": [{"file": "x"}]},
    )
    names: tuple[object, ...] = _APPS if key == "apps" else _STAGES
    return {choose.choice(names): choose.choice(files) for _ in range(choose.randrange(3))}


def _any(choose: Random, depth: int) -> object:
    kind = choose.randrange(6 if depth else 3)
    if kind < 2:
        return choose.choice(_WORDS)
    if kind == 2:
        return choose.choice(_ATOMS)
    if kind == 3:
        return [_any(choose, depth - 1) for _ in range(choose.randrange(4))]
    return {choose.choice(_KEYS): _any(choose, depth - 1) for _ in range(choose.randrange(4))}


def check(config: dict[object, object]) -> None:
    try:
        found = settings.read(config, known=("run", "tasks"))  # type: ignore[arg-type]  # YAML
    except BadSettings as error:
        assert error.complaints, "refused without a word"
        assert "c4n4ry" not in str(error), str(error)
        assert all(line.isprintable() for line in str(error).split("\n")), ascii(str(error))
        return
    section = config["heroku"] or {}
    assert isinstance(section, dict)
    assert section.keys() <= set(_OURS), "an unknown key is taken"
    assert not set(_OURS) & config.keys(), "a key of ours at the top level is taken"
    assert type(found.workers) is int, found.workers
    assert 1 <= found.workers <= 64
    assert type(found.from_seconds) is int, found.from_seconds
    assert 1 <= found.from_seconds <= 3600
    assert list(found.policy.ignore) == list(section.get("ignore") or ())
    assert found.policy.provided == set(section.get("provided") or ())
    assert list(found.policy.encrypted) == list(section.get("encrypted") or ())
    assert list(found.reveal) == list(section.get("reveal") or ())
    assert len(found.accept) == len(section.get("accept") or ())
    names = [*found.policy.ignore, *found.policy.provided, *found.policy.encrypted, *found.reveal]
    assert all(re.fullmatch(r"[A-Za-z0-9_.:*?-]+", name) for name in names), names
    _check_apps(found, section.get("apps") or {})
    assert found.stages.keys() == (section.get("stages") or {}).keys()
    assert set(found.stages) <= {"p/review", "My Pipe/test"}, "no stage is taken for one"
    assert (".env.production",) not in found.stages.values(), "a stage has production's file"


def _check_apps(found: settings.Settings, told: object) -> None:
    assert isinstance(told, dict)
    assert found.apps.keys() == told.keys()
    for app, layers in found.apps.items():
        assert re.fullmatch(r"[a-z][a-z0-9-]{1,28}[a-z0-9]", app), app
        options = told[app] or {}
        asked = [{"from": options["from"]}] if "from" in options else options.get("file", DEFAULT)
        asked = asked if isinstance(asked, list) else [asked]
        meant = tuple(
            Program(tuple(each["from"])) if isinstance(each, dict) else each for each in asked
        )
        assert layers == meant
        words = [
            word for each in layers for word in (each.argv if isinstance(each, Program) else [each])
        ]
        assert words, "an app without a layer"
        assert all(isinstance(word, str) and word and "\0" not in word for word in words)
        assert len(set(layers)) == len(layers), "a layer stands there twice"
