import random
import traceback
from base64 import b64encode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.envfile import multiline
from deploy.envfile.parser import EnvFile, legible, parse
from deploy.envfile.warnings import INSIDE_QUOTES, joined
from deploy.errors import BadEnvFile
from deploy.secret import Secret

from ..growth import growth

NEWLINES = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}
BAD_NAME = "a name must be letters, digits and underscores, and not begin with a digit"
CUT = "the text from # on is taken as a comment: quote the value if it belongs to it"
HASH = "other readers end an unquoted value at #: quote it"
BACKTICK = "begins with a backtick, which is no quote here: it is part of the value"
ESCAPED = "a backslash in double quotes is an escape: single quotes take it as it stands"
TOKEN = "0123456789abcdef0123"
PEM_LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"


def read(text: str) -> EnvFile:
    return parse(text.encode(), source="f")


def values(text: str) -> dict[str, str]:
    return {name: value.reveal() for name, value in read(text).vars.items()}


def complaints(data: str | bytes) -> list[str]:
    """Every complaint about a file that is refused, as text, without the file's name."""
    data = data.encode() if isinstance(data, str) else data
    with pytest.raises(BadEnvFile) as caught:
        parse(data, source="f")
    return [str(complaint) for complaint in caught.value.complaints]


def warnings(text: str) -> list[str]:
    return [str(warning) for warning in read(text).warnings]


def suspects(text: str) -> list[tuple[str, int]]:
    return [(suspect.name, suspect.line) for suspect in read(text).suspects]


# What is read.


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=1", "1"),
        ("A=1\n", "1"),
        ("  A = 1  \n", "1"),
        ("\tA\t=\t1\t\n", "1"),
        ("export A=1", "1"),
        ("export   A=1", "1"),
        ("A=", ""),
        ("A=''", ""),
        ('A=""', ""),
        ("A= # comment", ""),
        ("A=x#y", "x#y"),
        ("A=#x", "#x"),
        ("A=x # y", "x"),
        ("A='x # y'", "x # y"),
        ('A="x # y" # z', "x # y"),
        ("A=x y", "x y"),
        ("A=x=y", "x=y"),
        ("A==", "="),
        ("A=a'b", "a'b"),
        ("A='a\\'b'", "a'b"),
        ('A="a\\"b"', 'a"b'),
        ('A="a\\nb"', "a\nb"),
        ("A='a\\nb'", "a\\nb"),
        ("A=a\\nb", "a\\nb"),
        ('A="a\nb"', "a\nb"),
        ("A='a\nb\n'", "a\nb\n"),
        ('A="a\\tb"', "a\tb"),
        ('A="a\tb"', "a\tb"),
        ('A="a\\r\\nb"', "a\r\nb"),
        ("A=$HOME ${HOME} $(id) `id`", "$HOME ${HOME} $(id) `id`"),
        ("A=é\U0001f600", "é\U0001f600"),
        ("A=\\", "\\"),
        ("'A'=1", "1"),
    ],
    ids=repr,
)
def test_a_value_is_read_as_the_grammar_says(text: str, value: str) -> None:
    assert values(text) == {"A": value}


def test_nothing_is_taken_from_the_deployers_own_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTHER", "from outside")
    assert values("A=${OTHER}\nB=${MISSING:-x}\n") == {"A": "${OTHER}", "B": "${MISSING:-x}"}


def test_comments_and_blank_lines_declare_nothing() -> None:
    assert values("# B=2\n\n   # C=3\nA=1\n   \n#") == {"A": "1"}


def test_entries_keep_the_order_and_the_lines_of_the_file() -> None:
    found = read('# x\nB=2\n\nA="1\n\n2"\n\n\nexport C=3')
    assert [(e.name, e.line) for e in found.entries] == [("B", 2), ("A", 4), ("C", 9)]


def test_a_file_without_oddities_has_no_warnings_and_no_suspects() -> None:
    found = read("A=1\nB='2'\n")
    assert (found.warnings, found.suspects) == ((), ())


def test_a_parsed_file_does_not_show_its_values_when_printed() -> None:
    assert repr(read("A=c4nary")) == (
        "EnvFile(entries=(Entry(name='A', value=Secret(********), line=1, last_line=1),),"
        " warnings=(), suspects=())"
    )


NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name != "export"
)
VISIBLE = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs")
)


def is_readable(value: str) -> bool:
    """Whether a file may hold it; no mask is as short as what these tests make."""
    return not Secret(value).is_encrypted("A", expected=())


PLAIN = st.text(VISIBLE, min_size=1, max_size=7).filter(
    lambda text: text[0] not in "'\"#" and is_readable(text)
)
QUOTED = st.text(st.one_of(VISIBLE, st.sampled_from(" \n\t")), max_size=7).filter(is_readable)


