"""What git holds of the past is found, wherever it is kept; and so is where it stood."""

import io
import os
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from deploy.project import git as asked_git
from deploy.project import objects
from deploy.project.files import checkout
from deploy.project.git import CannotSearch, Checkout
from deploy.project.lines import BLOCK, Line
from deploy.project.objects import Unread, held, is_shallow, lacking
from deploy.project.objects import places as all_places
from deploy.project.sieve import Sieve

from ..support import said_by
from .test_git import OLD, wrap

NEEDLE = b"c4nary-needle"
ANY = "a1" * 20
"""The id of a blob that is nowhere."""
GREEDY = """\
[log]
	showRoot = false
	diffMerges = off
	follow = true
	decorate = full
	showSignature = true
	date = relative
[diff]
	orderFile = /nowhere/order
	renames = copies
	external = false
	noprefix = true
	relative = true
	ignoreSubmodules = all
[format]
	pretty = oneline
[color]
	ui = always
	diff = always
[core]
	quotePath = true
	abbrev = 4
	pager = false
"""
"""A configuration under which git answers in other ways, where it is asked carelessly."""

Git = Callable[..., str]


def asked_at(folder: Path) -> Checkout:
    found = checkout(folder)
    assert found
    return Checkout(*found)


def places(asked: Checkout, blobs: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Commit and path of each place, by the blob."""
    found: dict[str, list[tuple[str, str]]] = {}
    for place in all_places(asked, blobs):
        found.setdefault(place.blob, []).append((place.commit, place.path))
    return found


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return tmp_path / "project"


@pytest.fixture
def git(top: Path) -> Git:
    """Runs git in a fresh checkout; each commit is a minute later than the one before."""
    minutes = count()

    def run(*words: str, folder: Path = top, data: bytes = b"", date: str = "") -> str:
        when = date or f"{1_600_000_000 + 60 * next(minutes)} +0000"
        env = dict(os.environ)
        for who in ("AUTHOR", "COMMITTER"):
            env |= {f"GIT_{who}_NAME": "Somebody", f"GIT_{who}_EMAIL": "somebody@example.com"}
            env[f"GIT_{who}_DATE"] = when
        told = subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *words],
            cwd=folder,
            check=True,
            capture_output=True,
            env=env,
            input=data,
        )
        return os.fsdecode(told.stdout.strip())

    top.mkdir()
    run("init", "--quiet", "--initial-branch=main")
    return run


@pytest.fixture
def asked(git: Git, top: Path) -> Checkout:
    return Checkout(top, "")


def write(folder: Path, name: str, data: str | bytes = NEEDLE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def commit(git: Git, folder: Path, name: str = "x", data: str | bytes = NEEDLE) -> str:
    write(folder, name, data)
    return commit_all(git)


def commit_all(git: Git) -> str:
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message=x")
    return git("rev-parse", "HEAD")


def blob(git: Git, data: str | bytes = NEEDLE) -> str:
    """The id of such a blob, whether there is one or not."""
    return git("hash-object", "--stdin", data=data if isinstance(data, bytes) else data.encode())


def found(asked: Checkout, *needles: bytes) -> list[Line | Unread]:
    return sorted(held(asked, needles or [NEEDLE]), key=repr)


# Where git may hold it.


def loose(git: Git, top: Path) -> None:
    commit(git, top)


def packed(git: Git, top: Path) -> None:
    commit(git, top)
    git("gc", "--quiet")
    assert not list(top.glob(".git/objects/??"))


def changed_since(git: Git, top: Path) -> None:
    commit(git, top)
    commit(git, top, data="changed")


def on_another_branch(git: Git, top: Path) -> None:
    commit(git, top, "first", "first")
    git("checkout", "--quiet", "-b", "other")
    commit(git, top)
    git("checkout", "--quiet", "main")


def added_and_in_no_commit(git: Git, top: Path) -> None:
    write(top, "x")
    git("add", "x")
    write(top, "x", "changed")


def in_the_older_of_two_stashes(git: Git, top: Path) -> None:
    commit(git, top, data="first")
    for data in (NEEDLE, b"second"):
        write(top, "x", data)
        git("stash", "--quiet")


def in_a_commit_that_was_amended(git: Git, top: Path) -> None:
    commit(git, top)
    write(top, "x", "changed")
    git("commit", "--quiet", "--all", "--amend", "--message=y")


def reachable_from_nothing(git: Git, top: Path) -> None:
    in_a_commit_that_was_amended(git, top)
    git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
    assert blob(git) not in git("rev-list", "--objects", "--all", "--reflog")


def under_a_ref_that_is_no_branch(git: Git, top: Path) -> None:
    found = git("hash-object", "-w", "--stdin", data=NEEDLE)
    git("update-ref", "refs/custom/x", found)


def behind_a_tag(git: Git, top: Path) -> None:
    found = git("hash-object", "-w", "--stdin", data=NEEDLE)
    git("tag", "--annotate", "--message=x", "x", found)


def in_an_alternate(git: Git, top: Path) -> None:
    other = top.parent / "other"
    git("init", "--quiet", str(other))
    git("hash-object", "-w", "--stdin", folder=other, data=NEEDLE)
    write(top, ".git/objects/info/alternates", f"{other}/.git/objects\n")


def in_place_of_another(git: Git, top: Path) -> None:
    """Whoever asks for the one is given the other (git-replace)."""
    harmless = git("hash-object", "-w", "--stdin", data=b"harmless")
    commit(git, top)
    git("replace", blob(git), harmless)
    assert git("show", "HEAD:x") == "harmless"


def of_a_link(git: Git, top: Path) -> None:
    (top / "x").symlink_to(NEEDLE.decode())
    commit_all(git)


@pytest.mark.parametrize(
    "keep",
    [
        *(loose, packed, changed_since, on_another_branch, added_and_in_no_commit),
        *(in_the_older_of_two_stashes, in_a_commit_that_was_amended, reachable_from_nothing),
        *(under_a_ref_that_is_no_branch, behind_a_tag, in_an_alternate, in_place_of_another),
        of_a_link,
    ],
)
def test_a_value_is_found_wherever_git_holds_it(
    git: Git, top: Path, asked: Checkout, keep: Callable[[Git, Path], None]
) -> None:
    keep(git, top)
    assert found(asked) == [Line(blob(git), 1, NEEDLE)]


def test_a_value_that_stands_in_many_commits_is_found_once(
    git: Git, top: Path, asked: Checkout
) -> None:
    commit(git, top)
    git("gc", "--quiet")
    for number in range(3):
        commit(git, top, f"{number}")
    assert found(asked) == [Line(blob(git), 1, NEEDLE)]


def test_each_version_of_a_file_is_a_blob_of_its_own(git: Git, top: Path, asked: Checkout) -> None:
    versions = [f"{number}\nkey = c4nary-needle\n" for number in range(40)]
    for version in versions:
        commit(git, top, "x", version)
    git("gc", "--quiet")
    lines = [Line(blob(git, version), 2, b"key = c4nary-needle") for version in versions]
    assert found(asked) == sorted(lines, key=repr)


def test_what_a_submodule_holds_is_its_own(git: Git, top: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    git("init", "--quiet", str(inner))
    write(inner, "x")
    git("add", ".", folder=inner)
    git("commit", "--quiet", "--message=x", folder=inner)
    git("submodule", "--quiet", "add", str(inner), "inner")
    commit_all(git)
    assert found(Checkout(top, "")) == []
    assert found(Checkout(top / "inner", "")) == [Line(blob(git), 1, NEEDLE)]


def test_the_name_of_a_file_and_a_message_are_no_blobs(
    git: Git, top: Path, asked: Checkout
) -> None:
    write(top, NEEDLE.decode(), "nothing")
    git("add", ".")
    git("commit", "--quiet", f"--message={NEEDLE.decode()}")
    assert found(asked) == []


# Which line.


@pytest.mark.parametrize(
    ("data", "number", "text"),
    [
        pytest.param(b"one\nx c4nary-needle y\nz\n", 2, b"x c4nary-needle y", id="text"),
        pytest.param(b"a\r\nc4nary-needle\r\n", 2, b"c4nary-needle\r", id="CRLF"),
        pytest.param(b"\0\n\0\1c4nary-needle\0z\n\0", 2, b"\0\1c4nary-needle\0z", id="NULs"),
        pytest.param(b"\n\xff\xe9c4nary-needle\xff", 2, b"\xff\xe9c4nary-needle\xff", id="bytes"),
        pytest.param(b"\n" * BLOCK + NEEDLE, BLOCK + 1, NEEDLE, id="after a block"),
    ],
)
def test_a_line_is_found_as_it_stands(
    git: Git, asked: Checkout, data: bytes, number: int, text: bytes
) -> None:
    name = git("hash-object", "-w", "--stdin", data=data)
    assert found(asked) == [Line(name, number, text)]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_found_by_their_mark(git: Git, asked: Checkout, encoding: str) -> None:
    text = f"\ufeffone\r\nkey = '{NEEDLE.decode()}é'\r\n".encode(encoding)
    line = "key = 'c4nary-needleé'\r".encode()
    long = git("hash-object", "-w", "--stdin", data=text + "x".encode(encoding) * BLOCK)
    short = git("hash-object", "-w", "--stdin", data=text + b"\xd8")
    plain = git("hash-object", "-w", "--stdin", data=NEEDLE)
    lines = [Line(short, 2, line), Line(long, 2, line), Line(plain, 1, NEEDLE)]
    assert found(asked) == sorted(lines, key=repr)


def test_a_mark_of_wide_characters_hides_no_others(git: Git, asked: Checkout) -> None:
    name = git("hash-object", "-w", "--stdin", data=b"\xff\xfe" + NEEDLE)
    assert found(asked) == [Line(name, 1, b"\xff\xfe" + NEEDLE)]


def test_many_texts_are_looked_for_at_once(git: Git, top: Path, asked: Checkout) -> None:
    texts = [b"c4nary-%06d-%s" % (number, b"x" * (number % 30)) for number in range(500)]
    data = [b"\n".join([b"-", texts[0]]), b"c4nary", texts[499]]
    names = [git("hash-object", "-w", "--stdin", data=each) for each in data]
    lines = [Line(names[0], 2, texts[0]), Line(names[2], 1, texts[499])]
    assert found(asked, *texts) == sorted(lines, key=repr)


def test_without_a_text_git_is_not_asked(tmp_path: Path) -> None:
    assert list(held(Checkout(tmp_path / "nowhere", ""), [])) == []


# How much.


def test_a_blob_that_is_too_large_is_said_and_not_searched(
    git: Git, asked: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "MAX_BLOB", 20)
    large = git("hash-object", "-w", "--stdin", data=NEEDLE.ljust(21))
    small = git("hash-object", "-w", "--stdin", data=NEEDLE.ljust(20))
    expected = [Line(small, 1, NEEDLE.ljust(20)), Unread(large, 21)]
    assert found(asked) == sorted(expected, key=repr)


def test_of_a_large_blob_little_is_in_memory(git: Git, asked: Checkout) -> None:
    data = b"x" * 63 + b"\n"
    lines = 48 << 20 >> 6
    name = git("hash-object", "-w", "--stdin", data=data * lines + NEEDLE)
    tracemalloc.start()
    assert found(asked) == [Line(name, lines + 1, NEEDLE)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * BLOCK


# How git is asked.


def test_git_is_never_told_a_text(
    git: Git, top: Path, asked: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in a word, nor in its environment, nor in what it is given."""
    commit(git, top)
    expected = blob(git)
    record = tmp_path / "record"
    script = (
        f'#!/bin/sh\n(printf "%s\\n" "$@"; env) >> {record}\n'
        f'tee -a {record} | {shutil.which("git")} "$@"\n'
    )
    wrap(tmp_path / "bin", script, monkeypatch)
    monkeypatch.setenv("HEROKU_API_KEY", "c4nary")
    assert found(asked, NEEDLE, b"other-c4nary") == [Line(expected, 1, NEEDLE)]
    assert f"\n{expected}\n" in record.read_text()
    assert "c4nary" not in record.read_text()


def test_nobodys_configuration_changes_an_answer(
    git: Git, top: Path, asked: Checkout, home: Path
) -> None:
    write(top, "sub/é x.py")
    first = commit_all(git)
    git("mv", "sub/é x.py", "y")
    second = commit_all(git)
    expected = {blob(git): [(first, "sub/é x.py"), (second, "y")]}
    write(home, ".gitconfig", GREEDY)
    assert git("config", "color.ui") == "always"
    assert found(asked) == [Line(blob(git), 1, NEEDLE)]
    assert places(asked, [blob(git)]) == expected
    assert (is_shallow(asked), lacking(asked)) == (False, 0)


@pytest.mark.parametrize(
    ("ask", "asked_with", "command"),
    [
        pytest.param(found, "--batch-check=", "cat-file", id="list"),
        pytest.param(found, "--batch --buffer", "cat-file", id="held"),
        pytest.param(lambda asked: places(asked, [ANY]), "--full-history", "log", id="places"),
    ],
)
@pytest.mark.parametrize("how", ["cut", "in another form", "silent"])
def test_where_git_does_not_answer_in_full_nothing_is_said_but_that(
    git: Git,
    top: Path,
    asked: Checkout,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[Checkout], object],
    asked_with: str,
    command: str,
    how: str,
) -> None:
    commit(git, top)
    os.mkfifo(tmp_path / "never")
    real = f'{shutil.which("git")} "$@"'
    instead = {
        "cut": f"{real} | head -c 60",
        "in another form": f"{real} | tr 0-9a-f g-v",
        "silent": f"exec cat {tmp_path}/never",
    }
    cases = f'case "$*" in *"{asked_with}"*) {instead[how]} ;; *) exec {real} ;; esac'
    wrap(tmp_path / "bin", f"#!/bin/sh\n{cases}\n", monkeypatch)
    if how == "silent":
        monkeypatch.setattr(asked_git, "TIMEOUT", 0.5)
    with pytest.raises(CannotSearch) as caught:
        ask(asked)
    if how != "silent":
        assert caught.value.reason == f"git {command} failed"
    assert "c4nary" not in said_by(caught.value)


