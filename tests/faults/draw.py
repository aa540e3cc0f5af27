"""Draws a story from a seed: the same seed, the same story."""

from random import Random

from .story import (
    ACTS,
    APP,
    BROKEN,
    ENDPOINTS,
    FILE,
    LOCK_KEY,
    SPOKEN,
    STOPS,
    SWITCHES,
    Call,
    Fault,
    Story,
)

NAMES = ("LEVEL", "TOKEN", "CACHE_TTL", "FEATURE", "MAIL_FROM", "SECRET_KEY", "OLD", "NEW", "EXTRA")
IGNORED_NAMES = ("IGNORED_ONE", "IGNORED_TWO")
PROVIDED = "PROVIDED"
FORMS = ("{}", "pw-{}/+=", 'q"{}"', "per%{} cent", "ü-{}", "https://u:{}@host/x")


def draw(seed: int) -> Story:
    random = Random(seed)
    declared, releases = _contents(random)
    addons = _addons(random, declared)
    has_lock = LOCK_KEY in declared and random.random() < 0.5
    calls = tuple(_call(random, len(releases) + len(addons)) for _ in range(_few(random, 3)))
    return Story(
        seed=seed,
        releases=releases,
        addons=addons,
        declared=declared,
        key=f"HRKU-{random.getrandbits(128):032x}",
        provided=(PROVIDED,) if random.random() < 0.5 else (),
        has_lock=has_lock,
        calls=calls,
        faults=_faults(random, calls),
        spare=tuple(_value(random) for _ in range(12)),
    )


def _few(random: Random, most: int) -> int:
    return min(most, 1 + int(random.expovariate(1.2)))


def _value(random: Random) -> str:
    return random.choice(FORMS).format(f"{random.getrandbits(80):020x}")


def _contents(random: Random) -> tuple[dict[str, str], tuple[dict[str, str | None], ...]]:
    """What is declared, and the releases that led to what is live: some of it is equal."""
    declared = {name: _value(random) for name in NAMES if random.random() < 0.6}
    declared = declared or {"LEVEL": _value(random)}
    releases: list[dict[str, str | None]] = []
    for _ in range(random.randint(1, 4)):
        change: dict[str, str | None] = {}
        for name in (*NAMES, *IGNORED_NAMES, PROVIDED):
            if random.random() < 0.4:
                is_equal = name in declared and random.random() < 0.4
                change[name] = declared[name] if is_equal else _value(random)
            elif random.random() < 0.1:
                change[name] = None
        releases.append(change)
    if random.random() < 0.1:
        declared[random.choice(NAMES)] = ""
    if random.random() < 0.2:
        declared["IGNORED_ONE"] = _value(random)
    if random.random() < 0.5:
        declared[LOCK_KEY] = f"{random.getrandbits(256):064x}"
        if random.random() < 0.7:
            releases[0][LOCK_KEY] = declared[LOCK_KEY]
    return declared, tuple(releases)


def _addons(
    random: Random, declared: dict[str, str]
) -> tuple[tuple[str, dict[str, str], str], ...]:
    found = []
    if random.random() < 0.7:
        found.append(("DATABASE", {"DATABASE_URL": _value(random)}, APP))
        if random.random() < 0.3:
            declared["DATABASE_URL"] = _value(random)
    if random.random() < 0.3:
        found.append(("REDIS", {"REDIS_URL": _value(random)}, random.choice([APP, "elsewhere"])))
    return tuple(found)


# Calls.


def _call(random: Random, releases: int) -> Call:
    make = random.choices(
        [_sync, _rollback, _pull, _lock, _drift, _history, _diff], [10, 3, 3, 1, 3, 1, 1]
    )[0]
    return make(random, releases)


def _waiting(random: Random) -> dict[str, object]:
    """How long a release phase is waited for: as a rule by default."""
    no_wait = _chance(random, 0.1)
    return {"no_wait": no_wait, "wait": "5" if not no_wait and _chance(random, 0.1) else None}


def _chance(random: Random, share: float) -> bool:
    return random.random() < share


def _format(random: Random) -> str:
    return random.choice(["text", "json"])


