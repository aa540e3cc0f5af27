"""`config.diff` and `config.sync` over many apps: one plan, one consent, a row for each app."""

import json
import re
import signal
import threading

import pytest

from deploy.emulator import App, Emulator, Fault, ReleasePhase, Reset, Status, When, Writer

from ..support import FakeClock
from .conftest import Near
from .face import Done, Face, settings

NAMES = ["shop", "shop-staging", "admin", "api"]
BEFORE = {"LEVEL": "info", "OLD": "x"}
AFTER = {"LEVEL": "debug", "NEW": "1", "OLD": "x"}
SECTION = """\
{app} differs from .env.{app}: 1 to set, 1 to change, 0 to remove; 0 equal.
  ~ LEVEL  ******** -> ********
  + NEW    ********
Left alone: 1 unmanaged; config.diff --app {app} names them.
"""
SECTIONS = (
    SECTION.format(app="shop")
    + SECTION.format(app="shop-staging")
    + "admin is in sync with .env.admin: 2 equal.\n"
    + SECTION.format(app="api")
    + "4 apps: 1 in sync, 3 differ, 0 not read.\n"
)
PLAN = "10e1a11893eb01cb68132cbdc1e109aa"
QUESTION = "Apply 6 changes to 3 apps? [y/N]"


@pytest.fixture
def face(near: Near, emulator: Emulator) -> Face:
    """Four apps of the settings, of which `admin` alone is in sync; `myapp` is none of them."""
    for app in NAMES:
        emulator.add_app(app, BEFORE)
        near.write(f".env.{app}", "LEVEL=debug\nNEW=1\n")
    near.write(".env.admin", "LEVEL=info\nOLD=x\n")
    near.write("invoke.yaml", settings({app: f".env.{app}" for app in NAMES}))
    return near


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits three seconds for a look at a release phase."""
    monkeypatch.setattr("deploy.tasks.fleet_sync.Clock", FakeClock())


def patched(emulator: Emulator) -> list[str]:
    """The apps that a PATCH came to, in its order."""
    return [each.path.split("/")[2] for each in emulator.requests if each.method == "PATCH"]


def holding(emulator: Emulator) -> list[str]:
    return [app for app in NAMES if dict(emulator.app(app).vars) == AFTER]


def states(done: Done) -> dict[str, str]:
    document = json.loads(done.out)
    return {each["app"]: each["state"] for each in document["apps"]}


def digest(done: Done) -> str:
    [found] = re.findall(r"^Plan ([0-9a-f]{32})$", done.out, re.MULTILINE)
    return str(found)


# The plan.


def test_all_apps_are_one_plan_that_shows_what_differs(face: Face, emulator: Emulator) -> None:
    done = face.run("config.diff --all")
    price = "Applying this takes up to 43 requests.\n"
    assert done.out == f"{SECTIONS}{price}Plan {PLAN}\n"
    assert (done.code, done.err) == (0, "")
    assert face.run("config.diff --all --exit-code").code == 2
    assert patched(emulator) == []


def test_apps_that_are_named_are_each_taken_once_in_the_order_of_the_settings(
    face: Face, app: App
) -> None:
    face.write(
        "invoke.yaml", "heroku: {apps: {shop: {file: .env.shop}, myapp:, api: {file: .env.api}}}"
    )
    done = face.run("config.diff -a myapp --app api --app shop -a api")
    heads = [
        line.split()[0]
        for line in done.out.splitlines()
        if re.search("(sync with|from) .env", line)
    ]
    assert heads == ["shop", "myapp", "api"]


def test_the_json_has_the_same_facts(face: Face) -> None:
    text, document = (
        face.run("config.diff --all"),
        json.loads(face.run("config.diff --all --format json").out),
    )
    assert document["plan"] == digest(text)
    assert document["requests"] == 43
    assert document["counts"] == {"in_sync": 1, "differs": 3, "unread": 0}
    alone = json.loads(face.run("config.diff --app api --format json").out)
    alone.pop("schema_version")
    assert document["apps"][3] == {**alone, "state": "differs"}


def test_one_app_alone_is_what_it_always_was(face: Face, emulator: Emulator) -> None:
    face.write("invoke.yaml", settings({"shop": ".env.shop"}))
    lines = ["config.diff --app shop", "config.diff --app shop -a shop", "config.diff --all"]
    found = []
    for line in [*lines, "config.diff"]:
        before = len(emulator.requests)
        done = face.run(line)
        asked = sorted(each.path for each in emulator.requests[before:])
        found.append((done, asked))
    assert found.count(found[0]) == 4
    assert "Unmanaged, kept (--prune removes them): OLD\n" in found[0][0].out


def test_an_id_is_looked_up_and_is_the_app_of_that_name(face: Face, emulator: Emulator) -> None:
    api = emulator.app("api")
    done = face.run(f"config.diff --app {api.id} --app shop --app api")
    assert done.err == f"{api.id} is api\n"
    assert "2 apps: 0 in sync, 2 differ, 0 not read.\n" in done.out


def test_what_cannot_be_read_is_told_beside_the_rest(face: Face, emulator: Emulator) -> None:
    (face.folder / ".env.api").unlink()
    face.write(".env.shop", "no pair\n")
    emulator.inject(Fault(what=Status(403), path="/apps/admin/*", times=9))
    done = face.run("config.diff --all --exit-code")
    assert done.code == 1
    assert "shop could not be read: .env.shop: line 1: " in done.out
    assert "admin could not be read: the API key" in done.out
    assert (
        "api could not be read: .env.api: no such file\n  make it: invoke config.pull --app api\n"
        in done.out
    )
    assert "4 apps: 0 in sync, 1 differ, 3 not read.\n" in done.out
    assert "Plan" not in done.out


def test_a_warning_about_a_file_of_many_apps_is_told_once(face: Face) -> None:
    face.write(".env.shop", "LEVEL=de#bug\nNEW=$OTHER\n")
    face.write("invoke.yaml", settings(dict.fromkeys(NAMES, ".env.shop")))
    one, all_ = face.run("config.diff --app shop"), face.run("config.diff --all")
    assert one.err.startswith("warning: .env.shop: ")
    assert all_.err == one.err


def test_what_heroku_says_of_all_apps_is_said_once_and_of_some_with_their_names(
    face: Face, emulator: Emulator, clock: None
) -> None:
    emulator.warn = "this API is old"
    emulator.app("api").release_phase = ReleasePhase(reads=1)
    assert face.run("config.diff --all").err == "Heroku says: this API is old\n"
    done = face.run("config.sync --all --yes")
    assert done.code == 0
    assert done.err == (
        "Heroku says: this API is old\n"
        "api: Heroku says: Release command executing: this config change will not be available"
        " until the command succeeds\n"
        "api: v3 is pending: waiting for its release phase\n"
    )


def test_a_name_of_only_must_be_one_of_any_app(face: Face, emulator: Emulator) -> None:
    emulator.app("api").set_vars({"ITS_OWN": "x"})
    done = face.run("config.diff --all --only ITS_OWN")
    assert (done.code, done.err) == (0, "")
    done = face.run("config.diff --all --only ITS_OWN --only NOWHERE")
    assert done.err == (
        "error: --only NOWHERE: neither in the env files nor on the apps\n  check the spelling\n"
    )


def test_what_the_account_has_not_left_takes_minutes(face: Face, emulator: Emulator) -> None:
    emulator.rate_limit_remaining = 330
    done = face.run("config.diff --all")
    assert re.search(
        r"^Applying this takes up to 43 requests, more than the account has left:"
        r" up to 1 minute at the account's rate\.$",
        done.out,
        re.MULTILINE,
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("config.diff --all --app shop", "--all and --app are two answers to one question"),
        ("config.sync --all --file .env.shop", "--file goes with one --app"),
        ("config.diff --app shop --app api --file -", "--file goes with one --app"),
        ("config.diff --all --release v2", "--release goes with one --app"),
        (
            "config.sync --all --yes --first nobody",
            "--first names none of the apps\n  name one of admin, api, shop, ",
        ),
        (
            "config.sync --app api --yes --first shop",
            "--first names none of the apps\n  name one of api\n",
        ),
        ("config.sync --all --first shop --no-wait", "--first and --no-wait are opposites"),
        ("config.sync --all --yes --first=-x", "--first holds no app's name but an option"),
        ("config.sync --all --yes --confirm x", "--confirm does not name one of the apps"),
        ("config.diff --app shop --app x", "--app holds no app's name"),
        ("config.sync --app --all", "--app got no value"),
        ("config.sync --app shop --confirm shop --confirm api", "--confirm does not name the app"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_sent(
    line: str, said: str, face: Face, emulator: Emulator
) -> None:
    done = face.run(line)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"error: {said}")
    assert emulator.requests == []


def test_all_means_nothing_where_the_settings_list_no_apps(face: Face) -> None:
    (face.folder / "invoke.yaml").unlink()
    done = face.run("config.diff --all")
    assert done.err == (
        "error: --all means the apps of the settings, which list none\n"
        "  list them under heroku.apps, or name each with --app\n"
    )


# Consent.


def test_a_sync_says_how_each_app_ended_and_how_to_undo_it(face: Face, emulator: Emulator) -> None:
    done = face.run("config.sync --all --yes")
    assert done.out == (
        f"{SECTIONS}Applying this takes up to 27 requests.\nPlan {PLAN}\n"
        "shop          applied v3\n"
        "shop-staging  applied v3\n"
        "admin         in sync\n"
        "api           applied v3\n"
        "4 apps: 3 applied, 1 in sync.\n"
        "Undo: invoke config.rollback --app shop --to v2\n"
        "Undo: invoke config.rollback --app shop-staging --to v2\n"
        "Undo: invoke config.rollback --app api --to v2\n"
    )
    assert (done.code, done.err) == (0, "")
    assert holding(emulator) == ["shop", "shop-staging", "api"]


def test_the_same_again_has_nothing_to_do(face: Face, emulator: Emulator) -> None:
    face.run("config.sync --all --yes")
    before = len(emulator.requests)
    done = face.run("config.sync --all")
    assert done.code == 0
    assert done.out.endswith("4 apps: 4 in sync, 0 differ, 0 not read.\nNothing to do.\n")
    assert len(emulator.requests) - before == 4 * 3


def test_without_a_person_and_a_yes_nothing_is_written(face: Face, emulator: Emulator) -> None:
    done = face.run("config.sync --all")
    assert done.code == 1
    assert done.err == "error: nobody can be asked here; nothing was written\n  add --yes\n"
    assert patched(emulator) == []


@pytest.mark.parametrize(
    ("line", "is_written"),
    [
        ("config.sync --app shop --app api", True),
        ("config.sync --all", False),
        ("config.sync --all --yes", True),
    ],
)
def test_a_job_that_names_its_apps_needs_no_yes(
    line: str, is_written: bool, face: Face, emulator: Emulator
) -> None:
    face.env["CI"] = "true"
    done = face.run(line)
    assert bool(patched(emulator)) == is_written == (done.code == 0)
    if not is_written:
        assert "  add --yes, or name each with --app\n" in done.err


def test_a_job_that_takes_all_apps_needs_a_yes_though_they_are_one(
    face: Face, emulator: Emulator
) -> None:
    face.write("invoke.yaml", settings({"shop": ".env.shop"}))
    face.env["CI"] = "true"
    assert face.run("config.sync --all").code == 1
    assert patched(emulator) == []
    assert face.run("config.sync --all --yes").code == 0


def test_all_refusals_of_all_apps_are_told_before_anything_is_written(
    face: Face, emulator: Emulator
) -> None:
    face.write(".env.api", "LEVEL=changeme\n")
    (face.folder / ".env.admin").unlink()
    done = face.run("config.sync --all --yes --prune --confirm shop-staging")
    assert done.code == 1
    assert done.err == (
        "warning: .env.api: line 1: LEVEL: looks like a placeholder that nobody filled in\n"
        "error: shop: this plan removes or empties OLD; nothing was written\n"
        "error: admin: .env.admin: no such file\n"
        "error: api: LEVEL: a placeholder would replace a live value; nothing was written\n"
        "error: api: this plan removes or empties OLD; nothing was written\n"
        "error: nothing was written to any app\n"
        "  shop: add --confirm shop\n"
        "  admin: make it: invoke config.pull --app admin\n"
        "  api: fill it in, or add --force\n"
        "  api: add --confirm api\n"
    )
    assert patched(emulator) == []


def test_refused_apps_are_rows_of_the_document_too(face: Face, emulator: Emulator) -> None:
    (face.folder / ".env.api").unlink()
    done = face.run("config.sync --all --yes --format json")
    assert done.code == 1
    assert states(done) == {
        "shop": "not_begun",
        "shop-staging": "not_begun",
        "admin": "in_sync",
        "api": "refused",
    }
    document = json.loads(done.out)
    assert document["error"]["kind"] == "AppsRefused"
    assert document["apps"][3]["error"]["message"] == ".env.api: no such file"
    assert document["error"]["next_step"] == "api: make it: invoke config.pull --app api"
    assert "shop differs from .env.shop" in done.err  # for the person who is refused
    assert patched(emulator) == []


def test_the_next_steps_of_all_are_one_line_of_the_document(face: Face) -> None:
    face.write(".env.api", "LEVEL=changeme\n")
    done = face.run("config.sync --all --prune --format json")
    error = json.loads(done.out)["error"]
    assert error["next_step"] == (
        "shop: add --confirm shop; shop-staging: add --confirm shop-staging;"
        " api: fill it in, or add --force; api: add --confirm api"
    )
    assert "\n  shop: add --confirm shop\n  shop-staging: add" in done.err


def test_with_keep_going_the_others_are_written(face: Face, emulator: Emulator) -> None:
    (face.folder / ".env.api").unlink()
    face.write(".env.shop", "LEVEL=changeme\n")
    done = face.run("config.sync --all --yes --keep-going")
    assert done.code == 1
    assert "\nshop          refused: LEVEL: a placeholder would replace a live value" in done.out
    assert "\nshop-staging  applied v3\n" in done.out
    assert done.err == (
        "warning: .env.shop: line 1: LEVEL: looks like a placeholder that nobody filled in\n"
        "error: 2 of 4 apps are not known to hold what was declared\n"
        "  run the same again: it goes on where this ended\n"
    )
    assert patched(emulator) == ["shop-staging"]


def test_where_the_first_one_is_refused_nothing_is_written(face: Face, emulator: Emulator) -> None:
    face.write(".env.shop", "LEVEL=changeme\n")
    assert face.run("config.sync --all --yes --keep-going --first shop").code == 1
    assert patched(emulator) == []


def test_a_dry_run_tells_what_applying_needs(face: Face, emulator: Emulator) -> None:
    emulator.app("shop").set_vars({"OLD": None})
    done = face.run("config.sync --all --prune --dry-run")
    assert done.code == 0
    assert done.out.endswith(
        "Dry run: nothing was written.\nTo apply this: --yes --confirm shop-staging --confirm api\n"
    )
    needs = json.loads(face.run("config.sync --all --prune --dry-run --format json").out)["needs"]
    assert needs == ["--yes", "--confirm shop-staging", "--confirm api"]
    assert patched(emulator) == []
    line = " ".join(["config.sync --all --prune", *needs])
    assert face.run(line).code == 0


# A plan that was reviewed.


def test_a_plan_that_was_reviewed_is_applied(face: Face, emulator: Emulator) -> None:
    done = face.run(f"config.sync --all --expect {digest(face.run('config.diff --all'))}")
    assert (done.code, done.err) == (0, "")
    assert holding(emulator) == ["shop", "shop-staging", "api"]


@pytest.mark.parametrize("moved", ["shop", "admin", "api"])
def test_if_any_app_moved_nothing_is_written_anywhere(
    moved: str, face: Face, emulator: Emulator
) -> None:
    reviewed = digest(face.run("config.diff --all"))
    emulator.app(moved).set_vars({"LEVEL": "warn"})
    done = face.run(f"config.sync --all --keep-going --expect {reviewed}")
    assert done.code == 1
    assert done.err.startswith(f"error: this is not the plan {reviewed}: something moved since")
    assert patched(emulator) == []


def test_the_plan_of_fewer_apps_is_another_one(face: Face, emulator: Emulator) -> None:
    reviewed = digest(face.run("config.diff --all"))
    assert face.run(f"config.sync --app shop --app api --expect {reviewed}").code == 1
    assert patched(emulator) == []


def test_an_app_that_cannot_be_read_means_another_plan(face: Face, emulator: Emulator) -> None:
    reviewed = digest(face.run("config.diff --all"))
    emulator.inject(Fault(what=Status(403), path="/apps/admin/*", times=9))
    done = face.run(f"config.sync --all --keep-going --expect {reviewed}")
    assert done.code == 1
    assert "error: admin: the API key" in done.err
    assert patched(emulator) == []


# At a terminal.


def test_one_question_counts_apps_and_changes(face: Face, emulator: Emulator) -> None:
    with face.at_terminal("config.sync --all") as screen:
        screen.wait_for(QUESTION)
        screen.type("y\n")
        assert screen.end() == 0
    assert "27 requests" not in screen.plain  # each app that differs is read once more
    assert "Applying this takes up to 39 requests.\n" in screen.plain
    assert "4 apps: 3 applied, 1 in sync.\n" in screen.plain
    assert holding(emulator) == ["shop", "shop-staging", "api"]


def test_a_no_is_one_for_all(face: Face, emulator: Emulator) -> None:
    with face.at_terminal("config.sync --all --format json") as screen:
        screen.wait_for(QUESTION)
        screen.type("\n")
        assert screen.end() == 1
    assert "error: declined; nothing was written\n" in screen.plain
    assert screen.plain.count("shop differs from .env.shop:") == 1
    assert patched(emulator) == []


def test_each_name_that_a_removal_needs_is_typed_and_the_rest_is_one_yes(
    face: Face, emulator: Emulator
) -> None:
    emulator.app("shop").set_vars({"OLD": None})
    with face.at_terminal("config.sync --all --prune --confirm api") as screen:
        screen.wait_for(
            "On shop-staging this removes or empties OLD.\r\nType shop-staging to apply it:"
        )
        screen.type("shop-staging\n")
        screen.wait_for("Apply 2 changes to 1 other app? [y/N]")
        screen.type("y\n")
        assert screen.end() == 0
    assert "Type api" not in screen.plain
    assert dict(emulator.app("api").vars) == {"LEVEL": "debug", "NEW": "1"}


def test_a_wrong_name_is_a_no_for_all(face: Face, emulator: Emulator) -> None:
    with face.at_terminal("config.sync --all --prune") as screen:
        screen.wait_for("Type shop to apply it:")
        screen.type("shop-staging\n")
        assert screen.end() == 1
    assert patched(emulator) == []


def test_where_each_app_is_confirmed_by_name_nobody_is_asked(face: Face) -> None:
    line = "config.sync --all --confirm shop --confirm shop-staging --confirm api"
    with face.at_terminal(line) as screen:
        assert screen.end() == 0
    assert "[y/N]" not in screen.plain


def test_what_moved_during_the_question_keeps_all_from_being_written(
    face: Face, emulator: Emulator
) -> None:
    with face.at_terminal("config.sync --all --keep-going") as screen:
        screen.wait_for(QUESTION)
        emulator.app("shop").set_vars({"LEVEL": "warn"})
        emulator.app("api").set_vars({"NEW": "else"})
        screen.type("y\n")
        assert screen.end() == 1
    assert "error: shop: LEVEL changed while we asked; nothing was written\n" in screen.plain
    assert "error: nothing was written to any app\n" in screen.plain
    assert "error: api: NEW changed while we asked; nothing was written\n" in screen.plain
    assert patched(emulator) == []


def test_each_lock_is_made_anew_once(face: Face, emulator: Emulator) -> None:
    face.write(
        "invoke.yaml", settings({"shop": ".env.shop", "api": ".env.shop", "admin": ".env.admin"})
    )
    key = "CONFIG_LOCK_KEY=" + "0123456789abcdef" * 4
    for name in (".env.shop", ".env.admin"):
        face.write(name, f"LEVEL=info\n{key}\n")
        assert face.run(f"config.lock --file {name}").code == 0
        face.write(name, f"LEVEL=debug\n{key}\n")
    done = face.run("config.sync --all --yes")
    assert done.err == (
        "warning: .env.shop.lock is stale: run config.lock, and commit it\n"
        "warning: .env.admin.lock is stale: run config.lock, and commit it\n"
    )
    with face.at_terminal("config.sync --all --yes") as screen:
        assert screen.end() == 0
    assert screen.plain.count("Wrote .env.shop.lock: ") == 1
    assert face.run("config.lock --check --file .env.admin").code == 0


# What goes wrong on the way.


def test_after_the_first_that_fails_nothing_new_begins_and_the_same_again_goes_on(
    face: Face, emulator: Emulator, clock: None
) -> None:
    face.write("invoke.yaml", settings({app: f".env.{app}" for app in NAMES}) + "  workers: 1\n")
    emulator.inject(
        Fault(what=Reset(When.AFTER), method="PATCH", path="/apps/shop-staging/config-vars"),
    )
    emulator.app("shop-staging").release_phase = ReleasePhase(reads=1, outcome="failed")
    done = face.run("config.sync --all --yes --format json")
    assert done.code == 1
    found = states(done)
    assert found["shop"] == "applied"
    assert found["shop-staging"] == "failed"
    assert found["api"] == "not_begun"
    assert patched(emulator) == ["shop", "shop-staging"]
    emulator.app("shop-staging").release_phase = None
    again = face.run("config.sync --all --yes")
    assert again.code == 0
    assert "shop          in sync\nshop-staging  applied v4\n" in again.out
    assert holding(emulator) == ["shop", "shop-staging", "api"]


def test_the_first_one_is_verified_before_any_other_begins(
    face: Face, emulator: Emulator, clock: None
) -> None:
    emulator.app("api").release_phase = ReleasePhase(reads=1, outcome="failed")
    done = face.run("config.sync --all --yes --first api --keep-going")
    assert done.code == 1
    assert "api           failed: v3 of api failed: the config is not live; see why:" in done.out
    assert "shop          not begun\n" in done.out
    assert "error: 3 of 4 apps are not known to hold what was declared\n" in done.err
    assert patched(emulator) == ["api"]


def test_a_release_phase_is_told_with_its_app(face: Face, emulator: Emulator, clock: None) -> None:
    emulator.app("api").release_phase = ReleasePhase(reads=1)
    done = face.run("config.sync --all --yes --first api")
    assert done.code == 0
    assert done.err.endswith("\napi: v3 is pending: waiting for its release phase\n")
    assert done.err.count("waiting") == 1


def test_what_nobody_waits_for_is_told_as_sent(face: Face, emulator: Emulator) -> None:
    emulator.app("api").release_phase = ReleasePhase(reads=9)
    done = face.run("config.sync --all --yes --no-wait")
    assert done.code == 0
    assert "api           sent v3: pending, not verified\n" in done.out


# Signals.


def many(face: Face, emulator: Emulator) -> list[str]:
    """So many apps that they cannot all be written to before a signal is heard."""
    names = [f"app-{number:02}" for number in range(20)]
    for app in names:
        emulator.add_app(app, BEFORE)
    face.write("invoke.yaml", settings(dict.fromkeys(names, ".env.shop")) + "  workers: 2\n")
    return names


@pytest.mark.parametrize(
    ("by", "code", "word"),
    [
        (signal.SIGINT, 130, "interrupted (Ctrl-C)"),
        (signal.SIGTERM, 143, "terminated (SIGTERM)"),
    ],
    ids=["ctrl-c", "sigterm"],
)
def test_a_signal_ends_it_after_the_writes_in_flight(
    by: signal.Signals, code: int, word: str, face: Face, emulator: Emulator
) -> None:
    names = many(face, emulator)
    stop = Writer(lambda: process.send_signal(by))
    emulator.inject(Fault(what=stop, method="PATCH", path="/apps/app-03/config-vars"))
    with face.started("config.sync --all --yes --format json") as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == code
    document = json.loads(out)
    found = {each["app"]: each["state"] for each in document["apps"]}
    assert {app for app in names if dict(emulator.app(app).vars) == AFTER} == {
        app for app, state in found.items() if state == "applied"
    }
    assert {*found.values()} == {"applied", "not_begun"}
    assert found["app-03"] == "applied"
    assert document["error"]["message"].startswith(f"{word} when ")
    assert re.fullmatch(
        rf"error: {re.escape(word)} when \d+ of 20 apps were begun\n"
        r"  run the same again: it goes on where this ended\n",
        err.decode(),
    )


def test_a_second_one_ends_it_at_once_and_what_is_in_flight_is_unknown(
    face: Face, emulator: Emulator
) -> None:
    names = many(face, emulator)
    is_over = threading.Event()

    def stop() -> None:
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        is_over.wait(20)

    emulator.inject(Fault(what=Writer(stop), method="PATCH", path="/apps/app-03/config-vars"))
    with face.started("config.sync --all --yes") as process:
        out, err = process.communicate(timeout=20)
        is_over.set()
    assert process.returncode == 130
    said = "app-03  unknown: it was being written to; run config.diff --app app-03\n"
    assert said in out.decode()
    assert "app-19  not begun\n" in out.decode()
    assert err.decode().startswith("error: interrupted (Ctrl-C) when ")
    applied = set(re.findall(r"^(app-\d+)  applied v3$", out.decode(), re.MULTILINE))
    assert applied <= {app for app in names if dict(emulator.app(app).vars) == AFTER}


def test_a_signal_ends_the_wait_for_a_release_phase_with_the_truth(
    face: Face, emulator: Emulator
) -> None:
    emulator.app("shop").release_phase = ReleasePhase(reads=10**6)
    stop = Writer(lambda: process.send_signal(signal.SIGINT))
    emulator.inject(Fault(what=stop, path="/apps/shop/releases/3/config-vars"))
    with face.started("config.sync --all --yes --first shop") as process:
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert (
        "shop          unknown: interrupted (Ctrl-C) while waiting: the change was sent as v3 to"
        " shop, and is not verified; run config.diff --app shop\n"
    ) in out.decode()
    assert "api           not begun\n" in out.decode()
    assert "error: interrupted (Ctrl-C) when 1 of 3 apps were begun\n" in err.decode()


# Layers, and what programs print.


def test_each_app_has_its_layers_and_one_that_is_missing_is_that_app_s_refusal(
    face: Face, emulator: Emulator
) -> None:
    face.write(".env.shared", "LEVEL=shared\nNEW=shared\n")
    face.write(".env.api", "LEVEL=own\n")
    face.write(
        "invoke.yaml",
        "heroku:\n  apps:\n    shop: {file: [.env.shared, .env.gone]}\n"
        "    api: {file: [.env.shared, .env.api]}\n    admin: {file: .env.shared}\n",
    )
    refused = face.run("config.sync --all --yes")
    assert refused.code == 1
    assert "error: shop: .env.gone: no such file\n" in refused.err
    assert patched(emulator) == []
    done = face.run("config.sync --all --yes --keep-going")
    assert dict(emulator.app("api").vars) == {"LEVEL": "own", "NEW": "shared", "OLD": "x"}
    assert dict(emulator.app("admin").vars) == {"LEVEL": "shared", "NEW": "shared", "OLD": "x"}
    assert "shop   refused: .env.gone: no such file; make it: invoke" in done.out


def test_a_program_that_several_apps_name_declares_each_of_them(
    face: Face, emulator: Emulator
) -> None:
    face.write("secrets.txt", "LEVEL=printed\n")
    face.write(
        "invoke.yaml",
        "heroku:\n  apps:\n    shop: {from: [cat, secrets.txt]}\n"
        "    api: {from: [cat, secrets.txt]}\n    admin: {from: [cat, gone.txt]}\n",
    )
    done = face.run("config.diff --all")
    assert done.code == 1
    assert "3 apps: 0 in sync, 2 differ, 1 not read.\n" in done.out
    assert face.run("config.sync --app shop --app api --yes").code == 0
    assert {emulator.app(app).vars["LEVEL"] for app in ("shop", "api")} == {"printed"}
