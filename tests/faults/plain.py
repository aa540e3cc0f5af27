"""Stories that are not drawn: small, and nothing goes wrong in them of itself."""

from .story import APP, FILE, Call, Fault, Story

KEY = "HRKU-0123456789abcdef"
LIVE, DECLARED, DATABASE = "live/0123456789", 'decl"9876543210', "postgres://u:pass0123@host/db"
LOCK_KEY = "ab" * 32

SYNC: dict[str, object] = {
    "app": [APP],
    "file": None,
    "only": [],
    "prune": False,
    "expect": None,
    "confirm": [APP],
    "yes": True,
    "force": True,
    "dry_run": False,
    "reveal": [],
    "no_wait": False,
    "wait": None,
    "format": "text",
}
DRIFT: dict[str, object] = {
    "app": [APP],
    "file": None,
    "lock": False,
    "no_blame": False,
    "format": "json",
}
PULL: dict[str, object] = {
    "app": APP,
    "file": None,
    "prune": False,
    "owned": False,
    "confirm": FILE,
    "yes": True,
    "dry_run": False,
}
ROLLBACK: dict[str, object] = {
    "app": APP,
    "to": "v1",
    "only": [],
    "restore": [],
    "confirm": APP,
    "force": True,
    "dry_run": False,
    "reveal": [],
    "no_wait": False,
    "wait": None,
    "format": "text",
}
HISTORY: dict[str, object] = {"app": APP, "name": [], "limit": "9", "format": "json"}


def story(task: str, options: dict[str, object], *faults: Fault) -> Story:
    """The app has v1, v2 with LEVEL and OLD, v3 with the add-on; the file has LEVEL and NEW."""
    return Story(
        seed=0,
        releases=({"LEVEL": LIVE, "OLD": "old-0123456789", "IGNORED_ONE": "ignored-012345"},),
        addons=(("DATABASE", {"DATABASE_URL": DATABASE}, APP),),
        declared={"LEVEL": DECLARED, "NEW": "new-9876543210", "CONFIG_LOCK_KEY": LOCK_KEY},
        key=KEY,
        provided=(),
        has_lock=False,
        calls=(Call(task, options),),
        faults=faults,
        spare=("spare-0123456789",) * 4,
    )


STORIES = {
    "sync": story("sync", SYNC),
    "json": story("sync", {**SYNC, "format": "json"}),
    "drift": story("drift", DRIFT),
    "pull": story("pull", PULL),
    "edited": story("pull", PULL, Fault("edit", 0, "vars", 1, "before")),
    "rollback": story("rollback", ROLLBACK),
    "history": story("history", HISTORY),
}
