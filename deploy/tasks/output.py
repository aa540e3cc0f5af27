"""In which form, and when, a task shows a plan, what became of it, and an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..report import text

if TYPE_CHECKING:
    from ..errors import DeployError
    from ..plan.outcome import Diff, Synced
    from ..report.reveal import Reveal
    from .terminal import Terminal


class PlanOutput(NamedTuple):
    """As text the plan at once, then a line on what was done; as JSON one document at the end."""

    terminal: Terminal
    reveal: Reveal
    is_json: bool

    def show_plan(self, found: Diff) -> None:
        if not self.is_json:
            color, width = self.terminal.has_color, self.terminal.width
            self.terminal.report(text.diff(found, self.reveal, color=color, width=width))

    def show_refused(self, found: Diff) -> None:
        """Show the plan to the person who is refused, where the report does not show it."""
        if self.is_json:
            width = self.terminal.note_width
            self.terminal.plan(text.diff(found, self.reveal, width=width))

    def plan_above_question(self, found: Diff) -> str:
        """The plan, where the terminal does not show it yet: in JSON, or with `| tee log`."""
        if not self.is_json and self.terminal.is_showing_report:
            return ""
        return text.diff(found, self.reveal, width=self.terminal.question_width)

    def show_result(self, found: Diff, done: Synced | None = None) -> None:
        if self.is_json:
            from ..report import json  # noqa: PLC0415  # not needed for text

            self.terminal.result(json.diff(found, self.reveal, done=done))
        elif done:
            self.terminal.result(text.synced(done, can_undo=found.can_undo))


def append_to_summary(text: str, terminal: Terminal) -> None:
    """Append to the summary of a job of GitHub's, where this is one."""
    import os  # noqa: PLC0415  # one format needs these
    from pathlib import Path  # noqa: PLC0415

    if path := os.environ.get("GITHUB_STEP_SUMMARY"):
        try:
            with Path(path).open("a", encoding="utf-8") as summary:
                summary.write(text)
        except OSError as error:
            terminal.note(f"warning: the job's summary cannot be written ({error.strerror})")


def show_error(failure: DeployError, terminal: Terminal, *, task: str, format_: object) -> None:
    """Show an error in the task's format, and in words on standard error."""
    if format_ == "json":
        from ..report import json  # noqa: PLC0415  # not needed for text

        terminal.report(json.error(failure))
    elif format_ == "github" and task in ("drift", "check", "review"):
        from ..report import github  # noqa: PLC0415  # not needed for text

        terminal.report(github.error(str(failure), task=f"config.{task}"))
    elif format_ == "markdown" and task in ("drift", "review"):
        from ..report import markdown  # noqa: PLC0415  # not needed for text

        terminal.report(markdown.error(failure, task=f"config.{task}"))
    terminal.error(failure)
