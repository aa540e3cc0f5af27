"""A stage of a pipeline as a target of the tasks: `--pipeline NAME --stage review`."""

import json
import re
from pathlib import Path

import pytest
from invoke.vendor import yaml

from deploy.emulator import App, Emulator, Fault, Status
from deploy.emulator.pipelines import Pipeline
from deploy.project.settings import read

from ..stories.history import KEY as LOCK_KEY
from ..stories.history import Repo
from ..test_readme import ROOT, blocks, section
from .conftest import Near
from .face import KEY, Done, Face

REVIEW = "--pipeline my-pipeline --stage review"
LIVE = {"API_KEY": "kJ83hfLLdk39dkf83", "LOG_LEVEL": "info"}
FILE = "API_KEY=kJ83hfLLdk39dkf83\nLOG_LEVEL=debug\nSEED=1\n"
SETTINGS = """\
heroku:
  apps:
    myapp: {file: .env.production}
  stages:
    my-pipeline/review: {file: .env.review}
"""
NONE = "No undo: a stage has no releases, and its files do not declare what was there.\n"


@pytest.fixture
def pipeline(emulator: Emulator, face: Face) -> Pipeline:
    """Its review stage has a secret of production, as its file has, and differs in two names."""
    made = emulator.add_pipeline("my-pipeline")
    made.couple(emulator.add_app("shop", {"API_KEY": LIVE["API_KEY"]}), "production")
    made.vars["review"] = dict(LIVE)
    face.write("invoke.yaml", SETTINGS)
    face.write(".env.review", FILE)
    return made


def said(done: Done) -> tuple[int, str]:
    return done.code, done.err


# Diff and sync.


def test_the_page_of_the_manual_is_what_happens(pipeline: Pipeline, near: Near) -> None:
    [page] = [block for block in blocks("console") if "--stage review" in block]
    command, _, shown = page.partition("\n")
    done = near.run(command.removeprefix("$ invoke "))
    assert (done.out, done.err, done.code) == (shown, "", 0)
    assert pipeline.vars["review"] == {**LIVE, "LOG_LEVEL": "debug", "SEED": "1"}
    again = near.run(f"config.diff {REVIEW} --exit-code")
    assert again.out == (
        "Secrets of production, which every member of the pipeline can read here: API_KEY\n"
        "my-pipeline/review is in sync with .env.review: 3 equal.\n"
    )
    assert again.code == 0


def test_the_settings_of_the_manual_hold_up() -> None:
    [block] = [block for block in blocks("yaml") if "stages:" in block]
    assert list(read(yaml.safe_load(block)).stages) == ["my-pipeline/review", "my-pipeline/test"]
    assert "`stages`" in section("Settings")


def test_a_diff_of_one_app_asks_nothing_about_a_pipeline(
    pipeline: Pipeline, near: Near, app: App, emulator: Emulator
) -> None:
    near.run("config.diff --app myapp")
    assert all(each.path.startswith("/apps/myapp/") for each in emulator.requests)
    assert len(emulator.requests) == 3


def test_a_plan_is_applied_as_it_was_reviewed_or_not_at_all(pipeline: Pipeline, near: Near) -> None:
    digest = near.run(f"config.diff {REVIEW}").out.split()[-1]
    pipeline.vars["review"]["LOG_LEVEL"] = "warning"
    done = near.run(f"config.sync {REVIEW} --expect {digest}")
    assert (done.code, pipeline.vars["review"]["LOG_LEVEL"]) == (1, "warning")
    pipeline.vars["review"]["LOG_LEVEL"] = "info"
    done = near.run(f"config.sync {REVIEW} --expect {digest}")
    assert (done.code, pipeline.vars["review"]["LOG_LEVEL"]) == (0, "debug")
    again = near.run(f"config.sync {REVIEW} --expect {digest}")
    assert again.err.endswith("  it may have been applied already\n")


