"""The working tree as it is read, with git's help and without."""

import os
import shutil
import subprocess
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.project import files
from deploy.project import git as asked_git
from deploy.project import tree as tree_module
from deploy.project.code.python import PythonFile
from deploy.project.facts import Tracking
from deploy.project.git import CannotSearch
from deploy.project.grep import Expression
from deploy.project.tree import Tree, linked, tracking

from ..support import said_by

NEEDLE = "c4nary-needle"
GREEDY = """\
[grep]
	column = true
	lineNumber = false
	patternType = perl
	fullName = true
	extendedRegexp = true
	fallbackToNoIndex = true
[color]
	ui = always
	grep = always
[core]
	quotePath = true
	abbrev = 40
	pager = false
[submodule]
	recurse = true
[log]
	showSignature = true
	follow = true
	decorate = full
"""
"""A configuration under which git answers in other ways, where it is asked carelessly."""

Git = Callable[..., bytes]


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder outside any checkout."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Somebody")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "somebody@example.com")
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def git(outside: Path) -> Git:
    """Runs git in a fresh checkout; nothing above it and nobody's configuration counts."""

    def run(*words: str, folder: Path = outside) -> bytes:
        return subprocess.run(
            ["git", *words], cwd=folder, check=True, capture_output=True
        ).stdout.strip()

    run("init", "--quiet", "--initial-branch=main")
    return run


@pytest.fixture
def checkout(git: Git, outside: Path) -> Path:
    return outside


@pytest.fixture(params=["in a checkout", "outside one"])
def folder(request: pytest.FixtureRequest, outside: Path) -> Path:
    """A folder with git and without; what is asked must be answered alike."""
    if request.param == "in a checkout":
        request.getfixturevalue("git")
    return outside


