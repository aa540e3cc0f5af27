import json
from datetime import datetime, timedelta, timezone

import pytest

from deploy.emulator import App, Emulator, ReleasePhase

from .client import CONFIG, RELEASES, Client, Reply

WARNING = (
    "Release command executing: this config change will not be available until the command succeeds"
)


def statuses(app: App) -> list[str]:
    return [release.status for release in app.releases]


def current(app: App) -> list[int]:
    return [release.version for release in app.releases if release.current]


def test_a_writer_behind_our_back_makes_a_release_at_once(demo: App, client: Client) -> None:
    release = demo.set_vars({"A": "9", "B": None}, user="ben@example.com")
    assert client.get(CONFIG).json == {"A": "9", "DATABASE_URL": "postgres://x"}
    assert (release.version, release.user) == (4, "ben@example.com")
    assert client.get(f"{RELEASES}/4").item["description"] == "Set A, remove B config vars"


def test_a_writer_behind_our_back_may_rotate_an_owned_var(demo: App, client: Client) -> None:
    demo.set_vars({"DATABASE_URL": "postgres://rotated"})
    assert client.get(CONFIG).item["DATABASE_URL"] == "postgres://rotated"


def test_a_deploy_is_a_release_that_changes_no_var(demo: App) -> None:
    before = demo.vars
    release = demo.deploy()
    assert (release.description, release.vars, demo.vars) == ("Deploy 1a2b3c4d", before, before)
    assert current(demo) == [4]


def test_what_an_app_hands_out_cannot_change_it(demo: App) -> None:
    vars_now, releases = demo.vars, demo.releases
    demo.set_vars({"A": "9"})
    assert vars_now["A"] == "1"
    assert len(releases) == 3
    assert demo.releases[1].vars == {"A": "1", "B": "2"}


def test_a_release_does_not_show_its_values_when_it_is_printed(demo: App) -> None:
    assert "postgres://x" not in repr(demo.releases)


