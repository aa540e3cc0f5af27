"""Rule hardcoded: secrets that no env file lists."""

from collections.abc import Iterable

from deploy.checks.finding import Finding
from deploy.checks.hardcoded import MANY, unlisted
from deploy.project.lines import Line
from tests.secret.forms.drawn import BASE62, drawn

KEY = "sk_live_" + drawn(BASE62, 24)
MESSAGE = "holds a live secret key that no env file has: move it into an env file, and change it"


def find(*lines: tuple[str, int, str], passed: Iterable[str] = ()) -> list[Finding]:
    told = [(Line(path, number, text.encode()), b"") for path, number, text in lines]
    findings = list(unlisted.find(told, {*passed}))
    assert KEY not in repr(findings)
    assert {each.rule for each in findings} <= {"hardcoded"}
    return findings


def test_a_secret_is_found_at_its_line() -> None:
    assert find(("app.py", 3, f'key = "{KEY}"')) == [Finding("app.py", 3, "hardcoded", MESSAGE)]


def test_a_line_that_is_told_twice_is_found_once() -> None:
    line = ("app.py", 3, f"{KEY} {KEY}")
    assert len(find(line, line)) == 1


def test_two_secrets_in_a_line_are_two_findings() -> None:
    other = "sk_live_" + drawn(BASE62, 24, seed=9)
    assert len(find(("app.py", 3, f"{KEY} {other}"))) == 2


def test_an_env_file_has_rules_of_its_own() -> None:
    assert find((".env", 1, f"KEY={KEY}"), passed=[".env"]) == []


def test_in_a_great_many_places_a_secret_is_one_finding_that_counts_them() -> None:
    lines = [(f"{number:02}.py", 1, KEY) for number in range(MANY + 1)]
    [found] = find(*lines)
    assert found.path == "00.py"
    assert found.message == f"{MESSAGE}; in 21 places, such as 01.py:1, 02.py:1"
    assert len(find(*lines[:MANY])) == MANY


def test_what_stands_in_tests_and_documents_is_one_note() -> None:
    lines = [(path, 2, KEY) for path in ("docs/a.md", "tests/b.py", "tests/c.py", "tests/d.py")]
    [note] = find(*lines[:1])
    assert note.is_note
    assert note.message == (
        "holds what reads as a live secret key, in a test, an example or a document"
    )
    [note] = find(*lines)
    assert (note.path, note.line) == ("docs/a.md", 2)
    assert note.message.endswith("; so do 3 more: tests/b.py:2, tests/c.py:2")
    assert find(*lines[:2])[0].message.endswith("; so does 1 more: tests/b.py:2")
