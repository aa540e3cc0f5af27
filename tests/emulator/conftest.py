from collections.abc import Iterator

import pytest

from deploy.emulator import App, Emulator
from deploy.emulator.answers import Answer
from deploy.emulator.call import Incoming
from deploy.emulator.routes import respond
from deploy.emulator.state import Platform

from .client import Client
from .schema import complaints


@pytest.fixture(autouse=True)
def _published_schema(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold every answer of any emulator against Heroku's schema, before a fault replaces it."""
    found: list[str] = []

    def held(platform: Platform, incoming: Incoming) -> Answer:
        answer = respond(platform, incoming)
        found.extend(complaints(incoming.method, incoming.path, answer.status, answer.body))
        return answer

    monkeypatch.setattr("deploy.emulator.emulator.respond", held)
    yield
    assert found == []


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as opened:
        yield opened


@pytest.fixture
def demo(emulator: Emulator) -> App:
    """An app with two vars of its own and a database that owns a third."""
    app = emulator.add_app("demo", {"A": "1", "B": "2"})
    app.add_addon(
        "heroku-postgresql:essential-0",
        "postgresql-curved-12345",
        {"DATABASE_URL": "postgres://x"},
        attachment="DATABASE",
    )
    return app


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(emulator)
