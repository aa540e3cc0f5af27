"""Outcomes as GitHub's workflow commands, and as a table for the job's summary.

CI logs are widely read: no value is in either, revealed or not, and no person.
"""

from __future__ import annotations

import re
from posixpath import normpath
from typing import TYPE_CHECKING

from ..names import kinds_of, listed, shown
from ..plan.blame import Before, Brought, Never, Unknown
from ..plan.drift import Drift, Kind, Unchecked
from . import text_ready
from .layout import one_line, printable
from .tables import verdict
from .text_drift import history_command, next_steps
from .text_ready import read_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..checks.finding import Checked
    from ..errors import DeployError
    from ..plan.blame import Origin
    from ..plan.drift import Drifted, Row
    from ..plan.readiness import Readiness
    from ..project.code.needs import Need, Obstacle

_WORDS = {
    Kind.CHANGED: "differs on Heroku",
    Kind.MISSING: "is missing on Heroku",
    Kind.UNMANAGED: "is only on Heroku",
}
_UNREADABLE = "cannot be read on Heroku, and was not compared"


def drift(rows: Sequence[Row]) -> str:
    """A command for each finding: an error, but a warning for what is only on Heroku."""
    return "\n".join([*(line for row in rows for line in _commands(row)), *next_steps(rows)])


def summary(rows: Sequence[Row], stopped: DeployError | None = None) -> str:
    """A Markdown table, a line for each app that is not in sync; `stopped` if some are missing."""
    in_sync = sum(isinstance(row, Drift) and not row.drifted for row in rows)
    total = f"{len(rows)} {kinds_of(row.app for row in rows)}"
    head = f"### Config drift: {in_sync} of {total} in sync\n"
    if stopped is not None:
        head += f"\n{_cell(str(stopped))}\n"
    cells = [each for row in rows for each in _cells(row)]
    if not cells:
        return head
    lines = ["", "| app | var | what | since |", "|---|---|---|---|"]
    lines += (f"| {' | '.join(map(_cell, each))} |" for each in cells)
    return head + "\n".join(lines) + "\n"


def error(text: str, *, task: str) -> str:
    """A command for what ended the task."""
    return _command("error", task, text)


def checked(found: Checked) -> str:
    """An annotation at the line of each finding; a notice for a note.

    GitHub knows files by their path from the top of the repository.
    """
    lines = []
    for finding in found.shown:
        level = "notice" if finding.is_note else "error"
        line = {"line": str(finding.line)} if finding.line else {}
        lines.append(
            _command(
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
        _command(
            *("error", found.where),
            f"{each.name} is missing on {found.where}; needed by {read_by(each)}",
            **_place(each.places[0], below),
        )
        for each in found.missing
    ]
    lines += [
        _command("error", found.where, f"{shown(each.name)} {each.reason}") for each in found.unfit
    ]
    if found.lacking:
        text = f"{found.like} has, and {found.where} lacks: {listed(found.lacking)}"
        lines.append(_command("notice", found.where, text))
    for obstacle in found.obstacles:
        level = "error" if obstacle.is_whole_file else "notice"
        lines.append(_command(level, found.where, obstacle.reason, **_place(obstacle, below)))
    return "\n".join([*lines, one_line(text_ready.verdict(found))])


def _place(where: Need | Obstacle, below: str) -> dict[str, str]:
    line = {"line": str(where.line)} if where.line else {}
    return {"file": below + where.path, **line}


def _commands(row: Row) -> Iterator[str]:
    if isinstance(row, Unchecked):
        yield _command("error", row.app, _reason(row))
        return
    if row.drifted:
        yield f"{row.app} drifted from {one_line(row.source)}:"
    for each in row.drifted:
        level = "warning" if each.kind is Kind.UNMANAGED else "error"
        text = f"{shown(each.name)} {_WORDS[each.kind]}{_since(each, row.app)}"
        yield _command(level, row.app, text)
    for name in row.unreadable:
        yield _command("notice", row.app, f"{name} {_UNREADABLE}")
    if not row.drifted:
        yield f"{row.app} is in sync with {one_line(row.source)}: {row.equal} equal."


def _reason(row: Unchecked) -> str:
    step = f"; {row.failure.next_step}" if row.failure.next_step else ""
    return f"could not be checked: {row.failure}{step}"


def _since(each: Drifted, app: str) -> str:
    if isinstance(each.origin, Brought):
        release = each.origin.release
        when = f" ({release.created_at})" if release.created_at else ""
        return f" since v{release.version}{when}: {history_command(app, each.name)}"
    return f": {_origin(each.origin)}" if each.origin else ""


def _cells(row: Row) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(row, Unchecked):
        yield row.app, "", _reason(row), ""
        return
    for each in row.drifted:
        yield row.app, shown(each.name), _WORDS[each.kind], _origin(each.origin)
    for name in row.unreadable:
        yield row.app, shown(name), _UNREADABLE, ""


def _origin(origin: Origin | None) -> str:
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


def _command(level: str, title: str, text: str, **where: str) -> str:
    """Escaped as GitHub's own toolkit does (actions/toolkit, `command.ts`)."""
    where["title"] = title
    properties = ",".join(f"{key}={_property(word)}" for key, word in where.items())
    return f"::{level} {properties}::{_escaped(text)}"


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _escaped(text: str) -> str:
    text = printable(text, keep="\r\n")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _cell(text: str) -> str:
    """Text that can neither end a cell nor be Markdown or HTML, nor become a link.

    GitHub looks for addresses after escapes were read, too, and not across a comment (the readme of
    micromark-extension-gfm-autolink-literal).
    """
    flat = " ".join(printable(text).split())
    plain = "".join(f"\\{char}" if char in "\\`*_{}[]<>()#+-!|~&" else char for char in flat)
    return re.sub(r"www(?=\.)|:(?=/)|@", r"\g<0><!-- -->", plain, flags=re.IGNORECASE)
