"""Read two apps, and put their vars side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import workers
from ..plan import comparison

if TYPE_CHECKING:
    from ..heroku.client import Heroku
    from ..plan.comparison import Comparison
    from ..project.policy import Policy


def compare(heroku: Heroku, here: str, there: str, policy: Policy) -> Comparison:
    other = workers.start(lambda: heroku.vars(there))
    ours, theirs = heroku.vars(here), other()
    return comparison.make(here, there, ours, theirs, policy)