@given(declared=st.dictionaries(NAMES, PLAIN, min_size=1, max_size=6))
def test_plain_entries_are_read_back_as_they_were_written(declared: dict[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in declared.items())
    assert values(text) == declared


@given(declared=st.dictionaries(NAMES, QUOTED, min_size=1, max_size=6))
def test_single_quoted_entries_are_read_back_as_they_were_written(
    declared: dict[str, str],
) -> None:
    def quoted(value: str) -> str:
        return value.replace("\\", "\\\\").replace("'", "\\'")

    text = "".join(f"{name}='{quoted(value)}'\n" for name, value in declared.items())
    assert values(text) == declared


@given(
    above=st.lists(st.sampled_from(["", "   ", "# a comment", "\t# B=2", "#", "Z='1\n2'"])),
    newline=st.sampled_from(list(NEWLINES.values())),
    bom=st.sampled_from(["", "\ufeff"]),
)
@example(above=[""], newline="\r\n", bom="\ufeff")
def test_what_stands_above_an_entry_does_not_change_its_true_line(
    above: list[str], newline: str, bom: str
) -> None:
    above = [text.replace("Z", f"Z{number}") for number, text in enumerate(above)]
    text = "\n".join([*above, "LAST=1", ""])
    true_line = text[: text.index("LAST")].count("\n") + 1

    found = read(bom + text.replace("\n", newline))

    assert (found.entries[-1].name, found.entries[-1].line) == ("LAST", true_line)


@given(
    lines=st.lists(
        st.sampled_from(
            ["A=1", "B='x\ny'", 'C="x\n\nD=1"', "# c", "", "  ", "E=x # y", "F=changeme", "G"]
        ),
        unique=True,
        max_size=8,
    ),
    bom=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_line_ends_and_a_byte_order_mark_make_no_difference(lines: list[str], bom: bytes) -> None:
    def outcome(newline: str, bom: bytes) -> object:
        try:
            data = bom + "\n".join(["X=1", *lines]).replace("\n", newline).encode()
            return parse(data, source="f")
        except BadEnvFile as error:
            return error.complaints

    expected = outcome("\n", b"")
    assert outcome("\r\n", bom) == outcome("\r", bom) == outcome("\n", bom) == expected


# What is refused.


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"  \t\r\n ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"], ids=repr
)
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert complaints(data) == ["is empty: it declares nothing"]


def test_a_file_of_comments_alone_is_refused() -> None:
    assert complaints("# A=1\n\n  # B=2\n") == ["declares nothing: it holds comments alone"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_utf_16_and_utf_32_are_refused_by_name(codec: str) -> None:
    assert complaints("A=c4nary\n".encode(codec)) == ["is UTF-16 or UTF-32: save it as UTF-8"]


@pytest.mark.parametrize("newline", NEWLINES.values(), ids=list(NEWLINES))
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["no-bom", "bom"])
def test_a_line_that_is_not_utf_8_is_told_by_its_true_line(newline: str, bom: bytes) -> None:
    data = bom + f"A=1{newline}{newline}".encode() + b"\xe9=c4nary\n"
    assert complaints(data) == ["line 3: is not UTF-8"]


def test_one_mebibyte_is_read() -> None:
    text = "A=1\n#"
    assert values(text + "x" * ((1 << 20) - len(text))) == {"A": "1"}


def test_one_byte_more_than_a_mebibyte_is_refused() -> None:
    text = "A=1\n#"
    data = text + "x" * ((1 << 20) + 1 - len(text))
    assert complaints(data) == ["is larger than 1,048,576 bytes"]


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0"], ids=repr)
def test_a_thousand_blanks_in_a_row_are_read(blank: str) -> None:
    assert values(f"A=x{blank * 1000}y") == {"A": f"x{blank * 1000}y"}


@pytest.mark.parametrize("blank", [" ", "\t", " \t", "\u00a0", "\u2003"], ids=repr)
def test_more_than_a_thousand_blanks_in_a_row_are_refused_with_their_line(blank: str) -> None:
    text = f"B=1\n\nA=x{(blank * 1001)[:1001]}y"
    assert complaints(text) == ["line 3: has more than 1,000 blanks in a row"]


def test_blank_lines_are_no_blanks_in_a_row() -> None:
    assert values("\r\n" * 3000 + "A=1") == {"A": "1"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("=1", "line 1: does not parse as NAME=value"),
        ("A B=1", "line 1: does not parse as NAME=value"),
        ("\n\n- A\n", "line 3: does not parse as NAME=value"),
        ('A="1', "line 1: A: a quote is left open, or text follows the closing one"),
        ("A='1", "line 1: A: a quote is left open, or text follows the closing one"),
        ('export A = "1', "line 1: A: a quote is left open, or text follows the closing one"),
        ('A="1"2', "line 1: A: a quote is left open, or text follows the closing one"),
        ("A='it's'", "line 1: A: a quote is left open, or text follows the closing one"),
        ("KEY", "line 1: KEY: a name without ="),
        ("DATABASE_URL # x", "line 1: DATABASE_URL: a name without ="),
        ("export API_KEY", "line 1: API_KEY: a name without ="),
        ("A-B=1", f"line 1: {BAD_NAME}"),
        ("1A=1", f"line 1: {BAD_NAME}"),
        ("É=1", f"line 1: {BAD_NAME}"),
        ("'A B'=1", f"line 1: {BAD_NAME}"),
        ("A=********", "line 1: A: is a mask, as this program prints it, and not a value"),
        ('A="********"', "line 1: A: is a mask, as this program prints it, and not a value"),
    ],
    ids=repr,
)
def test_what_does_not_hold_up_is_refused(text: str, complaint: str) -> None:
    assert complaints(f"{text}\n") == [complaint]


