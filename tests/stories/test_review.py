"""What a review tells of histories: each is made with the real git, and merging is what is told."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.plan.review import Review, Reviewed, Unreviewed
from deploy.project import files
from deploy.project.commits import NoCommit, NoFork
from deploy.project.git import CannotSearch, Checkout
from deploy.project.settings import Settings
from deploy.stories.lock_places import Project
from deploy.stories.review import review
from deploy.tasks.settings_text import parse

from .history import KEY, LOCK, OTHER_KEY, Repo, lock_text


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a lock of three names; each history begins with a copy."""
    folder = tmp_path_factory.mktemp("begun")
    repo = Repo(folder)
    repo.settings(myapp=".env.production")
    repo.lock(A="1", B="2", C="3")
    repo.commit()
    return folder


@pytest.fixture
def repo(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    shutil.copytree(begun, tmp_path / "repo")
    return Repo(tmp_path / "repo")


def reviewed(repo: Repo, base: str = "main", *, below: str = "", app: str | None = None) -> Review:
    root = repo.folder / below
    config = root / "invoke.yaml"
    settings = parse("invoke.yaml", config.read_bytes()) if config.exists() else Settings()
    checkout = files.checkout(root)
    assert checkout
    project = Project(root, Checkout(*checkout), settings, parse, app)
    return review(project, base, way=lambda: None, progress=lambda _: None)


def told(found: Review) -> list[str]:
    """A line an app: its lock's state, a mark for each name, and what else is odd."""
    lines = []
    for row in found.rows:
        if not isinstance(row, Reviewed):
            lines.append(f"{row.shown} untold: {row.failure}")
            continue
        marks = [f"{each.kind.value}{each.name}" for each in row.effects]
        moved = [f"from {row.moved_from}"] if row.moved_from else []
        key = [f"key {row.key.value}"] if row.key.value != "same" else []
        lines.append(" ".join([row.shown, row.state.value, *marks, f"={row.equal}", *moved, *key]))
    return lines


# The histories.


def nothing(repo: Repo) -> None:
    repo.branch()
    repo.write("README", "x")
    repo.commit()


def names(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="1", B="9", D="4")
    repo.commit()


def not_committed_yet(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="1", B="9", C="3")


def base_moved_on(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="1", B="2", C="3", D="4")
    repo.on_main()
    repo.lock(A="9", B="2", E="5")
    repo.on_topic()


def base_merged_into_the_branch(repo: Repo) -> None:
    base_moved_on(repo)
    repo.git("merge", "-q", "-s", "ours", "main")
    repo.lock(A="9", B="2", D="4", E="5")
    repo.commit()


def merged_by_a_job(repo: Repo) -> None:
    """What GitHub checks out: the base with the branch merged into it."""
    base_merged_into_the_branch(repo)
    repo.git("checkout", "-q", "--detach")


def rebased(repo: Repo) -> None:
    repo.branch()
    repo.write("x", "1")
    repo.on_main()
    repo.lock(A="9", B="2", C="3")
    repo.on_topic()
    repo.git("rebase", "-q", "main")
    repo.lock(A="9", B="2", C="3", D="4")
    repo.commit()


def conflict(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="8", B="2", D="4")
    repo.on_main()
    repo.lock(A="9", B="2", C="7", D="5")
    repo.on_topic()


def same_on_both(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="9", B="2", D="4")
    repo.on_main()
    repo.lock(A="9", B="2", D="4")
    repo.on_topic()


def squashed(repo: Repo) -> None:
    """The branch was merged as one commit, and went on."""
    repo.branch()
    repo.lock(A="9", B="2", C="3")
    repo.on_main()
    repo.git("merge", "-q", "--squash", "topic")
    repo.on_topic()
    repo.lock(A="9", B="2", C="3", D="4")
    repo.commit()


def cherry_picked(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="9", B="2", C="3")
    picked = repo.commit()
    repo.lock(A="9", B="2", C="3", D="4")
    repo.on_main()
    repo.git("cherry-pick", picked)
    repo.on_topic()


def reverted(repo: Repo) -> None:
    names(repo)
    repo.git("revert", "--no-edit", "HEAD")


def new_key(repo: Repo) -> None:
    repo.branch()
    repo.lock(key=OTHER_KEY, A="1", B="2", D="4")
    repo.commit()


def new_key_at_the_base(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="8", B="2", C="3", D="4")
    repo.on_main()
    repo.lock(key=OTHER_KEY, A="1", B="2", C="3")
    repo.on_topic()


def two_new_keys(repo: Repo) -> None:
    repo.branch()
    repo.lock(key="0" * 64, A="1")
    repo.on_main()
    repo.lock(key=OTHER_KEY, A="1", B="2", C="3")
    repo.on_topic()


def same_new_key(repo: Repo) -> None:
    repo.branch()
    repo.lock(key=OTHER_KEY, A="1", B="8", C="3")
    repo.on_main()
    repo.lock(key=OTHER_KEY, A="1", B="2", C="3")
    repo.on_topic()


def lock_added(repo: Repo) -> None:
    (repo.folder / LOCK).unlink()
    repo.branch()
    repo.lock(A="1", B="2")
    repo.commit()


def lock_added_on_both(repo: Repo) -> None:
    (repo.folder / LOCK).unlink()
    repo.branch()
    repo.lock(A="1", B="2", C="3")
    repo.on_main()
    repo.lock(A="1", B="8")
    repo.on_topic()


def lock_removed(repo: Repo) -> None:
    repo.branch()
    (repo.folder / LOCK).unlink()
    repo.commit()


def lock_removed_and_changed(repo: Repo) -> None:
    repo.branch()
    (repo.folder / LOCK).unlink()
    repo.on_main()
    repo.lock(A="1", B="2", C="8")
    repo.on_topic()


def no_lock(repo: Repo) -> None:
    (repo.folder / LOCK).unlink()
    repo.branch()


def file_renamed(repo: Repo) -> None:
    repo.branch()
    repo.settings(myapp=".env.live")
    repo.git("mv", LOCK, ".env.live.lock")
    repo.commit()


def file_renamed_and_base_moved_on(repo: Repo) -> None:
    repo.branch()
    repo.settings(myapp=".env.live")
    (repo.folder / LOCK).unlink()
    repo.lock(".env.live.lock", A="1", B="2", C="3", D="4")
    repo.on_main()
    repo.lock(A="9", B="2", C="3")
    repo.on_topic()


def file_renamed_at_the_base(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="1", B="9", C="3")
    repo.on_main()
    repo.settings(myapp=".env.live")
    repo.git("mv", LOCK, ".env.live.lock")
    repo.on_topic()


def app_added(repo: Repo) -> None:
    repo.branch()
    repo.settings(myapp=".env.production", staging=".env.staging")
    repo.lock(".env.staging.lock", A="7", B="8")
    repo.commit()


def app_added_without_a_lock(repo: Repo) -> None:
    repo.branch()
    repo.settings(myapp=".env.production", staging=".env.staging")
    repo.commit()


def app_removed(repo: Repo) -> None:
    repo.settings(myapp=".env.production", staging=".env.staging")
    repo.lock(".env.staging.lock", A="7", B="8")
    repo.branch()
    repo.settings(myapp=".env.production")
    repo.git("rm", "-q", ".env.staging.lock")
    repo.commit()


def app_removed_on_both(repo: Repo) -> None:
    repo.settings(myapp=".env.production", staging=".env.staging")
    repo.branch()
    repo.settings(myapp=".env.production")
    repo.on_main()
    repo.settings(myapp=".env.production")
    repo.write("x", "x")
    repo.on_topic()


def app_added_at_the_base(repo: Repo) -> None:
    repo.branch()
    repo.lock(A="9", B="2", C="3")
    repo.on_main()
    repo.settings(myapp=".env.production", staging=".env.staging")
    repo.lock(".env.staging.lock", A="7")
    repo.on_topic()


def app_renamed(repo: Repo) -> None:
    repo.branch()
    repo.settings(shop=".env.production")
    repo.commit()


def two_apps_with_one_lock(repo: Repo) -> None:
    repo.settings(myapp=".env.production", worker=".env.production")
    names(repo)


def layers(repo: Repo) -> None:
    """The last layer is another app's too, and so each lock has the name of its app."""
    repo.settings(myapp="[.env.shared, .env.last]", worker="[.env.other, .env.last]")
    repo.lock(".env.myapp.lock", A="1")
    repo.lock(".env.worker.lock", A="1")
    repo.branch()
    repo.lock(".env.worker.lock", A="1", B="2")
    repo.commit()


def first_settings(repo: Repo) -> None:
    """Nothing was written down but the default file, of which the app is not known."""
    (repo.folder / "invoke.yaml").unlink()
    repo.branch()
    repo.settings(myapp=".env.production", staging=".env.staging")
    repo.lock(A="1", B="9", C="3")
    repo.lock(".env.staging.lock", A="7")
    repo.commit()


def criss_cross(repo: Repo) -> None:
    """Each side merged the other as it was: B came from the base, and C and D from the branch."""
    repo.branch()
    repo.lock(A="1", B="2", D="4")
    repo.on_main()
    repo.lock(A="1", B="8", C="3")
    repo.commit()
    tips = repo.git("rev-parse", "main"), repo.git("rev-parse", "topic")
    for branch, other in zip(("main", "topic"), tips[::-1], strict=True):
        repo.git("checkout", "-q", branch)
        repo.git("merge", "-q", "-s", "ours", "--no-commit", other)
        repo.lock(A="1", B="8", D="4")
        repo.commit()


def criss_cross_and_on(repo: Repo) -> None:
    """The branch changes what came from the base, takes back what it brought, and adds a name."""
    criss_cross(repo)
    repo.lock(A="1", B="9", E="5")
    repo.commit()


def criss_cross_and_base_moved_on(repo: Repo) -> None:
    criss_cross(repo)
    repo.on_main()
    repo.lock(A="7", B="2")
    repo.on_topic()
    repo.lock(A="1", B="8", D="4", E="5")
    repo.commit()


def criss_cross_and_conflict(repo: Repo) -> None:
    criss_cross(repo)
    repo.on_main()
    repo.lock(A="1", B="7", D="4")
    repo.on_topic()
    repo.lock(A="1", B="9", D="4")
    repo.commit()


def stages(repo: Repo) -> None:
    repo.write(
        "invoke.yaml",
        "heroku:\n  apps:\n    myapp: {file: .env.production}\n  stages:\n"
        "    Our Pipe/review: {file: .env.review}\n    p/test: {file: [.env.review, .env.test]}\n",
    )
    repo.lock(".env.review.lock", A="1", B="2")
    repo.branch()
    repo.lock(".env.review.lock", A="1", B="9")
    repo.lock(".env.test.lock", A="1")
    repo.commit()


def stage_added_and_one_removed(repo: Repo) -> None:
    apps = (repo.folder / "invoke.yaml").read_text()
    repo.write("invoke.yaml", f"{apps}  stages:\n    p/review: {{file: .env.review}}\n")
    repo.lock(".env.review.lock", A="1", B="2")
    repo.branch()
    repo.write("invoke.yaml", f"{apps}  stages:\n    p/test: {{file: .env.test}}\n")
    repo.lock(".env.test.lock", A="1")
    repo.commit()


def stages_alone(repo: Repo) -> None:
    """There is no app, as there is no lock of one."""
    (repo.folder / LOCK).unlink()
    repo.write("invoke.yaml", "heroku:\n  stages:\n    p/review: {file: .env.review}\n")
    repo.lock(".env.review.lock", A="1")
    repo.branch()
    repo.lock(".env.review.lock", A="2")
    repo.commit()


def stages_beside_the_default_file(repo: Repo) -> None:
    repo.write("invoke.yaml", "heroku:\n  stages:\n    p/review: {file: .env.review}\n")
    names(repo)


def settings_removed(repo: Repo) -> None:
    repo.branch()
    (repo.folder / "invoke.yaml").unlink()
    repo.lock(A="1", B="9", C="3")
    repo.commit()


def no_settings(repo: Repo) -> None:
    (repo.folder / "invoke.yaml").unlink()
    names(repo)


HISTORIES: dict[Callable[[Repo], None], list[str]] = {
    nothing: ["myapp unchanged =3"],
    names: ["myapp changed ~B -C +D =1"],
    not_committed_yet: ["myapp changed ~B =2"],
    base_moved_on: ["myapp changed +D =3"],
    base_merged_into_the_branch: ["myapp changed +D =3"],
    merged_by_a_job: ["myapp changed +D =3"],
    rebased: ["myapp changed +D =3"],
    conflict: ["myapp changed !A !C !D =1"],
    same_on_both: ["myapp unchanged =3"],
    squashed: ["myapp changed +D =3"],
    cherry_picked: ["myapp changed +D =3"],
    reverted: ["myapp unchanged =3"],
    new_key: ["myapp changed ~A ~B -C +D =0 key here"],
    new_key_at_the_base: ["myapp changed !A +D =2 key base"],
    two_new_keys: ["myapp changed !A !B !C =0 key both"],
    same_new_key: ["myapp changed !B =2"],
    lock_added: ["myapp lock_added +A +B =0"],
    lock_added_on_both: ["myapp changed !B +C =1"],
    lock_removed: ["myapp lock_removed =3"],
    lock_removed_and_changed: ["myapp lock_removed !C =2"],
    no_lock: ["myapp no_lock =0"],
    file_renamed: ["myapp unchanged =3 from .env.production.lock"],
    file_renamed_and_base_moved_on: ["myapp changed +D =3 from .env.production.lock"],
    file_renamed_at_the_base: ["myapp changed ~B =2"],
    app_added: ["myapp unchanged =3", "staging app_added +A +B =0"],
    app_added_without_a_lock: ["myapp unchanged =3", "staging app_added =0"],
    app_removed: ["myapp unchanged =3", "staging app_removed =2"],
    app_removed_on_both: ["myapp unchanged =3"],
    app_added_at_the_base: ["myapp changed ~A =2"],
    app_renamed: ["shop app_added +A +B +C =0", "myapp app_removed =3"],
    two_apps_with_one_lock: ["myapp changed ~B -C +D =1", "worker changed ~B -C +D =1"],
    layers: ["myapp unchanged =1", "worker changed +B =1"],
    first_settings: ["myapp changed ~B =2", "staging lock_added +A =0"],
    criss_cross: ["myapp unchanged =3"],
    criss_cross_and_on: ["myapp changed ~B -D +E =1"],
    criss_cross_and_base_moved_on: ["myapp changed +E =2"],
    criss_cross_and_conflict: ["myapp changed !B =2"],
    stages: [
        "myapp unchanged =3",
        "Our Pipe/review changed ~B =1",
        "p/test lock_added +A =0",
    ],
    stage_added_and_one_removed: [
        "myapp unchanged =3",
        "p/test app_added +A =0",
        "p/review app_removed =2",
    ],
    stages_alone: ["p/review changed ~A =0"],
    stages_beside_the_default_file: [f"{LOCK} changed ~B -C +D =1", "p/review no_lock =0"],
    settings_removed: ["myapp changed ~B =2"],
    no_settings: [f"{LOCK} changed ~B -C +D =1"],
}


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_what_is_told_is_what_merging_changes(history: Callable[[Repo], None], repo: Repo) -> None:
    history(repo)
    assert told(reviewed(repo)) == HISTORIES[history]


# Where the settings or the locks are odd.


def test_a_folder_below_the_top_of_the_repository_has_locks_of_its_own(repo: Repo) -> None:
    repo.settings("shop/invoke.yaml", shop=".env.live", other="../.env.other")
    repo.lock("shop/.env.live.lock", A="1")
    repo.lock(".env.other.lock", A="1")
    repo.branch()
    repo.lock("shop/.env.live.lock", A="2")
    repo.lock(".env.other.lock", A="1", B="1")
    repo.commit()
    found = reviewed(repo, below="shop")
    assert told(found) == ["shop changed ~A =0", "other changed +B =1"]
    rows = [row for row in found.rows if isinstance(row, Reviewed)]
    assert [(row.lock, row.path, dict(row.lines)) for row in rows] == [
        (".env.live.lock", "shop/.env.live.lock", {"A": 3}),
        ("../.env.other.lock", ".env.other.lock", {"A": 3, "B": 4}),
    ]


@pytest.mark.parametrize(
    "name", ["a b", "q\"u'o", "é", ":(top)x", "*", "[a]", "$(x)", "-x", "a\nb"]
)
def test_a_lock_with_an_odd_path_is_found(name: str, repo: Repo) -> None:
    repo.settings(
        myapp=repr(f"{name}/{name}").replace("\\'", "''") if "\n" not in name else '"a\\nb/a\\nb"'
    )
    repo.lock(f"{name}/{name}.lock", A="1")
    repo.branch()
    repo.lock(f"{name}/{name}.lock", A="2")
    repo.commit()
    assert told(reviewed(repo)) == ["myapp changed ~A =0"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("heroku: [", "does not parse"),
        ("heroku: !!python/object/apply:os.system [x]", "does not parse"),
        ("a", "must be a mapping of settings, at its top level"),
        ("heroku: {aps: {}}", "settings: heroku: unknown setting aps: did you mean apps?"),
        ("x: " + "[" * 5000, "does not parse"),
    ],
)
def test_settings_at_the_base_that_do_not_parse_are_said_and_todays_count(
    text: str, reason: str, repo: Repo
) -> None:
    good = (repo.folder / "invoke.yaml").read_text()
    repo.write("invoke.yaml", text)
    repo.branch()
    repo.write("invoke.yaml", good)
    repo.lock(A="1", B="9", C="3")
    found = reviewed(repo)
    assert told(found) == ["myapp changed ~B =2"]
    assert len(found.notes) == 1
    assert found.notes[0].startswith(
        "invoke.yaml at main is not read, and today's settings count there: "
    )
    assert found.notes[0].endswith(reason)


