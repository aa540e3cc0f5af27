"""The Heroku apps that git knows of."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.project.remotes import Remotes, remotes

CANARY = "canary-3c4d"


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
