"""Who controls a var, and which cannot be read: attachments, add-ons and settings."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.errors import BadResponse
from deploy.heroku.api import Request, Response
from deploy.heroku.facts import Attachment, Held, Ownership, Setting
from deploy.heroku.ownership import (
    by_attachments,
    by_settings,
    get_attachments,
    get_settings,
    read_addon_vars,
    read_attachments,
    read_settings,
    with_settings,
)
from deploy.secret import Secret

from .test_api import (
    BODIES,
    NO_JSON,
    STATUSES,
    answer,
    check_any_body,
    check_no_json,
    unreadable,
)

X, Y = Secret("x"), Secret("y")

READERS: dict[str, Callable[[Response], object]] = {
    "attachments": lambda response: read_attachments(response, app="myapp"),
    "add-ons": read_addon_vars,
    "settings": read_settings,
}


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        (get_attachments("myapp"), "/apps/myapp/addon-attachments"),
        (get_settings("myapp"), "/apps/myapp/config-vars-settings"),
    ],
)
def test_a_request_has_the_path_of_the_api(request_: Request, path: str) -> None:
    assert (request_.method, request_.path, request_.app) == ("GET", path, "myapp")
    assert request_.is_read


def test_attachments_are_asked_for_with_their_var_names() -> None:
    assert get_attachments("myapp").headers == {
        "Accept": "application/vnd.heroku+json; version=3.sdk",
        "Accept-Inclusion": "addon:plan,config_vars",
    }


@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
@NO_JSON
def test_a_body_that_is_no_json_is_told_without_a_word_of_it(
    read: Callable[[Response], object], body: bytes
) -> None:
    check_no_json(read, body)


@pytest.mark.parametrize("body", [{}, None, "x", 1, {"A": "x"}], ids=repr)
@pytest.mark.parametrize("what", READERS)
def test_what_is_no_list_is_told(what: str, body: object) -> None:
    assert unreadable(READERS[what], body) == f"the answer is not a list of {what} (200)"


@given(body=BODIES, read=st.sampled_from(list(READERS.values())), status=STATUSES)
def test_any_body_is_read_or_is_an_error_of_ours(
    body: bytes, read: Callable[[Response], object], status: int
) -> None:
    check_any_body(read, body, status)


# Attachments and add-ons.


def attachment(name: str = "DATABASE", app: str = "myapp", **more: object) -> dict[str, object]:
    return {"name": name, "addon": {"app": {"name": app}}, "app": {"name": "myapp"}, **more}


def attachments(*items: object) -> list[Attachment]:
    return read_attachments(answer(list(items)), app="myapp")


def test_an_attachment_is_read_with_the_names_it_controls() -> None:
    found = attachments(attachment(config_vars=["DATABASE_URL", "DATABASE_RO_URL"]))
    assert found == [Attachment("DATABASE", ("DATABASE_URL", "DATABASE_RO_URL"))]


def test_an_attachment_still_being_provisioned_controls_nothing_yet() -> None:
    assert attachments(attachment(config_vars=[])) == [Attachment("DATABASE", ())]


@pytest.mark.parametrize("more", [{}, {"config_vars": None}], ids=["absent", "null"])
@pytest.mark.parametrize(("app", "foreign"), [("myapp", False), ("other", True)])
def test_an_attachment_without_names_tells_whose_addon_it_is(
    app: str, more: dict[str, object], *, foreign: bool
) -> None:
    assert attachments({**attachment(app=app), **more}) == [
        Attachment("DATABASE", None, foreign=foreign)
    ]


@pytest.mark.parametrize(
    "item",
    [
        *(None, [], "x", {}, {"name": "A"}, {"name": None, "config_vars": []}),
        *({"name": "A", "addon": None}, {"name": "A", "addon": {"app": "other"}}),
        *(
            {"config_vars": ["A_URL"]},
            attachment(config_vars=[1]),
            attachment(config_vars=["A", None]),
        ),
        *(attachment(config_vars="A_URL"), attachment(config_vars={"A_URL": "c4nary"})),
    ],
    ids=repr,
)
def test_what_is_no_attachment_is_told_and_not_taken_for_less(item: object) -> None:
    with pytest.raises(BadResponse) as caught:
        attachments(attachment(config_vars=[]), item)
    assert str(caught.value) == "the answer is not an attachment (200)"


def test_the_names_of_all_addons_are_read() -> None:
    body = [{"name": "a", "config_vars": ["A_URL", "B_URL"]}, {"config_vars": []}]
    assert read_addon_vars(answer(body)) == ["A_URL", "B_URL"]


@pytest.mark.parametrize(
    "item", [None, [], "x", {}, {"config_vars": None}, {"config_vars": "A"}, {"config_vars": [1]}]
)
def test_what_is_no_addon_is_told(item: object) -> None:
    assert unreadable(read_addon_vars, [item]) == "the answer is not an add-on (200)"


def test_named_vars_are_owned_and_their_neighbours_are_not() -> None:
    found = by_attachments(
        [
            Attachment("DATABASE", ("DATABASE_URL",)),
            Attachment("SHARED", ("SHARED_URL", "SHARED_KEY"), foreign=True),
        ]
    )
    assert found == Ownership(frozenset({"DATABASE_URL", "SHARED_URL", "SHARED_KEY"}))


def test_without_names_an_attachment_owns_its_url_and_the_addons_their_vars() -> None:
    found = by_attachments([Attachment("GOLD", None)], ["DATABASE_URL"])
    assert found == Ownership(frozenset({"GOLD_URL", "DATABASE_URL"}))


def test_without_names_a_foreign_attachment_may_own_what_begins_with_its_name() -> None:
    found = by_attachments(
        [Attachment("B", None, foreign=True), Attachment("A", None, foreign=True)]
    )
    assert found == Ownership(frozenset({"A_URL", "B_URL"}), foreign=("A", "B"))


def test_an_app_without_addons_owns_nothing() -> None:
    assert by_attachments([]) == Ownership()


# Settings of config vars.


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


def test_the_settings_outweigh_what_else_was_read() -> None:
    held = Held({"PLAIN": X, "MASKED": X}, frozenset({"NULL", "STARS", "UNTOLD"}))
    told = [
        Setting("PLAIN", Y, is_owned=False),
        Setting("MASKED", None, is_owned=False),
        Setting("NULL", None, is_owned=True),
        Setting("STARS", Y, is_owned=False),
        Setting("ABSENT", None, is_owned=False),
    ]
    live = with_settings(held, Ownership(frozenset({"DATABASE_URL"}), ("GOLD",)), told)
    assert live.vars == {"PLAIN": X, "STARS": Y}
    assert live.unreadable == {"MASKED", "NULL", "UNTOLD", "ABSENT"}
    assert live.ownership == Ownership(frozenset({"DATABASE_URL", "NULL"}), ("GOLD",))


def test_where_attachments_name_no_vars_the_settings_name_the_owners() -> None:
    told = [Setting("A_URL", X, is_owned=True), Setting("GOLD_URL", X, is_owned=False)]
    attachments = [Attachment("GOLD", None, foreign=True), Attachment("NEW", None)]
    found = by_settings(attachments, told)
    assert found == Ownership(frozenset({"A_URL", "NEW_URL"}), ())
