"""A mistyped task or option of ours, and completion, as Invoke lets us help with them."""

import pytest

from deploy.tasks.nearest import nearest_options, nearest_task

from .face import Face

OWN = """\
from invoke import Collection, task
from deploy.tasks import config

@task
def drain(c, dry=False):
    "Ours is not yours."

ns = Collection(drain, config)
"""


@pytest.mark.parametrize(
    ("line", "unknown", "meant"),
    [
        ("config.dif", "config.dif", "config.diff"),
        ("conifg.sync --yes", "conifg.sync", "config.sync"),
        ("diff --app myapp", "diff", "config.diff"),
        ("config.diff --ap myapp", "--ap", "--app"),
        ("config.diff --ap=myapp", "--ap", "--app"),
        ("config.diff --al", "--al", "--all"),
        ("config.sync --app myapp --onyl LOG_LEVEL", "--onyl", "--only"),
        ("config --re LOG_LEVEL", "--re", "--release or --reveal"),
    ],
)
def test_a_mistyped_word_is_answered_with_the_nearest_of_ours(
    line: str, unknown: str, meant: str, face: Face
) -> None:
    done = face.run(line)
    assert (done.code, done.out) == (1, "")
    assert done.err == f"No idea what '{unknown}' is!\n  did you mean {meant}?\n"


@pytest.mark.parametrize("word", ["s3cret", "it's", "config.status", "-x"])
def test_what_is_like_none_of_ours_gets_no_answer(word: str, face: Face) -> None:
    done = face.run(f"config.diff {word}")
    assert (done.code, done.err) == (1, f"No idea what {word!r} is!\n")


@pytest.mark.parametrize("line", ["drian", "drain --drr", "drain config", "--lits"])
def test_nothing_is_said_of_what_is_not_ours(line: str, face: Face) -> None:
    """Also where one of ours is near, and theirs is nearer: `drian` is no `drift`."""
    face.write("tasks.py", OWN)
    assert "did you mean" not in face.run(line).err


def test_what_may_be_a_value_is_never_repeated() -> None:
    assert nearest_options("--apple-pie-password", ["--app", "--all"]) == []
    assert nearest_task("sk_live_4f9Kq2", ["config.diff", "config.sync"]) == []


def test_where_a_tasks_py_does_not_load_nothing_is_added(face: Face) -> None:
    face.write("tasks.py", "from deploy.tasks import ns\nraise SystemExit('broken')\n")
    assert face.run("config.dif").err == "broken\n"


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("invoke config.d", "config.diff config.drift"),
        ("invoke config.sync --onl", "--only"),
        ("invoke config.sync --app myapp --ex", "--expect"),
        ("inv config.where --va", "--value-from"),
    ],
)
def test_bash_completes_as_the_manual_says(typed: str, completed: str, face: Face) -> None:
    program = (
        'eval "$(invoke --print-completion-script bash)"; COMP_WORDS=("$@")\n'
        '_complete_invoke "$1" "${@: -1}"; echo "${COMPREPLY[@]}"'
    )
    done = face.shell(["bash", "-c", program, "bash", *typed.split()])
    assert (done.out, done.err) == (f"{completed}\n", "")
