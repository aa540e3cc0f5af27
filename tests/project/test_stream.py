"""An answer of git, read as it comes: whole or not at all, and never waited for in vain."""

import gc
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import BinaryIO

import pytest

from deploy import signals
from deploy.errors import Terminated
from deploy.project import git as asked_git
from deploy.project.git import CannotSearch, Checkout
from deploy.project.stream import stream

from ..support import said_by
from .test_git import wrap

FAILED = "git cat-file failed, so nothing can be said of the files"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    top = tmp_path / "project"
    subprocess.run(["git", "init", "--quiet", top], check=True)
    return Checkout(top, "")


def say(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a script answer in git's place, but for `rev-parse`."""
    kept = f'case "$*" in *rev-parse*) exec {shutil.which("git")} "$@" ;; esac\n'
    wrap(folder, f"#!/bin/sh\n{kept}{script}\n", monkeypatch)


def lines(said: BinaryIO) -> Iterator[bytes]:
    yield from said


def test_a_reader_finds_what_git_says_in_its_order(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(tmp_path / "bin", monkeypatch, "seq 100000")
    found = list(stream(checkout, lines, "cat-file"))
    assert found == [b"%d\n" % number for number in range(1, 100_001)]


def test_git_reads_what_it_is_given(checkout: Checkout, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.write_bytes(b"0" * 40 + b"\n")
    with given.open("rb") as file:
        found = list(stream(checkout, lines, "cat-file", "--batch-check", given=file))
    assert found == [b"0" * 40 + b" missing\n"]


def test_git_that_is_given_nothing_reads_nothing(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Least of all what this process is to read."""
    say(tmp_path / "bin", monkeypatch, "cat; echo end")
    ours = tmp_path / "ours"
    ours.write_text("an env file\n")
    before = os.dup(0)
    with ours.open() as file:
        os.dup2(file.fileno(), 0)
    try:
        assert list(stream(checkout, lines, "cat-file")) == [b"end\n"]
    finally:
        os.dup2(before, 0)
        os.close(before)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("echo one; exit 1", id="an exit code"),
        pytest.param("echo one; kill -9 $$", id="killed"),
        pytest.param("echo one; echo c4nary >&2; exit 128", id="with words"),
    ],
)
def test_what_was_said_before_git_failed_is_found_and_then_it_is_said(
    checkout: Checkout,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    script: str,
) -> None:
    say(tmp_path / "bin", monkeypatch, script)
    found = stream(checkout, lines, "cat-file")
    assert next(found) == b"one\n"
    with pytest.raises(CannotSearch) as caught:
        next(found)
    assert str(caught.value) == FAILED
    assert caught.value.next_step == "run git status here, and see what is wrong"
    assert caught.value.__context__ is None
    assert "c4nary" not in said_by(caught.value)
    assert capfd.readouterr() == ("", "")


def test_an_answer_that_the_reader_does_not_know_is_a_failure(checkout: Checkout) -> None:
    def read(said: BinaryIO) -> Iterator[int]:
        yield from said
        raise EOFError("c4nary")

    with pytest.raises(CannotSearch) as caught:
        list(stream(checkout, read, "cat-file", "--batch-all-objects", "--batch-check"))
    assert str(caught.value) == FAILED
    assert caught.value.__suppress_context__


def test_an_error_of_the_reader_s_own_is_raised_as_it_is(checkout: Checkout) -> None:
    def read(said: BinaryIO) -> Iterator[int]:
        yield 1 // len(said.read())

    with pytest.raises(ZeroDivisionError):
        next(stream(checkout, read, "cat-file", "--batch-all-objects", "--batch-check"))


def test_a_git_that_does_not_know_an_option_is_told_to_be_too_old(checkout: Checkout) -> None:
    with pytest.raises(CannotSearch) as caught:
        next(stream(checkout, lines, "cat-file", "--of-tomorrow"))
    assert caught.value.reason == "this git is too old for what git cat-file is asked"
    assert caught.value.next_step == "update git: 2.20 or later"


def test_where_there_is_no_git_it_is_said(
    checkout: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotSearch) as caught:
        next(stream(checkout, lines, "cat-file"))
    assert caught.value.reason == "there is no git to ask"


def test_a_checkout_of_another_user_is_told_with_what_git_advises(
    checkout: Checkout, foreign: Path
) -> None:
    with pytest.raises(CannotSearch) as caught:
        next(stream(checkout, lines, "cat-file", "--batch-all-objects", "--batch-check"))
    assert caught.value.next_step == (
        f"if you trust it: git config --global --add safe.directory {checkout.top}"
    )


# Nothing is waited for in vain.


PATIENCE = 20.0
"""Seconds after which a test that would wait for ever has failed."""


@pytest.fixture
def mute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git that says one thing, and then nothing for ever; the file with its process id."""
    os.mkfifo(tmp_path / "never")
    monkeypatch.setattr(asked_git, "TIMEOUT", PATIENCE)
    record = tmp_path / "pid"
    say(tmp_path / "bin", monkeypatch, f"echo $$ > {record}; echo one; exec cat {tmp_path}/never")
    return record


def is_gone(record: Path) -> bool:
    try:
        os.kill(int(record.read_text()), 0)
    except ProcessLookupError:
        return True
    return False


def test_a_git_that_falls_silent_is_ended(
    checkout: Checkout, mute: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(said: BinaryIO) -> Iterator[bytes]:
        line = said.readline()
        monkeypatch.setattr(asked_git, "TIMEOUT", 0.2)
        yield line + said.readline()

    with pytest.raises(CannotSearch) as caught:
        next(stream(checkout, read, "cat-file"))
    assert caught.value.reason in {"git cat-file failed", "git rev-parse failed"}  # on a busy day
    assert is_gone(mute)


def test_who_stops_listening_ends_git(checkout: Checkout, mute: Path) -> None:
    def read(said: BinaryIO) -> Iterator[bytes]:
        line = said.readline()
        yield from [line] * 100

    found = stream(checkout, read, "cat-file")
    assert next(found) == b"one\n"
    assert not is_gone(mute)
    found.close()  # type: ignore[attr-defined]  # a generator is an iterator that can be closed
    assert is_gone(mute)


@pytest.mark.parametrize(
    ("number", "error"),
    [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)],
    ids=["ctrl-c", "sigterm"],
)
def test_a_signal_ends_the_wait_and_git(
    checkout: Checkout, mute: Path, number: signal.Signals, error: type[BaseException]
) -> None:
    def read(said: BinaryIO) -> Iterator[bytes]:
        line = said.readline()
        Timer(0.05, os.kill, (os.getpid(), number)).start()
        yield line + said.readline()

    with signals.listening():
        with pytest.raises(KeyboardInterrupt) as caught:
            next(stream(checkout, read, "cat-file"))
        assert caught.type is error
        assert caught.value.__context__ is None  # it was the wait, not what came after its end
        assert is_gone(mute)
    signals._received.clear()


@pytest.mark.parametrize("option", ["--batch-check", "--of-tomorrow"], ids=["done", "failed"])
def test_no_file_is_left_open(checkout: Checkout, option: str) -> None:
    def opened() -> int:
        gc.collect()  # what other tests left
        return len(list(Path("/dev/fd").iterdir()))

    before = opened()
    for _ in range(3):
        with suppress(CannotSearch):
            list(stream(checkout, lines, "cat-file", "--batch-all-objects", option))
    assert opened() == before
