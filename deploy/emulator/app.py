"""One app: its config vars, releases and attachments, and the rules by which they change.

The rules that belong to a request over HTTP (what is refused, who may) stand in `endpoints`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from .changes import Changes, changed, words
from .facts import Addon, Attachment, Release, ReleasePhase, Status, identifier
from .ledger import Ledger


@dataclass(slots=True)
class _Pending:
    version: int
    changes: Changes
    phase: ReleasePhase
    reads: int = 0


class App:
    """An app of the emulator; every method may be called from any thread.

    `release_phase`, when set, holds back from then on the config changes and rollbacks that come
    over HTTP, and the vars of a new add-on; what else a test does through this object takes effect
    at once. `masked` are names that read as null, or as the mask they have here; `nulls` read as
    null and are not called masked. `maintenance` is what the app says of itself.
    """

    def __init__(
        self,
        name: str,
        vars: Mapping[str, str] | None = None,  # noqa: A002 - the domain's word
        *,
        lock: AbstractContextManager[object],
        clock: Callable[[], str],
        user: str,
    ) -> None:
        self.name = name
        self.id = identifier("app", name)
        self.created_at = clock()
        self.release_phase: ReleasePhase | None = None
        self.masked: dict[str, str | None] = {}
        self.nulls: set[str] = set()
        self.maintenance = False
        self._lock = lock
        self._clock = clock
        self._vars: dict[str, str] = {}
        self._ledger = Ledger(name, clock)
        self._pending: list[_Pending] = []
        self._addons: list[Addon] = []
        self._attachments: list[Attachment] = []
        self._ledger.add("Initial release", user, {})
        if vars:
            self._apply(vars, user)

    @property
    def vars(self) -> Mapping[str, str]:
        """What is live now, as a copy; a read over HTTP may not show all of it."""
        with self._lock:
            return dict(self._vars)

    @property
    def releases(self) -> Sequence[Release]:
        """Every release, oldest first, as it is now."""
        with self._lock:
            return self._ledger.all

    @property
    def addons(self) -> Sequence[Addon]:
        """The add-ons that belong to this app; not those attached from another."""
        with self._lock:
            return tuple(self._addons)

    @property
    def attachments(self) -> Sequence[Attachment]:
        with self._lock:
            return tuple(self._attachments)

    @property
    def owned(self) -> frozenset[str]:
        """The names that attachments control, which nobody may change over HTTP."""
        with self._lock:
            return frozenset(name for each in self._attachments for name in each.config_vars)

    def set_vars(self, changes: Changes, *, user: str = "someone@example.com") -> Release:
        """A writer behind the client's back: changes (None removes) and makes a release at once.

        Nothing is refused: an owned name may change too, as when a provider rotates it.
        """
        with self._lock:
            return self._apply(changes, user)

    def deploy(
        self, description: str = "Deploy 1a2b3c4d", *, user: str = "someone@example.com"
    ) -> Release:
        """A release that changes no config var."""
        with self._lock:
            return self._ledger.add(description, user, self._vars)

    def add_addon(
        self, service: str, name: str, config: Mapping[str, str], *, attachment: str
    ) -> Addon:
        """Create an add-on here; `service` is its plan's name (`heroku-postgresql:essential-0`).

        The names of `config` are set by a release of the provider's and owned from then on.
        It may be empty: an add-on that is still being provisioned. A release phase runs for it.
        """
        with self._lock:
            addon = Addon(
                id=identifier("addon", name),
                name=name,
                plan=service,
                app_id=self.id,
                app_name=self.name,
                created_at=self._clock(),
            )
            self._addons.append(addon)
            self._attach(addon, attachment, config, None, self.release_phase)
            return addon

    def attach(
        self,
        addon: Addon,
        *,
        attachment: str,
        config: Mapping[str, str],
        namespace: str | None = None,
    ) -> None:
        """Attach an add-on of another app, or another credential (`namespace`) of one's own."""
        with self._lock:
            self._attach(addon, attachment, config, namespace, None)

    def finish_release(self, status: str) -> None:
        """End the oldest pending release as `succeeded` or `failed`."""
        with self._lock:
            if not self._pending:
                raise LookupError(f"{self.name} has no pending release")
            if status == "succeeded":
                self._finish(self._pending[0], "succeeded")
            elif status == "failed":
                self._finish(self._pending[0], "failed")
            else:
                raise ValueError(f"a release ends as succeeded or failed, not as {status}")

    def expire_release(self, version: int) -> None:
        """Let a release that is not the current one become `expired`: nothing rolls back to it."""
        with self._lock:
            self._ledger.end(version, "expired")

    def patch(self, changes: Changes, *, user: str, even_without_effect: bool) -> Release | None:
        """A user's change over HTTP, which a release phase holds back; None: it made no release."""
        with self._lock:
            base = self._newest_vars()
            effective = {name: value for name, value in changes.items() if base.get(name) != value}
            if not effective and not even_without_effect:
                return None
            changes = effective or changes
            if self.release_phase is None:
                return self._apply(changes, user)
            return self._hold(changes, words(changes), user, self.release_phase)

    def roll_back(self, release: Release, *, user: str) -> Release:
        """A new release with the vars of an old one, add-on vars included, as Heroku does."""
        with self._lock:
            names = {*self._newest_vars(), *self._vars, *release.vars}
            changes = {name: release.vars.get(name) for name in names}
            description = f"Rollback to v{release.version}"
            if self.release_phase is None:
                self._vars = dict(release.vars)
                return self._ledger.add(description, user, self._vars)
            return self._hold(changes, description, user, self.release_phase)

    def shown(self, vars: Mapping[str, str]) -> Mapping[str, str | None]:  # noqa: A002 - our word
        """These vars as a read answers them."""
        hidden = {**self.masked, **dict.fromkeys(self.nulls)}
        return {name: hidden.get(name, value) for name, value in vars.items()}

    def shown_of(self, release: Release) -> Mapping[str, str | None] | None:
        """The vars of a release as a read of it answers them; None for a 404."""
        with self._lock:
            phases = [each.phase for each in self._pending if each.version == release.version]
            reads = phases[0].pending_reads if phases else "new"
            if reads == "404":
                return None
            return self.shown(release.vars if reads == "new" else self._vars)

    def were_read(self, releases: Iterable[Release]) -> None:
        """Count one read of each release that is pending, and end those that had enough."""
        with self._lock:
            versions = {release.version for release in releases}
            for pending in [each for each in self._pending if each.version in versions]:
                pending.reads += 1
                self._end_if_read_enough(pending)

    def _attach(
        self,
        addon: Addon,
        name: str,
        config: Mapping[str, str],
        namespace: str | None,
        phase: ReleasePhase | None,
    ) -> None:
        """Under a release phase the vars come later, but are owned from now on."""
        self._attachments.append(
            Attachment(
                id=identifier("attachment", self.name, name),
                name=name,
                addon=addon,
                namespace=namespace,
                config_vars=tuple(config),
                created_at=self._clock(),
            )
        )
        description = f"Attach {name} (@ref:{addon.name})"
        provider = f"{addon.service}@addons.heroku.com"
        if phase is not None:
            self._hold(config, description, provider, phase)
            return
        self._vars.update(config)
        self._ledger.add(description, provider, self._vars)

    def _apply(self, changes: Changes, user: str) -> Release:
        self._vars = changed(self._vars, changes)
        return self._ledger.add(words(changes), user, self._vars)

    def _hold(self, changes: Changes, description: str, user: str, phase: ReleasePhase) -> Release:
        after = changed(self._newest_vars(), changes)
        held = self._ledger.add(description, user, after, "pending")
        pending = _Pending(held.version, changes, phase)
        self._pending.append(pending)
        self._end_if_read_enough(pending)
        return held

    def _newest_vars(self) -> Mapping[str, str]:
        """What a user's next change builds on: the newest pending release, or what is live."""
        return self._ledger.of(self._pending[-1].version).vars if self._pending else self._vars

    def _end_if_read_enough(self, pending: _Pending) -> None:
        limit = pending.phase.reads
        if limit is not None and pending.reads >= limit:
            self._finish(pending, pending.phase.outcome)

    def _finish(self, pending: _Pending, status: Status) -> None:
        self._pending.remove(pending)
        self._ledger.end(pending.version, status)
        if status == "succeeded" or pending.phase.failed_reads == "failed":
            self._vars = changed(self._vars, pending.changes)
