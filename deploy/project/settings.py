"""The `heroku:` part of Invoke's configuration, checked and typed.

A typo must not drop `ignore:` before a prune, so nothing unknown passes.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from types import MappingProxyType
from typing import NamedTuple

from ..errors import BadSettings, Complaint, first
from ..names import APP_NAME, LIVE_NAME
from . import layers
from .layers import Layer
from .policy import Policy

SECTION = "heroku"
WORKERS = 16
MAX_WORKERS = 64
FROM_SECONDS = 60
MAX_FROM_SECONDS = 3600
EXAMPLE = ".env.example"
RULES = (
    "syntax",
    "placeholder",
    "ignored",
    "permissions",
    "parity",
    "hardcoded",
    "references",
    "shared",
    "lock",
)
"""The names of the rules; each has a module of its own under `checks`."""
HISTORY = "history"
"""What is found in the past, where somebody asks for it."""
NAME_PATTERN = re.compile(r"[A-Za-z0-9_.:*?-]+")
"""A name, or a shell pattern of names: `*` for any letters, `?` for one."""


class Accept(NamedTuple):
    """Findings that somebody accepts: those of a rule, in files that fit a pattern."""

    rule: str
    pattern: str


class Settings(NamedTuple):
    """What the project's `invoke.yaml` says."""

    apps: Mapping[str, tuple[Layer, ...]] = MappingProxyType({})
    """The layers of each app, the topmost last."""
    policy: Policy = Policy()
    reveal: tuple[str, ...] = ()
    workers: int = WORKERS
    accept: tuple[Accept, ...] = ()
    from_seconds: int = FROM_SECONDS
    """How long a program may take that prints a layer."""
    stages: Mapping[str, tuple[Layer, ...]] = MappingProxyType({})
    """The same of each stage of a pipeline, `my-pipeline/review`."""

    @property
    def targets(self) -> Mapping[str, tuple[Layer, ...]]:
        """All that is compared and written to: the apps, and behind them the stages."""
        return {**self.apps, **self.stages} if self.stages else self.apps


def read(config: Mapping[str, object], *, known: Collection[str] = ()) -> Settings:
    """Read Invoke's whole configuration, plain mappings and lists all through.

    `known` are the top-level keys that are Invoke's own. Any other key may belong to someone else,
    unless it nearly reads `heroku` or is one of ours. Raises BadSettings with every complaint.
    """
    complaints = _misplaced(config, known)
    section = config.get(SECTION) or {}
    if not isinstance(section, Mapping):
        raise BadSettings("settings", [*complaints, Complaint(f"{SECTION}: must be a mapping")])
    complaints += [
        Complaint(f"{SECTION}: unknown setting {_shown(key)}{_nearest(key)}")
        for key in section
        if key not in _KEYS
    ]
    apps = _apps(section.get("apps"), complaints)
    stages = _stages(section.get("stages"), complaints)
    ignore = _names(section, "ignore", NAME_PATTERN, complaints)
    reveal = _names(section, "reveal", NAME_PATTERN, complaints)
    provided = _names(section, "provided", LIVE_NAME, complaints)
    encrypted = _names(section, "encrypted", NAME_PATTERN, complaints)
    workers = _number(section, "workers", WORKERS, MAX_WORKERS, complaints)
    seconds = _number(section, "from_seconds", FROM_SECONDS, MAX_FROM_SECONDS, complaints)
    accept = _accept(section, complaints)
    if complaints:
        raise BadSettings("settings", first(complaints))
    policy = Policy(ignore, frozenset(provided), encrypted)
    return Settings(apps, policy, reveal, workers, accept, seconds, stages)


_KEYS = (
    *("apps", "ignore", "provided", "encrypted", "reveal", "workers", "accept", "from_seconds"),
    "stages",
)


def _number(
    section: Mapping[str, object], key: str, otherwise: int, most: int, complaints: list[Complaint]
) -> int:
    value = otherwise if section.get(key) is None else section[key]
    if type(value) is int and 1 <= value <= most:
        return value
    complaints.append(Complaint(f"{SECTION}.{key}: must be a number from 1 to {most}"))
    return otherwise


def _misplaced(config: Mapping[str, object], known: Collection[str]) -> list[Complaint]:
    """The section misspelled, or its keys not indented: either way nothing would be ignored."""
    keys = [key for key in config if isinstance(key, str) and key not in {SECTION, *known}]
    near = [key for key in keys if get_close_matches(key.lower(), [SECTION], cutoff=0.7)]
    ours = [key for key in keys if key in _KEYS]
    return [
        *(Complaint(f"unknown top-level key {_shown(k)}: did you mean {SECTION}?") for k in near),
        *(
            Complaint(f"{k} stands at the top level: indent it, so that it is part of {SECTION}:")
            for k in ours
        ),
    ]


def _nearest(key: object) -> str:
    near = get_close_matches(str(key).lower(), _KEYS, n=1, cutoff=0.5)
    return f": did you mean {near[0]}?" if near else f" (there are {', '.join(_KEYS)})"


def _apps(value: object, complaints: list[Complaint]) -> dict[str, tuple[Layer, ...]]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        complaints.append(Complaint(f"{SECTION}.apps: must map the names of apps to their files"))
        return {}
    apps = {}
    for app, options in value.items():
        is_name = isinstance(app, str) and APP_NAME.fullmatch(app)
        where = f"{SECTION}.apps.{app if is_name else _shown(app)}"
        if not is_name:
            complaints.append(Complaint(f"{where}: not the name of a Heroku app"))
            continue
        found = layers.read(options, where)
        if isinstance(found, list):
            complaints += found
        else:
            apps[app] = found
    return apps


def _stages(value: object, complaints: list[Complaint]) -> dict[str, tuple[Layer, ...]]:
    if value is None:
        return {}
    from . import stage  # noqa: PLC0415  # few settings have stages

    found, wrong = stage.read(value, f"{SECTION}.stages")
    complaints += wrong
    return found


def _accept(section: Mapping[str, object], complaints: list[Complaint]) -> tuple[Accept, ...]:
    found = []
    for item in _items(section, "accept", complaints):
        rule, _, pattern = item.partition(" ") if isinstance(item, str) else ("", "", "")
        if rule in (*RULES, HISTORY) and pattern.strip():
            found.append(Accept(rule, pattern.strip()))
        else:
            reason = "must be a rule and a pattern of paths, such as hardcoded tests/data/*"
            complaints.append(Complaint(f"{SECTION}.accept: {_shown(item)} {reason}"))
    return tuple(found)


def _names(
    section: Mapping[str, object], key: str, pattern: re.Pattern[str], complaints: list[Complaint]
) -> tuple[str, ...]:
    names = _items(section, key, complaints)
    complaints += (
        Complaint(f"{SECTION}.{key}: {_shown(name)} is not the name of a var")
        for name in names
        if not isinstance(name, str) or not pattern.fullmatch(name)
    )
    return tuple(name for name in names if isinstance(name, str))


def _items(
    section: Mapping[str, object], key: str, complaints: list[Complaint]
) -> Sequence[object]:
    value = section.get(key)
    if value is None or isinstance(value, list | tuple):
        return value or ()
    complaints.append(Complaint(f"{SECTION}.{key}: must be a list"))
    return ()


def _shown(key: object) -> str:
    """A key as it may be printed: someone may have put a value where a name belongs."""
    is_word = isinstance(key, str) and re.fullmatch(r"[A-Za-z_.-]{1,30}", key)
    return str(key) if is_word else "(not shown)"
