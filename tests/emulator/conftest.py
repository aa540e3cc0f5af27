from collections.abc import Iterator

import pytest

from deploy.emulator import App, Emulator

from .client import Client


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
