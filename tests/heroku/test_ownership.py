"""Who controls a var, and which cannot be read: what the settings of config vars add."""

import json

import pytest

from deploy.errors import BadResponse
from deploy.heroku.api import Response
from deploy.heroku.facts import Attachment, Held, Ownership, Setting
from deploy.heroku.ownership import get_settings, owned_by_settings, read_settings, settled
from deploy.secret import Secret

X, Y = Secret("x"), Secret("y")


def answer(body: object) -> Response:
    return Response(200, {}, json.dumps(body).encode())


def setting(**parts: object) -> dict[str, object]:
    """One as Heroku's newer types have it, with these parts in place of the usual ones."""
    usual = {"attachment": None, "key": "A", "masked": False, "masking_supported": True}
    return {**usual, "value": "x", "value_updated_at": "2026-03-01T04:05:06Z", **parts}


def test_the_settings_are_asked_for_in_the_newer_variant() -> None:
    request = get_settings("myapp")
    assert (request.method, request.path) == ("GET", "/apps/myapp/config-vars-settings")
    assert request.headers == {"Accept": "application/vnd.heroku+json; version=3.sdk"}


@pytest.mark.parametrize(
    ("parts", "read"),
    [
        ({}, Setting("A", X, is_owned=False)),
        ({"attachment": {"id": "1"}}, Setting("A", X, is_owned=True)),
        ({"value": None}, Setting("A", None, is_owned=False)),
        ({"masked": True}, Setting("A", None, is_owned=False)),
        ({"masked": True, "value": "****"}, Setting("A", None, is_owned=False)),
        ({"value": "****"}, Setting("A", Secret("****"), is_owned=False)),
    ],
)
def test_a_value_that_is_masked_is_none(parts: dict[str, object], read: Setting) -> None:
    assert read_settings(answer([setting(**parts)])) == [read]


@pytest.mark.parametrize(
    "item",
    [{}, None, "A", setting(key=1), setting(value=1), setting(masked=None), setting(attachment=1)],
    ids=repr,
)
def test_an_answer_of_another_shape_is_none(item: object) -> None:
    with pytest.raises(BadResponse):
        read_settings(answer([item]))


@pytest.mark.parametrize("body", [{}, None, "x", {"A": "x"}], ids=repr)
def test_anything_but_a_list_is_no_answer_about_settings(body: object) -> None:
    with pytest.raises(BadResponse, match="a list of settings"):
        read_settings(answer(body))


def test_the_settings_outweigh_what_else_was_read() -> None:
    held = Held({"PLAIN": X, "MASKED": X}, frozenset({"NULL", "STARS", "UNTOLD"}))
    told = [
        Setting("PLAIN", Y, is_owned=False),
        Setting("MASKED", None, is_owned=False),
        Setting("NULL", None, is_owned=True),
        Setting("STARS", Y, is_owned=False),
        Setting("ABSENT", None, is_owned=False),
    ]
    live = settled(held, Ownership(frozenset({"DATABASE_URL"}), ("GOLD",)), told)
    assert live.vars == {"PLAIN": X, "STARS": Y}
    assert live.unreadable == {"MASKED", "NULL", "UNTOLD", "ABSENT"}
    assert live.ownership == Ownership(frozenset({"DATABASE_URL", "NULL"}), ("GOLD",))


def test_where_attachments_name_no_vars_the_settings_name_the_owners() -> None:
    told = [Setting("A_URL", X, is_owned=True), Setting("GOLD_URL", X, is_owned=False)]
    attachments = [Attachment("GOLD", None, foreign=True), Attachment("NEW", None)]
    found = owned_by_settings(attachments, told)
    assert found == Ownership(frozenset({"A_URL", "NEW_URL"}), ())
