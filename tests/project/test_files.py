"""Files as they are read, and the Heroku apps that git knows of."""

import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Thread

import pytest

from deploy.envfile.encoding import MAX_BYTES
from deploy.errors import FileUnreadable
from deploy.project.files import checkout, example_names, exposure, mode, read_file, read_stream

from ..support import said_by

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

    monkeypatch.setattr(os, "open", refuse)
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


# Which checkout a folder is in.


@pytest.fixture
def top(git: Callable[..., None], tmp_path: Path) -> Path:
    """A checkout with a folder in it."""
    top = tmp_path / "project"
    (top / "config/sub").mkdir(parents=True)
    (tmp_path / ".git").rename(top / ".git")
    return top


def test_a_folder_is_in_the_nearest_checkout(top: Path, tmp_path: Path) -> None:
    assert checkout(top) == (top, "")
    assert checkout(top / "config") == (top, "config/")
    assert checkout(top / "config/sub") == (top, "config/sub/")
    assert checkout(tmp_path) is None
    assert checkout(tmp_path / "gone") is None
    assert checkout(tmp_path / "x\0y") is None


def test_a_folder_is_in_the_checkout_that_it_leads_to(top: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(top / "config")
    assert checkout(tmp_path / "link") == (top, "config/")
    (top / "out").symlink_to(tmp_path / "home")
    assert checkout(top / "out") is None


# Permissions.


@pytest.mark.parametrize("bits", [0o600, 0o644, 0o640, 0o400, 0o777])
def test_the_permission_bits_are_told_with_the_kind(tmp_path: Path, bits: int) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=1\n")
    path.chmod(bits)
    assert mode(path) == stat.S_IFREG | bits


def test_the_bits_of_a_link_are_its_targets(tmp_path: Path) -> None:
    path = tmp_path / "vault"
    path.write_bytes(b"A=1\n")
    path.chmod(0o640)
    (tmp_path / ".env").symlink_to(path)
    assert mode(tmp_path / ".env") == stat.S_IFREG | 0o640


def test_a_file_that_is_not_there_has_no_bits(tmp_path: Path) -> None:
    assert mode(tmp_path / ".env") == 0
