"""`config.review` as a command: what it asks, what it says, and with which exit code."""

import json
import re
from pathlib import Path

import pytest

from deploy.emulator import App, Emulator, Fault, Status

from ..stories.history import KEY, LOCK, OTHER_KEY, Repo
from .conftest import Here
from .face import Face, settings

NO_KEY = "No API key is at hand: what is live was not asked.\n"


@pytest.fixture
def repo(face: Face, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """The project's folder as a checkout, with the lock of what is live, on a branch."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(face.folder.parent))
    (face.folder / ".env.production").unlink()
    face.write("invoke.yaml", settings({"myapp": ".env.production"}))
    face.write(".gitignore", "__pycache__\n")
    repo = Repo(face.folder)
    repo.lock(LOG_LEVEL="info", TOKEN="t0ken", OLD="old")
    repo.branch()
    return repo


@pytest.fixture
def locked(repo: Repo, app: App) -> App:
    """The app, which has the key of the lock."""
    app.set_vars({"CONFIG_LOCK_KEY": KEY})
    return app


def change(repo: Repo) -> None:
    repo.lock(LOG_LEVEL="debug", TOKEN="t0ken", NEW="new")
    repo.commit()


def test_without_a_key_the_locks_alone_are_told_and_nothing_is_asked(
    face: Face, emulator: Emulator, repo: Repo
) -> None:
    change(repo)
    del face.env["HEROKU_API_KEY"]
    done = face.run("config.review --base main")
    assert (done.code, done.err, emulator.requests) == (0, "", [])
    assert done.out == (
        f"myapp: merging changes {LOCK}: 1 added, 1 changed, 1 removed; 1 as they are.\n"
        "  ~ LOG_LEVEL  changed\n"
        "  + NEW        added\n"
        "  - OLD        removed\n"
        f"{NO_KEY}"
        "When it is merged:\n"
        "  invoke config.sync --app myapp --prune\n"
    )


def test_a_repository_without_a_lock_is_told_so(face: Face, repo: Repo) -> None:
    for name in ("invoke.yaml", LOCK):
        (face.folder / name).unlink()
    repo.commit()
    repo.git("branch", "--force", "main")
    done = face.run("config.review --base main")
    assert done.out.startswith(f"There is no lock ({LOCK}); config.lock makes one.\n")


@pytest.mark.parametrize("form", ["text", "json", "github", "markdown"])
def test_no_socket_is_opened_without_a_key(
    form: str, face: Face, here: Here, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not to loopback either, nor to look a name up; though a key is looked for in each place."""
    asked: list[object] = []
    change(repo)
    del face.env["HEROKU_API_KEY"]
    del face.env["HEROKU_HOST"]
    face.env["HEROKU_APP"] = "01234567-89ab-cdef-0123-456789abcdef"
    with monkeypatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(f"socket.socket.{name}", lambda *words: asked.append(words))
        patch.setattr("socket.getaddrinfo", lambda *words, **_: asked.append(words))
        assert here(f"config.review --base main --format {form}").code == 0
        (face.folder / "invoke.yaml").unlink()  # then the app that is meant is looked for, too
        assert here(f"config.review --base main --format {form}").code == 0
    assert asked == []


def test_where_nothing_changes_heroku_is_not_asked_and_no_key_is_looked_for(
    face: Face, here: Here, emulator: Emulator, repo: Repo
) -> None:
    face.env["HEROKU_API_KEY"] = "no key at all"
    done = here("config.review --base main")
    assert (done.code, done.err, emulator.requests) == (0, "", [])
    assert done.out == f"myapp: {LOCK} is unchanged: 3 names.\n"


def test_with_a_key_each_name_is_live_or_needs_a_sync(here: Here, repo: Repo, locked: App) -> None:
    change(repo)
    locked.set_vars({"LOG_LEVEL": "debug"})
    done = here("config.review --base main")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"myapp: merging changes {LOCK}: 1 added, 1 changed, 1 removed; 1 as they are.\n"
        "  ~ LOG_LEVEL  changed: already live\n"
        "  + NEW        added: needs a sync\n"
        "  - OLD        removed: needs a sync with --prune\n"
        "When it is merged:\n"
        "  invoke config.sync --app myapp --prune\n"
    )