def test_settings_that_are_a_program_are_not_run_and_the_same_ones_need_not_be(repo: Repo) -> None:
    (repo.folder / "invoke.yaml").unlink()
    repo.write("invoke.py", "raise SystemExit('run')\n")
    names(repo)
    assert reviewed(repo).notes == ()
    repo.write("invoke.py", "heroku = {}\n")
    found = reviewed(repo)
    assert told(found) == [f"{LOCK} changed ~B -C +D =1"]
    assert found.notes[0] == (
        "invoke.py at main is not read, and today's settings count there:"
        " invoke.py: is a program, and not run"
    )


def test_settings_in_json_are_read_at_the_base_too(repo: Repo) -> None:
    (repo.folder / "invoke.yaml").unlink()
    repo.write("invoke.json", '{"heroku": {"apps": {"myapp": {"file": ".env.old"}}}}')
    repo.git("mv", LOCK, ".env.old.lock")
    repo.branch()
    (repo.folder / "invoke.json").unlink()
    repo.settings(myapp=".env.production")
    repo.git("mv", ".env.old.lock", LOCK)
    assert told(reviewed(repo)) == ["myapp unchanged =3 from .env.old.lock"]


def test_the_settings_of_each_version_are_noted_where_they_do_not_parse(repo: Repo) -> None:
    good = (repo.folder / "invoke.yaml").read_text()
    repo.write("invoke.yaml", "heroku: [")
    repo.branch()
    repo.on_main()
    repo.write("x", "x")
    repo.on_topic()
    repo.write("invoke.yaml", good)
    assert [note.partition(" is not read")[0] for note in reviewed(repo).notes] == [
        "invoke.yaml at main",
        f"invoke.yaml at {repo.git('merge-base', 'main', 'topic')[:10]}, where this branch began",
    ]


