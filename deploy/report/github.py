"""Outcomes as GitHub's workflow commands, and as a table for the job's summary.

CI logs are widely read: no value is in either, revealed or not, and no person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..names import shown
from ..plan.blame import Before, Brought, Never
from ..plan.drift import Drift, Kind, Unchecked
from .layout import printable, verdict
from .steps import after_drift, releases_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..checks.finding import Checked
    from ..errors import DeployError
    from ..plan.blame import Origin
    from ..plan.drift import Drifted, Row

_WORDS = {
    Kind.CHANGED: "differs on Heroku",
    Kind.MISSING: "is missing on Heroku",
    Kind.UNMANAGED: "is only on Heroku",
}


_UNREADABLE = "cannot be read on Heroku, and was not compared"


def drift(rows: Sequence[Row]) -> str:
    """A command for each finding: an error, but a warning for what is only on Heroku."""
    return "\n".join([*(line for row in rows for line in _commands(row)), *after_drift(rows)])


def summary(rows: Sequence[Row], stopped: DeployError | None = None) -> str:
    """A Markdown table, a line for each app that is not in sync; `stopped` if some are missing."""
    drifted = [row for row in rows if not isinstance(row, Drift) or row.drifted]
    head = f"### Config drift: {len(rows) - len(drifted)} of {len(rows)} apps in sync\n"
    if stopped is not None:
        head += f"\n{_cell(str(stopped))}\n"
    told = [row for row in rows if row in drifted or (isinstance(row, Drift) and row.unreadable)]
    if not told:
        return head
    lines = ["", "| app | var | what | since |", "|---|---|---|---|"]
    for row in told:
        lines += (f"| {' | '.join(map(_cell, cells))} |" for cells in _cells(row))
    return head + "\n".join(lines) + "\n"


def error(text: str, *, task: str) -> str:
    """A command for what ended the task."""
    return _command("error", task, text)


def checked(found: Checked) -> str:
    """An annotation at the line of each finding; a notice for a note."""
    lines = []
    for finding in found.findings:
        level = "notice" if finding.is_note else "error"
        where = {"file": finding.path, "line": str(finding.line)} if finding.line else {}
        where = where or {"file": finding.path}
        lines.append(_command(level, finding.rule, finding.message, **where))
    return "\n".join([*lines, verdict(found)])


def _commands(row: Row) -> Iterator[str]:
    if isinstance(row, Unchecked):
        yield _command("error", row.app, _reason(row))
        return
    if row.drifted:
        yield f"{row.app} drifted from {printable(row.source, keep='')}:"
    for each in row.drifted:
        level = "warning" if each.kind is Kind.UNMANAGED else "error"
        text = f"{shown(each.name)} {_WORDS[each.kind]}{_since(each, row.app)}"
        yield _command(level, row.app, text)
    for name in row.unreadable:
        yield _command("notice", row.app, f"{name} {_UNREADABLE}")
    if not row.drifted:
        yield f"{row.app} is in sync with {printable(row.source, keep='')}: {row.equal} equal."


def _reason(row: Unchecked) -> str:
    step = f"; {row.failure.next_step}" if row.failure.next_step else ""
    return f"could not be checked: {row.failure}{step}"


def _since(each: Drifted, app: str) -> str:
    match each.origin:
        case Brought(release):
            when = f" ({release.created_at})" if release.created_at else ""
            return f" since v{release.version}{when}: {releases_of(app, each.name)}"
        case None:
            return ""
        case origin:
            return f": {_other(origin)}"


def _other(origin: Origin) -> str:
    match origin:
        case Before(version):
            return f"before v{version}"
        case Never():
            return "it was never set"
        case _:
            return "since when is unknown"


def _cells(row: Row) -> Iterator[tuple[str, str, str, str]]:
    if isinstance(row, Unchecked):
        yield row.app, "", _reason(row), ""
        return
    for each in row.drifted:
        match each.origin:
            case Brought(release):
                since = f"v{release.version} {release.created_at or ''}".strip()
            case None:
                since = ""
            case origin:
                since = _other(origin)
        yield row.app, shown(each.name), _WORDS[each.kind], since
    for name in row.unreadable:
        yield row.app, shown(name), _UNREADABLE, ""


def _command(level: str, title: str, text: str, **where: str) -> str:
    """Escaped as GitHub's own toolkit does (actions/toolkit, `command.ts`)."""
    properties = ",".join(
        f"{key}={_property(word)}" for key, word in {**where, "title": title}.items()
    )
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
