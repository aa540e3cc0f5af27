"""What a commit holds; `tests/stories/test_review.py` has the histories."""

from pathlib import Path

import pytest

from deploy.errors import BadOption, FileUnreadable
from deploy.project import commits
from deploy.project.git import Checkout

from ..stories.history import Repo


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    return Repo(tmp_path)


def held(repo: Repo, *paths: str) -> dict[str, object]:
    checkout = Checkout(repo.folder, "")
    return dict(commits.contents(checkout, repo.commit(), paths, shown="HEAD"))


def test_a_file_is_read_as_it_was_committed_byte_for_byte(repo: Repo) -> None:
    data = b"a\r\n\0\xff\n\nblob 5\n"
    repo.write("a", data)
    repo.write("b/c", data * 2)
    repo.write("b/d", b"")
    found = held(repo, "a", "b/c", "b/d")
    repo.write("a", "other")
    assert found == {"a": data, "b/c": data * 2, "b/d": b""}


def test_what_is_not_there_or_is_a_folder_is_left_out(repo: Repo) -> None:
    repo.write("b/c", "x")
    assert held(repo, "b", "b/d", "nothing", "b/c/d") == {}


def test_a_link_in_place_of_a_folder_is_not_followed(repo: Repo) -> None:
    repo.write("real/x", "x")
    (repo.folder / "link").symlink_to("real")
    [failure] = held(repo, "link/x").values()
    assert isinstance(failure, FileUnreadable)
    assert str(failure) == "link/x at HEAD: cannot be read there: link is a link"


@pytest.mark.parametrize("ref", ["", "-", "--all", "a\nb", "a\0b", "a\x1b[2Jb"])
def test_what_can_be_no_ref_never_reaches_git(ref: str) -> None:
    with pytest.raises(BadOption, match="--base holds no branch and no commit"):
        commits.checked_ref(ref)
