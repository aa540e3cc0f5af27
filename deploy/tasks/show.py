"""In which form, and when, a task shows what it found and did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.report import text

if TYPE_CHECKING:
    from deploy.errors import DeployError
    from deploy.outcome import Comparison, Synced
    from deploy.report import Reveal
    from deploy.tasks.terminal import Terminal


class Text:
    """The plan as soon as it is known, then a line on what was done."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def plan(self, found: Comparison, reveal: Reveal) -> None:
        self._terminal.report(text.comparison(found, reveal, color=self._terminal.has_color))

    def before_question(self, found: Comparison, reveal: Reveal) -> None:
        """The plan stands there already."""

    def end(self, found: Comparison, reveal: Reveal, done: Synced | None = None) -> None:
        if done:
            self._terminal.result(text.synced(done))

    def error(self, failure: DeployError) -> None:
        self._terminal.error(failure)


class Json:
    """One document, at the end; a person who is asked sees the plan on standard error."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def plan(self, found: Comparison, reveal: Reveal) -> None:
        """Nothing yet: one document holds all."""

    def before_question(self, found: Comparison, reveal: Reveal) -> None:
        self._terminal.note(text.comparison(found, reveal))

    def end(self, found: Comparison, reveal: Reveal, done: Synced | None = None) -> None:
        from deploy.report import json  # noqa: PLC0415  # not needed for text

        self._terminal.result(json.comparison(found, reveal, done=done))

    def error(self, failure: DeployError) -> None:
        from deploy.report import json  # noqa: PLC0415  # not needed for text

        self._terminal.report(json.error(failure))
        self._terminal.error(failure)


def form(name: object, terminal: Terminal) -> Text | Json:
    return Json(terminal) if name == "json" else Text(terminal)
