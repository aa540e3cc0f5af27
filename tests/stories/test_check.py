"""The story of a check: a tree is read once, and each rule is asked; a corpus of planted values."""

import base64
import json
import random
import string
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from deploy.checks.finding import Checked
from deploy.checks.hardcoded import needles as hardcoded
from deploy.errors import FileUnreadable
from deploy.project.facts import Project
from deploy.project.policy import Policy
from deploy.project.settings import RULES, Accept
from deploy.project.tree import Tree
from deploy.stories.check import File, check
from tests.secret.forms.drawn import BASE62, body, drawn, folded

ENV = ".env.production"
LETTERS = string.ascii_letters + string.digits


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that ignores its env files."""
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    git(root, "init", "-q")
    (root / ".gitignore").write_text(".env*\n!.env.example\n!*.lock\n")
    return root


def write(root: Path, name: str, text: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if name.startswith(".env"):
        path.chmod(0o600)
    return path


def judged(
    root: Path,
    *rules: str,
    files: tuple[str, ...] = (ENV,),
    must_be_there: bool = False,
    ignore: tuple[str, ...] = (),
    accept: tuple[Accept, ...] = (),
) -> Checked:
    declared = [
        File(root / name, name, root / f"{name}.lock", must_be_there=must_be_there)
        for name in files
    ]
    return check(
        Tree(root),
        [*declared, File(root / ".env", ".env", is_declared=False)],
        rules or RULES,
        policy=Policy(ignore),
        accept=accept,
    )


def faults(found: Checked) -> list[str]:
    return [f"{each.path}:{each.line} {each.rule}" for each in found.faults]


def notes(found: Checked) -> list[str]:
    return [f"{each.path} {each.message}" for each in found.findings if each.is_note]


# What is read and asked.


def test_each_rule_has_a_module_of_its_name_and_no_other_module_is_there() -> None:
    folder = Path(__file__).parents[2] / "deploy" / "checks"
    there = {path.stem for path in folder.iterdir()} - {"__init__", "__pycache__", "finding"}
    assert there == set(RULES)


def test_a_clean_project_has_no_finding(root: Path) -> None:
    write(root, ENV, "API_KEY=q8Zr51kTn0Xw72Lm\n")
    write(root, ".env.example", "API_KEY=\n")
    write(root, "app.py", 'import os\nos.environ["API_KEY"]\n')
    assert judged(root) == Checked(())


def test_a_finding_of_each_rule_that_a_tree_can_have(root: Path) -> None:
    write(root, ENV, "A=x #y\nB=changeme\nSECRET_KEY=q8Zr51kTn0Xw72Lm\n")
    write(root, ".env.staging", "SECRET_KEY=q8Zr51kTn0Xw72Lm\nA=\nB=1\n").chmod(0o640)
    write(root, ".env.example", "C=\n")
    write(root, f"{ENV}.lock", "no lock\n")
    write(root, "app.py", 'import os\nkey = "q8Zr51kTn0Xw72Lm"\nos.environ["D"]\n')
    git(root, "add", "-f", ENV)
    found = judged(root, files=(ENV, ".env.staging"))
    assert {finding.rule for finding in found.faults} == set(RULES)
    assert found.findings == tuple(sorted(found.findings))


def test_rules_that_are_not_asked_find_nothing(root: Path) -> None:
    write(root, ENV, "A=changeme\n").chmod(0o644)
    assert faults(judged(root, "placeholder")) == [f"{ENV}:1 placeholder"]
    assert faults(judged(root, "permissions")) == [f"{ENV}:0 permissions"]


def test_a_file_that_is_not_here_is_a_note_or_an_error_where_it_was_named(root: Path) -> None:
    assert notes(judged(root)) == [f"{ENV} is not here, so its values were not looked for"]
    with pytest.raises(FileUnreadable) as caught:
        judged(root, must_be_there=True)
    assert str(caught.value) == f"{ENV}: no such file"


def test_what_does_not_parse_is_said_and_hides_no_other_file(root: Path) -> None:
    write(root, ENV, "A\n")
    write(root, ".env.staging", "SECRET_KEY=q8Zr51kTn0Xw72Lm\n")
    write(root, "app.py", 'key = "q8Zr51kTn0Xw72Lm"\n')
    write(root, ".env.example", "A=1\nA=2\n")
    found = judged(root, "syntax", "hardcoded", files=(ENV, ".env.staging"))
    assert faults(found) == [f"{ENV}:1 syntax", "app.py:1 hardcoded"]
    assert notes(found) == [
        ".env.example does not parse: names that it lacks are not told",
        ".env.example A: is declared again (first on line 1)",
        f"{ENV} does not parse, so its values were not looked for",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("SECRET_KEY=q8Zr51kTn0Xw72Lm-2", "SECRET_KEY: is declared again (first on line 2)"),
        ("export", "a name without ="),
        ("A=1 B: 2\nKEY: value", "does not parse as NAME=value"),
        ("[section]", "is TOML or INI, with sections, and no env file"),
        ("A KEY=x", "does not parse as NAME=value"),
        ('A="x', "A: a quote is left open, or text follows the closing one"),
        ("A=x\x01", "A: holds a control character"),
        ("A=********", "A: is a mask, as this program prints it, and not a value"),
    ],
)
@pytest.mark.parametrize("env", [ENV, ".env"])
def test_a_bad_line_hides_no_value_of_the_others(
    line: str, said: str, env: str, root: Path
) -> None:
    write(root, env, f"DEBUG=1\nSECRET_KEY=q8Zr51kTn0Xw72Lm\n{line}\n")
    write(root, "app.py", 'key = "q8Zr51kTn0Xw72Lm"\n')
    found = judged(root, "syntax", "hardcoded")
    assert "app.py:1 hardcoded" in faults(found)
    told = notes(found)
    assert f"{env} does not parse, so only values of lines that can be read were looked for" in told
    is_told = any(each.endswith(said) and f"{env}" in each for each in told)
    assert is_told is (env == ".env")


def test_an_example_that_does_not_parse_gives_a_secret_away_and_no_placeholder(root: Path) -> None:
    text = "A=1\nA=2\nAUTH0_API_SECRET=test-auth0-2\nSECRET_KEY=q8Zr51kTn0Xw72Lm\n"
    write(root, ".env.example", text)
    write(root, ".env", text)
    assert faults(judged(root, "parity", "hardcoded")) == [".env.example:4 parity"]


def test_a_value_of_dotenv_is_looked_for_too(root: Path) -> None:
    write(root, ".env", "SECRET_KEY=q8Zr51kTn0Xw72Lm\n")
    write(root, "app.py", 'key = "q8Zr51kTn0Xw72Lm"\n')
    assert faults(judged(root)) == ["app.py:1 hardcoded"]


def test_a_finding_that_is_accepted_is_counted_and_not_shown(root: Path) -> None:
    write(root, ENV, "SECRET_KEY=q8Zr51kTn0Xw72Lm\n")
    for name in ("tests/data/a.txt", "app.txt"):
        write(root, name, "q8Zr51kTn0Xw72Lm\n")
    found = judged(root, "hardcoded", accept=(Accept("hardcoded", "tests/data/*"),))
    assert (faults(found), found.accepted) == (["app.txt:1 hardcoded"], 1)
    found = judged(root, "hardcoded", accept=(Accept("syntax", "*"),))
    assert (len(found.faults), found.accepted) == (2, 0)


def test_what_the_settings_ignore_needs_no_entry(root: Path) -> None:
    write(root, ENV, "A=1\n")
    write(root, ".env.example", "A=\nPAPERTRAIL_TOKEN=\n")
    write(root, "app.py", 'import os\nos.environ["A"], os.environ["PAPERTRAIL_HOST"]\n')
    assert faults(judged(root, ignore=("PAPERTRAIL_*",))) == []


def test_an_env_file_that_was_deleted_is_still_in_the_history(root: Path) -> None:
    write(root, ENV, "A=1\n")
    git(root, "add", "-f", ENV)
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x")
    git(root, "rm", "-q", "--cached", ENV)
    (root / ENV).unlink()
    [finding] = judged(root, "ignored").faults
    assert "is in an earlier commit (" in finding.message


# Secrets that no env file lists.

TOKEN = "sk_live_" + drawn(BASE62, 24)
BODY = body(b"\x30\x82\x04\xbd\x02\x01\x00\x30", 1217)
"""Of a private key, as PKCS#8 begins it."""