def test_a_blob_that_cannot_be_unpacked_is_a_failure(git: Git, top: Path, asked: Checkout) -> None:
    name = git("hash-object", "-w", "--stdin", data=NEEDLE * 10_000)
    path = top / ".git/objects" / name[:2] / name[2:]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CannotSearch) as caught:
        found(asked)
    assert caught.value.reason == "git cat-file failed"


def test_an_object_that_is_none_is_said(git: Git, top: Path, asked: Checkout) -> None:
    write(top, f".git/objects/a1/{ANY[2:]}", "nothing")
    assert found(asked) == [Unread(ANY)]


def test_a_blob_that_is_gone_since_it_was_listed_is_said() -> None:
    said = io.BytesIO(f"{ANY} missing\n{ANY} blob 13\n".encode() + NEEDLE + b"\n")
    assert list(objects._searched(Sieve([NEEDLE]), [], said)) == [
        Unread(ANY),
        Line(ANY, 1, NEEDLE),
    ]


@pytest.mark.parametrize("end", [b"", b"x", b"\n\n", b"\nx"], ids=ascii)
def test_a_blob_of_another_size_than_git_says_is_no_answer(end: bytes) -> None:
    said = io.BytesIO(f"{ANY} blob 13\n".encode() + NEEDLE + end)
    with pytest.raises(EOFError):
        list(objects._searched(Sieve([NEEDLE]), [], said))