def _some(random: Random, share: float = 0.2) -> list[str]:
    return random.sample(NAMES, random.randint(1, 3)) if random.random() < share else []


def _sync(random: Random, _releases: int) -> Call:
    asks = _chance(random, 0.3)
    options: dict[str, object] = {
        "app": [APP],
        "file": None,
        "expect": None,
        "reveal": [],
        "only": _some(random),
        "prune": _chance(random, 0.4),
        "yes": _chance(random, 0.5),
        "confirm": [] if asks else [APP],
        "force": _chance(random, 0.8),
        "dry_run": _chance(random, 0.04),
        **_waiting(random),
        "format": _format(random),
    }
    return Call("sync", options, asks, expects=_chance(random, 0.15))


def _rollback(random: Random, releases: int) -> Call:
    asks = _chance(random, 0.3)
    options: dict[str, object] = {
        "app": APP,
        "to": f"v{random.randint(1, releases)}",
        "reveal": [],
        "only": _some(random),
        "restore": [],
        "confirm": None if asks else APP,
        "force": True,
        "dry_run": False,
        **_waiting(random),
        "format": _format(random),
    }
    return Call("rollback", options, asks)


def _pull(random: Random, _releases: int) -> Call:
    asks = _chance(random, 0.3)
    options: dict[str, object] = {
        "app": APP,
        "file": None,
        "prune": _chance(random, 0.3),
        "owned": _chance(random, 0.3),
        "confirm": None if asks else FILE,
        "yes": not asks,
        "dry_run": _chance(random, 0.05),
    }
    return Call("pull", options, asks)


def _lock(random: Random, _releases: int) -> Call:
    options = {"file": None, "check": _chance(random, 0.3), "yes": True}
    return Call("lock", options, _chance(random, 0.3))


def _drift(random: Random, _releases: int) -> Call:
    options: dict[str, object] = {
        "app": [APP],
        "file": None,
        "lock": _chance(random, 0.3),
        "no_blame": _chance(random, 0.3),
        "format": random.choice(["text", "json", "github"]),
    }
    return Call("drift", options)


def _history(random: Random, _releases: int) -> Call:
    limit = str(random.randint(1, 6))
    return Call("history", {"app": APP, "name": [], "limit": limit, "format": _format(random)})


def _diff(random: Random, _releases: int) -> Call:
    options: dict[str, object] = {
        "app": [APP],
        "file": None,
        "only": _some(random),
        "prune": _chance(random, 0.4),
        "reveal": [],
        "format": _format(random),
        "exit_code": True,
        "release": None,
    }
    return Call("diff", options)


# Faults.


def _faults(random: Random, calls: tuple[Call, ...]) -> tuple[Fault, ...]:
    found = [Fault(kind) for kind in SWITCHES if random.random() < 0.12]
    for _ in range(random.randint(1, 10)):
        call = random.randrange(len(calls))
        kind = random.choices(
            [random.choice(ACTS), random.choice(BROKEN), random.choice(SPOKEN)], [5, 5, 1]
        )[0]
        found.append(_placed(random, kind, call))
        if kind in STOPS and random.random() < 0.3:  # a second one
            found.append(_placed(random, random.choice(STOPS), call))
    return tuple(found)


def _placed(random: Random, kind: str, call: int) -> Fault:
    arg = random.randrange(1_000)
    if kind in ACTS and random.random() < 0.3:  # around the write most can go wrong
        return Fault(kind, call, "patch", 1, random.choice(["before", "after"]), arg)
    if kind in ACTS and random.random() < 0.25:
        where = random.choice(["sleep", "sleep", "question"])
        return Fault(kind, call, where, 1 + int(random.expovariate(0.4)) % 12, "at", arg)
    endpoint = random.choices(ENDPOINTS, [5, 3, 3, 2, 2, 2, 4])[0]
    most = {"patch": 1.5, "any": 0.15}.get(endpoint, 0.6)
    nth = 1 + int(random.expovariate(most))
    when = random.choice(["before", "after"]) if kind in ACTS else "at"
    return Fault(kind, call, endpoint, nth, when, arg)
