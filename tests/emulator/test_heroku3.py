"""heroku3, a client of another author, against the emulator. `.ci/run` installs it.

It knows no address but Heroku's, so it is told the emulator's where it keeps that.
"""

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
import requests

from deploy.emulator import App, Emulator
from deploy.emulator.sample import add_samples

from .schema import check

if TYPE_CHECKING:
    from heroku3.api import Heroku

pytestmark = pytest.mark.cli


@pytest.fixture
def app(emulator: Emulator) -> App:
    add_samples(emulator)
    return emulator.app("demo")


@pytest.fixture
def heroku(emulator: Emulator, app: App) -> "Heroku":
    try:
        from heroku3.api import Heroku  # noqa: PLC0415  # only these tests need it
    except ImportError:
        pytest.fail("heroku3 must be installed (pip install heroku3 six)", pytrace=False)
    session = requests.Session()
    session.trust_env = False  # no netrc, no proxy
    session.hooks["response"].append(as_published)
    heroku = Heroku(session=session)
    heroku._heroku_url = emulator.url
    assert heroku.authenticate("any-key")
    return heroku


def as_published(response: requests.Response, **_: object) -> None:
    request = response.request
    assert request.method
    assert request.url
    path = unquote(urlsplit(request.url).path)
    accept = request.headers["Accept"]
    check(request.method, path, accept=accept, status=response.status_code, text=response.text)


def test_its_key_comes_as_a_password_without_a_user(heroku: "Heroku", emulator: Emulator) -> None:
    heroku.apps()
    assert {request.scheme for request in emulator.requests} == {"Basic"}


def test_it_lists_the_apps(heroku: "Heroku", app: App, emulator: Emulator) -> None:
    staging = emulator.app("demo-staging")
    assert {(each.name, each.id) for each in heroku.apps()} == {
        ("demo", app.id),
        ("demo-staging", staging.id),
    }
    assert heroku.apps(order_by="name", sort="desc", limit=1)[0].name == "demo-staging"


def test_it_reads_every_var(heroku: "Heroku", app: App) -> None:
    assert heroku.app("demo").config().to_dict() == app.vars


def test_it_sets_and_removes_a_var_in_a_release_each(heroku: "Heroku", app: App) -> None:
    before = len(app.releases)
    config = heroku.app("demo").config()
    config["NEW"] = "a b"
    assert config["NEW"] == app.vars["NEW"] == "a b"
    del config["LEGACY_FLAG"]
    assert "LEGACY_FLAG" not in app.vars
    assert [each.description for each in app.releases[before:]] == [
        "Set NEW config vars",
        "Remove LEGACY_FLAG config vars",
    ]


def test_it_sends_the_whole_config_back_with_one_change(heroku: "Heroku", app: App) -> None:
    changed = {**app.vars, "LOG_LEVEL": "debug"}
    heroku.app("demo").update_config(changed)
    assert app.vars == changed
    assert app.releases[-1].description == "Set LOG_LEVEL config vars"


def test_it_is_refused_an_owned_var_in_herokus_words(heroku: "Heroku", app: App) -> None:
    config = heroku.app("demo").config()
    with pytest.raises(requests.HTTPError, match="Cannot overwrite attachment values DATABASE_URL"):
        config["DATABASE_URL"] = "x"
    assert app.vars["DATABASE_URL"] != "x"


def test_it_lists_the_releases_over_more_than_a_page(heroku: "Heroku", app: App) -> None:
    for _ in range(250):
        app.deploy()
    listed = heroku.app("demo").releases()
    assert [each.version for each in listed] == [each.version for each in app.releases]
    assert listed[-1].id == app.releases[-1].id
    newest = heroku.app("demo").releases(order_by="version", sort="desc", limit=1)
    assert [each.version for each in newest] == [app.releases[-1].version]


def test_it_rolls_back_to_a_release(heroku: "Heroku", app: App) -> None:
    target = app.releases[2]
    made = heroku.app("demo").rollback(target.id)
    assert (made.version, made.description) == (len(app.releases), "Rollback to v3")
    assert app.vars == target.vars


def test_it_sees_add_ons_processes_keys_and_maintenance(
    heroku: "Heroku", app: App, emulator: Emulator
) -> None:
    key = emulator.authorize("nightly", ["read"])
    demo = heroku.app("demo")
    assert [each.name for each in demo.addons()] == ["postgresql-curved-12345"]
    assert [each.type for each in demo.process_formation()] == ["web"]
    assert [each.id for each in heroku.oauthauthorizations()] == [key.id]
    assert heroku.account().email == "you@example.com"
    demo.enable_maintenance_mode()
    assert app.maintenance
    assert heroku.create_app("fresh-app").config().to_dict() == {}