def test_a_name_that_is_declared_again_is_refused() -> None:
    assert complaints("A=1\nB=2\n\nA=2\n") == ["line 4: A: is declared again (first on line 1)"]


FULL_LINE = "Zq8Wn2rT5yUiOpAsDfGhJkLzXcVbNm1QwErTyUiOpAsDfGhJkLzXcVbNm9QwErTy"


@pytest.mark.parametrize(
    "tail", ["Zq8Wn2rT5yUiOpAsDfGhJg==", "aGVsbG8=", "Ab1=", "zz8=", "QUJDREVGR0hJSktMTU4="]
)
def test_the_end_of_wrapped_base64_is_no_name(tail: str) -> None:
    """`openssl rand -base64 64` prints two lines: half of the secret would be a var's name."""
    assert complaints(f"A=1\nSECRET_KEY={FULL_LINE}\n{tail}\nB=2\n") == [
        "line 3: reads as the end of the base64 value above: write that on one line, or in quotes"
    ]


@pytest.mark.parametrize("tail", ["CDN=", "ABCDEFG=", "ABCDEFGHIJK="])
def test_a_word_below_a_full_line_of_base64_may_be_its_end(tail: str) -> None:
    """As `openssl rand -base64 50` prints it in one of eleven cases; the name is not repeated."""
    assert warnings(f"SECRET_KEY={FULL_LINE}\n{tail}\nDEBUG=\n") == [
        f"line 2: {multiline.MAY_BE_TAIL}"
    ]


@pytest.mark.parametrize("text", ["CDN=x\n", "DEBUG=\n", "\nCDN=\n", "# x\nCDN=\n"])
def test_what_cannot_be_its_end_is_not_warned_about(text: str) -> None:
    assert warnings(f"SECRET_KEY={FULL_LINE}\n{text}") == []


def test_lines_of_76_characters_are_wrapped_base64_too() -> None:
    """As base64(1) and MIME wrap it."""
    text = f"A={FULL_LINE}{FULL_LINE[:12]}\nAbc1Abc=\n"
    assert complaints(text) == [f"line 2: {multiline.TAIL}"]


def test_no_tail_that_openssl_prints_becomes_a_name() -> None:
    found = random.Random(7)
    for _ in range(400):
        whole = b64encode(found.randbytes(64)).decode()
        text = f"SECRET_KEY={whole[:64]}\n{whole[64:]}\n"
        with pytest.raises(BadEnvFile) as caught:
            read(text)
        assert whole[64:76] not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"A={'0f' * 32}\nAbc=\n",
        f"A={FULL_LINE[:-1]}.\nAbc=\n",
        f"A={FULL_LINE}\nCDN=\nDEBUG=\n",
        f"A={FULL_LINE}\n\nAbc1=\n",
        f"A={FULL_LINE[:-4]}\nAbc1=\n",
        f"A='{FULL_LINE}'\nAbc1=\n",
        f"A={FULL_LINE}\nB=2\nAbc1=\n",
        f"A={FULL_LINE}\nAbc1=x\n",
    ],
    ids=[
        "hex",
        "no base64",
        "capitals",
        "blank line",
        "shorter",
        "quoted",
        "another line",
        "a value",
    ],
)
def test_an_empty_entry_below_a_long_value_is_an_entry(text: str) -> None:
    assert len(read(text).entries) == text.count("=")


def test_a_name_that_is_declared_again_with_the_same_value_is_warned_about() -> None:
    text = "A=1\nB=2\n\nA='1'\n"
    assert values(text) == {"A": "1", "B": "2"}
    assert warnings(text) == ["line 4: A: is declared again, with the same value (first on line 1)"]


def test_names_that_differ_in_case_are_two_names() -> None:
    assert values("A=1\na=2\n") == {"A": "1", "a": "2"}


@pytest.mark.parametrize(
    "value",
    [
        *("x\0y", "x\x01y", "x\x07y", "x\x1by", "x\x7fy", "x\x80y", "x\x9fy", "x\x85y"),
        *("'x\x0by'", "'x\x0cy'", "'x\x1fy'", "'x\x1b[31my'"),
    ],
    ids=ascii,
)
def test_a_control_character_is_refused(value: str) -> None:
    assert complaints(f"\nAPP=1\nA={value}\n") == ["line 3: A: holds a control character"]


@pytest.mark.parametrize(
    "value", ['"C:\\app"', '"x\\ay"', '"x\\by"', '"x\\fy"', '"x\\vy"', '"C:\\Users\\bob"']
)
def test_a_control_character_that_an_escape_made_is_told_by_its_cause(value: str) -> None:
    assert complaints(f"\nA={value}\n") == [f"line 2: A: holds a control character: {ESCAPED}"]


@pytest.mark.parametrize(
    "line", ["A=x\x1c", "A=x\x1f ", "A=\x1dx", "A= \x0cx", "A=x\x0b", "A=x\x85"], ids=ascii
)
def test_a_control_character_at_an_end_is_refused_and_not_dropped(line: str) -> None:
    assert complaints(f"{line}\n") == ["line 1: A: holds a control character"]