def test_a_line_shows_no_text(git: Git, top: Path, asked: Checkout) -> None:
    commit(git, top)
    assert repr(found(asked)) == f"[Line({blob(git)}:1)]"


# Where it stood.


def where(git: Git, asked: Checkout, data: str | bytes = NEEDLE) -> list[tuple[str, str]]:
    return places(asked, [blob(git, data)]).get(blob(git, data), [])


def test_of_each_path_the_commit_that_brought_the_blob_first_is_told(
    git: Git, top: Path, asked: Checkout
) -> None:
    first = commit(git, top, "a")
    commit(git, top, "a", "changed")
    second = commit(git, top, "sub/b")
    commit(git, top, "a")
    (top / "a").unlink()
    commit_all(git)
    commit(git, top, "a")
    assert where(git, asked) == [(first, "a"), (second, "sub/b")]


def test_the_earliest_is_the_first_and_paths_of_one_commit_are_in_order(
    git: Git, top: Path, asked: Checkout
) -> None:
    first = commit(git, top, "z")
    for name in ("b", "a", "a/c", "é"):
        write(top, f"sub/{name}" if name != "a" else "a0")
    second = commit_all(git)
    paths = ["a0", "sub/a/c", "sub/b", "sub/é"]
    assert where(git, asked) == [(first, "z"), *((second, path) for path in paths)]