def test_a_removal_needs_the_name_of_the_stage(pipeline: Pipeline, near: Near) -> None:
    pipeline.vars["review"]["OLD"] = "old"
    refused = near.run(f"config.sync {REVIEW} --prune --yes")
    assert said(refused) == (
        1,
        (
            "error: this plan removes or empties OLD; nothing was written\n"
            "  add --confirm my-pipeline/review\n"
        ),
    )
    other = near.run(f"config.sync {REVIEW} --prune --confirm my-pipeline/test")
    assert said(other) == (
        1,
        (
            "error: --confirm does not name the stage, which is my-pipeline/review;"
            " nothing was written\n"
            "  use --confirm my-pipeline/review if that is the stage you mean\n"
        ),
    )
    dry = near.run(f"config.sync {REVIEW} --prune --dry-run")
    assert dry.out.endswith("To apply this: --confirm my-pipeline/review\n")
    assert "OLD" in pipeline.vars["review"]
    done = near.run(f"config.sync {REVIEW} --prune --confirm my-pipeline/review")
    assert (done.code, "OLD" in pipeline.vars["review"]) == (0, False)


def test_the_name_is_typed_at_a_terminal(pipeline: Pipeline, face: Face) -> None:
    pipeline.vars["review"]["OLD"] = "old"
    with face.at_terminal(f"config.sync {REVIEW} --prune") as screen:
        screen.wait_for("Type my-pipeline/review to apply it:")
        screen.type("my-pipeline/review\n")
        assert screen.end() == 0
    assert "OLD" not in pipeline.vars["review"]


def test_what_looks_like_the_wrong_file_names_the_options_of_a_stage(
    pipeline: Pipeline, near: Near
) -> None:
    pipeline.vars["review"] = {f"V{number}": "1" for number in range(10)}
    near.write(".env.review", "".join(f"V{number}=2\n" for number in range(10)))
    assert said(near.run(f"config.sync {REVIEW} --yes")) == (
        1,
        (
            "error: this plan changes 10 of 10 values; nothing was written\n"
            "  check --pipeline, --stage and --file; add --force if all are right\n"
        ),
    )


def test_a_job_that_names_the_stage_needs_no_yes(pipeline: Pipeline, near: Near) -> None:
    near.env["CI"] = "true"
    assert near.run(f"config.sync {REVIEW}").code == 0
    assert pipeline.vars["review"]["SEED"] == "1"


