"""Reviewed plans: `config.sync --expect` applies what `config.diff` named, and no other plan."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping

import pytest

from deploy.emulator import App, Emulator

from .conftest import Here
from .face import Face, settings

PATCH = ("PATCH", "/apps/myapp/config-vars")
LOCK_KEY = "0123456789abcdef" * 4
CHANGED = "LOG_LEVEL=debug\nTOKEN=t0ken\n"
REVIEW_IT = "have the plan shown here reviewed: config.diff names it\n"
Act = Callable[[Face, App], object]


@pytest.fixture
def changed(face: Face) -> Face:
    """The env file changes LOG_LEVEL, keeps TOKEN, and no longer declares OLD."""
    face.write(".env.production", CHANGED)
    return face


def patches(emulator: Emulator) -> list[tuple[str, ...]]:
    """The names in the body of each write."""
    return [each.names for each in emulator.requests if (each.method, each.path) == PATCH]


def plan_of(out: str) -> str:
    """The digest on the last line of a report."""
    word, digest = out.splitlines()[-1].split()
    assert word == "Plan"
    return digest


def refusal(digest: str, step: str = REVIEW_IT) -> str:
    return (
        f"error: this is not the plan {digest}: something moved since, or the options are others;"
        f" nothing was written\n  {step}"
    )


# Applied.


def test_the_plan_that_was_reviewed_is_applied_in_the_same_words(
    here: Here, changed: Face, app: App, emulator: Emulator
) -> None:
    diff = here("config.diff --app myapp").out
    done = here(f"config.sync --app myapp --expect {plan_of(diff)}")
    assert done.out == (
        f"{diff}"
        "Set 0, changed 1, removed 0 on myapp (v4).\n"
        "Undo: invoke config.rollback --app myapp --to v3\n"
    )
    assert (done.code, done.err, patches(emulator)) == (0, "", [("LOG_LEVEL",)])
    assert app.vars["LOG_LEVEL"] == "debug"


@pytest.mark.parametrize("place", ["settings", "dotenv"])
def test_it_stands_for_yes_where_nobody_named_the_app(
    place: str, here: Here, changed: Face, app: App, emulator: Emulator
) -> None:
    if place == "settings":
        changed.write("invoke.yaml", settings({"myapp": ".env.production"}))
    else:
        changed.write(".env", "HEROKU_APP=myapp\n")
    changed.env["CI"] = "true"
    digest = plan_of(here("config.diff").out)
    done = here("config.sync")
    assert (done.code, patches(emulator)) == (1, [])
    assert done.err.startswith("error: nobody named the app, ")
    done = here(f"config.sync --expect {digest}")
    assert (done.code, done.err, app.vars["LOG_LEVEL"]) == (0, "", "debug")


def test_at_a_terminal_it_asks_no_question(here: Here, changed: Face, app: App) -> None:
    digest = plan_of(here("config.diff --app myapp").out)
    with changed.at_terminal(f"config.sync --app myapp --expect {digest}") as screen:
        assert screen.end() == 0
    assert "[y/N]" not in screen.text
    assert app.vars["LOG_LEVEL"] == "debug"


def test_two_steps_of_a_deployment_agree_by_json_and_standard_input(face: Face, app: App) -> None:
    declared = CHANGED.encode()
    first = face.run("config.diff --app myapp --file - --format json", stdin=declared)
    digest = json.loads(first.out)["plan"]
    done = face.run(f"config.sync --app myapp --file - --expect {digest}", stdin=declared)
    assert (done.code, done.err, app.vars["LOG_LEVEL"]) == (0, "", "debug")


def test_plan_in_json_is_the_digest_of_the_text_and_null_where_nothing_differs(
    here: Here, changed: Face
) -> None:
    document = json.loads(here("config.diff --app myapp --format json").out)
    assert document["plan"] == plan_of(here("config.diff --app myapp").out)
    done = here(f"config.sync --app myapp --format json --expect {document['plan']}")
    result: dict[str, object] = {"state": "applied", "version": 4, "previous": 3}
    result |= {"set": 0, "changed": 1, "removed": 0, "was_pending": False}
    result |= {"needs": [], "unverified": []}
    assert json.loads(done.out) == {**document, "result": result}
    assert json.loads(here("config.diff --app myapp --format json").out)["plan"] is None


def test_the_same_declaration_written_otherwise_is_the_same_plan(
    here: Here, changed: Face, app: App
) -> None:
    digest = plan_of(here("config.diff --app myapp").out)
    changed.write(
        "plain.env", "# Reviewed.\r\nexport TOKEN='t0ken'\r\n\r\nLOG_LEVEL=debug # loud\r\n"
    )
    assert here(f"config.sync --app myapp --file plain.env --expect {digest}").code == 0
    assert app.vars["LOG_LEVEL"] == "debug"


def test_a_dry_run_shows_the_expected_plan_and_writes_nothing(
    here: Here, changed: Face, emulator: Emulator
) -> None:
    diff = here("config.diff --app myapp").out
    done = here(f"config.sync --app myapp --dry-run --expect {plan_of(diff)}")
    assert (done.code, done.out) == (0, f"{diff}Dry run: nothing was written.\n")
    assert patches(emulator) == []


def rotate(_face: Face, app: App) -> None:
    app.set_vars({"DATABASE_URL": "postgres://rotated"})


def move_ignored(_face: Face, app: App) -> None:
    app.set_vars({"PAPER_1": "2", "PAPER_2": "1"})


def deploy(_face: Face, app: App) -> None:
    app.deploy()


def change_and_return(_face: Face, app: App) -> None:
    app.set_vars({"TOKEN": "other"})
    app.set_vars({"TOKEN": "t0ken"})


@pytest.mark.parametrize("act", [rotate, move_ignored, deploy, change_and_return])
def test_what_makes_no_difference_to_the_plan_does_not_spoil_it(
    act: Act, here: Here, changed: Face, app: App
) -> None:
    changed.write("invoke.yaml", settings({}, ignore=["PAPER_*"]))
    app.set_vars({"PAPER_1": "1"})
    digest = plan_of(here("config.diff --app myapp").out)
    act(changed, app)
    done = here(f"config.sync --app myapp --expect {digest}")
    assert (done.code, done.err, app.vars["LOG_LEVEL"]) == (0, "", "debug")


# Refused.


def test_another_writer_in_between_stops_it_and_the_new_plan_is_shown_with_its_name(
    here: Here, changed: Face, app: App, emulator: Emulator
) -> None:
    digest = plan_of(here("config.diff --app myapp").out)
    app.set_vars({"TOKEN": "T0KEN"})
    done = here(f"config.sync --app myapp --expect {digest}")
    new = plan_of(done.out)
    assert done.out == (
        "myapp differs from .env.production: 0 to set, 2 to change, 0 to remove; 0 equal.\n"
        "  ~ LOG_LEVEL  ******** -> ********\n"
        "  ~ TOKEN      ******** -> ********  (differs only in letter case)\n"
        "Unmanaged, kept (--prune removes them): OLD\n"
        f"Plan {new}\n"
    )
    assert (done.code, done.err, patches(emulator)) == (1, refusal(digest), [])
    assert new != digest
    assert here("config.diff --app myapp").out == done.out
    assert here(f"config.sync --app myapp --expect {new}").code == 0
    assert (app.vars["LOG_LEVEL"], app.vars["TOKEN"]) == ("debug", "t0ken")


def change_live(_face: Face, app: App) -> None:
    app.set_vars({"LOG_LEVEL": "warning"})


def change_unmanaged(_face: Face, app: App) -> None:
    app.set_vars({"OLD": "older"})


def add_unmanaged(_face: Face, app: App) -> None:
    app.set_vars({"NEW": "1"})


def add_database(_face: Face, app: App) -> None:
    app.add_addon(
        "heroku-redis:mini", "redis-flat-1", {"REDIS_URL": "redis://x"}, attachment="REDIS"
    )


def change_what_is_new(face: Face, _app: App) -> None:
    face.write(".env.production", CHANGED.replace("debug", "error"))


def change_what_was_equal(face: Face, _app: App) -> None:
    face.write(".env.production", CHANGED.replace("t0ken", "other"))


def declare_what_is_live(face: Face, _app: App) -> None:
    face.write(".env.production", f"{CHANGED}OLD=old\n")


@pytest.mark.parametrize(
    "act",
    [
        change_live,
        change_unmanaged,
        add_unmanaged,
        add_database,
        change_what_is_new,
        change_what_was_equal,
        declare_what_is_live,
    ],
)
def test_whatever_moved_on_either_side_spoils_it(
    act: Act, here: Here, changed: Face, app: App, emulator: Emulator
) -> None:
    digest = plan_of(here("config.diff --app myapp").out)
    act(changed, app)
    done = here(f"config.sync --app myapp --yes --force --expect {digest}")
    assert (done.code, done.err, patches(emulator)) == (1, refusal(digest), [])
    assert done.out == here("config.diff --app myapp").out


@pytest.mark.parametrize(
    ("reviewed", "applied"),
    [
        ("", " --prune --confirm myapp"),
        (" --prune", ""),
        ("", " --only LOG_LEVEL"),
        ("", " --only LOG_LEVEL --only TOKEN --only OLD"),
        (" --only LOG_LEVEL", ""),
        (" --only LOG_LEVEL", " --only LOG_LEVEL --only TOKEN"),
    ],
)
def test_other_options_are_another_plan(
    reviewed: str, applied: str, here: Here, changed: Face, emulator: Emulator
) -> None:
    digest = plan_of(here(f"config.diff --app myapp{reviewed}").out)
    done = here(f"config.sync --app myapp{applied} --expect {digest}")
    assert (done.code, done.err, patches(emulator)) == (1, refusal(digest), [])


def test_the_order_of_the_names_in_only_is_no_other_plan(here: Here, changed: Face) -> None:
    digest = plan_of(here("config.diff --app myapp --only LOG_LEVEL --only OLD").out)
    line = f"config.sync --app myapp --only OLD --only LOG_LEVEL --expect {digest}"
    assert here(line).code == 0


def test_the_same_difference_on_another_app_is_another_plan(
    here: Here, changed: Face, app: App, emulator: Emulator
) -> None:
    emulator.add_app("myapp-two", {"LOG_LEVEL": "info", "TOKEN": "t0ken", "OLD": "old"})
    emulator.add_app("myapp-three", {"LOG_LEVEL": "info", "TOKEN": "t0ken", "OLD": "old"})
    digest = plan_of(here("config.diff --app myapp-two").out)
    done = here(f"config.sync --app myapp-three --expect {digest}")
    assert (done.code, done.err) == (1, refusal(digest))
    assert emulator.app("myapp-three").vars["LOG_LEVEL"] == "info"


def test_a_plan_that_was_applied_already_is_refused_and_where_to_look_is_said(
    here: Here, changed: Face, emulator: Emulator
) -> None:
    digest = plan_of(here("config.diff --app myapp").out)
    assert here(f"config.sync --app myapp --expect {digest}").code == 0
    done = here(f"config.sync --app myapp --expect {digest}")
    assert done.out == (
        "myapp is in sync with .env.production: 2 equal.\n"
        "Unmanaged, kept (--prune removes them): OLD\n"
    )
    assert done.err == refusal(digest, "it may have been applied already: see config.history\n")
    assert (done.code, len(patches(emulator))) == (1, 1)


def test_a_refusal_in_json_is_a_document_and_the_new_plan_is_on_standard_error(
    here: Here, changed: Face, app: App
) -> None:
    digest = plan_of(here("config.diff --app myapp").out)
    app.set_vars({"TOKEN": "other"})
    done = here(f"config.sync --app myapp --format json --expect {digest}")
    assert json.loads(done.out) == {
        "schema_version": 1,
        "error": {
            "kind": "NotAllowed",
            "message": f"this is not the plan {digest}: something moved since, or the options are"
            " others; nothing was written",
            "next_step": REVIEW_IT.strip(),
            "exit_code": 1,
        },
    }
    assert done.code == 1
    assert done.err == here("config.diff --app myapp").out + refusal(digest)


def test_a_dry_run_of_another_plan_fails_too(here: Here, changed: Face, app: App) -> None:
    digest = plan_of(here("config.diff --app myapp").out)
    app.set_vars({"TOKEN": "other"})
    assert here(f"config.sync --app myapp --dry-run --expect {digest}").code == 1


@pytest.mark.parametrize(
    "option",
    [
        "--expect x",
        "--expect=",
        "--expect null",
        "--expect --dry",
        f"--expect {'a' * 31}",
        f"--expect {'a' * 33}",
        f"--expect {'A' * 32}",
    ],
)
def test_what_is_no_digest_is_refused_and_never_taken_for_no_expectation(
    option: str, here: Here, changed: Face, emulator: Emulator
) -> None:
    done = here(f"config.sync --app myapp --yes {option}")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: --expect holds no plan's digest\n  config.diff ends with it: 32 hex digits\n"
    )
    assert emulator.requests == []


# What it does not stand for.


def test_it_does_not_stand_for_the_apps_name_where_vars_are_removed(
    here: Here, changed: Face, app: App, emulator: Emulator
) -> None:
    diff = here("config.diff --app myapp --prune").out
    line = f"config.sync --app myapp --prune --expect {plan_of(diff)}"
    done = here(line)
    assert (done.code, done.out, patches(emulator)) == (1, diff, [])
    assert done.err == (
        "error: this plan removes or empties OLD; nothing was written\n  add --confirm myapp\n"
    )
    assert here(f"{line} --confirm myapp").code == 0
    assert "OLD" not in app.vars


def test_at_a_terminal_the_apps_name_must_still_be_typed_for_a_removal(
    here: Here, changed: Face, app: App
) -> None:
    digest = plan_of(here("config.diff --app myapp --prune").out)
    with changed.at_terminal(f"config.sync --app myapp --prune --expect {digest}") as screen:
        screen.wait_for("This removes or empties OLD.\r\nType myapp to apply it:")
        screen.type("y\n")
        assert screen.end() == 1
    assert "OLD" in app.vars


def test_it_does_not_stand_for_force(here: Here, face: Face, emulator: Emulator) -> None:
    face.write(".env.production", "TOKEN=changeme\n")
    digest = plan_of(here("config.diff --app myapp").out)
    done = here(f"config.sync --app myapp --expect {digest}")
    assert done.code == 1
    assert "error: TOKEN: a placeholder would replace a live value; nothing" in done.err
    assert patches(emulator) == []


def test_a_plan_of_a_rollback_has_no_digest_to_expect(here: Here, app: App) -> None:
    app.set_vars({"TOKEN": "other"})
    assert "Plan " not in here("config.diff --app myapp --release v3").out
    document = json.loads(here("config.diff --app myapp --release v3 --format json").out)
    assert document["plan"] is None


# The digest.


def sealed(declared: Mapping[str, str], app: App, key: str | None) -> str:
    """The digest of a plan that changes LOG_LEVEL alone, made without our own code."""
    document = {
        "version": "config-plan/1",
        "app": app.id,
        "options": {"prune": False, "only": None},
        "changes": [["~", "LOG_LEVEL"]],
        "declared": declared,
        "live": {name: value for name, value in app.vars.items() if name != "DATABASE_URL"},
        "owned": ["DATABASE_URL"],
    }
    text = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    if key is None:
        return hashlib.sha256(text).hexdigest()[:32]
    return hmac.new(bytes.fromhex(key), text, hashlib.sha256).hexdigest()[:32]


def test_the_key_of_a_lock_keys_the_digest(here: Here, face: Face, app: App) -> None:
    face.write(".env.production", CHANGED)
    without = plan_of(here("config.diff --app myapp").out)
    assert without == sealed({"LOG_LEVEL": "debug", "TOKEN": "t0ken"}, app, None)

    app.set_vars({"CONFIG_LOCK_KEY": LOCK_KEY})
    face.write(".env.production", f"{CHANGED}CONFIG_LOCK_KEY={LOCK_KEY}\n")
    keyed = plan_of(here("config.diff --app myapp").out)
    declared = {"LOG_LEVEL": "debug", "TOKEN": "t0ken", "CONFIG_LOCK_KEY": LOCK_KEY}
    assert keyed == sealed(declared, app, LOCK_KEY)
    assert keyed not in (without, sealed(declared, app, None))
    assert here(f"config.sync --app myapp --expect {keyed}").code == 0


def test_the_exit_codes_of_the_command_are_0_and_1(face: Face, app: App) -> None:
    face.write(".env.production", CHANGED)
    digest = sealed({"LOG_LEVEL": "debug", "TOKEN": "t0ken"}, app, None)
    assert face.run(f"config.sync --app myapp --expect {digest}").code == 0
    assert face.run(f"config.sync --app myapp --expect {digest}").code == 1
