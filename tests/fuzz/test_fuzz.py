"""Some hundred examples of each subject, new ones in each run; `-m tests.fuzz` runs millions."""

from random import SystemRandom

import pytest

from tests.fuzz import NAMES, run

EXAMPLES = 300


@pytest.mark.parametrize("name", NAMES)
def test_random_input_breaks_nothing(name: str) -> None:
    seed = str(SystemRandom().randrange(10**6))
    assert [str(failure) for failure in run(name, examples=EXAMPLES, seed=seed)] == []