def test_a_place_is_what_git_shows_from_any_folder(git: Git, top: Path) -> None:
    commit(git, top, "a")
    commit(git, top, "sub/b", "other")
    [(at, path)] = where(git, asked_at(top / "sub"), "other")
    shown = git("show", f"{at}:{path}", folder=top / "sub")
    assert (path, shown) == ("sub/b", "other")


def test_the_earliest_is_an_ancestor_whatever_the_clocks_said(
    git: Git, top: Path, asked: Checkout
) -> None:
    write(top, "x")
    git("add", ".")
    git("commit", "--quiet", "--message=x", date="1900000000 +0000")
    first = git("rev-parse", "HEAD")
    commit(git, top, data="changed")
    commit(git, top)
    assert where(git, asked) == [(first, "x")]


def test_what_a_branch_brought_is_not_the_merges(git: Git, top: Path, asked: Checkout) -> None:
    commit(git, top, "a", "first")
    git("checkout", "--quiet", "-b", "side")
    brought = commit(git, top, "x")
    git("checkout", "--quiet", "main")
    commit(git, top, "a", "second")
    git("merge", "--quiet", "--no-ff", "--message=x", "side")
    git("branch", "-D", "side")
    assert where(git, asked) == [(brought, "x")]


@pytest.mark.parametrize("parents", [1, 2], ids=["of two", "of three"])
def test_what_is_new_in_a_merge_is_the_merges(
    git: Git, top: Path, asked: Checkout, parents: int
) -> None:
    commit(git, top, "a", "first")
    sides = [f"side{number}" for number in range(parents)]
    for side in sides:
        git("checkout", "--quiet", "-b", side, "main")
        commit(git, top, side, side)
    git("checkout", "--quiet", "main")
    commit(git, top, "a", "second")
    git("merge", "--quiet", "--no-commit", "--no-ff", *sides)
    write(top, "a", NEEDLE)
    write(top, "new/evil", NEEDLE)
    merge = commit_all(git)
    assert len(git("rev-parse", "HEAD^@").split()) == parents + 1
    assert where(git, asked) == [(merge, "a"), (merge, "new/evil")]