def test_a_null_byte_near_the_start_is_called_a_control_character() -> None:
    assert complaints(b"A=\0\n") == ["line 1: A: holds a control character"]


def test_every_complaint_is_told_at_once_in_the_order_of_the_file() -> None:
    text = "\n".join(
        ["# start", "A=1", "", "BARE", "A-B=2", "A=3", 'C="\x07"', "D=********", "= x", 'E="open']
    )
    with pytest.raises(BadEnvFile) as caught:
        parse(text.encode(), source=".env.production")
    assert str(caught.value) == "\n".join(
        [
            ".env.production: line 4: BARE: a name without =",
            f".env.production: line 5: {BAD_NAME}",
            ".env.production: line 6: A: is declared again (first on line 2)",
            ".env.production: line 7: C: holds a control character",
            ".env.production: line 8: D: is a mask, as this program prints it, and not a value",
            ".env.production: line 9: does not parse as NAME=value",
            ".env.production: line 10: E: a quote is left open, or text follows the closing one",
        ]
    )


def test_blank_lines_above_do_not_move_the_reported_line() -> None:
    assert complaints("\n\nnot a pair\n") == ["line 3: does not parse as NAME=value"]


def test_of_many_complaints_the_first_are_told_and_how_many_more() -> None:
    found = complaints("x\n" * 1_234)
    assert found[0] == "line 1: a name without ="
    assert found[19:] == ["line 20: a name without =", "and 1,214 more complaints"]
    assert len(complaints("x\n" * 20)) == 20


@pytest.mark.parametrize("line", ["A{}=${{X}}\n", "A{}=changeme\n", "A{}='\nB_C=x'\n"], ids=ascii)
def test_many_warnings_are_told_in_time_that_grows_with_them(line: str) -> None:
    def told(count: int) -> object:
        found = read("".join(line.format(number) for number in range(count)))
        return list(joined(found.warnings_about(found.vars)))

    assert growth(told, 150) < 2.2


def test_a_line_as_long_as_a_file_may_be_is_judged_whole() -> None:
    """In time that grows with the line, or this test would take half a minute."""
    assert len(suspects("A=x" + " B=1" * 200_000 + "\n")) == 200_000


# One thing that is wrong, said once.

KEY_LINES = f"-----BEGIN RSA KEY-----\n{PEM_LINE}\n{PEM_LINE}\nabc=\n7g==\n-----END RSA KEY-----\n"


@pytest.mark.parametrize("newline", NEWLINES.values(), ids=list(NEWLINES))
def test_a_key_of_several_lines_without_quotes_is_one_complaint(newline: str) -> None:
    text = f"A=1\nPRIVATE_KEY={KEY_LINES}B=2\nC\nD_KEY={KEY_LINES}".replace("\n", newline)
    assert complaints(text) == [
        "line 2: PRIVATE_KEY: a value of several lines needs quotes",
        "line 9: C: a name without =",
        "line 10: D_KEY: a value of several lines needs quotes",
    ]


def test_a_key_on_one_line_needs_no_quotes() -> None:
    value = KEY_LINES.strip().replace("\n", "\\n")
    assert values(f"A={value}\nB=1\n") == {"A": value, "B": "1"}


@pytest.mark.parametrize("rest", ["two`", "two\nthree `\n", "two\n\nthree"])
def test_backticks_over_several_lines_are_one_complaint(rest: str) -> None:
    assert complaints(f"A=`one\n{rest}\nB\n")[0] == (
        "line 1: A: a value of several lines needs quotes; a backtick is none"
    )
    assert len(complaints(f"A=`one\n{rest}\n")) == 1


def test_backticks_end_wherever_the_second_one_stands() -> None:
    assert complaints("A=`one\ntwo` three\nB\n") == [
        "line 1: A: a value of several lines needs quotes; a backtick is none",
        "line 3: B: a name without =",
    ]


@pytest.mark.parametrize(
    "value",
    [
        '{\n  "type": "c4nary",\n  "private_key": "-----BEGIN",\n  "x": {\n  }\n}',
        '[\n  "c4nary",\n\n  "c4nary"\n]',
    ],
    ids=["object", "array"],
)
def test_json_over_several_lines_without_quotes_is_one_complaint(value: str) -> None:
    assert complaints(f"A=1\nGOOGLE_CREDENTIALS={value}\nB=2\nC\n") == [
        "line 2: GOOGLE_CREDENTIALS: a value of several lines needs quotes",
        f"line {value.count(chr(10)) + 4}: C: a name without =",
    ]


def test_a_bracket_below_a_blank_line_ends_json_too() -> None:
    assert complaints('A={\n  "x": 1\n\n}\nB\n') == [
        "line 1: A: a value of several lines needs quotes",
        "line 5: B: a name without =",
    ]


@pytest.mark.parametrize("value", ["`x`", "`", "{", "[", "-----BEGIN", "-----BEGIN HERE"])
def test_what_opens_nothing_takes_no_blame_for_a_line_further_down(value: str) -> None:
    assert complaints(f"A={value}\nB=1\nC\n") == ["line 3: C: a name without ="]


