"""How much a search is told: what it costs grows with that, on any machine."""

import random
import string

import pytest

from deploy.checks.hardcoded.needles import needles
from deploy.envfile import parser
from deploy.project import grep
from deploy.project.facts import Env, Project


def searched(count: int) -> list[bytes]:
    """What is looked for of so many keys of 32 letters and digits."""
    choose, letters = random.Random(1), string.ascii_letters + string.digits
    lines = (f"API_KEY_{n}={''.join(choose.choices(letters, k=32))}\n" for n in range(count))
    env = Env(".env.production", parser.parse("".join(lines).encode(), source=".env.production"))
    return needles(Project((env,))).searched


@pytest.mark.parametrize("count", [1, 60])
def test_a_value_is_looked_for_with_seven_texts(count: int) -> None:
    """As it is, and either half of its base64 for each of three places that it can begin at."""
    assert len(searched(count)) == 7 * count


def test_git_is_told_no_more_than_a_few_bytes_of_each_text() -> None:
    """A pattern that grew with the length of the values would take PCRE longer."""
    texts = searched(60)
    pattern = grep.anchors(texts)
    assert pattern.count(b"|") < len(texts)
    assert len(pattern) < 32 * len(texts)
