"""The stand-in answers as the tasks need it, and as Heroku's schema has it."""

from collections.abc import Iterator

import pytest

from deploy.heroku.client import Heroku
from deploy.heroku.live import read_live
from deploy.secret import Secret
from deploy.stories.history import history

from ..emulator.schema import check
from ..support import FakeClock, heroku_at
from .api import Answers, Api, serving, values

PLAIN, INCLUDED = (f"application/vnd.heroku+json; version={which}" for which in ("3", "3.sdk"))


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with serving() as api:
        yield api


@pytest.fixture
def heroku(api: Api) -> Iterator[Heroku]:
    with heroku_at(api.url, FakeClock()) as heroku:
        yield heroku


def test_an_app_holds_as_many_vars_as_its_name_says_and_one_of_an_add_on(heroku: Heroku) -> None:
    live = read_live(heroku, "vars-3-007", is_careful=True)
    held = {name: value.reveal() for name, value in live.vars.items()}
    assert held.pop("DATABASE_URL").startswith("postgres:")
    assert (held, live.unreadable) == (values(3), frozenset())
    assert live.ownership.names == {"DATABASE_URL"}


@pytest.mark.parametrize("count", [1, 12, 1_500])
def test_an_app_has_as_many_releases_as_its_name_says(count: int, heroku: Heroku) -> None:
    listed = list(heroku.releases(f"releases-{count}", 1_000))
    assert [release.version for release in listed] == list(range(count, 0, -1))


def test_each_release_changed_one_var(heroku: Heroku) -> None:
    found = history(heroku, "releases-5", limit=5)
    changes = [[change.name for change in each.changes or ()] for each in found.revisions]
    assert changes[:4] == [["VERSION"]] * 4
    assert len(changes) == found.seen == 5


def test_what_is_changed_is_a_third_release_of_that_app_alone(heroku: Heroku) -> None:
    heroku.write("vars-2-001", {"NAME_0": Secret("new"), "NAME_1": None, "MORE": Secret("m")})
    held = {name: value.reveal() for name, value in heroku.vars("vars-2-001").vars.items()}
    assert held == {"NAME_0": "new", "MORE": "m", "DATABASE_URL": held["DATABASE_URL"]}
    assert [each.version for each in heroku.newest_releases("vars-2-001")] == [3, 2, 1]
    assert heroku.release_vars("vars-2-001", 3) == heroku.vars("vars-2-001")
    assert heroku.release_vars("vars-2-001", 2) == heroku.vars("vars-2-002")


def test_it_counts_what_it_answered(api: Api, heroku: Heroku) -> None:
    before = api.answered
    read_live(heroku, "vars-1")
    assert api.answered - before == 2


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/apps/vars-3/config-vars", PLAIN),
        ("/apps/vars-3/config-vars-settings", INCLUDED),
        ("/apps/vars-3/addon-attachments", INCLUDED),
        ("/apps/vars-3/releases", PLAIN),
        ("/apps/vars-3/releases/2", PLAIN),
        ("/apps/vars-3/releases/2/config-vars", PLAIN),
        ("/apps/another/config-vars", PLAIN),
    ],
)
def test_it_answers_in_the_shapes_of_herokus_schema(path: str, accept: str) -> None:
    head, _, body = Answers().to(f"GET {path} HTTP/1.1".encode()).partition(b"\r\n\r\n")
    check("GET", path, accept=accept, status=int(head.split()[1]), text=body.decode())
