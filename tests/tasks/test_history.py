"""`config.history` as a command: which releases it shows, and what it says of each."""

import json

import pytest

from deploy.emulator import App, Emulator, Fault, ReleasePhase, Status

from .conftest import Here
from .face import Face

ADDON = "heroku-postgresql@addons.heroku.com"
UNKNOWN = "(unknown: its vars, or those before it, cannot be read)"


def times(app: App) -> list[str]:
    """When each release was made; the first is that of v0, which never was."""
    return ["", *(release.created_at for release in app.releases)]


# The text, and the document.


def test_text_has_a_line_a_release_that_changed_config_newest_first(here: Here, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "debug", "NEW": "1", "OLD": None}, user="ana@example.com")
    app.deploy(user="bo@example.com")
    app.set_vars({"NEW": ""}, user="bo@example.com")
    at = times(app)
    done = here("config.history --app myapp")
    assert done.out == (
        f"v6  {at[6]}  bo@example.com                       succeeded  ~NEW\n"
        f"v4  {at[4]}  ana@example.com                      succeeded  ~LOG_LEVEL +NEW -OLD\n"
        f"v3  {at[3]}  heroku-postgresql@addons.heroku.com  succeeded  +DATABASE_URL\n"
        f"v2  {at[2]}  you@example.com                      succeeded  +LOG_LEVEL +OLD +TOKEN\n"
        "Looked through 6 releases of myapp, back to v1.\n"
    )
    assert (done.code, done.err) == (0, "")


def test_json_is_one_document(here: Here, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "debug", "NEW": "1", "OLD": None}, user="ana@example.com")
    at = times(app)
    done = here("config.history --app myapp --format json")
    assert json.loads(done.out) == {
        "schema_version": 1,
        "app": "myapp",
        "revisions": [
            {
                "version": 4,
                "created_at": at[4],
                "user": "ana@example.com",
                "status": "succeeded",
                "changes": [
                    {"name": "LOG_LEVEL", "action": "change"},
                    {"name": "NEW", "action": "set"},
                    {"name": "OLD", "action": "remove"},
                ],
            },
            {
                "version": 3,
                "created_at": at[3],
                "user": ADDON,
                "status": "succeeded",
                "changes": [{"name": "DATABASE_URL", "action": "set"}],
            },
            {
                "version": 2,
                "created_at": at[2],
                "user": "you@example.com",
                "status": "succeeded",
                "changes": [
                    {"name": "LOG_LEVEL", "action": "set"},
                    {"name": "OLD", "action": "set"},
                    {"name": "TOKEN", "action": "set"},
                ],
            },
        ],
        "releases_seen": 4,
        "oldest_seen": 1,
        "is_whole": True,
        "unreadable": [],
    }
    assert (done.code, done.err) == (0, "")


def test_a_change_is_told_by_what_releases_hold_and_not_by_what_they_say(
    here: Here, app: App
) -> None:
    app.deploy("Set TOKEN config vars")
    app.set_vars({"TOKEN": "t0ken", "LOG_LEVEL": "debug"})
    at = times(app)
    assert here("config.history --app myapp --limit 1").out.startswith(
        f"v5  {at[5]}  someone@example.com  succeeded  ~LOG_LEVEL\n"
    )


@pytest.mark.parametrize("options", ["", " --format json", " --name TOKEN"])
def test_no_value_is_ever_shown_not_even_where_the_settings_reveal_it(
    options: str, here: Here, face: Face, app: App
) -> None:
    face.write("invoke.yaml", "heroku: {reveal: [TOKEN, LOG_LEVEL]}\n")
    app.set_vars({"TOKEN": "c4n4ry-new", "LOG_LEVEL": "c4n4ry-level"})
    done = here(f"config.history --app myapp{options}")
    assert "TOKEN" in done.out
    for value in ("c4n4ry", "t0ken", "user:word"):
        assert value not in done.out + done.err


def test_it_reads_and_never_writes(here: Here, emulator: Emulator) -> None:
    assert here("config.history --app myapp").code == 0
    assert {request.method for request in emulator.requests} == {"GET"}


