"""What git is asked for, and what it answers: anchors of texts, and lines that hold the texts."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.project import grep as module
from deploy.project.git import Checkout
from deploy.project.grep import Expression, anchors, grep
from deploy.secret.forms import passwords

from .test_git import wrap

PCRE_ALONE = """\
#!/bin/sh
case " $* " in *" -E "*) exit 128 ;; esac
exec {} "$@"
"""
NO_PCRE = """\
#!/bin/sh
case " $* " in *" -P "*) exit 128 ;; esac
exec {} "$@"
"""
URL = Expression(passwords.URL, b"://")


@pytest.fixture(params=["with PCRE", "without"])
def checkout(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Checkout:
    """An empty checkout, and a git that was built with PCRE, or without."""
    subprocess.run(["git", "init", "-q", str(tmp_path / "top")], check=True)
    if request.param == "without":
        wrap(tmp_path / "bin", NO_PCRE.format(shutil.which("git")), monkeypatch)
    return Checkout(tmp_path / "top", "")


def track(checkout: Checkout, name: str, data: bytes) -> None:
    (checkout.top / name).write_bytes(data)
    subprocess.run(["git", "add", name], cwd=checkout.top, check=True)


def found(checkout: Checkout, *needles: bytes, expression: Expression | None = None) -> list[int]:
    return [line.number for line in grep(checkout, needles, expression)]


def test_the_lines_that_hold_a_text_are_found_and_no_others(checkout: Checkout) -> None:
    track(checkout, "a", b"c4nary-needle\nc4nary-need\nneedle\n\0\xff c4nary-needle \xfe\n")
    assert found(checkout, b"c4nary-needle") == [1, 4]


def test_what_means_something_in_a_pattern_is_a_text(checkout: Checkout) -> None:
    spicy = b"(.*)[a-z]\\|^$ \xc3\xa9+?{2}"
    track(checkout, "a", b"x\n" + spicy + b"\naaaa\n")
    assert found(checkout, spicy, b"other-needle") == [2]


@pytest.mark.parametrize("text", [b"needle\\E+?{2}", b"atesterstate\\Eterse"])
def test_what_ends_a_quotation_in_pcre_is_a_text(text: bytes, tmp_path: Path) -> None:
    """Git with PCRE puts a fixed text between \\Q and \\E, and fails with this one."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    track(checkout := Checkout(tmp_path, ""), "a", b"x\n" + text + b"\n")
    assert found(checkout, text) == [2]


@pytest.mark.parametrize("count", [1, 70])
def test_texts_of_letters_that_are_everywhere_are_found_beside_others(
    checkout: Checkout, count: int
) -> None:
    texts = [b"rest" + bytes([97 + number % 26, 97 + number // 26]) for number in range(count)]
    track(checkout, "a", b"\n".join([b"Q8Zr51kT", *texts, b"rest", b"https://user:word@host"]))
    lines = sorted({*found(checkout, b"Q8Zr51kT", *texts, expression=URL)})
    assert lines == [*range(1, count + 2), count + 3]


def test_an_expression_is_looked_for_beside_the_texts(checkout: Checkout) -> None:
    track(checkout, "a", b"https://user:word@host\nc4nary-needle\nhttps://host/@\n")
    assert sorted({*found(checkout, b"c4nary-needle", expression=URL)}) == [1, 2]


def test_no_line_keeps_git_for_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two megabytes that could be a URL in a million ways."""
    wrap(tmp_path / "bin", PCRE_ALONE.format(shutil.which("git")), monkeypatch)
    monkeypatch.setattr("deploy.project.git.TIMEOUT", 20.0)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    track(checkout := Checkout(tmp_path, ""), "a", b"://" + b"a:" * 1_000_000 + b"\n://u:p@h")
    assert found(checkout, b"c4nary-needle", expression=URL) == [2]


def test_more_texts_than_a_pattern_can_have_are_all_looked_for(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    needles = [b"needle-%02d" % number for number in range(10)]
    track(checkout, "a", b"\n".join(needles))
    assert sorted(found(checkout, *needles)) == list(range(1, 11))


@given(
    st.lists(st.binary(min_size=1, max_size=40).filter(lambda text: b"\n" not in text), min_size=1)
)
@example([b"ghp_", b":AA", b"a", b"aa", b"sk_live_"])
def test_each_text_has_the_anchor_that_is_looked_for(texts: list[bytes]) -> None:
    pattern = re.compile(anchors(texts))
    assert all(pattern.search(text) for text in texts)


def test_no_anchor_of_a_long_text_stands_in_many_lines() -> None:
    pattern = anchors([b"postgres-password-Zq"])
    assert len(re.findall(rb"\\x", pattern)) >= 5
