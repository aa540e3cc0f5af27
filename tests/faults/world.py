"""The world of one story: the app, the folder, the clock, and what befalls each request."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path

from deploy.errors import Terminated

from .api import OURS, THEIRS, App, Owned, Phase, Vars
from .clock import Clock
from .story import ACTS, APP, FILE, IGNORED, STOPS, Fault, Story
from .switched import switches

LONGEST_LAG = 8.0
"""Seconds that an answer may be old."""


@dataclass
class Sent:
    """A PATCH that went out, and what became of it."""

    call: int
    at: float
    changes: Vars
    told_owned: frozenset[str]
    effect: float | None = None
    """When it took effect, or will."""
    version: int | None = None


class World:
    def __init__(self, story: Story, folder: Path) -> None:
        self.story = story
        self.folder = folder
        self.clock = Clock()
        self.clock.during = self._slept
        self.faults = list(story.faults)
        self.app = App(APP, switches(story))
        self.patches: list[Sent] = []
        self.fired: Counter[str] = Counter()
        self.told_owned: frozenset[str] = frozenset()
        self.edits: list[bytes] = []
        self.locked = b""
        self.asked: list[float] = []
        """When a person was asked, and had answered."""
        self.stopped: set[int] = set()
        """The calls that a signal came into."""
        self.met = {story.key}
        """The secrets that went over the wire in this call, and the API key."""
        self.nulled: set[str] = set()
        """The names whose value could not be read, in some answer."""
        self.threads = 0
        """How many threads deep we are: a signal comes to the main one alone."""
        self.signal: KeyboardInterrupt | None = None
        self.call = 0
        self.counts: Counter[str] = Counter()
        self.last_listed = 0.0
        """When the list of releases was last answered; what came later nobody could know."""
        self._late: list[tuple[float, Callable[[], object]]] = []
        self._spare = list(story.spare) * 9
        self._begin()

    def _begin(self) -> None:
        at = self.clock.now - 900
        self.app.change({}, user=OURS, at=at)
        for place, changes in enumerate(self.story.releases):
            user = OURS if place % 2 else THEIRS
            self.app.change(changes, user=user, at=at + 60 * place)
        for place, (name, vars_, owner) in enumerate(self.story.addons):
            self.app.attach(name, vars_, at=at + 400 + 60 * place, owner=owner)
        self.declare()

    @property
    def file(self) -> Path:
        return self.folder / FILE

    def declare(self) -> None:
        """The env file, as it was at first."""
        lines = [f"{name}='{value}'" for name, value in self.story.declared.items()]
        self.write_file("# kept\n\n" + "\n".join(lines) + "\n")

    def write_file(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")
        self.file.chmod(0o600)

    def turn_to(self, call: int) -> None:
        """Another call begins: its requests are counted from 1."""
        self.call = call
        self.met = {self.story.key}
        self.signal = None
        self.counts.clear()
        self.clock.sleeps = 0

    @property
    def now(self) -> float:
        """The moment, once all has happened that was due."""
        while due := [each for each in self._late if each[0] <= self.clock.now]:
            first = min(due, key=lambda each: each[0])
            self._late.remove(first)
            first[1]()
        return self.clock.now

    def later(self, at: float, act: Callable[[], object]) -> None:
        self._late.append((at, act))

    def calm(self) -> None:
        """No more faults; whatever was on its way has ended."""
        self.faults = []
        self.clock.move(3 * 3600)
        self.app.switches.phase = None
        self.app.end_phases(self.now)
        if self.app.switches.failed == "carried":  # and what failed is in sight again
            self.app.change({}, user=THEIRS, at=self.now)

    # What happens.

    def hits(self, endpoints: Mapping[str, int], when: str) -> list[Fault]:
        """The faults of this moment, each of which happens once."""
        found = [
            fault
            for fault in self.faults
            if fault.endpoint
            and fault.call == self.call
            and fault.when == when
            and endpoints.get(fault.endpoint) == fault.nth
        ]
        for fault in found:
            self.faults.remove(fault)
            self.fired[fault.kind] += 1
        return found

    def question(self) -> None:
        self.counts["question"] += 1
        self.clock.move(40)
        self.happen(self.hits({"question": self.counts["question"]}, "at"), {})
        self.asked.append(self.now)

    def _slept(self, number: int) -> None:
        self.happen(self.hits({"sleep": number}, "at"), {})

    def happen(self, faults: list[Fault], meant: Mapping[str, str | None]) -> None:
        """Let them happen, those that stop us last; `meant` is the change that is under way."""
        for fault in sorted(faults, key=lambda each: each.kind in STOPS):
            if fault.kind in ACTS:
                self._act(fault, dict(meant) or self._declared())

    def _act(self, fault: Fault, meant: Vars) -> None:
        at = self.now
        match fault.kind:
            case "interrupt" | "terminate":
                self.stopped.add(self.call)
                self._stop(Terminated() if fault.kind == "terminate" else KeyboardInterrupt())
            case "slow":
                self.clock.move(1 + fault.arg % 25)
            case "edit":
                self._edit(fault.arg)
            case "addon-arrives":
                name = f"ADDON{fault.arg}"
                self.app.attach(name, {f"{name}_URL": self.spare()}, at=at)
            case "addon-takes":
                name = self._pick(meant, fault.arg)
                self.app.attach(f"TAKES{fault.arg}", {name: self.spare()}, at=at)
            case "addon-leaves":
                self.app.detach(at)
            case "addon-rotates":
                self.app.rotate(self.spare(), at)
            case _:
                self._write(fault, meant, at)

    def _stop(self, signal: KeyboardInterrupt) -> None:
        """In a thread it waits until the main one goes on."""
        if not self.threads:
            raise signal
        self.signal = self.signal or signal

    @contextmanager
    def thread(self) -> Iterator[None]:
        self.threads += 1
        try:
            yield
        finally:
            self.threads -= 1
        if self.signal and not self.threads:
            signal, self.signal = self.signal, None
            raise signal

    def _write(self, fault: Fault, meant: Vars, at: float) -> None:
        """Somebody else writes; what an add-on owns is refused to them as it is to us."""
        user = THEIRS
        changes: Vars = {}
        match fault.kind:
            case "twin":
                changes = meant
            case "twin-ours":
                changes, user = meant, OURS
            case "part":
                changes = {name: meant[name] for name in sorted(meant)[: 1 + len(meant) // 2]}
            case "other" | "change-fails":
                changes = {self._pick(meant, fault.arg): self.spare()}
            case "unrelated":
                changes = {f"COLLEAGUES_{fault.arg % 3}": self.spare()}
            case "removes":
                changes = {self._pick(self.app.live(at), fault.arg): None}
            case "back":
                before = self.app.live(at - 30)
                changes = {name: before.get(name) for name in meant}
        phase = self._phase(fault)
        try:
            self.app.change(changes, user=user, at=at, phase=phase)
        except Owned:
            return

    def _phase(self, fault: Fault) -> Phase | None:
        if fault.kind in ("deploy-fails", "change-fails"):
            return Phase(fault.arg % 20, "failed")
        if fault.kind == "deploy-hangs":
            return Phase(inf, "expired")
        return self.app.switches.phase

    def _declared(self) -> Vars:
        """What a sync would write just now, as far as it matters to those who write the same."""
        live, owned = self.app.shown(self.now), self.app.owned(self.now)
        prefix = IGNORED.rstrip("*")
        return {
            name: value
            for name, value in self.story.declared.items()
            if live.get(name) != value and name not in owned and not name.startswith(prefix)
        }

    def _pick(self, found: Mapping[str, object], arg: int) -> str:
        names = sorted(found) or ["LEVEL"]
        return names[arg % len(names)]

    def spare(self) -> str:
        return self._spare.pop()

    def _edit(self, arg: int) -> None:
        text = self.file.read_text(encoding="utf-8")
        self.write_file(f"{text}# edited {arg}\n")
        self.edits.append(f"# edited {arg}\n".encode())
