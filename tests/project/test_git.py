"""How git is asked: it starts no program, reads no other repository, and is told no key."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.project.facts import Tracking
from deploy.project.files import exposure
from deploy.project.git import CannotSearch
from deploy.project.lines import Line
from deploy.project.objects import held, is_shallow, lacking, places
from deploy.project.remotes import Remotes, remotes
from deploy.project.safe_write import check_ignored
from deploy.project.tree import Tree, linked, tracking

from ..traps import Trap

Run = Callable[..., None]


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A checkout, with a commit, an env file in a subfolder, and a remote."""
    top = tmp_path / "project"
    for name, text in {
        ".gitignore": ".env*\n",
        "a.py": "environ needle\n",
        "config/b.py": "environ needle\n",
        "config/.env": "A=1\n",
    }.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (top / "config/.env").chmod(0o600)
    for words in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "."],
        ["-c", "user.name=x", "-c", "user.email=x@y.z", "commit", "--quiet", "--message=x"],
        ["remote", "add", "heroku", "https://git.heroku.com/my-app.git"],
    ):
        subprocess.run(["git", *words], cwd=top, check=True)
    return top


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path / "sprung")


OLD = """\
#!/bin/sh
unset GIT_NO_LAZY_FETCH
for word; do
    shift
    case $word in safe.bareRepository=*) word=safe.bareRepository=all ;; esac
    set -- "$@" "$word"
done
exec {} "$@"
"""


@pytest.fixture(params=["this git", "an old one"])
def either(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The git that is there, and it as it was before it knew what now protects it."""
    if request.param == "an old one":
        wrap(tmp_path / "old", OLD.format(shutil.which("git")), monkeypatch)


def wrap(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a script in git's place."""
    folder.mkdir()
    (folder / "git").write_text(script)
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def everything(folder: Path) -> list[object]:
    """All that is ever asked about a folder and the env file in it."""
    tree = Tree(folder)
    check_ignored(folder / ".env", shown=".env")
    asked = tree.checkout
    assert asked
    return [
        tree.files,
        [(line.path, line.number) for line in tree.search([b"needle"])],
        [file.path for file in tree.python_files()],
        tree.mentioned(["needle"], apart_from=[]),
        tracking(folder / ".env"),
        linked(folder / "link"),
        exposure(folder / ".env"),
        remotes(folder),
        list(held(asked, [b"needle"])),
        [place.path for place in places(asked, [BLOB])],
        is_shallow(asked),
        lacking(asked),
    ]


BLOB = "975b61a4eafdf9b6c3b27e8d4828965b5a28f452"
"""The one that both files are."""
ANSWERS: list[object] = [
    ["b.py"],
    [("b.py", 1)],
    ["b.py"],
    {"needle"},
    Tracking(is_ignored=True, is_tracked=False),
    None,
    None,
    Remotes({"heroku": "my-app"}),
    [Line(BLOB, 1, b"environ needle")],
    ["a.py", "config/b.py"],
    False,
    0,
]


def test_a_folder_that_a_branch_makes_look_like_a_repository_is_a_folder(
    top: Path, trap: Trap, either: None
) -> None:
    """`safe.bareRepository` knows the trick; git before 2.38 does not know that setting."""
    trap.repository(top / "config")
    assert trap.is_set(top / "config")
    found = everything(top / "config")
    assert found[0] == ["HEAD", "b.py", "config", "objects/.keep", "refs/.keep"]
    assert found[1:] == ANSWERS[1:]
    assert not trap.is_sprung


SETTINGS = [
    *("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.askPass"),
    *("core.gitProxy", "core.alternateRefsCommand", "uploadpack.packObjectsHook"),
    *("pager.log", "pager.grep", "pager.ls-files", "pager.config", "pager.check-ignore"),
    *("diff.external", "diff.x.command", "diff.x.textconv", "gpg.program", "credential.helper"),
    *("filter.x.clean", "filter.x.smudge", "filter.x.process", "interactive.diffFilter"),
]
"""What git takes a program from (git-config)."""


@pytest.mark.parametrize("way", ["itself", "include", "includeIf", "worktree", "home"])
def test_no_setting_starts_a_program(top: Path, home: Path, trap: Trap, way: str) -> None:
    """A configuration may include a file of the tree, which each branch then writes."""
    file = {"itself": ".git/config", "worktree": ".git/config.worktree"}.get(way, "config/.env.git")
    where = home / ".gitconfig" if way == "home" else top / file
    for setting in SETTINGS:
        subprocess.run(["git", "config", "--file", where, setting, trap.command], check=True)
    key = "includeIf.gitdir:**/.git.path" if way == "includeIf" else "include.path"
    more = {
        "include": [(key, "../config/.env.git")],
        "includeIf": [(key, "../config/.env.git")],
        "worktree": [("extensions.worktreeConfig", "true")],
    }
    for words in more.get(way, []):
        subprocess.run(["git", "config", *words], cwd=top, check=True)
    assert trap.is_set(top)
    (top / ".gitattributes").write_text("* filter=x diff=x merge=x\n")
    (top / "config/b.py").write_text("environ needle\n# changed\n")
    assert everything(top / "config") == ANSWERS
    assert not trap.is_sprung


@pytest.mark.parametrize("hook", ["post-index-change", "fsmonitor-watchman", "pre-auto-gc"])
@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["hooks", "hooksPath"])
def test_no_hook_is_run(top: Path, trap: Trap, hook: str, *, is_elsewhere: bool) -> None:
    folder = top / "hooks" if is_elsewhere else top / ".git/hooks"
    trap.program(folder / hook)
    if is_elsewhere:
        subprocess.run(["git", "config", "core.hooksPath", "hooks"], cwd=top, check=True)
    os.utime(top / "config/b.py", (1, 1))
    assert everything(top / "config") == ANSWERS
    assert not trap.is_sprung


