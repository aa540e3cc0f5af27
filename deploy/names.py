r"""The names of vars, apps and stages: which there can be, what they mean, how one is shown.

A name may come from outside and be anything. Heroku's schema has `\w+` for one, and apps have names
with a dot or a dash. Any other is shown in quotes, escaped and cut, and stands in no command that
could be pasted: a runner of a CI job obeys a line that begins with `::`, a name that begins with a
dash is an option, and one that is cut or cleaned is another name.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

APP_NAME = re.compile(r"[a-z][a-z0-9-]{1,28}[a-z0-9]")
"""Heroku's own pattern for the name of an app (schema, `app.name`); match it whole."""

APP_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
"""What Heroku takes in a name's place (schema, `app.identity`); match it whole."""

STAGES = ("review", "test", "development")
"""The stages of a pipeline that have config vars; those of the last one nobody has seen."""

VAR_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""The names a shell can export; the API alone would take more (schema: `\\w+`)."""

LIVE_NAME = re.compile(r"[A-Za-z0-9_.:-]+")
"""The names that apps do have, a dot or a leading digit included (xavdid/heroku-config#13)."""

LOCK_KEY = "CONFIG_LOCK_KEY"
"""The key of an app's lock; no prune takes it from the app, for no lock could be read then."""

PLATFORM_PREFIX = "HEROKU_"
"""Advised against, and yet people set such names (HEROKU_API_KEY); Dev Center, "Config Vars"."""

PLATFORM_NAMES = frozenset(
    # Dev Center, "Heroku Labs: Dyno Metadata".
    {"HEROKU_APP_DEFAULT_DOMAIN_NAME", "HEROKU_APP_ID", "HEROKU_APP_NAME", "HEROKU_DYNO_ID"}
    | {"HEROKU_BUILD_COMMIT", "HEROKU_BUILD_DESCRIPTION"}
    | {"HEROKU_RELEASE_CREATED_AT", "HEROKU_RELEASE_VERSION"}
    | {"HEROKU_SLUG_COMMIT", "HEROKU_SLUG_DESCRIPTION"}
    # Dev Center, "Review Apps" (injected environment variables).
    | {"HEROKU_BRANCH", "HEROKU_PARENT_APP_NAME", "HEROKU_PR_NUMBER"}
    # Dev Center, "Heroku CI" (immutable environment variables).
    | {"HEROKU_TEST_RUN_BRANCH", "HEROKU_TEST_RUN_COMMIT_VERSION", "HEROKU_TEST_RUN_ID"}
)
"""What the platform itself sets; any other name is its user's, unless an attachment claims it."""

# Names that have a value on a dyno though nobody declares them.

DYNO = frozenset(
    # By the dyno (Dev Center, "Dyno Startup Behavior") and the build (Buildpack API).
    {"DYNO", "PORT", "SOURCE_VERSION", "STACK"}
    # By .profile.d of Heroku's buildpacks for Python and Node.js.
    | {"DYNO_RAM", "LIBRARY_PATH", "MEMORY_AVAILABLE", "NODE_HOME", "PYTHONHOME"}
)
SHELL = frozenset(
    # By a system, a shell or a terminal (POSIX, XBD 8; bash(1), "Shell Variables").
    {"BASH_ENV", "COLUMNS", "HOME", "HOSTNAME", "IFS", "LINES", "LOGNAME", "OLDPWD", "PS1", "PS4"}
    | {"PWD", "SHELL", "SHLVL", "TERM", "USER"}
)
PROFILE = frozenset({"LANG", "PYTHONPATH", "PYTHONUNBUFFERED", "WEB_CONCURRENCY", "WEB_MEMORY"})
"""What .profile.d of Heroku's buildpacks sets where an app does not."""
LOADER = frozenset(
    # What decides which programs and libraries start: POSIX, and ld.so(8). Not all of LD_…: an SDK
    # of LaunchDarkly is told its key by LD_SDK_KEY.
    {"PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "LD_BIND_NOT", "LD_BIND_NOW", "LD_DEBUG"}
    | {"LD_ASSUME_KERNEL", "LD_DEBUG_OUTPUT", "LD_DYNAMIC_WEAK", "LD_HWCAP_MASK", "LD_ORIGIN_PATH"}
    | {"LD_PREFER_MAP_32BIT_EXEC", "LD_PROFILE", "LD_PROFILE_OUTPUT", "LD_SHOW_AUXV", "LD_VERBOSE"}
    | {"LD_POINTER_GUARD", "LD_TRACE_LOADED_OBJECTS", "LD_USE_LOAD_BIAS", "LD_WARN"}
)


def set_by(name: str) -> str:
    """What sets a name that is better not declared; empty where nothing does.

    What Heroku's documentation tells people to set (TZ, LANG, WEB_CONCURRENCY, NODE_ENV) is free.
    """
    if name in LOADER:
        return "decides which programs and libraries start on a dyno"
    if name in DYNO:
        return "is set by the platform on each dyno"
    return "is set by the shell on each dyno" if name in SHELL else ""


# What is compared and written to: an app, or a stage of a pipeline, `my-pipeline/review`.


def is_stage(target: str) -> bool:
    """Whether this names a stage: the name of an app has no slash."""
    return "/" in target


def options_of(target: str) -> str:
    """What names an app, or a stage, in a command that can be pasted."""
    if not is_stage(target):
        return f"--app {target}"
    from shlex import quote  # noqa: PLC0415  # most are apps

    pipeline, _, stage = target.rpartition("/")
    return f"--pipeline {quote(pipeline)} --stage {stage}"


def counted(targets: Collection[str], other: str = "", digits: str = "") -> str:
    """How many apps and stages these are: `3 apps`, or `1 app, 2 stages`.

    `other` stands ahead of each word, and `digits` is how Python is to format a number.
    """
    stages = sum(map(is_stage, targets))
    apps = len(targets) - stages
    found = {"app": apps, "stage": stages}
    told = {each: count for each, count in found.items() if count or (each == "app" and not stages)}
    parts = (f"{n:{digits}} {other}{each}{'' if n == 1 else 's'}" for each, n in told.items())
    return ", ".join(parts)


def kinds_of(targets: Iterable[str]) -> str:
    """What one of them is one of: `apps`, `stages`, or `apps and stages`."""
    found = [*map(is_stage, targets)]
    if not any(found):
        return "apps"
    return "stages" if all(found) else "apps and stages"


def joined(targets: Iterable[str]) -> str:
    """Apps and stages in a sentence, sorted; their names were checked."""
    return ", ".join(sorted(targets))


# How a name is shown.

_PLAIN = r"(?!-|.*::)[\w.:-]{1,256}"
_CUT = 80
"""Characters that are shown of another one."""


def is_plain(name: str) -> bool:
    return re.fullmatch(_PLAIN, name) is not None


def shown(name: str) -> str:
    """The name, or in quotes what can be shown of it."""
    if is_plain(name):
        return name
    quoted = json.dumps(name[:_CUT], ensure_ascii=False)
    text = "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in quoted)
    return text if len(name) <= _CUT else f'{text[:-1]}…"'


_MOST = 6
"""Apps that are named; more are counted."""


def apps_listed(apps: Collection[str]) -> str:
    """Apps and stages in a sentence, sorted, or how many there are."""
    return joined(apps) if len(apps) <= _MOST else counted(apps)


def listed(names: Iterable[str]) -> str:
    """Names in a sentence, sorted."""
    return ", ".join(shown(name) for name in sorted(names))
