"""The command: which benchmarks a name means, and that what is missing is said."""

import subprocess
import sys

import pytest

from .__main__ import BENCHMARKS, chosen
from .api import ROOT


def test_without_a_name_all_are_meant_that_do_not_take_long() -> None:
    assert {*BENCHMARKS} - {*chosen([])} == {"history", "parser", "hostile"}


def test_a_subject_means_all_of_its_benchmarks_in_their_own_order() -> None:
    assert chosen(["drift/16", "check"]) == ["check/read", "check/rg", "drift/16"]


@pytest.mark.parametrize("name", ["dif", "diff/", "diff/none", ""])
def test_an_unknown_name_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="diff/cli"):
        chosen(["parser", name])


def test_what_cannot_be_fetched_is_said_and_is_exit_code_1() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "diff/cli", "--pairs", "1"],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split(maxsplit=1) == ["diff/cli", "not measured: there is no npm\n"]
    assert (done.returncode, done.stderr) == (1, "")
