"""Outcomes as GitHub's workflow commands.

CI logs are widely read: no value is in one, revealed or not, and no person.
"""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING

from ..names import listed, shown
from ..plan.blame import Before, Brought, Never, Unknown
from ..plan.drift import Kind, Unchecked
from . import text_ready
from .layout import one_line, within_line
from .tables import verdict
from .text_drift import history_command, next_steps
from .text_ready import read_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..checks.finding import Checked
    from ..plan.blame import Origin
    from ..plan.drift import Drifted, Row
    from ..plan.readiness import Readiness
    from ..project.code.needs import Need, Obstacle

WORDS = {
    Kind.CHANGED: "differs on Heroku",
    Kind.MISSING: "is missing on Heroku",
    Kind.UNMANAGED: "is only on Heroku",
}
UNREADABLE = "cannot be read on Heroku, and was not compared"


def drift(rows: Sequence[Row]) -> str:
    """A command for each finding: an error, but a warning for what is only on Heroku."""
    return "\n".join([*(line for row in rows for line in _commands(row)), *next_steps(rows)])


def error(text: str, *, task: str) -> str:
    """A command for what ended the task."""
    return command("error", task, text)


def checked(found: Checked) -> str:
    """An annotation at the line of each finding; a notice for a note.

    GitHub knows files by their path from the top of the repository.
    """
    lines = []
    for finding in found.shown:
        level = "notice" if finding.is_note else "error"
        line = {"line": str(finding.line)} if finding.line else {}
        lines.append(
            command(
                *(level, finding.rule, finding.message),
                file=normpath(found.below + finding.path),
                **line,
            )
        )
    return "\n".join([*lines, verdict(found)])


def ready(found: Readiness, *, below: str = "") -> str:
    """An error where the code first needs a name that is missing, and for each value; then notes.

    `below` is the way from the top of the repository to the folder that was read.
    """
    lines = [
        command(
            *("error", found.where),
            f"{each.name} is missing on {found.where}; needed by {read_by(each)}",
            **_place(each.places[0], below),
        )
        for each in found.missing
    ]
    lines += [
        command("error", found.where, f"{shown(each.name)} {each.reason}") for each in found.unfit
    ]
    if found.lacking:
        text = f"{found.like} has, and {found.where} lacks: {listed(found.lacking)}"
        lines.append(command("notice", found.where, text))
    for obstacle in found.obstacles:
        level = "error" if obstacle.is_whole_file else "notice"
        lines.append(command(level, found.where, obstacle.reason, **_place(obstacle, below)))
    return "\n".join([*lines, one_line(text_ready.verdict(found))])


def _place(where: Need | Obstacle, below: str) -> dict[str, str]:
    line = {"line": str(where.line)} if where.line else {}
    return {"file": below + where.path, **line}


def _commands(row: Row) -> Iterator[str]:
    if isinstance(row, Unchecked):
        yield command("error", row.app, reason(row))
        return
    if row.drifted:
        yield f"{row.app} drifted from {one_line(row.source)}:"
    for each in row.drifted:
        level = "warning" if each.kind is Kind.UNMANAGED else "error"
        text = f"{shown(each.name)} {WORDS[each.kind]}{_since(each, row.app)}"
        yield command(level, row.app, text)
    for name in row.unreadable:
        yield command("notice", row.app, f"{name} {UNREADABLE}")
    if not row.drifted:
        yield f"{row.app} is in sync with {one_line(row.source)}: {row.equal} equal."


def reason(row: Unchecked) -> str:
    """Why an app was not checked, and what to do."""
    step = f"; {row.failure.next_step}" if row.failure.next_step else ""
    return f"could not be checked: {row.failure}{step}"


def _since(each: Drifted, app: str) -> str:
    if isinstance(each.origin, Brought):
        release = each.origin.release
        when = f" ({release.created_at})" if release.created_at else ""
        return f" since v{release.version}{when}: {history_command(app, each.name)}"
    return f": {since(each.origin)}" if each.origin else ""


def since(origin: Origin | None) -> str:
    """Since when a var is as it is, without the person."""
    match origin:
        case None:
            return ""
        case Brought(release):
            return f"v{release.version} {release.created_at or ''}".strip()
        case Before(version):
            return f"before v{version}"
        case Never():
            return "it was never set"
        case Unknown():
            return "since when is unknown"


def command(level: str, title: str, text: str, **where: str) -> str:
    """Escaped as GitHub's own toolkit does (actions/toolkit, `command.ts`)."""
    where["title"] = title
    properties = ",".join(f"{key}={_property(word)}" for key, word in where.items())
    return f"::{level} {properties}::{_escaped(text)}"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    text = within_line(text, keep="\r\n")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