def test_json_has_the_secrets_of_production_and_nulls_where_an_app_has_a_release(
    pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    told = json.loads(near.run(f"config.sync {REVIEW} --yes --format json").out)
    assert (told["app"], told["production_secrets"]) == ("my-pipeline/review", ["API_KEY"])
    assert told["pending_release"] is None
    assert told["result"] == {
        "state": "applied",
        "version": None,
        "is_ours": None,
        "previous": None,
        "set": 1,
        "changed": 1,
        "removed": 0,
        "was_pending": False,
        "needs": [],
        "unverified": [],
    }
    emulator.forbid(KEY, "shop")
    told = json.loads(near.run(f"config.diff {REVIEW} --format json").out)
    assert told["production_secrets"] is None
    assert "production_secrets" not in json.loads(near.run("config.diff --format json").out)


def test_where_production_cannot_be_read_that_is_said_on_top(
    pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    emulator.forbid(KEY, "shop")
    first = near.run(f"config.diff {REVIEW}").out.splitlines()[0]
    assert first.startswith(
        "Whether my-pipeline/review has secrets of production is not known: the API key from"
        " HEROKU_API_KEY in the environment may not use "
    )


# The way back.


def test_the_undo_line_brings_back_what_the_stage_s_own_file_declares(
    pipeline: Pipeline, near: Near
) -> None:
    near.run(f"config.sync {REVIEW} --yes")
    before = dict(pipeline.vars["review"])
    near.write(".env.other", "LOG_LEVEL=warning\nNEW=1\n")
    done = near.run(f"config.sync {REVIEW} --file .env.other --yes")
    assert done.out.endswith(
        "Set 1, changed 1, removed 0 on my-pipeline/review.\n"
        f"Undo: invoke config.sync {REVIEW} --only LOG_LEVEL --only NEW --prune\n"
    )
    undo = done.out.splitlines()[-1].removeprefix("Undo: invoke ")
    assert near.run(f"{undo} --confirm my-pipeline/review").code == 0
    assert pipeline.vars["review"] == before


@pytest.mark.parametrize(
    ("line", "said_"),
    [
        (
            f"config.history {REVIEW}",
            "error: a pipeline's stage has no releases, and so no history\n",
        ),
        (
            f"config.rollback {REVIEW} --to v3",
            "error: a pipeline's stage has no releases, and so no way back\n",
        ),
        (
            f"config.diff {REVIEW} --release v3",
            "error: a pipeline's stage has no releases, and so none to compare with\n",
        ),
    ],
)
def test_what_needs_releases_says_that_a_stage_has_none(
    line: str, said_: str, pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    step = "  name an app; config.diff and config.drift show how a stage differs\n"
    assert said(near.run(line)) == (1, said_ + step)
    assert emulator.requests == []


# Pull, lock, drift, compare, where, check.


def test_a_pull_brings_the_stage_into_its_file(pipeline: Pipeline, near: Near, face: Face) -> None:
    pipeline.vars["review"] |= {"B.C:[0]": "2", "NEW": "n"}
    done = near.run(f"config.pull {REVIEW} --yes")
    assert (face.folder / ".env.review").read_text() == (
        "API_KEY=kJ83hfLLdk39dkf83\nLOG_LEVEL=info\nSEED=1\nNEW=n\n"
    )
    assert (done.code, '"B.C:[0]": no env file can hold this' in done.err) == (1, True)


def test_a_stage_is_locked_and_drifts_as_an_app_does(
    pipeline: Pipeline, near: Near, face: Face
) -> None:
    assert near.run("config.lock --yes").code == 0
    near.run(f"config.sync {REVIEW} --yes")
    assert near.run("config.lock --check").code == 0
    (face.folder / ".env.review").unlink()
    assert near.run(f"config.drift {REVIEW}").code == 0
    pipeline.vars["review"] |= {"SEED": "2", "THEIRS": "1"}
    done = near.run(f"config.drift {REVIEW}")
    assert (done.code, done.err, done.out) == (
        2,
        "",
        (
            "my-pipeline/review drifted from .env.review.lock: 1 changed, 0 missing, 1 unmanaged;"
            " 2 equal.\n"
            "  ~ SEED    changed\n"
            "  - THEIRS  unmanaged\n"
            "To restore what was declared, with .env.review at hand: invoke config.sync"
            f" {REVIEW} --prune\n"
            f"To take over what is live: invoke config.pull {REVIEW} && invoke config.lock\n"
        ),
    )
    told = json.loads(near.run(f"config.drift {REVIEW} --format json").out)["apps"]
    assert [each["origin"] for each in told[0]["drifted"]] == [None, None]
    assert near.run(f"config.drift {REVIEW} --format github").out.splitlines()[1] == (
        "::error title=my-pipeline/review::SEED differs on Heroku"
    )


def test_a_branch_that_changes_the_lock_of_a_stage_is_reviewed_as_an_app_s_is(
    pipeline: Pipeline, near: Near, face: Face, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(face.folder.parent))
    near.write(".gitignore", ".env*\n!*.lock\n__pycache__\n")
    repo = Repo(face.folder)
    repo.lock(**LIVE)
    repo.lock(".env.review.lock", **LIVE, OLD="1")
    repo.branch()
    repo.lock(".env.review.lock", **LIVE | {"LOG_LEVEL": "debug", "SEED": "7"})
    repo.commit()
    pipeline.vars["review"] |= {"CONFIG_LOCK_KEY": LOCK_KEY, "OLD": "1", "SEED": "2"}
    done = near.run("config.review --base main")
    assert (done.code, done.err, done.out) == (
        0,
        "",
        (
            "myapp: .env.production.lock is unchanged: 2 names.\n"
            "my-pipeline/review: merging changes .env.review.lock:"
            " 1 added, 1 changed, 1 removed; 1 as they are.\n"
            "  ~ LOG_LEVEL  changed: needs a sync\n"
            "  - OLD        removed: needs a sync with --prune\n"
            "  + SEED       added: drift: live is neither\n"
            "Merging into main changes 1 of 2 apps and stages.\n"
            "When it is merged:\n"
            f"  invoke config.sync {REVIEW} --prune\n"
        ),
    )
    assert [each.path.rpartition("/")[2] for each in emulator.requests] == [
        "pipelines",
        "config-vars",
    ]
    told = json.loads(near.run("config.review --base main --format json").out)
    assert [each["app"] for each in told["apps"]] == ["myapp", "my-pipeline/review"]
    emulator.inject(Fault(path="/pipelines/*/stage/*/config-vars", what=Status(403), times=9))
    done = near.run("config.review --base main --format github")
    assert done.code == 1
    assert "::error file=.env.review.lock,title=my-pipeline/review::what is live" in done.out


def test_the_lock_of_a_stage_whose_last_file_is_another_s_has_its_name(
    pipeline: Pipeline, near: Near, face: Face
) -> None:
    (face.folder / ".env.production").unlink()
    near.write(".env.shared", f"CONFIG_LOCK_KEY={'00112233' * 8}\n")
    layers = "{file: [.env.review, .env.shared]}"
    near.write(
        "invoke.yaml",
        f"heroku:\n  stages:\n    My Pipe/review: {layers}\n"
        "    My Pipe/test: {file: .env.shared}\n",
    )
    assert near.run("config.lock").code == 0
    locks = sorted(path.name for path in face.folder.glob("*.lock"))
    assert locks == [".env.My Pipe.review.lock", ".env.My Pipe.test.lock"]


def test_the_default_file_has_one_lock_beside_that_of_a_stage_that_ends_in_it_too(
    pipeline: Pipeline, near: Near, app: App
) -> None:
    """config.lock need not know which app it is."""
    near.write(
        "invoke.yaml",
        "heroku:\n  stages:\n    my-pipeline/review: {file: [.env.review, .env.production]}\n",
    )
    with (near.folder / ".env.production").open("a") as file:
        file.write(f"CONFIG_LOCK_KEY={LOCK_KEY}\n")
    app.set_vars({"CONFIG_LOCK_KEY": LOCK_KEY})
    near.run("config.lock")
    locks = sorted(path.name for path in near.folder.glob(".env*.lock"))
    assert locks == [".env.app.lock", ".env.production.lock"]
    (near.folder / ".env.production").unlink()
    done = near.run("config.drift --app myapp")
    assert (done.code, done.out.split(":")[0]) == (0, "myapp is in sync with .env.app.lock")


def test_a_drift_without_an_app_takes_the_stages_too(
    pipeline: Pipeline, near: Near, app: App
) -> None:
    near.env["GITHUB_STEP_SUMMARY"] = str(near.folder / "summary")
    done = near.run("config.drift --no-blame")
    assert done.out.splitlines()[-3:] == [
        "1 app, 1 stage: 1 in sync, 1 drifted, 0 not checked.",
        f"To restore what was declared: invoke config.sync {REVIEW}",
        f"To take over what is live: invoke config.pull {REVIEW} --prune",
    ]
    near.run("config.drift --format github")
    assert (
        (near.folder / "summary")
        .read_text()
        .startswith("### Config drift: 1 of 2 apps and stages in sync\n")
    )


def test_stages_alone_in_the_settings_leave_the_app_that_is_meant(
    pipeline: Pipeline, near: Near, app: App
) -> None:
    near.write("invoke.yaml", SETTINGS.replace("  apps:\n    myapp: {file: .env.production}\n", ""))
    near.env["HEROKU_APP"] = "myapp"
    assert "1 app, 1 stage:" in near.run("config.drift").out
    assert near.run("config.diff").out.startswith("myapp is in sync with .env.production")
    del near.env["HEROKU_APP"]
    assert near.run("config.drift").out.startswith("my-pipeline/review drifted")
    assert near.run("config.lock --yes").out.count("Wrote") == 2
    (near.folder / ".env.production").unlink()
    assert near.run("config.lock").out.count("Wrote") == 1


def test_a_comparison_says_who_can_read_a_shared_secret(pipeline: Pipeline, near: Near) -> None:
    top = (
        "The same secret in both: API_KEY\n"
        "Every member of the pipeline can read what my-pipeline/review holds.\n"
    )
    assert near.run("config.compare --app shop --with my-pipeline/review").out.startswith(top)
    assert near.run(f"config.compare {REVIEW} --with shop").out.startswith(top)
    pipeline.vars["test"] = dict(LIVE)
    both = near.run(f"config.compare {REVIEW} --with my-pipeline/test")
    assert both.out.startswith("The same secret in both: API_KEY\n   ")
    told = json.loads(near.run(f"config.compare {REVIEW} --with shop --format json").out)
    assert (told["app"], told["with"]) == ("my-pipeline/review", "shop")


def test_a_value_is_found_in_the_file_and_the_vars_of_a_stage(
    pipeline: Pipeline, near: Near, app: App
) -> None:
    done = near.run("config.where LOG_LEVEL")
    assert "my-pipeline/review" in done.out
    assert ".env.review:2" in done.out
    assert "declared for my-pipeline/review" in done.out


def test_a_check_reads_a_stage_s_file_and_asks_it_for_no_name_of_the_example(
    pipeline: Pipeline, near: Near
) -> None:
    near.write(".env.example", "LOG_LEVEL=\nTOKEN=\nOLD=\nAPI_KEY=\n")
    near.write(".env.production", "LOG_LEVEL=info\nTOKEN=t\nOLD=o\nAPI_KEY=kJ83hfLLdk39dkf83\n")
    done = near.run("config.check --only parity --only shared")
    assert done.out == (
        ".env.review:1  shared  API_KEY is the same as API_KEY in .env.production:"
        " give each app its own\n"
        "1 finding in 1 file.\n"
    )


# Many at once.


def test_all_means_the_stages_too_and_each_ends_in_a_row(
    pipeline: Pipeline, near: Near, app: App
) -> None:
    near.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n")
    digest = near.run("config.diff --all").out.split()[-1]
    done = near.run(f"config.sync --all --first my-pipeline/review --expect {digest}")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == (
        "myapp differs from .env.production: 0 to set, 1 to change, 0 to remove; 2 equal."
    )
    head = "Secrets of production, which every member of the pipeline can read here: API_KEY"
    assert f"{head}\nmy-pipeline/review differs from .env.review: 1 to set, 1 to" in done.out
    assert done.out.endswith(
        "myapp               applied v4\n"
        "my-pipeline/review  applied\n"
        "1 app, 1 stage: 2 applied.\n"
        "Undo: invoke config.rollback --app myapp --to v3\n"
        f"my-pipeline/review: {NONE}"
    )
    told = json.loads(near.run("config.diff --all --format json").out)
    assert [(each["app"], each["state"]) for each in told["apps"]] == [
        ("myapp", "in_sync"),
        ("my-pipeline/review", "in_sync"),
    ]


def test_two_stages_of_a_pipeline_ask_for_it_once(
    pipeline: Pipeline, near: Near, app: App, emulator: Emulator
) -> None:
    near.write("invoke.yaml", SETTINGS + "    my-pipeline/test: {file: .env.review}\n")
    near.write(".env.review", "LOG_LEVEL=debug\n")
    assert "1 app, 2 stages: 1 in sync, 2 differ" in near.run("config.diff --all").out
    assert [each.path for each in emulator.requests].count("/pipelines") == 1


def test_a_stage_that_cannot_be_read_is_a_row_of_its_own(
    pipeline: Pipeline, near: Near, app: App, emulator: Emulator
) -> None:
    emulator.forbid_stages(KEY, pipeline.id)
    done = near.run("config.diff --all")
    assert done.code == 1
    assert done.out.endswith(
        "my-pipeline/review could not be read: the API key from HEROKU_API_KEY in the environment"
        " may not use my-pipeline/review (403)"
        + re.search(r" \[Request-Id [^]]+\]", done.out)[0]  # type: ignore[index]
        + "\n  use the key of someone who is a member of this pipeline\n"
        "1 app, 1 stage: 1 in sync, 0 differ, 1 not read.\n"
    )


def test_a_stage_that_is_refused_is_a_row_like_an_app_s(
    pipeline: Pipeline, near: Near, app: App, emulator: Emulator
) -> None:
    near.write(".env.production", "LOG_LEVEL=debug\nTOKEN=t0ken\nOLD=old\n")
    path = f"/pipelines/{pipeline.id}/stage/review/config-vars"
    emulator.inject(Fault(what=Status(422), method="PATCH", path=path))
    done = near.run("config.sync --all --yes --keep-going")
    assert "\nmyapp               applied v4\n" in done.out
    assert "\nmy-pipeline/review  refused: Heroku refused PATCH /pipelines/" in done.out
    assert done.code == 1
    assert done.err.startswith(
        "error: 1 of 2 apps and stages is not known to hold what was declared\n"
    )


# Bad input.


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ("--pipeline my-pipeline", "--pipeline needs --stage"),
        ("--stage review", "--stage needs --pipeline"),
        (f"{REVIEW} --app myapp", "--app and --pipeline are two answers to one question"),
        (
            "--pipeline my-pipeline --stage production",
            "a pipeline's production stage holds no config vars: the apps in it do",
        ),
        ("--pipeline my-pipeline --stage nightly", "--stage names no stage"),
        ("--pipeline --dry --stage review", "--pipeline holds no pipeline's name but an option"),
        ("--pipeline $(id) --stage review", "--pipeline holds no pipeline's name"),
        ("--app my-pipeline/review", "--app holds no app's name"),
    ],
)
@pytest.mark.parametrize("task", ["diff", "sync", "pull", "drift", "compare --with shop"])
def test_what_names_no_stage_is_refused_before_anything_is_asked(
    task: str, words: str, error: str, pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    done = near.run(f"config.{task} {words}")
    assert done.err.startswith(f"error: {error}\n")
    assert (done.code, emulator.requests) == (1, [])


def test_all_and_a_stage_are_two_answers(pipeline: Pipeline, near: Near) -> None:
    assert near.run(f"config.diff --all {REVIEW}").err.startswith(
        "error: --all and --pipeline are two answers to one question\n"
    )


def test_production_s_file_is_never_taken_for_a_stage(
    pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    near.write("invoke.yaml", "heroku: {}\n")
    assert said(near.run(f"config.sync {REVIEW} --yes")) == (
        1,
        (
            "error: the settings do not list my-pipeline/review, so no env file is known for it\n"
            "  add it under heroku.stages, or name its file with --file\n"
        ),
    )
    assert emulator.requests == []


def test_a_file_of_an_app_needs_force_for_a_stage(pipeline: Pipeline, near: Near) -> None:
    assert near.run(f"config.sync {REVIEW} --file .env.production --yes").err == (
        "error: .env.production is the file of myapp in the settings, not my-pipeline/review's;"
        " nothing was written\n"
        "  leave --file out, or add --force\n"
    )
    assert pipeline.vars["review"] == LIVE


def test_no_pipeline_of_that_name_is_told_with_the_next_step(
    pipeline: Pipeline, near: Near
) -> None:
    pipeline.name = "renamed"
    assert said(near.run(f"config.diff {REVIEW}")) == (
        1,
        (
            "error: Heroku knows no pipeline my-pipeline, or this API key may not see it\n"
            "  check the name: heroku pipelines lists what a key can see\n"
        ),
    )


def test_of_two_pipelines_of_one_name_the_id_tells_which(
    pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    other = emulator.add_pipeline("my-pipeline")
    ids = ", ".join(sorted([pipeline.id, other.id]))
    assert said(near.run(f"config.diff {REVIEW}")) == (
        1,
        (
            f"error: 2 pipelines are called my-pipeline: {ids}\n"
            "  name the one that is meant by its id\n"
        ),
    )
    done = near.run(f"config.sync --pipeline {other.id} --stage review --yes")
    assert said(done) == (0, f"{other.id} is my-pipeline\n")
    assert other.vars["review"]["SEED"] == "1"
    assert pipeline.vars["review"] == LIVE


def test_the_settings_may_list_a_stage_by_its_pipeline_s_id(
    pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    emulator.add_pipeline("my-pipeline")
    near.write("invoke.yaml", SETTINGS.replace("my-pipeline/", f"{pipeline.id}/"))
    done = near.run(f"config.sync --pipeline {pipeline.id} --stage review --yes")
    assert (done.code, done.err) == (0, "")
    assert f"Set 1, changed 1, removed 0 on {pipeline.id}/review.\n" in done.out
    assert "1 app, 1 stage" in near.run("config.drift").out


def test_a_pipeline_with_blanks_stands_quoted_in_commands_and_one_with_more_by_its_id(
    pipeline: Pipeline, near: Near
) -> None:
    pipeline.name = "My Pipe"
    near.write("invoke.yaml", SETTINGS.replace("my-pipeline/", "My Pipe/"))
    drifted = near.run_words("config.drift", "--pipeline", "My Pipe", "--stage", "review")
    assert "invoke config.sync --pipeline 'My Pipe' --stage review\n" in drifted.out
    near.write(".env.review", "SEED=1\n")
    words = ("config.sync", "--pipeline", "My Pipe", "--stage", "review", "--prune")
    assert "  add --confirm 'My Pipe/review'\n" in near.run_words(*words).err
    assert near.run_words(*words, "--confirm", "My Pipe/review").code == 0
    pipeline.name = "$(id)/::error::"
    done = near.run(f"config.diff --pipeline {pipeline.id} --stage review --file .env.review")
    assert done.out.startswith(f"{pipeline.id}/review is in sync with .env.review")
    assert "$(id)" not in done.out + done.err


def test_a_key_without_access_is_told_and_nothing_is_written(
    pipeline: Pipeline, near: Near, emulator: Emulator
) -> None:
    emulator.forbid_stages(KEY, pipeline.id)
    for task in ("diff", "sync --yes", "drift", "pull --yes", "compare --with shop"):
        done = near.run(f"config.{task} {REVIEW}")
        assert done.code == 1
        assert "may not use my-pipeline/review (403)" in done.out + done.err
        assert "use the key of someone who is a member of this pipeline" in done.out + done.err
    assert pipeline.vars["review"] == LIVE


def test_a_task_for_apps_alone_says_where_a_stage_can_be_named(
    pipeline: Pipeline, near: Near
) -> None:
    for task in ("ready", "where SEED", "history", "rollback --to v1"):
        done = near.run(f"config.{task} --app my-pipeline/review")
        assert said(done) == (
            1,
            (
                "error: --app holds no app's name\n"
                "  an app's name has 3 to 30 lowercase letters, digits and dashes; a stage is named"
                " with --pipeline and --stage, where there can be one\n"
            ),
        )


def test_the_manual_names_the_devcenter_s_page_on_who_reads_review_apps() -> None:
    assert "github-integration-review-apps" in (Path(ROOT) / "README.md").read_text()