def test_it_needs_no_env_file(here: Here, face: Face) -> None:
    (face.folder / ".env.production").unlink()
    assert here("config.history --app myapp").code == 0


# Only some names.


def test_name_shows_the_releases_that_changed_it_and_of_them_nothing_else(
    here: Here, app: App
) -> None:
    app.set_vars({"LOG_LEVEL": "debug", "TOKEN": "other"})
    app.set_vars({"TOKEN": None, "OLD": "older"})
    at = times(app)
    assert here("config.history --app myapp --name TOKEN --name LOG_LEVEL").out == (
        f"v5  {at[5]}  someone@example.com  succeeded  -TOKEN\n"
        f"v4  {at[4]}  someone@example.com  succeeded  ~LOG_LEVEL ~TOKEN\n"
        f"v2  {at[2]}  you@example.com      succeeded  +LOG_LEVEL +TOKEN\n"
        "Looked through 5 releases of myapp, back to v1.\n"
    )


def test_a_name_that_no_release_changed_is_said_with_how_far_we_looked(here: Here) -> None:
    done = here("config.history --app myapp --name NOPE")
    assert (done.code, done.err) == (0, "")
    assert done.out == ("No change was found.\nLooked through 3 releases of myapp, back to v1.\n")
    document = json.loads(here("config.history --app myapp --name NOPE --format json").out)
    assert document["revisions"] == []
    assert document["is_whole"] is True


def test_a_name_is_found_further_back_than_the_limit(here: Here, app: App) -> None:
    for number in range(5):
        app.set_vars({"LOG_LEVEL": str(number)})
    at = times(app)
    assert here("config.history --app myapp --name OLD --limit 1").out == (
        f"v2  {at[2]}  you@example.com  succeeded  +OLD\n"
        "Looked through 8 releases of myapp, back to v1.\n"
    )


def test_what_is_not_a_name_is_refused(here: Here, emulator: Emulator) -> None:
    done = here("config.history --app myapp --name A,B")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: --name holds what is not the name of a var\n"
        "  name one var; repeat the option for more\n"
    )
    assert emulator.requests == []


def test_a_name_that_swallowed_the_next_option_is_refused(face: Face, emulator: Emulator) -> None:
    done = face.run("config.history --app myapp --name --limit 3")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: --name got no value\n  give it one, or leave it out\n"
    assert emulator.requests == []


# Only so many.


def test_limit_shows_so_many_and_says_that_there_is_more(here: Here, app: App) -> None:
    at = times(app)
    done = here("config.history --app myapp --limit 1")
    assert done.out == (
        f"v3  {at[3]}  {ADDON}  succeeded  +DATABASE_URL\n"
        "Looked through 2 releases of myapp, back to v2; --limit looks further back.\n"
    )
    document = json.loads(here("config.history --app myapp --limit 1 --format json").out)
    assert [row["version"] for row in document["revisions"]] == [3]
    assert (document["releases_seen"], document["oldest_seen"]) == (2, 2)
    assert document["is_whole"] is False


def test_what_the_limit_cut_off_is_not_passed_over_in_silence(here: Here, app: App) -> None:
    # A deploy makes it look at v2 and v1 too; v2 set three vars, and is not shown.
    app.deploy()
    at = times(app)
    first, last = here("config.history --app myapp --limit 1").out.splitlines()
    assert first == f"v3  {at[3]}  {ADDON}  succeeded  +DATABASE_URL"
    assert last.endswith("; --limit looks further back.")
    document = json.loads(here("config.history --app myapp --limit 1 --format json").out)
    assert document["is_whole"] is False


def test_deploys_do_not_use_up_the_limit(here: Here, app: App) -> None:
    for _ in range(7):
        app.deploy()
    at = times(app)
    assert here("config.history --app myapp --limit 2").out == (
        f"v3  {at[3]}  {ADDON}  succeeded  +DATABASE_URL\n"
        f"v2  {at[2]}  you@example.com                      succeeded  +LOG_LEVEL +OLD +TOKEN\n"
        "Looked through 10 releases of myapp, back to v1.\n"
    )


