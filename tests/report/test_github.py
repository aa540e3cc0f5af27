import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.errors import ApiError, BadLock, Complaint, DeployError
from deploy.heroku.facts import Release, Status
from deploy.plan.blame import Before, Brought, Never, Origin, Unknown
from deploy.plan.drift import Drift, Drifted, Kind, Row, Unchecked
from deploy.report.github import drift, error
from deploy.report.markdown import summary
from deploy.secret import Hint

TIME = "2026-03-01T04:05:06Z"
PERSON = "mallory@example.com"
BROUGHT = Brought(Release(7, Status.SUCCEEDED, PERSON, TIME))


def row(*drifted: Drifted, app: str = "myapp", source: str = ".env.production.lock") -> Drift:
    return Drift(app, source, is_lock=True, drifted=drifted, equal=3)


def changed(name: str, origin: Origin | None = None) -> Drifted:
    return Drifted(name, Kind.CHANGED, origin=origin)


MIXED: Sequence[Row] = (
    row(app="first"),
    row(
        Drifted("LEVEL", Kind.CHANGED, Hint.CASE, BROUGHT),
        Drifted("NEW", Kind.UNMANAGED, origin=Before(24)),
        Drifted("TOKEN", Kind.MISSING, origin=Never()),
        changed("X", Unknown()),
    ),
    Unchecked("last", ApiError("no", status=503, request_id="abc")),
)


# The commands.


def test_each_finding_is_a_command() -> None:
    assert drift(MIXED) == "\n".join(
        [
            "first is in sync with .env.production.lock: 3 equal.",
            "myapp drifted from .env.production.lock:",
            (
                "::error title=myapp::LEVEL differs on Heroku since v7 (2026-03-01T04:05:06Z):"
                " invoke config.history --app myapp --name LEVEL"
            ),
            "::warning title=myapp::NEW is only on Heroku: before v24",
            "::error title=myapp::TOKEN is missing on Heroku: it was never set",
            "::error title=myapp::X differs on Heroku: since when is unknown",
            "::error title=last::could not be checked: no (503) [Request-Id abc]",
            (
                "To restore what was declared, with .env.production at hand:"
                " invoke config.sync --app myapp --prune"
            ),
            (
                "To take over what is live:"
                " invoke config.pull --app myapp --prune && invoke config.lock"
            ),
        ]
    )


def test_without_blame_nothing_is_said_of_a_release() -> None:
    assert drift([row(changed("A"))]).split("\n")[:2] == [
        "myapp drifted from .env.production.lock:",
        "::error title=myapp::A differs on Heroku",
    ]


def test_a_release_without_a_time_is_named_all_the_same() -> None:
    found = drift([row(changed("A", Brought(Release(7, Status.SUCCEEDED))))])
    assert found.split("\n")[1] == (
        "::error title=myapp::A differs on Heroku since v7:"
        " invoke config.history --app myapp --name A"
    )


def test_no_command_is_named_that_prints_values_in_clear() -> None:
    assert "releases:info" not in drift(MIXED) + summary(MIXED)


def test_no_person_is_in_a_log_that_is_widely_read() -> None:
    assert PERSON not in drift(MIXED) + summary(MIXED)


def test_a_lock_of_another_key_is_told_with_what_to_do() -> None:
    failure = BadLock(
        ".env.production.lock",
        [Complaint("myapp has no CONFIG_LOCK_KEY")],
        next_step="run config.sync, then config.lock, and commit the lock",
    )
    [line] = drift([Unchecked("myapp", failure)]).split("\n")
    assert "myapp has no CONFIG_LOCK_KEY" in line
    assert "run config.sync, then config.lock, and commit the lock" in line
    assert "run config.sync, then config.lock" in summary([Unchecked("myapp", failure)])


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("100%", "100%25"),
        ("%0A", "%250A"),
        ("a\nb", "a%0Ab"),
        ("a\r\nb", "a%0D%0Ab"),
        ("a: b, c", "a: b, c"),
        ("a\n::error::b", "a%0A::error::b"),
        ("a\x1b[2Jb\x9bc\u202e", "a[2Jbc"),
        ("a\u2028b\x85c\x0bd", "abcd"),
    ],
    ids=ascii,
)
def test_data_is_escaped_as_githubs_toolkit_does(text: str, escaped: str) -> None:
    assert error(text, task="config.drift") == f"::error title=config.drift::{escaped}"


@pytest.mark.parametrize(
    ("app", "escaped"),
    [
        ("a:b,c", "a%3Ab%2Cc"),
        ("a%b", "a%25b"),
        ("a%3Ab", "a%253Ab"),
        ("a\r\nb", "a%0D%0Ab"),
        ("a::b", "a%3A%3Ab"),
        ("a,file=x", "a%2Cfile=x"),
    ],
    ids=ascii,
)
def test_a_property_is_escaped_as_githubs_toolkit_does(app: str, escaped: str) -> None:
    [line] = drift([Unchecked(app, DeployError("x"))]).split("\n")
    assert line == f"::error title={escaped}::could not be checked: x"


def test_several_complaints_are_one_command() -> None:
    failure = BadLock("x.lock", [Complaint("wrong", line=1), Complaint("odd", line=2)])
    [line] = drift([Unchecked("myapp", failure)]).split("\n")
    assert line.startswith(
        "::error title=myapp::could not be checked: x.lock: line 1: wrong%0Ax.lock: line 2: odd"
    )