def test_each_of_two_roots_brings_what_it_has(git: Git, top: Path, asked: Checkout) -> None:
    one = commit(git, top, "a")
    git("checkout", "--quiet", "--orphan", "other")
    git("mv", "a", "b")
    other = commit_all(git)
    assert where(git, asked) == [(one, "a"), (other, "b")]


def test_a_mode_that_changed_brings_nothing(git: Git, top: Path, asked: Checkout) -> None:
    first = commit(git, top)
    (top / "x").chmod(0o755)
    commit_all(git)
    assert where(git, asked) == [(first, "x")]


@pytest.mark.parametrize(
    "name",
    [
        *(b"a b", b"a\"b'c", b"a\nb", b"\n", b"\t\\n", "é\U0001f511".encode(), b"a\xff\xe9b"),
        *(b":x", b":100644 100644 x y M", b"a1" * 20, b"-n"),
    ],
    ids=ascii,
)
def test_any_name_is_told(git: Git, top: Path, asked: Checkout, name: bytes) -> None:
    path = os.fsdecode(name)
    first = commit(git, top, path)
    second = commit(git, top, f"sub/{path}")
    assert where(git, asked) == [(first, path), (second, f"sub/{path}")]


@pytest.mark.parametrize(
    "keep", [in_the_older_of_two_stashes, in_a_commit_that_was_amended, on_another_branch]
)
def test_a_commit_that_a_reflog_or_a_branch_leads_to_is_a_place(
    git: Git, top: Path, asked: Checkout, keep: Callable[[Git, Path], None]
) -> None:
    keep(git, top)
    [(at, path)] = where(git, asked)
    assert git("show", f"{at}:{path}") == NEEDLE.decode()