def write(folder: Path, name: str, data: str | bytes = NEEDLE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def places(tree: Tree, *needles: str) -> list[tuple[str, int]]:
    texts = [needle.encode() for needle in needles or (NEEDLE,)]
    return sorted((line.path, line.number) for line in tree.search(texts))


# Which files there are.


def test_the_files_are_listed_in_order_whatever_folder_they_are_in(folder: Path) -> None:
    for name in ("b.py", "a/c.txt", "a/b/c.bin", ".github/x.yml", "A"):
        write(folder, name)
    assert Tree(folder).files == [".github/x.yml", "A", "a/b/c.bin", "a/c.txt", "b.py"]


def test_a_commit_could_hold_what_is_tracked_or_not_ignored(git: Git, checkout: Path) -> None:
    write(checkout, ".gitignore", "*.log\nbuild/\n")
    for name in ("tracked", "forced.log", "new", "old.log", "build/x"):
        write(checkout, name)
    git("add", "tracked", ".gitignore")
    git("add", "--force", "forced.log")
    tree = Tree(checkout)
    assert tree.files == [".gitignore", "forced.log", "new", "tracked"]
    assert places(tree) == [("forced.log", 1), ("new", 1), ("tracked", 1)]


def test_what_is_installed_is_left_out_until_a_commit_is_to_have_it(
    git: Git, checkout: Path
) -> None:
    """A `.venv` that no pattern ignores; before Python 3.13 none is made with it."""
    for name in (".venv/lib/a.py", ".venv/pyvenv.cfg", ".venvs/b.py", "own/lib/c.py"):
        write(checkout, name, f'os.environ["{NEEDLE}"]\n')
    assert Tree(checkout).files == [".venvs/b.py", "own/lib/c.py"]
    write(checkout, "pyvenv.cfg")
    found = [".venvs/b.py", "own/lib/c.py", "pyvenv.cfg"]
    assert [path for path, _ in places(Tree(checkout))] == found
    git("add", "--all")
    assert ".venv/lib/a.py" in Tree(checkout).files
    assert (".venv/lib/a.py", 1) in places(Tree(checkout))


def test_what_a_person_ignores_everywhere_is_left_out(checkout: Path, home: Path) -> None:
    write(home, ".gitconfig", "[core]\n\texcludesFile = ~/ignored\n")
    write(home, "ignored", "mine\n")
    write(checkout, "mine")
    tree = Tree(checkout)
    assert (tree.files, places(tree)) == ([], [])


def test_python_files_are_found_by_other_words_too(git: Git, checkout: Path) -> None:
    for name in ("tracked.py", "new.py", "tracked.txt"):
        write(checkout, name, "from env import need\n")
    write(checkout, "needy.py", "from env import needy\n")
    git("add", "tracked.py", "tracked.txt")
    assert list(Tree(checkout).python_files()) == []
    assert [file.path for file in Tree(checkout).python_files(["need"])] == ["new.py", "tracked.py"]


def test_a_tracked_file_that_is_deleted_holds_nothing(git: Git, checkout: Path) -> None:
    write(checkout, "gone.py", f"environ {NEEDLE}")
    write(checkout, "here.py", f"environ {NEEDLE}")
    git("add", ".")
    (checkout / "gone.py").unlink()
    tree = Tree(checkout)
    assert places(tree) == [("here.py", 1)]
    assert [file.path for file in tree.python_files()] == ["here.py"]


def test_a_tracked_file_that_became_a_folder_holds_nothing(git: Git, checkout: Path) -> None:
    path = write(checkout, "x.py")
    git("add", ".")
    path.unlink()
    write(checkout, "x.py/inner")
    assert places(Tree(checkout)) == [("x.py/inner", 1)]


def test_an_empty_folder_has_no_files(folder: Path) -> None:
    tree = Tree(folder)
    assert (tree.files, places(tree), list(tree.python_files())) == ([], [], [])


def test_a_subfolder_is_a_tree_of_its_own(folder: Path) -> None:
    for name in ("above.py", "sub/here.py", "sub/deep/er.py", "other/x.py"):
        write(folder, name, f"environ {NEEDLE}")
    tree = Tree(folder / "sub")
    assert tree.files == ["deep/er.py", "here.py"]
    assert places(tree) == [("deep/er.py", 1), ("here.py", 1)]
    assert [file.path for file in tree.python_files()] == ["deep/er.py", "here.py"]


def test_folders_of_tools_are_passed_over_outside_a_checkout(outside: Path) -> None:
    for name in (".venv/x", "a/node_modules/x", "__pycache__/x", ".git2/x"):
        write(outside, name)
    assert Tree(outside).files == [".git2/x"]


def test_files_that_are_too_many_are_counted(
    outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_module, "MAX_FILES", 3)
    for name in ("a", "b", "c", "d", "e"):
        write(outside, name)
    tree = Tree(outside)
    assert places(tree) == [("a", 1), ("b", 1), ("c", 1)]
    assert places(tree) == [("a", 1), ("b", 1), ("c", 1)]
    assert tree.passed_over == 2


def test_files_that_are_too_large_are_counted(
    outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_module, "MAX_FILE", 20)
    write(outside, "large", NEEDLE.ljust(21))
    write(outside, "small", NEEDLE.ljust(20))
    tree = Tree(outside)
    assert (places(tree), tree.passed_over) == ([("small", 1)], 1)


def test_no_file_is_too_large_or_too_many_for_git(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_module, "MAX_FILES", 1)
    monkeypatch.setattr(tree_module, "MAX_FILE", 1)
    write(checkout, "a")
    write(checkout, "b")
    tree = Tree(checkout)
    assert (places(tree), tree.passed_over) == ([("a", 1), ("b", 1)], 0)


# The search.


@pytest.mark.parametrize(
    ("data", "number", "text"),
    [
        pytest.param(b"one\nx c4nary-needle y\nz\n", 2, b"x c4nary-needle y", id="text"),
        pytest.param(b"c4nary-needle", 1, b"c4nary-needle", id="no newline"),
        pytest.param(b"a\r\nc4nary-needle\r\n", 2, b"c4nary-needle\r", id="CRLF"),
        pytest.param(b"\0\n\0\1c4nary-needle\0z\n\0", 2, b"\0\1c4nary-needle\0z", id="NULs"),
        pytest.param(b"\n\xff\xe9c4nary-needle\xff", 2, b"\xff\xe9c4nary-needle\xff", id="bytes"),
        pytest.param(b"\n\n\n:1:c4nary-needle\0002\0", 4, b":1:c4nary-needle\0002\0", id="numbers"),
        pytest.param(b"\x1b[1mc4nary-needle", 1, b"\x1b[1mc4nary-needle", id="escapes"),
    ],
)
def test_a_line_is_found_as_it_stands(folder: Path, data: bytes, number: int, text: bytes) -> None:
    write(folder, "a b.txt", data)
    [line] = Tree(folder).search([NEEDLE.encode()])
    assert line == ("a b.txt", number, text)


def test_a_line_of_a_million_bytes_is_found(folder: Path) -> None:
    write(folder, "min.js", "x" * 500_000 + NEEDLE + "y" * 500_000)
    [line] = Tree(folder).search([NEEDLE.encode()])
    assert (line.path, line.number, len(line.text)) == ("min.js", 1, 1_000_013)


def test_a_text_of_sixty_thousand_bytes_is_found(folder: Path) -> None:
    """A var may be as long as that, and git's own limit for a pattern is lower."""
    long = "a1b2" * 15_000
    write(folder, "x", f"one\n{long}\n")
    write(folder, "y", f"{NEEDLE}\n")
    assert places(Tree(folder), long, NEEDLE) == [("x", 2), ("y", 1)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_file_in_wide_characters_is_found_by_its_mark(folder: Path, encoding: str) -> None:
    write(folder, "x.ps1", f"\ufeffone\r\nkey = '{NEEDLE}é'\r\n".encode(encoding))
    [line] = Tree(folder).search([NEEDLE.encode()])
    assert line == ("x.ps1", 2, "key = 'c4nary-needleé'\r".encode())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-32-be"])
def test_half_a_character_at_the_end_hides_nothing(folder: Path, encoding: str) -> None:
    write(folder, "x", f"\ufeff{NEEDLE}\n".encode(encoding) + b"\xd8")
    assert places(Tree(folder)) == [("x", 1)]


@pytest.mark.parametrize(
    "name",
    ["a b", "a\"b'c", "a\nb", "a\tb\\n", "é\U0001f511", "a:1:b", "-n", ":(glob)*", "*.py", " "],
    ids=ascii,
)
def test_a_file_of_any_name_is_found(folder: Path, name: str) -> None:
    write(folder, name, f"\nenviron {NEEDLE}")
    write(folder, f"sub/{name}", NEEDLE)
    tree = Tree(folder)
    assert tree.files == sorted([name, f"sub/{name}"])
    assert places(tree) == sorted([(name, 2), (f"sub/{name}", 1)])


def test_a_file_whose_name_is_no_text_is_found(folder: Path) -> None:
    path = os.fsdecode(b"a\xff\xe9b")
    write(folder, path)
    assert places(Tree(folder)) == [(path, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "c4n.ry*",
        "^c4nary$",
        "c4n[a",
        "c4n\\d(",
        "c4n|ary",
        "-e c4nary",
        "(?i)c4nary",
        "c4náry",
        " ",
    ],
)
def test_no_character_of_a_text_is_a_pattern(folder: Path, text: str) -> None:
    write(folder, "found", f"x{text}y")
    write(folder, "other", "c4nary c4n\nC4NARY")
    write(folder, "third", "nothing")
    found = places(Tree(folder), text)
    assert [place for place in found if place[0] != "other" or text != " "] == [("found", 1)]


def test_a_line_that_holds_many_texts_is_one_line(folder: Path) -> None:
    write(folder, "x", f"{NEEDLE} other {NEEDLE}\nother\n{NEEDLE}")
    assert places(Tree(folder), NEEDLE, "other") == [("x", 1), ("x", 2), ("x", 3)]


def test_three_thousand_texts_are_looked_for_at_once(folder: Path) -> None:
    texts = [f"c4nary-{number:06}" for number in range(3000)]
    write(folder, "x", "\n".join([texts[0], "c4nary", texts[-1]]))
    assert places(Tree(folder), *texts) == [("x", 1), ("x", 3)]


def test_without_a_text_nothing_is_found(folder: Path) -> None:
    write(folder, "x", "\n\n")
    assert list(Tree(folder).search([])) == []


def test_a_line_does_not_show_its_text(folder: Path) -> None:
    write(folder, "x", f"\n{NEEDLE}")
    assert repr(list(Tree(folder).search([NEEDLE.encode()]))) == "[Line(x:2)]"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_link_is_not_followed(folder: Path, tmp_path: Path, encoding: str) -> None:
    target = write(tmp_path, "elsewhere/x.py", f"environ {NEEDLE}".encode(encoding))
    (folder / "file.py").symlink_to(target)
    (folder / "folder").symlink_to(target.parent)
    (folder / "nowhere").symlink_to("nothing")
    (folder / "circle").symlink_to("circle")
    tree = Tree(folder)
    assert places(tree) == []
    assert list(tree.python_files()) == []


def test_a_tracked_link_is_not_followed(git: Git, checkout: Path, tmp_path: Path) -> None:
    target = write(tmp_path, "elsewhere/x", f"environ {NEEDLE}".encode("utf-16"))
    (checkout / "x.py").symlink_to(target)
    git("add", ".")
    assert places(Tree(checkout)) == []


def test_a_repository_within_is_left_to_itself(git: Git, checkout: Path) -> None:
    write(checkout, "inner/x.py", f"environ {NEEDLE}")
    git("init", "--quiet", folder=checkout / "inner")
    write(checkout, "here.py", f"environ {NEEDLE}")
    tree = Tree(checkout)
    assert places(tree) == [("here.py", 1)]
    assert [file.path for file in tree.python_files()] == ["here.py"]


def test_a_submodule_is_left_to_itself(
    git: Git, checkout: Path, tmp_path: Path, home: Path
) -> None:
    inner = write(tmp_path, "inner/x.py", f"environ {NEEDLE}").parent
    git("init", "--quiet", folder=inner)
    git("add", ".", folder=inner)
    git("commit", "--quiet", "--message=x", folder=inner)
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "inner")
    write(checkout, "here.py", f"environ {NEEDLE}")
    write(home, ".gitconfig", GREEDY)
    tree = Tree(checkout)
    assert tree.files == [".gitmodules", "here.py", "inner"]
    assert places(tree) == [("here.py", 1)]
    assert [file.path for file in tree.python_files()] == ["here.py"]


# How git is asked.


def test_git_never_has_a_text_among_its_words_or_in_its_environment(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other people of the machine can read both."""
    write(checkout, "x", NEEDLE)
    record = tmp_path / "record"
    program = write(
        tmp_path,
        "bin/git",
        f'#!/bin/sh\n(printf "%s\\n" "$@"; env) >> {record}\nexec {shutil.which("git")} "$@"\n',
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    tree = Tree(checkout)
    assert places(tree, NEEDLE, "other-c4nary") == [("x", 1)]
    assert tree.mentioned(["API_KEY"], apart_from=[]) == frozenset()
    said = record.read_text()
    assert "\ngrep\n" in said
    assert "c4nary" not in said


def test_nobodys_configuration_changes_an_answer(git: Git, checkout: Path, home: Path) -> None:
    write(checkout, "sub/é x.py", f"environ\n{NEEDLE}.\nAPI_KEY\n")
    write(checkout, "sub/binary", f"\0{NEEDLE}.\n".encode())
    git("add", ".")
    git("commit", "--quiet", "--message=x")

    def answers() -> list[object]:
        tree = Tree(checkout / "sub")
        return [
            tree.files,
            places(tree, f"{NEEDLE}."),
            places(tree, "c4nary.needle"),
            list(tree.python_files()),
            tree.mentioned(["API_KEY"], apart_from=[]),
        ]

    before = answers()
    write(home, ".gitconfig", GREEDY)
    assert git("config", "color.ui") == b"always"
    assert answers() == before
    assert before[:3] == [["binary", "é x.py"], [("binary", 1), ("é x.py", 2)], []]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("GIT_DIR", "{}/.git", id="a hook's folder"),
        pytest.param("GIT_INDEX_FILE", "{}/.git/index", id="a hook's index"),
        pytest.param("GIT_PREFIX", "sub/", id="a hook's place"),
        pytest.param("GIT_LITERAL_PATHSPECS", "1", id="literal"),
        pytest.param("GIT_NOGLOB_PATHSPECS", "1", id="no patterns"),
        pytest.param("GIT_ICASE_PATHSPECS", "1", id="any case"),
    ],
)
def test_nobodys_environment_changes_an_answer(
    git: Git, checkout: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Git sets some of these itself, for the hooks of a commit in a second worktree."""
    for path in ("top.py", "sub/here.py", "sub/.ENV"):
        write(checkout, path, f"environ {NEEDLE}")
    git("add", ".")
    git("commit", "--quiet", "--message=x")
    known = git("rev-parse", "--short", "HEAD").decode()
    write(checkout, "sub/.env")
    monkeypatch.setenv(name, value.format(checkout))
    tree = Tree(checkout / "sub")
    assert tree.files == [".ENV", ".env", "here.py"]
    assert places(tree) == [(".ENV", 1), (".env", 1), ("here.py", 1)]
    assert [file.path for file in tree.python_files()] == ["here.py"]
    assert tracking(checkout / "sub/.env") == Tracking(is_ignored=False, is_tracked=False)
    found = tracking(checkout / "sub/.ENV")
    assert found == Tracking(is_ignored=False, is_tracked=True, commit=known)


@pytest.mark.parametrize("attribute", ["-diff", "binary", "diff=x", "-text"])
def test_no_attribute_hides_a_file(git: Git, checkout: Path, attribute: str) -> None:
    """Generated code is often marked so, that nobody need read its differences."""
    write(checkout, ".gitattributes", f"* {attribute}\n")
    git("config", "diff.x.textconv", "true")
    write(checkout, "x.py", f"environ {NEEDLE}")
    tree = Tree(checkout)
    assert places(tree) == [("x.py", 1)]
    assert [file.path for file in tree.python_files()] == ["x.py"]


def test_a_checkout_under_which_a_worktree_was_added_is_a_checkout(
    git: Git, checkout: Path, tmp_path: Path
) -> None:
    write(checkout, "x")
    git("add", ".")
    git("commit", "--quiet", "--message=x")
    git("worktree", "add", "--quiet", str(tmp_path / "second"), "-b", "second")
    tree = Tree(tmp_path / "second")
    assert files.checkout(tree.root) == (tmp_path / "second", "")
    assert places(tree) == [("x", 1)]


def broken(folder: Path) -> None:
    """A checkout that git does not want to read, and in whose message a value stands."""
    shutil.rmtree(folder / ".git")
    write(folder, ".git", f"gitdir: /nowhere/{NEEDLE}\n")


@pytest.mark.parametrize("is_broken", [True, False], ids=["broken checkout", "no git"])
@pytest.mark.parametrize(
    ("ask", "command"),
    [
        pytest.param(lambda tree: tree.files, "ls-files", id="files"),
        pytest.param(lambda tree: list(tree.search([NEEDLE.encode()])), "grep", id="search"),
        pytest.param(lambda tree: list(tree.python_files()), "grep", id="python files"),
        pytest.param(lambda tree: tree.mentioned([NEEDLE], apart_from=[]), "grep", id="mentioned"),
        pytest.param(lambda tree: tracking(tree.root / "x"), "ls-files", id="tracking"),
    ],
)
def test_where_git_fails_nothing_is_said_but_that(
    checkout: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    ask: Callable[[Tree], object],
    command: str,
    *,
    is_broken: bool,
) -> None:
    write(checkout, "x")
    if is_broken:
        broken(checkout)
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotSearch) as caught:
        ask(Tree(checkout))
    reason = f"git {command} failed" if is_broken else "there is no git to ask"
    assert str(caught.value) == f"{reason}, so nothing can be said of the files"
    assert caught.value.next_step == (
        "run git status here, and see what is wrong"
        if is_broken
        else "install git, or put it on PATH"
    )
    shown = said_by(caught.value) + "".join(traceback.format_exception(caught.value))
    for word in ("c4nary", "fatal", "nowhere"):
        assert word not in shown
    assert capfd.readouterr() == ("", "")


def test_a_checkout_of_another_user_is_told_with_what_git_advises(
    checkout: Path, foreign: Path
) -> None:
    with pytest.raises(CannotSearch) as caught:
        tracking(write(checkout, "sub/.env"))
    assert str(caught.value) == (
        "git does not read this checkout, which belongs to another user,"
        " so nothing can be said of the files"
    )
    assert caught.value.next_step == (
        f"if you trust it: git config --global --add safe.directory {checkout}"
    )


def test_the_file_behind_a_link_is_looked_at_too(git: Git, checkout: Path) -> None:
    write(checkout, ".gitignore", ".env*\n")
    target = write(checkout, "vault/x")
    link = checkout / ".env"
    link.symlink_to("vault/x")
    assert linked(link) == ("vault/x", Tracking(is_ignored=False, is_tracked=False))
    git("add", "vault/x")
    assert linked(link) == ("vault/x", Tracking(is_ignored=False, is_tracked=True))
    assert linked(target) is None


def test_a_link_that_leads_out_of_any_checkout_has_nothing_behind_it(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    write(outside, "x")
    (checkout / ".env").symlink_to(outside / "x")
    assert linked(checkout / ".env") is None


def test_where_git_does_not_answer_in_time_nothing_is_said_but_that(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked_git, "TIMEOUT", 0.0)
    write(checkout, "x")
    with pytest.raises(CannotSearch) as caught:
        places(Tree(checkout))
    assert "c4nary" not in said_by(caught.value)


def test_outside_a_checkout_no_git_is_needed(
    outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    write(outside, "x.py", f"environ {NEEDLE}")
    tree = Tree(outside)
    assert files.checkout(tree.root) is None
    assert places(tree) == [("x.py", 1)]
    assert list(tree.python_files()) == [PythonFile("x.py", f"environ {NEEDLE}")]
    assert tracking(outside / "x.py") is None


# What reads the environment.


def test_only_python_that_speaks_of_the_environment_is_read(folder: Path) -> None:
    write(folder, "a.py", "os.environ['A']\n")
    write(folder, "b/c.py", b'\xef\xbb\xbfos.getenv("\xe9")\r\n')
    write(folder, "d.py", "import os\n")
    write(folder, "e.pyi", "environ")
    write(folder, "f.txt", "environ")
    write(folder, "py", "environ")
    assert list(Tree(folder).python_files()) == [
        PythonFile("a.py", "os.environ['A']\n"),
        PythonFile("b/c.py", 'os.getenv("\ufffd")\r\n'),
    ]


def test_ignored_python_is_not_read_but_tracked_is(git: Git, checkout: Path) -> None:
    write(checkout, ".gitignore", "*.py\n")
    write(checkout, "ignored.py", "environ")
    write(checkout, "tracked.py", "environ")
    git("add", "--force", "tracked.py")
    assert [file.path for file in Tree(checkout).python_files()] == ["tracked.py"]


# What is mentioned.


def test_a_name_is_mentioned_where_it_stands_as_a_whole_word(folder: Path) -> None:
    write(folder, "Procfile", "web: run --token=$TOKEN ${API_KEY}\n")
    write(folder, "x.txt", "MY_SECRET SECRETS secret é\nPORT-1\n")
    names = ["TOKEN", "API_KEY", "SECRET", "PORT", "API", "OTHER"]
    assert Tree(folder).mentioned(names, apart_from=[]) == {"TOKEN", "API_KEY", "PORT"}


def test_a_name_in_wide_characters_is_mentioned(folder: Path) -> None:
    write(folder, "x.ps1", "$env:TOKEN".encode("utf-16"))
    assert Tree(folder).mentioned(["TOKEN"], apart_from=[]) == {"TOKEN"}


def test_what_locks_and_env_files_mention_does_not_count(folder: Path) -> None:
    write(folder, ".env.production", "A_KEY=1\n")
    write(folder, "sub/.env", "B_KEY=1\n")
    write(folder, ".env.production.lock", "C_KEY 0\n")
    write(folder, "poetry.lock", "D_KEY\n")
    write(folder, "other/.env", "E_KEY=1\n")
    names = ["A_KEY", "B_KEY", "C_KEY", "D_KEY", "E_KEY"]
    apart = [".env.production", "sub/.env"]
    assert Tree(folder).mentioned(names, apart_from=apart) == {"E_KEY"}


def test_no_names_are_mentioned_where_none_are_asked_for(folder: Path) -> None:
    write(folder, "x", "A\n\nB\n")
    assert Tree(folder).mentioned([], apart_from=[]) == frozenset()


# What git says of an env file.

IGNORED = ".env*\n"


@pytest.fixture
def env(git: Git, checkout: Path) -> Path:
    """An env file in a checkout with a commit in which it is not."""
    write(checkout, "sub/first")
    git("add", ".")
    git("commit", "--quiet", "--message=first")
    return write(checkout, "sub/.env.production", "A=1\n")


def commit(git: Git, message: str) -> str:
    """Commit what there is, ignored or not, and name that commit."""
    git("add", "--all", "--force")
    git("commit", "--quiet", f"--message={message}")
    return git("rev-parse", "--short", "HEAD").decode()


def test_a_new_file_is_neither_ignored_nor_tracked(env: Path) -> None:
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=False, commit=None)


def test_an_ignored_file_is_ignored(env: Path, checkout: Path) -> None:
    write(checkout, ".gitignore", IGNORED)
    assert tracking(env) == Tracking(is_ignored=True, is_tracked=False, commit=None)


def test_an_added_file_is_tracked(git: Git, env: Path) -> None:
    git("add", str(env))
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=True, commit=None)


def test_a_committed_file_is_tracked_with_its_newest_commit(git: Git, env: Path) -> None:
    commit(git, "one")
    env.write_text("A=2\n")
    newest = commit(git, "two")
    write(env.parent, "other")
    commit(git, "three")
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=True, commit=newest)


