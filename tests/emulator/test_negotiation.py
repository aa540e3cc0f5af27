import pytest

from deploy.emulator import App, Emulator

from .client import CONFIG, Client, connect

TYPE = "application/vnd.heroku+json"
MISSING = (
    "Please specify a version along with Heroku's API MIME type."
    f" For example, `Accept: {TYPE}; version=3`.\n"
)


@pytest.mark.parametrize(
    "accept",
    [
        f"{TYPE}; version=3",
        f"{TYPE};version=3",
        f"{TYPE}; version=3.sdk",
        f"{TYPE}; version=3.pipelines",
        f"{TYPE}; version=3.cedar-acm",
        f"{TYPE}; version=3.webhooks; indent=4",
        f'{TYPE}; version="3"',
        f"{TYPE.upper()}; VERSION=3",
        f"application/json, {TYPE}; version=3",
        f"{TYPE}; version=3, */*; q=0.5",
    ],
)
def test_version_3_and_its_variants_are_answered(demo: App, client: Client, accept: str) -> None:
    assert client.get(CONFIG, Accept=accept).status == 200


@pytest.mark.parametrize("accept", [TYPE, "application/json", "*/*", "application/*", ""])
def test_a_type_without_its_version_is_a_bad_request_in_herokus_words(
    demo: App, client: Client, accept: str
) -> None:
    reply = client.get(CONFIG, Accept=accept)
    assert reply.status == 400
    assert reply.json == {"id": "missing_version", "error": MISSING}


def test_a_request_that_accepts_nothing_in_particular_lacks_a_version(
    emulator: Emulator, demo: App
) -> None:
    connection = connect(emulator)
    connection.request("GET", CONFIG, headers={"Authorization": "Bearer any"})
    assert connection.getresponse().status == 400
    connection.close()


@pytest.mark.parametrize(
    "accept",
    [
        f"{TYPE}; version=2",
        f"{TYPE}; version=33",
        f"{TYPE}; version=",
        f"{TYPE}; version=edge",
        "text/html",
        "text/html, image/png",
        f"{TYPE}; version=2, application/json",
        "nonsense",
    ],
)
def test_what_the_api_does_not_speak_is_not_acceptable(
    demo: App, client: Client, accept: str
) -> None:
    before = len(demo.releases)
    reply = client.send("PATCH", CONFIG, body=b'{"A": "3"}', headers={"Accept": accept})
    assert reply.error == (406, "not_acceptable")
    assert (len(demo.releases), demo.vars["A"]) == (before, "1")


def test_a_bad_key_comes_before_a_bad_type(demo: App, client: Client) -> None:
    assert client.get(CONFIG, Accept="text/html", Authorization="").status == 401
