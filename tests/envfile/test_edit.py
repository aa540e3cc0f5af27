import tempfile
from collections.abc import Mapping
from pathlib import Path

import dotenv
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.envfile.edit import edit
from deploy.envfile.encoding import MAX_BLANKS, MAX_BYTES
from deploy.envfile.parser import parse
from deploy.errors import BadEnvFile
from deploy.secret import MASK, Secret

PEM = (
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcw+/==\n"
    "-----END PRIVATE KEY-----\n"
)


def edited(text: str | bytes, **changes: str | None) -> bytes:
    data = text if isinstance(text, bytes) else text.encode()
    secrets = {name: None if value is None else Secret(value) for name, value in changes.items()}
    done = edit(data, secrets, source="f")
    assert done.left_out == ()
    return done.data


def values(data: bytes) -> dict[str, str]:
    found = parse(data, source="f", may_be_empty=True)
    return {entry.name: entry.value.reveal() for entry in found.entries}


def values_of_dotenv(data: bytes) -> dict[str, str | None]:
    """As python-dotenv itself opens and reads a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, ".env")
        path.write_bytes(data)
        return dict(dotenv.dotenv_values(path, interpolate=False))


# How a value is written.


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("info", "A=info"),
        ("https://host:80/a%20b,c@d+e=-_.", "A=https://host:80/a%20b,c@d+e=-_."),
        ("", "A="),
        ("two words", "A='two words'"),
        (" at the ends ", "A=' at the ends '"),
        ("a#b", "A='a#b'"),
        ("$HOME ${X}", "A='$HOME ${X}'"),
        ('say "x"', "A='say \"x\"'"),
        ("it's", 'A="it\'s"'),
        ("back\\", r'A="back\\"'),
        (r"^\d+$", r"A='^\d+$'"),
        (r"App\Kernel", r"A='App\Kernel'"),
        (r"C:\temp\new x", r"A='C:\temp\new x'"),
        (r"a\\b", r'A="a\\\\b"'),
        ("it's a\\b", 'A="it\'s a\\\\b"'),
        ("\\'", 'A="\\\\\'"'),
        ("a\\b\nc", r'A="a\\b\nc"'),
        ("undefined", "A='undefined'"),
        ("op://v/i/f", "A='op://v/i/f'"),
        ("x,B_TOKEN=1", "A='x,B_TOKEN=1'"),
        ("it's ${X}\\", r"A='it\'s ${X}\\'"),
        ("op://v/i/it's", r"A='op://v/i/it\'s'"),
        ("'\"", 'A="\'\\""'),
        ("a\nb\r\nc\rd", r'A="a\nb\r\nc\rd"'),
        ("tab\there", "A='tab\there'"),
        ("\U0001f511 \u00e9 \u2028 \ufeff \u00a0", "A='\U0001f511 \u00e9 \u2028 \ufeff \u00a0'"),
        ("X=1\nY=2", r'A="X=1\nY=2"'),
    ],
    ids=ascii,
)
def test_a_value_is_written_on_one_line_and_read_back(value: str, line: str) -> None:
    data = edited("", A=value)
    assert data == f"{line}\n".encode()
    assert values(data) == values_of_dotenv(data) == {"A": value}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("A", "a\0b"),
        ("A", "\x1b[2J"),
        ("A", "\x85"),
        ("A", "\x0c"),
        ("A", "\ud800"),
        ("A", " " * (MAX_BLANKS + 1)),
        ("A", MASK),
        ("1A", "x"),
        ("A-B", "x"),
        ("\u00c4", "x"),
        ("", "x"),
    ],
    ids=ascii,
)
def test_what_no_env_file_can_hold_is_left_out_by_name(name: str, value: str) -> None:
    done = edit(b"B=1\nA=old\n", {name: Secret(value), "C": Secret("3")}, source="f")
    assert done.left_out == (name,)
    assert done.data == b"B=1\nA=old\nC=3\n"


# What stays.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A=1\n", "A=n w\n"),
        ("A=1", "A=n w"),
        ("A=1\r\nB=2\r\n", "A=n w\r\nB=2\r\n"),
        ("B=2\rA=1\rC=3\r", "B=2\rA=n w\rC=3\r"),
        ("\ufeffA=1\n", "\ufeffA=n w\n"),
        ("  export  A = 1   # why\nB=2\n", "  export  A = n w   # why\nB=2\n"),
        ("'A'='1' # why\n", "'A'=n w # why\n"),
        ("A=# not a comment\n", "A=n w\n"),
        ("A= # a comment\n", "A=n w # a comment\n"),
        ('A="x"# close\n', "A=n w# close\n"),
        ("A=x # y # z\n", "A=n w # y # z\n"),
        ("A=a#b\n", "A=n w\n"),
        ("A=\n\n# a\nB=2\n", "A=n w\n\n# a\nB=2\n"),
        ("\n\n# a\n\nA=1\n\n\n", "\n\n# a\n\nA=n w\n\n\n"),
        ('A="x\ny\nz" # why\nB=2\n', "A=n w # why\nB=2\n"),
        ("A='x\r\ny\r\n'\r\n# b\r\nB=2\r\n", "A=n w\r\n# b\r\nB=2\r\n"),
        ('A="x\\"y"\n', "A=n w\n"),
        ('A="x\\\\"\nB="y"\n', 'A=n w\nB="y"\n'),
        ("B='2\n3'\nA=1\n", "B='2\n3'\nA=n w\n"),
        ("B=\u2028x\n# \u2028\nA=1\n", "B=\u2028x\n# \u2028\nA=n w\n"),
    ],
    ids=ascii,
)
def test_only_the_text_of_the_value_gives_way(before: str, after: str) -> None:
    data = edited(before, A="n w")
    assert data == after.replace("n w", "'n w'").encode()
    assert values(data)["A"] == "n w"
    assert values_of_dotenv(data)["A"] == "n w"


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("A=1 # c\n", "", 'A="" # c\n'),
        ("A=1\n", "", "A=\n"),
        ("A=1  \n", "", "A=  \n"),
        ('A="1"#c\n', "2", "A='2'#c\n"),
        ('A="1"#c\n', "", 'A=""#c\n'),
        ("A= # c\n", "2", "A=2 # c\n"),
    ],
)
def test_a_comment_behind_a_value_stays_one(before: str, value: str, after: str) -> None:
    data = edited(before, A=value)
    assert data == after.encode()
    assert values(data) == values_of_dotenv(data) == {"A": value}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A=1\nB=2\n", "B=2\n"),
        ("# of A\nA=1\n\nB=2\n", "# of A\n\nB=2\n"),
        ('A="1\n2"\nB=2\n', "B=2\n"),
        ("B=2\nA=1", "B=2\n"),
        ("A=1\n", ""),
    ],
)
def test_an_entry_goes_with_its_lines_and_nothing_else(before: str, after: str) -> None:
    assert edited(before, A=None) == after.encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "A=1\nB=2\n"),
        ("# a\n", "# a\nA=1\nB=2\n"),
        ("C=3", "C=3\nA=1\nB=2\n"),
        ("C=3\r\n", "C=3\r\nA=1\r\nB=2\r\n"),
        ("C=3\r\nD=4", "C=3\r\nD=4\r\nA=1\r\nB=2\r\n"),
        ("C=3\n\n\n", "C=3\n\n\nA=1\nB=2\n"),
        ("C=3\r", "C=3\rA=1\rB=2\r"),
        ("C=3\nD=4\r\n", "C=3\nD=4\r\nA=1\r\nB=2\r\n"),
    ],
)
def test_new_entries_are_appended_sorted_with_the_files_line_ends(before: str, after: str) -> None:
    assert edited(before, B="2", A="1") == after.encode()


@pytest.mark.parametrize("text", ["", "\n", "# a\n", "A=1\r\n# b\r\n\r\nB='x\ny'\n", "\ufeff"])
def test_nothing_to_change_changes_no_byte(text: str) -> None:
    assert edited(text) == text.encode()


def test_a_file_that_does_not_parse_is_refused() -> None:
    with pytest.raises(BadEnvFile, match="f: line 1: A: a name without ="):
        edit(b"A\n", {"B": Secret("2")}, source="f")


def test_a_file_that_would_be_too_large_is_refused() -> None:
    with pytest.raises(BadEnvFile, match="f: would be larger than 1,048,576 bytes"):
        edit(b"", {"A": Secret("x" * MAX_BYTES)}, source="f")


def test_a_file_as_large_as_one_may_be_is_written() -> None:
    data = edited("", A="x" * (MAX_BYTES - len("A=\n")))
    assert len(data) == MAX_BYTES


CIPHER = {name: Secret("encrypted:abc") for name in ("NEW", "A")}


def test_ciphertext_is_left_out_and_what_it_would_replace_stays() -> None:
    done = edit(b"A=1\nB=2\n", {**CIPHER, "B": Secret("3")}, source="f")
    assert (done.data, done.left_out) == (b"A=1\nB=3\n", ("A", "NEW"))


def test_ciphertext_is_written_where_the_app_decrypts_it_itself() -> None:
    done = edit(b"A=1\n", CIPHER, source="f", encrypted=("A", "NEW"))
    assert (done.data, done.left_out) == (b"A=encrypted:abc\nNEW=encrypted:abc\n", ())
    assert edit(b"A=1\n", CIPHER, source="f", encrypted=["N*"]).left_out == ("A",)


def test_what_holds_secrets_does_not_show_them() -> None:
    done = edit(b"", {"A": Secret("canary")}, source="f")
    assert "canary" not in f"{done} {done!r} {(done,)}"


# Whatever the values hold.


def text(min_size: int = 0) -> st.SearchStrategy[str]:
    """Any text whose only control characters are tab, CR and LF; the awkward ones often."""
    awkward = ["'", '"', "\\", "#", " #", "$", "${A}", "=", "\n", "\r\n", "\r", "\t", " ", "\u00a0"]
    awkward += [
        "\u2028",
        "\ufeff",
        "\U0001f511",
        "\nB=",
        "\nexport C=",
        "\\n",
        "\\'",
        "-----",
        "A=",
    ]
    anything = st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\r\n")
    pieces = st.lists(st.sampled_from(awkward) | anything, min_size=min_size, max_size=12)
    return pieces.map("".join) | st.sampled_from([PEM, PEM.replace("\n", "\r\n"), MASK + " "])


NAMES = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,20}\Z") | st.sampled_from(["A", "B", "C", "D"])
VARS = st.dictionaries(NAMES, text().filter(lambda value: value != MASK), max_size=6)
COMMENTED = "# of the app\n\nexport A=1 # why\n\n  B = 'two words'\n# the end"
STALE = st.lists(
    st.sampled_from(
        [
            '# it\'s "quoted"',
            "",
            "A=old",
            "export B='old \\' one' # why",
            'C="of\nthree\nlines"',
            "  D = old # c",
            "E=",
            "F= # none",
            "G=x\\",
            "'H'=1",
            'I="ends in \\\\"',
        ]
    ),
    unique=True,
    max_size=8,
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])


def holds(wanted: Mapping[str, str], before: bytes) -> None:
    done = edit(before, {name: Secret(value) for name, value in wanted.items()}, source="f")
    assert done.left_out == ()
    kept = {name: value for name, value in values(before).items() if name not in wanted}
    assert values(done.data) == {**kept, **wanted}
    assert values_of_dotenv(done.data) == {**kept, **wanted}
    suspects = {s.name for s in parse(done.data, source="f", may_be_empty=True).suspects}
    assert suspects <= {s.name for s in parse(before, source="f", may_be_empty=True).suspects}


@given(wanted=VARS)
@example(wanted={"A": "x\\", "B": "\\", "C": "'\\", "D": '"\\'})
def test_into_an_empty_file_every_value_comes_back(wanted: dict[str, str]) -> None:
    holds(wanted, b"")


@given(wanted=VARS)
def test_into_a_file_with_comments_every_value_comes_back(wanted: dict[str, str]) -> None:
    holds(wanted, COMMENTED.encode())


@given(wanted=VARS, lines=STALE, end=ENDS, is_ended=st.booleans())
def test_over_a_stale_file_every_value_comes_back(
    wanted: dict[str, str], lines: list[str], end: str, is_ended: bool
) -> None:
    before = end.join(lines).replace("\n", end) + end * is_ended
    holds(wanted, before.encode())


@given(wanted=VARS, lines=STALE, end=ENDS)
def test_lines_of_what_does_not_change_stay_as_they_are(
    wanted: dict[str, str], lines: list[str], end: str
) -> None:
    before = "".join(line.replace("\n", end) + end for line in lines).encode()
    after = edit(before, {name: Secret(value) for name, value in wanted.items()}, source="f").data
    rest = after
    for line in lines:
        name = next(iter(values(f"{line}\n".encode())), None)
        if name not in wanted:
            written = line.replace("\n", end).encode() + end.encode()
            assert written in rest
            rest = rest[rest.index(written) + len(written) :]