def test_a_value_that_backticks_close_takes_no_blame_for_the_next_line() -> None:
    assert complaints("A=`x`\nB\n") == ["line 2: B: a name without ="]


def test_a_bracket_alone_is_a_value() -> None:
    assert values("A={\nB=1\n") == {"A": "{", "B": "1"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"A": "c4nary", "B": 1}', "JSON"),
        ('{\n  "A": "c4nary",\n  "B": 1,\n}\n', "JSON"),
        ('[{"name": "A", "value": "c4nary"}]', "JSON"),
        ("[1,\n 2]\n", "JSON"),
        ("A: c4nary\nB: 1\n", "YAML"),
        ("---\n# x\nconfig:\n  A: c4nary\n  list:\n    - c4nary\n", "YAML"),
        ('[section]\na = "c4nary"\n', "TOML or INI, with sections"),
        ("A=1\n\n[tool.x]\nb = c4nary\n", "TOML or INI, with sections"),
        ("#!/bin/sh\nset -e\nexport A=c4nary\n", "a shell script"),
        ("<!DOCTYPE html>\n<html>c4nary</html>\n", "HTML"),
        ("<HTML>c4nary</HTML>\n", "HTML"),
        ('<?xml version="1.0"?>\n<a>c4nary</a>\n', "XML"),
        *((f"<{root}>c4nary</{root}>\n", "XML") for root in ("plist", "project", "configuration")),
        ('[{"A": "c4nary"},]', "JSON"),
    ],
)
def test_a_file_of_another_format_is_one_complaint(text: str, what: str) -> None:
    assert complaints(text) == [f"is {what}, and no env file"]


@pytest.mark.parametrize(
    "text",
    ["A=1\nB: 2\n", "A=1\n{\n", "note to self\n", "B\n", "[x\n", "<x>\n", "- A\n", "  A=1\nB: 2\n"],
)
def test_a_file_that_could_be_an_env_file_is_told_line_by_line(text: str) -> None:
    assert all(complaint.startswith("line ") for complaint in complaints(text))


# Swallowed names.


@pytest.mark.parametrize(
    "between", [" ", "\t", "; ", ";", ",", ", ", "\\n", " export ", ";export "], ids=repr
)
def test_a_whole_file_on_one_line_is_suspect_name_by_name(between: str) -> None:
    text = between.join(["STAGE=production", "B_TOKEN=c4nary", "C_URL=x"])
    assert list(values(f"{text}\n")) == ["STAGE"]
    assert suspects(f"\n{text}\n") == [("B_TOKEN", 2), ("C_URL", 2)]
    assert warnings(f"\n{text}\n") == [
        f"line 2: {name}: an assignment inside another value: does it belong on a line of its own?"
        for name in ("B_TOKEN", "C_URL")
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("A=host=localhost dbname=x", "JAVA_OPTS=-Xmx1g -Dfoo=bar", "A=https://x/?A=b&B_C=d"),
        *("A=Driver={X};Server=x;Database=y;UID=sa;PWD=x;", "A=CN=admin,OU=users,DC=x"),
        *(
            "A=DefaultEndpointsProtocol=https;AccountName=x;AccountKey=y==",
            "A=a=b; path=/; HttpOnly",
        ),
        *("A='x B_TOKEN=c4nary'", 'A="x B_TOKEN=c4nary"', "A=YWJj YWI="),
        *("A=FOO=1 BAR=2", "A=-----BEGIN X-----\\nMIIE\\nABC=\\n-----END X-----", "A=a==b ==c"),
        *("A=X-Api-Key=1,Y_Z=2", "A=ldap://h/OU=x,DC=y"),
    ],
)
def test_what_only_holds_equal_signs_is_not_warned_about(text: str) -> None:
    assert warnings(f"{text}\n") == []


def test_a_keyword_is_a_quiet_suspect() -> None:
    found = read("A=host=localhost dbname=x\n")
    assert [(each.name, each.is_quiet) for each in found.suspects] == [("dbname", True)]


def test_a_name_that_an_open_quote_swallowed_is_a_suspect() -> None:
    text = 'A="x\nB=5"\nC=1\n'
    assert list(values(text)) == ["A", "C"]
    assert suspects(text) == [("B", 2)]


def test_a_swallowed_name_is_warned_about_with_its_line() -> None:
    assert warnings('\nA="x\nAPI_KEY=5"\nC=1\n') == [
        "line 3: API_KEY: an assignment inside a quoted value: is a quote further up left open?"
    ]


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("line", ["B=", "  B=", "export B=", "B =", "\texport  B\t="])
def test_a_swallowed_name_is_found_however_it_is_written(quote: str, line: str) -> None:
    assert suspects(f"A={quote}x\n{line}{quote}\nC=1\n") == [("B", 2)]


def test_every_line_of_a_quoted_value_is_looked_at() -> None:
    assert suspects("Z=1\nA='\nB=1\n\nC=2\nnot D\n-E=3\n'\n") == [("B", 3), ("C", 5)]


