"""Invariants of what is written to Heroku, and of what is said of it."""

import re
from collections.abc import Iterator

from . import said, truth
from .api import App, Vars
from .running import Told
from .stage import Run
from .story import LOCK_KEY, STOPS
from .world import LONGEST_LAG, Sent

NOTHING = re.compile(
    r"nothing was (?:written|done)|nothing was sent(?! again)|is in sync with", re.IGNORECASE
)


def violations(told: Told) -> Iterator[str]:
    for run in told.runs:
        if run.call.task not in ("sync", "rollback"):
            if patches_of(told, run):
                yield f"{run.call.task} sent a PATCH"
            continue
        for invariant in INVARIANTS:
            yield from invariant(told, run)


def patches_of(told: Told, run: Run) -> list[Sent]:
    return [
        sent
        for sent in told.world.patches
        if sent.call == run.number and run.start <= sent.at <= run.end
    ]


def one_write(told: Told, run: Run) -> Iterator[str]:
    """No run sends a second PATCH that may take effect."""
    if len(patches_of(told, run)) > 1:
        yield "a second PATCH went out"


def as_planned(told: Told, run: Run) -> Iterator[str]:
    """A PATCH changes what the plan names, and nothing else."""
    plan = said.planned(run)
    for sent in patches_of(told, run):
        if plan is not None and plan.keys() != sent.changes.keys():
            yield f"the plan named {sorted(plan)}, and the PATCH {sorted(sent.changes)}"


def as_declared(told: Told, run: Run) -> Iterator[str]:
    """A PATCH holds the values of the file, or of the release; none of another's names."""
    only, options = run.call.options["only"], run.call.options
    wanted: Vars = dict(truth.parsed(run.file_before))
    removes = bool(options.get("prune"))
    if run.call.task == "rollback":
        then = told.world.app.release(int(str(options["to"]).removeprefix("v")))
        wanted, removes = dict(then.vars) if then else {}, True
    for sent in patches_of(told, run):
        for name, value in sent.changes.items():
            if value is None and (not removes or name in wanted):
                yield f"the PATCH removes {name}"
            if value is not None and wanted.get(name) != value:
                yield f"the PATCH gives {name} a value that nobody declared"
            if isinstance(only, list) and only and name not in only:
                yield f"the PATCH holds {name}, which --only does not name"
            stay = (LOCK_KEY, *(told.story.provided if run.call.task == "sync" else ()))
            if value is None and name in stay:
                yield f"the PATCH removes {name}, which is to stay"


def none_of_others(told: Told, run: Run) -> Iterator[str]:
    """No owned and no ignored var stands in a PATCH."""
    for sent in patches_of(told, run):
        if owned := sorted(sent.changes.keys() & sent.told_owned):
            yield f"owned vars in a PATCH: {owned}"
        if ignored := sorted(filter(truth.is_ignored, sent.changes)):
            yield f"ignored vars in a PATCH: {ignored}"


def nothing_written(told: Told, run: Run) -> Iterator[str]:
    """It never says that nothing was written where the PATCH took effect, or will."""
    if any(sent.effect is not None for sent in patches_of(told, run)):
        match = NOTHING.search(run.said)
        if match and not (match[0].endswith("sync with") and said.planned(run)):
            yield f"{match[0]!r} was said, and the PATCH took effect"


def truly_set(told: Told, run: Run) -> Iterator[str]:
    """What it says is live was live; what it says it set, its own PATCH brought."""
    if said.claims_set(run) and not any(s.effect is not None for s in patches_of(told, run)):
        yield "it says that it set what its PATCH never brought"
    if said.claims_live(run):
        meant = meant_by(told, run)
        if meant is not None and not _held(told, meant, run.start, run.end):
            yield "it says that the change is live, and it never was"


def versions_are_ours(told: Told, run: Run) -> Iterator[str]:
    """A release that it calls its own is; one that it says has the change, has it."""
    app, meant = told.world.app, meant_by(told, run)
    own, holding = said.OURS, said.HOLDS
    if patches_of(told, run):
        own = (*own, said.ENDED)
    else:
        holding = (*holding, said.ENDED)
    for version in said.versions(run, own):
        release = app.release(version)
        if release is None or (release.by != run.number and not _may_be_ours(told, run, version)):
            yield f"v{version} is called its own, and is {release and release.user}'s"
    for version in said.versions(run, holding):
        release = app.release(version)
        if meant is not None and (release is None or _lacks(release.vars, meant)):
            yield f"v{version} is said to have the change, and lacks it"


def _may_be_ours(told: Told, run: Run, version: int) -> bool:
    """Whether nobody could know better.

    A twin by our own account cannot be told from us; nor, where the key may not see its account,
    the only release that came, should Heroku make none for a PATCH without effect.
    """
    app = told.world.app
    release, sent = app.release(version), patches_of(told, run)
    if release is None or not sent or _lacks(release.vars, sent[-1].changes):
        return False
    if release.user == "ours@example.com":
        return True
    came = [r for r in app.releases if run.start <= r.made <= run.last_listed]
    return not app.switches.tells_account and len(came) == 1


