"""Invariants of how a run ends and speaks, whatever it does."""

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from . import said, truth
from .running import Told
from .stage import Run

SUCCESS = re.compile(
    r"^(?:Set \d|Nothing to do|Sent |v\d+ of demo br|Dry run|demo holds )", re.MULTILINE
)


def violations(told: Told) -> Iterator[str]:
    for run in (*told.runs, told.after):
        for invariant in (nothing_escapes, no_secret, one_document, code_agrees):
            yield from invariant(told, run)
    yield from reaches_declared(told)


def nothing_escapes(_told: Told, run: Run) -> Iterator[str]:
    """A run ends with an exit code, and no error is unforeseen."""
    if run.escaped:
        yield f"{run.escaped} escaped from {run.call.task}"
    if match := re.search("unforeseen .*", run.said):
        yield match[0]


def no_secret(told: Told, run: Run) -> Iterator[str]:
    """No value, no API key and no key of a lock is said, in any spelling."""
    heard = run.said.lower()
    for secret in told.story.secrets():
        if len(secret) >= 8 and any(each.lower() in heard for each in _spellings(secret)):
            yield f"{run.call.task} said a secret"
            return


def _spellings(text: str) -> set[str]:
    return {
        text,
        json.dumps(text)[1:-1],
        quote(text),
        quote(text, safe=""),
        base64.b64encode(text.encode()).decode().rstrip("="),
    }


def one_document(_told: Told, run: Run) -> Iterator[str]:
    """Where JSON is asked for, standard output is one document."""
    if run.call.options.get("format") == "json" and not run.escaped and not said.document(run):
        yield f"{run.call.task} wrote {len(run.out)} characters that are no document"


def code_agrees(_told: Told, run: Run) -> Iterator[str]:
    """The exit code is that of what was said."""
    is_error = re.search(r"^error: ", run.err, re.MULTILINE) is not None
    task, code = run.call.task, run.code
    if code not in (0, 1, 2, 130, 143):
        yield f"exit code {code}"
    if (code in (1, 130, 143)) is not (is_error or _is_unchecked(run)):
        yield f"exit code {code}, and {'an' if is_error else 'no'} error was said"
    if task in ("sync", "rollback", "pull"):
        is_success = bool(said.result(run)) or SUCCESS.search(run.out) is not None
        if (code == 0) is not is_success and not (task == "pull" and code == 1):
            yield f"exit code {code} of {task}, which {'ended' if is_success else 'did not end'}"


def _is_unchecked(run: Run) -> bool:
    """A drift tells in its report why an app could not be checked."""
    return run.call.task == "drift" and run.code == 1


def reaches_declared(told: Told) -> Iterator[str]:
    """Afterwards a run without faults reaches what is declared, and touches nothing else."""
    run, app, at = told.after, told.world.app, told.world.clock.now
    if run.code:
        yield f"the run without faults ended with {run.code}: {run.err.strip()}"
        return
    declared, shown, owned = truth.parsed(run.file_before), app.shown(at), app.owned(at)
    prune = bool(run.call.options["prune"])
    left = truth.plan(declared, shown, owned, only=(), prune=prune, provided=told.story.provided)
    if left:
        yield f"the run without faults left {left}"
    planned = said.planned(run) or {}
    names = {n for n in {*told.before, *shown} if told.before.get(n) != shown.get(n)}
    if others := sorted(names - planned.keys()):
        yield f"the run without faults changed {others} too"