@pytest.mark.parametrize("name", ["B", "TOKEN", "SECRET", "apikey"])
def test_a_name_swallowed_after_a_token_is_a_suspect_as_well(name: str) -> None:
    # `TOKEN=` ends in = as base64 does, but is no whole group of four, so it cannot be a tail.
    assert (len(name) + 1) % 4
    assert suspects(f'A="{TOKEN}\n{name}="\nC=1\n') == [(name, 2)]


@pytest.mark.parametrize("tail", ["7g==", "7g8=", "abcd7g==", "AAAA7g8="])
@pytest.mark.parametrize(
    "layout",
    [
        pytest.param('A="-----BEGIN KEY-----\n{0}\n{1}\n-----END KEY-----\n"', id="double"),
        pytest.param("A='-----BEGIN KEY-----\n{0}\n{1}\n-----END KEY-----'", id="single"),
        pytest.param("A='{0}\n{0}\n{1}'", id="bare"),
        pytest.param('A="{0}\n{1}\n"', id="bare-double"),
        pytest.param("A='\n{0}\n{1}\n'", id="on-its-own-lines"),
        pytest.param('A="-----BEGIN KEY-----\n{1}\n-----END KEY-----"', id="tail-alone"),
    ],
)
def test_a_pem_key_passes_in_silence(layout: str, tail: str) -> None:
    assert warnings(layout.format(PEM_LINE, tail) + "\nB=1\n") == []


def test_two_certificates_in_one_value_pass_in_silence() -> None:
    part = f"-----BEGIN CERTIFICATE-----\n{PEM_LINE}\nabc=\n-----END CERTIFICATE-----\n"
    assert warnings(f'A="{part}{part}"\nB=1\n') == []


def test_a_warning_about_a_swallowed_line_names_only_what_can_be_nothing_but_a_name() -> None:
    assert warnings("A='x\nc4naryC4NARY8=1'\n") == [
        "line 2: an assignment inside a quoted value: is a quote further up left open?"
    ]


# What is warned about.


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("A=changeme", "line 1: A: looks like a placeholder that nobody filled in"),
        ("A=your_api_key_here", "line 1: A: looks like a placeholder that nobody filled in"),
        ("A='<your key>'", "line 1: A: looks like a placeholder that nobody filled in"),
        ("A=x${B}", "line 1: A: ${…} is sent as it stands: nothing is filled in"),
        ('\nA="x${B}"', "line 2: A: ${…} is sent as it stands: nothing is filled in"),
        *(
            (text, "line 1: A: looks like a reference or a template that nobody resolved")
            for text in ("A=$(x)", "A=$DB_URL", 'A="${B}"', "A=`x`", "A=op://v/i/f", "A=undefined")
        ),
        *(
            (
                text,
                f"line 1: A: {CUT}",
            )
            for text in ("A=x # y", "A=x\t#y", "export A = x #", "'A'=x # y")
        ),
        *(
            (text, "line 1: A: white space of an unusual kind is part of the value")
            for text in ("A=x\u00a0y", "A='\u00a0x'", 'A="x\u2003"', "A=x\u3000y", "A='x\u2028y'")
        ),
        *(
            (f"A=x{char}y", "line 1: A: a character that nobody sees is part of the value")
            for char in "\u200b\ufeff\u200e\u200f\u00ad\u202a\u202e\u2066\u2069\u2061\u115f\u3164"
            "\u061c\u180e\u034f\ufe00\u2800\uffa0\U000e0041\u200d"
        ),
        ("A='\u200d'", "line 1: A: a character that nobody sees is part of the value"),
        *(
            (f"A={text}", "line 1: A: curly quotes are no quotes: they are part of the value")
            for text in ("\u201cx y\u201d", "\u2018x\u2019", "\u201ex\u201c", "\u00abx\u00bb")
        ),
        (
            "A=x\ufffdy",
            "line 1: A: a character was lost when the text was read in another encoding",
        ),
        *((text, f"line 1: A: {HASH}") for text in ("A=#text", "A=abc#def", "A=https://x/#/y")),
        *(
            (text, "line 1: A: is empty: the text from # on is a comment")
            for text in ("A=   # get it from x", "A=\t# x", "A= #")
        ),
        *((text, f"line 1: A: {BACKTICK}") for text in ("A=`x", "A=`x\nB=1\nC=`y`z")),
        *(
            (text, f"line 1: A: {ESCAPED}")
            for text in ('A="C:\\temp"', 'A= "C:\\temp"', 'A="d:\\new\\x"', 'A="\\\\srv\\x"')
        ),
        *(
            (f"{name}=x", f"line 1: {name}: is set by the platform on each dyno")
            for name in ("PORT", "DYNO", "SOURCE_VERSION", "STACK", "PYTHONHOME")
        ),
        *(
            (f"{name}=x", f"line 1: {name}: is set by the shell on each dyno")
            for name in ("HOME", "PWD", "SHELL", "USER", "TERM", "BASH_ENV")
        ),
        *(
            (f"{name}=x", f"line 1: {name}: decides which programs and libraries start on a dyno")
            for name in ("PATH", "LD_PRELOAD", "LD_LIBRARY_PATH")
        ),
        ("__A=1", "line 1: __A: a name with two leading underscores is reserved by Heroku"),
    ],
    ids=ascii,
)
def test_what_is_odd_is_warned_about(text: str, warning: str) -> None:
    assert warnings(text) == [warning]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "A='x#y'",
            "A='#x'",
            "A='x # y'",
            'A="x" # y',
            "# A=x # y\nA=1",
            "A=$B",
            "A='$(x)'",
            "_A=1",
            "A=",
        ),
        *("A='${B}'", "A='x${B}'", "A='$DB_URL'", "A=$2b$12$R9h/cIPz0gi.URNNX3kh2O"),
        *("A=''", "A='x\n'", "A=x y", "A='x\ty'", "A={}", "A=é"),
        *("A=' x'", 'A="x "', "A='x\t'", "A='\u201cx\u201d y'", "A=\u2018x", "A=don\u2019t"),
        *("A=\u2764\ufe0f", "A=\U0001f468\u200d\U0001f469", "A=\u0645\u06cc\u200c\u062e"),
        *(
            "TZ=UTC",
            "LANG=C.UTF-8",
            "WEB_CONCURRENCY=2",
            "NODE_ENV=x",
            "CI=false",
            "ENV=production",
        ),
        *(r'A="C:\\new"', r'A="C:\1"', r'A="\\1"', r"A='\\host\x'", r'A="x C:\new"'),
        *("LD_SDK_KEY=x", "HOMEPAGE=x", "TMPDIR=/tmp", "PYTHONPATH=x", 'A="x\\ny"', "A='C:\\new'"),
    ],
    ids=ascii,
)
def test_what_is_ordinary_is_not_warned_about(text: str) -> None:
    assert warnings(text) == []


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("A", [f"line 2: TOKEN: {INSIDE_QUOTES}"]),
        ("B", ["line 3: B: looks like a placeholder that nobody filled in"]),
        ("C", ["line 5: C: is declared again, with the same value (first on line 4)"]),
        ("D", []),
        ("TOKEN", []),
        ("", []),
    ],
)
def test_a_warning_is_about_the_entry_whose_lines_it_stands_in(names: str, told: list[str]) -> None:
    found = read('A="x\nTOKEN=1"\nB=changeme\nC=1\nC=1\nD=1\n')
    assert [str(each) for each in found.warnings_about(names.split())] == told


