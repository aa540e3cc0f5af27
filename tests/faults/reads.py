"""Invariants of what is said of an app, and of what is written to files."""

import re
from collections.abc import Iterator, Mapping

from . import said, truth
from .running import Told
from .stage import Run
from .story import LOCK_KEY

_DRIFT_ROW = re.compile(r"^  [ +~-] (\S+) +(changed|missing|unmanaged)", re.MULTILINE)


def violations(told: Told) -> Iterator[str]:
    for run in told.runs:
        for invariant in INVARIANTS:
            yield from invariant(told, run)


def plan_is_right(told: Told, run: Run) -> Iterator[str]:
    """A plan is what the declaration makes of some state that the app was in."""
    plan, options = said.planned(run), run.call.options
    if plan is None or run.call.task not in ("sync", "diff"):
        return
    declared = truth.parsed(run.file_before)
    only = options["only"]
    assert isinstance(only, list)
    for live, owned in truth.readings(told, run, run.start):
        right = truth.plan(
            *(declared, live, owned),
            only=only,
            prune=bool(options["prune"]),
            provided=told.story.provided,
        )
        if _is_same(told, right, plan):
            return
    yield f"no state of the app leads to the plan {plan}"


def _is_same(told: Told, right: Mapping[str, object], found: Mapping[str, object]) -> bool:
    """Whether both say the same of all names whose value could be read."""
    names = {*right, *found} - told.world.nulled
    return all(right.get(name) == found.get(name) for name in names)


def way_back_is_right(told: Told, run: Run) -> Iterator[str]:
    """The plan of a rollback leads from some state of the app to what the release held."""
    plan, options = said.planned(run), run.call.options
    if plan is None or run.call.task != "rollback":
        return
    then = told.world.app.release(int(str(options["to"]).removeprefix("v")))
    only = options["only"]
    assert isinstance(only, list)
    for live, owned in truth.readings(told, run, run.start):
        known = {*truth.parsed(run.file_before), *truth.parsed(run.locked)}
        vars_ = then.vars if then else {}
        if _is_same(told, truth.way_back(vars_, live, owned, only=only, known=known), plan):
            return
    yield f"no state of the app leads to the way back {plan}"


def drift_is_right(told: Told, run: Run) -> Iterator[str]:
    """What is said to have drifted did, in some state that the app was in; and nothing else."""
    if run.call.task != "drift" or run.code not in (0, 2):
        return
    found = _drifted(run)
    is_lock = bool(run.call.options["lock"])
    declared = truth.parsed(run.locked if is_lock else run.file_before)
    for live, owned in truth.readings(told, run, run.start):
        right = truth.drift(declared, live, owned, is_lock=is_lock, provided=told.story.provided)
        if found is None:
            if told.world.nulled or bool(right) is (run.code == 2):
                return
        elif _is_same(told, right, found):
            return
    yield f"no state of the app drifted so: {found}, exit code {run.code}"


def _drifted(run: Run) -> dict[str, str] | None:
    """Names and what became of each; None where the format tells it in another way."""
    match run.call.options["format"]:
        case "text":
            return dict(_DRIFT_ROW.findall(run.out))
        case "json":
            found = said.document(run) or {}
            apps = found.get("apps")
            assert isinstance(apps, list)
            return {each["name"]: each["kind"] for app in apps for each in app["drifted"]}
    return None


def blame_is_right(told: Told, run: Run) -> Iterator[str]:
    """A release named as the origin of a value holds it, and some release before does not."""
    if run.call.task != "drift" or run.call.options["format"] != "json" or run.code != 2:
        return
    app = told.world.app
    apps = (said.document(run) or {}).get("apps")
    assert isinstance(apps, list)
    for each in (drifted for row in apps for drifted in row["drifted"]):
        origin = each["origin"] or {}
        if origin.get("kind") != "release":
            continue
        name, release = each["name"], app.release(origin["version"])
        values = [live.get(name) for live, _ in truth.readings(told, run, run.start)]
        if release is None or release.vars.get(name) not in values:
            yield f"v{origin['version']} is blamed for {name}, and does not hold it"
        elif release.version > 1 and all(
            earlier.vars.get(name) == release.vars.get(name)
            for earlier in app.releases[: release.version - 1]
        ):
            yield f"v{release.version} is blamed for {name}, and every release before holds it"


def history_is_right(told: Told, run: Run) -> Iterator[str]:
    """A release is said to have done what tells it from some release before it."""
    if run.call.task != "history" or run.call.options["format"] != "json" or run.code:
        return
    if told.world.app.switches.pending_shows != "new":
        return
    app, revisions = told.world.app, (said.document(run) or {}).get("revisions")
    assert isinstance(revisions, list)
    for each in revisions:
        release = app.release(each["version"])
        if release is None or each["changes"] is None:
            continue
        did = {change["name"]: said.MARKS[change["action"]] for change in each["changes"]}
        before = [{}, *(earlier.vars for earlier in app.releases[: release.version - 1])]
        is_hidden = any(fault.kind == "null" for fault in told.story.faults)
        right = (_did(then, release.vars) for then in before)
        # Of a value that could not be read nothing is told.
        if not any(full == did or (is_hidden and did.items() <= full.items()) for full in right):
            yield f"v{release.version} is said to have done {did}"


def _did(before: dict[str, str | None], after: dict[str, str | None]) -> dict[str, str]:
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return {n: "+" if n not in before else "-" if n not in after else "~" for n in names}


def file_is_whole(told: Told, run: Run) -> Iterator[str]:
    """The env file is as it was, with every edit in it, or as a pull of some state makes it."""
    if any(edit not in run.file_after for edit in run.edits):
        yield "an edit of the env file is lost"
    if run.left:
        yield f"left behind: {sorted(run.left)}"
    as_it_was = run.file_before + b"".join(run.edits)
    if run.file_after == as_it_was:
        if run.call.task == "pull" and re.search(r"^Set .* in \.env", run.out, re.MULTILINE):
            yield "the file is said to be written, and it was not"
        return
    if run.call.task == "lock" and _is_key_appended(run):
        return
    if run.call.task != "pull":
        yield f"{run.call.task} changed the env file"
        return
    if re.search("nothing was written|Nothing to do", run.said):
        yield "the file was written, and it is said that it was not"
    yield from _is_pulled(told, run)


def _is_key_appended(run: Run) -> bool:
    before, after = truth.parsed(run.file_before), truth.parsed(run.file_after)
    return before == {name: value for name, value in after.items() if name != LOCK_KEY}


def _is_pulled(told: Told, run: Run) -> Iterator[str]:
    before, after = truth.parsed(run.file_before), truth.parsed(run.file_after)
    options, since = run.call.options, max(run.asked, default=run.start)
    for live, owned in truth.readings(told, run, since):
        right = truth.pulled(
            before, live, owned, with_owned=bool(options["owned"]), prune=bool(options["prune"])
        )
        if _is_same(told, right, after):
            return
    yield "no state of the app leads to what was pulled"


INVARIANTS = (
    plan_is_right,
    way_back_is_right,
    drift_is_right,
    blame_is_right,
    history_is_right,
    file_is_whole,
)