def test_a_file_that_was_committed_once_is_known(git: Git, env: Path, checkout: Path) -> None:
    commit(git, "one")
    git("rm", "--quiet", "--cached", str(env))
    write(checkout, ".gitignore", IGNORED)
    git("add", ".gitignore")
    git("commit", "--quiet", "--message=two")
    known = git("rev-parse", "--short", "HEAD").decode()
    assert tracking(env) == Tracking(is_ignored=True, is_tracked=False, commit=known)


def test_a_file_that_is_gone_has_a_history(git: Git, env: Path) -> None:
    commit(git, "one")
    env.unlink()
    known = commit(git, "two")
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=False, commit=known)


def test_a_commit_on_another_branch_is_known(git: Git, env: Path) -> None:
    git("switch", "--quiet", "--create", "other")
    known = commit(git, "one")
    git("switch", "--quiet", "main")
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=False, commit=known)


def test_a_commit_of_a_branch_that_was_merged_without_the_file_is_known(
    git: Git, env: Path
) -> None:
    """Of a merge git follows the side that explains the file's absence, and both may."""
    git("switch", "--quiet", "--create", "other")
    commit(git, "add")
    env.unlink()
    known = commit(git, "remove")
    git("switch", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "--message=merge", "other")
    git("branch", "--quiet", "--delete", "other")
    found = tracking(env)
    assert found == Tracking(is_ignored=False, is_tracked=False, commit=known)


