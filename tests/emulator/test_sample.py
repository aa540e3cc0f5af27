from datetime import datetime, timedelta, timezone

from deploy.emulator import App, Emulator
from deploy.emulator.sample import add_demo, add_samples

from .client import CONFIG, Client

NOW = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)


def demo_app() -> tuple[Emulator, App]:
    emulator = Emulator()
    emulator.clock = lambda: NOW
    return emulator, add_demo(emulator)


def test_the_demo_has_vars_of_its_own_and_one_that_postgres_owns() -> None:
    _, app = demo_app()
    assert (app.name, sorted(app.vars)) == (
        "demo",
        [
            "API_KEY",
            "DATABASE_URL",
            "LEGACY_FLAG",
            "LOG_LEVEL",
            "SMTP_PASSWORD",
            "WEB_CONCURRENCY",
        ],
    )
    assert app.vars["LOG_LEVEL"] == "info"
    assert app.owned == {"DATABASE_URL"}


def test_the_demo_has_a_past_that_two_people_made() -> None:
    _, app = demo_app()
    people = {release.user for release in app.releases if release.description.startswith("Set")}
    times = [release.created_at for release in app.releases]
    assert people == {"ana@example.com", "ben@example.com"}
    assert times == sorted(times)
    assert times[-1] < (NOW - timedelta(days=1)).isoformat()


def test_after_the_past_the_clock_goes_right_again() -> None:
    emulator, app = demo_app()
    assert emulator.clock() == NOW
    assert app.deploy().created_at == "2026-07-01T12:00:00Z"


def test_the_demo_can_be_read_over_http() -> None:
    emulator, app = demo_app()
    with emulator:
        assert Client(emulator).get(CONFIG).json == app.vars


def test_a_second_app_stands_before_it_in_a_pipeline_and_shares_a_secret_with_it() -> None:
    emulator = Emulator()
    add_samples(emulator)
    demo, staging = emulator.app("demo"), emulator.app("demo-staging")
    [pipeline] = emulator.pipelines
    assert [(each.app, each.stage) for each in pipeline.couplings] == [
        (staging, "staging"),
        (demo, "production"),
    ]
    assert staging.vars["SMTP_PASSWORD"] == demo.vars["SMTP_PASSWORD"]
    assert staging.vars["API_KEY"] != demo.vars["API_KEY"]
    assert staging.owned == {"DATABASE_URL"}