def truly_missing(told: Told, run: Run) -> Iterator[str]:
    """What it says the app lacks, or does not run with, that was so when it was last read."""
    meant = meant_by(told, run)
    if meant is None:
        return
    since = run.end - _tolerance(told, run)
    app, moments = told.world.app, [*told.world.app.moments(since, run.end)]
    names = said.missing(run)
    if names is not None and not any(_lacks(app.shown(at), meant) == names for at in moments):
        yield f"{sorted(names)} are said to be missing, and never were"
    is_all_missing = re.search("nothing has changed on|has nothing of it so far", run.said)
    if is_all_missing and all(_has_part(app, meant, at) for at in moments):
        yield f"{is_all_missing[0]!r} was said, and it had something of it"
    # There nobody can tell what is live; nor whether what could not be read was the same before.
    is_known = app.switches.failed != "shown" and not told.world.nulled.intersection(meant)
    if (
        is_known
        and "the config is not live" in run.said
        and not any(_lacks(app.live(at), meant) for at in moments)
    ):
        yield "the config is said not to be live, and it is"
    if "is still pending after" in run.said and not any(
        _lacks(app.live(at), meant) for at in moments
    ):
        yield "it gave up on what is live"
    if re.search(r"(?<!whether )demo has it\b", run.said) and not any(
        not _lacks(app.live(at), meant) for at in moments
    ):
        yield "the app is said to have it, and it does not"


def undo_is_narrow(told: Told, run: Run) -> Iterator[str]:
    """An undo line takes back what the run changed, and nothing of others."""
    found, sent = said.undo(run), patches_of(told, run)
    if found is None or not sent:
        return
    app, at = told.world.app, run.last_listed
    then = app.release(found.to)
    there = [r for r in app.releases if r.made <= at]
    if then is None or not there:
        yield f"the undo names v{found.to}, which is not there"
        return
    now, owned = there[-1].vars, app.owned(at)
    touched = {n for n in now if now[n] != then.vars.get(n)}
    touched |= {n for n in found.restore if n not in now}
    touched -= {*owned, LOCK_KEY, *filter(truth.is_ignored, touched)}
    touched &= found.only or touched
    if others := sorted(touched - sent[-1].changes.keys()):
        yield f"the undo to v{found.to} takes back {others}, which others changed"


def no_endless_wait(told: Told, run: Run) -> Iterator[str]:
    """A release phase is waited for 65 minutes, however many there are."""
    if run.end - run.start > 80 * 60:
        yield f"it took {(run.end - run.start) / 60:.0f} minutes"


def stopped(told: Told, run: Run) -> Iterator[str]:
    """A signal ends the run with its code, and its word."""
    word = {130: "interrupted (Ctrl-C)", 143: "terminated (SIGTERM)"}.get(run.code)
    if word and word not in run.said:
        yield f"exit code {run.code} without {word!r}"
    if run.number in told.world.stopped and not word:
        yield f"a signal came, and the exit code is {run.code}"


INVARIANTS = (
    one_write,
    as_planned,
    as_declared,
    none_of_others,
    nothing_written,
    truly_set,
    versions_are_ours,
    truly_missing,
    undo_is_narrow,
    no_endless_wait,
    stopped,
)


def meant_by(told: Told, run: Run) -> Vars | None:
    """The change that a run speaks of; None where it cannot be told."""
    if sent := patches_of(told, run):
        return sent[-1].changes
    plan = said.planned(run)
    if not plan or run.call.task != "sync":
        return None
    declared = truth.parsed(run.file_before)
    return {name: declared.get(name) for name in plan}


def _lacks(vars_: Vars, meant: Vars) -> frozenset[str]:
    return frozenset(name for name, value in meant.items() if vars_.get(name) != value)


def _held(told: Told, meant: Vars, start: float, end: float) -> bool:
    app = told.world.app
    moments = app.moments(start - LONGEST_LAG, end)
    return any(not _lacks(view(at), meant) for at in moments for view in (app.live, app.shown))


def _has_part(app: App, meant: Vars, at: float) -> bool:
    """Whether some of the change is live that was not there in the same form before."""
    return len(_lacks(app.shown(at), meant)) < len(meant)


def _tolerance(told: Told, run: Run) -> float:
    """Seconds for which what was read last may be told: some answers are old, and some slow."""
    found = 0.35
    for fault in told.story.faults:
        if fault.call != run.number:
            continue
        if fault.kind == "stale":
            found += LONGEST_LAG
        elif fault.kind in SLOW or "429" in fault.kind:
            found += 31
    return found


SLOW = {"slow", "timeout", "timeout-after", "limited", *STOPS}