def test_a_commit_in_the_stash_is_known(git: Git, env: Path) -> None:
    git("add", "--force", str(env))
    git("stash", "--quiet")
    found = tracking(env.parent.parent / ".env.production")
    assert found == Tracking(is_ignored=False, is_tracked=False, commit=None)
    found = tracking(write(env.parent.parent, "sub/.env.production"))
    assert found is not None
    assert found.commit is not None


def test_a_repository_without_commits_has_no_history(checkout: Path) -> None:
    path = write(checkout, ".env")
    assert tracking(path) == Tracking(is_ignored=False, is_tracked=False, commit=None)


@pytest.mark.parametrize("name", [".env*", "[.]env", ":(glob)*", "-x", ".env\n"], ids=ascii)
def test_a_name_is_no_pattern(git: Git, checkout: Path, name: str) -> None:
    write(checkout, ".env")
    commit(git, "one")
    found = tracking(write(checkout, name))
    assert found == Tracking(is_ignored=False, is_tracked=False, commit=None)


def test_a_file_in_a_folder_that_never_was_is_unknown_to_git(checkout: Path) -> None:
    found = tracking(checkout / "gone" / "deep" / ".env")
    assert found == Tracking(is_ignored=False, is_tracked=False, commit=None)


def test_a_file_whose_folder_is_gone_has_a_history(git: Git, env: Path) -> None:
    commit(git, "one")
    shutil.rmtree(env.parent)
    known = commit(git, "two")
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=False, commit=known)