BAD = lock_text({"A": "1"}) + "<<<<<<< HEAD\n"


def test_a_lock_that_does_not_parse_here_is_named_with_its_line(repo: Repo) -> None:
    repo.branch()
    repo.write(LOCK, BAD)
    found = reviewed(repo)
    assert told(found) == [f"myapp untold: {LOCK}: line 4: is not a name and its digest"]
    assert not found.is_whole


def test_a_lock_that_does_not_parse_at_the_base_is_named_with_its_line(repo: Repo) -> None:
    repo.branch()
    repo.on_main()
    repo.write(LOCK, BAD)
    repo.on_topic()
    assert told(reviewed(repo)) == [
        f"myapp untold: {LOCK} at main: line 4: is not a name and its digest"
    ]


def test_a_lock_that_did_not_parse_where_the_branch_began_is_named_with_its_line(
    repo: Repo,
) -> None:
    repo.write(LOCK, BAD)
    repo.branch()
    repo.on_main()
    repo.lock(A="1")
    repo.on_topic()
    fork = repo.git("merge-base", "main", "topic")
    place = f"{fork[:10]}, where this branch began"
    assert told(reviewed(repo)) == [
        f"myapp untold: {LOCK} at {place}: line 4: is not a name and its digest"
    ]


def test_one_app_that_cannot_be_told_hides_no_other(repo: Repo) -> None:
    repo.settings(myapp=".env.production", staging=".env.staging")
    repo.write(".env.staging.lock", BAD)
    names(repo)
    untold = ".env.staging.lock: line 4: is not a name and its digest"
    found = told(reviewed(repo))
    assert found[0] == "myapp changed ~B -C +D =1"
    assert "staging untold" in found[1]
    assert untold.partition(":")[2] in found[1]


