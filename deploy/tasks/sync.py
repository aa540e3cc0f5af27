"""The body of config.sync: what it shows, asks and does, in that order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import DeployError
from ..plan import consent
from ..plan.consent import Asked
from ..project.files import is_there
from .apply import settle
from .options import Options, minutes
from .output import form
from .workspace import compared, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from invoke.context import Context

    from ..plan.outcome import Comparison
    from .terminal import Terminal
    from .workspace import Work


def body(c: Context, given: Mapping[str, object], terminal: Terminal) -> int:
    options = Options(**given)  # type: ignore[arg-type]  # as Invoke parsed them
    work = prepare(c, options, terminal, writes=True)
    consent.check_confirm(options.confirm, work.app.name)
    found = compared(work, options)
    shown = form(options.format, terminal)
    shown.plan(found, work.reveal)
    _check_expect(found, options, show=lambda: shown.before_refusal(found, work.reveal))
    is_dry = options.dry_run or c.config.run.dry
    asked = Asked(
        name=work.app.name,
        can_ask=terminal.can_ask,
        in_ci=terminal.in_ci,
        app_is_explicit=work.app.is_explicit,
        yes=options.yes,
        is_reviewed=options.expect is not None,
        confirm=options.confirm,
        force=options.force,
    )
    done = settle(
        found,
        asked,
        work.heroku,
        terminal,
        shown=shown,
        reveal=work.reveal,
        is_dry=is_dry,
        wait=minutes(options.wait, no_wait=options.no_wait),
    )
    shown.end(found, work.reveal, done)
    if is_dry:
        return 0
    try:
        _mind_lock(work, terminal)
    except DeployError as error:
        terminal.error(error)  # the report stands already, and JSON is one document
        return error.exit_code
    return 0


def _check_expect(found: Comparison, options: Options, *, show: Callable[[], None]) -> None:
    try:
        consent.check_expect(options.expect, found.digest)
    except DeployError:
        show()  # whoever expected another plan must see this one
        raise


def _mind_lock(work: Work, terminal: Terminal) -> None:
    """Make the lock anew where a person is there to commit it, or say that it is stale."""
    if work.lock is None or not is_there(work.lock):
        return
    from .lock import is_stale, write  # noqa: PLC0415  # few repositories have one

    if not is_stale(work.lock, work.declared, work.source.shown):
        return
    if terminal.can_ask:
        terminal.note(write(work.lock, work.declared, work.source.shown, root=work.root))
    else:
        terminal.note(f"warning: {work.lock.name} is stale: run config.lock, and commit it")
