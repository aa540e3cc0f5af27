import pytest

from deploy.emulator import App, Emulator

from .client import RELEASES, Client

CLI_RANGES = ["version ..; order=desc,max=2", "version ..; max=2, order=desc"]
HEROKU3_RANGES = ["version ..; order=desc,max=2;", "version ..;  order=desc,max=2;"]


@pytest.fixture
def five(emulator: Emulator) -> App:
    """An app with the releases v1 to v5."""
    app = emulator.add_app("demo")
    for _ in range(4):
        app.deploy()
    return app


def versions(client: Client, wanted: str) -> list[object]:
    return [item["version"] for item in client.get(RELEASES, Range=wanted).items]


def test_releases_come_oldest_first_in_one_piece(five: App, client: Client) -> None:
    reply = client.get(RELEASES)
    assert reply.status == 200
    assert [item["version"] for item in reply.items] == [1, 2, 3, 4, 5]
    assert reply.headers["Content-Range"] == "version 1..5"
    assert "Next-Range" not in reply.headers


@pytest.mark.parametrize("wanted", CLI_RANGES + HEROKU3_RANGES)
def test_a_cut_list_is_206_and_its_next_range_leads_to_the_rest(
    five: App, client: Client, wanted: str
) -> None:
    seen, asked = [], 0
    while wanted:
        reply = client.get(RELEASES, Range=wanted)
        asked += 1
        seen += [item["version"] for item in reply.items]
        wanted = reply.headers.get("Next-Range", "")
        assert reply.status == (206 if wanted else 200)
    assert (seen, asked) == ([5, 4, 3, 2, 1], 3)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("version 2..4", [2, 3, 4]),
        ("version ]2..", [3, 4, 5]),
        ("version ..2", [1, 2]),
        ("version 4..2; order=desc", [4, 3, 2]),
        ("version ]4..; order=desc", [3, 2, 1]),
        ("version 9..", []),
        ("version ..;", [1, 2, 3, 4, 5]),
        ("version ..; ;", [1, 2, 3, 4, 5]),
        ("version ..;;", [1, 2, 3, 4, 5]),
        ("version ..; max=2;", [1, 2]),
        ("version ..;  max=2;", [1, 2]),
        ("version ..; max=2; ", [1, 2]),
        ("version ..; order=desc;", [5, 4, 3, 2, 1]),
        ("version ]2..; max=2;", [3, 4]),
        ("", [1, 2, 3, 4, 5]),
        (" ", [1, 2, 3, 4, 5]),
        ("version ..; max=5", [1, 2, 3, 4, 5]),
    ],
)
def test_a_range_bounds_the_walk(
    five: App, client: Client, wanted: str, expected: list[int]
) -> None:
    assert versions(client, wanted) == expected


def test_versions_are_compared_as_numbers(emulator: Emulator, client: Client) -> None:
    app = emulator.add_app("demo")
    for _ in range(11):
        app.deploy()
    assert versions(client, "version 9..; max=3") == [9, 10, 11]


@pytest.mark.parametrize(
    "wanted",
    [
        "version ..; order=desc; max=1",
        "version ..; max=1; x",
        "version ..; max=1;;",
        ";",
        "version ..; order=up",
        "version ..; max=0",
        "version ..; max=few",
        "version ..; sort=asc",
        "version x..",
        "name ..",
        "version",
        "bytes=0-5",
    ],
)
def test_a_range_heroku_would_not_read_is_a_bad_request(
    five: App, client: Client, wanted: str
) -> None:
    assert client.get(RELEASES, Range=wanted).error == (400, "bad_request")


def test_a_page_has_200_items_unless_more_are_asked_for(emulator: Emulator, client: Client) -> None:
    app = emulator.add_app("demo")
    for _ in range(1001):
        app.deploy()
    first = client.get(RELEASES)
    assert (first.status, len(first.items)) == (206, 200)
    assert first.headers["Next-Range"] == "version ]200..; order=asc,max=200"
    assert len(client.get(RELEASES, Range="version ..; max=5000").items) == 1000


@pytest.mark.parametrize(
    ("path", "wanted", "names"),
    [
        ("/apps", "name ..; order=desc", ["cccc", "bbbb", "aaaa"]),
        ("/apps", "name ]aaaa..; max=1", ["bbbb"]),
        ("/apps/aaaa/addon-attachments", "name ..", ["BLUE", "RED"]),
        ("/apps/aaaa/addons", "name ..", ["redis-1", "redis-2"]),
    ],
)
def test_other_lists_are_cut_by_name(
    emulator: Emulator, client: Client, path: str, wanted: str, names: list[str]
) -> None:
    apps = [emulator.add_app(name * 4) for name in "bca"]
    for name, attachment in (("redis-2", "RED"), ("redis-1", "BLUE")):
        apps[-1].add_addon("heroku-redis:mini", name, {}, attachment=attachment)
    assert [item["name"] for item in client.get(path, Range=wanted).items] == names


def test_the_clis_paginator_walks_by_id_to_the_end(emulator: Emulator, client: Client) -> None:
    ids = sorted(emulator.add_app(name * 4).id for name in "abcde")
    seen, wanted = [], "id ..; max=2;"
    while wanted:
        reply = client.get("/apps", Range=wanted)
        seen += [item["id"] for item in reply.items]
        wanted = reply.headers.get("Next-Range", "")
    assert seen == ids


def test_an_id_is_a_bound_too(emulator: Emulator, client: Client) -> None:
    ids = sorted(emulator.add_app(name * 4).id for name in "abc")
    assert [item["id"] for item in client.get("/apps", Range=f"id {ids[1]}..").items] == ids[1:]
