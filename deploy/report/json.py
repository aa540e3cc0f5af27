"""Outcomes for a program to read: one document, whose shape `SCHEMA_VERSION` names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..plan.change import Action
from ..plan.comparison import Side
from ..plan.outcome import State

if TYPE_CHECKING:
    from ..checks.finding import Checked
    from ..errors import DeployError
    from ..plan.change import Change
    from ..plan.comparison import Comparison
    from ..plan.history import History, Revision
    from ..plan.outcome import Diff, Explained, Synced
    from ..plan.readiness import Readiness
    from ..project.code.needs import Need, Obstacle
    from ..secret import Secret
    from .reveal import Reveal

SCHEMA_VERSION = 1

_SIDES = {
    Side.EQUAL: "equal",
    Side.DIFFERENT: "different",
    Side.HERE: "only_app",
    Side.THERE: "only_with",
    Side.UNREADABLE: "unreadable",
}


def diff(found: Diff, reveal: Reveal, *, done: Synced | None = None) -> str:
    """The plan, and how a sync of it ended, where there was one."""
    return document(**plan_of(found, reveal), **({"result": result_of(done)} if done else {}))


def plan_of(found: Diff, reveal: Reveal) -> dict[str, object]:
    plan = found.plan
    return {
        "app": found.app,
        "file": found.source,
        "in_sync": found.is_in_sync,
        "plan": found.digest,
        "changes": [_change(change, reveal) for change in plan.changes],
        "equal": plan.equal,
        "owned": plan.owned,
        "ignored": plan.ignored,
        "unmanaged": plan.unmanaged,
        "spared": plan.spared,
        "unreadable": plan.unreadable,
        "withheld": found.withheld,
        "pending_release": found.pending,
        "warnings": [
            {"file": file, "line": each.line, "name": each.name, "reason": each.reason}
            for file, warnings in found.warnings.items()
            for each in warnings
        ],
        **(
            {"explained": [_explained(each) for each in found.explained]} if found.explained else {}
        ),
        **({} if found.production is None else {"production_secrets": _told(found.production)}),
    }


def _told(production: tuple[str, ...] | DeployError) -> tuple[str, ...] | None:
    """The secrets of production that a stage has; None where nobody can tell."""
    return production if isinstance(production, tuple) else None


def history(found: History) -> str:
    """A row a release that changed config, newest first."""
    return document(
        app=found.app,
        revisions=[_revision(revision) for revision in found.revisions],
        releases_seen=found.seen,
        oldest_seen=found.oldest,
        is_whole=found.is_whole,
        unreadable=found.unreadable,
    )


def comparison(found: Comparison, reveal: Reveal, *, only_different: bool = False) -> str:
    """Two apps side by side, a row a name."""
    names = {"app": found.here, "with": found.there}
    pairs = [
        {
            "name": each.name,
            "state": _SIDES[each.side],
            "app": _value(each.name, each.here, reveal),
            "with": _value(each.name, each.there, reveal),
        }
        for each in (found.different if only_different else found.vars)
    ]
    return document(
        **names,
        shared_secrets=found.shared_secrets,
        vars=pairs,
        ignored=found.ignored,
        unreadable=found.unreadable,
    )


def checked(found: Checked) -> str:
    """What the rules found, every note too, sorted by place."""
    findings = [
        {
            "path": each.path,
            "line": each.line or None,
            "rule": each.rule,
            "message": each.message,
            "is_note": each.is_note,
        }
        for each in found.findings
    ]
    return document(findings=findings, accepted=found.accepted)


def ready(found: Readiness) -> str:
    """What an app lacks of what its code needs; `is_certain` where every file was looked at."""
    return document(
        app=found.where if found.is_of_app else None,
        is_ready=found.is_ready,
        is_certain=found.is_certain,
        needed=found.needed,
        missing=[
            {"name": each.name, "places": [_place(need) for need in each.places]}
            for each in found.missing
        ],
        unfit=[{"name": each.name, "reason": each.reason} for each in found.unfit],
        like=found.like,
        lacking=found.lacking,
        not_checked=[{**_place(each), "reason": each.reason} for each in found.obstacles],
    )


def _place(where: Need | Obstacle) -> dict[str, object]:
    return {"path": where.path, "line": where.line or None}


def error(failure: DeployError) -> str:
    return document(error=error_of(failure))


def error_of(failure: DeployError) -> dict[str, object]:
    """An error, wherever it stands in a document."""
    return {
        "kind": type(failure).__name__,
        "message": str(failure),
        "next_step": failure.next_step and "; ".join(failure.next_step.splitlines()),
        "exit_code": failure.exit_code,
    }


def result_of(done: Synced) -> dict[str, object]:
    is_sent = done.state in (State.APPLIED, State.SENT)
    new, changed, removed = (done.plan.number_of(action) if is_sent else 0 for action in Action)
    return {
        "state": done.state.value,
        "version": done.version,
        "is_ours": done.is_ours if done.version else None,
        "previous": done.previous,
        "set": new,
        "changed": changed,
        "removed": removed,
        "was_pending": done.was_pending,
        "needs": done.needs,
        "unverified": done.unverified,
    }


def _value(name: str, value: Secret | None, reveal: Reveal) -> str | None:
    return reveal.show(name, value) if value else None


def _change(change: Change, reveal: Reveal) -> dict[str, object]:
    return {
        "name": change.name,
        "action": change.action.name.lower(),
        "old": _value(change.name, change.old, reveal),
        "new": _value(change.name, change.new, reveal),
        "hint": change.hint.value if change.hint else None,
        "is_removal": change.is_removal,
        "is_blind": change.is_blind,
    }


def _explained(found: Explained) -> dict[str, object]:
    winner = found.places[0].entry.value if found.places else None
    return {
        "name": found.name,
        "declared": [
            {"file": source, "line": entry.line or None, "is_same": entry.value == winner}
            for source, entry in found.places
        ],
    }


def _revision(revision: Revision) -> dict[str, object]:
    release, changes = revision.release, revision.changes
    return {
        "version": release.version,
        "created_at": release.created_at,
        "user": release.user,
        "status": release.status.value,
        "changes": changes
        and [{"name": each.name, "action": each.action.name.lower()} for each in changes],
    }


def document(**content: object) -> str:
    """The one document that a task prints."""
    # ASCII alone, so that nothing in a name can steer a terminal; and no `##[`, which the runner of
    # a CI job would obey: it can stand in a string alone.
    text = json.dumps({"schema_version": SCHEMA_VERSION, **content}, indent=2)
    return text.replace("##[", r"#\u0023[")