def test_a_secret_that_no_env_file_lists_is_found_in_new_and_in_tracked_files(root: Path) -> None:
    write(root, "src/app.py", f'\nkey = "{TOKEN}"\n')
    write(root, "src/new.py", f'url = "https://user:{drawn(BASE62, 16)}@api.kestrel-mail.net/"\n')
    git(root, "add", "src/app.py")
    assert faults(judged(root, "hardcoded")) == ["src/app.py:2 hardcoded", "src/new.py:1 hardcoded"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_private_key_is_found_by_the_lines_behind_its_first(root: Path, encoding: str) -> None:
    lines = ["x", "-----BEGIN PRIVATE KEY-----", *folded(BODY), "-----END PRIVATE KEY-----", ""]
    write(root, "key.pem", "\n".join(lines).encode(encoding))
    assert faults(judged(root, "hardcoded")) == ["key.pem:2 hardcoded"]
    write(root, "key.pem", "\n".join(lines[:2]).encode(encoding))
    assert faults(judged(root, "hardcoded")) == []


def test_the_value_of_an_env_file_is_told_as_that_and_once(root: Path) -> None:
    write(root, ENV, f"API_KEY={TOKEN}\n")
    write(root, "app.py", f'key = "{TOKEN}"\n')
    [found] = judged(root, "hardcoded").faults
    assert found.message.startswith(f"holds the value of API_KEY of {ENV}")


def test_what_is_staged_is_found_where_the_file_has_it_no_more(root: Path) -> None:
    write(root, ENV, "API_KEY=q8Zr51kTn0Xw72Lm\n")
    write(root, "app.py", f'key = "{TOKEN}"\nother = "q8Zr51kTn0Xw72Lm"\n')
    write(root, "same.py", "\nq8Zr51kTn0Xw72Lm\n")
    git(root, "add", "app.py", "same.py")
    write(root, "app.py", "clean\n")
    write(root, "same.py", "\n\n\nq8Zr51kTn0Xw72Lm\n")
    found = judged(root, "hardcoded")
    assert faults(found) == ["app.py:1 hardcoded", "app.py:2 hardcoded", "same.py:4 hardcoded"]
    assert [each.message.endswith("(staged)") for each in found.faults] == [True, True, False]


# A corpus.

Spell = Callable[[str], str]
SPELLINGS: dict[str, Spell] = {
    "raw": lambda value: value,
    "json": lambda value: json.dumps(value)[1:-1],
    "url": lambda value: quote(value, safe=""),
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 in a pair": lambda value: base64.b64encode(f"user:{value}".encode()).decode(),
}
LANGUAGES = {
    "py": 'KEY = "{}"\n',
    "js": "const key = '{}';\n",
    "go": "key := `{}`\n",
    "yaml": "key: {}\n",
    "xml": "<key>{}</key>\n",
    "sh": "curl -H 'Authorization: {}' https://example.com\n",
    "md": "The key is {}.\n",
    "min.js": "var a={{}};" * 4000 + 'b("{}");\n',
}


def kinds(choose: random.Random) -> list[Callable[[], str]]:
    def text(count: int, letters: str = LETTERS) -> str:
        return "".join(choose.choices(letters, k=count))

    def pem() -> str:
        lines = "\n".join(text(64, f"{LETTERS}+/") for _ in range(5))
        return f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"

    return [
        lambda: text(24),
        lambda: text(40, "0123456789abcdef"),
        lambda: f"postgres://user:{text(14)}@db-{text(5)}.databases.acme.io:5432/app",
        lambda: json.dumps({"id": text(6), "secret": text(20)}),
        lambda: base64.b64encode(text(30).encode()).decode(),
        lambda: f"p\u00e4ss-{text(12)}-\U0001f511",
        lambda: f"({text(9)}[.*+?]{text(9)}|^$\\d)",
        lambda: f"{text(8)} {text(8)}\t{text(8)}",
        pem,
    ]


def corpus(root: Path, choose: random.Random) -> list[str]:
    """Plant 200 values in files of many languages and encodings; where they are to be found."""
    made = kinds(choose)
    values = {f"SECRET_KEY_{number:03}": made[number % len(made)]() for number in range(180)}
    # Values that begin with another one; of several lines the longest are looked for, so not those.
    short = [value for value in values.values() if "\n" not in value]
    values |= {f"SECRET_KEY_{number}": f"{short[number - 180]}Zq" for number in range(180, 200)}
    lines = [f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    write(root, ENV, "\n".join(line.replace("\\t", "\t").replace("\\/", "/") for line in lines))
    places = []
    for number, (name, value) in enumerate(values.items()):
        language, template = choose.choice(list(LANGUAGES.items()))
        spelling = choose.choice(list(SPELLINGS))
        # A prefix is told from the longer value, but not in base64, of which both are a part.
        is_raw = value in short[:20] or number >= 180 or "\n" in value
        spelled = SPELLINGS["raw" if is_raw else spelling](value)
        above = "".join(f"line {choose.random()}\n" for _ in range(choose.randrange(40)))
        before, after = template.rsplit("{}", 1)
        text = f"{above}{before.replace('{{}}', '{}')}{spelled}{after}{above}"
        path = f"src{number % 7}/{number:03} f\u00efle.{language}"
        encoding = choose.choice(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
        data = text.encode(encoding)
        if number % 10 == 3:
            path, data = (
                f"{path}.bin",
                above.encode() + b"\0\xff\xfe\x00" + text[len(above) :].encode(),
            )
        write(root, path, data)
        # Of a PEM key the first of its longest lines, behind the one that begins it.
        places.append((path, above.count("\n") + 1 + ("-----BEGIN" in value), name))
    return [f"{path}:{line} {name}" for path, line, name in sorted(places)]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("is_checkout", [True, False], ids=["checkout", "folder"])
def test_all_of_a_corpus_is_found_at_its_line_and_nothing_else(
    is_checkout: bool, root: Path, tmp_path: Path
) -> None:
    if not is_checkout:
        root = tmp_path / "folder"
        root.mkdir()
    planted = corpus(root, random.Random(20))
    found = judged(root, "hardcoded").faults
    told = [f"{each.path}:{each.line} {each.message.split()[4]}" for each in found]
    assert told == planted


def test_no_rule_opens_a_value_of_a_project_that_has_none() -> None:
    assert hardcoded.needles(Project(())).searched == []
