"""Files as they are written, and where they may not be."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from socket import AF_UNIX, socket

import pytest

from deploy.errors import FileUnwritten, NotAllowed
from deploy.project.safe_write import check_ignored, check_regular, write_whole

from ..support import said_by

CANARY = "canary-3c4d"


# Writing.


@contextmanager
def with_umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def unwritten(path: Path) -> FileUnwritten:
    with pytest.raises(FileUnwritten) as caught:
        write_whole(path, CANARY.encode(), mode=0o600)
    assert CANARY not in said_by(caught.value)
    assert caught.value.path == path.name
    return caught.value


@pytest.mark.parametrize("data", [b"", b"A=1\r\nB=\xff\0\r", b"x" * 3_000_000], ids=len)
def test_a_file_is_written_byte_for_byte(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / ".env.production"
    for _ in range(2):
        write_whole(path, data, mode=0o600)
        assert path.read_bytes() == data
    assert names_in(tmp_path) == [".env.production"]


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_new_file_has_the_mode_it_should_whatever_the_umask(
    tmp_path: Path, mode: int, mask: int
) -> None:
    path = tmp_path / ".env.production"
    with with_umask(mask):
        write_whole(path, b"A=1\n", mode=mode)
    assert mode_of(path) == mode


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o755, 0o400])
def test_an_old_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    path = tmp_path / ".env.production"
    path.write_bytes(b"old")
    path.chmod(mode)
    write_whole(path, b"new", mode=0o606)
    assert (path.read_bytes(), mode_of(path)) == (b"new", mode)


@pytest.mark.parametrize("hops", [1, 2])
def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path, hops: int) -> None:
    (tmp_path / "vault").mkdir()
    target = tmp_path / "vault" / "prod.env"
    target.write_bytes(b"old")
    target.chmod(0o640)
    path = tmp_path / ".env.production"
    place = tmp_path / "link"
    if hops == 2:
        place.symlink_to("vault/prod.env")
    path.symlink_to("link" if hops == 2 else "vault/prod.env")
    write_whole(path, b"new", mode=0o600)
    assert path.is_symlink()
    assert path.readlink() == Path("link" if hops == 2 else "vault/prod.env")
    assert (target.read_bytes(), mode_of(target)) == (b"new", 0o640)
    assert names_in(target.parent) == ["prod.env"]


def test_a_link_to_nothing_gets_its_target(tmp_path: Path) -> None:
    path = tmp_path / ".env.production"
    path.symlink_to("elsewhere")
    write_whole(path, b"new", mode=0o600)
    assert path.is_symlink()
    assert (tmp_path / "elsewhere").read_bytes() == b"new"


@pytest.mark.parametrize("name", [".env.production", ".env.production.lock", ".env"])
def test_whatever_is_there_meanwhile_is_ignored_by_git_like_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    seen: list[str] = []
    modes: list[int] = []
    sync = os.fsync

    def look(descriptor: int) -> None:
        seen.extend(names_in(tmp_path))
        modes.append(os.fstat(descriptor).st_mode & 0o777)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    write_whole(tmp_path / name, b"A=1\n", mode=0o600)
    assert len(seen) == 1  # beside it, so on the same disk, and before the name is taken
    assert seen != [name]
    assert fnmatch(seen[0], ".env*")
    assert modes == [0o600]


@pytest.mark.parametrize("is_new", [False, True], ids=["old", "new"])
def test_what_is_half_written_can_be_read_by_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_new: bool
) -> None:
    """Killed in the middle, the temporary file stays; the file itself may be open to others."""
    path = tmp_path / ".env"
    if not is_new:
        path.write_bytes(b"old")
        path.chmod(0o755)
    modes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: modes.append(os.fstat(file).st_mode & 0o777))
    write_whole(path, b"new!", mode=0o644)
    assert modes == [0o600]
    assert mode_of(path) == (0o644 if is_new else 0o755)


def test_what_is_written_is_on_the_disk_before_it_takes_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env.production"
    path.write_bytes(b"old")
    found: list[tuple[bytes, int]] = []
    monkeypatch.setattr(
        os, "fsync", lambda file: found.append((path.read_bytes(), os.fstat(file).st_size))
    )
    write_whole(path, b"new!", mode=0o600)
    assert found == [(b"old", 4)]


@pytest.mark.parametrize("failing", ["fsync", "fchmod", "replace"])
@pytest.mark.parametrize("error", [OSError(28, f"No space left: {CANARY}"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, error: BaseException
) -> None:
    path = tmp_path / "folder" / ".env.production"
    path.parent.mkdir()
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path if failing == "replace" else os, failing, fail)
    with pytest.raises(BaseException) as caught:  # noqa: PT011  # whichever it is
        write_whole(path, b"new", mode=0o600)
    monkeypatch.undo()
    assert isinstance(caught.value, FileUnwritten if isinstance(error, OSError) else type(error))
    assert names_in(path.parent) == [".env.production"]
    assert path.read_bytes() == b"old"


def test_the_last_look_comes_after_all_that_takes_time(tmp_path: Path) -> None:
    """An editor may save the file while the new one is written."""
    path = tmp_path / "folder" / ".env.production"
    path.parent.mkdir()
    path.write_bytes(b"old")

    def look() -> None:
        [scratch] = path.parent.glob(".env.production.*")
        assert scratch.read_bytes() == b"new"
        path.write_bytes(b"edited")
        raise NotAllowed("edited", next_step="look")

    with pytest.raises(NotAllowed):
        write_whole(path, b"new", mode=0o600, check=look)
    assert names_in(path.parent) == [".env.production"]
    assert path.read_bytes() == b"edited"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert str(unwritten(tmp_path / "no" / ".env")) == (
        ".env: cannot be written (No such file or directory); it is as it was"
    )


def test_a_file_that_is_a_folder_is_told_and_stays(tmp_path: Path) -> None:
    (tmp_path / "folder" / ".env").mkdir(parents=True)
    assert "cannot be written (" in str(unwritten(tmp_path / "folder" / ".env"))
    assert names_in(tmp_path / "folder") == [".env"]


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    assert str(unwritten(tmp_path / "file" / ".env")) == (
        ".env: cannot be written (Not a directory); it is as it was"
    )


def test_a_name_that_is_too_long_is_told(tmp_path: Path) -> None:
    """The file's own may be just short enough while that of the temporary one is not."""
    path = tmp_path / ("x" * 252)
    path.write_bytes(b"old")
    assert "cannot be written (File name too long)" in str(unwritten(path))
    assert path.read_bytes() == b"old"