def test_a_lock_that_is_larger_than_any_is_not_read(repo: Repo) -> None:
    large = lock_text({"A": "1"}) + "#" * (1 << 20)
    repo.branch()
    repo.write(LOCK, large)
    assert told(reviewed(repo)) == [f"myapp untold: {LOCK}: is larger than 1,048,576 bytes"]
    repo.git("checkout", "-q", LOCK)
    repo.on_main()
    repo.write(LOCK, large)
    repo.on_topic()
    assert told(reviewed(repo)) == [f"myapp untold: {LOCK} at main: is larger than 1,048,576 bytes"]


def test_a_lock_that_is_a_link_at_the_base_is_not_followed(repo: Repo) -> None:
    repo.write("elsewhere", lock_text({"A": "1"}))
    (repo.folder / LOCK).unlink()
    (repo.folder / LOCK).symlink_to("elsewhere")
    repo.branch()
    [line] = told(reviewed(repo))
    assert line.endswith(": is a link, and not read there")


@pytest.mark.parametrize("leads_to", ["elsewhere", "../outside", "nowhere", LOCK])
def test_a_lock_that_is_a_link_here_is_not_followed_either(leads_to: str, repo: Repo) -> None:
    """It would be a link at the base once this is merged."""
    repo.branch()
    for path in ("elsewhere", "../outside"):
        repo.write(path, lock_text({"A": "1"}))
    (repo.folder / LOCK).unlink()
    (repo.folder / LOCK).symlink_to(leads_to)
    [row] = reviewed(repo).rows
    assert isinstance(row, Unreviewed)
    assert str(row.failure) == f"{LOCK}: is a link, and not read"
    assert row.failure.next_step == "move it away, or remove it, and run config.lock"