@pytest.mark.parametrize(
    "keep",
    [
        *(added_and_in_no_commit, reachable_from_nothing, under_a_ref_that_is_no_branch),
        *(behind_a_tag, in_an_alternate),
    ],
)
def test_what_no_commit_leads_to_has_no_place(
    git: Git, top: Path, asked: Checkout, keep: Callable[[Git, Path], None]
) -> None:
    commit(git, top, "first", "first")
    keep(git, top)
    assert places(asked, [blob(git)]) == {}
    assert [path for _, path in where(git, asked, "first")] == ["first"]


def test_a_commit_in_place_of_another_hides_no_place(git: Git, top: Path, asked: Checkout) -> None:
    first = commit(git, top)
    second = commit(git, top, data="changed")
    git("replace", "--graft", second)
    assert git("rev-list", "--count", "HEAD") == "1"
    assert where(git, asked) == [(first, "x")]


def test_a_reflog_that_leads_to_what_is_gone_hides_no_place(
    git: Git, top: Path, asked: Checkout
) -> None:
    first = commit(git, top)
    gone = commit(git, top, data="changed")
    git("reset", "--quiet", "--hard", "HEAD~")
    (top / ".git/objects" / gone[:2] / gone[2:]).unlink()
    assert where(git, asked) == [(first, "x")]


def test_a_branch_that_leads_to_what_is_gone_is_a_failure(
    git: Git, top: Path, asked: Checkout
) -> None:
    commit(git, top)
    write(top, ".git/refs/heads/broken", f"{ANY}\n")
    with pytest.raises(CannotSearch) as caught:
        where(git, asked)
    assert caught.value.reason == "git log failed"


def test_of_many_blobs_each_has_its_own_places(git: Git, top: Path, asked: Checkout) -> None:
    for number in range(100):
        write(top, f"{number:03}", f"{number}")
    first = commit_all(git)
    names = {blob(git, f"{number}"): f"{number:03}" for number in range(0, 100, 3)}
    assert places(asked, [*names, ANY]) == {name: [(first, path)] for name, path in names.items()}


def test_a_log_that_is_cut_within_a_word_or_before_a_name_is_no_answer() -> None:
    commit, other = "c1" * 20, "0" * 40
    words = [
        commit,
        f"\n:100644 100644 {other} {ANY} M",
        "x",
        f":000000 100644 {other} {ANY} A",
        "y",
    ]
    log = b"".join(word.encode() + b"\0" for word in words)
    whole = []
    for end in range(len(log) + 1):
        with suppress(EOFError):
            whole.append(list(objects._brought({ANY.encode()}, io.BytesIO(log[:end]))))
    found = [(commit.encode(), ANY.encode(), path) for path in (b"x", b"y")]
    assert whole == [[], [], found[:1], found]


def test_for_no_blob_git_is_not_asked(tmp_path: Path) -> None:
    assert places(Checkout(tmp_path / "nowhere", ""), []) == {}


# What there is of it.


def test_an_empty_repository_holds_nothing(asked: Checkout) -> None:
    assert (found(asked), places(asked, [ANY])) == ([], {})
    assert (is_shallow(asked), lacking(asked)) == (False, 0)


