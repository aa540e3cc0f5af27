"""Names that have a value on a dyno though nobody declares them."""

from __future__ import annotations

PLATFORM = frozenset(
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
LOADER = frozenset(
    # What decides which programs and libraries start: POSIX, and ld.so(8). Not all of LD_…: an SDK
    # of LaunchDarkly is told its key by LD_SDK_KEY.
    {"PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "LD_AUDIT", "LD_BIND_NOT", "LD_BIND_NOW", "LD_DEBUG"}
    | {"LD_ASSUME_KERNEL", "LD_DEBUG_OUTPUT", "LD_DYNAMIC_WEAK", "LD_HWCAP_MASK", "LD_ORIGIN_PATH"}
    | {"LD_PREFER_MAP_32BIT_EXEC", "LD_PROFILE", "LD_PROFILE_OUTPUT", "LD_SHOW_AUXV", "LD_VERBOSE"}
    | {"LD_POINTER_GUARD", "LD_TRACE_LOADED_OBJECTS", "LD_USE_LOAD_BIAS", "LD_WARN"}
)


def by_whom(name: str) -> str:
    """What sets a name that is better not declared; empty where nothing does.

    What Heroku's documentation tells people to set (TZ, LANG, WEB_CONCURRENCY, NODE_ENV) is free.
    """
    if name in LOADER:
        return "decides which programs and libraries start on a dyno"
    if name in PLATFORM:
        return "is set by the platform on each dyno"
    return "is set by the shell on each dyno" if name in SHELL else ""
