"""A configuration file that Invoke cannot load is told in a line, whatever command was given."""

import subprocess
import sys

import pytest

from .face import Face

CANARY = "c4n4ry"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param(
            "invoke.yaml",
            f"heroku:\n  ignore: [{CANARY}\n  reveal: ]\n",
            "invoke.yaml: line 3, column 9: does not parse as YAML",
            id="open bracket",
        ),
        pytest.param(
            "invoke.yaml",
            f"heroku:\n\tignore: [{CANARY}]\n",
            "invoke.yaml: line 2, column 1: does not parse as YAML",
            id="tab",
        ),
        pytest.param(
            "invoke.yaml",
            f"heroku: *{CANARY}\n",
            "invoke.yaml: line 1, column 9: does not parse as YAML",
            id="alias",
        ),
        pytest.param(
            "invoke.yaml",
            f"heroku: {CANARY}\x01\n",
            "invoke.yaml: holds a character that YAML does not allow",
            id="control character",
        ),
        pytest.param(
            "invoke.yaml", CANARY.encode() + b": \xff\n", "invoke.yaml: is not UTF-8", id="Latin-1"
        ),
        pytest.param(
            "invoke.yaml",
            f"- {CANARY}\n",
            "invoke.yaml: must be a mapping of settings, at its top level",
            id="list",
        ),
        pytest.param(
            "invoke.yaml",
            f"run: {CANARY}\n",
            "invoke.yaml: gives one of Invoke's own settings another shape than it has",
            id="shape",
        ),
        pytest.param(
            "invoke.yaml",
            "heroku: 2026-13-45\n",
            "invoke.yaml: cannot be loaded (ValueError)",
            id="date",
        ),
        pytest.param(
            "invoke.yml",
            f"heroku: ignore: {CANARY}\n",
            "invoke.yml: line 1, column 15: does not parse as YAML",
            id="yml",
        ),
        pytest.param(
            "invoke.json",
            f'{{"heroku": {CANARY}\n',
            "invoke.json: line 1, column 12: does not parse as JSON",
            id="json",
        ),
    ],
)
def test_a_broken_file_is_told_in_a_line(
    face: Face, name: str, content: str | bytes, said: str
) -> None:
    face.write(name, content)
    done = face.run("config.sync --app myapp --prune")
    assert (done.code, done.out, done.err) == (1, "", f"error: {said}\n")


@pytest.mark.parametrize(
    "line", ["--list", "--help config.diff", "--complete -- config", "config.drift --format json"]
)
def test_it_is_told_for_every_command(face: Face, line: str) -> None:
    face.write("invoke.yaml", f"heroku: [{CANARY}\n")
    done = face.run(line)
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: invoke.yaml: line 2, column 1: does not parse as YAML\n"


def test_a_file_that_was_named_is_told_too(face: Face) -> None:
    face.write("more.yaml", f"heroku: [{CANARY}\n")
    done = face.run("-f more.yaml config.diff --app myapp")
    assert (done.code, done.out) == (1, "")
    assert done.err == "error: more.yaml: line 2, column 1: does not parse as YAML\n"


def test_what_is_about_no_such_file_is_shown_as_ever(face: Face) -> None:
    face.write("tasks.py", "from deploy.tasks import ns\nraise RuntimeError('of their own')\n")
    done = face.run("--list")
    assert done.code == 1
    assert done.err.startswith("Traceback (most recent call last):\n")
    assert done.err.endswith("\nRuntimeError: of their own\n")


@pytest.mark.parametrize("key", ["on", "12", "~", "2026-01-01"])
def test_a_key_that_yaml_takes_for_no_text_is_told_in_a_line(face: Face, key: str) -> None:
    face.write("invoke.yaml", f"heroku:\n  apps:\n    {key}: {{file: {CANARY}}}\n")
    done = face.run("config.diff --all")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "error: settings: heroku.apps: a key in it is no text, such as on, 12 or a date:"
        " put it in quotes\n"
    )


def test_an_app_that_stands_there_in_two_spellings_is_told_in_a_line(face: Face) -> None:
    face.write("invoke.yaml", "heroku: {apps: {shop: {file: .env.a}, Shop: {file: .env.b}}}\n")
    done = face.run("config.diff --all")
    assert (done.code, done.out, done.err) == (
        1,
        "",
        "error: settings: heroku.apps: two keys in it are the same but for their case\n",
    )


def test_a_program_for_a_configuration_fails_as_one(face: Face) -> None:
    face.write("invoke.py", "heroku = 1 / 0\n")
    done = face.run("--list")
    assert done.err.endswith("\nZeroDivisionError: division by zero\n")


def test_a_program_that_imports_the_tasks_keeps_what_it_does_about_errors(face: Face) -> None:
    program = "import sys, deploy.tasks; print(sys.excepthook is sys.__excepthook__)"
    done = subprocess.run(
        [sys.executable, "-c", program], env=face.env, capture_output=True, check=True, text=True
    )
    assert done.stdout == "True\n"


def test_what_a_program_does_about_errors_itself_is_still_done(face: Face) -> None:
    """Where Invoke is a part of it, and has the tasks to load."""
    program = (
        "import sys\n"
        "sys.excepthook = lambda kind, error, trace: print('mine:', kind.__name__)\n"
        "from invoke.main import program\n"
        "program.run('invoke --list')\n"
        "raise LookupError\n"
    )
    face.write("tasks.py", "from deploy.tasks import ns\nraise LookupError\n")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=face.folder,
        env=face.env,
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "mine: LookupError\n", "")
