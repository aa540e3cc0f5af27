"""Files as they are read, and the Heroku apps that git knows of."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from socket import AF_UNIX, socket
from threading import Thread

import pytest

from deploy.envfile import MAX_BYTES
from deploy.errors import FileUnreadable
from deploy.worktree import Remotes, example_names, read_file, read_stream, remotes

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
