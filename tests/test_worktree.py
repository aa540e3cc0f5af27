"""Files as they are read, and the Heroku apps that git knows of."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Thread

import pytest

from deploy.envfile import MAX_BYTES
from deploy.errors import FileUnreadable, FileUnwritten, NotAllowed
from deploy.worktree import (
    check_ignored,
    check_regular,
    example_names,
    exposure,
    read_file,
    read_stream,
    write_whole,
)

from .stories import said_by

CANARY = "canary-3c4d"


def failure(path: Path, shown: str = ".env.production") -> FileUnreadable:
    with pytest.raises(FileUnreadable) as caught:
        read_file(path, shown=shown)
    assert caught.value.path == shown
    return caught.value


# The env file.


def test_a_file_is_read_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / ".env.production"
    path.write_bytes(b"\xef\xbb\xbfA=1\r\nB=\xff\x00\r")
    assert read_file(path, shown="x") == b"\xef\xbb\xbfA=1\r\nB=\xff\x00\r"


def test_a_missing_file_is_told_as_the_person_wrote_it(tmp_path: Path) -> None:
    error = failure(tmp_path / "nothing", "../x/.env.production")
    assert str(error) == "../x/.env.production: no such file"
    assert error.next_step == "make it, or name another with --file"


def test_a_link_to_nothing_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    assert str(failure(tmp_path / "link")) == ".env.production: no such file"


def test_a_folder_is_told(tmp_path: Path) -> None:
    error = failure(tmp_path)
    assert str(error) == ".env.production: is a directory"
    assert error.next_step == "name the env file in it"


def test_a_path_through_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text(CANARY)
    error = failure(tmp_path / "file" / ".env")
    assert str(error) == ".env.production: cannot be read (Not a directory)"


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read all, so it is the operating system's answer that is put here."""

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied", str(tmp_path / CANARY))

    monkeypatch.setattr(Path, "open", refuse)
    error = failure(tmp_path / "file")
    assert str(error) == ".env.production: cannot be read (Permission denied)"
    assert CANARY not in said_by(error)