def test_outside_a_checkout_git_says_nothing(outside: Path) -> None:
    assert tracking(write(outside, ".env")) is None


def test_nobodys_configuration_changes_what_git_says_of_a_file(
    git: Git, env: Path, home: Path
) -> None:
    known = commit(git, "one")
    write(home, ".gitconfig", GREEDY.replace("abbrev = 40", ""))
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=True, commit=known)


def test_a_signature_is_no_part_of_a_commits_name(git: Git, env: Path, tmp_path: Path) -> None:
    """A person may have set that every log shows them."""
    program = write(
        tmp_path,
        "gpg",
        '#!/bin/sh\ncase "$*" in *--verify*)\n'
        'printf "\\n[GNUPG:] GOODSIG 0 Somebody\\n"; echo "gpg: Good signature" >&2; exit ;;\n'
        'esac\ncat > /dev/null\nprintf "\\n[GNUPG:] SIG_CREATED x\\n" >&2\n'
        'echo "-----BEGIN PGP SIGNATURE-----"\necho "-----END PGP SIGNATURE-----"\n',
    )
    program.chmod(0o755)
    git("config", "gpg.program", str(program))
    git("config", "log.showSignature", "true")
    git("add", "--force", str(env))
    git("commit", "--quiet", "--gpg-sign=x", "--message=one")
    known = git("rev-parse", "--short", "HEAD").decode()
    assert tracking(env) == Tracking(is_ignored=False, is_tracked=True, commit=known)


# What stands behind a line, and what matches an expression.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_the_lines_behind_one_are_read_in_any_encoding(checkout: Path, encoding: str) -> None:
    (checkout / "a.txt").write_bytes(f"{NEEDLE}\r\nb\r\né\nd\n".encode(encoding))
    tree = Tree(checkout)
    [line] = tree.search([NEEDLE.encode()])
    assert tree.behind(line, 2) == "b\r\né\n".encode()


def test_an_expression_finds_lines_of_tracked_and_new_files(git: Git, checkout: Path) -> None:
    for name in ("old.txt", "new.txt"):
        (checkout / name).write_text("no://text\nsee://user:word@host\n")
    git("add", "old.txt")
    lines = Tree(checkout).search([b"-"], Expression(b"://[a-z]+:[a-z]+@", b"://"))
    # A new file is read here, for the text alone.
    assert [(line.path, line.number) for line in lines] == [
        ("old.txt", 2),
        ("new.txt", 1),
        ("new.txt", 2),
    ]