def test_what_is_all_live_needs_no_command(here: Here, repo: Repo, locked: App) -> None:
    change(repo)
    locked.set_vars({"LOG_LEVEL": "debug", "NEW": "new", "OLD": None})
    assert here("config.review --base main").out == (
        f"myapp: merging changes {LOCK}: 1 added, 1 changed, 1 removed; 1 as they are.\n"
        "  ~ LOG_LEVEL  changed: already live\n"
        "  + NEW        added: already live\n"
        "  - OLD        removed: already live\n"
    )


def test_what_is_neither_is_drift(here: Here, repo: Repo, locked: App) -> None:
    change(repo)
    locked.set_vars({"LOG_LEVEL": "trace", "NEW": "other", "OLD": "older"})
    done = here("config.review --base main")
    assert done.code == 0
    assert done.out.splitlines()[1:4] == [
        "  ~ LOG_LEVEL  changed: drift: live is neither",
        "  + NEW        added: drift: live is neither",
        "  - OLD        removed: drift: live is neither",
    ]


def test_a_rename_is_told_by_what_is_live_since_no_digest_tells_it(
    here: Here, repo: Repo, locked: App
) -> None:
    repo.lock(LOG_LEVEL="info", API_TOKEN="t0ken", OLD="old")
    assert "  + API_TOKEN  added, the value of TOKEN: needs a sync\n" in (
        here("config.review --base main").out
    )


def test_under_a_new_key_everything_counts_as_changed_and_drift_alone_has_a_row(
    here: Here, repo: Repo, locked: App
) -> None:
    repo.lock(key=OTHER_KEY, LOG_LEVEL="info", TOKEN="t0ken", NEW="new")
    locked.set_vars({"CONFIG_LOCK_KEY": OTHER_KEY, "LOG_LEVEL": "trace"})
    done = here("config.review --base main")
    assert done.out.splitlines()[:2] == [
        f"myapp: merging changes {LOCK}: 1 added, 2 changed, 1 removed; 0 as they are.",
        f"  {LOCK} has another CONFIG_LOCK_KEY than before: everything counts as changed",
    ]
    assert "LOG_LEVEL" not in done.out  # the base's digest cannot be read any more
    document = json.loads(here("config.review --base main --format json").out)
    assert [(each["name"], each["live"]) for each in document["apps"][0]["changes"]] == [
        ("LOG_LEVEL", "unknown"),
        ("NEW", "waiting"),
        ("OLD", "unknown"),
        ("TOKEN", "live"),
    ]


@pytest.mark.parametrize(
    ("key", "says"),
    [
        (None, "myapp has no CONFIG_LOCK_KEY to read the lock with: config.sync takes it there"),
        ("weak", "the lock was made with another key than the CONFIG_LOCK_KEY of myapp"),
        (OTHER_KEY, "the lock was made with another key than the CONFIG_LOCK_KEY of myapp"),
    ],
)
def test_a_key_that_fits_no_lock_is_said_and_is_no_failure(
    key: str | None, says: str, here: Here, repo: Repo, app: App
) -> None:
    app.set_vars({"CONFIG_LOCK_KEY": key})
    change(repo)
    done = here("config.review --base main")
    assert done.code == 0
    assert done.out.splitlines()[1:3] == [
        f"  {says}",
        "  ~ LOG_LEVEL  changed: what is live cannot be told",
    ]


def test_a_new_lock_is_held_against_what_is_live(here: Here, repo: Repo, locked: App) -> None:
    (repo.folder / LOCK).unlink()
    repo.on_main()
    repo.git("merge", "-q", "topic")
    repo.on_topic()
    repo.lock(LOG_LEVEL="debug", TOKEN="t0ken", DATABASE_URL="x")
    assert here("config.review --base main").out == (
        f"myapp: {LOCK} is new: 3 names.\n"
        "  + DATABASE_URL  added: owned or ignored: no sync touches it\n"
        "  + LOG_LEVEL     added: needs a sync\n"
        "  + TOKEN         added: already live\n"
        "When it is merged:\n"
        "  invoke config.sync --app myapp\n"
    )


def test_a_lock_that_is_removed_takes_nothing_to_heroku(
    here: Here, emulator: Emulator, repo: Repo
) -> None:
    (repo.folder / LOCK).unlink()
    repo.on_main()
    repo.lock(LOG_LEVEL="debug", TOKEN="t0ken", OLD="old")
    repo.on_topic()
    done = here("config.review --base main")
    assert (done.code, done.err, emulator.requests) == (0, "", [])
    assert done.out.splitlines()[:2] == [
        f"myapp: {LOCK} is removed: a drift check has nothing to compare with.",
        "  ! LOG_LEVEL  conflict: changed here and at the base, in two ways",
    ]
    assert "config.sync" not in done.out