def test_a_link_that_leads_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")
    assert "cannot be written (" in str(unwritten(tmp_path / "circle"))


def test_what_someone_else_put_in_the_way_is_neither_followed_nor_removed(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    victim = tmp_path / "victim"
    victim.write_bytes(b"old")
    trap = tmp_path / f".env.{os.getpid()}.tmp"
    trap.symlink_to(victim)
    try:
        write_whole(path, b"new", mode=0o600)
    except FileUnwritten:
        assert not path.exists()
    assert victim.read_bytes() == b"old"
    assert trap.is_symlink()


# Git.


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs git in a fresh checkout; nothing above it and nobody's configuration counts."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    def run(*words: str) -> None:
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)

    run("init", "--quiet")
    return run


# What may be written to.


def not_allowed(call: Callable[[], None]) -> NotAllowed:
    with pytest.raises(NotAllowed) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("is_linked", [False, True], ids=["itself", "link"])
def test_what_is_no_regular_file_is_refused_unread(tmp_path: Path, *, is_linked: bool) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / "link" if is_linked else tmp_path / "pipe"
    if is_linked:
        path.symlink_to("pipe")
    error = not_allowed(lambda: check_regular(path, shown="x/.env", next_step="do this"))
    assert str(error) == "x/.env is a named pipe, not a file; nothing was written"
    assert error.next_step == "do this"


def test_a_device_and_a_socket_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = not_allowed(lambda: check_regular(Path("/dev/null"), shown="x", next_step=""))
    assert str(error) == "x is a device, not a file; nothing was written"
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket(AF_UNIX) as listener:
        listener.bind("s")
        error = not_allowed(lambda: check_regular(Path("s"), shown="x", next_step=""))
    assert str(error) == "x is a socket, not a file; nothing was written"