def test_a_lock_behind_a_link_here_is_not_read(repo: Repo) -> None:
    repo.settings(myapp="link/.env.x")
    repo.lock("real/.env.x.lock", A="1")
    (repo.folder / "link").symlink_to("real")
    assert told(reviewed(repo)) == [
        "myapp untold: link/.env.x.lock: is behind link, which is a link, and not read"
    ]


def test_a_folder_in_the_place_of_a_lock_is_told_with_what_to_do(repo: Repo) -> None:
    repo.branch()
    (repo.folder / LOCK).unlink()
    (repo.folder / LOCK).mkdir()
    [row] = reviewed(repo).rows
    assert isinstance(row, Unreviewed)
    assert str(row.failure) == f"{LOCK}: is a directory"
    assert row.failure.next_step == "move it away, or remove it, and run config.lock"


def test_a_lock_in_a_submodule_is_another_repository_s(repo: Repo, tmp_path: Path) -> None:
    (repo.folder / "sub").mkdir()
    inner = Repo(repo.folder / "sub")
    inner.lock(".env.sub.lock", A="1")
    inner.commit()
    repo.settings(myapp="sub/.env.sub")
    repo.branch()
    [line] = told(reviewed(repo))
    assert line.endswith(
        "cannot be read there: sub is a submodule, whose files are another repository's"
    )
    inner.git("checkout", "-q", "-b", "topic")
    inner.lock(".env.sub.lock", A="2")
    inner.settings(myapp=".env.sub")
    assert told(reviewed(inner)) == ["myapp changed ~A =0"]