def test_a_name_from_heroku_starts_no_command_of_its_own() -> None:
    found = drift([row(changed("A\n::stop-commands::x\r::error::"), source="x\n::error::y")])
    first, line, *_ = found.split("\n")
    assert first == "myapp drifted from x::error::y:"
    assert line.startswith(r'::error title=myapp::"A\n::stop-commands::x\r::error::"')


def test_a_files_name_starts_no_command_of_its_own() -> None:
    assert drift([row(source="x\n::error::y\x1b")]) == (
        "myapp is in sync with x::error::y: 3 equal."
    )


any_text = st.text(st.characters(), max_size=8) | st.sampled_from(
    ["::error::x", "\n::warning::x", "|", "\\|", "`", "<b>", "a\r\nb", "%0A", "[a](b)", "\\", "**"]
)
ORIGINS = st.sampled_from([None, BROUGHT, Before(24), Never(), Unknown()])
ROWS = st.lists(
    st.builds(Unchecked, any_text, any_text.map(DeployError))
    | st.builds(
        lambda source, drifted: row(*drifted, source=source),
        any_text,
        st.lists(
            st.builds(Drifted, any_text, st.sampled_from(Kind), st.none(), ORIGINS), max_size=3
        ),
    ),
    max_size=3,
)


@given(rows=ROWS)
def test_whatever_comes_from_outside_there_is_a_line_an_app_and_a_finding(rows: list[Row]) -> None:
    lines = drift(rows).splitlines()
    findings = sum(len(each.drifted) if isinstance(each, Drift) else 0 for each in rows)
    assert len(lines) == findings + len(rows) + (2 if findings else 0)
    assert all(line.isprintable() for line in lines)
    command = r"::(error|warning) title=[^:,]*::.*"
    assert all(re.fullmatch(command, line) for line in lines if line.startswith("::"))
    assert sum(line.startswith("::") for line in lines) == sum(
        len(each.drifted) if isinstance(each, Drift) else 1 for each in rows
    )


# The table.


def test_the_summary_is_a_table_of_what_is_not_in_sync() -> None:
    assert summary(MIXED) == "\n".join(
        [
            "### Config drift: 1 of 3 apps in sync",
            "",
            "| app | var | what | since |",
            "|---|---|---|---|",
            "| myapp | LEVEL | differs on Heroku | v7 2026\\-03\\-01T04:05:06Z |",
            "| myapp | NEW | is only on Heroku | before v24 |",
            "| myapp | TOKEN | is missing on Heroku | it was never set |",
            "| myapp | X | differs on Heroku | since when is unknown |",
            r"| last |  | could not be checked: no \(503\) \[Request\-Id abc\] |  |",
            "",
        ]
    )


def test_where_all_is_in_sync_there_is_no_table() -> None:
    assert summary([row(), row(app="other")]) == "### Config drift: 2 of 2 apps in sync\n"


def test_an_underscore_in_a_name_is_no_emphasis() -> None:
    assert r"| LOG\_LEVEL |" in summary([row(changed("LOG_LEVEL"))])


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("A|B", r"A\|B"),
        (r"A\|B", r"A\\\|B"),
        ("A\nB\r\nC", "A B C"),
        ("A\n| x | y |", r"A \| x \| y \|"),
        ("`A`", r"\`A\`"),
        ("<img src=x>", r"\<img src=x\>"),
        ("&lt;", r"\&lt;"),
        ("[a](https://x)", r"\[a\]\(https:<!-- -->//x\)"),
        ("https://x.example/y", r"https:<!-- -->//x.example/y"),
        ("HTTP://x.example WwW.x.example", "HTTP:<!-- -->//x.example WwW<!-- -->.x.example"),
        ("ana@x.example", "ana@<!-- -->x.example"),
        ("@somebody", "@<!-- -->somebody"),
        ("A\x1b[2J\u202e", r"A\[2J"),
        ("# A", r"\# A"),
    ],
    ids=ascii,
)
def test_a_cell_can_break_neither_the_table_nor_be_markdown(text: str, cell: str) -> None:
    lines = summary([Unchecked("myapp", DeployError(text))]).split("\n")
    assert lines[4] == f"| myapp |  | could not be checked: {cell} |  |"


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("LOG.LEVEL-2:x", r"LOG.LEVEL\-2:x"),
        ("www.x.example", "www<!-- -->.x.example"),
        ("A|B", r'"A\|B"'),
        ("A\nB", r'"A\\nB"'),
        ("https://x.example", '"https:<!-- -->//x.example"'),
        ("A" * 300, '"' + "A" * 80 + '…"'),
    ],
    ids=ascii,
)
def test_a_name_in_a_cell_is_plain_or_in_quotes(name: str, cell: str) -> None:
    lines = summary([row(changed(name))]).split("\n")
    assert lines[4] == f"| myapp | {cell} | differs on Heroku |  |"


@given(rows=ROWS)
def test_whatever_comes_from_outside_each_line_of_the_table_has_four_cells(rows: list[Row]) -> None:
    _, *table = summary(rows).replace("<!-- -->", "").splitlines()
    bare = [re.sub(r"\\[!-/:-@\[-`{-~]", "", line) for line in table if line]
    assert all(line.count("|") == 5 and "\\" not in line for line in bare)
    assert all(line.isprintable() for line in table)
    assert not any(set(line) & set("<>&`[]") for line in bare)
