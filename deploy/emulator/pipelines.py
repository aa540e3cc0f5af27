"""A pipeline: which apps are coupled to it, and the config vars of its stages.

The vars of a stage belong to no app: there are no releases of them, and nobody owns one. They are
those of apps and runs that do not exist yet, so `staging` and `production` have none.
"""

from dataclasses import dataclass, field

from .app import App
from .facts import identifier
from .hidden import Hidden

APP_STAGES = ("review", "development", "staging", "production")
STAGES = ("test", "review", "development")
"""Those that may have config vars: Terraform's provider knows the first two (its
`heroku_pipeline_config_var`), and of the third nothing is known; see `Platform`."""


@dataclass(frozen=True, slots=True)
class Coupling:
    app: App
    stage: str
    id: str
    created_at: str


@dataclass(slots=True)
class Pipeline:
    """May be changed at any time, under the platform's lock.

    `hidden` are the values that a read does not give, whatever the stage.
    """

    name: str
    created_at: str
    id: str = ""
    couplings: list[Coupling] = field(default_factory=list)
    vars: dict[str, dict[str, str]] = field(default_factory=dict, repr=False)
    hidden: Hidden = field(default_factory=Hidden, repr=False)

    def __post_init__(self) -> None:
        self.id = self.id or identifier("pipeline", self.name)
        self.vars = {stage: {} for stage in STAGES}

    def couple(self, app: App, stage: str) -> Coupling:
        """Put an app into a stage; raises ValueError for a stage that holds none."""
        if stage not in APP_STAGES:
            raise ValueError(f"an app is in one of {', '.join(APP_STAGES)}, not in {stage}")
        made = Coupling(app, stage, identifier("coupling", self.name, app.name), self.created_at)
        self.couplings.append(made)
        return made