def test_a_warning_about_the_whole_file_is_about_each_of_its_entries() -> None:
    found = read(f"A={'x' * 65535}\nB=1\n")
    assert found.warnings_about(["B"]) == found.warnings_about(["A"]) == found.warnings
    assert found.warnings_about([]) == ()


def test_64_kilobytes_of_names_and_values_pass() -> None:
    assert warnings(f"NAME={'v' * (65_536 - 4 - 4)}\nBB='é'\n") == []


def test_one_byte_more_than_64_kilobytes_is_warned_about() -> None:
    assert warnings(f"NAME={'v' * (65_536 - 4 - 3)}\nBB='é'\n") == [
        "all names and values together are above Heroku's limit of 64 kB"
    ]


# What is never said.

# Values of which no part may be told; those with an = would read as names of their own.
CANARIES = st.from_regex(r"c4n[a-z0-9/+]{5,12}4ry", fullmatch=True)


@given(
    canary=CANARIES,
    shapes=st.lists(
        st.sampled_from(
            [
                "A={}",
                'B="{}',
                "C='{}",
                'D="{}"{}',
                "E='{}\n{}'",
                "F={} # {}",
                "{}",
                "export {}",
                "- {}",
                "G='\n{}=1'",
                "H='\n{}==\n'",
                "I=\x07{}",
                "{}-x=1",
                "{}:{}",
                "{} {}=1",
                "A='{} '",
                "J=${{{}}}",
                "K=<{}>",
                "'{}' '{}'",
                "={}",
                "L=\u00a0{}",
                "M=`{}\n{}",
                "N=x {}=1; {}=",
                "O=\u201c{}\u201d",
                "P={}#{}",
                "Q=encrypted:{}",
                "R=-----BEGIN KEY-----\n{}\n{}=\n-----END KEY-----",
                "S={{\n{}",
                "T=$({} {})",
                "U=op://{}/{}",
                'V="C:\\{}"',
                "[{}]",
            ]
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_no_complaint_and_no_warning_holds_a_part_of_a_value(
    canary: str, shapes: list[str]
) -> None:
    text = "\n".join(shape.format(canary, canary) for shape in shapes)
    try:
        found = read(text)
    except BadEnvFile as error:
        said = "".join(traceback.format_exception(error, limit=0))
    else:
        said = repr(found.warnings) + "".join(str(warning) for warning in found.warnings)
    assert "c4n" not in said
    assert "4ry" not in said


def test_a_line_of_a_value_whose_quote_was_left_open_is_not_shown_as_a_name() -> None:
    text = f"""A="-----BEGIN KEY-----\n{PEM_LINE}\nc4naryC4NARY='\n-----END KEY-----\n"""
    assert not [complaint for complaint in complaints(text) if "c4nary" in complaint]


def test_a_repeated_tail_of_keys_whose_quotes_are_missing_is_not_shown_as_a_name() -> None:
    key = f"-----BEGIN KEY-----\n{PEM_LINE}\nc4naryC4NARY8=\n-----END KEY-----\n"
    assert not [complaint for complaint in complaints(f"A={key}B={key}") if "c4nary" in complaint]


OFF = "a quote is left open, or text follows the closing one"


@pytest.mark.parametrize(
    "text",
    [
        'A="x\nB="y\nZQ=\'\n',
        'A="x\n"B\nZQ=\'\n',
        'A="x\nZQ=********\nB="\nZQ=********\n',
        'A="x\n\nB="\nZQ="\n',
        'A=1\n"\nZQ="\n',
        "A=1\nx'y=1\nZQ='\n",
        "A=`x\ny\"z`\nZQ='\n",
        'A={\nx= "y\n" z\n}\nZQ="\n',
        'A={\n"x": 1,\nx"y=1\n}\nZQ="\n',
        'A={\n"x": 1,\n"x="y\nz"\n}\nZQ="\n',
        'A=-----BEGIN KEY-----\nx="y\n"z\n-----END KEY-----\nZQ="\n',
    ],
    ids=ascii,
)
def test_behind_a_quote_that_is_off_no_name_is_told(text: str) -> None:
    said = complaints(text)
    assert said
    assert not [complaint for complaint in said if "ZQ" in complaint]


def test_where_a_quote_is_off_the_name_before_it_is_told() -> None:
    assert complaints('B="y\nC=1\n') == [f"line 1: B: {OFF}"]


def test_behind_a_quote_that_is_off_a_name_that_was_declared_before_is_told() -> None:
    text = "A=1\nB='x\nA=2\nC=\x07\n"
    assert complaints(text) == [
        f"line 2: B: {OFF}",
        "line 3: A: is declared again (first on line 1)",
        "line 4: holds a control character",
    ]


def test_json_without_quotes_puts_no_quote_out_of_step() -> None:
    assert complaints('A={\n"x": "y=",\n}\nB="\n')[1:] == [f"line 4: B: {OFF}"]


def test_below_a_line_that_is_refused_only_a_sure_name_is_told() -> None:
    """The line above may be the first of a key without quotes, and this one its middle."""
    assert complaints("oops\nAb3dEf=\x07\nTOKEN=\x07\n") == [
        "line 1: a name without =",
        "line 2: holds a control character",
        "line 3: TOKEN: holds a control character",
    ]
    assert complaints("Ab3dEf=\x07\n") == ["line 1: Ab3dEf: holds a control character"]


def test_the_rest_of_base64_that_has_no_padding_is_not_told_as_a_name() -> None:
    """As `openssl rand -base64 51` prints it; of its 4 characters all may be capitals."""
    assert complaints(f"A={FULL_LINE}\nQRST\n") == [f"line 2: {multiline.TAIL}"]


def test_a_second_byte_order_mark_is_refused() -> None:
    """python-dotenv takes one away itself, and the second for a part of the name."""
    assert complaints("\ufeff\ufeffA=1\n") == ["line 1: begins with two byte-order marks"]


def test_a_file_that_is_not_utf_8_is_not_kept_by_the_error() -> None:
    with pytest.raises(BadEnvFile) as caught:
        parse(b"A=c4nary\xff", source="f")
    shown = "".join(traceback.format_exception(caught.value, limit=0))
    assert shown == "deploy.errors.BadEnvFile: f: line 1: is not UTF-8\n"


@given(data=st.binary(max_size=60) | st.text("AB='\"\\ \n\r\t#${}export\u00a0\x1c", max_size=40))
@example(data=b"'")
@example(data=b"A='\\'")
@example(data="export")
@example(data="\ufeff\ufeffA=1")
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes | str) -> None:
    data = data.encode() if isinstance(data, str) else data
    found: tuple[object, ...]
    try:
        found = parse(data, source="f").entries
    except BadEnvFile as error:
        found = error.complaints
    assert found


@given(text=st.text("ABc1='\"\\ \n#_", max_size=40))
def test_every_entry_stands_on_the_line_it_is_said_to_stand_on(text: str) -> None:
    try:
        found = read(text)
    except BadEnvFile:
        return
    lines = text.split("\n")
    assert all(entry.name in lines[entry.line - 1] for entry in found.entries)


def test_what_is_legible_of_a_refused_file_are_all_values_that_a_line_has() -> None:
    text = "A=1\nB: 2\nA=3\nC='x\n"
    with pytest.raises(BadEnvFile):
        read(text)
    found = [(entry.name, entry.value.reveal(), entry.line) for entry in legible(text.encode())]
    assert found == [("A", "1", 1), ("A", "3", 3)]


@pytest.mark.parametrize("data", [b"A=1\xff\n", b"\xff\xfeA\0=\x001\0"])
def test_of_what_is_no_text_nothing_is_legible(data: bytes) -> None:
    assert legible(data) == ()


def test_ciphertext_is_legible_too() -> None:
    [entry] = legible(b"A=encrypted:abc\nB\n")
    assert (entry.name, entry.value) == ("A", Secret("encrypted:abc"))
