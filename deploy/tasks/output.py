"""In which form, and when, a task shows what it found and did."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ..report import text
from ..report.reveal import Reveal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import DeployError, Stopped
    from ..plan.drift import Row
    from ..plan.outcome import Diff, Synced
    from .terminal import Terminal


class Text:
    """The plan as soon as it is known, then a line on what was done."""

    def __init__(self, terminal: Terminal, reveal: Reveal) -> None:
        self._terminal = terminal
        self._reveal = reveal

    def plan(self, found: Diff) -> None:
        color, width = self._terminal.has_color, self._terminal.width
        self._terminal.report(text.diff(found, self._reveal, color=color, width=width))

    def before_refusal(self, found: Diff) -> None:
        """The plan stands there already."""

    def above_question(self, found: Diff) -> str:
        """The plan, where standard output has it and the terminal may not: `| tee log`."""
        if self._terminal.is_seen:
            return ""
        return text.diff(found, self._reveal, width=self._terminal.question_width)

    def end(self, found: Diff, done: Synced | None = None) -> None:
        if done:
            self._terminal.result(text.synced(done))

    def drift(self, rows: Sequence[Row], stopped: Stopped | None = None) -> None:
        if rows:
            from ..report import text_drift  # noqa: PLC0415  # not for a plan

            color, width = self._terminal.has_color, self._terminal.width
            self._terminal.report(text_drift.drift(rows, color=color, width=width))
        if stopped:
            self._terminal.error(stopped)

    def error(self, failure: DeployError) -> None:
        self._terminal.error(failure)


class Json:
    """One document, at the end; a person who is asked sees the plan on standard error."""

    def __init__(self, terminal: Terminal, reveal: Reveal) -> None:
        self._terminal = terminal
        self._reveal = reveal

    def plan(self, found: Diff) -> None:
        """Nothing yet: one document holds all."""

    def before_refusal(self, found: Diff) -> None:
        self._terminal.plan(text.diff(found, self._reveal, width=self._terminal.note_width))

    def above_question(self, found: Diff) -> str:
        return text.diff(found, self._reveal, width=self._terminal.question_width)

    def end(self, found: Diff, done: Synced | None = None) -> None:
        from ..report import json  # noqa: PLC0415  # not needed for text

        self._terminal.result(json.diff(found, self._reveal, done=done))

    def drift(self, rows: Sequence[Row], stopped: Stopped | None = None) -> None:
        from ..report import json  # noqa: PLC0415  # not needed for text

        self._terminal.report(json.drift(rows, stopped))
        if stopped:
            self._terminal.error(stopped)

    def error(self, failure: DeployError) -> None:
        from ..report import json  # noqa: PLC0415  # not needed for text

        self._terminal.report(json.error(failure))
        self._terminal.error(failure)


class Github:
    """Workflow commands, and a table in the job's summary."""

    def __init__(self, terminal: Terminal, task: str = "drift") -> None:
        self._terminal = terminal
        self._task = task

    def drift(self, rows: Sequence[Row], stopped: Stopped | None = None) -> None:
        from ..report import github  # noqa: PLC0415  # not needed for text

        if rows:
            self._terminal.report(github.drift(rows))
        if path := os.environ.get("GITHUB_STEP_SUMMARY"):
            self._append(path, github.summary(rows, stopped))
        if stopped:
            self.error(stopped)

    def error(self, failure: DeployError) -> None:
        from ..report import github  # noqa: PLC0415  # not needed for text

        self._terminal.report(github.error(str(failure), task=f"config.{self._task}"))
        self._terminal.error(failure)

    def _append(self, path: str, table: str) -> None:
        try:
            with Path(path).open("a", encoding="utf-8") as summary:
                summary.write(table)
        except OSError as error:
            self._terminal.note(f"warning: the job's summary cannot be written ({error.strerror})")


Form = Text | Json


def form(name: object, terminal: Terminal, reveal: Reveal | None = None) -> Form:
    """The form for a plan, and for errors until more is known."""
    kind = Json if name == "json" else Text
    return kind(terminal, reveal or Reveal())


def drift_form(name: object, terminal: Terminal) -> Form | Github:
    return Github(terminal) if name == "github" else form(name, terminal)


def error_form(task: str, name: object, terminal: Terminal) -> Form | Github:
    """The form for an error; a task that has no github format must not speak it."""
    if name == "github" and task in ("drift", "check"):
        return Github(terminal, task)
    return form(name, terminal)
