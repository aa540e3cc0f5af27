import pytest

from deploy.emulator import App, Body, Emulator, Fault, ReleasePhase

from .client import AUTHORIZED, CONFIG, RELEASES, Client, connect


@pytest.mark.parametrize("path", [CONFIG, RELEASES, f"{RELEASES}/1", "/apps", "/account"])
def test_what_has_not_changed_is_304_to_whoever_has_it(
    demo: App, client: Client, path: str
) -> None:
    first = client.get(path)
    again = client.get(path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.text) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"] == client.get(path).headers["ETag"]
    assert {"Content-Type", "Content-Length"}.isdisjoint(again.headers)
    assert again.headers["Request-Id"]
    assert again.headers["Oauth-Scope"] == "global"


def test_what_has_changed_is_answered_with_another_tag(demo: App, client: Client) -> None:
    tag = client.get(CONFIG).headers["ETag"]
    demo.set_vars({"A": "9"})
    reply = client.get(CONFIG, If_None_Match=tag)
    assert (reply.status, reply.item["A"]) == (200, "9")
    assert reply.headers["ETag"] != tag


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '{},"other"', "*"])
def test_a_tag_is_found_in_each_form_a_client_may_send(
    demo: App, client: Client, form: str
) -> None:
    tag = client.get(CONFIG).headers["ETag"]
    assert client.get(CONFIG, If_None_Match=form.format(tag)).status == 304


@pytest.mark.parametrize("tag", ["", '""', '"other"', "other", "W/"])
def test_another_tag_is_no_match(demo: App, client: Client, tag: str) -> None:
    assert client.get(CONFIG, If_None_Match=tag).status == 200


def test_a_page_of_a_list_is_304_too(demo: App, client: Client) -> None:
    first = client.get(RELEASES, Range="version ..; max=1")
    tag = first.headers["ETag"]
    assert first.status == 206
    again = client.get(RELEASES, Range="version ..; max=1", If_None_Match=tag)
    assert (again.status, again.headers["Next-Range"]) == (304, first.headers["Next-Range"])
    assert client.get(RELEASES, Range="version ..; max=2", If_None_Match=tag).status == 206


def test_a_write_is_done_whatever_the_client_has(demo: App, client: Client) -> None:
    reply = client.send("PATCH", CONFIG, body=b'{"A": "3"}', headers={"If-None-Match": "*"})
    assert (reply.status, demo.vars["A"]) == (200, "3")
    assert reply.headers["ETag"] == client.get(CONFIG).headers["ETag"]


def test_an_error_has_no_tag_and_is_never_304(demo: App, client: Client) -> None:
    reply = client.get("/apps/nobody", If_None_Match="*")
    assert reply.status == 404
    assert "ETag" not in reply.headers


def test_an_answer_that_a_fault_makes_up_has_no_tag(
    emulator: Emulator, demo: App, client: Client
) -> None:
    emulator.inject(Fault(what=Body("{}")))
    assert "ETag" not in client.get(CONFIG).headers


def test_a_304_counts_as_a_read_of_a_pending_release(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase(reads=2)
    client.patch({"A": "3"})
    tag = client.get(f"{RELEASES}/4").headers["ETag"]
    assert client.get(f"{RELEASES}/4", If_None_Match=tag).status == 304
    assert client.get(f"{RELEASES}/4", If_None_Match=tag).item["status"] == "succeeded"


def test_a_connection_goes_on_after_a_304(emulator: Emulator, demo: App, client: Client) -> None:
    tag = client.get(CONFIG).headers["ETag"]
    connection, seen = connect(emulator), []
    for each in (tag, "", tag):
        connection.request("GET", CONFIG, headers={**AUTHORIZED, "If-None-Match": each})
        response = connection.getresponse()
        seen.append((response.status, bool(response.read())))
    connection.close()
    assert seen == [(304, False), (200, True), (304, False)]