def test_a_lock_that_has_lost_all_its_names_is_no_lock_that_is_removed(
    here: Here, repo: Repo, locked: App
) -> None:
    repo.lock()
    assert here("config.review --base main").out.splitlines()[1:3] == [
        "  - LOG_LEVEL  removed: needs a sync with --prune",
        "  - OLD        removed: needs a sync with --prune",
    ]


def test_a_checkout_of_another_user_is_told_as_such(face: Face, repo: Repo, foreign: Path) -> None:
    face.env["PATH"] = f"{foreign}:{face.env['PATH']}"
    done = face.run("config.review --base main")
    assert (done.code, done.out) == (1, "")
    assert "belongs to another user" in done.err


def test_an_app_that_does_not_answer_is_told_beside_its_lock_and_is_exit_code_1(
    here: Here, emulator: Emulator, repo: Repo
) -> None:
    change(repo)
    emulator.inject(Fault(path="/apps/*/config-vars", what=Status(403), times=9))
    done = here("config.review --base main")
    assert (done.code, done.err) == (1, "")
    assert "  what is live cannot be told: " in done.out
    assert "  + NEW        added\n" in done.out


def test_a_lock_that_does_not_parse_is_exit_code_1_in_each_format(here: Here, repo: Repo) -> None:
    repo.write(LOCK, "config-lock/1 0123456789abcdef\nA\n")
    why = f"{LOCK}: line 2: is not a name and its digest"
    texts = {}
    for form in ("text", "json", "github", "markdown"):
        done = here(f"config.review --base main --format {form}")
        assert (done.code, done.err) == (1, "")
        texts[form] = done.out
    assert texts["text"] == f"myapp cannot be told: {why}\n  make it anew: invoke config.lock\n"
    assert json.loads(texts["json"])["apps"][0]["error"]["message"] == why
    assert f"::error title=myapp::cannot be told: {why}; make it anew" in texts["github"]
    assert "is not a name and its digest" in texts["markdown"]


def test_github_has_a_command_at_the_line_of_each_name_and_a_summary(
    face: Face, here: Here, repo: Repo, locked: App, tmp_path: Path
) -> None:
    change(repo)
    locked.set_vars({"LOG_LEVEL": "trace"})
    summary = tmp_path / "summary"
    face.env["GITHUB_STEP_SUMMARY"] = str(summary)
    done = here("config.review --base main --format github")
    assert (done.code, done.err) == (0, "")
    at = f"file={LOCK}"
    assert done.out.splitlines() == [
        (
            f"::notice {at},title=myapp::merging changes {LOCK}:"
            " 1 added, 1 changed, 1 removed; 1 as they are"
        ),
        f"::warning {at},line=3,title=myapp::LOG_LEVEL changed: drift: live is neither",
        f"::notice {at},line=4,title=myapp::NEW added: needs a sync",
        f"::notice {at},title=myapp::OLD removed: needs a sync with --prune",
        "Merging into main changes 1 of 1 app.",
    ]
    assert summary.read_text() == here("config.review --base main --format markdown").out


def test_markdown_has_a_row_for_each_name(here: Here, repo: Repo, locked: App) -> None:
    change(repo)
    done = here("config.review --base main --format markdown")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "### Config review\n"
        "\n"
        "Merging into main changes 1 of 1 app.\n"
        "\n"
        "| app | var | what | live |\n"
        "|---|---|---|---|\n"
        f"| myapp |  | merging changes {LOCK}:"
        " 1 added, 1 changed, 1 removed; 1 as they are |  |\n"
        "| myapp | LOG\\_LEVEL | changed | needs a sync |\n"
        "| myapp | NEW | added | needs a sync |\n"
        "| myapp | OLD | removed | needs a sync with \\-\\-prune |\n"
        "\n"
        "    When it is merged:\n"
        "      invoke config.sync --app myapp --prune\n"
    )


