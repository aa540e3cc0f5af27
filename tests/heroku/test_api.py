import json
import traceback
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.errors import BadResponse, DeployError
from deploy.heroku import api
from deploy.heroku.api import Request, Response
from deploy.heroku.facts import Held, Release, Status
from deploy.secret import Secret

READERS: dict[str, Callable[[Response], object]] = {
    "vars": api.read_vars,
    "releases": api.read_releases,
    "release": api.read_release,
}
STEP = "a proxy may have answered for Heroku: check HEROKU_HOST and the proxy"


def answer(body: object, *, status: int = 200, **headers: str) -> Response:
    """An answer; header names with underscores for dashes."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {name.replace("_", "-"): text for name, text in headers.items()}, data)


def unreadable(read: Callable[[Response], object], body: object) -> str:
    with pytest.raises(BadResponse) as caught:
        read(answer(body))
    return str(caught.value)


# Requests.


@pytest.mark.parametrize(
    ("request_", "method", "path"),
    [
        (api.get_vars("myapp"), "GET", "/apps/myapp/config-vars"),
        (api.patch_vars("myapp", {}), "PATCH", "/apps/myapp/config-vars"),
        (api.get_releases("myapp", newest=1), "GET", "/apps/myapp/releases"),
        (api.get("myapp"), "GET", "/apps/myapp"),
        (api.get("myapp", "/releases/7"), "GET", "/apps/myapp/releases/7"),
    ],
)
def test_a_request_has_the_path_of_the_api(request_: Request, method: str, path: str) -> None:
    assert (request_.method, request_.path, request_.app) == (method, path, "myapp")
    assert request_.is_read is (method == "GET")


@pytest.mark.parametrize(
    "request_",
    [
        api.get_vars("myapp"),
        api.patch_vars("myapp", {}),
        api.get("myapp", "/addons"),
    ],
)
def test_a_request_asks_for_version_3(request_: Request) -> None:
    assert request_.headers == {"Accept": "application/vnd.heroku+json; version=3"}


def test_an_account_is_asked_for_in_version_3_too() -> None:
    request_ = api.get_account()
    assert (request_.method, request_.path, request_.app) == ("GET", "/account", "")
    assert (request_.is_read, request_.body()) == (True, None)
    assert request_.headers == {"Accept": "application/vnd.heroku+json; version=3"}


def test_releases_are_asked_for_newest_first_with_one_semicolon() -> None:
    assert api.get_releases("myapp", newest=10).headers == {
        "Accept": "application/vnd.heroku+json; version=3",
        "Range": "version ..; order=desc,max=10",
    }


def test_a_read_has_no_body() -> None:
    assert api.get_vars("myapp").body() is None


def test_a_patch_carries_sets_changes_and_removals_at_once() -> None:
    changes = {"A": Secret("1"), "B": None, "C": Secret("")}
    assert api.patch_vars("myapp", changes).body() == b'{"A": "1", "B": null, "C": ""}'


@given(st.dictionaries(st.text("AB_", min_size=1), st.none() | st.text(st.characters())))
@example({"A": '\ud800"\\\n\x7f'})
def test_a_patch_carries_each_value_as_it_is(changes: dict[str, str | None]) -> None:
    body = api.patch_vars(
        "myapp", {name: None if new is None else Secret(new) for name, new in changes.items()}
    ).body()
    assert json.loads(body or b"") == changes


def test_a_request_does_not_show_its_values_when_printed() -> None:
    assert "c4nary" not in repr(api.patch_vars("myapp", {"A": Secret("c4nary")}))


def test_a_response_does_not_show_its_body_when_printed() -> None:
    assert "c4nary" not in repr(answer({"A": "c4nary"}))


def test_the_key_is_sent_as_a_bearer() -> None:
    assert api.authorization(Secret("k3y")) == "Bearer k3y"


# Answers.


def test_vars_are_read_as_secrets() -> None:
    assert api.read_vars(answer({"A": "1", "B": ""})).vars == {"A": Secret("1"), "B": Secret("")}


def test_an_app_without_vars_is_read() -> None:
    assert api.read_vars(answer({})) == Held({})


def test_half_a_surrogate_pair_is_read() -> None:
    assert api.read_vars(answer(b'{"A": "\\ud800"}')).vars == {"A": Secret("\ud800")}


@pytest.mark.parametrize(
    "body",
    [[], None, "x", 1, {"A": True}, {"A": 1}, {"A": ["c4nary"]}, {"A": "1", "B": {}}],
    ids=repr,
)
def test_anything_but_an_object_of_strings_is_no_answer_about_vars(body: object) -> None:
    assert unreadable(api.read_vars, body) == "the answer is not an object of strings (200)"


def test_what_is_null_or_masked_is_there_and_not_to_be_read() -> None:
    found = api.read_vars(answer({"A": "1", "B": None, "C": "********", "D": ""}))
    assert found == Held({"A": Secret("1"), "D": Secret("")}, frozenset({"B", "C"}))


@pytest.mark.parametrize("name", ["abc", "my-app-2", "a" * 30])
def test_an_app_is_read_by_its_name(name: str) -> None:
    assert api.read_app_name(answer({"id": "1", "name": name})) == name


@pytest.mark.parametrize(
    "body",
    [
        *({}, [], None, "abc", {"name": None}, {"name": 1}, {"name": ""}, {"name": "ab"}),
        *({"name": "a" * 31}, {"name": "Abc"}, {"name": "abc-"}, {"name": "abc\n"}),
        *({"name": "::error::c4nary"}, {"app": {"name": "abc"}}),
    ],
    ids=repr,
)
def test_what_names_no_app_is_told(body: object) -> None:
    assert unreadable(api.read_app_name, body) == "the answer is not an app (200)"


NO_JSON = pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>c4nary</html>",
        b'{"A": "c4na',
        b"\xff\xfe",
        b"\0",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
    ],
    ids=["empty", "html", "cut", "utf-16-bom", "nul", "deep-list", "deep-object", "digits"],
)


def check_no_json(read: Callable[[Response], object], body: bytes) -> None:
    with pytest.raises(BadResponse) as caught:
        read(answer(body))
    shown = "".join(traceback.format_exception(caught.value, limit=0))
    assert shown == "deploy.errors.BadResponse: the answer is not JSON (200)\n"
    assert caught.value.next_step == STEP


@pytest.mark.parametrize("read", READERS.values(), ids=list(READERS))
@NO_JSON
def test_a_body_that_is_no_json_is_told_without_a_word_of_it(
    read: Callable[[Response], object], body: bytes
) -> None:
    check_no_json(read, body)


@pytest.mark.parametrize(
    ("status", "is_success"),
    [
        *((200, True), (201, True), (202, True), (204, True), (206, True), (299, True)),
        *((199, False), (300, False), (304, False), (400, False), (503, False)),
    ],
)
def test_a_2xx_is_a_success_and_nothing_else(status: int, *, is_success: bool) -> None:
    assert answer({}, status=status).is_success is is_success


def test_an_unreadable_answer_carries_the_status_and_the_request_id() -> None:
    response = answer(b"<html>", status=502, request_id="01234567-89ab-cdef-0123-456789abcdef")
    with pytest.raises(BadResponse) as caught:
        api.read_vars(response)
    assert str(caught.value) == (
        "the answer is not JSON (502) [Request-Id 01234567-89ab-cdef-0123-456789abcdef]"
    )


@pytest.mark.parametrize(
    "text",
    ["", "c4nary", "01234567 c4nary", "0123456", "0" * 37, "01234567\n", "01234567,", "g" * 36],
    ids=repr,
)
def test_what_is_no_request_id_is_not_shown_as_one(text: str) -> None:
    assert answer({}, request_id=text).request_id is None


def test_a_request_id_that_several_routers_added_to_is_one() -> None:
    text = "01234567-89ab-cdef-0123-456789abcdef,fedcba98"
    assert answer({}, request_id=text).request_id == text


@pytest.mark.parametrize("status", list(Status))
def test_a_release_is_read_with_its_status(status: Status) -> None:
    body = {"version": 7, "status": status.value, "id": "x", "description": "c4nary"}
    assert api.read_release(answer(body)) == Release(7, status)


def test_a_very_old_release_counts_as_succeeded() -> None:
    body = {"version": 1, "status": None}
    assert api.read_release(answer(body)) == Release(1, Status.SUCCEEDED)


def test_releases_keep_their_order() -> None:
    body = [{"version": 3, "status": "pending"}, {"version": 2, "status": "failed"}]
    assert api.read_releases(answer(body)) == [
        Release(3, Status.PENDING),
        Release(2, Status.FAILED),
    ]


def test_a_release_of_a_status_that_nobody_knows_is_a_release() -> None:
    found = api.read_release(answer({"version": 7, "status": "c4nary"}))
    assert (found.version, found.status) == (7, Status.UNKNOWN)


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"version": 1}, {"status": "pending"}, {"version": "7", "status": "pending"}),
        *({"version": None, "status": None}, {"version": 1.5, "status": None}, [], None, "x"),
        {"version": 1, "status": ["pending"]},
    ],
    ids=repr,
)
def test_what_is_no_release_is_told(body: object) -> None:
    assert unreadable(api.read_release, body) == "the answer is not a release (200)"
    assert unreadable(api.read_releases, [body]) == "the answer is not a release (200)"


@pytest.mark.parametrize("body", [{}, None, "x", 1], ids=repr)
def test_what_is_no_list_is_told(body: object) -> None:
    assert unreadable(api.read_releases, body) == "the answer is not a list of releases (200)"


# Warnings.


def test_both_of_herokus_warnings_are_found() -> None:
    response = answer({}, warning_message="one", x_heroku_warning="two")
    assert api.warnings(response) == ["one", "two"]


@pytest.mark.parametrize("response", [answer({}), answer({}, warning_message="")], ids=range(2))
def test_there_is_no_warning_where_heroku_gives_none(response: Response) -> None:
    assert api.warnings(response) == []


# Whatever comes back.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "config_vars", "addon", "app", "version", "status"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


def check_any_body(read: Callable[[Response], object], body: bytes, status: int) -> None:
    try:
        read(answer(body, status=status))
    except DeployError as error:
        assert isinstance(error, BadResponse)  # noqa: PT017  # either end is fine
        assert str(error).startswith("the answer is not ")  # noqa: PT017


BODIES = JSON.map(lambda item: json.dumps(item).encode()) | st.binary(max_size=30)
STATUSES = st.sampled_from([200, 206, 500])


@given(body=BODIES, read=st.sampled_from(list(READERS.values())), status=STATUSES)
def test_any_body_is_read_or_is_an_error_of_ours(
    body: bytes, read: Callable[[Response], object], status: int
) -> None:
    check_any_body(read, body, status)


# Who made a release, and when.

NOBODY: list[object] = ["a@example.com", {}, [], {"email": None}, 1]


@pytest.mark.parametrize(
    ("more", "user", "created_at"),
    [
        ({}, None, None),
        ({"user": None, "created_at": None}, None, None),
        (
            {"user": {"id": "1", "email": "a@example.com"}, "created_at": "2026-03-01T04:05:06Z"},
            "a@example.com",
            "2026-03-01T04:05:06Z",
        ),
        ({"created_at": "2026-03-01T04:05:06.123Z"}, None, "2026-03-01T04:05:06.123Z"),
        ({"created_at": "2026-03-01T04:05:06+01:00"}, None, "2026-03-01T04:05:06+01:00"),
        ({"user": {"email": "é@example.com"}}, "é@example.com", None),
        *(({"user": user}, None, None) for user in NOBODY),
        *(
            ({"user": {"email": email}}, None, None)
            for email in ("a\n::error::b", "\x1b[2J", "a\u202eb", "a\ud800")
        ),
        *(
            ({"created_at": text}, None, None)
            for text in (
                *("", 1772337906, "yesterday", "2026-03-01", "2026-03-01T04:05:06", ["x"]),
                *("2026-03-01T04:05:06Z\n", "2026-03-01T04:05:06Z c4nary", "0x26-03-01T04:05:06Z"),
            )
        ),
    ],
    ids=ascii,
)
def test_a_release_tells_its_person_and_time_where_they_can_be_printed(
    more: dict[str, object], user: str | None, created_at: str | None
) -> None:
    body = {"version": 7, "status": "succeeded", **more}
    assert api.read_release(answer(body)) == Release(7, Status.SUCCEEDED, user, created_at)


def test_a_time_is_written_in_the_digits_of_ascii() -> None:
    arabic = "2026-03-01T04:05:06Z".translate({ord("0") + n: 0x660 + n for n in range(10)})
    body = {"version": 7, "status": "succeeded", "created_at": arabic}
    assert api.read_release(answer(body)).created_at is None


def test_a_release_does_not_tell_its_description() -> None:
    body = {"version": 7, "status": "succeeded", "description": "Set c4nary config vars"}
    assert "c4nary" not in repr(api.read_release(answer(body)))


# The tokens that are left.


@pytest.mark.parametrize(
    ("header", "remaining"),
    [
        *(("4500", 4500), ("0", 0), ("007", 7)),
        *(
            (text, None)
            for text in ("", "-1", "+1", "1.5", "1e3", "many", " 1", "1 ", "1_0", "0x1")
        ),
        *(("\u0661", None), ("9" * 9, 999_999_999), ("9" * 10, None), ("9" * 5000, None)),
    ],
    ids=range(17),
)
def test_the_tokens_left_are_a_plain_number_or_unknown(header: str, remaining: int | None) -> None:
    assert answer({}, ratelimit_remaining=header).remaining == remaining


def test_an_answer_need_not_say_how_many_tokens_are_left() -> None:
    assert answer({}).remaining is None
