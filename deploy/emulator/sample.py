"""What somebody who tries things out finds: `demo`, and `demo-staging` before it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from .app import App
from .emulator import Emulator

NAME, STAGING = "demo", "demo-staging"
_ANA, _BEN = "ana@example.com", "ben@example.com"
_VARS = {
    "API_KEY": "demo-api-key-1",
    "LEGACY_FLAG": "on",
    "LOG_LEVEL": "info",
    "SMTP_PASSWORD": "demo-smtp-password-1",
    "WEB_CONCURRENCY": "2",
}
_STAGING_VARS = {
    "API_KEY": "staging-api-key-1",
    "LOG_LEVEL": "debug",
    "SMTP_PASSWORD": _VARS["SMTP_PASSWORD"],
    "WEB_CONCURRENCY": "1",
}
_DATABASE = {"DATABASE_URL": "postgres://demo:demo@db.example.com:5432/demo"}


def add_samples(emulator: Emulator) -> None:
    """Both apps, in a pipeline whose tests have a config var of their own."""
    demo = add_demo(emulator)
    staging = emulator.add_app(STAGING, _STAGING_VARS)
    database = {"DATABASE_URL": "postgres://staging:staging@db.example.com:5432/staging"}
    staging.add_addon(
        "heroku-postgresql:essential-0",
        "postgresql-rounded-54321",
        database,
        attachment="DATABASE",
    )
    pipeline = emulator.add_pipeline(NAME)
    pipeline.couple(staging, "staging")
    pipeline.couple(demo, "production")
    pipeline.vars["test"]["LOG_LEVEL"] = "debug"


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
