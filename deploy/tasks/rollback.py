"""The body of config.rollback, and config.diff with a past release."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..envfile import lock
from ..errors import BadOption, DeployError, WrongFile
from ..heroku.facts import LiveVars
from ..names import LOCK_KEY, listed
from ..plan import consent
from ..plan import plan as planning
from ..plan.change import Action
from ..plan.consent import Asked
from ..plan.drift import compare_lock
from ..plan.outcome import State
from ..project import files, target
from ..stories import rollback
from .apply import settle
from .options import RollbackOptions, minutes, version
from .output import form
from .workspace import declared, ground, mind_reveal, reveal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from invoke.context import Context

    from ..envfile.lock import Lock
    from ..envfile.parser import EnvFile
    from ..plan.outcome import Comparison
    from ..project.policy import Policy
    from ..report.reveal import Reveal
    from .options import Options
    from .terminal import Terminal
    from .workspace import Ground


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = RollbackOptions(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    options.check()
    if options.to is None:
        raise BadOption(
            "no release is named", next_step="name it with --to v41; config.history lists them"
        )
    to = version(options.to, "--to")
    where = ground(c)
    app = where.app(options.app, terminal)
    consent.check_confirm(options.confirm, app.name)
    known = _known(app.name, where, terminal)
    heroku = where.heroku(terminal)
    chosen = reveal(options.reveal, where.settings, terminal)
    found = rollback.compare(
        heroku,
        app.name,
        to,
        policy=where.settings.policy,
        declared=known.names,
        restore=frozenset(options.restore),
        only=frozenset(options.only) or None,
        over_unreadable=options.force,
    )
    mind_reveal(options.reveal, _names(found), terminal)
    shown = form(options.format, terminal)
    shown.plan(found, chosen)
    asked = Asked(
        name=app.name,
        can_ask=terminal.can_ask,
        in_ci=terminal.in_ci,
        needs_name=True,
        confirm=options.confirm,
        force=options.force,
    )
    done = settle(
        found,
        asked,
        heroku,
        terminal,
        shown=shown,
        reveal=chosen,
        is_dry=options.dry_run or c.config.run.dry,
        wait=minutes(options.wait, no_wait=options.no_wait),
    )
    shown.end(found, chosen, done)
    if done.state is not State.DRY_RUN:
        for remark in known.disagreements(
            found, where.settings.policy, is_new=done.state is not State.UNCHANGED
        ):
            terminal.note(f"warning: {remark}")
    return 0


def against_release(
    c: Context, options: Options, name: str, terminal: Terminal
) -> tuple[Comparison, Reveal]:
    """The plan that config.rollback to this release would apply."""
    options.check()
    past = version(name, "--release")
    where = ground(c)
    app = where.app(options.app, terminal)
    known = _known(app.name, where, terminal, option=options.file)
    chosen = reveal(options.reveal, where.settings, terminal)
    found = rollback.compare(
        where.heroku(terminal),
        app.name,
        past,
        policy=where.settings.policy,
        declared=known.names,
        only=frozenset(options.only) or None,
    )
    mind_reveal(options.reveal, _names(found), terminal)
    return found, chosen


def _names(found: Comparison) -> set[str]:
    """All names of an app and of a release."""
    return {*found.live.names, *found.withheld, *(change.name for change in found.plan.changes)}


class _Known(NamedTuple):
    """What is declared for an app, as far as it is there and can be read."""

    source: str
    declared: EnvFile | None
    locked: Lock | None

    @property
    def names(self) -> set[str]:
        declared = self.declared.vars if self.declared else {}
        return {*declared, *(self.locked.digests if self.locked else {})}

    def disagreements(self, found: Comparison, policy: Policy, *, is_new: bool) -> list[str]:
        """What the file and the lock say otherwise, once the app is as planned.

        `is_new` where that is our doing.
        """
        differs = "now differs" if is_new else "differs"
        after = dict(found.live.vars)
        for change in found.plan.changes:
            after.pop(change.name, None)
            if change.new is not None:
                after[change.name] = change.new
        unreadable = found.live.unreadable.difference(change.name for change in found.plan.changes)
        live = LiveVars(after, found.live.ownership, unreadable)
        remarks = []
        if self.declared:
            plan = planning.make(self.declared.vars, live, policy=policy)
            if names := listed(change.name for change in plan.changes):
                # What is not on the app any more leaves a file only where it is pruned.
                pull = "config.pull --prune" if plan.count(Action.SET) else "config.pull"
                undo = f"; config.sync would undo this, {pull} takes it over" if is_new else ""
                remarks.append(f"{self.source} {differs} from {found.app}: {names}{undo}")
        key = live.vars.get(LOCK_KEY)
        if self.locked and key and key.is_lock_key and key.fingerprint == self.locked.fingerprint:
            drifted = compare_lock(self.locked, live, key, policy)
            if names := listed([*drifted.changed, *drifted.missing]):
                called = f"{self.source}{target.LOCK_SUFFIX}"
                remarks.append(f"{called} {differs} from {found.app}: {names}")
        return remarks


def _known(app: str, where: Ground, terminal: Terminal, *, option: str | None = None) -> _Known:
    """The file and the lock of an app, each where it is there.

    Neither is needed for a way back, so one that cannot be read is a remark; but a file that was
    named must hold up.
    """
    try:
        source = target.resolve_file(
            option=option, app=app, settings=where.settings, root=where.root
        )
    except WrongFile:
        return _Known("", None, None)
    if option is not None:
        return _Known(source.shown, declared(source, where.settings, terminal), None)
    found, locked = None, None
    path = target.lock_of(source, app, where.settings, where.root)
    try:
        if source.path and files.is_there(source.path):
            found = declared(source, where.settings, terminal)
    except DeployError as error:
        _remark(error, terminal)
    try:
        if path and files.is_there(path):
            locked = lock.parse(files.read_regular(path, shown=path.name), source=path.name)
    except DeployError as error:
        _remark(error, terminal)
    return _Known(source.shown, found, locked)


def _remark(error: DeployError, terminal: Terminal) -> None:
    for line in str(error).splitlines():
        terminal.note(f"warning: {line}")