def test_without_a_limit_there_are_20(here: Here, app: App) -> None:
    for number in range(25):
        app.set_vars({"LOG_LEVEL": str(number)})
    *lines, last = here("config.history --app myapp").out.splitlines()
    assert [line.split()[0] for line in lines] == [f"v{n}" for n in range(28, 8, -1)]
    assert last == "Looked through 21 releases of myapp, back to v8; --limit looks further back."


@pytest.mark.parametrize(
    "option",
    ["--limit 0", "--limit x", "--limit=", "--limit -1", "--limit 1.5", "--limit 10000"],
)
def test_a_limit_that_is_no_number_of_releases_is_refused(
    option: str, here: Here, emulator: Emulator
) -> None:
    done = here(f"config.history --app myapp {option}")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: --limit is no number from 1 to 9999\n  leave it out for 20\n"
    assert emulator.requests == []


# Releases that did not succeed, or cannot be read.


def test_a_pending_release_is_shown_as_one(here: Here, face: Face, app: App) -> None:
    app.release_phase = ReleasePhase()
    face.write(".env.production", "LOG_LEVEL=debug\nNEW=1\n")
    assert here("config.sync --app myapp --no-wait --yes").code == 0
    assert here("config.history --app myapp --limit 1").out == (
        f"v4  {times(app)[4]}  you@example.com  pending  ~LOG_LEVEL +NEW\n"
        "Looked through 2 releases of myapp, back to v3; --limit looks further back.\n"
    )


def test_what_follows_a_failed_release_is_held_against_the_one_before_it(
    here: Here, face: Face, app: App
) -> None:
    app.release_phase = ReleasePhase(reads=0, outcome="failed")
    face.write(".env.production", "LOG_LEVEL=debug\n")
    assert here("config.sync --app myapp --yes").code == 1
    app.set_vars({"TOKEN": "other"})
    at = times(app)
    assert here("config.history --app myapp --limit 2").out == (
        f"v5  {at[5]}  someone@example.com  succeeded  ~TOKEN\n"
        f"v4  {at[4]}  you@example.com      failed     ~LOG_LEVEL\n"
        "Looked through 3 releases of myapp, back to v3; --limit looks further back.\n"
    )


def test_a_release_that_cannot_be_read_is_unknown_and_so_is_the_one_after_it(
    here: Here, app: App, emulator: Emulator
) -> None:
    app.set_vars({"LOG_LEVEL": "debug"})
    at = times(app)
    missing = Fault(path="/apps/myapp/releases/2/config-vars", what=Status(404), times=2)
    emulator.inject(missing)
    done = here("config.history --app myapp")
    assert done.out == (
        f"v4  {at[4]}  someone@example.com                  succeeded  ~LOG_LEVEL\n"
        f"v3  {at[3]}  {ADDON}  succeeded  {UNKNOWN}\n"
        f"v2  {at[2]}  you@example.com                      succeeded  {UNKNOWN}\n"
        "Looked through 4 releases of myapp, back to v1.\n"
    )
    assert done.code == 0
    document = json.loads(here("config.history --app myapp --format json").out)
    assert [row["changes"] for row in document["revisions"]] == [
        [{"name": "LOG_LEVEL", "action": "change"}],
        None,
        None,
    ]


# Which app.


def test_an_app_that_heroku_does_not_know_is_an_error_in_both_forms(here: Here) -> None:
    done = here("config.history --app nosuchapp")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: Heroku knows no app nosuchapp, or the API key from ")
    done = here("config.history --app nosuchapp --format json")
    assert (done.code, json.loads(done.out)["error"]["kind"]) == (1, "AppNotFound")


def test_the_settings_name_the_app(here: Here, face: Face) -> None:
    face.write("invoke.yaml", "heroku: {apps: {myapp: {file: .env.production}}}\n")
    assert here("config.history").out == here("config.history --app myapp").out


def test_a_format_that_is_none_is_refused(face: Face, emulator: Emulator) -> None:
    done = face.run("config.history --app myapp --format github")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: --format is none of text, json\n  leave it out for text\n"
    assert emulator.requests == []
