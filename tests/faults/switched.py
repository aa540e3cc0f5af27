"""What a story switches on: what no source settles, and release phases."""

from .api import Phase, Switches
from .story import Story


def switches(story: Story) -> Switches:
    on = {fault.kind for fault in story.faults if not fault.endpoint}
    found = Switches(
        pending_is_carried="pending-apart" not in on,
        nothing_is_released="nothing-unreleased" not in on,
        names_in_attachments="names-unlisted" not in on,
        has_settings="has-settings" in on,
        tells_account="account-refused" not in on,
    )
    for kind, phase in _PHASES.items():
        if kind in on:
            found.phase = phase
    found.pending_shows = "404" if "shows-404" in on else "old" if "shows-old" in on else "new"
    found.failed = "shown" if "failed-shown" in on else "carried" if "failed-carried" in on else ""
    found.failed = found.failed or "reverted"
    return found


_PHASES = {
    "phase-succeeds": Phase(20, "succeeded"),
    "phase-fails": Phase(20, "failed"),
    "phase-expires": Phase(40 * 60, "expired"),
    "phase-never": Phase(float("inf"), "expired"),
}
