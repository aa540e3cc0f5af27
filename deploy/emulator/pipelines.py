"""A pipeline: which apps are coupled to it, and the config vars of its stages.

The vars of a stage belong to no app: there are no releases of them, and nobody owns one.
"""

from dataclasses import dataclass, field

from .app import App
from .facts import identifier

APP_STAGES = ("review", "development", "staging", "production")
STAGES = ("test", *APP_STAGES)


@dataclass(frozen=True, slots=True)
class Coupling:
    app: App
    stage: str
    id: str
    created_at: str


@dataclass(slots=True)
class Pipeline:
    """May be changed at any time, under the platform's lock."""

    name: str
    created_at: str
    id: str = field(init=False)
    couplings: list[Coupling] = field(default_factory=list)
    vars: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.id = identifier("pipeline", self.name)
        self.vars = {stage: {} for stage in STAGES}

    def couple(self, app: App, stage: str) -> Coupling:
        """Put an app into a stage; raises ValueError for a stage that holds none."""
        if stage not in APP_STAGES:
            raise ValueError(f"an app is in one of {', '.join(APP_STAGES)}, not in {stage}")
        made = Coupling(app, stage, identifier("coupling", self.name, app.name), self.created_at)
        self.couplings.append(made)
        return made