def test_a_lock_outside_of_the_repository_is_told_as_such(repo: Repo) -> None:
    repo.settings(myapp="../.env.outside")
    repo.branch()
    outside = "../.env.outside.lock"
    assert told(reviewed(repo)) == [
        f"myapp untold: {outside}: is outside of the repository, which knows nothing of it"
    ]


# Bases that cannot be compared with.


@pytest.mark.parametrize(
    "base", ["origin/main", "no-such", "main..topic", "^main", "a b", "0" * 40]
)
def test_a_base_that_is_not_here_is_no_commit_and_is_not_repeated(base: str, repo: Repo) -> None:
    repo.branch()
    with pytest.raises(NoCommit) as raised:
        reviewed(repo, base)
    assert raised.value.next_step == "fetch it (git fetch origin main), or name another with --base"
    assert str(raised.value) == "the base is nothing that this clone knows"


def test_a_base_that_is_a_file_is_no_commit(repo: Repo) -> None:
    repo.branch()
    with pytest.raises(NoCommit, match="leads to something in git that is no commit"):
        reviewed(repo, f"main:{LOCK}")


@pytest.mark.parametrize("base", ["main", "refs/heads/main", "v1", "annotated", "main~1"])
def test_a_base_may_be_named_in_each_way_that_git_knows(base: str, repo: Repo) -> None:
    repo.commit()
    repo.git("tag", "v1")
    repo.git("tag", "-a", "annotated", "-m", "x")
    names(repo)
    assert told(reviewed(repo, base)) == ["myapp changed ~B -C +D =1"]