def test_a_path_that_leads_in_a_circle_is_told(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    assert str(failure(tmp_path / "circle")).startswith(".env.production: cannot be read (")


def test_a_path_that_is_too_long_is_told(tmp_path: Path) -> None:
    error = failure(tmp_path / ("x" * 5000))
    assert str(error) == ".env.production: cannot be read (File name too long)"


def test_a_path_that_no_system_takes_is_told(tmp_path: Path) -> None:
    assert str(failure(tmp_path / "a\0b")).startswith(".env.production: ")


def test_a_socket_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket(AF_UNIX) as listener:
        listener.bind("s")
        assert str(failure(Path("s"))).startswith(".env.production: cannot be read (")


@pytest.mark.parametrize("size", [0, 1, MAX_BYTES, MAX_BYTES + 1, MAX_BYTES + 2, 3 * MAX_BYTES])
def test_no_more_than_a_byte_above_the_limit_is_read(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    assert len(read_file(path, shown="x")) == min(size, MAX_BYTES + 1)
    with path.open("rb") as stream:
        assert len(read_stream(stream)) == min(size, MAX_BYTES + 1)


def test_an_endless_file_ends() -> None:
    assert len(read_file(Path("/dev/zero"), shown="x")) == MAX_BYTES + 1


def in_pieces(descriptor: int) -> None:
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        for piece in (b"A=1\n", b"B=", b"2\n"):
            file.write(piece)


def test_a_named_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = Thread(target=lambda: in_pieces(os.open(path, os.O_WRONLY)))
    writer.start()
    assert read_file(path, shown="x") == b"A=1\nB=2\n"
    writer.join()


def test_the_output_of_a_process_is_read_to_its_end() -> None:
    """What a shell's `--file <(sops decrypt …)` hands over."""
    reading, writing = os.pipe()
    writer = Thread(target=in_pieces, args=(writing,))
    writer.start()
    try:
        assert read_file(Path(f"/dev/fd/{reading}"), shown="x") == b"A=1\nB=2\n"
    finally:
        os.close(reading)
    writer.join()


def test_standard_input_is_read_to_its_end() -> None:
    reading, writing = os.pipe()
    writer = Thread(target=in_pieces, args=(writing,))
    writer.start()
    with os.fdopen(reading, "rb") as stream:
        assert read_stream(stream) == b"A=1\nB=2\n"
    writer.join()


# The example.


def test_the_example_gives_its_names_leniently(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text(
        "# NOT=this\nA=1\n  export B = x\r\nlower_case=\nnot a pair\n9X=1\nC='\nD=1'\n"
    )
    assert example_names(tmp_path) == {"A", "B", "C", "D", "lower_case"}


def test_the_first_name_of_an_example_with_a_byte_order_mark_counts(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_bytes(b"\xef\xbb\xbfA=1\r\nB=2\r\n")
    assert example_names(tmp_path) == {"A", "B"}


def test_an_example_that_is_not_utf_8_still_gives_its_names(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_bytes("A=é\nB=2\n".encode("latin-1"))
    assert example_names(tmp_path) == {"A", "B"}


def test_without_an_example_there_are_no_names(tmp_path: Path) -> None:
    assert example_names(tmp_path) == frozenset()
    (tmp_path / ".env.example").mkdir()
    assert example_names(tmp_path) == frozenset()


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
    assert names_in(tmp_path) == [".env.production", "home"]


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
        seen.extend(found for found in names_in(tmp_path) if found != "home")
        modes.append(os.fstat(descriptor).st_mode & 0o777)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    write_whole(tmp_path / name, b"A=1\n", mode=0o600)
    assert len(seen) == 1  # beside it, so on the same disk, and before the name is taken
    assert seen != [name]
    assert fnmatch(seen[0], ".env*")
    assert modes == [0o600]


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


# Who else may know an env file.


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (0o600, None),
        (0o400, None),
        (0o700, None),
        (0o640, "can be read by others"),
        (0o604, "can be read by others"),
        (0o644, "can be read by others"),
        (0o620, "can be read by others"),
    ],
    ids=lambda value: f"{value:o}" if isinstance(value, int) else "",
)
@pytest.mark.parametrize("is_tracked", [False, True], ids=["untracked", "tracked"])
def test_an_env_file_is_exposed_to_git_and_to_others(
    git: Callable[..., None], tmp_path: Path, mode: int, said: str | None, *, is_tracked: bool
) -> None:
    path = tmp_path / ".env.production"
    path.write_bytes(b"A=1\n")
    path.chmod(mode)
    if is_tracked:
        git("add", ".env.production")
        said = f"is tracked by git and {said}" if said else "is tracked by git"
    assert exposure(path) == said


def test_outside_a_checkout_an_env_file_is_exposed_to_others_alone(tmp_path: Path) -> None:
    path = tmp_path / ".env.production"
    path.write_bytes(b"A=1\n")
    path.chmod(0o600)
    assert exposure(path) is None
    path.chmod(0o644)
    assert exposure(path) == "can be read by others"


def test_a_missing_env_file_is_not_exposed(git: Callable[..., None], tmp_path: Path) -> None:
    path = tmp_path / ".env.production"
    assert exposure(path) is None
    path.write_bytes(b"A=1\n")
    git("add", ".env.production")
    path.unlink()
    assert exposure(path) is None
    assert exposure(tmp_path / "gone" / ".env") is None


@pytest.mark.parametrize("name", [".env*", "[.]env", ":(glob)*"])
def test_an_env_file_is_not_tracked_because_another_is(
    git: Callable[..., None], tmp_path: Path, name: str
) -> None:
    (tmp_path / ".env").write_bytes(b"A=1\n")
    git("add", ".env")
    path = tmp_path / name
    path.write_bytes(b"A=1\n")
    path.chmod(0o600)
    assert exposure(path) is None


def test_a_tracked_env_file_in_a_subfolder_is_exposed(
    git: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / "a b" / ".env"
    path.parent.mkdir()
    path.write_bytes(b"A=1\n")
    path.chmod(0o600)
    git("add", ".")
    assert exposure(path) == "is tracked by git"


def test_a_link_is_as_exposed_as_the_file_that_is_read(tmp_path: Path) -> None:
    target = tmp_path / "vault"
    target.write_bytes(b"A=1\n")
    (tmp_path / ".env").symlink_to("vault")
    target.chmod(0o644)
    assert exposure(tmp_path / ".env") == "can be read by others"
    target.chmod(0o600)
    assert exposure(tmp_path / ".env") is None


def test_a_pipe_is_exposed_to_nobody(tmp_path: Path) -> None:
    """A shell makes it for one program: `--file <(sops decrypt …)`."""
    os.mkfifo(tmp_path / "pipe", 0o644)
    assert exposure(tmp_path / "pipe") is None


def test_without_git_an_env_file_may_be_tracked(
    git: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=1\n")
    path.chmod(0o640)
    git("add", ".env")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert exposure(path) == (
        "may be tracked by git (there is no git to ask) and can be read by others"
    )


def test_where_git_refuses_to_answer_an_env_file_may_be_tracked(
    git: Callable[..., None], tmp_path: Path, foreign: Path
) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=1\n")
    path.chmod(0o600)
    assert exposure(path) == (
        "may be tracked by git (git does not read this checkout, which belongs to another user)"
    )


def test_in_a_broken_checkout_an_env_file_may_be_tracked(
    git: Callable[..., None], tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=1\n")
    path.chmod(0o600)
    (tmp_path / ".git" / "HEAD").unlink()
    assert exposure(path) == "may be tracked by git (git ls-files failed)"


def test_a_link_is_as_tracked_as_the_file_behind_it(
    git: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "plain").write_bytes(b"A=1\n")
    (tmp_path / "plain").chmod(0o600)
    (tmp_path / ".env").symlink_to("plain")
    git("add", ".env")  # a link holds a path, and no value
    assert exposure(tmp_path / ".env") is None
    git("add", "plain")
    assert exposure(tmp_path / ".env") == "is tracked by git"


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
