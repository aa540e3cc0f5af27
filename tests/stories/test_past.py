"""What the history holds of the values of today, and where those are live."""

import subprocess
from pathlib import Path

import pytest

from deploy.checks.finding import Finding
from deploy.emulator import Emulator
from deploy.envfile import parser
from deploy.project.facts import Env, Project
from deploy.project.tree import Tree
from deploy.stories.past import Live, past

from ..support import FakeClock, at_the_same_time, heroku_at

VALUE = "q8Zr51kTn0Xw72Lm"
NOBODY = Live(None, reason="no key")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose branch has moved on."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@example.com")
    git(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
    return done.stdout.decode().strip()


def commit(root: Path, name: str, text: str) -> str:
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "x")
    return git(root, "rev-parse", "HEAD")[:12]


def project(**values: str) -> Project:
    text = "".join(f"{name}={value}\n" for name, value in values.items())
    return Project((Env(".env.production", parser.parse(text.encode(), source="f")),))


def told(root: Path, judged: Project, live: Live = NOBODY) -> list[str]:
    findings = list(past(Tree(root).checkout, judged, live))
    assert VALUE not in repr(findings)
    return [f"{each.path}: {each.message}" for each in findings if not each.is_note]


def test_a_value_is_found_at_the_commit_that_brought_it(root: Path) -> None:
    first = commit(root, "app.py", f"\nkey = '{VALUE}'\n")
    commit(root, "app.py", f"\n# more\nkey = '{VALUE}'\n")
    commit(root, "app.py", "clean\n")
    assert told(root, project(API_KEY=VALUE)) == [
        (
            f"app.py: commit {first} (line 2) holds the value of API_KEY of .env.production:"
            " change the value"
        )
    ]


def test_each_path_is_told(root: Path) -> None:
    first = commit(root, "a.py", f"{VALUE}\n")
    second = commit(root, "b/a.py", f"{VALUE}\n")
    found = told(root, project(API_KEY=VALUE))
    assert [each.split(" (")[0] for each in found] == [
        f"a.py: commit {first}",
        f"b/a.py: commit {second}",
    ]


def test_below_the_top_a_path_is_relative(root: Path) -> None:
    commit(root, "api/a.py", f"{VALUE}\n")
    commit(root, "web/b.py", f"{VALUE}\n")
    found = told(root / "api", project(API_KEY=VALUE))
    assert [each.split(":")[0] for each in found] == ["a.py", "../web/b.py"]


def test_a_value_that_was_changed_since_is_none(root: Path) -> None:
    commit(root, "app.py", f"key = '{VALUE}'\n")
    assert told(root, project(API_KEY="Kw93nfPq0aZt51Lx")) == []


def test_what_no_branch_leads_to_is_told(root: Path) -> None:
    commit(root, "a.py", "clean\n")
    (root / "lost").write_text(VALUE)
    blob = git(root, "hash-object", "-w", "lost")
    [found] = told(root, project(API_KEY=VALUE))
    assert found.startswith(
        f".: git holds the value of API_KEY of .env.production in blob {blob[:12]}"
    )


def test_what_is_staged_and_in_no_commit_yet_is_no_thing_of_the_past(root: Path) -> None:
    commit(root, "a.py", "clean\n")
    (root / "new.py").write_text(VALUE)
    git(root, "add", "new.py")
    assert told(root, project(API_KEY=VALUE)) == []


def test_the_apps_where_a_value_is_live_are_told(root: Path, emulator: Emulator) -> None:
    commit(root, "app.py", f"{VALUE}\n")
    emulator.add_app("one", {"OTHER_NAME": VALUE})
    emulator.add_app("two", {"API_KEY": "x"})
    with heroku_at(emulator.url, FakeClock()) as heroku:
        live = Live(heroku, ("one", "two", "three"))
        findings = list(past(Tree(root).checkout, project(API_KEY=VALUE), live))
    assert findings[0].message.endswith("change the value; it is live on one")
    assert [each.message.partition(":")[0] for each in findings[1:]] == [
        "whether three has these values is not known"
    ]


def test_the_apps_are_asked_side_by_side(root: Path, emulator: Emulator) -> None:
    commit(root, "app.py", f"{VALUE}\n")
    apps = ("one", "two", "three")
    for app in apps:
        emulator.add_app(app, {"API_KEY": VALUE})
    at_the_same_time(emulator, *(f"/apps/{app}/config-vars" for app in apps))
    with heroku_at(emulator.url, FakeClock()) as heroku:
        live = Live(heroku, apps, at_once=3)
        [finding] = past(Tree(root).checkout, project(API_KEY=VALUE), live)
    assert finding.message.endswith("it is live on one, two, three")


def test_nobody_is_asked_where_nothing_is_found(root: Path, emulator: Emulator) -> None:
    commit(root, "app.py", "clean\n")
    with heroku_at(emulator.url, FakeClock()) as heroku:
        live = Live(heroku, ("one",))
        assert list(past(Tree(root).checkout, project(API_KEY=VALUE), live)) == []
    assert emulator.requests == []


def notes(root: Path) -> list[str]:
    found = past(Tree(root).checkout, project(API_KEY=VALUE), NOBODY)
    return [each.message for each in found if each.is_note]


def test_why_nobody_is_asked_is_told(root: Path) -> None:
    commit(root, "app.py", f"{VALUE}\n")
    assert notes(root) == ["no key, so it was not asked where these values are live"]


def test_a_shallow_clone_says_that_it_is_one(root: Path, tmp_path: Path) -> None:
    commit(root, "app.py", "a\n")
    commit(root, "app.py", "b\n")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(clone))
    assert notes(clone) == [
        "this clone is shallow: what came before its first commit was not looked at"
    ]


@pytest.mark.parametrize("filter_", ["blob:none", "tree:0"])
def test_a_clone_without_all_objects_says_so(root: Path, tmp_path: Path, filter_: str) -> None:
    commit(root, "app.py", f"{VALUE}\n")
    commit(root, "app.py", "clean\n")
    git(root, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    words = ("--filter", filter_, "--no-checkout", root.as_uri(), str(clone))
    git(tmp_path, "-c", "protocol.file.allow=always", "clone", "-q", *words)
    [note] = notes(clone)
    assert note.endswith("objects of this partial clone are not here, and were not looked at")


def test_outside_a_checkout_there_is_no_history(tmp_path: Path) -> None:
    found = list(past(None, project(API_KEY=VALUE), NOBODY))
    reason = "this is no checkout, so there is no history"
    assert found == [Finding(".", 0, "history", reason, is_note=True)]