@pytest.mark.parametrize("base", ["main", "origin/main", "main~0"])
def test_a_tag_of_the_same_name_is_not_the_branch_that_is_merged_into(
    base: str, repo: Repo
) -> None:
    """Git would take the tag, which whoever may push can make."""
    names(repo)
    repo.git("update-ref", "refs/remotes/origin/main", "main")
    for tag in ("main", "origin/main"):
        repo.git("tag", tag, "topic")
    assert told(reviewed(repo, base)) == ["myapp changed ~B -C +D =1"]


def test_a_repository_without_a_commit_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoCommit, match="there is no commit here yet"):
        reviewed(Repo(tmp_path))


def test_a_shallow_clone_says_how_deep_it_must_be(repo: Repo, tmp_path: Path) -> None:
    base_moved_on(repo)
    clone = tmp_path / "clone"
    repo.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo.folder}", str(clone))
    shallow = Repo(clone)
    with pytest.raises(NoFork, match="this clone is shallow") as raised:
        reviewed(shallow, "origin/main")
    assert "fetch-depth: 0" in str(raised.value.next_step)
    shallow.git("fetch", "-q", "--unshallow")
    assert told(reviewed(shallow, "origin/main")) == ["myapp changed +D =3"]


def test_a_branch_that_began_nowhere_near_says_so(repo: Repo) -> None:
    repo.git("checkout", "-q", "--orphan", "topic")
    repo.commit()
    with pytest.raises(NoFork, match="no commit in common"):
        reviewed(repo)


@pytest.mark.parametrize("left_out", ["blob:none", "tree:0"])
def test_a_clone_that_left_out_what_is_needed_says_so(
    left_out: str, repo: Repo, tmp_path: Path
) -> None:
    names(repo)
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    repo.git("clone", "-q", f"--filter={left_out}", f"file://{repo.folder}", str(clone))
    Repo(clone).git("checkout", "-q", "topic")
    with pytest.raises(CannotSearch, match="this clone is a partial one"):
        reviewed(Repo(clone), "origin/main")


def test_no_key_is_in_what_is_told(repo: Repo) -> None:
    new_key(repo)
    text = repr(reviewed(repo))
    assert KEY not in text
    assert OTHER_KEY not in text
