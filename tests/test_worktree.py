"""Files as they are read, and the Heroku apps that git knows of."""

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
from deploy.errors import FileUnreadable, FileUnwritten
from deploy.worktree import (
    Remotes,
    example_names,
    exposure,
    read_file,
    read_stream,
    remotes,
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


@pytest.mark.parametrize(
    "url",
    [
        "git@heroku.com:my-app.git",
        "ssh://git@heroku.com/my-app.git",
        "https://git.heroku.com/my-app.git",
        f"https://heroku:{CANARY}@git.heroku.com/my-app.git",
        f"https://{CANARY}@git.heroku.com/my-app.git",
    ],
)
def test_a_remote_on_heroku_names_its_app_and_no_credentials(
    git: Callable[..., None], tmp_path: Path, url: str
) -> None:
    git("remote", "add", "heroku", url)
    found = remotes(tmp_path)
    assert found == Remotes({"heroku": "my-app"})
    assert CANARY not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:someone/my-app.git",
        "https://git.heroku.com.evil.example/my-app.git",
        "https://evil.example/https://git.heroku.com/my-app.git",
        "https://evil.example/@git.heroku.com/my-app.git",
        "https://git.heroku.com/My_App.git",
        "https://git.heroku.com/--dry.git",
        "https://git.heroku.com/a.git",
        "https://git.heroku.com/my-app.git\nx",
        f"https://heroku:{CANARY}@git.heroku.com/",
        "../git@heroku.com:my-app.git",
    ],
)
def test_a_remote_elsewhere_names_no_app(
    git: Callable[..., None], tmp_path: Path, url: str
) -> None:
    git("config", "remote.heroku.url", url)
    found = remotes(tmp_path)
    assert found == Remotes({})
    assert CANARY not in repr(found)


def test_every_remote_counts_by_its_name(git: Callable[..., None], tmp_path: Path) -> None:
    git("remote", "add", "origin", "git@github.com:someone/my-app.git")
    git("remote", "add", "production", "https://git.heroku.com/my-app.git")
    git("remote", "add", "team.x/staging", "https://git.heroku.com/my-app-staging.git")
    assert remotes(tmp_path).apps == {
        "production": "my-app",
        "team.x/staging": "my-app-staging",
    }


def test_git_tells_which_remote_is_the_default(git: Callable[..., None], tmp_path: Path) -> None:
    git("remote", "add", "production", "https://git.heroku.com/my-app.git")
    git("config", "heroku.remote", "production")
    assert remotes(tmp_path) == Remotes({"production": "my-app"}, default="production")


def test_a_remote_of_many_lines_is_one_remote(git: Callable[..., None], tmp_path: Path) -> None:
    git("config", "remote.x.url", "y\nremote.heroku.url\nhttps://git.heroku.com/my-app.git")
    assert remotes(tmp_path) == Remotes({})


def test_a_folder_in_a_checkout_has_its_remotes(git: Callable[..., None], tmp_path: Path) -> None:
    git("remote", "add", "heroku", "https://git.heroku.com/my-app.git")
    (tmp_path / "sub").mkdir()
    assert remotes(tmp_path / "sub").apps == {"heroku": "my-app"}


def test_outside_a_checkout_there_are_no_remotes_and_git_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert remotes(tmp_path) == Remotes({})
    assert capfd.readouterr() == ("", "")


def test_in_a_broken_checkout_there_are_no_remotes_and_git_says_nothing(
    git: Callable[..., None], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git" / "config").write_text(f"[remote {CANARY}\n")
    assert remotes(tmp_path) == Remotes({})
    assert capfd.readouterr() == ("", "")


def test_without_git_there_are_no_remotes(
    git: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("remote", "add", "heroku", "https://git.heroku.com/my-app.git")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert remotes(tmp_path) == Remotes({})


def test_in_a_folder_that_is_gone_there_are_no_remotes(tmp_path: Path) -> None:
    assert remotes(tmp_path / "gone") == Remotes({})


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


def test_without_git_an_env_file_is_not_known_to_be_tracked(
    git: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=1\n")
    path.chmod(0o640)
    git("add", ".env")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert exposure(path) == "can be read by others"
