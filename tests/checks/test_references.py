"""Rule references: what Python code reads is declared, and what is declared is mentioned."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.checks import references
from deploy.envfile.lock import Lock
from deploy.errors import BadLock
from deploy.project.code import needs
from deploy.project.code.needs import Need, Obstacle
from deploy.project.code.python import PythonFile
from deploy.project.facts import Env, Project

from .build import CANARY, dotenv, env, project

COMPUTED = "reads a name that is computed: not checked"
ODD = "reads a name that is no var's: not checked"
UNDECLARED = (
    "is declared in no env file: add it to .env.production, or to provided: in the settings"
)
NOTHING = "is not there, nor a lock or an example of it: reads are not checked"
UNKNOWN = "does not parse, so which names it declares is not known: reads are not checked"
UNPARSED = "does not parse as Python: not checked"
READS_B = "import os\nos.environ['B']"


def judge(judged: Project, *texts: str, mentioned: frozenset[str] = frozenset()) -> list[str]:
    """Each finding on code of these texts, in `0.py` and so on; a note says that it is one."""
    files = [PythonFile(f"{number}.py", text) for number, text in enumerate(texts)]
    readings = needs.readings(files)
    findings = list(references.find(replace(judged, readings=readings, mentioned=mentioned)))
    assert CANARY not in repr(findings).lower()
    assert {each.rule for each in findings} <= {references.NAME}
    return [
        f"{each.path}:{each.line}: {'note: ' if each.is_note else ''}{each.message}"
        for each in findings
        if not each.is_detail
    ]


# Names that nobody declares.


def test_a_name_that_is_read_and_not_declared_is_found() -> None:
    text = "import os\nos.environ['A']\nos.environ['API_KEY']\n"
    [found] = judge(project(env(f"A={CANARY}\n")), text)
    assert found == (
        "0.py:3: API_KEY is declared in no env file:"
        " add it to .env.production, or to provided: in the settings"
    )


def test_each_file_and_line_that_reads_it_is_found() -> None:
    text = "import os\nos.environ['B']; os.environ['B']\nos.environ['B']\n"
    assert judge(project(env("A=1\n")), text, text, mentioned=frozenset("A")) == [
        f"{place}: B {UNDECLARED}" for place in ("0.py:2", "0.py:3", "1.py:2", "1.py:3")
    ]


def test_the_first_declared_env_file_is_the_one_to_add_it_to() -> None:
    envs = (env("A=1\n", "staging.env"), env("A=1\n"), dotenv("A=1\n"))
    [found] = judge(project(*envs), "import os\nos.environ['A']; os.environ['B']")
    assert found == (
        "0.py:2: B is declared in no env file:"
        " add it to staging.env, or to provided: in the settings"
    )


def test_a_name_that_one_of_the_env_files_declares_is_declared() -> None:
    envs = (env("A=1\n"), env("B=1\n", "staging.env"))
    assert judge(project(*envs), "import os\nos.environ['A']; os.environ['B']") == []


def test_a_name_that_only_dotenv_has_is_not_declared() -> None:
    assert judge(
        project(env("A=1\n"), dotenv("B=1\n")), "import os\nos.environ['A']; os.environ['B']"
    ) == [f"0.py:2: B {UNDECLARED}"]


def test_a_name_that_is_provided_is_declared() -> None:
    judged = project(env("A=1\n"), provided=frozenset({"DATABASE_URL"}))
    assert judge(judged, "import os\nos.environ['A']; os.environ['DATABASE_URL']") == []


def test_a_name_that_a_lock_has_is_declared_where_there_is_no_env_file() -> None:
    judged = project(env(None, locked=Lock("f" * 16, {"A": "0" * 64})))
    assert judge(judged, "import os\nos.environ['A']; os.environ['CONFIG_LOCK_KEY']") == []
    assert judge(judged, "import os\nos.environ['B']") == [f"0.py:2: B {UNDECLARED}"]


@pytest.mark.parametrize(
    "name",
    [
        *("HEROKU_APP_NAME", "PORT", "DYNO", "WEB_CONCURRENCY", "WEB_MEMORY", "SOURCE_VERSION"),
        *("CI", "PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "PWD", "SHELL", "TERM"),
        *("NO_COLOR", "PYTHONPATH", "PYTHONUNBUFFERED", "CONFIG_LOCK_KEY"),
    ],
)
def test_what_the_platform_or_the_system_sets_needs_no_entry(name: str) -> None:
    assert judge(project(env("A=1\n")), f"import os\nos.environ['A']; os.environ['{name}']") == []


@pytest.mark.parametrize("name", ["PORTS", "MY_PORT", "HEROKU", "LC", "CI_TOKEN", "XPYTHON"])
def test_a_name_that_only_reads_like_one_of_them_needs_an_entry(name: str) -> None:
    assert judge(project(env("A=1\n")), f"import os\nos.environ['A']; os.environ['{name}']") == [
        f"0.py:2: {name} {UNDECLARED}"
    ]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(f"sk_live_{CANARY}4eC39HqLyjWDarjt", id="Stripe"),
        pytest.param(f"ghp_{CANARY}AbCdEfGhIjKlMnOpQrStUvWx", id="GitHub"),
        pytest.param(f"{CANARY}0123456789abcdef0123456789ab", id="hex"),
        pytest.param(CANARY, id="a word"),
        pytest.param(f"AKIA{CANARY.upper()}IOSFODN", id="AWS"),
        pytest.param(f"JBSWY3DP{CANARY.upper()}", id="base32"),
    ],
)
def test_a_name_that_may_be_a_value_is_found_and_not_shown(name: str) -> None:
    assert judge(project(env("A=1\n")), f"import os\nos.environ['A']; os.environ['{name}']") == [
        f"0.py:2: a name that is not shown, for it may be a value, {UNDECLARED}"
    ]


@pytest.mark.parametrize(
    "name", ["A", "DEBUG", "S3_BUCKET", "AWS_SECRET_ACCESS_KEY", "DB2", "_PRIVATE", "A_1_B", "A__B"]
)
def test_a_name_that_reads_as_one_is_shown(name: str) -> None:
    assert judge(project(env("B=1\n")), f"import os\nos.environ['B']; os.environ['{name}']") == [
        f"0.py:2: {name} {UNDECLARED}"
    ]


def test_a_declared_name_of_any_form_is_declared() -> None:
    assert judge(project(env("database_url=1\n")), "import os\nos.environ['database_url']") == []


def test_what_cannot_be_checked_is_a_note() -> None:
    texts = ("import os\n\nos.environ[name]", f"import os\nos.getenv('{CANARY}-1')", "a = (\n")
    assert judge(project(env("A=1\n")), *texts, mentioned=frozenset("A")) == [
        f"0.py:3: note: {COMPUTED}",
        f"1.py:2: note: {ODD}",
        f"2.py:1: note: {UNPARSED}",
    ]


def test_what_another_language_requires_is_found_too() -> None:
    needed = (Need("B", "app.rb", 3), Need("A", "app.rb", 4), Obstacle("app.json", 0, "is broken"))
    found = list(references.find(replace(project(env("A=1\n")), needs=needed)))
    assert [f"{each.path}:{each.line}: {each.message}" for each in found] == [
        "app.json:0: is broken",
        f"app.rb:3: B {UNDECLARED}",
    ]
    assert [each.is_note for each in found] == [True, False]


def test_what_an_add_on_must_set_is_one_note() -> None:
    texts = ("import os\nos.environ['DATABASE_URL']\nos.environ['DATABASE_URL']", READS_B)
    assert judge(project(env("B=1\n")), *texts) == [
        "0.py:2: note: DATABASE_URL is declared in no env file: an add-on must set it"
    ]


# What is declared is not known.


def test_the_example_stands_in_where_there_is_nothing_else() -> None:
    judged = project(env(None), dotenv("C=1\n"), example="A=\nB=\n", provided=frozenset("P"))
    assert judge(judged, f"{READS_B}\nos.environ['P']\nos.environ['C']") == [
        ".env.example:0: note: stands in for the env files: none of them is there, and no lock",
        f"0.py:4: C {UNDECLARED}",
    ]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(env("A=1\n", "staging.env"), id="env file"),
        pytest.param(env(None, "staging.env", locked=Lock("f" * 16, {"A": "0" * 64})), id="lock"),
    ],
)
def test_the_example_does_not_stand_in_where_one_env_file_or_lock_is_there(other: Env) -> None:
    judged = project(env(None), other, example="B=\n")
    assert judge(judged, READS_B, mentioned=frozenset("A")) == [f"0.py:2: B {UNDECLARED}"]


@pytest.mark.parametrize("locked", [None, BadLock("x", [])], ids=["no lock", "broken lock"])
def test_no_read_is_judged_where_nothing_declares(locked: BadLock | None) -> None:
    assert judge(project(env(None, locked=locked), dotenv("A=1\n")), READS_B) == [
        f".env.production:0: note: {NOTHING}"
    ]


def test_no_read_is_judged_where_an_env_file_does_not_parse() -> None:
    envs = (env("A=1\n"), env(f"B={CANARY}\nB\n", "staging.env"))
    assert judge(project(*envs, example="C=\n"), READS_B) == [
        f"staging.env:0: note: {UNKNOWN}",
        ".env.production:1: note: A is mentioned in no file",
    ]


def test_a_dotenv_that_does_not_parse_is_no_matter() -> None:
    assert judge(project(env("B=1\n"), dotenv("B\n")), READS_B) == []


@pytest.mark.parametrize(
    "judged",
    [
        pytest.param(project(), id="no env file"),
        pytest.param(project(env(None), example="A=\n"), id="an example"),
        pytest.param(project(env("A\n")), id="an env file that does not parse"),
    ],
)
def test_where_nothing_is_read_there_is_nothing_to_say(judged: Project) -> None:
    assert judge(judged) == judge(judged, "import os") == []


def test_a_project_without_env_files_has_reads_that_are_not_checked() -> None:
    assert judge(project(), READS_B) == [f".env.production:0: note: {NOTHING}"]


# Names that nobody mentions.


def test_a_declared_name_that_is_neither_mentioned_nor_read_is_a_note() -> None:
    envs = (env(f"# x\nA={CANARY}\nB=1\nC=1\n"), env("A=1\n", "staging.env"), dotenv("D=1\n"))
    assert judge(project(*envs), READS_B, mentioned=frozenset("C")) == [
        ".env.production:2: note: A is mentioned in no file",
        "staging.env:1: note: A is mentioned in no file",
    ]


def test_of_many_names_a_person_is_told_in_one_note_and_a_program_of_each() -> None:
    judged = project(env("".join(f"N{number:02}=1\n" for number in range(22))))
    [note] = judge(judged)
    assert note.startswith(".env.production:0: note: 22 names are mentioned in no file: N00, N01, ")
    assert note.endswith(", N19, and 2 more")
    details = [each for each in references.find(judged) if each.is_detail]
    assert [each.line for each in details] == list(range(1, 23))


@pytest.mark.parametrize("name", ["CONFIG_LOCK_KEY", "HEROKU_X", "WEB_CONCURRENCY", "TZ"])
def test_what_has_its_effect_without_code_need_not_be_mentioned(name: str) -> None:
    assert judge(project(env(f"{name}=1\n"))) == []


# Any text.

FORMS = ["os.environ[{}]", "os.getenv({})", "{} in os.environ", "A = {}; os.environ[A]", "a = {}"]


@given(st.sampled_from(FORMS), st.text())
def test_a_text_that_is_no_name_stands_in_no_message(form: str, text: str) -> None:
    literal = f"{CANARY}-{text}"
    judge(project(env("A=1\n")), "import os\n" + form.format(repr(literal)))
