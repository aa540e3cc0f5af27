"""What to do next, as commands to copy: none is broken over two lines."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING

from ..names import LIVE_NAME, is_plain
from ..plan.drift import Drift, Kind
from .layout import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..plan.drift import Row


def after_drift(rows: Sequence[Row]) -> Iterator[str]:
    """The two ways to end a drift; of several apps that drifted none is named."""
    drifted = [row for row in rows if isinstance(row, Drift) and row.drifted]
    if not drifted:
        return
    one = drifted[0] if len(drifted) == 1 else None
    app = one.app if one else "APP"
    named = f" --file {_word(one.named)}" if one and one.named else ""
    takes_pipe = bool(one and one.named == "-")
    vars_ = [each for row in drifted for each in row.drifted]
    kinds = {each.kind for each in vars_ if not each.is_spared}
    # A sync leaves what is only on Heroku, and a pull what is only in the file.
    sync_prunes = " --prune" if Kind.UNMANAGED in kinds else ""
    pull_prunes = " --prune" if Kind.MISSING in kinds else ""
    restore = f"invoke config.sync --app {app}{named}{sync_prunes}"
    take_over = f"invoke config.pull --app {app}{'' if takes_pipe else named}{pull_prunes}"
    needs = ""
    if any(row.is_lock for row in drifted):
        # A lock has digests alone: the values are in the file.
        file = printable(one.source, keep="").removesuffix(".lock") if one else "the env file"
        needs = f", with {file} at hand"
        take_over += " && invoke config.lock"
    if kinds:
        yield f"To restore what was declared{needs}: {restore}"
    yield f"To take over what is live: {take_over}"
    spared = sorted(
        {each.name for each in vars_ if each.is_spared and LIVE_NAME.fullmatch(each.name)}
    )
    if spared := [name for name in spared if is_plain(name)]:
        listed = ", ".join(spared)
        yield f"To leave them where they are, in the settings: provided: [{listed}]"


def releases_of(app: str, name: str) -> str:
    """Which releases moved a var; Heroku's own `releases:info` would print every value in clear."""
    named = f" --name {quote(name)}" if is_plain(name) else ""
    return f"invoke config.history --app {app}{named}"


def _word(text: str) -> str:
    return quote(printable(text, keep=""))