@pytest.mark.parametrize("form", ["text", "github", "markdown"])
def test_a_path_of_a_branch_of_somebody_else_s_tells_the_runner_nothing(
    form: str, face: Face, here: Here, repo: Repo, locked: App
) -> None:
    paths = ("::error::one", "x\n::stop-commands::two", "##vso[task.prependpath]three")
    rows = "".join(f"    app-{n}: {{file: {json.dumps(path)}}}\n" for n, path in enumerate(paths))
    repo.write("invoke.yaml", f"heroku:\n  apps:\n{rows}")
    for path in paths:
        repo.lock(f"{path}.lock", A="1")
    repo.commit()
    repo.git("branch", "-f", "main")
    for path in paths:
        repo.lock(f"{path}.lock", key=OTHER_KEY, A="1", B="2")
    repo.write("x\n::stop-commands::two.lock", "no lock")
    done = here(f"config.review --base main --format {form}")
    assert done.code == 1
    lines = [each.lstrip() for each in (done.out + done.err).splitlines()]
    told = [each for each in lines if each.startswith("::")]
    own = re.compile(r"::(notice|warning|error) (file=[^:,]*,)?(line=\d+,)?title=app-\d::.*")
    assert all(map(own.fullmatch, told))
    assert bool(told) is (form == "github")
    assert "##vso[" not in done.out + done.err


def test_json_has_what_the_text_has(here: Here, repo: Repo, locked: App) -> None:
    change(repo)
    document = json.loads(here("config.review --base main --format json").out)
    assert document == {
        "schema_version": 1,
        "base": "main",
        "base_commit": repo.git("rev-parse", "main"),
        "fork_commit": repo.git("rev-parse", "main"),
        "is_live_asked": True,
        "apps": [
            {
                "app": "myapp",
                "lock": LOCK,
                "state": "changed",
                "moved_from": None,
                "other_key": "same",
                "changes": [
                    {
                        "name": name,
                        "kind": kind,
                        "live": "waiting",
                        "renamed_from": None,
                        "line": line,
                    }
                    for name, kind, line in (
                        ("LOG_LEVEL", "changed", 3),
                        ("NEW", "added", 4),
                        ("OLD", "removed", None),
                    )
                ],
                "equal": 1,
                "remark": None,
                "live_error": None,
            }
        ],
        "notes": [],
    }


def test_many_apps_are_asked_at_once_and_counted(
    face: Face, here: Here, emulator: Emulator, repo: Repo
) -> None:
    apps = [f"app-{number:02}" for number in range(5)]
    face.write("invoke.yaml", settings({app: f".env.{app}" for app in apps}))
    for app in apps:
        emulator.add_app(app, {"A": "1", "CONFIG_LOCK_KEY": KEY})
        repo.lock(f".env.{app}.lock", A="1")
    repo.commit()
    repo.git("branch", "-f", "main")
    for app in apps[:4]:
        repo.lock(f".env.{app}.lock", A="2")
    done = here("config.review --base main")
    assert done.code == 0
    assert done.out.splitlines()[8:10] == [
        "app-04: .env.app-04.lock is unchanged: 1 name.",
        "Merging into main changes 4 of 5 apps.",
    ]
    assert not any("app-04" in request.path for request in emulator.requests)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--format xml", "--format is none of text, json, github, markdown"),
        ("--base=", "--base holds no branch and no commit"),
        ("--base=-x", "--base holds no branch and no commit"),
        ("--base=--upload-pack=x", "--base holds no branch and no commit"),
        ("--base=nothing", "the base is nothing that this clone knows"),
        ("", "the base is nothing that this clone knows"),
    ],
)
def test_what_cannot_be_meant_is_an_error_before_anything_is_asked(
    line: str, says: str, here: Here, emulator: Emulator, repo: Repo
) -> None:
    done = here(f"config.review {line}")
    assert (done.code, done.out, emulator.requests) == (1, "", [])
    assert done.err.startswith(f"error: {says}\n")


def test_outside_of_a_repository_there_is_no_base(here: Here) -> None:
    done = here("config.review")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error: there is no git repository here, and so no base\n")


@pytest.mark.parametrize("form", ["json", "github", "markdown"])
def test_an_error_is_told_in_the_format(form: str, here: Here, repo: Repo) -> None:
    done = here(f"config.review --base nothing --format {form}")
    assert done.code == 1
    assert "nothing that this clone knows" in done.out
    assert done.err.startswith("error: the base is nothing that this clone knows\n")
