"""What a run said, taken apart: its plan, and what it claims of a write."""

import json
import re
import shlex
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from .stage import Run

MARKS = {"set": "+", "change": "~", "remove": "-"}
_ROW = re.compile(r"^  ([+~-]) (\S+)", re.MULTILINE)

OURS = (
    r"Set \d+, changed \d+, removed \d+ on demo \(v(\d+)\)",
    r"Sent as v(\d+) to demo",
    r"the change was sent as v(\d+)",
    r"it arrived as v(\d+)",
)
ENDED = r"v(\d+) of demo (?:failed|expired): the config is not live"
"""Of a release that it has just sent, or that was on its way before."""
"""Sentences that call a release the run's own."""
HOLDS = (
    r"has it \(v(\d+)\)",
    r"v(\d+) of demo (?:brought|brings) this",
    r"holds? (?:it|this) \(v(\d+)\)",
)
"""Sentences that say no more than that a release has the change."""
_UNDO = re.compile(r"^Undo: (invoke config\.rollback .*)$", re.MULTILINE)


@dataclass(frozen=True)
class Undo:
    to: int
    only: frozenset[str]
    restore: frozenset[str]


def document(run: Run) -> dict[str, object] | None:
    """The JSON that a run ended with; None where there is none, or more than one."""
    with suppress(ValueError):
        found = json.loads(run.out)
        return found if isinstance(found, dict) else None
    return None


def planned(run: Run) -> dict[str, str] | None:
    """The plan that was shown; None where none was."""
    if run.call.options.get("format") == "json":
        found = document(run) or {}
        changes = found.get("changes")
        if not isinstance(changes, list):
            return None
        return {each["name"]: MARKS[each["action"]] for each in changes}
    if " differs from " in run.out:
        return {name: mark for mark, name in _ROW.findall(run.out)}
    return {} if " is in sync with " in run.out else None


def result(run: Run) -> dict[str, object]:
    """The result in a JSON document; empty where there is none."""
    found = (document(run) or {}).get("result") if run.call.options.get("format") == "json" else {}
    return found if isinstance(found, dict) else {}


def claims_set(run: Run) -> bool:
    """Whether it says that its own change is live."""
    done = result(run)
    if done:
        return done["state"] == "applied" and not done["was_pending"] and is_ours(done)
    return re.search(r"^Set \d+, .* on demo \(", run.out, re.MULTILINE) is not None


def is_ours(done: dict[str, object]) -> bool:
    return bool(done.get("is_ours", True))


def claims_live(run: Run) -> bool:
    """Whether it says that the change is live, whoever brought it."""
    done = result(run)
    if done:
        return done["state"] == "applied"
    words = r"^(?:Set \d+, .* on demo \(|v\d+ of demo brought this|demo holds )"
    return re.search(words, run.out, re.MULTILINE) is not None


def versions(run: Run, sentences: tuple[str, ...]) -> list[int]:
    found = [int(v) for sentence in sentences for v in re.findall(sentence, run.said)]
    done = result(run)
    if done and isinstance(version := done["version"], int):
        is_own = is_ours(done) and not done["was_pending"]
        # Where it is only known to be pending, it may be anybody's, and of anything.
        is_told = is_own or done["was_pending"] or done["state"] == "applied"
        if is_told and is_own is (OURS[0] in sentences):
            found.append(version)
    return found


def undo(run: Run) -> Undo | None:
    match = _UNDO.search(run.out)
    if match is None:
        return None
    words = shlex.split(match[1])
    pairs = list(pairwise(words))
    names = {
        option: frozenset(value for word, value in pairs if word == option)
        for option in ("--only", "--restore")
    }
    to = next(int(value.removeprefix("v")) for word, value in pairs if word == "--to")
    return Undo(to, names["--only"], names["--restore"])


def missing(run: Run) -> frozenset[str] | None:
    """The names that it says the app lacks of the change."""
    match = re.search(
        r"(?:does not hold what was meant|still shows what was there before): ([\w, ]+?)(?:$|;|\")",
        run.said,
        re.MULTILINE,
    )
    return frozenset(match[1].split(", ")) if match else None
