"""What a check found, in each format."""

import pytest

from deploy.checks.finding import Checked, Finding
from deploy.report import github, json, tables
from deploy.report.tables import verdict

MIXED = Checked(
    (
        Finding(".env.production", 0, "ignored", "is tracked by git: git rm --cached it"),
        Finding(".env.production", 0, "hardcoded", "2 values are not looked for", is_note=True),
        Finding(".env.production", 12, "placeholder", "API_KEY looks like a placeholder"),
        Finding("src/app.py", 3, "references", "reads OTHER: declare it"),
    ),
    accepted=2,
)
FOUL = "a%b:c,d\r\ne\x1b[2J\u202e/f"
"""A path as somebody may name it; printable of it is `a%b:c,de[2J/f`."""


def fault(path: str = "x.py", line: int = 1) -> Finding:
    return Finding(path, line, "hardcoded", "holds a value")


NOTE = Finding("x.py", 0, "hardcoded", "1 value is not looked for", is_note=True)


# The verdict.


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(Checked(()), "No findings.", id="none"),
        pytest.param(Checked((fault(),)), "1 finding in 1 file.", id="one"),
        pytest.param(
            Checked((fault(line=1), fault(line=2))), "2 findings in 1 file.", id="two in one file"
        ),
        pytest.param(
            Checked((fault("a"), fault("b"))), "2 findings in 2 files.", id="two in two files"
        ),
        pytest.param(Checked((NOTE,)), "No findings, 1 note.", id="a note"),
        pytest.param(Checked((NOTE, NOTE)), "No findings, 2 notes.", id="two notes"),
        pytest.param(
            Checked((fault("a"), NOTE)), "1 finding in 1 file, 1 note.", id="one and a note"
        ),
        pytest.param(
            Checked((), accepted=1), "No findings, 1 accepted by the settings.", id="accepted"
        ),
        pytest.param(
            Checked((fault(), NOTE, NOTE), accepted=3),
            "1 finding in 1 file, 3 accepted by the settings, 2 notes.",
            id="all",
        ),
    ],
)
def test_a_verdict_counts_what_was_found(found: Checked, said: str) -> None:
    assert verdict(found) == said


# For a person.


def test_findings_come_first_in_columns_and_the_verdict_is_the_last() -> None:
    assert tables.checked(MIXED) == "\n".join(
        [
            ".env.production     ignored      is tracked by git: git rm --cached it",
            ".env.production:12  placeholder  API_KEY looks like a placeholder",
            "src/app.py:3        references   reads OTHER: declare it",
            ".env.production     hardcoded    note: 2 values are not looked for",
            "3 findings in 2 files, 2 accepted by the settings, 1 note.",
        ]
    )


def test_a_finding_is_red_and_a_note_is_yellow_at_a_terminal() -> None:
    assert tables.checked(Checked((fault(), NOTE)), color=True) == "\n".join(
        [
            "\x1b[31mx.py:1  hardcoded  holds a value\x1b[0m",
            "\x1b[33mx.py    hardcoded  note: 1 value is not looked for\x1b[0m",
            "1 finding in 1 file, 1 note.",
        ]
    )


def test_a_detail_is_for_a_program_alone() -> None:
    found = Checked((NOTE._replace(is_detail=True),))
    assert tables.checked(found) == github.checked(found) == "No findings."
    assert '"message": "1 value is not looked for"' in json.checked(found)


def test_without_findings_there_is_the_verdict_alone() -> None:
    assert tables.checked(Checked(())) == "No findings."
    assert github.checked(Checked(())) == "No findings."


def test_no_path_and_no_message_steers_a_terminal() -> None:
    finding = Finding(FOUL, 3, "references", "reads \x1b[31mA\nB")
    assert tables.checked(Checked((finding,))) == (
        "a%b:c,de[2J/f:3  references  reads [31mAB\n1 finding in 1 file."
    )


# For a program.


def test_a_document_has_every_finding_and_note() -> None:
    assert json.checked(MIXED) == (
        """\
{
  "schema_version": 1,
  "findings": [
    {
      "path": ".env.production",
      "line": null,
      "rule": "ignored",
      "message": "is tracked by git: git rm --cached it",
      "is_note": false
    },
    {
      "path": ".env.production",
      "line": null,
      "rule": "hardcoded",
      "message": "2 values are not looked for",
      "is_note": true
    },
    {
      "path": ".env.production",
      "line": 12,
      "rule": "placeholder",
      "message": "API_KEY looks like a placeholder",
      "is_note": false
    },
    {
      "path": "src/app.py",
      "line": 3,
      "rule": "references",
      "message": "reads OTHER: declare it",
      "is_note": false
    }
  ],
  "accepted": 2
}"""
    )


def test_a_document_without_findings_has_an_empty_list() -> None:
    assert json.checked(Checked(())) == (
        '{\n  "schema_version": 1,\n  "findings": [],\n  "accepted": 0\n}'
    )


def test_a_document_is_ascii_whatever_a_path_holds() -> None:
    shown = json.checked(Checked((fault("é\ud800\x1b\u2028"),)))
    assert '"path": "\\u00e9\\ud800\\u001b\\u2028"' in shown
    assert shown.isascii()


# For GitHub.


def test_a_finding_is_an_annotation_at_its_line_and_a_note_is_a_notice() -> None:
    assert github.checked(MIXED) == "\n".join(
        [
            ("::error file=.env.production,title=ignored::is tracked by git: git rm --cached it"),
            (
                "::error file=.env.production,line=12,title=placeholder::"
                "API_KEY looks like a placeholder"
            ),
            "::error file=src/app.py,line=3,title=references::reads OTHER: declare it",
            "::notice file=.env.production,title=hardcoded::2 values are not looked for",
            "3 findings in 2 files, 2 accepted by the settings, 1 note.",
        ]
    )


def test_github_is_told_the_path_from_the_top_of_the_repository() -> None:
    found = Checked((fault("src/app.py", 3),), below="services/api/")
    assert "file=services/api/src/app.py,line=3" in github.checked(found)


def test_no_path_and_no_message_ends_an_annotation_or_begins_another() -> None:
    finding = Finding(FOUL, 3, "references", "100%, reads:\r\n::error::A\x1b[2J")
    assert github.checked(Checked((finding,))) == (
        "::error file=a%25b%3Ac%2Cd%0D%0Ae[2J/f,line=3,title=references::"
        "100%25, reads:%0D%0A::error::A[2J\n"
        "1 finding in 1 file."
    )


def test_a_finding_breaks_between_words_at_a_terminal_and_is_a_line_in_a_pipe() -> None:
    found = Checked((Finding("src/app.py", 3, "references", "reads OTHER: declare it"),))
    assert tables.checked(found) == (
        "src/app.py:3  references  reads OTHER: declare it\n1 finding in 1 file."
    )
    assert tables.checked(found, width=40) == (
        "src/app.py:3  references  reads OTHER:\n      declare it\n1 finding in 1 file."
    )
