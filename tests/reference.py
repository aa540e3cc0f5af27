"""`python -m tests.reference`: the tables of options in the README, made from the tasks.

An option is declared once, in the signature of its task, and told once, in its help. `--write` puts
the tables between their comments; `--check` says whether those in the repository are they.
"""

import argparse
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from deploy.tasks import config
from deploy.tasks.command import Command

README = Path(__file__).parents[1] / "README.md"
LIKE = {"sync": "diff"}
"""A task whose table leaves out the options that it has in common with another one."""

VALUES = {
    "app": "A",
    "base": "REF",
    "confirm": "A",
    "expect": "PLAN",
    "explain": "NAME",
    "file": "F",
    "first": "A",
    "like": "B",
    "limit": "N",
    "name": "NAME",
    "pipeline": "P",
    "only": "NAME",
    "release": "V",
    "restore": "NAME",
    "reveal": "PATTERN",
    "skip": "RULE",
    "stage": "S",
    "to": "V",
    "value_from": "-",
    "wait": "MINUTES",
    "with": "B",
    "check.only": "RULE",
    "pull.confirm": "F",
}
"""What stands for the value of an option; one that is not here is called as the option is."""

LINKS = {
    "Otherwise: HEROKU_APP": "which-app-which-file",
    "one plan for several apps": "many-apps",
    "what that hides": "layers",
    "unmanaged vars": "owned-ignored-unmanaged-unreadable",
    "a plan that looks like a mistake": "configsync",
    "the plan of this digest": "reviewed-plans",
    "Otherwise: the settings": "which-app-which-file",
    "all apps of the settings": "settings",
    "All apps of the settings": "settings",
}
"""Words of a help, and the part of the README that tells more about them."""

CODE = re.compile(
    r"--[a-z][a-z-]*|'?[A-Z]+_(?:[A-Z_]+|\*)'?|config\.[a-z]+(?: [A-Z_]+)?|\bv41\b|\.env(?:\.\w+)*"
)


class Option(NamedTuple):
    """One option, as its row has it."""

    written: str
    help: str


def options(name: str) -> dict[str, Option]:
    """The options of a task, by their names, in the order of its signature."""
    task = config.tasks[name]
    told = task.help
    parameters = [*inspect.signature(task.body).parameters.values()][1:]
    return {
        each.name: Option(_written(name, each, told[each.name]), told[each.name])
        for each in parameters
    }


def _written(task: str, option: inspect.Parameter, told: str) -> str:
    word = option.name.strip("_")
    flag = f"--{word.replace('_', '-')}"
    if isinstance(option.default, bool):
        return f"`{flag}`"
    if word == "format":
        return f"`{flag} {_formats(told)}`"
    value = VALUES.get(f"{task}.{word}") or VALUES.get(word) or word.upper()
    return f"`{flag} {value}`" + (f", `-a {value}`" if word == "app" else "")


def _formats(told: str) -> str:
    """The formats that a help names: the words before its first colon, or its end."""
    listed = re.sub(r"\(.*?\)", "", told.partition(":")[0])
    return r"\|".join(word for word in re.findall(r"[a-z]+", listed) if word != "or")


def table(name: str) -> str:
    shared = options(LIKE[name]) if name in LIKE else {}
    rows = [
        f"| {each.written} | {_shown(each.help)} |"
        for option, each in options(name).items()
        if shared.get(option) != each
    ]
    return "\n".join(["| option | |", "|---|---|", *rows]) + "\n"


def _shown(told: str) -> str:
    """A help as Markdown: links, and what is typed as code."""
    linked = told.replace("|", r"\|")
    for words, part in LINKS.items():
        linked = linked.replace(words, f"[{words}](#{part})", 1)
    return CODE.sub(lambda found: f"`{found[0]}`", linked)


def start(name: str) -> str:
    return f"<!-- options of config.{name}: python -m tests.reference --write -->"


END = "<!-- /options -->"


def replaced(text: str) -> str:
    """The README with the tables of today; raises ValueError where a task has no place for one."""
    for name in config.tasks:
        before, found, rest = text.partition(f"{start(name)}\n")
        _, end, after = rest.partition(f"{END}\n")
        if not (found and end):
            raise ValueError(
                f"the README has no place for the options of config.{name}: {start(name)} and {END}"
            )
        text = f"{before}{found}\n{table(name)}\n{end}{after}"
    return text


def untold() -> Iterator[str]:
    """What a help should say and does not: a default, and that an option may be repeated."""
    for name, task in config.tasks.items():
        assert isinstance(task, Command)
        for option in [*inspect.signature(task.body).parameters.values()][1:]:
            told = task.help.get(option.name, "")
            if not told:
                yield f"config.{name}: --{option.name} has no help"
            if isinstance(option.default, str) and option.default not in told:
                yield f"config.{name}: the help of --{option.name} lacks its default"
            if "list" in str(option.annotation) and "may be repeated" not in told.lower():
                yield f"config.{name}: the help of --{option.name} lacks that it may be repeated"


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.reference", description=__doc__)
    asked.add_argument("--write", action="store_true", help="put the tables into the README")
    asked.add_argument("--check", action="store_true", help="fail where those there are others")
    given = asked.parse_args()
    before = README.read_text(encoding="utf-8")
    made = replaced(before)
    if given.write:
        README.write_text(made, encoding="utf-8")
    elif given.check and made != before:
        print("README.md has other options than the tasks: python -m tests.reference --write")
        return 1
    elif not given.check:
        print("\n".join(f"config.{name}\n\n{table(name)}" for name in config.tasks))
    return 0


if __name__ == "__main__":
    sys.exit(main())
