"""The app `demo`: what somebody who tries things out finds on the emulator."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from .app import App
from .emulator import Emulator

NAME = "demo"
_ANA, _BEN = "ana@example.com", "ben@example.com"
_VARS = {
    "API_KEY": "demo-api-key-1",
    "LEGACY_FLAG": "on",
    "LOG_LEVEL": "info",
    "SMTP_PASSWORD": "demo-smtp-password-1",
    "WEB_CONCURRENCY": "2",
}
_DATABASE = {"DATABASE_URL": "postgres://demo:demo@db.example.com:5432/demo"}


def add_demo(emulator: Emulator) -> App:
    """The app, with a Postgres add-on that owns DATABASE_URL and a history by two people."""
    clock = emulator.clock
    times = _times(clock())
    emulator.clock = lambda: next(times)
    try:
        app = emulator.add_app(NAME)
        app.add_addon(
            "heroku-postgresql:essential-0",
            "postgresql-curved-12345",
            _DATABASE,
            attachment="DATABASE",
        )
        for changes, user in _history():
            app.set_vars(changes, user=user)
            app.deploy(user=user)
    finally:
        emulator.clock = clock
    return app


def _history() -> Iterator[tuple[Mapping[str, str | None], str]]:
    first = {name: _VARS[name] for name in ("API_KEY", "LEGACY_FLAG", "WEB_CONCURRENCY")}
    yield {**first, "LOG_LEVEL": "debug"}, _ANA
    yield {"SMTP_PASSWORD": "demo-smtp-password-0"}, _BEN
    yield {name: _VARS[name] for name in ("LOG_LEVEL", "SMTP_PASSWORD")}, _ANA


def _times(now: datetime) -> Iterator[datetime]:
    """Moments some hours apart, the last of them well in the past."""
    moment = now.astimezone(timezone.utc) - timedelta(days=30)
    while True:
        yield moment
        moment += timedelta(hours=31)
