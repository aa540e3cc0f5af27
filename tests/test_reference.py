"""The tables of options in the README are made of the tasks, and of nothing else."""

import re

import pytest

from deploy.tasks import config

from .reference import END, README, options, replaced, start, table, untold


def test_the_tables_of_the_manual_are_those_of_the_tasks() -> None:
    """`python -m tests.reference --write` makes them so."""
    text = README.read_text(encoding="utf-8")
    assert replaced(text) == text


def test_a_help_says_a_default_and_what_may_be_repeated() -> None:
    assert [*untold()] == []


def test_a_task_without_a_place_in_the_manual_is_named() -> None:
    text = "".join(f"{start(name)}\n{END}\n" for name in config.tasks if name != "lock")
    with pytest.raises(ValueError, match=r"has no place for the options of config\.lock"):
        replaced(text)


def test_what_is_around_a_table_stays_as_it_is() -> None:
    text = "".join(f"a\n{start(name)}\nold\n{END}\nb\n" for name in config.tasks)
    made = replaced(text)
    assert made == "".join(
        f"a\n{start(name)}\n\n{table(name)}\n{END}\nb\n" for name in config.tasks
    )


def test_an_option_is_written_with_its_value_and_told_as_its_help() -> None:
    rows = table("history").splitlines()
    assert rows[2].startswith("| `--app A`, `-a A` | The Heroku app, by its name or id. [Otherwise")
    assert rows[5:] == [
        "| `--name NAME` | Only the releases that changed this name; may be repeated. |",
        "| `--limit N` | How many releases to show; 20 is the default. |",
        r"| `--format text\|json` | text (the default) or json. |",
    ]


def test_the_manual_names_what_a_sync_lacks_of_a_diff() -> None:
    [told] = re.findall("It takes the options of `config.diff` but (.*), and:", README.read_text())
    lacking = options("diff").keys() - options("sync").keys()
    assert {*re.findall("`--([a-z-]+)`", told)} == {name.replace("_", "-") for name in lacking}


def test_a_sync_leaves_out_what_it_has_in_common_with_a_diff() -> None:
    shown = table("sync")
    assert "--expect PLAN" in shown
    assert not any(each.written in shown for each in options("diff").values())
