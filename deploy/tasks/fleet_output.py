"""In which form, and when, a plan for many apps is shown, and how each of them ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import Declined
from ..report import text_fleet
from ..report.text import dry_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import DeployError
    from ..plan.fleet import Fleet
    from ..plan.fleet_outcome import Row
    from ..report.reveal import Reveal
    from .terminal import Terminal


class FleetOutput(NamedTuple):
    """As text the plan at once, then how each app ended; as JSON one document at the end."""

    terminal: Terminal
    reveal: Reveal
    is_json: bool

    def show_plan(self, found: Fleet) -> None:
        if not self.is_json:
            color, width = self.terminal.has_color, self.terminal.width
            self.terminal.report(text_fleet.plan(found, self.reveal, color=color, width=width))

    def plan_above_question(self, found: Fleet) -> str:
        """The plan, where the terminal does not show it yet: in JSON, or with `| tee log`."""
        if not self.is_json and self.terminal.is_showing_report:
            return ""
        return text_fleet.plan(found, self.reveal, width=self.terminal.question_width)

    def show_diff(self, found: Fleet) -> None:
        if self.is_json:
            self._show(found)

    def show_dry_run(self, found: Fleet, needs: Sequence[str]) -> None:
        if self.is_json:
            self._show(found, needs=needs)
        else:
            self.terminal.result(dry_run(needs))

    def show_refused(self, found: Fleet, rows: Sequence[Row], failure: DeployError) -> None:
        """Nothing was begun; whoever is refused sees the plan in any case."""
        if self.is_json:
            if not isinstance(failure, Declined):  # it stood above the question
                width = self.terminal.note_width
                self.terminal.plan(text_fleet.plan(found, self.reveal, width=width))
            self._show(found, rows=rows, error=failure)
        self.terminal.error(failure)

    def show_ended(self, found: Fleet, rows: Sequence[Row], failure: DeployError | None) -> None:
        if self.is_json:
            self._show(found, rows=rows, error=failure)
        elif found.differing or failure:
            self.terminal.result(text_fleet.ended(rows, width=self.terminal.width))
        else:
            self.terminal.result("Nothing to do.")
        if failure:
            self.terminal.error(failure)

    def _show(
        self,
        found: Fleet,
        *,
        rows: Sequence[Row] | None = None,
        needs: Sequence[str] | None = None,
        error: DeployError | None = None,
    ) -> None:
        from ..report import json_fleet  # noqa: PLC0415  # not needed for text

        self.terminal.result(
            json_fleet.fleet(found, self.reveal, rows=rows, needs=needs, error=error)
        )