def test_a_file_and_what_is_not_there_yet_may_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "nowhere").symlink_to("nothing")
    for name in ("file", "link", "nowhere", "nothing", "no/such", "x" * 5000, "a\0b"):
        check_regular(tmp_path / name, shown=name, next_step="")


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        pytest.param(os.mkfifo, "a named pipe", id="pipe"),
        pytest.param(os.mkdir, "a directory", id="directory"),
        pytest.param(lambda path: Path(path).symlink_to("/dev/null"), "a device", id="device"),
    ],
)
def test_nothing_is_written_in_the_place_of_what_is_no_file(
    tmp_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    path = tmp_path / "folder" / ".env"
    path.parent.mkdir()
    make(path)
    before = path.stat()
    assert str(unwritten(path)) == (
        f".env: cannot be written ({kind}, not a file); it is as it was"
    )
    assert (path.stat().st_mode, path.stat().st_ino) == (before.st_mode, before.st_ino)
    assert names_in(path.parent) == [".env"]


def test_a_file_that_is_mounted_by_itself_is_told_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To mount one takes more rights than a test has; the system's answer is put here."""

    def busy(*_: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    path = tmp_path / "folder" / ".env"
    path.parent.mkdir()
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", busy)
    error = unwritten(path)
    assert str(error) == ".env: cannot be written (Device or resource busy); it is as it was"
    assert error.next_step == (
        "is it mounted by itself, as Docker does with a single file? mount its folder,"
        " or run this outside"
    )
    assert names_in(path.parent) == [".env"]
    assert path.read_bytes() == b"old"


def test_an_old_file_keeps_its_owner_and_group(tmp_path: Path) -> None:
    """Root may give a file away; anybody else keeps what is theirs."""
    path = tmp_path / ".env"
    path.write_bytes(b"old")
    path.chmod(0o640)
    is_root = os.geteuid() == 0
    owner, group = (12345, 23456) if is_root else (os.geteuid(), os.getegid())
    os.chown(path, owner, group)
    write_whole(path, b"new", mode=0o600)
    found = path.stat()
    assert (found.st_uid, found.st_gid, mode_of(path)) == (owner, group, 0o640)
    assert path.read_bytes() == b"new"


def test_where_the_group_cannot_be_kept_its_rights_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the group `deploy` might read is not for the group that everybody is in."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    path = tmp_path / ".env"
    path.write_bytes(b"old")
    path.chmod(0o664)
    mine = os.getegid()
    others = [23456] if os.geteuid() == 0 else [each for each in os.getgroups() if each != mine]
    group = others[0] if others else mine
    os.chown(path, -1, group)
    monkeypatch.setattr(os, "fchown", refuse)
    write_whole(path, b"new", mode=0o600)
    assert (path.read_bytes(), path.stat().st_gid) == (b"new", mine)
    assert mode_of(path) == (0o664 if group == mine else 0o604)


# What git may take into a commit.


IGNORE_STEP = "put .env*, !.env.example and !*.lock into .gitignore, and git rm --cached it"


@pytest.fixture
def ignored(git: Callable[..., None], tmp_path: Path) -> Path:
    """The path of an env file that git ignores."""
    (tmp_path / ".gitignore").write_text(".env*\n")
    return tmp_path / ".env"


def test_what_git_ignores_may_be_written_to(ignored: Path) -> None:
    check_ignored(ignored, shown=".env")
    check_ignored(ignored.parent / "no" / ".env", shown="no/.env")  # fails in its own words


def test_a_link_that_is_ignored_leads_to_what_is_not(ignored: Path) -> None:
    (ignored.parent / "vault").mkdir()
    ignored.symlink_to("vault/prod")
    error = not_allowed(lambda: check_ignored(ignored, shown="../.env"))
    assert str(error) == (
        "../.env: git does not ignore vault/prod, which it links to, so a commit could hold it;"
        " nothing was written"
    )
    assert error.next_step == "put prod into the .gitignore there, and git rm --cached it"


def test_a_link_out_of_the_checkout_may_be_written_to(
    ignored: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ignored.symlink_to(tmp_path_factory.mktemp("outside") / "prod")
    check_ignored(ignored, shown=".env")


UNKNOWN = ".env: nobody knows whether git ignores it"


def test_without_git_nobody_knows_what_it_ignores(
    ignored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(ignored.parent))
    error = not_allowed(lambda: check_ignored(ignored, shown=".env"))
    assert str(error) == f"{UNKNOWN}: there is no git to ask; nothing was written"
    assert error.next_step == "install git, or put it on PATH"


def test_git_does_not_say_what_it_ignores_in_the_checkout_of_another_user(
    ignored: Path, foreign: Path
) -> None:
    error = not_allowed(lambda: check_ignored(ignored, shown=".env"))
    assert str(error) == (
        f"{UNKNOWN}: git does not read this checkout, which belongs to another user;"
        " nothing was written"
    )
    assert error.next_step == (
        f"if you trust it: git config --global --add safe.directory {ignored.parent}"
    )


@pytest.mark.parametrize("way", ["config", "HEAD", "worktree"])
def test_a_checkout_that_git_does_not_take_for_one_is_still_one(ignored: Path, way: str) -> None:
    folder = ignored.parent / ".git"
    if way == "config":
        (folder / "config").write_text(f"[core {CANARY}\n")
    elif way == "HEAD":
        (folder / "HEAD").unlink()
    else:  # a worktree, or a submodule, copied without what it belongs to
        folder.rename(ignored.parent / "elsewhere")
        folder.write_text(f"gitdir: /nowhere/{CANARY}\n")
    error = not_allowed(lambda: check_ignored(ignored, shown=".env"))
    assert str(error) == f"{UNKNOWN}: git check-ignore failed; nothing was written"
    assert error.next_step == "run git status here, and see what is wrong"