@pytest.mark.parametrize(
    ("url", "settings"),
    [
        pytest.param("ssh://nowhere.invalid/x", {}, id="ssh"),
        pytest.param("ssh://nowhere.invalid/x", {"protocol.ssh.allow": "always"}, id="allowed"),
        pytest.param("ext::{}", {"protocol.ext.allow": "always"}, id="ext"),
        pytest.param("file://{}", {"remote.origin.uploadpack": "{}"}, id="upload-pack"),
        pytest.param("x", {"remote.origin.vcs": "trap"}, id="helper"),
    ],
)
def test_a_partial_clone_fetches_nothing(
    top: Path,
    tmp_path: Path,
    trap: Trap,
    either: None,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    settings: dict[str, str],
) -> None:
    """Git before 2.45 knows no GIT_NO_LAZY_FETCH: it is the protocols that keep it from it."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    trap.program(tmp_path / "bin/git-remote-trap")
    for key, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.partialCloneFilter": "tree:0",
        "remote.origin.url": url.format(trap.command),
        "core.sshCommand": trap.command,
        **settings,
    }.items():
        line = ["git", "config", key, value.format(trap.command)]
        subprocess.run(line, cwd=top, check=True)
    told = subprocess.run(
        ["git", "rev-parse", "HEAD^{tree}"], cwd=top, check=True, capture_output=True, text=True
    )
    tree = told.stdout.strip()
    (top / ".git/objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(CannotSearch) as caught:
        tracking(top / "config/.env")
    assert caught.value.reason == "git log failed"
    assert not trap.is_sprung


def test_git_is_told_no_key_of_heroku(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "record"
    script = f'#!/bin/sh\nenv >> {record}\nexec {shutil.which("git")} "$@"\n'
    wrap(tmp_path / "bin", script, monkeypatch)
    for name in ("HEROKU_API_KEY", "HEROKU_HEADERS", "HEROKU_APP"):
        monkeypatch.setenv(name, "c4nary")
    assert everything(top / "config") == ANSWERS
    assert "\nGIT_TERMINAL_PROMPT=0\n" in record.read_text()
    assert "HEROKU_" not in record.read_text()


def test_where_the_folder_of_git_is_none_no_other_repository_answers(top: Path, trap: Trap) -> None:
    """Neither one further up, nor the folder itself, which a branch may have made look like one."""
    trap.repository(top / "config")
    (top / "config/.git").mkdir()
    with pytest.raises(CannotSearch) as caught:
        tracking(top / "config/.env")
    assert caught.value.reason == "git ls-files failed"
    assert not trap.is_sprung


@pytest.mark.parametrize("name", ["[c]onfig", "c*", "?onfig", ":(top)x", "-x", "\\x", "a b"])
def test_the_name_of_a_folder_is_no_pattern(top: Path, name: str) -> None:
    folder = top / name
    shutil.copytree(top / "config", folder)
    assert everything(folder) == ANSWERS
    subprocess.run(["git", "add", "."], cwd=top, check=True)
    assert everything(folder) == ANSWERS