def test_a_shallow_clone_is_known_and_searched_as_far_as_it_goes(
    git: Git, top: Path, tmp_path: Path
) -> None:
    commit(git, top)
    commit(git, top, data="changed")
    last = commit(git, top, "y", f"2 {NEEDLE.decode()}")
    git("clone", "--quiet", "--depth=1", f"file://{top}", str(tmp_path / "clone"))
    clone = Checkout(tmp_path / "clone", "")
    name = blob(git, f"2 {NEEDLE.decode()}")
    assert found(clone) == [Line(name, 1, b"2 " + NEEDLE)]
    assert places(clone, [name, blob(git)]) == {name: [(last, "y")]}
    assert (is_shallow(clone), lacking(clone)) == (True, 0)


@pytest.fixture(params=["this git", "an old one"])
def partial(
    request: pytest.FixtureRequest,
    git: Git,
    top: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], Checkout]:
    """Clones with a filter; from where all that is missing could be fetched."""

    def clone(what: str) -> Checkout:
        commit(git, top)
        commit(git, top, data="changed")
        commit(git, top, "y", "other")
        git("config", "uploadpack.allowFilter", "true")
        git("config", "uploadpack.allowAnySHA1InWant", "true")
        clone = tmp_path / "clone"
        git("clone", "--quiet", f"--filter={what}", f"file://{top}", str(clone))
        git("config", "protocol.file.allow", "always", folder=clone)
        if request.param == "an old one":
            wrap(tmp_path / "old", OLD.format(shutil.which("git")), monkeypatch)
        return Checkout(clone, "")

    return clone


def test_what_a_partial_clone_lacks_is_counted_and_not_fetched(
    git: Git, partial: Callable[[str], Checkout]
) -> None:
    clone = partial("blob:none")
    assert lacking(clone) == 1
    assert found(clone) == []
    assert [place.path for place in all_places(clone, [blob(git)])] == ["x"]
    assert lacking(clone) == 1
    assert git("cat-file", "blob", blob(git), folder=clone.top) == NEEDLE.decode()
    assert lacking(clone) == 0
    assert found(clone) == [Line(blob(git), 1, NEEDLE)]


def test_a_clone_without_trees_is_counted_and_searched_and_has_no_places(
    git: Git, partial: Callable[[str], Checkout]
) -> None:
    clone = partial("tree:0")
    before = lacking(clone)
    assert before >= 2
    assert found(clone, b"changed") == [Line(blob(git, "changed"), 1, b"changed")]
    with pytest.raises(CannotSearch) as caught:
        places(clone, [blob(git)])
    assert caught.value.reason == "git log failed"
    assert lacking(clone) == before


def test_a_repository_of_sha256_is_searched(git: Git, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git("init", "--quiet", "--object-format=sha256", str(other))
    write(other, "x")
    git("add", ".", folder=other)
    git("commit", "--quiet", "--message=x", folder=other)
    [line] = found(Checkout(other, ""))
    assert isinstance(line, Line)
    assert len(line.path) == 64
    [place] = places(Checkout(other, ""), [line.path])[line.path]
    assert place == (git("rev-parse", "HEAD", folder=other), "x")


@pytest.mark.parametrize("kind", ["worktree", "link", "bare", "subfolder"])
def test_a_checkout_of_any_kind_is_searched(git: Git, top: Path, tmp_path: Path, kind: str) -> None:
    first = commit(git, top, "sub/x")
    other = tmp_path / "second"
    below = ""
    match kind:
        case "worktree":
            git("worktree", "add", "--quiet", str(other), "-b", "second")
            assert (other / ".git").is_file()
        case "link":
            other.mkdir()
            (other / ".git").symlink_to(top / ".git")
        case "bare":
            other.mkdir()
            git("clone", "--quiet", "--bare", str(top), str(tmp_path / "bare.git"))
            (other / ".git").symlink_to(tmp_path / "bare.git")
            assert git("rev-parse", "--is-bare-repository", folder=other) == "true"
        case "subfolder":
            other, below = top, "sub/"
    asked = Checkout(other, below)
    assert asked == asked_at(other / below)
    assert found(asked) == [Line(blob(git), 1, NEEDLE)]
    assert places(asked, [blob(git)]) == {blob(git): [(first, "sub/x")]}
    assert (is_shallow(asked), lacking(asked)) == (False, 0)