def test_releases_take_their_time_from_the_emulators_clock(emulator: Emulator) -> None:
    emulator.clock = lambda: datetime(2026, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    app = emulator.add_app("demo")
    assert app.releases[0].created_at == "2026-07-01T12:00:00Z"


def test_ids_are_the_same_in_every_run() -> None:
    first, second = (Emulator().add_app("demo") for _ in range(2))
    assert first.id == second.id
    assert first.releases[0].id == second.releases[0].id != first.id


def test_under_a_release_phase_a_patch_answers_the_old_values_and_a_warning(
    demo: App, client: Client
) -> None:
    demo.release_phase = ReleasePhase()
    reply = client.patch({"A": "3"})
    assert reply.status == 200
    assert reply.item["A"] == "1"
    assert reply.headers["Warning-Message"] == WARNING
    assert client.get(CONFIG).item["A"] == "1"
    assert client.get(f"{RELEASES}/4").item["status"] == "pending"
    assert client.get(f"{RELEASES}/4/config-vars").item["A"] == "3"
    assert current(demo) == [3]


@pytest.mark.parametrize("path", [RELEASES, f"{RELEASES}/4"], ids=["list", "one"])
def test_a_pending_release_ends_after_so_many_reads_of_it(
    demo: App, client: Client, path: str
) -> None:
    demo.release_phase = ReleasePhase(reads=2)
    client.patch({"A": "3"})

    def read() -> object:
        reply = client.get(path)
        return reply.items[-1]["status"] if path == RELEASES else reply.item["status"]

    assert [read(), client.get(CONFIG).item["A"]] == ["pending", "1"]
    assert [read(), client.get(CONFIG).item["A"]] == ["pending", "3"]
    assert read() == "succeeded"
    assert current(demo) == [4]


def test_reads_of_other_releases_and_of_the_config_do_not_end_a_pending_one(
    demo: App, client: Client
) -> None:
    demo.release_phase = ReleasePhase(reads=1)
    client.patch({"A": "3"})
    client.get(CONFIG)
    client.get(f"{RELEASES}/3")
    client.get(f"{RELEASES}/4/config-vars")
    client.get(RELEASES, Range="version ..; max=1")
    assert statuses(demo)[-1] == "pending"


def test_a_release_that_needs_no_read_has_ended_before_the_next_one(
    demo: App, client: Client
) -> None:
    demo.release_phase = ReleasePhase(reads=0)
    assert client.patch({"A": "3"}).item["A"] == "1"
    assert client.get(CONFIG).item["A"] == "3"


@pytest.mark.parametrize(("failed_reads", "value"), [("live", "1"), ("failed", "3")])
def test_after_a_failure_the_read_answers_the_values_that_were_asked_for(
    demo: App, client: Client, failed_reads: str, value: str
) -> None:
    phases = {
        "live": ReleasePhase(reads=1, outcome="failed", failed_reads="live"),
        "failed": ReleasePhase(reads=1, outcome="failed", failed_reads="failed"),
    }
    demo.release_phase = phases[failed_reads]
    client.patch({"A": "3"})
    client.get(RELEASES)
    assert statuses(demo)[-1] == "failed"
    assert current(demo) == [3]
    assert client.get(CONFIG).item["A"] == value
    assert client.get(f"{RELEASES}/4/config-vars").item["A"] == "3"


def test_a_test_can_end_the_pending_release_itself(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    for value in ("3", "4"):
        client.patch({"A": value})
    demo.finish_release("failed")
    assert statuses(demo)[-2:] == ["failed", "pending"]
    demo.finish_release("succeeded")
    assert statuses(demo)[-2:] == ["failed", "succeeded"]
    assert (demo.vars["A"], current(demo)) == ("4", [5])


def test_a_pending_release_builds_on_the_one_before_it(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3"})
    client.patch({"B": "4"})
    assert client.get(f"{RELEASES}/5/config-vars").json == {
        "A": "3",
        "B": "4",
        "DATABASE_URL": "postgres://x",
    }


def test_a_patch_back_to_the_live_values_undoes_a_pending_one(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3"})
    client.patch({"A": "1"})
    for _ in range(2):
        demo.finish_release("succeeded")
    assert (demo.vars["A"], current(demo)) == ("1", [5])


def test_a_release_that_ends_late_does_not_replace_a_newer_one(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3"})
    demo.set_vars({"B": "9"})
    demo.finish_release("succeeded")
    assert current(demo) == [5]
    assert (demo.vars["A"], demo.vars["B"]) == ("3", "9")


def test_without_the_release_phase_the_next_change_is_live_at_once(
    demo: App, client: Client
) -> None:
    demo.release_phase = ReleasePhase()
    demo.release_phase = None
    reply = client.patch({"A": "3"})
    assert reply.item["A"] == "3"
    assert "Warning-Message" not in reply.headers


# What else a release command runs for.


def roll_back(client: Client, version: int) -> Reply:
    return client.send("POST", RELEASES, body=json.dumps({"release": version}).encode())


@pytest.mark.parametrize(
    ("outcome", "vars_after", "now"),
    [
        ("succeeded", {"A": "1", "B": "2"}, 5),
        ("failed", {"B": "2", "C": "3", "DATABASE_URL": "postgres://x"}, 4),
    ],
)
def test_under_a_release_phase_a_rollback_is_live_once_its_command_succeeded(
    demo: App, client: Client, outcome: str, vars_after: dict[str, str], now: int
) -> None:
    client.patch({"A": None, "C": "3"})
    demo.release_phase = ReleasePhase()
    before = demo.vars
    reply = roll_back(client, 2)
    assert (reply.status, reply.item["status"], reply.item["current"]) == (201, "pending", False)
    assert (demo.vars, current(demo)) == (before, [4])
    assert client.get(f"{RELEASES}/5/config-vars").json == {"A": "1", "B": "2"}
    demo.finish_release(outcome)
    assert (demo.vars, statuses(demo)[-1], current(demo)) == (vars_after, outcome, [now])


def test_a_rollback_that_is_pending_takes_away_nothing_that_others_set_meanwhile(
    demo: App, client: Client
) -> None:
    demo.release_phase = ReleasePhase()
    roll_back(client, 2)
    demo.set_vars({"NEW": "9"})
    demo.finish_release("succeeded")
    assert demo.vars == {"A": "1", "B": "2", "NEW": "9"}


def test_a_rollback_behind_a_pending_change_undoes_that_too(demo: App, client: Client) -> None:
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3", "C": "3"})
    roll_back(client, 2)
    for _ in range(2):
        demo.finish_release("succeeded")
    assert demo.vars == {"A": "1", "B": "2"}


@pytest.mark.parametrize(
    ("outcome", "url"), [("succeeded", "redis://x"), ("failed", None)], ids=["good", "bad"]
)
def test_under_a_release_phase_the_vars_of_a_new_add_on_wait_and_are_owned_at_once(
    demo: App, client: Client, outcome: str, url: str | None
) -> None:
    demo.release_phase = ReleasePhase()
    demo.add_addon(
        "heroku-redis:mini", "redis-round-1", {"REDIS_URL": "redis://x"}, attachment="REDIS"
    )
    assert (statuses(demo)[-1], current(demo)) == ("pending", [3])
    assert "REDIS_URL" not in client.get(CONFIG).item
    assert client.patch({"REDIS_URL": "mine"}).status == 422
    assert client.get(f"{RELEASES}/4").item["description"] == "Attach REDIS (@ref:redis-round-1)"
    demo.finish_release(outcome)
    assert client.get(CONFIG).item.get("REDIS_URL") == url


def test_an_add_on_without_vars_yet_has_a_pending_release_too(demo: App) -> None:
    demo.release_phase = ReleasePhase(reads=None)
    demo.add_addon("heroku-redis:mini", "redis-round-1", {}, attachment="REDIS")
    assert statuses(demo)[-1] == "pending"


@pytest.mark.parametrize("reads", [0, 1])
def test_the_release_of_a_rollback_and_of_an_add_on_ends_after_so_many_reads(
    demo: App, client: Client, reads: int
) -> None:
    demo.release_phase = ReleasePhase(reads=reads)
    roll_back(client, 2)
    demo.add_addon("heroku-redis:mini", "redis-round-1", {"R": "x"}, attachment="REDIS")
    for version in (4, 5)[: 2 * reads]:
        assert client.get(f"{RELEASES}/{version}").item["status"] == "pending"
    assert statuses(demo)[-2:] == ["succeeded", "succeeded"]
    assert demo.vars == {"A": "1", "B": "2", "R": "x"}


def test_no_release_command_runs_for_an_add_ons_own_change_or_another_attachment(
    demo: App,
) -> None:
    demo.release_phase = ReleasePhase()
    demo.set_vars({"DATABASE_URL": "postgres://rotated"})
    demo.attach(demo.addons[0], attachment="REPLICA", config={"REPLICA_URL": "postgres://y"})
    assert statuses(demo)[-2:] == ["succeeded", "succeeded"]
    assert demo.vars["REPLICA_URL"] == "postgres://y"


def test_a_release_ends_in_one_of_two_ways(demo: App, client: Client) -> None:
    with pytest.raises(LookupError, match="demo has no pending release"):
        demo.finish_release("succeeded")
    demo.release_phase = ReleasePhase()
    client.patch({"A": "3"})
    with pytest.raises(ValueError, match="not as pending"):
        demo.finish_release("pending")
