"""What an app holds: with how many requests, and what may never be taken for a value."""

from collections.abc import Iterator

import pytest

from deploy.emulator import App, Body, Emulator, Fault, Status
from deploy.heroku.client import Heroku
from deploy.heroku.live import read_live

from ..support import FakeClock, at_the_same_time, heroku_at

CONFIG, ATTACHMENTS, SETTINGS, ADDONS = (
    f"/apps/demo/{name}"
    for name in ("config-vars", "addon-attachments", "config-vars-settings", "addons")
)
POSTGRES = "heroku-postgresql:essential-0"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as opened:
        yield opened


@pytest.fixture
def demo(emulator: Emulator) -> App:
    demo = emulator.add_app("demo", {"LEVEL": "info", "TOKEN": "t0ken"})
    demo.add_addon(POSTGRES, "curved", {"DATABASE_URL": "postgres://x"}, attachment="DATABASE")
    return demo


@pytest.fixture
def heroku(emulator: Emulator) -> Iterator[Heroku]:
    with heroku_at(emulator.url, FakeClock()) as opened:
        yield opened


def asked(emulator: Emulator) -> list[str]:
    return sorted(request.path for request in emulator.requests)


BOTH = sorted([CONFIG, ATTACHMENTS])


def test_where_nothing_is_in_doubt_two_requests_do(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    found = read_live(heroku, "demo", wanted=["LEVEL", "TOKEN", "DATABASE_URL"])
    assert (found.names, found.unreadable) == ({"LEVEL", "TOKEN", "DATABASE_URL"}, frozenset())
    assert asked(emulator) == BOTH


@pytest.mark.parametrize("mask", [None, "***", "********", "\u2022" * 8, "[masked]", "<REDACTED>"])
@pytest.mark.parametrize("has_settings", [True, False], ids=["settings", "none"])
def test_a_null_and_a_mask_are_no_values(
    emulator: Emulator, demo: App, heroku: Heroku, mask: str | None, *, has_settings: bool
) -> None:
    demo.hidden.masked["TOKEN"] = mask
    emulator.config_settings = has_settings
    found = read_live(heroku, "demo")
    assert set(found.vars) == {"LEVEL", "DATABASE_URL"}
    assert found.unreadable == {"TOKEN"}
    assert asked(emulator) == sorted([*BOTH, SETTINGS])


@pytest.mark.parametrize("value", ["*", "**", "* * * * *", "*.example.com", "hidden", "masked", ""])
def test_what_only_resembles_a_mask_is_a_value(
    emulator: Emulator, demo: App, heroku: Heroku, value: str
) -> None:
    demo.set_vars({"TOKEN": value})
    assert read_live(heroku, "demo").vars["TOKEN"].reveal() == value
    assert asked(emulator) == BOTH


def test_a_value_that_reads_like_a_mask_and_is_none_is_told_by_the_settings(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.set_vars({"TOKEN": "****"})
    assert read_live(heroku, "demo").vars["TOKEN"].reveal() == "****"
    emulator.config_settings = False
    assert read_live(heroku, "demo").unreadable == {"TOKEN"}


def test_a_masked_var_that_is_left_out_is_not_taken_for_absent(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.hidden.masked["TOKEN"] = None
    emulator.inject(Fault(what=Body('{"LEVEL": "info"}'), path=CONFIG))
    assert read_live(heroku, "demo", wanted=["LEVEL", "TOKEN"]).unreadable == {"TOKEN"}


def test_an_owned_name_that_is_absent_raises_no_doubt(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    read_live(heroku, "demo", wanted=["DATABASE_URL", "HEROKU_APP_NAME"])
    assert asked(emulator) == BOTH


@pytest.mark.parametrize(
    "fault",
    [Status(404), Status(403), Status(410), Body("{}"), Body("<html>"), Body('[{"key": "TOKEN"}]')],
    ids=["404", "403", "410", "an object", "a page", "another shape"],
)
def test_nothing_depends_on_the_settings(
    emulator: Emulator, demo: App, heroku: Heroku, fault: Status | Body
) -> None:
    demo.hidden.masked["TOKEN"] = None
    emulator.inject(Fault(what=fault, path=SETTINGS))
    found = read_live(heroku, "demo", wanted=["NEW"])
    assert (set(found.vars), found.unreadable) == ({"LEVEL", "DATABASE_URL"}, {"TOKEN"})
    assert found.ownership.names == {"DATABASE_URL"}


def test_who_is_careful_learns_of_masks_that_nobody_knows_in_the_same_round_trip(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    demo.hidden.masked["TOKEN"] = "not to be told"
    assert "TOKEN" in read_live(heroku, "demo").vars
    at_the_same_time(emulator, CONFIG, ATTACHMENTS, SETTINGS)
    assert read_live(heroku, "demo", is_careful=True).unreadable == {"TOKEN"}


def test_where_attachments_name_no_vars_the_settings_do(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.inclusion = False
    found = read_live(heroku, "demo", wanted=["NEW"])
    assert found.ownership.names == {"DATABASE_URL"}
    assert asked(emulator) == sorted([*BOTH, SETTINGS])


def test_where_neither_does_the_addons_are_asked(
    emulator: Emulator, demo: App, heroku: Heroku
) -> None:
    emulator.inclusion = emulator.config_settings = False
    assert read_live(heroku, "demo").ownership.names == {"DATABASE_URL"}
    assert asked(emulator) == sorted([*BOTH, SETTINGS, ADDONS])
